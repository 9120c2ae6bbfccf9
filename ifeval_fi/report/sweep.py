"""The report of a sweep: models by languages with rank ranges, learning curves of checkpoints, pass@k."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ifeval_fi.report.board import Board, Entry, board_tables, load_entries, rank_text, set_title
from ifeval_fi.report.content import percent
from ifeval_fi.report.curve_figure import curve_figure
from ifeval_fi.report.curves import Curves, Point, Series, curve_table
from ifeval_fi.report.html import both_themes, render
from ifeval_fi.report.tables import Table

# So many results are read faster by several processes than by one.
_MANY = 48
MEASURES = {
    "inst_level_strict_acc": "Instructions followed",
    "response_language_rate": "Answered in the asked language",
}


@dataclass(frozen=True)
class Asked:
    """One scored run folder of a sweep: who was asked, with which setting, and at which step of which training."""

    folder: Path
    model: str
    setting: str
    step: float | None = None
    series: str = ""


@dataclass(frozen=True)
class Group:
    """The results under one setting, which may be ranked, and where each lies."""

    setting: str
    board: Board
    links: Mapping[tuple[str, str], str]
    models: Sequence[str]

    @property
    def ranks(self) -> dict[str, dict[str, str]]:
        """By prompt set and model, the best and the worst rank in words; none where a set cannot be ranked."""
        found = {name: self.board.ranks(name) for name in self.board.sets}
        return {name: {model: rank_text(ends) for model, ends in ranks.items()} for name, ranks in found.items()}


def sweep_page(asked: Sequence[Asked], root: Path, cells: Table, problems: Sequence[str] = ()) -> str:
    """The page over run folders below `root`, to which its links lead; `cells` says how the work went."""
    jobs = (os.cpu_count() or 1) if len(asked) >= _MANY else 0
    entries = load_entries([each.folder for each in asked], jobs=jobs)
    return render(
        "sweep.html.j2",
        models=len({each.model for each in asked}),
        groups=list(_groups(asked, entries, root)),
        measures=MEASURES,
        curves=[(curve_table(each), both_themes(partial(curve_figure, each), 3)) for each in _curves(asked, entries)],
        passes=_passes(entries),
        settings=any(each.setting for each in asked),
        sets={name: set_title(name) for name in Board(entries).sets},
        cells=cells,
        problems=problems,
        rates=board_tables(Board(entries))[1] if entries else None,
        signatures=Board(entries).signatures,
    )


def _groups(asked: Sequence[Asked], entries: Sequence[Entry], root: Path) -> Iterator[Group]:
    for setting in dict.fromkeys(each.setting for each in asked):
        pairs = [(a, replace(e, name=a.model)) for a, e in zip(asked, entries, strict=True) if a.setting == setting]
        board = Board([entry for _, entry in pairs])
        links = {
            (entry.name, entry.prompt_set): (each.folder / "report.html").relative_to(root).as_posix()
            for each, entry in pairs
        }
        # Checkpoints in the order of their training, others best first.
        planned = list(dict.fromkeys(each.model for each, _ in pairs))
        models = planned if any(each.step is not None for each, _ in pairs) else board.models
        yield Group(setting, board, links, models)


def _curves(asked: Sequence[Asked], entries: Sequence[Entry]) -> Iterator[Curves]:
    """The course of each training, each setting a series of its own."""
    points: dict[str, dict[tuple[str, str], dict[float, Point]]] = {}
    for each, entry in zip(asked, entries, strict=True):
        if each.step is not None:
            name = " · ".join(filter(None, (each.series, each.setting)))
            of_set = points.setdefault(each.series, {}).setdefault((name, entry.prompt_set), {})
            of_set[each.step] = Point(each.step, entry)
    for of_training in points.values():
        series = tuple(
            Series(name, prompt_set, tuple(steps[step] for step in sorted(steps)))
            for (name, prompt_set), steps in sorted(of_training.items())
            if len(steps) > 1
        )
        if series:
            yield Curves("step", series)


def _passes(entries: Sequence[Entry]) -> Table | None:
    found = [(entry, passes) for entry in entries if (passes := entry.summary.get("prompt_level_strict_pass_at"))]
    counts = sorted({int(k) for _, passes in found for k in passes})
    if not found:
        return None
    rows = [(entry.name, entry.prompt_set, *(percent(passes.get(str(k))) for k in counts)) for entry, passes in found]
    columns = ("model", "prompts", *(f"pass@{k} %" for k in counts))
    return Table(
        "Pass at k",
        columns,
        rows,
        left=2,
        note="Prompt level, strict: the share of prompts of which one of k samples follows all.",
    )
