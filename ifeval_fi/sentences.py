"""Sentences of a text, for languages that mark them as Finnish does; a language brings its abbreviations.

A sentence ends at . ! ? or … before white space and a new sentence, or at the end of a block: a paragraph,
a heading, a list item. The full stop of an abbreviation, an ordinal or an initial ends none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ifeval_fi.text import block_text, has_word, is_rule

_END = re.compile(r"[.!?…]+([\"”“»«’'’)\]*_`]*)(?=\s)")
_TOKEN_LENGTH = 60
_NUMBER = re.compile(r"\W*[\d.,:/–-]*\d\W*")
_INITIALS = re.compile(r"\W*(?:\w[.-])*\w")
_MARKED_LINE = re.compile(r"\s*(?:#{1,6}|>|[*\-+•–]|\d{1,3}[.)])\s|\s*\|")
_OPENS_LOWER = re.compile(r"[\W_]*[^\W\d_]")


@dataclass(frozen=True)
class SentenceMarks:
    """What a language says about full stops; all words in small letters, without the full stop.

    `inner` abbreviations never end a sentence, `closing` ones end it before a capital letter; a number with
    a full stop is an ordinal before `after_ordinal`; `openers` are words that begin a sentence after an
    initial; a quotation goes on before one of the `speech` verbs.
    """

    inner: frozenset[str]
    closing: frozenset[str]
    after_ordinal: tuple[str, ...]
    openers: frozenset[str]
    speech: frozenset[str]


def split_sentences(text: str, marks: SentenceMarks) -> list[str]:
    """The sentences of the text, in order."""
    return [sentence for block in _blocks(text) for sentence in _split_block(block, marks) if has_word(sentence)]


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, headings and list items; a line that goes on in small letters belongs to the one before."""
    block: list[str] = []
    for line in text.split("\n"):
        continues = block and line.strip() and not _MARKED_LINE.match(line) and _continues(block[-1], line)
        if not continues and block:
            yield " ".join(block)
            block = []
        if line.strip() and not is_rule(line):
            block.append(line if continues else block_text(line))
    if block:
        yield " ".join(block)


def _continues(line: str, following: str) -> bool:
    if line.rstrip("*_ ").endswith((".", "!", "?", "…", ":")):
        return False
    first = _OPENS_LOWER.match(following)
    return line.rstrip().endswith((",", ";")) or (first is not None and first.group()[-1].islower())


def _split_block(block: str, marks: SentenceMarks) -> Iterator[str]:
    caseless = not any(map(str.isupper, block))
    start = 0
    for end in _END.finditer(block):
        following = block[end.end() : end.end() + 4 * _TOKEN_LENGTH].split()
        opening = next((index for index, word in enumerate(following) if has_word(word)), None)
        if opening is None:
            continue
        before = block[max(start, end.start() - _TOKEN_LENGTH) : end.start()].split()
        token = before[-1] if before else ""
        if _ends(token, end.group(), following[opening:], marks, caseless):
            yield block[start : end.end()]
            start = end.end()
    yield block[start:]


def _ends(token: str, mark: str, following: list[str], marks: SentenceMarks, caseless: bool) -> bool:
    """Whether the mark after the token ends a sentence, given the words that follow it."""
    first = next(character for character in following[0] if character.isalnum())
    if first.islower() and not caseless:
        return False
    quoted = mark[-1] in "\"”“»«’'’"
    if quoted and any(_bare(word) in marks.speech for word in following[:2]):
        return False
    if mark.rstrip("*_)]\"”“»«’'’`") != ".":
        return True
    return _full_stop_ends(token, following[0], marks, caseless)


def _full_stop_ends(token: str, following: str, marks: SentenceMarks, caseless: bool) -> bool:
    word, after = _bare(token), _bare(following)
    if word in marks.inner:
        return False
    if word in marks.closing:
        return not caseless and not following[0].isdigit()
    if _NUMBER.fullmatch(token):
        return not (caseless or after.startswith(marks.after_ordinal) or following[0].isdigit())
    if _INITIALS.fullmatch(token) and not word.isdigit():
        return after in marks.openers
    return True


def _bare(word: str) -> str:
    """The word in small letters, without the marks around it."""
    return word.strip("\"”“»«’'’()[]*_`.,:;!?…").lower()
