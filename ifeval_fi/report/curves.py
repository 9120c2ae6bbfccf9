"""Results of one model in the course of its training, or of one recipe over data mixes: series over a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath

from ifeval_fi.errors import IfevalError
from ifeval_fi.report.board import Entry
from ifeval_fi.report.content import NONE, interval, percent
from ifeval_fi.report.tables import Table, one_line

FEWEST = 3
"""The fewest places on the axis that make a curve."""
_MEASURES = {
    "inst_level_strict_acc": "instruction level %",
    "prompt_level_strict_acc": "prompt level %",
    "response_language_rate": "in language %",
}
AXES = {
    # "checkpoint-200", "global_step200", "sft step 200"
    "step": r"(?:checkpoint|global_step|step|iter)[-_ ]?(\d+)(?![\d.])",
    # "epoch-1.5"
    "epoch": r"epoch[-_ ]?(\d+(?:\.\d+)?)",
    # "en-fi-25", "mix 25", "25%", "25pct": two languages and the share of the second
    "share of the data, %": r"(?<![\w])(?:(?:mix|[a-z]{2}-[a-z]{2})[-_ ](\d{1,3})(?![\d.])|(\d{1,3}) ?(?:%|pct\b))",
}

# What joined the number to the rest: "sft-" before it, " - " where it stood.
_LOOSE = re.compile(r"[\s\-_,(]+$|^[\s\-_,)]+|(?<=\s)[\-_]+(?=\s)")


@dataclass(frozen=True)
class Point:
    """One result at its place on the axis."""

    x: float
    entry: Entry


@dataclass(frozen=True)
class Series:
    """The results of one model or recipe on one prompt set, by place."""

    name: str
    prompt_set: str
    points: tuple[Point, ...]

    @property
    def places(self) -> int:
        """How many different places there are."""
        return len({point.x for point in self.points})


@dataclass(frozen=True)
class Curves:
    """Series over one axis."""

    axis: str
    series: tuple[Series, ...]

    @property
    def entries(self) -> list[Entry]:
        """Every result in them."""
        return [point.entry for each in self.series for point in each.points]

    @property
    def file_name(self) -> str:
        """What a figure of them is called: "curve-step"."""
        return f"curve-{re.split(r'[^a-z]', self.axis)[0]}"


def find_curves(entries: Sequence[Entry], pattern: str | None = None) -> list[Curves]:
    """The curves that the results make: each axis on which a series has three places or more.

    The place stands in a run's name, or else in the path of its folder, as in `checkpoint-200` and `en-fi-25`.
    `pattern` is a regular expression whose group is the place instead. IfevalError when it is none, or finds none.
    """
    if pattern is None:
        found = (_curves(entries, axis, re.compile(each)) for axis, each in AXES.items())
        return [curves for curves in found if curves]
    try:
        compiled = re.compile(pattern)
    except re.error as problem:
        raise IfevalError(f"--x {pattern}: no regular expression ({problem})") from None
    if compiled.groups < 1:
        raise IfevalError(f"--x {pattern}: needs a group for the number, as in checkpoint-(\\d+)")
    curves = _curves(entries, "x", compiled)
    if curves is None:
        raise IfevalError(f"--x {pattern}: finds no {FEWEST} different numbers in the names and folders of the runs")
    return [curves]


def _curves(entries: Sequence[Entry], axis: str, pattern: re.Pattern[str]) -> Curves | None:
    placed = [(*place, entry) for entry in entries if (place := _place(entry, pattern))]
    placed.sort(key=lambda each: (each[0], each[2].prompt_set, each[1]))
    series = [
        Series(name, prompt_set, tuple(Point(x, entry) for _, x, entry in group))
        for (name, prompt_set), group in groupby(placed, key=lambda each: (each[0], each[2].prompt_set))
    ]
    kept = tuple(each for each in series if each.places >= FEWEST)
    return Curves(axis, kept) if kept else None


def _place(entry: Entry, pattern: re.Pattern[str]) -> tuple[str, float] | None:
    """The series that a result belongs to, and its place there: by its name, or else by the last folder that tells."""
    model = entry.model or entry.name
    for text in (model, *reversed(PurePath(entry.folder).parts)):
        if not (found := pattern.search(text)):
            continue
        number = _number(next((group for group in found.groups() if group is not None), ""))
        if number is None:
            continue
        before, after = text[: found.start()], text[found.end() :]
        # Behind the number a folder's name tells the prompt set, which the series has anyway.
        rest = f"{before} {after}" if text == model else f"{model} {before}"
        return one_line(_LOOSE.sub("", rest)) or model, number
    return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def curve_table(curves: Curves) -> Table:
    """The headline rates by series and place, with their intervals."""
    sets = sorted({each.prompt_set for each in curves.series}, key=lambda name: (name != "en", name))
    found = {(each.name, point.x, each.prompt_set): point.entry for each in curves.series for point in each.points}
    rows = []
    for name, x in sorted({(name, x) for name, x, _ in found}):
        cells = []
        for measure in _MEASURES:
            for prompt_set in sets:
                entry = found.get((name, x, prompt_set))
                cells.append(_cell(entry, measure) if entry else NONE)
        rows.append((name, f"{x:g}", *cells))
    columns = [f"{each.upper()} {label}" for label in _MEASURES.values() for each in sets]
    return Table(f"Over {curves.axis}, strict, with 95 % intervals", ("series", "at", *columns), rows)


def _cell(entry: Entry, measure: str) -> str:
    value = entry.summary.get(measure)
    return NONE if value is None else f"{percent(value)} ({interval(entry.summary, measure)})"
