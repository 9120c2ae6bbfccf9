"""Choosing a model: which entries qualify, and what each would gain or lose against one in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ifeval_fi.errors import IfevalError
from ifeval_fi.leaderboard.board import Board, Standing
from ifeval_fi.report.tables import Table, one_line
from ifeval_fi.scoring.paired import Difference, change, interval


@dataclass(frozen=True)
class Wanted:
    """Conditions on a model; what is None or False is not asked for."""

    most_b: float | None = None
    open_weights: bool = False
    open_data: bool = False
    eu: bool = False
    workstation: bool = False
    licenses: Sequence[str] = ()

    def __contains__(self, each: Standing) -> bool:
        model = each.model
        return (
            (self.most_b is None or (each.size is not None and each.size <= self.most_b))
            and (not self.open_weights or model["open_weights"])
            and (not self.open_data or model["open_data"])
            and (not self.eu or model["eu"])
            and (not self.workstation or each.fits_workstation)
            and (not self.licenses or model["license"].lower() in {name.lower() for name in self.licenses})
        )


def difference(board: Board, reference: Standing, candidate: Standing) -> tuple[float, float, float]:
    """Candidate's headline less the reference's, with its 95 % interval, paired by prompt."""
    sizes = [len(prompt.instructions) for prompt in board.prompts]
    pairs = [
        Difference(after - before, size)
        for before, after, size in zip(reference.found.followed, candidate.found.followed, sizes, strict=True)
    ]
    return change(pairs), *interval(pairs)


def reference_of(board: Board, against: str | None) -> Standing | None:
    """The entry to compare with, by place or name; without one the best to replace, if there is any."""
    if against is None:
        return board.references[0] if board.references else None
    found = [each for each in board.entries if against in (each.place, each.name)]
    if not found:
        raise IfevalError(f"--against {against}: no such entry; there are {', '.join(e.place for e in board.entries)}")
    return found[0]


def choice(board: Board, reference: Standing | None, found: Sequence[Standing]) -> Table:
    """The entries found, each with its points against the reference."""
    rows = []
    for each in found:
        change, low, high = difference(board, reference, each) if reference else (0.0, 0.0, 0.0)
        same = reference is None or each is reference
        size = "–" if each.size is None else f"{each.size:g}"
        rows.append(
            (
                one_line(each.name),
                each.run_name,
                f"{100 * each.score:.1f}",
                "–" if same else f"{100 * change:+.1f}",
                "–" if same else f"{100 * low:+.1f} to {100 * high:+.1f}",
                f"{100 * each.summary['inst_level_strict_acc_in_language']:.1f}",
                f"{100 * each.truncated:.1f}",
                size,
                each.entry["setup"]["quantisation"] or "–",
                each.model["license"],
            )
        )
    columns = (
        *("model", "run", "followed %", "points", "95 % interval"),
        *("in language %", "cut off %", "size, B", "quantised", "licence"),
    )
    note = (
        f"Points against {reference.name}, {reference.run_name} ({100 * reference.score:.1f} %)." if reference else ""
    )
    return Table("Models that qualify", columns, rows, left=2, note=note)
