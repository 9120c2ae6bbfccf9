"""Which word a form is that two words share: a few marks of the sentence around it, each with a weight.

"Hun tog kniven" has the past of tage, "et tog kører" the noun; "så hun en skikkelse" the past of se,
"og så" the adverb.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from ifeval_fi.languages.da.closed_classes import (
    ADJECTIVE_ENDINGS,
    ARTICLE,
    AUXILIARIES,
    BEFORE_DEFINITE,
    BOTH,
    COPULAS,
    DEGREES,
    DEGREES_ONLY,
    KNOWERS,
    KNOWN,
    LINKING,
    MODALS,
    OBJECTS,
    OWNER,
    PARTICLES,
    PASSED,
    PEOPLE,
    PLURAL,
    PREPOSITIONS,
    SINGULAR,
    SUBJECTS,
)
from ifeval_fi.languages.da.inflection import (
    ADJECTIVE,
    DEFINITE,
    E_FORM,
    FINITE,
    IMPERATIVE,
    INFINITIVE,
    NOUN,
    OTHER,
    PARTICIPIAL,
    PARTICIPLE,
    Lexeme,
)
from ifeval_fi.languages.da.lexicon import FUNCTION_WORDS, by_form

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+){0,4}|[,;:.!?…\n»«\"”“()–]")
_STOPS = frozenset('.!?…\n;:»«"”“()')
_NO_ONE = ""
_REACH = 90
# How much likelier one role of a form is before the sentence is looked at.
_USUAL = {
    "får": {FINITE: 1.0},
    "så": {OTHER: 1.5, FINITE: 0.5},
    "gift": {ADJECTIVE: 0.5},
    "ens": {OTHER: 2.0},
    "fyr": {NOUN: 1.0},
    "kan": {FINITE: 3.0},
    "bør": {FINITE: 3.0},
    "kunne": {FINITE: 3.0},
    "ser": {FINITE: 2.0},
    "små": {E_FORM: 2.0},
    "kommer": {FINITE: 2.0},
    "sat": {PARTICIPLE: 1.0},
    "lyst": {NOUN: 3.0},
    "talt": {PARTICIPLE: 1.0},
    "mine": {OTHER: 2.9},
    "priser": {NOUN: 0.9},
    "værker": {NOUN: 0.9},
    "skatter": {NOUN: 0.9},
}


@dataclass(frozen=True)
class Surroundings:
    """The words before and after a form within its sentence, the nearest first; a comma is a word here."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def governor(self) -> str:
        """The nearest word before that is no adverb."""
        return next((word for word in self.before if word not in PASSED), _NO_ONE)

    @property
    def opens(self) -> bool:
        """Whether the form opens its sentence."""
        return not self.before


def surroundings(text: str, start: int, end: int) -> Surroundings:
    """The nearest words around text[start:end] in its sentence; the text is in small letters."""
    before = _WORD.findall(text[max(0, start - _REACH) : start])[-6:]
    after = _WORD.findall(text[end : end + _REACH])[:4]
    return Surroundings(tuple(takewhile(_goes_on, reversed(before))), tuple(takewhile(_goes_on, after)))


def _goes_on(word: str) -> bool:
    return word not in _STOPS


def weight(form: str, lexeme: Lexeme, around: Surroundings) -> float:
    """How well the form fits as a form of this word, in its likeliest role."""
    usual = _USUAL.get(form, {})
    if form == "ved" and lexeme.kind == "verb":
        following = around.after[0] if around.after else ","
        known = following in KNOWN | SUBJECTS or following == "," or around.before[:1] in KNOWERS
        return _finite(around) + (1.0 if known else -3.0)
    weights: Mapping[str, Callable[[Surroundings], float]] = _WEIGHTS
    score = max(weights[role](around) + usual.get(role, 0.0) for role in lexeme.forms[form])
    return score - 1.0 if lexeme.guessed else score


def function_word_weight(form: str, around: Surroundings) -> float:
    """How likely the form is the closed-class word that is spelled so; it can stand nearly anywhere."""
    if form not in FUNCTION_WORDS:
        return -99.0
    following, second = (*around.after, _NO_ONE, _NO_ONE)[:2]
    if form in PREPOSITIONS or form in DEGREES_ONLY:
        # "ingen ved, hvor", "stort mod." and "har ret til" have no preposition or adverb
        ends = following in (_NO_ONE, ",") or (
            form in DEGREES_ONLY
            and (following in PREPOSITIONS or (_is(NOUN, following) and not _adjectival(following)))
        )
        return 0.0 if ends else 2.2
    if form == "så" and following in SUBJECTS | ARTICLE | {"i"} and _is_predicate(second):
        return 6.0  # "..., så vi spiste"
    if form == "så" and _is_predicate(following):
        return 6.0  # "så gik hun"
    return 2.2


def _is_predicate(form: str) -> bool:
    if form in AUXILIARIES or form in MODALS:
        return True
    return _is(FINITE, form) and not _is(NOUN, form) if _roles(form) else form.endswith(("er", "ede", "te"))


