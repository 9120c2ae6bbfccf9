"""Instructions about inflected forms, clitics, questions, compounds and the passive."""

from __future__ import annotations

import re
from typing import Literal

from ifeval_fi.checks import Relation, Verdict, check, counted
from ifeval_fi.checks.fi import WORD_BY_WORD
from ifeval_fi.languages import Language
from ifeval_fi.languages.fi.lexicon import headword
from ifeval_fi.languages.fi.paradigm import (
    CLITICS,
    Case,
    Number,
    case_forms,
    has_possessive,
    host_of,
    in_case,
    is_connegative_passive,
    is_nominal,
    is_passive,
    is_passive_participle,
    listed_readings,
    readings,
)
from ifeval_fi.languages.fi.syllables import words_of

_FEW_LETTERS = 4
_NOMINAL = 50  # the last inflection type of nominals
_OLLA = frozenset("on ovat oli olivat ole ollut olleet olisi olisivat ollaan lienee olkoon oltu".split())
_NEGATIONS = frozenset("ei eikä ellei jollei ettei vaikkei koskei mutkei ehkei miksei eihän".split())
# What may stand between "ei" and its verb: ei enää tehdä
_BETWEEN = frozenset("enää koskaan kuitenkaan siis myöskään vielä edes yleensä ikinä juuri aina kai".split())
_SHORT_LAST_PARTS = frozenset(
    "yö yön yöt työn työt jään puun puut maan maat tien tiet sään suon suot kuun pään".split()
)
# "Tuletko?”", "Tuletko? 🎉"
_QUESTION_MARK = re.compile(r"\?[^\w?]*$")
_NAMES_IN_KO = frozenset("marko mirko veikko jaakko heikko eskko iikko urkko hilkko".split())
_CLITIC_PAIRS = {"kin": ("kin",), "kaan": ("kaan", "kään"), "han": ("han", "hän"), "pa": ("pa", "pä")}


@check("fi:keyword_form")
def keyword_form(
    text: str, language: Language, *, keyword: str, case: Case, number: Number, frequency: int, relation: Relation
) -> Verdict:
    """Followed when the keyword stands in this case and number as often as asked.

    Possessive suffixes and clitics change nothing.
    """
    forms = case_forms(keyword.casefold(), case, number)
    beginnings = tuple({form[:3] for form in forms})
    alike = (word for word in words_of(text) if word.startswith(beginnings))
    found = [word for word in alike if word in forms or host_of(word, CLITICS) in forms]
    return counted(len(found), relation, frequency, ", ".join(found[:6]))


@check("fi:case_words", longest=WORD_BY_WORD)
def case_words(
    text: str,
    language: Language,
    *,
    case: Literal["essiivi", "translatiivi", "abessiivi", "komitatiivi"],
    frequency: int,
) -> Verdict:
    """Followed when at least so many different words stand in this case."""
    found = dict.fromkeys(
        word for word in words_of(text) if in_case(word, case) or in_case(host_of(word, CLITICS) or "-", case)
    )
    return counted(len(found), "at least", frequency, ", ".join(list(found)[:8]))


@check("fi:clitic", longest=WORD_BY_WORD)
def clitic(
    text: str, language: Language, *, clitic: Literal["kin", "kaan", "han", "pa"], frequency: int, relation: Relation
) -> Verdict:
    """Followed when words with the clitic (-kaan and -kään are one) occur as often as asked."""
    endings = _CLITIC_PAIRS[clitic]
    found = [word for word in words_of(text) if host_of(word, endings)]
    return counted(len(found), relation, frequency, ", ".join(found[:8]))


@check("fi:questions", longest=WORD_BY_WORD)
def questions(text: str, language: Language, *, num_questions: int) -> Verdict:
    """Followed when exactly so many sentences are questions that -ko or -kö asks."""
    asking = [
        sentence
        for sentence in language.sentences(text)
        if _QUESTION_MARK.search(sentence) and any(_asks(word, place) for place, word in enumerate(words_of(sentence)))
    ]
    return Verdict(len(asking) == num_questions, f"{len(asking)}, asked {num_questions}: {'; '.join(asking[:3])}")


def _asks(word: str, place: int) -> bool:
    """Whether the word is one that asks (tuletko, onkohan, joko); an unknown one only as the first of its sentence.

    A noun of the word list (verkko) is none, but what could be a compound (voi + sitko) is, when its host is a word.
    """
    for ending in ("ko", "kö", "kohan", "köhän", "kos", "kös"):
        host = word.removesuffix(ending)
        if host == word or len(word) <= 3 or word in _NAMES_IN_KO:
            continue
        if any(lexeme.kind <= _NOMINAL for lexeme in listed_readings(word)):
            return False
        known = readings(host) or has_possessive(host) or host_of(host, CLITICS)
        return bool(known) or (place == 0 and not is_nominal(word))
    return False


@check("fi:no_passive", longest=WORD_BY_WORD)
def no_passive(text: str, language: Language) -> Verdict:
    """Followed when there is no passive verb: tehdään, tehtiin, on tehty, ei tehdä."""
    found = []
    for sentence in language.sentences(text):
        words = words_of(sentence)
        found += [word for place, word in enumerate(words) if _is_passive(word, words[max(0, place - 3) : place])]
    return Verdict(not found, ", ".join(found[:6]) if found else "none")


def _is_passive(word: str, before: list[str]) -> bool:
    if is_passive(word):
        return True
    if is_passive_participle(word) and _OLLA.intersection(before):
        return True
    negated = before[-1:] and (before[-1] in _NEGATIONS or (before[-1] in _BETWEEN and before[-2:-1] == ["ei"]))
    return bool(negated) and is_connegative_passive(word)


def _is_last_part(tail: str) -> bool:
    """Whether the rest of a word is long enough for a word's part: not the ending of kesäksi."""
    if len(tail) >= _FEW_LETTERS or tail in _SHORT_LAST_PARTS:
        return True
    return len(tail) > 2 and any(lexeme.kind <= 50 for lexeme in headword(tail))


@check("fi:compounds", longest=WORD_BY_WORD)
def compounds(text: str, language: Language, *, first_part: str, frequency: int) -> Verdict:
    """Followed when at least so many different compounds begin with the word: kesäyö, kesämökillä, kesä-Suomi."""
    head = first_part.casefold()
    found: dict[str, str] = {}
    for word in words_of(text.replace("-", "").replace("‑", "")):
        tail = word.removeprefix(head)
        if tail == word or not _is_last_part(tail):
            continue
        if any(lexeme.word == head for lexeme in readings(word)) or host_of(word, CLITICS) == head:
            continue
        if words := readings(tail) or readings(host_of(tail, CLITICS)):
            found.setdefault(words[0].word, word)
        elif has_possessive(tail):
            found.setdefault(tail, word)
    return counted(len(found), "at least", frequency, ", ".join(list(found.values())[:8]))
