"""Draws that a text decides: the same on every machine, in every process and Python."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def number_of(text: str) -> int:
    """A number below 2**64 that looks random and is the same for the same text everywhere."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


class Dice:
    """Draws in a row, all decided by the text that names them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thrown = 0

    def below(self, end: int) -> int:
        """A number from 0 to `end` - 1."""
        self._thrown += 1
        return number_of(f"{self._name}/{self._thrown}") % end

    def between(self, first: int, last: int) -> int:
        """A number from `first` to `last`, both included."""
        return first + self.below(last - first + 1)

    def choice(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]

    def sample(self, items: Iterable[Item], count: int) -> list[Item]:
        """So many of the items, or all when there are fewer, in a drawn order."""
        left = list(items)
        drawn: list[Item] = []
        while left and len(drawn) < count:
            at = self.below(len(left))
            left[at], left[-1] = left[-1], left[at]
            drawn.append(left.pop())
        return drawn
