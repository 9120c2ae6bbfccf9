"""Which dictionary word a form with several is in its place: fire or came, months or but, a case or a postposition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ifeval_fi.languages.et.lexicon import words_of

OTHER = ""


@dataclass(frozen=True)
class Place:
    """The form with up to four words of its sentence on each side, in small letters; `mark` stands just before it.

    `capital` says that the form is written as a name, `opens` that it begins a sentence, `quoted` that quotation
    marks hold it alone, `titled` that it is a name after an initial or a title (A. Tamm, pr. Saar).
    """

    form: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    mark: str = ""
    capital: bool = False
    opens: bool = False
    quoted: bool = False
    name_follows: bool = False
    titled: bool = False

    @property
    def previous(self) -> str:
        return self.before[-1] if self.before else ""

    @property
    def next(self) -> str:
        return self.after[0] if self.after else ""


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NEGATION = word_set("ei ära ärge ärgu ega pole")
SUBJECTS = word_set("ma mina sa sina ta me te nad nemad kes keegi")
DETERMINERS = word_set(
    """see selle seda sel sellel selles sellest üks ühe üht iga kogu meie teie tema oma minu mu su sinu nende kõik
    mõni mitu palju vähe suur suure suurt uus uue vana väike väikese hea halb esimene viimane teine teise
    järgmine terve valge must musta soe sooja külm külma värske pehme pikk pika lai kitsas kuum kuuma punane
    roheline kollane ere"""
)
SUBJECTS_TOO = word_set("see kõik üks teine iga oma esimene viimane mõni")  # see maksis, kõik tulid
POSTPOSITIONS = word_set(
    """ääres äärde äärest juures juurde juurest peal peale pealt kohal kohale all alla taga taha ees ette eest
    kõrval vahel vahele sees sisse pärast tõttu kohta vastu poole poolt jaoks ajal ümber kaudu kaupa järgi
    järel üle suhtes puhul eest heaks asemel lõpus alguses keskel servas"""
)
_FINITE = word_set("on oli olid läks läksid viis jäi pole polnud ei tundus")


def _is_finite(word: str) -> bool:
    return word in _FINITE or any(each.kind == "verb" and word.endswith(("b", "s", "sid")) for each in words_of(word))


def _is_only(words: tuple[str, ...], kind: str) -> bool:
    """Whether the word, if there is one, is listed and of that kind alone."""
    return bool(words) and {each.kind for each in words_of(words[0])} == {kind}


def _near(place: Place, words: frozenset[str]) -> bool:
    return not words.isdisjoint(place.before[-3:]) or not words.isdisjoint(place.after[:3])


_DRINK = word_set(
    """joo joob jood joon joome jõi jõin jõid jõime juua juues jooma joovad jooks juuakse joodi tass tassi tassike
    klaas klaasi kann kannu kruus kruusi kuum kuuma rohelist roheline taimne musta keetis keetma keeta
    keedab keetsin kohvi kohv meega suhkruga suhkrut sidruniga sidruni piparmündi pakkus pakuti jagati valas
    valasin kallas rüüpas limonaadi supp suppi kakao mahl mahla küpsised küpsiseid piimaga moosi"""
)
_DONE = word_set(
    "sa sina mulle talle meile neile midagi nii seda endale kohe tööd trenni süüa selgeks head valmis lahti kindlaks"
)


def _tee(place: Place) -> str:
    if place.form in ("tee", "teed"):
        if place.previous in NEGATION | word_set("sa sina mida mis palun ise parem siis") and place.form == "tee":
            return "tegema"
        if place.previous in word_set("sa sina mida miks kuidas"):
            return "tegema"
        if place.next in _DONE and not _near(place, _DRINK):
            return "tegema"
        if place.next in POSTPOSITIONS:
            return "tee"
        if place.form == "tee" and place.opens and not any(map(_is_finite, place.after)):
            return "tegema"
    return "tee²" if _near(place, _DRINK) else "tee"


_BURNS = word_set(
    "oli on põleb põles põlema kustus kustub levis levib süttis süttib hävitas praksus lõõmas loitis soojendas paistab"
)
_FIRE = word_set(
    """suur see lõkke lahtine lahtise lahtist elav püha ahjus kaminas koldes lõkkes pliidi põles süttis lõõmas
    kustus loitis süütas süütasid süütasime süütama süüdata tegi teha tegid tegime tegin tee kustutas
    kustutama läitis tõrviku küünla ja hele ere väike ilma kerge suure väikese sooja"""
)


def _tuli(place: Place) -> str:
    burns = place.next in _BURNS or (place.next == "ei" and place.after[1:2] == ("kustunud",))
    if place.form == "tuli":
        return "tuli" if burns or place.previous in _FIRE else "tulema"
    if place.form == "tuled":
        asks = word_set("sa sina kas kui millal miks kuidas kust")
        asked = place.previous in asks or place.next in word_set("sa sina ju")
        return "tulema" if asked else "tuli"
    if place.next in POSTPOSITIONS | word_set("paistel valgel") or place.previous in _FIRE:
        return "tuli"
    return "tulema" if place.opens or place.previous in NEGATION or place.mark else "tuli"


_BAKED = word_set("värske pehme see magus soe valge iga kuivanud vana krõbe röstitud leib hea üks minu")


def _sai(place: Place) -> str:
    eaten = (
        place.after[:1] == ("ja",) and place.after[1:2] and place.after[1] in word_set("leib piim või kohv sink juust")
    )
    baked = place.next in word_set("on oli maitses maitseb lõhnas lõhnab kuivas küpses kõrbes")
    return "sai" if eaten or baked or place.previous in _BAKED else "saama"


def _naeris(place: Place) -> str:
    grown = place.previous in word_set("suur kollane see üks magus vana küps kasvas kasvab või peet") or (
        place.next in word_set("kasvas kasvab on oli maitseb maitses tõmmati läks ja")
        and (place.opens or place.previous in DETERMINERS)
        and not (place.next == "ja" and place.after[1:2] and _is_finite(place.after[1]))
    )
    listed = place.previous == "ja" and not place.after and _is_only(place.before[-2:-1], "noun")
    return "naeris" if grown or listed else "naerma"


_LASTS = word_set("kestnud kestev kestva kestvad kestnuid kestis hiljem varem tagasi järjest otsa oodata oodatud enne")


def _kuid(place: Place) -> str:
    if place.next in _LASTS or (place.next in ("ja", "või") and place.after[1:2] and place.after[1] in _TIMES):
        return "kuu"
    if place.mark or place.opens:
        return "kuid"
    counted = place.previous.endswith(("id", "ki", "si", "vi", "de", "lusi", "ju", "pi")) or place.previous in word_set(
        "palju vähe mitmeid ja või suviseid loetud mõningaid"
    )
    if place.previous == "ja":
        return "kuu" if place.before[-2:-1] and place.before[-2] in _TIMES else "kuid"
    return "kuu" if counted else "kuid"


_TIMES = word_set("aastaid päevi nädalaid tunde aastat nädalat kümnendeid minuteid aastad nädalad päevad")
_SIDED = tuple(
    """käsi käe käte kätt jalg jala jalga jalad pool poole poolt poolel silm kõrv külg külj kallas kalda tiib tiiva
    õlg õla nurk nurga serv äär kinnas kinda king kinga saabas saapa rida rea rada raja haru ratas ratta ots
    põlv põse põsk rind nupp hiireklahv klahv ääris kopsu neer mõru""".split()
)


def _parem(place: Place) -> str:
    if place.next.startswith(_SIDED):
        return "parem"
    for case in ("le", "lt", "l"):
        if place.form == f"parema{case}":
            return "hea" if place.next.endswith(case) else "parem"
    return "hea"


def _vanem(place: Place) -> str:
    kin = word_set(
        """kui õde õe vend venna poeg poja tütar tütre inimene inimesed inimeste inimesi mees mehed naine naised
        põlvkond põlvkonna generatsioon daam härra versioon versioonid maja majad osa rahvas tudengid autod
        hoone hooned raamat raamatud kolleeg klassid klass õpilased õpilane rühm ala linnaosa mudel"""
    )
    if place.next in kin or place.previous in word_set(
        "aastat aasta palju veidi tunduvalt minust sinust temast kõige natuke päeva"
    ):
        return "vana"
    return "vanem"


_RIPE = word_set("magus hapu küps punane sinine must väike mahlane mürgine söödav toores kibe valge maitsev pisike")


def _mari(place: Place) -> str:
    if not place.capital:
        return "mari"
    if place.opens and not place.name_follows:
        if place.next in word_set("valmib küpseb maitseb kasvab mahl hooaeg küpses valmis"):
            return "mari"
        if place.next in word_set("on oli") and any(word in _RIPE for word in place.after[1:3]):
            return "mari"
    return "Mari"


_LEFT = word_set("jäi jääb jääda jäänud jäid jäin jääma jäime jättis jätta jätab jäetakse jäeti jätma")


def _ilma(place: Place) -> str:
    lacks = any(word.endswith("ta") or word == "et" for word in place.after[:4])
    left = (not place.after and not _LEFT.isdisjoint(place.before)) or place.previous in _LEFT or place.next in _LEFT
    return OTHER if lacks or left else "ilm"


def _pea(place: Place) -> str:
    if place.previous in NEGATION or (place.form == "pead" and place.previous in ("sa", "sina")):
        return "pidama"
    if place.next.endswith("ma") and place.form == "pead":
        return "pidama"
    nearly = place.form == "pea" and place.next in word_set("kõik iga sama terve kogu alati kohe igal samal")
    return OTHER if nearly else "pea"


def _koht(place: Place) -> str:
    noun = place.previous.endswith(("t", "d", "st", "lt", "ks")) or place.previous in word_set(
        "kaks kolm neli viis kuus mitu head palju üht ühte seda seitse kümme uuele heale sellele kindlal samal uuel"
    )
    if place.form in ("kohal", "kohale", "kohalt"):
        noun = place.previous.endswith(place.form.removeprefix("koha"))
    return "koht" if noun else OTHER


def _või(place: Place) -> str:
    if place.form == "võid":
        return "või" if place.previous in _BUTTERY else "võima"
    if place.previous in NEGATION or place.next in word_set("juhtuda olla tulla teha minna saada"):
        return "võima"
    return "või²" if place.previous in _BUTTERY or place.next in _BUTTERY else "või"


_BUTTERY = word_set(
    """soolane soolast sulatatud sulata pehme pehmet tükk grammi g kg pakk lisa määri ostis ostsin osta leivale
    tass värske värsket sulanud natuke lusikatäis külma külm juust piim leib leiva munad toasoe toasooja
    võta sega kilo"""
)


def _kuus(place: Place) -> str:
    month = place.previous in word_set(
        "korda kord eurot euro tundi päeva selles ühes igas järgmises samas viimases esimeses raha"
    )
    return "kuu" if month else "kuus"


def _käsi(place: Place) -> str:
    if place.form == "käes":
        near = place.previous in word_set("päikese vihma tuule on talv aeg kevad suvi sügis külma kannatuste võim")
        return OTHER if near else "käsi"
    taken = word_set(
        "sai said saada saab saama saanud saime toimetati toimetada jõudis jõuab andis antakse võttis maksis juhatas"
    )
    return OTHER if _near(place, taken) else "käsi"


def _viis(place: Place) -> str:
    if place.previous in SUBJECTS or (place.name_follows and not place.opens):
        return "viima"
    if place.previous in word_set("see selline parim hea ainus üks ainuke uus kiireim lihtne iga parem"):
        return "viis"
    return "viis" if not place.after or place.next.endswith(("t", "d", "a", "i", "u", "e", "da")) else "viima"


def _joon(place: Place) -> str:
    return "jooma" if place.previous in ("ma", "mina") or place.next in ("kohvi", "teed", "vett", "piima") else "joon"


def _maksa(place: Place) -> str:
    pays = place.previous in NEGATION | word_set("palun") or (place.opens and not any(map(_is_finite, place.after)))
    return "maksma" if pays else "maks²"


def _looma(place: Place) -> str:
    creates = word_set(
        "hakkab hakkas hakata hakkame pidi peab peame tuli tuleb läks asus asub hakkasid võimeline suutma sunnib aitab"
    )
    return "looma" if not creates.isdisjoint(place.before[-2:]) else "loom"


_SENT = word_set("mulle talle meile neile kiri sõnum vastus number foto pilt see oma ta mind edasi laiali tagasi")


def _saada(place: Place) -> str | None:
    if not (place.before or place.after):
        return None
    if place.opens:  # Saada mulle kiri; but Saada õnnelikuks on raske
        return "saama" if place.next.endswith("ks") or "on" in place.after else "saatma"
    asked = place.previous in NEGATION | word_set("ära palun")
    joined = place.previous in ("ja", "ning") and place.next in _SENT
    return "saatma" if asked or joined else "saama"


def _hulk(place: Place) -> str:
    return "hulk" if place.previous in word_set("suures väikeses teatud selles") else OTHER


_READERS: dict[str, Callable[[Place], str | None]] = {
    **dict.fromkeys(
        ("tee", "teed", "teel", "teele", "teelt", "teest", "teesse", "teega", "teeks", "teede", "teeta", "teega"), _tee
    ),
    "teeks": lambda place: "tegema" if place.previous in SUBJECTS or place.next in SUBJECTS | _DONE else "tee",
    **dict.fromkeys(("tuli", "tule", "tuled"), _tuli),
    "sai": _sai,
    "naeris": _naeris,
    "kuid": _kuid,
    "kuus": _kuus,
    "mari": _mari,
    "ilma": _ilma,
    "pea": _pea,
    "pead": _pea,
    "või": _või,
    "võid": _või,
    "viis": _viis,
    "joon": _joon,
    "maksa": _maksa,
    "looma": _looma,
    "saada": _saada,
    **dict.fromkeys(("kohta", "kohal", "kohale", "kohalt"), _koht),
    **dict.fromkeys(("kätte", "käes"), _käsi),
    **dict.fromkeys(("hulgas", "hulgast"), _hulk),
}


def word_in_place(place: Place) -> str | None:
    """The dictionary word the form is here, OTHER for one that is none; None when the form does not tell."""
    form = place.form
    if form in _READERS:
        return _READERS[form](place)
    if form.startswith(("parema", "paremi")) or form == "parem":
        return _parem(place)
    if form.startswith("vanem"):
        return _vanem(place)
    return None
