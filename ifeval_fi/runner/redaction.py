"""The key stays in the environment: it is taken out of all that a server sends, before anything is cut or kept."""

from __future__ import annotations

import re
from typing import Any

SHORTEST_KEY = 8
"""Below this a key is a word such as `EMPTY` or `none`, which no server keeps secret and every text may hold."""
_PIECE = 5
_SHORTEST_PART = 10
_MESSAGE_READ = 10_000
_HIDDEN = "***"
# sk-proj-********abcd
_MASKED = re.compile(r"([\w-]{0,200}?)(?:[*•…]{2,}|\.{3,})([\w-]{0,200})")


def redacted(text: str, key: str | None) -> str:
    """The text without the key and without any part of it of ten characters or more."""
    if key is None or len(key) < SHORTEST_KEY:
        return text
    text = text.replace(key, _HIDDEN)
    for start in range(0, len(key) - _PIECE + 1, _PIECE):
        if key[start : start + _PIECE] in text:
            text = _without_parts(text, key, start)
    return text


def redacted_message(text: str, key: str | None) -> str:
    """The beginning of an error's message, in which servers also show a key's two ends: `sk-proj-****abcd`."""
    text = redacted(text, key)[:_MESSAGE_READ]
    if key is None or len(key) < SHORTEST_KEY:
        return text

    def hide(mask: re.Match[str]) -> str:
        begins, ends = mask.groups()
        shown = (len(begins) > 2 and key.startswith(begins)) or (len(ends) > 2 and key.endswith(ends))
        return _HIDDEN if shown else mask[0]

    return _MASKED.sub(hide, text)


def redacted_json(value: Any, key: str | None) -> Any:
    """A JSON value with every string in it redacted, names included."""
    if key is None or len(key) < SHORTEST_KEY:
        return value
    if isinstance(value, str):
        return redacted(value, key)
    if isinstance(value, list):
        return [redacted_json(each, key) for each in value]
    if isinstance(value, dict):
        return {redacted(name, key): redacted_json(each, key) for name, each in value.items()}
    return value


def _without_parts(text: str, key: str, start: int) -> str:
    """The text without the parts of the key that hold its piece at `start`."""
    piece = key[start : start + _PIECE]
    kept: list[str] = []
    place = 0
    while (found := text.find(piece, place)) >= 0:
        left = right = 0
        while left < min(start, found - place) and text[found - left - 1] == key[start - left - 1]:
            left += 1
        after, rest = found + _PIECE, start + _PIECE
        while after + right < len(text) and rest + right < len(key) and text[after + right] == key[rest + right]:
            right += 1
        if left + _PIECE + right >= _SHORTEST_PART:
            kept += [text[place : found - left], _HIDDEN]
        else:
            kept.append(text[place : after + right])
        place = after + right
    return "".join([*kept, text[place:]])
