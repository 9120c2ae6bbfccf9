"""Finnish."""

from __future__ import annotations

from ifeval_fi.languages import Language
from ifeval_fi.languages.finnish_words import occurrences
from ifeval_fi.sentences import SentenceMarks, split_sentences
from ifeval_fi.text import words

_INNER = """
    alk arv dipl dos ed em engl ent esim evl fil hra huom hum ilm ins jaos joht kand kaup kenr kers ko koht kok krs ks kts
    kust ku lat leht lis luutn lyh läh maist maj mikäli mk mm mr mrs ms muist n nim nk nro ns nti nyk oik omist os
    p par pj po prof puh pvm ransk rek res rn rov ruots rva s saks sih siht sivum so st sos synt t tal tark tekn
    tiet tod tod.näk toht toim tri ts tsto tuom tyhj v valt vanh var varat vars vas vast ven virall vrt vs vt yht yl
    yleisk ylik ylim yo a.k.a i.e e.g dr jr sr
"""
_CLOSING = """
    jne yms ym tms jms mrd milj kpl min kk sek h t.p.e pros ekr jkr e.kr j.kr eaa jaa cm mm² km kg dl tl rkl oy ab oyj
    etc tjsp kn ao os.
"""
_MONTHS = (
    "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu".split()
)
_OPENERS = """
    se ne hän he minä sinä me te tämä nämä tuo nuo siellä sieltä täällä täältä sen sitä siinä sitten silloin siksi lisäksi kuitenkin mutta
    ja kun jos koska vaikka myös toisaalta ensin seuraavaksi lopuksi nyt näin niin ei on jokainen kaikki moni
    monet usein hänen heidän niiden niitä tässä tästä tällä tämän kyllä joskus yleensä
"""
_SPEECH = """
    sanoi huusi kysyi vastasi totesi kuiskasi huudahti sanoo huutaa kysyy vastaa toteaa kuiskaa ihmetteli tokaisi
    mutisi jatkoi lisäsi selitti pyysi käski kertoi murahti naurahti parahti kiljaisi kiljui mumisi tiuskaisi tuumi
    arveli ajatteli mietti pohti muistutti varoitti neuvoi ehdotti komensi karjui karjaisi karjahti sopersi ilmoitti
    kommentoi vakuutti myönsi väitti tervehti toivotti puuskahti hihkaisi hihkui nauroi itki hymähti hän minä he
"""

MARKS = SentenceMarks(
    inner=frozenset(_INNER.split()),
    closing=frozenset(_CLOSING.split()),
    after_ordinal=tuple(_MONTHS),
    openers=frozenset(_OPENERS.split()),
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

LANGUAGE = Language(
    code="fi",
    own_rules="finnish",
    default_rules="finnish",
    words=words,
    sentences=lambda text: split_sentences(text, MARKS),
    occurrences=occurrences,
    answers=("Vastaukseni on kyllä.", "Vastaukseni on ei.", "Vastaukseni on ehkä."),
    numerals=NUMERALS,
    more_than=("yli", "enemmän kuin", "useammin kuin", "useampi", "useampaa"),
    at_most=("enintään", "korkeintaan", "enimmillään", "maksimissaan", "tai vähemmän", "vain", "tasan", "täsmälleen"),
    filler=FILLER,
)
