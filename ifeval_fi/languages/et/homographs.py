"""Whether a form is the keyword in its place: not a postposition, a surname or another word of the same form."""

from __future__ import annotations

from ifeval_fi.languages.et.lexicon import Lexeme, words_of
from ifeval_fi.languages.et.readers import (
    DETERMINERS,
    NEGATION,
    POSTPOSITIONS,
    SUBJECTS,
    SUBJECTS_TOO,
    Place,
    word_in_place,
    word_set,
)

# Case forms that have become postpositions, adverbs or adjectives: of which noun they are no form any more.
_GROWN_APART = {
    form: noun
    for noun, forms in {
        "juur": "juurde juures juurest",
        "jagu": "jaoks",
        "pea": "peale peal pealt",
        "siga": "seas seast",
        "jooks": "jooksul",
        "vahe": "vahel vahele vahelt",
        "ots": "otsas otsa",
        "äär": "ääres äärde äärest",
        "kõrv": "kõrval kõrvale kõrvalt",
        "külg": "küljes küljest külge",
        "abi": "abil",
        "alus": "alusel",
        "suhe": "suhtes",
        "nimi": "nimel nimelt",
        "meel": "meelest",
        "põhi": "põhjal",
        "käik": "käigus",
        "näide": "näiteks",
        "lõpp": "lõpuks",
        "asi": "asjata",
        "ees": "ette eest",
        "ümbrus": "ümber",
        "tagajärg": "tagajärjel",
        "puhk": "puhul",
        "kand": "kannul",
        "ilu": "ilus",
        "au": "aus",
        "rõõm": "rõõmus",
        "valu": "valus",
        "hirm": "hirmus",
        "lõbu": "lõbus",
        "mõnu": "mõnus",
        "mõju": "mõjus",
        "vara": "varas",
        "rahu": "rahul rahule",
    }.items()
    for form in forms.split()
}
# Plurals that a reader takes for another noun: rahu is peace rather than moneys.
_OTHER_NOUN = {"raha": "rahu", "vara": "varu", "ema": "emu", "isa": "isu"}
_NAMES_TOO = word_set(
    """mari lill kask tamm saar kivi rebane kuusk ilves pärn meri mets mägi sepp koit anna hele tuuli rein mai kai
    must valge kuld hunt karu kukk lepp raud järv jõgi liiv oja org põld rand soo luik kotkas nurk laul
    teder vares tali suvi talv kevad võsa kask hein lind jänes siil roos täht päev saks õun käpp kull"""
)
_FIRST_NAMES = word_set(
    """lennart jaan juhan mart mari anna peeter toomas tõnu jüri kalle andres ants arvo erki eduard friedebert
    marie lydia konstantin karl johannes paul priit rein tiit tiiu kersti alar toivo urmas marko margus anu
    liis liisa katrin kristjan kristina martin madis indrek ivo jaak juhani leo lea leida linda maarja malle
    meelis mihkel mati märt raivo rasmus rait sirje signe siim silver taavi tanel triin tõnis uku ulvi urve
    vello viivi veljo oskar ott hando hendrik henn helmi heino hillar"""
)


def fits(place: Place, own: tuple[Lexeme, ...], keyword: str) -> bool:
    """Whether the form, one of the keyword's, is the keyword here."""
    words = {lexeme.word for lexeme in own}
    if place.form == keyword.lower() and (place.quoted or not (place.before or place.after)):
        return True
    if keyword != keyword.lower() and keyword.lower() in _NAMES_TOO and not keyword.isupper():
        return place.capital and not (keyword == "Mari" and place.form == "mari" and word_in_place(place) == "mari")
    if place.capital and not place.opens and keyword in _NAMES_TOO and keyword not in ("mai",):
        return False
    if place.capital and place.opens and place.name_follows and keyword in _NAMES_TOO and keyword in ("mari", "anna"):
        return False
    if place.titled and keyword in _NAMES_TOO:
        return False
    if place.capital and place.previous in _FIRST_NAMES and keyword in _NAMES_TOO:
        return False
    if keyword not in words and (
        keyword in _GROWN_APART or (keyword.endswith("lt") and any(each.adjective for each in own))
    ):
        return place.form == keyword  # "peal" or "ilusalt" as a keyword is that word, not pea or ilus
    if _GROWN_APART.get(place.form) in words or any(
        word in _OTHER_NOUN and place.form.startswith(_OTHER_NOUN[word]) for word in words
    ):
        return False
    if place.capital and not place.opens and any(each.kind == "verb" for each in own) and not place.mark:
        return False
    if place.form.endswith("lt") and not place.next.endswith("lt") and any(each.adjective for each in own):
        return False  # ilusalt is an adverb, ilusalt laualt is none
    read = word_in_place(place)
    if read is not None and read not in ("tee²", "või²"):
        return read in words or (read == "hea" and keyword == "parem")
    return _part_of_speech_fits(place, own)


def other_sense(place: Place) -> bool:
    """Whether a form of tee is the drink here; which of the two words is asked for, the text as a whole must say."""
    return word_in_place(place) == "tee²"


def _part_of_speech_fits(place: Place, own: tuple[Lexeme, ...]) -> bool:
    """Whether a form that a verb and a noun share is of the keyword's kind, as far as the words beside it say."""
    kinds = {lexeme.kind for lexeme in own}
    others = {lexeme.kind for lexeme in words_of(place.form)} - kinds
    if "verb" in kinds and "noun" in others:
        return not (place.previous in DETERMINERS - SUBJECTS_TOO or place.next in POSTPOSITIONS)
    if "noun" in kinds and "verb" in others:
        return not (place.previous in SUBJECTS | NEGATION or place.next in SUBJECTS)
    return True