@lru_cache(maxsize=4096)
def _roles(form: str) -> str:
    """What a word of the sentence can be."""
    if form in FUNCTION_WORDS:
        return OTHER
    return "".join(dict.fromkeys("".join(lexeme.forms[form] for lexeme in by_form().get(form, ()))))


def _is(role: str, form: str) -> bool:
    return role in _roles(form)


def _determined(word: str) -> float:
    """How surely the word before calls for a noun or adjective."""
    if word in BOTH:
        return 1.5
    if word in SINGULAR or word in PLURAL or word in OWNER or word.isdigit() or _is_genitive(word):
        return 3.0
    return 1.0 if word in ARTICLE else 0.0


def _is_genitive(form: str) -> bool:
    """Whether the word is a noun in the genitive (naboens, Danmarks)."""
    if len(form) < 4 or not form.endswith("s") or form in FUNCTION_WORDS:
        return False
    noun = _is(NOUN, form[:-1]) or _is(DEFINITE, form[:-1])
    return (noun and not _is(FINITE, form)) or (
        not _roles(form) and form.endswith(("ens", "ets", "ernes", "enes", "'s"))
    )


def _adjectival(form: str) -> bool:
    if form in FUNCTION_WORDS or form in PASSED:
        return False
    return _is(ADJECTIVE, form) or _is(E_FORM, form) or (not _roles(form) and form.endswith(ADJECTIVE_ENDINGS))


def _is_noun(form: str) -> bool:
    return _is(NOUN, form) or _is(DEFINITE, form) or (not _roles(form) and len(form) > 4)


def _definite(form: str) -> bool:
    return _is(DEFINITE, form) or (not _roles(form) and len(form) > 4 and form.endswith(("en", "et", "erne", "ene")))


def _begins_phrase(around: Surroundings) -> bool:
    after = around.after[:1]
    return bool(after) and (after[0] in ARTICLE or after[0] in SINGULAR or after[0] in PLURAL or after[0] in OWNER)


def _is_relative(around: Surroundings) -> bool:
    """Whether the som before means "who", not "as": after a comma or a noun."""
    second = around.before[1] if len(around.before) > 1 else _NO_ONE
    return second == "," or (second not in FUNCTION_WORDS and _is_noun(second))


def _noun(around: Surroundings) -> float:
    last = around.before[0] if around.before else _NO_ONE
    score = _determined(last)
    if not score and last in PREPOSITIONS:
        score = 2.5 if around.before != ("i",) else 0.5  # "I får mad": a pronoun may open the sentence
    if not score and last in LINKING:
        score = 1.0
    if not score and _adjectival(last) and last not in PEOPLE:
        score = 1.5
        score += 1.0 if len(around.before) > 1 and _determined(around.before[1]) else 0.0
    elif not score and _is(NOUN, last) and not _is(FINITE, last):
        score -= 1
    if last == "som" and not _is_relative(around):
        score += 2.5
    elif last in SUBJECTS or last == "at":
        score -= 3
    elif last in ("har", "havde", "have", "får", "fik"):
        score += 1
    elif around.governor in MODALS:
        score -= 1.5
    elif not score and (_is(FINITE, last) or _is(INFINITIVE, last)):
        score += 1
    if last in ("og", "eller", ",") and len(around.before) > 1 and _is(NOUN, around.before[1]):
        score += 2.5 if "," in around.before[1:4] or last == "," else 1.5
    if around.after and (_is_predicate(around.after[0]) or around.after[0] == "nummer"):
        score += 1.5
    return score


def _definite_noun(around: Surroundings) -> float:
    last = around.before[0] if around.before else _NO_ONE
    if last in BEFORE_DEFINITE:
        return 2.0
    if last in PREPOSITIONS:
        score = 2.5
    elif _determined(last) or last in SUBJECTS or last in OBJECTS or last == "at":
        score = -2.0
    elif around.opens or last in (",", "og", "eller", "men"):
        score = 1.0
    else:
        score = 1.0 if _is(FINITE, last) else 0.0
    if around.governor in AUXILIARIES:
        score -= 0.5
    if around.after and (_is(FINITE, around.after[0]) or around.after[0] in AUXILIARIES | MODALS):
        score += 1.5
    return score


def _infinitive(around: Surroundings) -> float:
    last = around.before[0] if around.before else _NO_ONE
    if last == "at":
        return 5.0
    if around.governor in MODALS:
        return 4.0
    near = around.before[:4]
    if any(word in MODALS for word in near) and not (_determined(last) or last in PREPOSITIONS):
        return 2.0
    if last in ("og", "eller") and any(_is(INFINITIVE, word) for word in near[1:]):
        return 1.5
    return -2.0 - _determined(last)


