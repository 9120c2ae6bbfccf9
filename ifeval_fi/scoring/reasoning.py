"""Separate a model's reasoning from its answer."""

from __future__ import annotations

import re
from typing import NamedTuple

OPEN, CLOSE = "<think>", "</think>"
_OPENED = re.compile(rf"\s*{OPEN}")


class Split(NamedTuple):
    """An answer without its reasoning; `unclosed` when the reply ended before the reasoning did."""

    answer: str
    reasoning: str | None
    unclosed: bool = False


def split_reasoning(text: str) -> Split:
    """Strip leading think blocks; later tags are the answer's own words.

    The first opening tag may be missing, because some chat templates put it into the prompt.
    """
    blocks: list[str] = []
    at = 0
    while True:
        opened = _OPENED.match(text, at)
        if not opened and blocks:
            break
        start = opened.end() if opened else 0
        end = text.find(CLOSE, start)
        if opened and end < 0:
            blocks.append(text[start:])
            return Split("", _join(blocks), unclosed=True)
        if not opened and (end < 0 or OPEN in text[:end]):
            return Split(text, None)
        blocks.append(text[start:end])
        at = end + len(CLOSE)
    return Split(text[at:].lstrip(), _join(blocks))


def _join(blocks: list[str]) -> str | None:
    return "\n\n".join(block.strip() for block in blocks if block.strip()) or None
