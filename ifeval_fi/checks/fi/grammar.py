"""Instructions about inflected forms, persons, clitics and compounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ifeval_fi.checks import Relation, Verdict, check, counted
from ifeval_fi.languages import Language
from ifeval_fi.languages.fi.paradigm import (
    Case,
    Number,
    case_forms,
    has_possessive,
    is_connegative_passive,
    is_imperative,
    is_nominal,
    is_passive,
    is_passive_participle,
    readings,
    second_person,
)
from ifeval_fi.languages.fi.syllables import words_of

_PERSONS = {
    "te": frozenset(
        "te teidän teidät teitä teissä teistä teihin teillä teiltä teille teinä teiksi teitäkin teillekin tekin".split()
    ),
    "sinä": frozenset(
        "sinä sinun sinut sinua sinussa sinusta sinuun sinulla sinulta sinulle sinuna sinuksi sinäkin sinullekin sä sun sut sua sulla sulta sulle".split()
    ),
}
_STYLES = {"teitittely": "te", "sinuttelu": "sinä"}
_SPOKEN = frozenset(
    "mä mun mut mua mussa musta muhun mulla multa mulle sä sun sut sua sussa susta suhun sulla sulta sulle mäkin säkin".split()
) - {"mut", "sut", "musta"}
_WRITTEN = frozenset(
    "minä minun minut minua minussa minusta minuun minulla minulta minulle sinä sinun sinut sinua sinussa sinusta sinuun sinulla sinulta sinulle".split()
)
_OWNERS = {
    "minun": ("ni",), "sinun": ("si",), "hänen": ("nsa", "nsä", "n"), "meidän": ("mme",), "teidän": ("nne",), "heidän": ("nsa", "nsä", "n"),
}  # fmt: skip
# After these a genitive pronoun is the one who must or may, no owner: "minun pitää", "sinun on", "meidän ei tarvitse".
_NECESSIVE = frozenset(
    "pitää pitäisi piti täytyy täytyi täytyisi on oli olisi ei kannattaa kannattaisi kuuluu kuuluisi tarvitsee tarvitsisi tulee tulisi sopii "
    "sopi käski antaa antoi kanssa kannatti lienee ollut olla myös kuitenkin vain siis täytyisikin tarvinnut".split()
)
_OLLA = frozenset("on ovat oli olivat ole ollut olleet olisi olisivat ollaan lienee olkoon".split())
_NEGATIONS = frozenset("ei eikä ellei jollei ettei vaikkei koskei mutkei ehkei miksei".split())
_REACH = 3


@check("fi:keyword_form")
def keyword_form(
    text: str, language: Language, *, keyword: str, case: Case, number: Number, frequency: int, relation: Relation
) -> Verdict:
    """Followed when the keyword stands in this case and number as often as asked, possessive suffixes included."""
    forms = case_forms(keyword.casefold(), case, number)
    found = [word for word in words_of(text) if word in forms]
    return counted(len(found), relation, frequency, ", ".join(found[:6]))


@check("fi:case_words")
def case_words(text: str, language: Language, *, case: Case, frequency: int) -> Verdict:
    """Followed when at least so many different words can be read as standing in this case."""
    found = dict.fromkeys(word for word in words_of(text) if _in_case(word, case))
    return counted(len(found), "at least", frequency, ", ".join(list(found)[:8]))


def _in_case(word: str, case: Case) -> bool:
    numbers: tuple[Number, ...] = ("yksikkö", "monikko")
    bases = {lexeme.word for lexeme in readings(word) if lexeme.kind <= 49}
    if case == "komitatiivi":
        bases |= {base for base in _komitative_bases(word)}
    return any(word in case_forms(base, case, number) for base in bases for number in numbers)


def _komitative_bases(word: str) -> Iterator[str]:
    from ifeval_fi.languages.fi.lexicon import possessed_words

    if "ine" in word[-7:]:
        yield from (lexeme.word for lexeme in possessed_words(word))


@check("fi:clitic")
def clitic(
    text: str,
    language: Language,
    *,
    clitic: Literal["kin", "kaan", "han", "pa", "ko"],
    frequency: int,
    relation: Relation,
) -> Verdict:
    """Followed when words with the clitic (-kaan/-kään likewise) occur as often as asked."""
    endings = (clitic, clitic.replace("a", "ä").replace("o", "ö"))
    found = [
        word
        for word in words_of(text)
        if word.endswith(endings) and _is_host(word[: -len(clitic)]) and not readings(word)
    ]
    return counted(len(found), relation, frequency, ", ".join(found[:8]))


def _is_host(word: str) -> bool:
    return len(word) > 1 and (bool(readings(word)) or has_possessive(word))


@check("fi:questions")
def questions(text: str, language: Language, *, num_questions: int) -> Verdict:
    """Followed when exactly so many sentences are questions that -ko or -kö asks."""
    asking = [
        sentence
        for sentence in language.sentences(text)
        if sentence.rstrip('"”“»*_ )').endswith("?") and any(_asks(word) for word in words_of(sentence))
    ]
    return Verdict(len(asking) == num_questions, f"{len(asking)}, asked {num_questions}: {'; '.join(asking[:3])}")


def _asks(word: str) -> bool:
    return word.endswith(("ko", "kö", "kohan", "köhän", "kos", "kös")) and len(word) > 3 and not is_nominal(word)


@check("fi:no_passive")
def no_passive(text: str, language: Language) -> Verdict:
    """Followed when there is no passive verb: tehdään, tehtiin, on tehty, ei tehdä."""
    words = words_of(text)
    found = []
    for place, word in enumerate(words):
        before = words[max(0, place - 2) : place]
        if (
            is_passive(word)
            or (is_passive_participle(word) and _OLLA.intersection(before))
            or (before[-1:] and before[-1] in _NEGATIONS and is_connegative_passive(word))
        ):
            found.append(word)
    return Verdict(not found, ", ".join(found[:6]) if found else "none")


@check("fi:address")
def address(text: str, language: Language, *, style: Literal["teitittely", "sinuttelu"]) -> Verdict:
    """Followed when the reader is addressed in the asked person throughout, and at least once."""
    asked = _STYLES[style]
    found: dict[str, list[str]] = {"te": [], "sinä": []}
    for sentence in language.sentences(text):
        for place, word in enumerate(words_of(sentence)):
            person = next((name for name, forms in _PERSONS.items() if word in forms), None) or second_person(word)
            if person is None and place == 0 and is_imperative(word):
                person = "sinä"
            if person is None and word.endswith("nne") and has_possessive(word):
                person = "te"
            if person:
                found[person].append(word)
    other = found["sinä" if asked == "te" else "te"]
    if other:
        return Verdict(False, f"the other person: {', '.join(other[:5])}")
    return Verdict(bool(found[asked]), ", ".join(found[asked][:6]) or "nobody is addressed")


@check("fi:spoken_pronouns")
def spoken_pronouns(text: str, language: Language, *, frequency: int) -> Verdict:
    """Followed when mä and sä forms occur at least so often, and no minä or sinä form does."""
    words = words_of(text)
    written = [word for word in words if word in _WRITTEN]
    spoken = [word for word in words if word in _SPOKEN]
    if written:
        return Verdict(False, f"written forms: {', '.join(written[:5])}")
    return counted(len(spoken), "at least", frequency, ", ".join(spoken[:6]))


@check("fi:possessive_suffixes")
def possessive_suffixes(text: str, language: Language, *, frequency: int) -> Verdict:
    """Followed when at least so many words have a possessive suffix, and no owner in the genitive goes without one."""
    suffixed: list[str] = []
    for sentence in language.sentences(text):
        words = words_of(sentence)
        suffixed += [word for word in words if has_possessive(word)]
        for place, word in enumerate(words):
            after = words[place + 1 : place + 1 + _REACH]
            if word in _OWNERS and after and after[0] not in _NECESSIVE and not _owned(after, _OWNERS[word]):
                return Verdict(False, f"no suffix: {word} {after[0]}")
    return counted(len(suffixed), "at least", frequency, ", ".join(suffixed[:8]))


def _owned(words: list[str], endings: tuple[str, ...]) -> bool:
    return any(
        word.endswith(endings) and (has_possessive(word) or not readings(word) or len(endings[0]) > 2) for word in words
    )


@check("fi:compounds")
def compounds(text: str, language: Language, *, first_part: str, frequency: int) -> Verdict:
    """Followed when at least so many different compounds begin with the word: kesäyö, kesämökillä, kesä-Suomi."""
    head = first_part.casefold()
    found: dict[str, str] = {}
    for word in words_of(text.replace("-", "")):
        tail = word.removeprefix(head)
        if tail != word and len(tail) > 1:
            words = readings(tail)
            if words:
                found.setdefault(words[0].word, word)
    return counted(len(found), "at least", frequency, ", ".join(list(found.values())[:8]))
