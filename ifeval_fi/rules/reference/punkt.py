"""Sentences as NLTK 3.10.4 splits English text with Punkt (Kiss and Strunk 2006), from the same parameters.

Only `. ? !` before white space or closing punctuation can end a sentence. The words around such a mark
decide: an abbreviation, an initial, a number or a known pair of words may keep the sentence going.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from ifeval_fi.rules.reference.engines import punkt_english, regex_module

# Bits of a word's orthographic context: seen in this letter case at this place of a sentence.
_BEGIN_LOWER, _MIDDLE_UPPER = 1 << 4, 1 << 2
_ANY_UPPER = 1 << 1 | _MIDDLE_UPPER | 1 << 3
_ANY_LOWER = _BEGIN_LOWER | 1 << 5 | 1 << 6

_NUMBER = "##number##"
_SHORT = 200
"""Contexts of fewer characters are remembered: they come again with each variant of a response."""
_ASCII_SPACE = r" \t\n\r\x0b\x0c"
_AS_SPACE = str.maketrans("\t\n\r\x0b\x0c", "     ")
_NON_WORD = r"""[)";}\]*:@'({\[\u2018\u2019\u201c\u201d\xab\xbb?!]"""
_SEVERAL_MARKS = r"(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)"
_WORD_END = rf"\s|$|{_NON_WORD}|{_SEVERAL_MARKS}"


class _Patterns:
    """Compiled on first use, with the engine NLTK compiles them with."""

    def __init__(self) -> None:
        compiled = regex_module().compile
        before_another_word = rf"(?={_NON_WORD}|\s+(\S+))"
        # Of a run of marks only the last counts, and the first where it opens a word.
        self.candidate = compiled(rf"(?:(?<![^{_ASCII_SPACE}])[.?!]|[.?!][?!]*){before_another_word}")
        self.word = compiled(
            rf"{_SEVERAL_MARKS}"
            rf"""|(?=[^("`{{\[:;&#*@)}}\]\-,])\S+?(?={_WORD_END}|,(?={_WORD_END}))"""
            r"|\S"
        )
        self.number = compiled(r"^-?[.,]?\d[\d,.\-]*\.?$")
        self.initial = compiled(r"[^\W\d]\.$")
        self.closing = compiled(r"""["')\]}\u2018\u2019\u201c\u201d\xab\xbb]+?(?:\s+|(?=--)|$)""")


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def sentences(text: str) -> Iterator[str]:
    """The sentences of the text, in order; a text of white space has none."""
    return (text[start:end] for start, end in _realigned(text, _slices(text)) if end > start)


def _slices(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark_end, next_start, context in _contexts(text):
        if _short_context_breaks(context) if len(context) < _SHORT else _breaks(context):
            yield start, mark_end
            start = next_start
    yield start, len(text.rstrip())


def _contexts(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each candidate mark ends, where the text goes on, and the words around the mark.

    Of several marks in one word the last is a candidate, and the first where it opens the word.
    """
    spaced = text.translate(_AS_SPACE)
    word_start = mark_at = 0
    previous = None
    for mark in _patterns().candidate.finditer(text):
        at = mark.end() - 1
        space = spaced.rfind(" ", mark_at, at)
        # A space at index 0 counts as none, there as here.
        start = space + 1 if space > 0 else word_start
        if previous and mark_at <= start:
            yield _context(text, word_start, previous)
        previous, word_start, mark_at = mark, start, at
    if previous:
        yield _context(text, word_start, previous)


def _context(text: str, start: int, mark: re.Match[str]) -> tuple[int, int, str]:
    next_start, next_end = mark.span(1)
    if next_start < 0:
        next_start, next_end = mark.end(), mark.end() + 1
    return mark.end(), next_start, text[start:next_end]


def _realigned(text: str, slices: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The slices with closing quotation marks and brackets moved to the sentence they close."""
    moved = 0
    closing_marks = _patterns().closing
    start, end = next(slices)
    for next_start, next_end in slices:
        closing = closing_marks.match(text[next_start:next_end])
        yield start + moved, next_start + len(closing.group().rstrip()) if closing else end
        moved = closing.end() if closing else 0
        start, end = next_start, next_end
    yield start + moved, end


def _breaks(context: str) -> bool:
    find = _patterns().word.finditer
    previous = None
    for line in filter(str.strip, context.split("\n")):
        for match in find(line):
            word: str = match.group()
            if previous and _ends_sentence(previous, word):
                return True
            previous = word
    return False


_short_context_breaks = lru_cache(maxsize=4096)(_breaks)


def _ends_sentence(word: str, following: str) -> bool:
    if not word.endswith("."):
        return word in ("?", "!")
    learnt, patterns = punkt_english(), _patterns()
    ellipsis, abbreviation = word.startswith("..") and not word.strip("."), _is_abbreviation(word)
    breaks = word == "." or not (word.endswith("..") or abbreviation)
    kind, next_kind = _without_stop(_kind(word)), _next_kind(following)
    if (kind, next_kind) in learnt.collocations:
        return False
    initial = bool(patterns.initial.match(word))
    opens = _opens_sentence(following, next_kind)
    capital = following[0].isupper()
    if (abbreviation or ellipsis) and not initial and (opens or (capital and next_kind in learnt.openers)):
        return True
    if initial or kind == _NUMBER:
        lower_seen = learnt.contexts.get(next_kind, 0) & _ANY_LOWER
        if opens is False or (opens is None and initial and capital and not lower_seen):
            return False
    return breaks


def _is_abbreviation(word: str) -> bool:
    if word == "." or word.endswith(".."):
        return False
    stem, abbreviations = word[:-1].lower(), punkt_english().abbreviations
    return stem in abbreviations or stem.rpartition("-")[2] in abbreviations


def _kind(word: str) -> str:
    kind: str = _patterns().number.sub(_NUMBER, word.lower())
    return kind


def _without_stop(kind: str) -> str:
    return kind[:-1] if len(kind) > 1 and kind.endswith(".") else kind


def _next_kind(word: str) -> str:
    """The following word's kind, without the full stop that by itself would end a sentence there."""
    kind = _kind(word)
    ends = word in ("?", "!", ".") or (word[-1] == "." != word[-2] and not _is_abbreviation(word))
    return _without_stop(kind) if ends else kind


def _opens_sentence(word: str, kind: str) -> bool | None:
    """Whether letter case says that the word begins a sentence; None when it does not say."""
    if word in (";", ":", ",", ".", "!", "?"):
        return False
    context = punkt_english().contexts.get(kind, 0)
    first = word[0]
    if first.isupper() and context & _ANY_LOWER and not context & _MIDDLE_UPPER:
        return True
    if first.islower() and (context & _ANY_UPPER or not context & _BEGIN_LOWER):
        return False
    return None
