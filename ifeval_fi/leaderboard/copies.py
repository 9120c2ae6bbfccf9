"""Answers found elsewhere: in another entry, or in what ships with the package; light edits do not hide them."""

from __future__ import annotations

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ifeval_fi.prompts import Key, Prompt
from ifeval_fi.resources import resource
from ifeval_fi.scoring.pieces import shingles
from ifeval_fi.scoring.responses import Response

Place = tuple[Key, int]
"""A prompt's key and the number of the sample."""
Sketch = Mapping[Place, "array[int]"]

SHIPPED = "the sample answers of this package"
ALIKE = 0.28
MOST_COPIED = 0.3
MOST_ANYWHERE = 0.75
FEW = 8
COMPARABLE_ANSWERS = 20
_KEPT = 64
_LEAST = 8
_ASKED = 12
_HITS = 2
_HOLDERS = 12
_ALL = 2**32


@dataclass(frozen=True)
class Finding:
    """The answers that stand elsewhere, by the number of the other entry, of so many that are long enough to tell."""

    where: Mapping[int, set[Place]] = field(default_factory=dict)
    compared: int = 0

    @property
    def share(self) -> float:
        """The share of comparable answers found in any other; 0 where none is comparable."""
        return len(set[Place]().union(*self.where.values())) / self.compared if self.compared else 0.0

    @property
    def few(self) -> list[tuple[int, int]]:
        """The few others that together hold most of them: each with how many it adds.

        Honest entries find one answer in fifty in any other, so that of two hundred others only a few may count.
        """
        left = {number: set(places) for number, places in self.where.items()}
        found: list[tuple[int, int]] = []
        while left and len(found) < FEW:
            number = max(left, key=lambda each: (len(left[each]), -each))
            taken = left.pop(number)
            if not taken:
                break
            found.append((number, len(taken)))
            left = {each: places - taken for each, places in left.items()}
        return found

    @property
    def copied(self) -> bool:
        """Whether it is a copy: three tenths stand in a few others, or three quarters in all others together."""
        if self.compared < COMPARABLE_ANSWERS:
            return False
        return self.share > MOST_ANYWHERE or sum(n for _, n in self.few) > MOST_COPIED * self.compared


def sketch(responses: Iterable[Response], prompts: Iterable[Prompt], salt: int = 0) -> Sketch:
    """Hashes of each answer that is long enough, less those of its prompt's own words.

    The salt decides which hashes are kept; one that the author of an answer cannot know cannot be written around.
    """
    asked = {prompt.key: shingles(prompt.text) for prompt in prompts}
    found = {}
    for each in responses:
        own = shingles(each.text) - asked.get(each.key, set())
        if len(own) >= _LEAST:
            kept = sorted(value ^ salt for value in own)[:_KEPT]
            found[each.key, each.sample] = array("I", kept)
    return found


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """The estimated share of the shorter answer's shingles that stand in the other; 0 where too little can be seen.

    What is compared is what both would have kept, so that padding hides nothing.
    """
    most = min(_last(one), _last(other))
    mine, theirs = {h for h in one if h <= most}, {h for h in other if h <= most}
    fewer = min(len(mine), len(theirs))
    return len(mine & theirs) / fewer if fewer >= _LEAST // 2 else 0.0


def _last(kept: Sequence[int]) -> int:
    return kept[-1] if len(kept) == _KEPT else _ALL


@cache
def shipped(language: str) -> tuple[Response, ...]:
    """The sample answers that travel with the package in this language."""
    file = resource("data", language, "samples.jsonl")
    if not file.is_file():
        return ()
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return tuple(Response(row["key"], row["response"]) for row in rows)


def found_elsewhere(sketches: Sequence[Sketch]) -> list[Finding]:
    """For each entry, its answers that stand in the others.

    An answer's smallest hashes lead to those that share two of them; only these are compared in full.
    """
    where: list[dict[int, set[Place]]] = [defaultdict(set) for _ in sketches]
    by_key: dict[Key, list[Answer]] = defaultdict(list)
    for number, each in enumerate(sketches):
        for place in each:
            by_key[place[0]].append((number, place))
    for answers in by_key.values():
        for one, other in _pairs(answers, sketches):
            where[one[0]][other[0]].add(one[1])
            where[other[0]][one[0]].add(other[1])
    return [Finding(where[number], len(each)) for number, each in enumerate(sketches)]


Answer = tuple[int, Place]


def _pairs(answers: Sequence[Answer], sketches: Sequence[Sketch]) -> Iterable[tuple[Answer, Answer]]:
    """Pairs of answers of different entries to one prompt that are alike."""
    holders: dict[int, list[int]] = defaultdict(list)
    kept = [sketches[number][place] for number, place in answers]
    for at, hashes in enumerate(kept):
        for value in hashes:
            holders[value].append(at)
    seen = set()
    for at, hashes in enumerate(kept):
        # Phrases that everyone uses lead to a few only.
        hits = Counter(other for value in hashes[:_ASKED] for other in holders[value][:_HOLDERS])
        for other, times in hits.items():
            pair = (min(at, other), max(at, other))
            if times >= _HITS and answers[at][0] != answers[other][0] and pair not in seen:
                seen.add(pair)
                if similarity(kept[at], kept[other]) >= ALIKE:
                    yield answers[at], answers[other]
