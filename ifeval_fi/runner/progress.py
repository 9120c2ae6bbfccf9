"""What a run shows while it goes: a bar on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

from ifeval_fi.report.tables import one_line

if TYPE_CHECKING:
    from rich.console import Console

_LINE_SECONDS = 15.0
# What no answer has, so that a server's absurd count in an old journal breaks no sum.
_MOST_TOKENS = 10**9


class Progress:
    """Counts of a run, shown on `console`; tokens/s and time left count this session's answers only.

    `under_way` are tokens of answers that are not whole yet, where a server tells; `in_flight` the requests that are
    awaited, the `longest` for so many seconds.
    """

    def __init__(self, total: int, console: Console | None, *, quiet: bool) -> None:
        self.total = total
        self.answered = self.truncated = 0
        self.failed = 0
        self.tokens = 0
        self.under_way = 0
        self.in_flight, self.longest = 0, 0.0
        self.seconds = 0.0
        self.remark = ""
        self._console = console
        self.quiet = quiet
        self._started = self._shown = monotonic()
        self._done_before = 0
        self._bar: Any = None
        self._task: Any = None

    @property
    def done(self) -> int:
        """Samples that need not be asked again."""
        return self.answered + self.truncated

    @property
    def tokens_per_second(self) -> float:
        """Tokens answered per second since the start."""
        return (self.tokens + self.under_way) / max(self.seconds, 1e-9)

    def count(self, row: Mapping[str, Any]) -> None:
        """Add an answer of the journal."""
        if row["outcome"] == "answered":
            self.answered += 1
        else:
            self.truncated += 1
        self.tokens += min((row["usage"] or {}).get("completion_tokens", 0), _MOST_TOKENS)
        self.seconds = monotonic() - self._started

    def start(self) -> None:
        """Begin to measure and to show."""
        self._started = self._shown = monotonic()
        self._done_before = self.done
        self.tokens = 0
        if self.quiet:
            return
        if not self._shown_on.is_terminal:
            self._line()
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[state]}"),
            console=self._shown_on,
            auto_refresh=False,
        )
        self._task = self._bar.add_task("", total=self.total, completed=self.done, state=self.state)
        self._bar.start()

    def show(self) -> None:
        """Bring what is shown up to date; called a few times a second."""
        self.seconds = monotonic() - self._started
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done, state=self.state, refresh=True)
        elif not self.quiet and monotonic() - self._shown >= _LINE_SECONDS:
            self._line()

    def stop(self) -> None:
        self.under_way = self.in_flight = 0
        self.longest = 0.0
        if self._bar is not None:
            self.show()
            self._bar.stop()
            self._bar = None
        elif not self.quiet and self._console is not None:
            self._line()

    def say(self, text: str) -> None:
        """Print a line beside the bar; nothing in it can steer the terminal."""
        if not self.quiet:
            self._shown_on.print(one_line(text), markup=False, highlight=False, soft_wrap=True)

    @property
    def _shown_on(self) -> Console:
        if self._console is None:
            from rich.console import Console

            self._console = Console(stderr=True)
        return self._console

    @property
    def state(self) -> str:
        """The counts in words, e.g. `answered 12 · truncated 1 · failed 0 · 96 tokens/s · 1:10 left`, or the remark.

        With answers that take long: `4 awaited (512 tokens so far), the longest for 40 s`.
        """
        if self.remark:
            return self.remark
        parts = [
            f"answered {self.answered}",
            f"truncated {self.truncated}",
            f"failed {self.failed}",
        ]
        if self.tokens or self.under_way:
            parts.append(f"{self.tokens_per_second:.0f} tokens/s")
        if self.longest >= _LINE_SECONDS:
            # An answer counts when it is whole; what a server has written of it is told where the server tells.
            written = f" ({self.under_way} tokens so far)" if self.under_way else ""
            parts.append(f"{self.in_flight} awaited{written}, the longest for {round(self.longest)} s")
        finished_now = self.done - self._done_before
        if finished_now and self.done < self.total:
            left = round((self.total - self.done) * self.seconds / finished_now)
            parts.append(f"{left // 60}:{left % 60:02d} left")
        return " · ".join(parts)

    def _line(self) -> None:
        self._shown = monotonic()
        self.say(f"{self.done} of {self.total} · {self.state}")
