"""Separate a model's reasoning from its answer."""

from __future__ import annotations

from typing import NamedTuple

OPEN, CLOSE = "<think>", "</think>"


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
    rest = text
    while True:
        stripped = rest.lstrip()
        opened = stripped.startswith(OPEN)
        body = stripped[len(OPEN) :] if opened else rest
        end = body.find(CLOSE)
        if opened and end < 0:
            blocks.append(body)
            return Split("", _join(blocks), unclosed=True)
        opener_in_prompt = not opened and not blocks and end >= 0 and OPEN not in body[:end]
        if not opened and not opener_in_prompt:
            break
        blocks.append(body[:end])
        rest = body[end + len(CLOSE) :]
    if not blocks:
        return Split(text, None)
    return Split(rest.lstrip(), _join(blocks))


def _join(blocks: list[str]) -> str | None:
    return "\n\n".join(block.strip() for block in blocks if block.strip()) or None
