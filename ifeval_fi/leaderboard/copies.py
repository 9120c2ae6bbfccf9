"""Answers found elsewhere: in another entry, or in what ships with the package; light edits do not hide them."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ifeval_fi.leaderboard.asked import asked, bones
from ifeval_fi.prompts import Key, PromptSet
from ifeval_fi.scoring.pieces import shingles
from ifeval_fi.scoring.responses import Response

Place = tuple[Key, int]
"""A prompt's key and the number of the sample."""


class Traces(NamedTuple):
    """The smallest hashes of an answer's runs of letters, and of the bones of its words in whatever order."""

    runs: array[int]
    bones: array[int]


Sketch = Mapping[Place, Traces]

SHIPPED = "the sample answers of this package"
MOST_COPIED = 0.25
MOST_ANYWHERE = 0.75
SAME = 0.8
FEW = 8
COMPARABLE_ANSWERS = 20
_ASKED = 12
_HITS = 2
_HOLDERS = 12
_ALL = 2**32


class _Measure(NamedTuple):
    """How alike two answers must be in one kind of trace; strictly so where there are fewer than enough to compare."""

    kept: int
    least: int
    enough: int
    alike: float
    strictly: float


RUNS = _Measure(kept=64, least=4, enough=8, alike=0.28, strictly=0.75)
# Two honest answers to one prompt share a third of their words' bones, 1 in 100 pairs three quarters of them.
BONES = _Measure(kept=48, least=6, enough=12, alike=0.78, strictly=0.9)


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
        """Whether it is a copy: a quarter stands in a few others, or three quarters in all others together."""
        if self.compared < COMPARABLE_ANSWERS:
            return False
        return self.share > MOST_ANYWHERE or sum(n for _, n in self.few) > MOST_COPIED * self.compared


def sketch(responses: Iterable[Response], prompts: PromptSet, salt: int = 0) -> Sketch:
    """Traces of each answer that is long enough, less those of its prompt's own words.

    The salt decides which hashes are kept; one that the author of an answer cannot know cannot be written around.
    """
    known = asked(prompts)
    found = {}
    for each in responses:
        runs = shingles(each.text).difference(known.runs.get(each.key, ()))
        if len(runs) >= RUNS.least:
            own = bones(each.text).difference(known.bones.get(each.key, ()))
            found[each.key, each.sample] = Traces(_smallest(runs, RUNS, salt), _smallest(own, BONES, salt))
    return found


def _smallest(hashes: set[int], measure: _Measure, salt: int) -> array[int]:
    return array("I", sorted(value ^ salt for value in hashes)[: measure.kept])


def is_alike(one: Sequence[int], other: Sequence[int], measure: _Measure) -> bool:
    """Whether enough of the shorter answer's hashes stand in the other.

    What is compared is what both would have kept, so that padding hides nothing.
    """
    most = min(_last(one, measure), _last(other, measure))
    mine, theirs = {h for h in one if h <= most}, {h for h in other if h <= most}
    fewer = min(len(mine), len(theirs))
    if fewer < measure.least:
        return False
    return len(mine & theirs) >= fewer * (measure.alike if fewer >= measure.enough else measure.strictly)


def _last(kept: Sequence[int], measure: _Measure) -> int:
    return kept[-1] if len(kept) == measure.kept else _ALL


def found_elsewhere(sketches: Sequence[Sketch]) -> list[Finding]:
    """For each entry, its answers that stand in the others."""
    where: list[dict[int, set[Place]]] = [defaultdict(set) for _ in sketches]
    by_key: dict[Key, list[Answer]] = defaultdict(list)
    for number, each in enumerate(sketches):
        for place in each:
            by_key[place[0]].append((number, place))
    for answers in by_key.values():
        traces = [sketches[number][place] for number, place in answers]
        numbers = [number for number, _ in answers]
        for at, other in _pairs(traces, numbers):
            (one, mine), (another, theirs) = answers[at], answers[other]
            where[one][another].add(mine)
            where[another][one].add(theirs)
    return [Finding(where[number], len(each)) for number, each in enumerate(sketches)]


def same_answers(one: Sketch, other: Sketch) -> set[Place]:
    """The answers that are the same in both, but for a few words."""
    nearly = RUNS._replace(alike=SAME, strictly=SAME)
    return {
        place for place, traces in one.items() if place in other and is_alike(traces.runs, other[place].runs, nearly)
    }


Answer = tuple[int, Place]


def _pairs(traces: Sequence[Traces], entries: Sequence[int]) -> set[tuple[int, int]]:
    """Pairs of answers of different entries to one prompt that are alike, in one kind of trace or the other."""
    found: set[tuple[int, int]] = set()
    for measure, kept in ((RUNS, [each.runs for each in traces]), (BONES, [each.bones for each in traces])):
        for pair in _candidates(kept, entries):
            if pair not in found and is_alike(kept[pair[0]], kept[pair[1]], measure):
                found.add(pair)
    return found


def _candidates(kept: Sequence[Sequence[int]], entries: Sequence[int]) -> set[tuple[int, int]]:
    """Pairs that share two of the hashes that the fewest answers have; only these are compared in full."""
    holders: dict[int, list[int]] = defaultdict(list)
    for at, hashes in enumerate(kept):
        for value in hashes:
            holders[value].append(at)
    found = set()
    for at, hashes in enumerate(kept):
        shared = [(len(held), value) for value in hashes if len(held := holders[value]) > 1]
        # Phrases that everyone uses lead to a few only.
        probes = sorted(shared)[:_ASKED]
        hits = Counter(other for _, value in probes for other in holders[value][:_HOLDERS])
        for other, times in hits.items():
            if times >= _HITS and entries[at] != entries[other]:
                found.add((min(at, other), max(at, other)))
    return found
