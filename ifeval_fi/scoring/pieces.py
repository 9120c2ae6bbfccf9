"""Short runs of letters by which texts are told to be alike, whatever lies between the letters."""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from zlib import crc32

from ifeval_fi.scoring.reading import letters

# Ten letters from a vowel and a consonant on, wherever words begin: "aamuolikyl" of "Aamu oli kylmä."
SHINGLE = re.compile(rb"(?=([aeiou][bcdghjklmnprstv].{8}))")
# Answers and prompts are looked at more than once; endless ones are not kept for that.
_REMEMBERED = 20_000


def shingles(text: str) -> set[int]:
    """Hashes of runs of ten letters, about one for every four letters of the text."""
    return set(pieces(text))


def pieces(text: str) -> array[int]:
    """The same in the text's order, each as often as it is there."""
    return _pieces(text) if len(text) < _REMEMBERED else _pieces.__wrapped__(text)


@lru_cache(maxsize=4096)
def _pieces(text: str) -> array[int]:
    return array("I", map(crc32, SHINGLE.findall(letters(text))))
