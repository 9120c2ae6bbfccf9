"""What an engine is given and gives back, whichever it is."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ifeval_fi.errors import IfevalError
from ifeval_fi.files import read_text

_ANY_TAG = re.compile(r"</?[xwpn]\b[^<>]*>")

Say = Callable[[str], None]


class EngineError(IfevalError):
    """The engine cannot go on; what it translated is in the journal, and the same command goes on from there."""


def untagged(text: str) -> str:
    """The text without our tags."""
    return _ANY_TAG.sub("", text)


@dataclass(frozen=True)
class Segment:
    """One tagged text with the name it has in the journal, e.g. `1000` or `7/messages.0.content`."""

    key: str
    text: str

    @cached_property
    def sha256(self) -> str:
        """Hash of the tagged text, by which a paid translation is found again."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def characters(self) -> int:
        """Characters without the tags."""
        return len(html.unescape(untagged(self.text)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A tagged translation, or the reason there is none; `truncated` when it was cut off."""

    text: str | None
    reason: str = ""
    detail: str = ""
    truncated: bool = False


class Engine(Protocol):
    """Translates segments and keeps what it got in a journal in `folder`.

    `breaks` says whether line breaks need tags to survive. EngineError when it cannot go on.
    """

    name: str
    breaks: bool

    @property
    def model(self) -> str:
        """What did the work, for the record."""

    def translate(self, segments: Sequence[Segment], folder: Path, say: Say) -> Mapping[str, Outcome]:
        """Outcomes by the segments' keys."""


def read_glossary(path: Path) -> dict[str, str]:
    """Source and target terms of a file, a pair a line with a tab or else a semicolon or comma between."""
    entries: dict[str, str] = {}
    for number, line in enumerate(read_text(path).removeprefix("\ufeff").splitlines(), 1):
        if not line.strip():
            continue
        mark = next((each for each in "\t;," if each in line), None)
        parts = [part.strip().strip('"') for part in line.split(mark)] if mark else []
        if len(parts) != 2 or not all(parts):
            raise IfevalError(f"{path}, line {number}: must hold a source term, a tab and a target term")
        if entries.setdefault(parts[0], parts[1]) != parts[1]:
            raise IfevalError(f"{path}, line {number}: {parts[0]!r} is already translated otherwise above")
    if not entries:
        raise IfevalError(f"{path}: holds no terms")
    return entries
