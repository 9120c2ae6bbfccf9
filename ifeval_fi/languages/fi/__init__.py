"""Finnish."""

from __future__ import annotations

from ifeval_fi.languages import Language
from ifeval_fi.languages.fi.lexicon import lexemes
from ifeval_fi.languages.fi.occurrences import occurrences
from ifeval_fi.languages.sentences import SentenceMarks, split_sentences
from ifeval_fi.text import words

_INNER = """
    adj adv alik alk amer apul ark arkkit arv as ass dem dipl div dos ed ekon em engl ens ent erik esim esp ev evl
    fil fys geol gen hall harv hist hlö hra huom huon hum ilm ins inv isl ital joht kaapt kand kans kapt kats kaup
    kauppat kenr kers kert kesk keskim kirj kok koht kreik kr ks kts kust käänt ku lat leht lis lk luutn lyh lääk lääket
    läh lähet maalisk maist maj maks mat mm mom mr mrs ms mt murt mus muist myöh n neuv nim nk nro ns nti num
    nyk o.s oik omist os p p.p.s p.s pankinj par past pj pk po pohj poik poliit port pps pres prof ps puh puheenj pv pvm
    r ransk rek res retk rn rov ruots rva s saks seur siht sij sis sivum sot st ss suom suur sv synt t tal tark
    tekn teol tied til tj tlk tod tod.näk toht toim toimitusj tri ts tsto tuom tyhj tys ulkom un v vaih valt var
     vars vas vast ven verr vert viim virall virk vrt vs vt väh yht yhd yl yleisk ylik ylim yo
    a.k.a i.e e.g cf dr jr mlle mme prof sr vol vs
"""
_CLOSING = """
    jne yms ym tms jms ynnä tjsp etc kpl min kk vk sek h mrd milj tuh pros ekr jkr e.kr j.kr eaa jaa ao kn oy ab oyj ry
    cm mm² m² km kg dl cl ml tl rkl
    tiet maat varat lähin yks sit jaos so
"""
_UNITS = "a g h l m mm p pk pv s snt t v vrk"
_MONTHS = (
    "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu".split()
)
_DATES_GO_ON = "asti saakka mennessä alkaen lähtien klo kello".split()
_OPENERS = """
    se ne hän he minä sinä me te tämä nämä tuo nuo sen sitä siitä siinä siihen sillä sille sieltä siellä täällä täältä
    tässä tästä tähän tällä tälle tämän tätä näin nyt niin niitä niiden niistä niissä niillä hänen häntä hänellä heidän
    heillä minun sinun meidän teidän meillä teillä sitten silloin siksi siis lisäksi kuitenkin mutta ja sekä tai kun jos
    koska vaikka jotta että kuten myös toisaalta ensin seuraavaksi lopuksi lopulta aluksi ei on jokainen kaikki moni
    monet monta usein joskus yleensä aina vain vasta kyllä ehkä esimerkiksi jopa muut muu muita muuten joten sillä eli
    mikä mitä miksi miten milloin missä kuka kuinka joka jotka jokin jotkut tänään huomenna eilen tänä ennen jälkeen
    tervetuloa kiitos hei moi
"""
_LETTERED = (
    "vitamiin vaihtoeh kohta kohda ryhm luok suunnitelm hepatiit tyyp kirjai ratkaisu vastau malli rappu rapu sali"
)
_SPEECH = """
    sanoi huusi kysyi vastasi totesi kuiskasi huudahti sanoo huutaa kysyy vastaa toteaa kuiskaa ihmetteli tokaisi
    mutisi jatkoi lisäsi selitti pyysi käski kertoi murahti naurahti parahti kiljaisi kiljui mumisi tiuskaisi tuumi
    arveli ajatteli mietti pohti muistutti varoitti neuvoi ehdotti komensi karjui karjaisi karjahti sopersi ilmoitti
    kommentoi vakuutti myönsi väitti tervehti toivotti puuskahti hihkaisi hihkui nauroi itki hymähti
"""

MARKS = SentenceMarks(
    inner=frozenset(_INNER.split()),
    closing=frozenset(_CLOSING.split()),
    units=frozenset(_UNITS.split()),
    after_ordinal=(*_MONTHS, *_DATES_GO_ON),
    openers=frozenset(_OPENERS.split()),
    lettered=tuple(_LETTERED.split()),
    speech=frozenset(_SPEECH.split()),
)

NUMERALS = {
    number: tuple(names.split())
    for number, names in enumerate(
        (
            "nolla yhtään",
            "yksi ensimmäinen kerran",
            "kaksi toinen kahdesti kumpikin molemmat pari",
            "kolme kolmas kolmesti",
            "neljä neljäs",
            "viisi viides",
            "kuusi kuudes",
            "seitsemän seitsemäs",
            "kahdeksan kahdeksas",
            "yhdeksän yhdeksäs",
            "kymmenen kymmenes",
            *(f"{unit}toista" for unit in "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän".split()),
            "kaksikymmentä",
        )
    )
} | {
    30: ("kolmekymmentä",),
    40: ("neljäkymmentä",),
    50: ("viisikymmentä",),
    60: ("kuusikymmentä",),
    100: ("sata",),
    200: ("kaksisataa",),
    300: ("kolmesataa",),
    400: ("neljäsataa",),
    500: ("viisisataa",),
    1000: ("tuhat",),
}
FILLER = (
    "Kissa nukkuu sohvalla.",
    "Talvella on pimeää ja kylmää.",
    "Keitän huomenna kahvia.",
    "Isä lukee lehteä keittiössä.",
    "Lapset leikkivät pihalla koko päivän.",
    "Hän lähti eilen kotiin.",
    "Tänään sataa vettä.",
    "Minä pidän kesästä.",
    "Me menemme yhdessä metsään.",
    "Se on hyvin helppoa.",
    "Syön töissä jäätelöä.",
    "Yö on pimeä.",
    "Koira haukkuu naapurissa joka aamu.",
    "Tie vie kylään.",
)


def dictionary_forms(form: str) -> tuple[str, ...]:
    """The dictionary words the form can belong to; the form itself when it is a phrase or no listed word's."""
    found = dict.fromkeys(lexeme.word for lexeme in lexemes(form.casefold()) if not lexeme.guessed)
    return tuple(found) or (form,)


LANGUAGE = Language(
    code="fi",
    name="Finnish",
    own_name="suomi",
    own_rules="finnish",
    default_rules="finnish",
    rules_version="2",
    words=words,
    sentences=lambda text: split_sentences(text, MARKS),
    occurrences=occurrences,
    answers=("Vastaukseni on kyllä.", "Vastaukseni on ei.", "Vastaukseni on ehkä."),
    numerals=NUMERALS,
    more_than=("yli", "enemmän kuin", "useammin kuin", "useampi", "useampaa"),
    at_most=("enintään", "korkeintaan", "enimmillään", "maksimissaan", "tai vähemmän", "vain", "tasan", "täsmälleen"),
    filler=FILLER,
    typography=(
        (r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", "a number with comma groups", "write 10 000"),
        (
            r"(?<![\d.])\d+\.\d+(?= (?:euroa|prosenttia|metriä|kilometriä|kiloa|%))",
            "a decimal point",
            "write 2,5",
        ),
    ),
    dictionary_forms=dictionary_forms,
)
