"""English."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from ifeval_fi.languages import Language
from ifeval_fi.languages.en.context import word_at
from ifeval_fi.languages.en.inflection import dictionary_words, forms
from ifeval_fi.languages.en.sentences import split
from ifeval_fi.text import nfc, words

# A word with its hyphenated parts apart; an apostrophe and what follows it is no part: "story's", "don’t".
_WORD = re.compile(r"[^\W_]+")
# What is said to the letter or not at all: "U.S.", "C++", "24/7", "don't".
_MARKED = re.compile(r"\w[^\w\s'’\u2010\u2011-]+\w|\.\w\.|[+#]|n['’]t\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=512)
def _accepted(keyword: str) -> tuple[dict[str, frozenset[str]], ...]:
    """For each word of the keyword, its forms in small letters, with the dictionary words they are then of."""
    accepted = []
    for part in _WORD.finditer(nfc(keyword)):
        words_of: dict[str, frozenset[str]] = {}
        for word in dictionary_words(part.group().casefold()):
            for form in forms(word):
                words_of[form] = words_of.get(form, frozenset()) | {word}
        # the keyword to the letter counts whatever it may mean there
        words_of[part.group().casefold()] = frozenset()
        accepted.append(words_of)
    return tuple(accepted)


@lru_cache(maxsize=512)
def _literal(keyword: str) -> re.Pattern[str]:
    parts = re.sub("['’]", "['’]", r"\s+".join(map(re.escape, nfc(keyword).split())))
    return re.compile(rf"(?<!\w){parts}(?!\w)", re.IGNORECASE)


def occurrences(text: str, keyword: str) -> list[str]:
    """Every place where the text says the keyword, its words in a row, each in any inflected form."""
    accepted = _accepted(keyword)
    if not accepted or _MARKED.search(keyword):
        return [found.group() for found in _literal(keyword).finditer(text)] if keyword.strip() else []
    found, row = [], []
    for word in _WORD.finditer(text):
        row.append(word)
        del row[: -len(accepted)]
        if len(row) == len(accepted) and _says(text, row, accepted):
            end = row[-1].end()
            possessive = _POSSESSIVE.match(text, end)
            found.append(text[row[0].start() : possessive.end() if possessive else end])
            row.clear()
    return found


def _says(text: str, row: list[re.Match[str]], accepted: tuple[dict[str, frozenset[str]], ...]) -> bool:
    """Whether the words are the keyword's; nothing but white space, a hyphen or a possessive stands between them."""
    if not all(_form(text, word) in forms for word, forms in zip(row, accepted, strict=True)):
        return False
    gaps = (text[one.end() : other.start()] for one, other in pairwise(row))
    if not all(_GAP.fullmatch(gap) for gap in gaps):
        return False
    for word, words_of in zip(row, accepted, strict=True):
        meant = words_of[_form(text, word)]
        here = word_at(text, *word.span()) if meant else None
        if here is not None and here not in meant:
            return False
    return True


def _form(text: str, word: re.Match[str]) -> str:
    """The word in small letters; "did" for "didn't", "can" for "cannot"."""
    form = word.group().casefold()
    if form == "cannot":
        return "can"
    negated = form.endswith("n") and text[word.end() : word.end() + 2].casefold() in _NOT
    return _NEGATED.get(form, form[:-1]) if negated else form


_NOT = ("'t", "’t")
_NEGATED = {"can": "can", "won": "will", "shan": "shall", "ain": "be"}


# "coffee  shop", "well-known", "Mary's lamb"; also a hyphen that does not break
_GAP = re.compile(r"(?:['’]s?)?(?:\s+|[-\u2010\u2011])|['’]")


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

LANGUAGE = Language(
    code="en",
    name="English",
    own_name="English",
    own_rules="english",
    default_rules="reference",
    rules_version="3",
    words=words,
    sentences=split,
    occurrences=occurrences,
    answers=("My answer is yes.", "My answer is no.", "My answer is maybe."),
    numerals={number: tuple(names.split()) for number, names in enumerate(_NUMERALS)},
    more_than=("more than", "over", "above"),
    at_most=("at most", "more than", "longer than", "only", "up to", "maximum", "or fewer", "or less"),
    filler=(
        "The cat sleeps on the sofa.",
        "It is cold and dark in winter.",
        "I will make coffee tomorrow.",
        "They play in the yard all day.",
        "This is very easy to do.",
        "My father reads the paper in the kitchen.",
        "She walked home along the river.",
        "We like the long days of summer.",
        "The train leaves early in the morning.",
        "A dog barks behind the old house.",
        "He told me about it last night.",
        "The road goes on to the village.",
        "I have nothing more to say.",
        "Some people prefer tea.",
    ),
)
