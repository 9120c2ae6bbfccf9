"""A protected text's translation, put together again: literal parts, line breaks, the form of each argument."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field

from ifeval_fi.text import nfc
from ifeval_fi.translate.protect import BREAK, IGNORED, Protected, joins

_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
# "&amp;amp;#38;": an ampersand that was escaped again and again
_AMPERSANDS = re.compile(r"&(?:(?:amp|#38|#x26);)+", re.IGNORECASE)
# <w id="0">, </w>, <n id="1"/>, also as models write them: < W ID = 0 >; no two parts share white space
_TAG = re.compile(r"<\s*(?:(/)\s*)?([xwpn])(?:\s+id\s*=\s*[\"']?([0-9]{1,9})[\"']?)?\s*(?:(/)\s*)?>", re.IGNORECASE)
_TORN = re.compile(r"</?[xwpn]\s+id\b", re.IGNORECASE)
_KEPT = re.compile(r'<([xn]) id="(\d+)"')


@dataclass
class Restored:
    """A translation without tags; `prose` lacks the literal parts, `forms` are the arguments' forms in it.

    `glued` are literal parts with the beginning of the word that runs into them.
    """

    text: str = ""
    prose: str = ""
    forms: dict[int, list[str]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    glued: list[str] = field(default_factory=list)
    broken: bool = False


def restore(protected: Protected, translated: str) -> Restored:
    """The translation with literal parts and line breaks put back, and the form each argument has in it."""
    if _TAG.search(protected.text) and not _TAG.search(translated):
        # Some engines escape the tags with the text.
        translated = _unescaped(translated)
    reader = _Reader(protected)
    at = 0
    for tag in _TAG.finditer(translated):
        reader.text(_unescaped(translated[at : tag.start()]))
        reader.tag(tag)
        at = tag.end()
    reader.text(_unescaped(translated[at:]))
    reader.result.broken |= _TORN.search("".join(reader.prose)) is not None
    return reader.finish()


def _unescaped(text: str) -> str:
    """The text without entities, however often they were escaped: an entity that the source shows is a literal part."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), _AMPERSANDS.sub("&", text))


class _Reader:
    """Puts a translation together from the pieces between its tags."""

    def __init__(self, protected: Protected) -> None:
        self.protected = protected
        self.parts: list[str] = []
        self.prose: list[str] = []
        self.open: list[tuple[str, int, int]] = []
        self.spans: list[tuple[int, int, int]] = []
        self.length = 0
        self.in_literal = self.after_break = False
        self.stands_apart = ""
        self.seen: Counter[tuple[str, int]] = Counter()
        self.result = Restored()

    def text(self, piece: str) -> None:
        if self.in_literal or not piece:
            return
        if self.after_break:
            piece = piece.lstrip(" ")
        if self.stands_apart and joins(piece[:1]):
            # "…fiKatso" has lost a space, "{name}n" may be a case ending.
            if piece[0].isupper() and piece[1:2].islower():
                self._add(" ")
            else:
                self.result.glued.append(self.stands_apart + piece.split()[0])
        self._add(piece)
        self.prose.append(piece)

    def _add(self, piece: str) -> None:
        self.after_break = False
        self.stands_apart = ""
        self.parts.append(piece)
        self.length += len(piece)

    def tag(self, found: re.Match[str]) -> None:
        closing, name, number, empty = found.groups()
        name = name.lower()
        if name == BREAK:
            if not closing:
                self._break(number)
        elif closing:
            self._close(name)
        elif number is None or empty or self.in_literal:
            self.result.broken = True
        elif name == IGNORED:
            self._literal(int(number))
        elif len(self.open) > len(self.protected.arguments):
            self.result.broken = True
        else:
            self.open.append((name, int(number), self.length))

    def _break(self, number: str | None) -> None:
        if number is None or int(number) >= len(self.protected.breaks) or self.in_literal:
            self.result.broken = True
            return
        self.seen[BREAK, int(number)] += 1
        if self.parts:
            stripped = self.parts[-1].rstrip(" ")
            self.length -= len(self.parts[-1]) - len(stripped)
            self.parts[-1] = stripped
        self._add(self.protected.breaks[int(number)])
        self.after_break = True
        self.prose.append("\n")

    def _literal(self, number: int) -> None:
        if number >= len(self.protected.literals):
            self.result.broken = True
            return
        self.in_literal = True
        self.seen[IGNORED, number] += 1
        literal, (before, after) = self.protected.literals[number], self.protected.apart[number]
        if before and self.parts and joins(self.parts[-1][-1:]):
            self._add(" ")
        self._add(literal)
        self.stands_apart = literal if after else ""
        self.prose.append(" ")

    def _close(self, name: str) -> None:
        if name == IGNORED:
            self.result.broken |= not self.in_literal
            self.in_literal = False
        elif self.open and self.open[-1][0] == name:
            _, number, start = self.open.pop()
            self.spans.append((number, start, self.length))
        else:
            self.result.broken = True

    def finish(self) -> Restored:
        result, whole = self.result, "".join(self.parts)
        result.broken |= bool(self.open) or self.in_literal
        for number, start, end in self.spans:
            if number < len(self.protected.arguments):
                result.forms.setdefault(number, []).append(nfc(whole[start:end].strip()))
            else:
                result.broken = True
        result.text, result.prose = nfc(whole.strip()), nfc("".join(self.prose).strip())
        for name, number in _KEPT.findall(self.protected.text):
            if self.seen[name, int(number)] == 1:
                continue
            if name == IGNORED:
                result.lost.append(self.protected.literals[int(number)].strip())
            else:
                result.broken = True
        return result
