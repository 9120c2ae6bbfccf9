"""Text as the careful reader sees it: normal form, lines, blocks, list items, markdown emphasis. Written once."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn"))
_LINE_END = re.compile(r"\r\n?|\u2028|\u2029|\x85|\v|\f")
_RULE = re.compile(r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_ITEM = re.compile(r"[ \t]*[*\-+•–][ \t]+(?=\S)")
_BLOCK_MARK = re.compile(r"\s*(?:(?:#{1,6}|>|[*\-+•–]|\d{1,3}[.)])[ \t]+)*")
_EMPHASIS = re.compile(r"(?<![*\\\w])(\*{1,3})(?![\s*])((?:[^*\n]|\n(?!\s*\n))*?)(?<=\S)(?<![\\*])\1(?!\*)")
_FENCE = re.compile(r"```[ \t]*(?:json)?[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL | re.IGNORECASE)


def nfc(text: str) -> str:
    """The text in Unicode normal form C, so that "a" and a combining diaeresis are "ä"."""
    return unicodedata.normalize("NFC", text)


def normalise(text: str) -> str:
    """The response as it is judged: NFC, one kind of line end, and empty when nothing in it is visible."""
    text = _LINE_END.sub("\n", nfc(text.removeprefix("\ufeff")))
    return text if any(unicodedata.category(character) not in _INVISIBLE for character in text) else ""


def collapse(text: str) -> str:
    """The text with case folded and each run of white space a single space."""
    return " ".join(text.casefold().split())


def has_word(text: str) -> bool:
    """Whether there is a letter or a digit in the text."""
    return any(map(str.isalnum, text))


def words(text: str) -> list[str]:
    """What a word processor counts: runs of non-space characters with a letter or digit."""
    return [run for run in text.split() if has_word(run)]


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
    """The content of every non-empty *emphasised* or **emphasised** span; ***both*** is one span."""
    lines = (line[mark.end() :] if (mark := _ITEM.match(line)) else line for line in text.split("\n"))
    body = "\n".join("" if is_rule(line) else line for line in lines)
    return [span.group(2) for span in _EMPHASIS.finditer(body) if has_visible(span.group(2))]


def has_visible(text: str) -> bool:
    """Whether the text holds more than white space and asterisks."""
    return bool(text.strip("* \t\n"))


def unfenced(text: str) -> str:
    """The content of the one ``` or ```json fence that is the whole text, or the text."""
    fence = _FENCE.fullmatch(text.strip())
    return fence.group(1) if fence else text
