"""What only shows beside other entries: copied answers, ids that look alike, and corrections of other runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from ifeval_fi.jsonl import Row
from ifeval_fi.leaderboard.asked import public_answers, sample_sets
from ifeval_fi.leaderboard.copies import (
    COMPARABLE_ANSWERS,
    SHIPPED,
    Finding,
    Place,
    Sketch,
    found_elsewhere,
    same_answers,
    sketch,
)
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.reading import skeleton

if TYPE_CHECKING:
    from ifeval_fi.leaderboard.verify import Verification

SHOWN_COPIED = 0.1
PICKED_TOGETHER = 0.9
PICKED_FROM_ONE = 0.7
PICKED_APART = 0.15
MOST_NAMED = 3


def hold_against_each_other(found: Sequence[Verification], salt: int, settled: frozenset[str] = frozenset()) -> None:
    """Add what is wrong with entries beside others; places in `settled` were on the board before, and are not blamed.

    The salt is the one that the sketches were made with.
    """
    by_language: dict[str, list[Verification]] = defaultdict(list)
    for each in found:
        if each.run and each.sketch:
            by_language[each.run["prompts"]["language"]].append(each)
    for language, entries in by_language.items():
        _find_copies(entries, shipped_sketch(language, salt), settled)
    _find_lookalikes(found, settled)
    _find_strangers(found, settled)
    _check_corrections(found)


def shipped_sketch(language: str, salt: int) -> Sketch:
    """The sketch of the sample answers in this language; empty where there are none."""
    answers = public_answers(language)
    found: Sketch = {}
    for name in sample_sets(language):
        prompts = load_prompts(name)
        keys = {prompt.key for prompt in prompts}
        found = {**found, **sketch((each for each in answers if each.key in keys), prompts, salt)}
    return found


def _find_copies(entries: Sequence[Verification], samples: Sketch, settled: frozenset[str]) -> None:
    numbers = range(len(entries))
    sketches = [each.sketch for each in entries]
    findings = found_elsewhere([*sketches, samples])
    for number, each in enumerate(entries):
        others = (other for other in numbers if other != number)
        related = {other: why for other in others if (why := _relation(each, entries[other])) is not None}
        where = findings[number].where
        strange = Finding({n: places for n, places in where.items() if n not in related}, findings[number].compared)
        names = [_name(entries, n) for n, _ in strange.few]
        foreign = {n: places for n, places in where.items() if related.get(n) != ""}
        outside = Finding(foreign, strange.compared)
        each.elsewhere = outside.share
        each.sources = [_name(entries, n) for n, _ in outside.few[:MOST_NAMED]]
        if strange.share > SHOWN_COPIED or strange.copied:
            count = round(strange.share * strange.compared)
            sentence = f"{count} of {strange.compared} answers are nearly those of {', '.join(names[:MOST_NAMED])}"
            sentence += f" and {len(names) - MOST_NAMED} others" if len(names) > MOST_NAMED else ""
            blamed = strange.copied and each.place not in settled
            (each.errors if blamed else each.warnings).insert(0, sentence)
        if each.place not in settled and (sources := _picked_from(number, list(related), sketches)):
            runs = ", ".join(entries[other].place for other in sources)
            each.errors.insert(0, f"its answers are picked from {runs}; submit the runs as they are")
        for other, why in related.items():
            alike = len(where.get(other, ()))
            if why and alike > SHOWN_COPIED * strange.compared:
                sentence = f"{alike} of {strange.compared} answers are nearly those of {entries[other].place}, {why}"
                each.warnings.insert(0, sentence)


def _picked_from(number: int, related: Sequence[int], sketches: Sequence[Sketch]) -> list[int]:
    """The runs of its family that together have nearly all of its answers, where no one has most and they differ.

    A run that is done again agrees with one of the earlier runs as much as these do with each other.
    """
    own = sketches[number]
    same = {other: same_answers(own, sketches[other]) for other in related}
    together = set[Place]().union(*same.values())
    if len(same) < 2 or len(own) < COMPARABLE_ANSWERS or len(together) < PICKED_TOGETHER * len(own):
        return []
    sources = sorted(same, key=lambda other: (-len(same[other]), other))[:MOST_NAMED]
    most = len(same[sources[0]]) / len(own)
    agreeing = max(len(same_answers(sketches[a], sketches[b])) for a, b in combinations(sources, 2)) / len(own)
    return sources if most < PICKED_FROM_ONE and agreeing < most - PICKED_APART else []


def _name(entries: Sequence[Verification], number: int) -> str:
    return entries[number].place if number < len(entries) else SHIPPED


def _relation(one: Verification, other: Verification) -> str | None:
    """Why two entries may have nearly the same answers: "" for one model, words for a family, else None."""
    if one.entry is None or other.entry is None:
        return None
    mine, theirs = one.entry["model"], other.entry["model"]
    if mine["id"] == theirs["id"]:
        return ""
    if mine["base_model"] == theirs["id"]:
        return "its base model"
    if theirs["base_model"] == mine["id"]:
        return "which names it as its base model"
    if mine["base_model"] and mine["base_model"] == theirs["base_model"]:
        return "a model of the same base"
    return None


def _find_lookalikes(found: Sequence[Verification], settled: frozenset[str]) -> None:
    """Ids of which a reader would take one for the other: `org/malli`, `Org/Malli`, `org/ma11i`."""
    ids: dict[str, set[str]] = defaultdict(set)
    for each in found:
        if each.entry:
            ids[skeleton(each.entry["model"]["id"])].add(each.entry["model"]["id"])
    for each in found:
        if each.entry and each.place not in settled:
            own = each.entry["model"]["id"]
            if others := sorted(ids[skeleton(own)] - {own}):
                each.errors.append(f"model.id {own} reads like {others[0]}, another model's; write both the same way")


def _find_strangers(found: Sequence[Verification], settled: frozenset[str]) -> None:
    """Newcomers to a model that another submitter has runs of."""
    runs: dict[str, list[Verification]] = defaultdict(list)
    for each in found:
        if each.entry:
            runs[each.entry["model"]["id"]].append(each)
    for each in found:
        if each.entry and each.place not in settled:
            who = submitter(each.entry)
            if others := [other for other in runs[who[0]] if other.entry and submitter(other.entry) != who]:
                names = f"{others[0].place}, whose contact or developer is another"
                each.warnings.append(f"another submitter has a run of this model: {names}")


def _check_corrections(found: Sequence[Verification]) -> None:
    places = {each.place: each for each in found}
    for each in found:
        if each.target is None:
            continue
        target, name = places.get(each.target), each.target.partition("/")[2]
        if target is None or target is each:
            each.errors.append(f"supersedes {name}, which is no other run of this model")
        elif target.entry and each.entry and submitter(target.entry) != submitter(each.entry):
            each.errors.append(f"supersedes {name}, which another submitter made: contact and developer differ")
        elif each.place in _line(each, places):
            each.errors.append(f"supersedes {name}, which in the end supersedes this run")


def submitter(entry: Row) -> tuple[str, str, str]:
    """Whose entry it is: the model with contact and developer, as they read."""
    return (entry["model"]["id"], skeleton(entry["contact"]), skeleton(entry["model"]["developer"]))


def _line(start: Verification, places: Mapping[str, Verification]) -> set[str]:
    """Everything that this entry supersedes, and what that supersedes, and so on."""
    line: set[str] = set()
    each: Verification | None = start
    while each and each.target and each.target not in line:
        line.add(each.target)
        each = places.get(each.target)
    return line
