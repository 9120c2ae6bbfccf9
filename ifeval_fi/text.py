"""Text as the careful reader sees it: normal form, lines, blocks, list items, markdown emphasis. Written once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn"))
# Letters of European languages, punctuation, signs and emoji stay as they are in normal form C.
_MAY_CHANGE = re.compile(
    "[^\x00-\u02ff\u2002-\u20cf\u2100-\u2125\u2190-\u2328\u232b-\u23ff\u2500-\u2ad0\U0001f000-\U0001faff]"
)
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{32,}")
_LINE_END = re.compile(r"\r\n?|\u2028|\u2029|\x85|\v|\f")
_RULE = re.compile(r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_ITEM = re.compile(r"[ \t]*[*\-+•–][ \t\u00a0]+(?=\S)")
_BLOCK_MARK = re.compile(r"\s*(?:(?:#{1,6}|>|[*\-+•–]|\d{1,3}[.)])[ \t]+)*")
_ASTERISKS = re.compile(r"(?<![*\\])\*{1,3}(?![*])")
_BLANK_LINES = re.compile(r"\n\s*\n")
_SPAN_SHOWN = 60
_TAG = re.compile(r"(?<!<)</?([A-Za-zÅÄÖåäö][\w-]{0,40})(?:\s[^<>\n]{0,200})?/?>(?!>)")
_INLINE_TAGS = frozenset("a b code em i mark q s small span strong sub sup u".split())


def nfc(text: str) -> str:
    """The text in Unicode normal form C, so that "a" and a combining diaeresis are "ä"."""
    if not _MAY_CHANGE.search(text):
        return text
    return unicodedata.normalize("NFC", _MARKS.sub(_shortened, text))


def _shortened(run: re.Match[str]) -> str:
    """The run without the combining marks after the thirtieth in a row, as in Unicode's stream-safe format.

    Normalising sorts them, which takes quadratic time.
    """
    if not any(map(unicodedata.combining, run[0])):
        return run[0]
    kept, length = [], 0
    for character in run[0]:
        length = length + 1 if unicodedata.combining(character) else 0
        if length <= 30:
            kept.append(character)
    return "".join(kept)


def normalise(text: str) -> str:
    """The response as it is judged: NFC, one kind of line end, and empty when nothing in it is visible."""
    text = _LINE_END.sub("\n", nfc(text.removeprefix("\ufeff")))
    return "" if not text[:1].isalnum() and is_blank(text) else text


def is_blank(text: str) -> bool:
    """Whether nothing in the text is visible."""
    return all(unicodedata.category(character) in _INVISIBLE for character in text)


def collapse(text: str) -> str:
    """The text with case folded and each run of white space a single space."""
    return " ".join(text.casefold().split())


def has_word(text: str) -> bool:
    """Whether there is a letter or a digit in the text."""
    return any(map(str.isalnum, text))


def words(text: str) -> list[str]:
    """What a word processor counts: runs of non-space characters with a letter or digit."""
    return [run for run in text.split() if run[0].isalnum() or has_word(run)]


def is_rule(line: str) -> bool:
    """Whether the line is a markdown rule: ***, ---, * * * or the like."""
    return _RULE.fullmatch(line) is not None


def list_items(text: str) -> list[str]:
    """The text of each bulleted item, nested ones included."""
    return [line[mark.end() :] for line in text.split("\n") if (mark := _ITEM.match(line)) and not is_rule(line)]


def block_text(line: str) -> str:
    """The line without the heading, quote and list marks it opens with."""
    mark = _BLOCK_MARK.match(line)
    return line[mark.end() :] if mark else line


def paragraphs(text: str) -> list[str]:
    """The non-empty paragraphs between blank lines; a rule alone is none."""
    parts = (part.strip() for part in re.split(r"\n[^\S\n]*(?=\n)", text))
    return [part for part in parts if part and not is_rule(part)]


def emphasised(text: str) -> list[str]:
    """The non-empty *emphasised* or **emphasised** spans, their first characters each; ***both*** is one span."""
    spans: list[str] = []
    for paragraph in _BLANK_LINES.split(text) if "*" in text else ():
        block: list[str] = []
        for line in paragraph.split("\n"):
            item, rule = _ITEM.match(line), is_rule(line)
            if item or rule:
                spans += _spans("\n".join(block))
                block = []
            if not rule:
                block.append(line[item.end() if item else 0 :])
        spans += _spans("\n".join(block))
    return spans


def _spans(block: str) -> Iterator[str]:
    """What stands between matching asterisks; a run inside an open span may open another one."""
    opened: list[tuple[int, int]] = []
    waiting = [0, 0, 0, 0]
    for run in _ASTERISKS.finditer(block):
        start, end = run.span()
        width, before, after = end - start, block[max(0, start - 1) : start], block[end : end + 1]
        if before.strip() and (inside := _closed_by(width, opened, waiting)):
            yield from (block[first : min(start, first + _SPAN_SHOWN)].strip("*") for first in inside)
        elif after.strip() and not before.isalnum():
            opened.append((width, end))
            waiting[width] += 1


def _closed_by(width: int, opened: list[tuple[int, int]], waiting: list[int]) -> list[int]:
    """Where the spans start that a run of this width ends: the last of its width, or two that add up to it."""
    if len(opened) > 1 and opened[-1][0] + opened[-2][0] == width:
        widths = [opened[-1][0], opened[-2][0]]
    elif waiting[width]:
        widths = [width]
    else:
        return []
    starts = []
    while widths:
        last, start = opened.pop()
        waiting[last] -= 1
        if last == widths[0]:
            starts.append(start)
            del widths[0]
    return starts


def untagged(text: str) -> str:
    """The text without HTML and XML tags; all but the tags within a line end a line. A <<title>> is no tag."""
    return _TAG.sub(lambda tag: "" if tag[1].lower() in _INLINE_TAGS else "\n", text) if "<" in text else text


def unfenced(text: str) -> str:
    """The content of the one ``` or ```json fence that is the whole text, or the text."""
    opening, _, rest = text.strip().partition("\n")
    if opening.startswith("```") and opening[3:].strip(" \t").lower() in ("", "json") and rest.endswith("```"):
        return rest[:-3].rstrip(" \t").removesuffix("\n")
    return text
