"""One model's answers to the same prompts in two languages: what it follows in one and not in the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from ifeval_fi.report.content import percent
from ifeval_fi.report.tables import Table, one_line
from ifeval_fi.scoring import PromptVerdicts
from ifeval_fi.scoring.paired import Difference, exact_test
from ifeval_fi.scoring.results import Results, load_results

Pair = tuple[PromptVerdicts, PromptVerdicts]


def load_pairs(folders: Sequence[Path]) -> list[Table]:
    """Tables over every two of the results that are one model's in two languages; none when no two share a prompt.

    Prompts are paired by key, first samples only. PromptError when a folder's prompts cannot be found.
    """
    results = [load_results(folder) for folder in folders]
    couples = [
        (other, one) if other.prompts.language == "en" else (one, other)
        for one, other in combinations(results, 2)
        if one.name == other.name and one.prompts.language != other.prompts.language
    ]
    paired = [(one, other, pairs) for one, other in couples if (pairs := list(_pairs(one, other)))]
    if not paired:
        return []
    return [_counts(paired), *(_by_instruction(*each) for each in paired), *(_differing(*each) for each in paired)]


def _pairs(one: Results, other: Results) -> Iterator[Pair]:
    theirs = {verdict.prompt.key: verdict for verdict in other.verdicts if not verdict.sample}
    for verdict in one.verdicts:
        if not verdict.sample and verdict.prompt.key in theirs:
            yield verdict, theirs[verdict.prompt.key]


def _counts(paired: Sequence[tuple[Results, Results, list[Pair]]]) -> Table:
    rows = []
    for one, other, pairs in paired:
        counts = Counter((all(ours.strict), all(theirs.strict)) for ours, theirs in pairs)
        numbers = [counts[kept] for kept in ((True, True), (True, False), (False, True), (False, False))]
        changes = [Difference(all(theirs.strict) - all(ours.strict), 1) for ours, theirs in pairs]
        _, chance = exact_test(changes)
        languages = " · ".join(each.prompts.language.upper() for each in (one, other))
        rows.append((one_line(one.name), languages, *map(str, (len(pairs), *numbers)), f"{chance:.3f}"))
    columns = ("model", "languages", "prompts", "both", "first only", "second only", "neither", "p")
    note = (
        "Prompts paired by key, strict, all instructions. p: exact test of first only against second only, two-sided."
    )
    return Table("The same prompts in two languages", columns, rows, left=2, note=note)


def _by_instruction(one: Results, other: Results, pairs: list[Pair]) -> Table:
    counts: dict[str, list[int]] = {}
    for ours, theirs in pairs:
        others = {each.id: kept for each, kept in zip(theirs.prompt.instructions, theirs.strict, strict=True)}
        for each, kept in zip(ours.prompt.instructions, ours.strict, strict=True):
            if each.id in others:
                found = counts.setdefault(each.id, [0, 0, 0])
                found[0] += 1
                found[1] += kept
                found[2] += others[each.id]
    rows = [
        (name, str(n), percent(a / n), percent(b / n), f"{100 * (b - a) / n:+.1f}".replace("-", "−"))
        for name, (n, a, b) in sorted(counts.items(), key=lambda item: (item[1][2] - item[1][1]) / item[1][0])
    ]
    first, second = (each.prompts.language.upper() for each in (one, other))
    title = f"{one_line(one.name)}: instructions in {first} and {second}"
    return Table(title, ("instruction", "n", f"{first} %", f"{second} %", "difference"), rows)


def _differing(one: Results, other: Results, pairs: list[Pair]) -> Table:
    rows = []
    for ours, theirs in pairs:
        if all(ours.strict) == all(theirs.strict):
            continue
        keeper, broken = (one, theirs) if all(ours.strict) else (other, ours)
        rows.append((str(ours.prompt.key), keeper.prompts.language.upper(), "; ".join(_failed(broken))))
    title = f"{one_line(one.name)}: followed in one language only"
    return Table(title, ("key", "followed in", "what failed in the other"), rows, left=3)


def _failed(verdict: PromptVerdicts) -> Iterator[str]:
    for instruction, kept, found in zip(verdict.prompt.instructions, verdict.strict, verdict.found, strict=True):
        if not kept:
            yield f"{instruction.id}: {one_line(found)[:80]}"
