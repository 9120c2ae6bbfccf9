"""From a plan to its report: hand the cells to an executor, look on until all have ended, put results together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Protocol

from ifeval_fi.sweep.plan import Cell, Plan
from ifeval_fi.sweep.server import require
from ifeval_fi.sweep.state import Standing, Watch, is_done, mark_failed

_LOOK_SECONDS = 0.5


class Work(Protocol):
    """Cells under way somewhere."""

    def poll(self) -> dict[str, str | None]:
        """The cells that have ended since the last call, with a reason where they left none themselves."""
        ...

    def stop(self) -> str:
        """End what ends with this process, in order; what to tell the user."""
        ...


@dataclass(frozen=True)
class Outcome:
    """Where every cell stands when the sweep has ended; `stopped` is what to say where it was interrupted."""

    standings: Sequence[Standing]
    stopped: str | None = None

    @property
    def complete(self) -> bool:
        """Whether every cell is done."""
        return all(each.state == "done" for each in self.standings)


def carry_out(plan: Plan, look: Callable[[Sequence[Standing]], None] = lambda standings: None) -> Outcome:
    """Run every cell that is not done; `look` sees the standings about twice a second.

    An IfevalError says what keeps the work from beginning. At Ctrl-C the cells that run here are ended in order.
    """
    plan.save()
    watch = Watch(plan)
    pending = {cell.id: cell for cell in plan.cells if not is_done(cell, plan.folder(cell))}
    if not pending:
        return Outcome(watch.look())
    cells = list(pending.values())
    if plan.executor == "local":
        require(cells)
    work = _executor(plan)(plan, cells)
    try:
        while pending:
            for name, reason in work.poll().items():
                cell = pending.pop(name)
                if reason is not None:
                    mark_failed(plan.folder(cell), reason)
            look(watch.look())
            if pending:
                sleep(_LOOK_SECONDS)
    except KeyboardInterrupt:
        told = work.stop()
        return Outcome(watch.look(), told)
    except BaseException:
        work.stop()
        raise
    return Outcome(watch.look())


def _executor(plan: Plan) -> Callable[[Plan, Sequence[Cell]], Work]:
    if plan.executor == "ray":
        from ifeval_fi.sweep.on_ray import RayWork

        return RayWork
    if plan.executor == "slurm":
        from ifeval_fi.sweep.on_slurm import SlurmWork

        return SlurmWork
    from ifeval_fi.sweep.local import LocalWork

    return LocalWork


def results(plan: Plan, standings: Sequence[Standing]) -> dict[str, list[Path]]:
    """The folders that have scores, by cell."""
    found = {}
    for each in standings:
        folders = [plan.folder(each.cell) / asked.folder for asked in each.cell.sets]
        if scored := [folder for folder in folders if (folder / "scores.json").is_file()]:
            found[each.cell.id] = scored
    return found
