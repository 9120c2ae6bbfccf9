"""Near-duplicates: entries whose answers are nearly another's, found without holding every pair of texts together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from zlib import crc32

from ifeval_fi.prompts import Key

Sketch = Mapping[Key, tuple[int, ...]]

COMPARABLE_WORDS = 12
COMPARABLE_ANSWERS = 20
ALIKE = 0.75
MOST_COPIED = 0.5
_SIZE = 24
_WORD = re.compile(r"\w+")


def sketch(answers: Mapping[Key, str]) -> Sketch:
    """The smallest hashes of the word triples of every answer long enough to be compared."""
    found = {}
    for key, text in answers.items():
        words = [crc32(word.encode("utf-8", "replace")) for word in _WORD.findall(text.lower())]
        if len(words) >= COMPARABLE_WORDS:
            triples = zip(words, words[1:], words[2:], strict=False)
            hashes = {(a * 0x9E3779B1 ^ b * 0x85EBCA6B ^ c) & 0xFFFFFFFF for a, b, c in triples}
            found[key] = tuple(sorted(hashes)[:_SIZE])
    return found


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated share of word triples that two answers have in common."""
    smallest = set(sorted({*one, *other})[:_SIZE])
    return len(smallest.intersection(one).intersection(other)) / len(smallest)


def copies(sketches: Sequence[Sketch]) -> Iterator[tuple[int, int, int, int]]:
    """Pairs of entries, with how many answers are nearly the same and how many could be compared."""
    for one, other in sorted(_suspects(sketches)):
        shared = sketches[one].keys() & sketches[other].keys()
        alike = sum(similarity(sketches[one][key], sketches[other][key]) >= ALIKE for key in shared)
        if alike > MOST_COPIED * len(shared):
            yield one, other, alike, len(shared)


def _suspects(sketches: Sequence[Sketch]) -> Iterator[tuple[int, int]]:
    """Pairs in which every fifth comparable answer shares one of its four smallest hashes with the other's.

    Of answers that are three quarters alike, more do; so no copy is passed over, and few pairs are looked at.
    """
    meetings: Counter[tuple[int, int]] = Counter()
    for key in {key for each in sketches for key in each}:
        owners: defaultdict[int, list[int]] = defaultdict(list)
        for place, each in enumerate(sketches):
            for smallest in each.get(key, ())[:4]:
                owners[smallest].append(place)
        meetings.update({pair for them in owners.values() for pair in combinations(them, 2)})
    for (one, other), count in meetings.items():
        shared = len(sketches[one].keys() & sketches[other].keys())
        if shared >= COMPARABLE_ANSWERS and count * 5 >= shared:
            yield one, other
