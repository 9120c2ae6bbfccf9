"""How far the cells of a sweep are, read from their folders: whoever sees the files can look, wherever a cell runs."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import Row, dumps, loads
from ifeval_fi.runner.claim import holder
from ifeval_fi.sweep.plan import AskedSet, Cell, Plan

DONE, FAILED, CLAIMS = "done.json", "failed.json", "claims"
State = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a cell stands: answers there of all that are asked, who runs it, why it failed."""

    cell: Cell
    state: State
    answered: int
    total: int
    where: str = ""
    reason: str = ""
    lines: tuple[str, ...] = ()


class Watch:
    """Reads standings again and again, and of each journal only what is new."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._read: dict[Path, tuple[int, int]] = {}
        self._settled: dict[str, Standing] = {}

    def look(self) -> list[Standing]:
        """The standing of every cell, in the plan's order. A cell that is done is not looked at again."""
        return [self._standing(cell) for cell in self._plan.cells]

    def _standing(self, cell: Cell) -> Standing:
        if cell.id in self._settled:
            return self._settled[cell.id]
        folder = self._plan.folder(cell)
        total = sum(each.count for each in cell.sets) * cell.decoding["samples"]
        if is_done(cell, folder):
            self._settled[cell.id] = Standing(cell, "done", total, total)
            return self._settled[cell.id]
        answered = sum(self._answered(folder / each.folder / "responses.jsonl") for each in cell.sets)
        who = holder(folder / CLAIMS)
        if who is not None:
            return Standing(cell, "running", answered, total, where=str(who.get("host", "")))
        if failure := read_row(folder / FAILED):
            where, reason = str(failure.get("host", "")), str(failure.get("reason", ""))
            return Standing(cell, "failed", answered, total, where, reason, tuple(failure.get("lines", ())))
        return Standing(cell, "waiting", answered, total)

    def _answered(self, journal: Path) -> int:
        offset, count = self._read.get(journal, (0, 0))
        try:
            with journal.open("rb") as file:
                if file.seek(0, os.SEEK_END) < offset:
                    # What a lost node had left unwritten was taken out.
                    offset = count = 0
                file.seek(offset)
                new = file.read()
        except OSError:
            return count
        whole = new[: new.rfind(b"\n") + 1]
        count += sum(_is_answer(line) for line in whole.splitlines())
        self._read[journal] = (offset + len(whole), count)
        return count


def _is_answer(line: bytes) -> bool:
    try:
        row = loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and row.get("outcome") in ("answered", "truncated")


def is_done(cell: Cell, folder: Path) -> bool:
    """Whether all prompt sets of the cell are answered and scored by its rules."""
    marked = done_sets(folder)
    return all(marked.get(each.folder) == mark(cell, each) for each in cell.sets)


def done_sets(folder: Path) -> Row:
    """What is answered and scored, by run folder."""
    return read_row(folder / DONE) or {}


def mark(cell: Cell, asked: AskedSet) -> Row:
    """What a done prompt set is marked with."""
    return {"digest": asked.digest, "rules": cell.rules, "keep_thinking": cell.keep_thinking}


def mark_done(cell: Cell, asked: AskedSet, folder: Path) -> None:
    """Note that a prompt set is answered and scored."""
    marked = {**done_sets(folder), asked.folder: mark(cell, asked)}
    write_atomically(folder / DONE, dumps(marked, indent=2) + "\n")


def mark_failed(folder: Path, reason: str, lines: Sequence[str] = ()) -> None:
    """Note why the cell is not done."""
    told: dict[str, Any] = {"reason": reason, "lines": list(lines), "host": socket.gethostname()}
    told["at"] = datetime.now(timezone.utc).isoformat(timespec="seconds")
    write_atomically(folder / FAILED, dumps(told, indent=2) + "\n")


def read_row(path: Path) -> Row | None:
    """The object in a file that is replaced in one step; None where there is none."""
    try:
        value = loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
