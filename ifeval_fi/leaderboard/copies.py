"""Near-duplicates: entries whose answers are nearly another's, found without holding every pair of texts together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from random import Random
from zlib import crc32

from ifeval_fi.prompts import Key

Sketch = Mapping[Key, tuple[int, ...]]

COMPARABLE_WORDS = 12
COMPARABLE_ANSWERS = 20
ALIKE = 0.75
MOST_COPIED = 0.5
_SIZE = 24
_DRAWN = 24
_SUSPECT = 0.2
_WORD = re.compile(r"\w+")


def sketch(answers: Mapping[Key, str]) -> Sketch:
    """The smallest hashes of the word triples of every answer long enough to be compared."""
    found = {}
    for key, text in answers.items():
        spoken = _WORD.findall(text.lower().encode("utf-8", "replace").decode())
        if len(spoken) >= COMPARABLE_WORDS:
            words = list(map(crc32, map(str.encode, spoken)))
            # The hash of numbers, unlike that of strings, is the same in every process.
            hashes = set(map(hash, zip(words, words[1:], words[2:], strict=False)))
            found[key] = tuple(sorted(hashes)[:_SIZE])
    return found


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated share of word triples that two answers have in common."""
    smallest = set(sorted({*one, *other})[:_SIZE])
    return len(smallest.intersection(one).intersection(other)) / len(smallest)


def copies(sketches: Sequence[Sketch]) -> Iterator[tuple[int, int, int, int]]:
    """Pairs of entries, with how many answers are nearly the same and how many could be compared."""
    marks = [crc32(repr(sorted(each.values())).encode()) for each in sketches]
    for one, other in combinations(range(len(sketches)), 2):
        mine, theirs = sketches[one], sketches[other]
        shared = [key for key in mine if key in theirs]
        if len(shared) < COMPARABLE_ANSWERS:
            continue
        # A draw that depends on both entries' answers cannot be steered clear of.
        drawn = Random(marks[one] << 32 | marks[other]).sample(shared, min(_DRAWN, len(shared)))
        if sum(_alike(mine[key], theirs[key]) for key in drawn) < _SUSPECT * len(drawn):
            continue
        alike = sum(_alike(mine[key], theirs[key]) for key in shared)
        if alike > MOST_COPIED * len(shared):
            yield one, other, alike, len(shared)


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Answers that are three quarters alike share one of their six smallest hashes all but always."""
    return not set(one[:6]).isdisjoint(other[:6]) and similarity(one, other) >= ALIKE
