"""The report over all cells of a sweep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ifeval_fi.files import write_atomically
from ifeval_fi.report.sweep import Asked, sweep_page
from ifeval_fi.report.tables import Table
from ifeval_fi.sweep.plan import Plan
from ifeval_fi.sweep.state import Standing, done_sets, mark

REPORT = "report.html"


def write_sweep_report(plan: Plan, standings: Sequence[Standing]) -> Path | None:
    """Write report.html over every prompt set that is done; None where none is."""
    asked = list(_asked(plan))
    if not asked:
        return None
    problems = [f"{each.cell.label}: {each.reason or each.state}" for each in standings if each.state != "done"]
    path = plan.output / REPORT
    write_atomically(path, sweep_page(asked, plan.output, _cells(standings), problems))
    return path


def _asked(plan: Plan) -> Iterator[Asked]:
    for cell in plan.cells:
        folder = plan.folder(cell)
        marked = done_sets(folder)
        for each in cell.sets:
            if marked.get(each.folder) == mark(cell, each):
                yield Asked(folder / each.folder, cell.model.name, cell.setting, cell.model.step, cell.model.series)


def _cells(standings: Sequence[Standing]) -> Table:
    rows = [
        (each.cell.model.name, each.cell.setting, each.cell.model.engine, each.state, f"{each.answered}/{each.total}")
        for each in standings
    ]
    return Table("Cells", ("model", "setting", "server", "state", "answers"), rows, left=4)
