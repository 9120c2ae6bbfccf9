"""Instructions about whom a text addresses, spoken pronouns and possessive suffixes."""

from __future__ import annotations

import re
from typing import Literal

from ifeval_fi.checks import Verdict, check, counted
from ifeval_fi.checks.fi import WORD_BY_WORD
from ifeval_fi.languages import Language
from ifeval_fi.languages.fi.paradigm import CLITICS, has_possessive, host_of, is_imperative, readings, second_person
from ifeval_fi.languages.fi.syllables import words_of

_CLITIC = r"(?:kin|kaan|kään|han|hän|pa|pä|ko|kö)?"
_ENDINGS = r"(?:n|t|ssa|sta|un|lla|lta|lle|na|ksi|tta)"
_PERSONS = {
    # "te", "teidänkin", "teitä", "teille"
    "te": re.compile(rf"te(?:|idän|idät|itä|issä|istä|ihin|illä|iltä|ille|inä|iksi|ittä){_CLITIC}"),
    # "sinä", "sinullakin", "sun", "sulle"
    "sinä": re.compile(rf"(?:sinä|sinua|sinu{_ENDINGS}|sä|sua|su(?:n|lla|lta|lle|ssa|sta|hun)){_CLITIC}"),
}
_STYLES = {"teitittely": "te", "sinuttelu": "sinä"}
# "mä", "mullakin", "sun"; but not "mut, sut, musta, mua", which are rather other words
_SPOKEN = re.compile(rf"(?:mä|sä|[ms]u(?:n|a|lla|lta|lle|hun|ssa)|susta){_CLITIC}")
_WRITTEN = re.compile(rf"(?:[ms]inä|[ms]inua|[ms]inu{_ENDINGS}){_CLITIC}")
_OWNERS = {
    "minun": ("ni",), "sinun": ("si",), "meidän": ("mme",), "teidän": ("nne",),
    "hänen": ("nsa", "nsä", "n"), "heidän": ("nsa", "nsä", "n"),
}  # fmt: skip
_NEGATIONS = {"et": "sinä", "älä": "sinä", "ette": "te", "älkää": "te"}
_REACH = 4
# minun mielestäni, not minun mielestä
_POSTPOSITIONS = frozenset("mielestä kanssa luona luokse luota vuoksi takia lisäksi ansiosta puolesta".split())
# minun vanha ja kovin ruosteinen autoni
_JOINING = frozenset("ja tai sekä hyvin kovin melko oikein".split())
# With these a genitive is no owner: meidän kaikkien on hyvä, minun itse pitää
_NOT_OWNED = frozenset("kaikkien kaikki itse molempien jokaisen myös vain oli on".split())


@check("fi:address", longest=WORD_BY_WORD)
def address(text: str, language: Language, *, style: Literal["teitittely", "sinuttelu"]) -> Verdict:
    """Followed when the reader is addressed in the asked person throughout, and at least once."""
    asked = _STYLES[style]
    found: dict[str, list[str]] = {"te": [], "sinä": []}
    for sentence in language.sentences(text):
        words = words_of(sentence)
        for place, word in enumerate(words):
            if person := _person(words, place):
                found[person].append(word)
    other = found["sinä" if asked == "te" else "te"]
    if other:
        return Verdict(False, f"the other person: {', '.join(other[:5])}")
    return Verdict(bool(found[asked]), ", ".join(found[asked][:6]) or "nobody is addressed")


def _person(words: list[str], place: int) -> str | None:
    word = words[place]
    for name, forms in _PERSONS.items():
        if forms.fullmatch(word) and not _is_of_se(words, place):
            return name
    host = host_of(word, CLITICS) or word  # voitteko, muistathan
    if person := second_person(host):
        return person
    if host.endswith(("nne", "si")) and has_possessive(host):
        return "te" if host.endswith("nne") else "sinä"
    if host in _NEGATIONS:
        return _NEGATIONS[host]
    return "sinä" if place == 0 and is_imperative(word) else None


def _is_of_se(words: list[str], place: int) -> bool:
    """Whether "sinä" is a form of *se*: sinä päivänä."""
    return words[place] == "sinä" and any(word.endswith(("na", "nä")) for word in words[place + 1 : place + 3])


@check("fi:spoken_pronouns")
def spoken_pronouns(text: str, language: Language, *, frequency: int) -> Verdict:
    """Followed when mä and sä forms occur at least so often, and no minä or sinä form does."""
    words = words_of(text)
    written = [word for place, word in enumerate(words) if _WRITTEN.fullmatch(word) and not _is_of_se(words, place)]
    spoken = [word for word in words if _SPOKEN.fullmatch(word)]
    if written:
        return Verdict(False, f"written forms: {', '.join(written[:5])}")
    return counted(len(spoken), "at least", frequency, ", ".join(spoken[:6]))


@check("fi:possessive_suffixes", longest=WORD_BY_WORD)
def possessive_suffixes(text: str, language: Language, *, frequency: int) -> Verdict:
    """Followed when at least so many words have a possessive suffix, and no owner's noun goes without one."""
    suffixed: list[str] = []
    for sentence in language.sentences(text):
        words = words_of(sentence)
        suffixed += [word for word in words if has_possessive(host_of(word, CLITICS) or word)]
        for place, word in enumerate(words):
            after = words[place + 1 : place + 1 + _REACH]
            if word in _OWNERS and after and _is_plain_noun(after[0]) and not _owned(after, _OWNERS[word]):
                return Verdict(False, f"no suffix: {word} {after[0]}")
    return counted(len(suffixed), "at least", frequency, ", ".join(suffixed[:8]))


def _is_plain_noun(word: str) -> bool:
    """Whether the word can be nothing but a nominal: not the verb of "minun pitää", nor an adverb."""
    if word in _POSTPOSITIONS:
        return True
    kinds = [lexeme.kind for lexeme in readings(word)]
    return bool(kinds) and word not in _NOT_OWNED and all(kind <= 50 for kind in kinds)


def _owned(words: list[str], endings: tuple[str, ...]) -> bool:
    """Whether a word of the noun's phrase has the suffix; a verb or an adverb ends the phrase."""
    for word in words:
        if word.endswith(endings) and (has_possessive(word) or len(endings[0]) > 2):
            return True
        if word not in _JOINING and any(51 < lexeme.kind <= 99 for lexeme in readings(word)):
            return False
    return False
