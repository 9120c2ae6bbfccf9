"""Bringing finished samples to the disk while others are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ifeval_fi.runner.journal import Journal
from ifeval_fi.runner.ledger import Ledger
from ifeval_fi.runner.replicas import Asked
from ifeval_fi.runner.replies import Reply, Usage

if TYPE_CHECKING:
    from ifeval_fi.prompts import Prompt

_GATHER_SECONDS = 0.02


class Stop(Exception):
    """The run cannot go on; the text says why."""


class Writer:
    """A queue of rows and the task that appends them to the journal, then counts them."""

    def __init__(self, journal: Journal, ledger: Ledger) -> None:
        self._journal = journal
        self._ledger = ledger
        self._rows: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def put(self, row: dict[str, Any]) -> None:
        self._rows.put_nowait(row)

    def close(self) -> None:
        """Let `write` return when all that was put before is written."""
        self._rows.put_nowait(None)

    async def write(self) -> None:
        """Write until closed, as many rows at once as come within a moment; Stop when the disk refuses them."""
        more = True
        while more:
            rows = [await self._rows.get()]
            if rows[0] is not None:
                await asyncio.sleep(_GATHER_SECONDS)
            while not self._rows.empty():
                rows.append(self._rows.get_nowait())
            more = rows[-1] is not None
            batch = [row for row in rows if row is not None]
            try:
                await asyncio.to_thread(self._journal.append, batch)
            except OSError as problem:
                raise Stop(f"stopped: {self._journal.path} cannot be written ({problem.strerror})") from None
            for row in batch:
                self._ledger.count(row)


def journal_row(prompt: Prompt, sample: int, asked: Asked) -> dict[str, Any]:
    """The line of the journal for what came of asking a prompt."""
    row: dict[str, Any] = {"key": prompt.key, "sample": sample, "prompt_sha256": prompt.sha256}
    result = asked.result
    if isinstance(result, Reply):
        row |= {
            "outcome": "truncated" if result.truncated else "answered",
            "response": result.response,
            "reasoning": result.reasoning,
            "finish_reason": result.finish_reason,
            "usage": _usage(result.usage),
        }
        more = {"response_with_thinking": result.with_thinking, "empty": result.empty}
        row |= {name: value for name, value in more.items() if value is not None}
    else:
        row |= {"outcome": "failed", "error": {"kind": result.kind, "message": result.message}}
    return row | {"attempts": asked.attempts, "latency_s": round(asked.latency, 3)}


def _usage(usage: Usage | None) -> Mapping[str, int] | None:
    if usage is None:
        return None
    return {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}
