"""Sentences of a text, for languages that mark them as Finnish does; a language brings its abbreviations.

A sentence ends at . ! ? or … before white space and a new sentence, or at the end of a block: a paragraph,
a heading, a list item. The full stop of an abbreviation, an ordinal or an initial ends none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ifeval_fi.text import block_text, has_word, untagged

_END = re.compile(r"(?<![.!?…])([.!?…]+)((?:\[\d{1,3}\]|[^\w\s,;:–—.!?…-])*)(?=\s)")
_WORD_START = re.compile(r"[^\W_]")
_QUOTES = tuple("\"”“»«'’")
_TOKEN_LENGTH = 60
_SALUTATION = 5
_NUMBER = re.compile(r"\W*[\d.,:/–-]*\d\W*")
_ORDINAL = re.compile(r"\W*\d{1,2}(?:\.(?:1[0-2]|0?[1-9]))?\W*")
_INITIALS = re.compile(r"\W*(?:(?:[^\W\d_][.-]{1,2})+[^\W\d_]|([^\W\d_]))")
_MARKED_LINE = re.compile(r"\s*(?:#{1,6}|>|[*\-+•–]|\d{1,3}[.)]|[^\W\d_]\))\s|\s*\|")
_OPENS_LOWER = re.compile(r"[\W_]*[^\W\d_]")


@dataclass(frozen=True, eq=False)
class SentenceMarks:
    """What a language says about full stops; all words in small letters, without the full stop.

    `inner` abbreviations never end a sentence, `closing` ones end it before a capital letter, and so do
    `units` after a number. A number with a full stop is an ordinal before `after_ordinal`;
    without `ordinals` it always ends a sentence. A letter with a
    full stop is an initial, but not before one of the `openers`, words that no name begins with, nor after a
    word that begins with one of `lettered`. A number after one of `cardinals` is no ordinal (kl. 8. 12 timer senere).
    `titles` stand before names and end a sentence only before an opener.
    A quotation goes on before one of the `speech` verbs, which come right after it where clauses are `inverted`
    ("Kom!" råbte hun.); where tags stand in small letters only, not before a capital.
    A short line that begins with one of the `salutations` stands alone.
    With `stop_closes_speech` a full stop ends a quotation even before what looks like its tag ("I know." Ann said no.).
    Two are equal only when they are one, so that they are quick to look up; a language has one.
    `full_stop` is asked first, with the word before, the one with the stop and the next; None leaves it to the rest.
    """

    inner: frozenset[str]
    closing: frozenset[str]
    after_ordinal: tuple[str, ...]
    openers: frozenset[str]
    speech: frozenset[str]
    units: frozenset[str] = frozenset()
    lettered: tuple[str, ...] = ()
    ordinals: bool = True
    titles: frozenset[str] = frozenset()
    inverted: bool = False
    cardinals: frozenset[str] = frozenset()
    salutations: frozenset[str] = frozenset()
    tags_in_small_letters: bool = False
    stop_closes_speech: bool = False
    full_stop: Callable[[str, str, str], bool | None] = lambda previous, token, following: None


def split_sentences(text: str, marks: SentenceMarks) -> list[str]:
    """The sentences of the text, in order."""
    return [
        sentence
        for block in _blocks(untagged(text), marks)
        for sentence in _split_block(block, marks)
        if has_word(sentence)
    ]


def _blocks(text: str, marks: SentenceMarks) -> Iterator[str]:
    """Paragraphs, headings and list items; a line that goes on in small letters belongs to the one before."""
    block: list[str] = []
    for line in text.split("\n"):
        wordless = _WORD_START.search(line) is None
        if block and (wordless or _MARKED_LINE.match(line) or not _continues(block[-1], line, marks)):
            yield " ".join(block)
            block = []
        if not wordless:
            block.append(line if block else block_text(line))
    if block:
        yield " ".join(block)


def _continues(line: str, following: str, marks: SentenceMarks) -> bool:
    if line.rstrip("*_ ").endswith((".", "!", "?", "…", ":")):
        return False
    opening = line.split(None, _SALUTATION) if marks.salutations else ()
    if 0 < len(opening) <= _SALUTATION and _bare(opening[0]) in marks.salutations:
        return False
    first = _OPENS_LOWER.match(following)
    return line.rstrip().endswith((",", ";")) or (first is not None and first.group()[-1].islower())


def _split_block(block: str, marks: SentenceMarks) -> Iterator[str]:
    caseless = not (any(map(str.isupper, block)) and any(map(str.islower, block)))
    start = word_at = 0
    for end in _END.finditer(block):
        stop, after = end.span()
        if word_at < after:
            word_at = after + 1
            if not block[word_at : word_at + 1].isalnum():
                word = _WORD_START.search(block, word_at)
                if word is None:
                    break
                word_at = word.start()
        if block[word_at].islower() and not caseless:
            continue
        before = block[max(start, stop - _TOKEN_LENGTH) : stop].rsplit(None, 2)[-2:]
        following = block[word_at : word_at + 2 * _TOKEN_LENGTH].split(None, 2)[:2]
        mark, closing = end.groups()
        if _ends(" ".join(before), mark[:2], closing[-1:], " ".join(following), marks, caseless):
            yield block[start:after]
            start = after
    yield block[start:]


@lru_cache(maxsize=4096)
def _ends(before: str, stop: str, closing: str, following: str, marks: SentenceMarks, caseless: bool) -> bool:
    """Whether the mark ends a sentence, given the two words before and after it; `caseless` text has one case.

    Of the mark the first two characters count, and of what closes behind it the last one.
    """
    words = following.split()
    opens = _bare(words[0]) in marks.openers
    tagged = closing.endswith(_QUOTES) and not (marks.stop_closes_speech and stop == ".")
    if tagged and any(_bare(word) in marks.speech for word in words[: 1 if marks.inverted else 2]):
        return not caseless and (opens or marks.tags_in_small_letters)
    if stop != ".":
        return not (caseless and stop[0] in ".…") or opens
    previous, token = (["", "", *before.split()])[-2:]
    return _full_stop_ends(previous, token, words[0], opens, marks, caseless)


def _full_stop_ends(
    previous: str, token: str, following: str, opens: bool, marks: SentenceMarks, caseless: bool
) -> bool:
    if not caseless and (said := marks.full_stop(previous, token, following)) is not None:
        return said
    word, number_follows = _bare(token), following[0].isdigit()
    if word in marks.units and _NUMBER.fullmatch(previous):
        return not number_follows
    if word in marks.inner:
        return False
    if word in marks.titles:
        return opens
    if word in marks.closing:
        return not (caseless or number_follows)
    if token[-1:].isdigit() and _NUMBER.fullmatch(token):
        if not (marks.ordinals and _ORDINAL.fullmatch(token)) or _bare(previous) in marks.cardinals:
            return True
        if not previous or (word == "1" and previous.endswith(":") and not opens):
            return False
        return opens or not (caseless or number_follows or following.lower().startswith(marks.after_ordinal))
    if token[-2:-1].isalpha() or not (initials := _INITIALS.fullmatch(token)):
        return True
    if not caseless and (initials[1] or "").islower():
        return True
    return previous.lower().startswith(marks.lettered) or opens


def _bare(word: str) -> str:
    """The word in small letters, without the marks around it."""
    return word.strip("\"”“»«’'’()[]*_`.,:;!?…").lower()
