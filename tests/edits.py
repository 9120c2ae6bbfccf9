"""How a copied answer is dressed up, for the tests of the board and the benchmark of its copy check."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

CYRILLIC = str.maketrans("aeopcxyi", "аеорсхуі")


def every(step: int, change: Callable[[str], str]) -> Callable[[str], str]:
    """The text with every so manyth word changed."""

    def edit(text: str) -> str:
        parts = re.split(r"(\s+)", text)
        return "".join(change(part) if at % (2 * step) == 0 else part for at, part in enumerate(parts))

    return edit


def shuffled(text: str) -> str:
    """The text with its sentences in another order."""
    parts = re.split(r"(?<=[.!?])\s+", text)
    random.Random(1).shuffle(parts)
    return " ".join(parts)
