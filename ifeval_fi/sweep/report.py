"""The report over all cells of a sweep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ifeval_fi.files import write_atomically
from ifeval_fi.report.sweep import Asked, sweep_page
from ifeval_fi.report.tables import Table
from ifeval_fi.sweep.plan import Plan
from ifeval_fi.sweep.state import Standing, done_sets, mark

REPORT = "report.html"
_TOLD = 10


def write_sweep_report(plan: Plan, standings: Sequence[Standing]) -> Path | None:
    """Write report.html over every prompt set that is done; None where none is."""
    asked = list(_asked(plan))
    if not asked:
        return None
    path = plan.output / REPORT
    write_atomically(path, sweep_page(asked, plan.output, _cells(standings), list(_problems(standings))))
    return path


def _problems(standings: Sequence[Standing]) -> Iterator[str]:
    """Failures with their reasons, as many as one reads, and how many cells are not done besides."""
    failed = [each for each in standings if each.state == "failed"]
    yield from (f"{each.cell.label}: {each.reason}" for each in failed[:_TOLD])
    counts = Counter(each.state for each in standings)
    others = {"failed": len(failed[_TOLD:]), "running": counts["running"], "waiting": counts["waiting"]}
    if told := ", ".join(f"{count} {state}" for state, count in others.items() if count):
        yield f"Of {len(standings)} cells {'more are ' if others['failed'] else ''}{told}."


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
