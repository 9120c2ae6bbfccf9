"""Homographs that need more than their neighbours: what the text is about, or a construction of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from ifeval_fi.languages.nb.context import Place, may_be_finite, place
from ifeval_fi.languages.nb.lexicon import analyses, inflect

# For each dictionary word, beginnings of words that speak for it where it shares forms with the other of its pair.
_TOPICS: tuple[Mapping[str, str], ...] = (
    {
        "bønn": "kirk prest gud herre be ba bed bøn moské moske imam rabbi alter tro "
        "relig andakt amen klost munk nonne "
        "messe kapell hellig salme jesus allah synagog pilegrim fader stille_bønn høre hørt knel fold svar englene "
        "bibel koran begrav fred",
        "bønne": "kaff kok hvit svart grønn brun erter ert linse chili hermet gryt suppe boks sukkererter mais taco "
        "hage så_ dyrk middag spis salat frukost hvitløk løk tomat bland mal "
        "brenn espresso kakao soya kikert protein "
        "butikk sort åker plant stek snitt kilo gram vann bløt stang mør",
    },
    {
        "far": "mor min_ din_ hans_ hennes_ sa_ sønn datter søster bror barn gutt jent pappa famil onkel bestefar "
        "bestemor født kjøpte spurte fortalte arbeid jobb mamma gammel snekker lærer bonde arv fisker døde lo smilte",
        "fare": "over_ snø skred stor liten advar risik ulykk brann flom trafikk smitt krig redd avverg trus "
        "alvor akutt helse sykdom is_ glatt varsel øker unngå vurder økt størst reell overhengende ute drukn",
    },
    {
        "and": "mat_ mate mater matet svømm dam park vann svane fugl gås gjess brød kvekk "
        "reir unge ungene fjær jakt skyt "
        "vinge tjern innsjø elv bekk nebb egg vagg flokk skjøt jeger flyr fløy stokk kylling "
        "høne stekt siv bredd ande måke hegre rug",
        "ende": "begge tau snor pølse bord bru bro gate vei veg korridor løse begynn tråd "
        "bind knyt knute stokk seng gang "
        "hver_ ytter stang planke møt kortsid rom hall ring rør ledning kjepp tunnel brett klipp sammen",
    },
    {
        "år": "siste neste første kommende mange tidligere hundre tjue tretti 19 20 antall økt siden løpet utdann "
        "skole tall vekst pris befolk etter_krigen mellom flere senere folk gammel gamle vår_ høst vinter sommer",
        "åre": "båt robåt ro_ ror_ rodd årebl tollegang åreb blod hjerte pust dypp fjord vene eike padle "
        "lege sirkul hovn",
    },
    {
        "spor": "snø dyr følg fulgte tog_ toget ski_ politi skog rev_ hare fot jakt løype hjul trikk etterlat slett",
        "spore": "sopp bregn mose bakterie plante mugg hest_ rytter støvl spred formere",
    },
    {
        "leir": "speider telt sommer bål flyktning soldat general krigs fang barn uke ferie konfirm slo_",
        "leire": "krukk drei brenn keram potte grave jord skred form rå_ våt brun kvikk murstein kna glasur",
    },
    {
        "ros": "fortjen kritikk lærer skryt sjef",
        "rose": "hage blomst bukett rød torn vase duft stilk klatre busk beskjær gul_ gule",
    },
    {
        "vekt": "kilo løft tren bade styrke gram veie styrkerom gym manual",
        "vekter": "natt_ uniform securitas vakt senter museum tyv bank nabb låst butikk ran_ alarm",
    },
    {
        "tanke": "tenk ide_ hode fremtid framtid sorg slo mørk føl dele gode onde vandre slapp skrem glad hjem lese",
        "tank": "bensin diesel olje vann fisk fyll liter bil_ bilen lekk krig soldat skip drivstoff kanon rustning",
    },
    {
        "fjær": "fugl pute høne hatt lett vinge svane påfugl dun_ nebb indianer",
        "fjære": "flo tang strand sjø vann fiske skjell stein båt måke krabbe tidevann",
    },
    {
        "ånd": "hellig spøk skog flaske fattig hus åndelig avdød",
        "ånde": "kald kulde pust munn hvitløk frost damp dårlig tann",
    },
    {
        "rase": "hund katt kveg dyr_ avl hest mennesk blanding",
        "ras": "snø fjell vei veg stein jord skred stengt regn geolog",
    },
    {
        "natt": "kald lys lang sov mørk sommer vinter stjerne dag våk søvn drøm sent",
        "nett": "fisk garn mobil strøm data mål kraft kabel fange_ mygg edderkopp ball_ tennis",
    },
    {
        "bok": "les bibliotek forfatter hylle skrev roman lån side lærer utgi kapit forlag litteratur ark_",
        "bøk": "skog tre_ trær løv gren_ grener larvik stamme park eik blader lund",
    },
    {
        "vise": "syng sang melodi spill gitar tone trubadur vers kor folke tekst alf_prøysen",
        "vis": "klok smart",
    },
)
_CLUES = {word: clues.split() for pair in _TOPICS for word, clues in pair.items()}
_RIVALS = {word: [other for other in pair if other != word] for pair in _TOPICS for word in pair}
_SENTENCE_ENDS = re.compile(r"[.!?\n]")
_REACH, _NEAR = 400, 150


@lru_cache(maxsize=64)
def _clue(word: str) -> re.Pattern[str]:
    """Words that begin with one of the clues; a clue that ends in "_" is a whole word."""
    starts = (rf"{clue.strip('_')}\b" if clue.endswith("_") else clue for clue in _CLUES[word])
    return re.compile(rf"\b(?:{'|'.join(starts)})")


_DANGER_BEFORE = frozenset(
    "kjente merket ante oppdaget øker økte undervurderte avverget forsto forstod "
    "over reduserer redusere minsker unngå "
    "utenfor i uten".split()
)
_DANGER_DOES = frozenset(
    "er var øker økte ble blir truer truet ligger lå kommer kom vokser vokste "
    "gjelder består besto minker avtar avtok "
    "forsvinner forsvant skyldes synes for ved ville vil kan har som".split()
)
_OWNER = frozenset("min din sin vår hans hennes deres til".split())


def _father(at: Place) -> bool | None:
    """Whether "faren" is a father by the words next to it; None when they do not say."""
    one, next_ = at.back(1), at.ahead(1)
    if next_ in ("for", "ved") or one in _DANGER_BEFORE or (one == "ikke" and at.back(2) in ("så", "ser", "se")):
        return False
    if (
        next_ in _OWNER
        or (next_ and next_ not in _DANGER_DOES and may_be_finite(next_))
        or {"moren", "mora"} & {*at.before[-2:], *at.after[:2]}
    ):
        return True
    return None


def by_topic(word: str, folded: str, start: int, end: int, others: set[str]) -> bool | None:
    """Whether the text around is about this word rather than its rivals among the others; None when it says nothing."""
    rivals = [rival for rival in _RIVALS.get(word, ()) if rival in others]
    if not rivals:
        return None
    before, after = folded[max(0, start - _REACH) : start], folded[end : end + _REACH]
    near = f"{_SENTENCE_ENDS.split(before)[-1][-_NEAR:]} {_SENTENCE_ENDS.split(after)[0][:_NEAR]}"

    def weight(each: str) -> int:
        return 4 * len(set(_clue(each).findall(near))) + len(set(_clue(each).findall(f"{before} {after}")))

    own, other = weight(word), max(map(weight, rivals))
    if "far" in (word, *rivals) and (father := _father(place(folded, start, end))) is not None:
        return father == (word == "far")
    return None if own == other else own > other


_SUBJECT = frozenset("jeg du han hun vi dere man hvem som de det den alle ingen noen begge".split())
_SEEN = frozenset(
    "på til at en ei et noe noen den det de ingen alle dem meg deg ham henne "
    "oss seg hverandre ut fram frem ned opp inn "
    "hvordan hvor hva hvem film filmer min mitt ikke".split()
)
_VERY = frozenset(
    "mye mange stor stort store lite liten små få langt lenge fint bra godt dårlig fort at klart snart lang".split()
)


def _see(at: Place) -> bool:
    """ "så" as the preterite of se: Vi så en film. Så du den? not: Så gikk vi. Så stor! ..., så vi gikk."""
    one, next_ = at.back(1), at.ahead(1)
    before = _until_comma(at.before[::-1])[::-1]
    after = _until_comma(at.after)
    if one in ("og", "men"):
        looks = next_ in _SEEN or at.ahead(2) == "på"
        return looks and bool(at.before[1:]) and not any(map(may_be_finite, after))
    if any(map(may_be_finite, before)):
        return False
    if one == "ha" or (one not in _SUBJECT and not _noun(one) and any("M" in tags for tags in _tags(one))):
        return False
    if next_ in _VERY or (next_ not in _SUBJECT | _SEEN and _adjective(next_)):
        return one in _SUBJECT - {"som"} and not any(map(may_be_finite, after))
    if one in _SUBJECT or at.named:
        return True
    if not any(map(may_be_finite, after)):
        return next_ in _SUBJECT | _SEEN or (bool(before) and bool(next_))
    return _noun(one) and next_ in ("at", "hvordan", "hvor", "hva", "hvem", "på", "ut", "seg")


def _until_comma(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[: words.index(",")] if "," in words else words


def _noun(word: str) -> bool:
    return any(set(tags) & set("ND") for tags in _tags(word))


@lru_cache(maxsize=8192)
def _tags(word: str) -> tuple[str, ...]:
    return tuple(inflect(lexeme)[word] for lexeme in analyses(word))


def _adjective(word: str) -> bool:
    return bool(tags := _tags(word)) and all("A" in each or "C" in each for each in tags)


def _know(at: Place) -> bool:
    """ "visst" as the participle of vite: Det har jeg visst lenge. not: Han har visst glemt det. Ja visst!"""
    perfect = {"har", "hadde", "ha"} & set(at.before[-4:])
    if not perfect:
        return False
    following = [word for word in at.after[:4] if word not in ("ikke", "også", "nå", "aldri", "alltid", "alt")]
    return not any(_participle(word) for word in following[:1]) and at.ahead(1) not in ("en", "et", "ei")


def _participle(word: str) -> bool:
    return any("T" in tags for tags in _tags(word)) and not any("D" in tags for tags in _tags(word))


def _used_to(at: Place) -> bool:
    """ "vant" as an adjective: godt vant til/med; not the preterite of vinne."""
    words = set(at.before[-4:])
    if not words and at.ahead(1) in ("til", "med"):
        return True
    if words & {"er", "blir", "ble", "blitt", "være", "bli", "vært"} and at.ahead(1) in ("til", "med"):
        return True
    linked = words & {"er", "var", "blir", "ble", "blitt", "være", "bli", "vært", "godt", "vel", "lite", "uvant"}
    return at.ahead(1) in ("til", "med") and (bool(linked) or at.ahead(2) in ("å", "at")) and at.back(1) not in _SUBJECT


def _sit(at: Place) -> bool:
    """ "satt" as the preterite of sitte: Hun satt der. not: Hun har satt den der. Den ble satt der."""
    helping = {"har", "hadde", "ha", "ble", "blir", "bli", "blitt", "er", "var", "være", "blei", "få", "fått", "fikk"}
    for word in reversed(at.before[-4:]):
        if word in helping:
            return False
        if word in ("og", ",", "som", "da", "men", "mens"):
            break
    return not (at.ahead(1) in ("sammen", "av") and at.back(1) not in _SUBJECT and not at.named)


_HAVE = frozenset("har hadde ha".split())
_BECOME = frozenset("ble blir blitt bli blei".split())


def _have_done(at: Place) -> bool:
    """ "klart" as the participle of klare: Hun har klart det. not: Alt er klart."""
    return bool(_HAVE & set(_until_comma(at.before[::-1])[:4])) and not (_BECOME | {"vært"}) & set(at.before[-2:])


def _done(at: Place) -> bool:
    """ "løst" as the participle of løse: Saken ble løst. De har løst den. not: Tauet er løst."""
    return _have_done(at) or bool(_BECOME & set(at.before[-2:])) or at.ahead(1) == "av"


def _let(at: Place) -> bool:
    """ "la" of la: La oss gå. Hun lot ham ... not the preterite of legge: Hun la boka på bordet."""
    following = at.after[:4]
    particles = {
        "seg",
        "på",
        "fra",
        "til",
        "inn",
        "ut",
        "opp",
        "ned",
        "fram",
        "frem",
        "merke",
        "vekt",
        "igjen",
        "sammen",
    }
    infinitive = any(_infinitive(word) for word in following[1:]) or (bool(following) and _infinitive(following[0]))
    if at.back(1) in (
        "å",
        "vil",
        "skal",
        "kan",
        "må",
        "bør",
        "kunne",
        "ville",
        "skulle",
        "måtte",
        "",
        "ikke",
        "så",
        "og",
    ):
        return at.back(1) not in ("og", "ikke", "så", "") or (infinitive and not particles & set(following[:1]))
    return infinitive and not particles & set(following[:2]) and at.back(1) not in _SUBJECT


def _infinitive(word: str) -> bool:
    return any("I" in tags for tags in _tags(word)) and not any(set(tags) & set("ND") for tags in _tags(word))


_BE = frozenset(
    "så ikke snill forsiktig stille velkommen glad hilset oppmerksom obs klar ærlig "
    "høflig blid sterk med en et på".split()
)


def _when(is_done: Callable[[Place], bool], mine: bool) -> Callable[[Place], bool]:
    return lambda at: is_done(at) == mine


# A form, the adjective it is of, the verb it is of, and when it is the verb's participle.
_PARTICIPLES: tuple[tuple[Callable[[Place], bool], str], ...] = (
    (_have_done, "klart klar klare,likt lik like,rent ren renne"),
    (lambda at: at.back(1) not in ("et", "en", "noe"), "vist vis vise"),
    (lambda at: False, "fritt fri fritte"),
    (lambda at: at.back(1) in ("en", "vår", "min", "sin", "som", "store", "ekte"), "helt hel -"),
    (_done, "løst løs løse,lurt lur lure,tynt tynn tyne,hult hul hule,blekt blek bleke,bleikt bleik bleike"),
    (_done, "lekt lek leke,lekt lekk leke,brakt brakk bringe,ført før føre"),
    (lambda at: _have_done(at) and at.ahead(1) in ("godt", "livet", "av"), "nytt ny nyte"),
)
# What decides a form of a verb, and whether it does for the dictionary word or against it.
SPECIAL: Mapping[tuple[str, str], Callable[[Place], bool]] = {
    ("så", "se"): _see,
    ("så", "så o"): lambda at: not _see(at),
    ("så", "så v"): lambda at: at.back(1) == "å" or at.back(1) in ("vil", "skal", "kan", "må", "bør"),
    ("visst", "vite"): _know,
    ("visst", "visst"): lambda at: not _know(at),
    ("vant", "vinne"): lambda at: not _used_to(at),
    ("vant", "vant"): _used_to,
    ("satt", "sitte"): _sit,
    ("satt", "sette"): lambda at: not _sit(at),
    ("vær", "vær"): lambda at: bool(at.back(1)) or at.ahead(1) not in _BE,
    **{
        (form, word): _when(is_done, mine)
        for is_done, triples in _PARTICIPLES
        for form, adjective, verb in map(str.split, triples.split(","))
        for word, mine in ((f"{adjective} a", False), (f"{verb} v", True))
    },
    ("la", "la"): _let,
    ("la", "legge"): lambda at: not _let(at),
    ("for", "fare"): lambda at: (
        at.back(1) in _SUBJECT and at.ahead(1) in ("av", "opp", "forbi", "til", "i", "ut", "rundt")
    ),
}
# Present participles that are adjectives of a sense of their own, unless they follow a verb of motion or rest.
LEXICALISED = frozenset(
    "spennende løpende rasende glimrende følgende nåværende nærværende avgjørende "
    "omfattende levende slående gjeldende "
    "passende innbydende krevende utmattende overraskende imponerende fristende fascinerende sjokkerende innledende "
    "utfordrende tilsvarende irriterende skremmende rørende gripende stående bindende "
    "skuffende underholdende dekkende "
    "strålende blendende kommende gående opprivende ledende lovende betydende vesentlig tiltrekkende utestående "
    "skrikende fremragende framragende anstrengende oppmuntrende inspirerende beroligende forstyrrende påfallende "
    "dyptgående forrykende rykende hensynsfull støtende sviende nærende blivende fungerende utøvende styrende "
    "grunnleggende foreliggende omgående løsslupne helseskadelig dannende forbløffende lønnende tilfredsstillende "
    "oppsiktsvekkende banebrytende tilstrekkende flytende bærende fortløpende inneværende pågående overveldende "
    "motstridende eksisterende".split()
)
_MOVES = frozenset(
    "kom komme kommer kommet ble bli blir blitt gikk går løp satt sitter lå ligger sto står fant så".split()
)


def is_verbal(form: str, at: Place) -> bool:
    """Whether a present participle is one of the verb: kom løpende, en gråtende gutt; not løpende utgifter."""
    return form not in LEXICALISED or bool(_MOVES & set(at.before[-2:]) and form not in ("spennende", "avgjørende"))