def _finite(around: Surroundings) -> float:
    last = around.before[0] if around.before else _NO_ONE
    following = around.after[0] if around.after else _NO_ONE
    score = 0.0
    if last == "som" and not _is_relative(around):
        score -= 3
    elif last in SUBJECTS - {"der", "som"} and len(around.before) > 1 and _is_predicate(around.before[1]):
        score -= 1  # "gik hun så stille": the clause has its verb
    elif last in SUBJECTS or around.governor in SUBJECTS:
        score += 4
    elif last in BOTH or last in PEOPLE or around.before == ("i",):
        score += 1.5 if last in PEOPLE else 1
    elif last in LINKING:
        score -= 2
    elif last in SINGULAR or last in PLURAL or last in OWNER or last.isdigit() or _is_genitive(last):
        score -= 3
    elif last in PREPOSITIONS or last == "at":
        score -= 2
    elif _definite(last) or last in ARTICLE:
        score += 2
    elif _adjectival(last):
        score -= 1
    elif _is(NOUN, last) and len(around.before) > 1 and _determined(around.before[1]):
        score += 1.5
    elif _is(FINITE, last) and last not in FUNCTION_WORDS and not _definite(last):
        score -= 1
    elif _is(NOUN, last) or (len(around.before) > 1 and around.before[1] in PREPOSITIONS):
        score += 1.5
    elif len(around.before) == 1 and last not in FUNCTION_WORDS and last not in PASSED:
        score += 1.5  # a name opens the sentence
    elif around.governor in MODALS:
        score -= 2
    second = around.after[1] if len(around.after) > 1 else _NO_ONE
    if following in SUBJECTS - {"der", "som"} or (following == "de" and second in FUNCTION_WORDS):
        score += 3
    elif following in OBJECTS:
        score += 2
    elif _begins_phrase(around) or _definite(following):
        score += 2.5 if len(around.before) == 1 and _roles(last) == OTHER else 1.5
    elif following in PASSED or following in PARTICLES:
        score += 1
    elif following and following not in FUNCTION_WORDS and _is(NOUN, following):
        score += 0.5
    elif not following and score < 4:
        score -= 1
    if following in AUXILIARIES or following in MODALS:
        score -= 1.5
    return score


def _imperative(around: Surroundings) -> float:
    last = around.before[0] if around.before else _NO_ONE
    following = around.after[0] if around.after else _NO_ONE
    objects = following in OBJECTS or _begins_phrase(around) or _definite(following) or following in PREPOSITIONS
    if around.opens:
        return 0.0 if not around.after else 2.0 if objects or following in PASSED or following in PARTICLES else 0.5
    if last in ("og", ",", "men", "så", "bare", "eller"):
        return 1.0 if objects else 0.0
    return -3.0


def _participle(around: Surroundings) -> float:
    last = around.before[0] if around.before else _NO_ONE
    if any(word in AUXILIARIES for word in around.before[:5]):
        return 3.0 if not _determined(last) and last not in PREPOSITIONS else 0.0
    return -1.0 if around.governor not in MODALS else 1.0


def _adjective(around: Surroundings) -> float:
    last = around.before[0] if around.before else _NO_ONE
    following = around.after[0] if around.after else _NO_ONE
    if last in DEGREES:
        return 3.0
    if around.opens and following in ("efter", "før", "sagt", "tid"):
        return 1.0
    score = 0.0
    if around.governor in COPULAS:
        score += 2.0
    if _determined(last) or last in PREPOSITIONS or last in ("og", ","):
        if following and following not in FUNCTION_WORDS and _is_noun(following):
            score += 3.5
        elif following and not _roles(following):
            score += 2.0
        elif _determined(last):
            score -= 1.0
    elif (following and following not in FUNCTION_WORDS and _is(NOUN, following)) or (
        following == "og" and len(around.after) > 1 and _is(ADJECTIVE, around.after[1])
    ):
        score += 2.0
    return score


def _participial(around: Surroundings) -> float:
    """A participle in -et or -t stands before a noun only after a determiner (et malet hus)."""
    last = around.before[0] if around.before else _NO_ONE
    return _adjective(around) - (0.5 if last in SINGULAR or around.governor in COPULAS else 3.0)


def _e_form(around: Surroundings) -> float:
    last = around.before[0] if around.before else _NO_ONE
    following = around.after[0] if around.after else _NO_ONE
    score = 0.0
    if last in ("en", "et", "ingen", "intet", "at") or last in SUBJECTS or around.governor in MODALS:
        score -= 3.0
    elif last in ARTICLE or last in OWNER or _determined(last):
        score += 3.0
    elif last in DEGREES:
        score += 2.0
    if following and following not in FUNCTION_WORDS and _is(NOUN, following):
        score += 2.0
    return score


def _other(around: Surroundings) -> float:
    """A pronoun or adverb; none ends "en gammel mine"."""
    last, second = (*around.before, _NO_ONE, _NO_ONE)[:2]
    return -2.0 if _adjectival(last) and _determined(second) else 0.0


_WEIGHTS = {
    NOUN: _noun,
    DEFINITE: _definite_noun,
    INFINITIVE: _infinitive,
    FINITE: _finite,
    IMPERATIVE: _imperative,
    PARTICIPLE: _participle,
    PARTICIPIAL: _participial,
    ADJECTIVE: _adjective,
    E_FORM: _e_form,
    OTHER: _other,
}
