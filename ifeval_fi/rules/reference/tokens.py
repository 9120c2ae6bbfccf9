"""Words, and words in capitals, as NLTK 3.10.4 counts them for the published checks.

NLTK's word tokeniser rewrites a sentence rule by rule and splits it at white space. The rules below
are those that can part two letters; punctuation that stands apart there is blank here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import chain

from ifeval_fi.rules.reference.engines import regex_module
from ifeval_fi.rules.reference.punkt import sentences

_Rule = Callable[[str], str]

_SENTENCES_MATTER = re.compile(r"'|\.:|wanna", re.IGNORECASE)
"""Elsewhere a sentence's end parts no two letters that the rules do not part anyway."""

_REMEMBERED = 2_000
"""Sentences of more characters are not remembered."""


@cache
def _rules() -> tuple[_Rule, ...]:
    compiled = regex_module().compile
    final_stop = compiled(r"""(?<=[^.])\.(?=[\])}>"'»”’ ]*+\s*$)""")
    opening_apostrophe = compiled(r"(?i)(?<!\w)'(?!(?:re|ve|ll|m|t|s|d|n)\b)(?=\w)")
    marks = compiled(r"(?:[«“‘„`;@#$%&?!\u2012-\u2015]|\.\.+|[:,](?!\d))+")
    closing_apostrophe = re.compile(r"(?<=[^'])'(?= )")
    brackets_and_quotes = re.compile(r"""(?:[*\][(){}<>»”’"]|--|'')+""")
    white = compiled(r"\s+")
    short_clitic = re.compile(r"(?<=[^' ])('[sSmMdD]|') ")
    long_clitic = re.compile(r"(?<=[^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ")
    contraction = re.compile(
        r"\b(?:(can)(not)|(d)('ye)|(gim)(me)|(gon)(na)|(got)(ta)|(lem)(me)|(more)('n)|(wan)(na)(?=\s))\b",
        re.IGNORECASE,
    )
    it_contraction = re.compile(r" ('t)(is|was)\b", re.IGNORECASE)
    return (
        lambda text: final_stop.sub(" ", text),
        lambda text: opening_apostrophe.sub("' ", text),
        lambda text: marks.sub(" ", text),
        lambda text: closing_apostrophe.sub(" ", text),
        lambda text: brackets_and_quotes.sub(" ", text),
        lambda text: white.sub(" ", f" {text} "),
        lambda text: short_clitic.sub(r" \1 ", text),
        lambda text: long_clitic.sub(r" \1 ", text),
        lambda text: contraction.sub(lambda match: f" {' '.join(filter(None, match.groups()))} ", text),
        lambda text: it_contraction.sub(r" \1 \2 ", text),
    )


def word_count(text: str) -> int:
    """The number of runs of word characters."""
    return len(_word_pattern().findall(text))


@cache
def _word_pattern() -> re.Pattern[str]:
    pattern: re.Pattern[str] = regex_module().compile(r"\w+")
    return pattern


def capital_words(text: str) -> Iterator[str]:
    """The tokens with a capital letter and no small one, in order."""
    parts = sentences(text) if _SENTENCES_MATTER.search(text) else (text,)
    return chain.from_iterable(map(_capital_words_of, parts))


def _capital_words_of(sentence: str) -> tuple[str, ...]:
    return _again(sentence) if len(sentence) <= _REMEMBERED else _anew(sentence)


def _anew(sentence: str) -> tuple[str, ...]:
    if sentence.lower() == sentence:
        return ()
    for rule in _rules():
        sentence = rule(sentence)
    return tuple(token for token in sentence.split() if token.isupper())


_again = lru_cache(maxsize=1024)(_anew)
