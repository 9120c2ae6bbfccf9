"""English."""

from __future__ import annotations

import re
from functools import lru_cache

from ifeval_fi.languages import Language
from ifeval_fi.languages.sentences import SentenceMarks, split_sentences
from ifeval_fi.text import nfc, words

_INNER = "dr mr mrs ms prof st sr jr vs e.g i.e cf no fig approx dept est gen gov hon col capt lt sgt rev mt u.s p.s"
_CLOSING = "etc inc ltd co corp a.m p.m am pm"
_MONTHS = "january february march april may june july august september october november december"
_OPENERS = "it he she they we you i the this that these those there then however but and in on so if when as a an"
_SPEECH = "said asked replied shouted cried whispered answered exclaimed says he she they i"


@lru_cache(maxsize=512)
def _pattern(keyword: str) -> re.Pattern[str]:
    parts = r"\s+".join(map(re.escape, nfc(keyword).split()))
    return re.compile(rf"(?<!\w){parts}(?:s|es|'s|’s|s'|s’)?(?!\w)", re.IGNORECASE)


def occurrences(text: str, keyword: str) -> list[str]:
    """Whole-word occurrences of the keyword, its regular plural and possessive included."""
    return [match.group() for match in _pattern(keyword).finditer(text)] if keyword.strip() else []


_NUMERALS = (
    "zero no",
    "one first once a single",
    "two second twice both",
    "three third",
    "four fourth",
    "five fifth",
    "six sixth",
    "seven seventh",
    "eight eighth",
    "nine ninth",
    "ten tenth",
    *"eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(),
)

MARKS = SentenceMarks(
    inner=frozenset(_INNER.split()),
    closing=frozenset(_CLOSING.split()),
    after_ordinal=tuple(_MONTHS.split()),
    openers=frozenset(_OPENERS.split()),
    speech=frozenset(_SPEECH.split()),
)

LANGUAGE = Language(
    code="en",
    name="English",
    own_name="English",
    own_rules="english",
    default_rules="reference",
    words=words,
    sentences=lambda text: split_sentences(text, MARKS),
    occurrences=occurrences,
    answers=("My answer is yes.", "My answer is no.", "My answer is maybe."),
    numerals={number: tuple(names.split()) for number, names in enumerate(_NUMERALS)},
    more_than=("more than", "over", "above"),
    at_most=("at most", "no more than", "up to", "maximum", "or fewer", "or less"),
    filler=(
        "The cat sleeps on the sofa.",
        "It is cold and dark in winter.",
        "I will make coffee tomorrow.",
        "They play in the yard all day.",
        "This is very easy to do.",
    ),
)
