"""What a sweep shows while it goes: a live table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from time import monotonic
from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ifeval_fi.report.tables import one_line
from ifeval_fi.sweep.state import Standing

_LINE_SECONDS = 30.0
_STYLES = {"waiting": "dim", "running": "cyan", "done": "green", "failed": "bold red"}
# What is looked at first where the terminal has no room for all.
_ORDER = {"failed": 0, "running": 1, "done": 2, "waiting": 3}


class LiveTable:
    """Shows standings: on a terminal as a table in one place, elsewhere as lines of what has changed."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal and not quiet else None
        self._before: dict[str, str] = {}
        self._said_at = monotonic()

    def __enter__(self) -> LiveTable:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, standings: Sequence[Standing]) -> None:
        """Bring what is shown up to date."""
        if self._quiet:
            return
        if self._live:
            room = max(3, self._console.height - 6)
            self._live.update(standings_table(standings, most=room), refresh=True)
            return
        for each in standings:
            if self._before.get(each.cell.id, "waiting") != each.state:
                self._say(f"{each.cell.label}: {each.state}{_told(each)}")
                self._said_at = monotonic()
            self._before[each.cell.id] = each.state
        if monotonic() - self._said_at >= _LINE_SECONDS:
            self._say(summary(standings))
            self._said_at = monotonic()

    def _say(self, text: str) -> None:
        self._console.print(one_line(text), markup=False, highlight=False, soft_wrap=True)


def standings_table(standings: Sequence[Standing], *, most: int | None = None) -> Group:
    """The cells with their state, progress, machine and reason, below a line that sums them up."""
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("cell", "state", "answers", "machine", ""):
        table.add_column(name, justify="right" if name == "answers" else "left", no_wrap=name != "")
    shown = list(standings)
    if most is not None and len(shown) > most:
        first = sorted(range(len(shown)), key=lambda place: (_ORDER[shown[place].state], place))[:most]
        shown = [shown[place] for place in sorted(first)]
    for each in shown:
        table.add_row(
            Text(one_line(each.cell.label)),
            Text(each.state, style=_STYLES[each.state]),
            f"{each.answered}/{each.total}",
            Text(one_line(each.where)),
            Text(one_line(each.reason)),
        )
    hidden = len(standings) - len(shown)
    more = [Text(f"… and {hidden} more", style="dim")] if hidden else []
    return Group(table, *more, Text(summary(standings), style="bold"))


def summary(standings: Sequence[Standing]) -> str:
    """The counts in one line, e.g. `3 of 8 cells done, 2 running, 1 failed · 1,024 of 4,080 answers`."""
    counts = Counter(each.state for each in standings)
    parts = [f"{counts['done']} of {len(standings)} cells done"]
    parts += [f"{counts[state]} {state}" for state in ("running", "failed", "waiting") if counts[state]]
    answered, total = sum(each.answered for each in standings), sum(each.total for each in standings)
    return f"{', '.join(parts)} · {answered:,} of {total:,} answers"


def _told(each: Standing) -> str:
    return f" ({each.reason})" if each.reason else f" on {each.where}" if each.where else ""
