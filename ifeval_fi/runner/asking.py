"""Asking what is missing: a probe, then as many prompts at once as the run allows, until there are none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from time import monotonic
from typing import TYPE_CHECKING, Any

from ifeval_fi.runner.endpoint import Endpoint
from ifeval_fi.runner.faults import Failure
from ifeval_fi.runner.journal import SETTINGS, Journal, JournalError, day, read_settings, write_settings
from ifeval_fi.runner.ledger import Ledger
from ifeval_fi.runner.meter import Meter
from ifeval_fi.runner.probe import Patience, Served, try_chat
from ifeval_fi.runner.replicas import Replicas
from ifeval_fi.runner.replies import Reply
from ifeval_fi.runner.writing import Stop, Writer, journal_row

if TYPE_CHECKING:
    from ifeval_fi.prompts import Prompt

_SHOWN_EVERY = 0.25
_METERED_EVERY = 2.0


async def probe(
    endpoints: Sequence[Endpoint], served: Sequence[Served], ledger: Ledger, journal: Journal, concurrency: int
) -> None:
    """Try a chat on every server; then the journal of a new run begins, and one that goes on is of the same server."""
    assert ledger.model is not None
    patience = Patience(ledger.settings.retry, ledger.progress.say)
    choose = max if ledger.missing else min
    text = choose((prompt.text for prompt in ledger.prompts), key=len)
    body = ledger.settings.body(ledger.model, text, 0)
    tried = await asyncio.gather(*(try_chat(e, s, body, patience) for e, s in zip(endpoints, served, strict=True)))
    if (journal.directory / SETTINGS).exists() and journal.identity is not None and not ledger.engine:
        before = read_settings(journal.directory)
        for endpoint, now in zip(endpoints, tried, strict=True):
            _same_weights(before, now, endpoint, ledger)
    if journal.identity is None or not (journal.directory / SETTINGS).exists():
        _write_settings(endpoints, tried[0], ledger, journal, concurrency)
    if journal.identity is None:
        journal.begin(ledger.identity())


def _same_weights(before: Mapping[str, Any], now: Served, endpoint: Endpoint, ledger: Ledger) -> None:
    """Refuse a server that says that it is not the one that gave the answers so far, though the model has that name.

    A cloud's fingerprint changes with the machine that answers, so that it is said there and not refused.
    """
    then = before["server"]
    changed = [
        name
        for name in ("weights", "fingerprint")
        if then.get(name) is not None and getattr(now, name) is not None and then[name] != getattr(now, name)
    ]
    if not changed:
        return
    if changed == ["fingerprint"] and endpoint.base_url.startswith("https:"):
        ledger.progress.say(f"{endpoint.base_url}: its fingerprint is another one than on {day(before['started'])}")
        return
    what = {"weights": "lists another file under that name", "fingerprint": "has another fingerprint"}
    raise JournalError(
        f"the answers to {ledger.model} are of {day(before['started'])}, and {endpoint.base_url} "
        f"{' and '.join(what[name] for name in changed)} since then: new weights, or a new version of the server; "
        "--again asks it anew, --output keeps both"
    )


def _write_settings(
    endpoints: Sequence[Endpoint], served: Served, ledger: Ledger, journal: Journal, concurrency: int
) -> None:
    servers = [ledger.engine["name"]] if ledger.engine else [endpoint.base_url for endpoint in endpoints]
    transport = {"servers": servers, "concurrency": concurrency, "timeout_s": ledger.settings.seconds}
    settings = {
        "identity": journal.identity or ledger.identity(),
        "transport": transport,
        "server": asdict(served),
        "started": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
    write_settings(journal.directory, settings)


class Asking:
    """The workers of one run. `ask_all` returns when nothing is pending; Stop says why it cannot go on."""

    def __init__(self, replicas: Replicas, ledger: Ledger, writer: Writer, concurrency: int) -> None:
        self._replicas = replicas
        self._ledger = ledger
        self._writer = writer
        self._workers = min(concurrency, ledger.missing)
        self._failures_in_a_row = 0
        self._meter = Meter(replicas.endpoints)
        self._awaited: dict[object, float] = {}

    async def ask_all(self) -> None:
        """Ask, write and show side by side; whatever ends it, what was answered is written first."""
        progress = self._ledger.progress
        progress.start()
        pending = self._ledger.pending()
        workers = [asyncio.ensure_future(self._work(pending)) for _ in range(self._workers)]
        asking: asyncio.Future[Any] = asyncio.gather(*workers)
        writing = asyncio.ensure_future(self._writer.write())
        showing = asyncio.ensure_future(self._show())
        try:
            await asyncio.wait([asking, writing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            showing.cancel()
            for worker in workers:
                worker.cancel()
            await asyncio.wait(workers)
            # Unread, the end of what was cancelled would be reported as an error of ours.
            await asyncio.gather(asking, return_exceptions=True)
            self._writer.close()
            await asyncio.wait({writing})
            progress.stop()
        writing.result()
        asking.result()

    async def _work(self, pending: Iterator[tuple[Prompt, int]]) -> None:
        assert self._ledger.model is not None
        for prompt, sample in pending:
            body = json.dumps(self._ledger.settings.body(self._ledger.model, prompt.text, sample)).encode()
            self._awaited[prompt.key, sample] = monotonic()
            asked = await self._replicas.ask(body)
            del self._awaited[prompt.key, sample]
            self._writer.put(journal_row(prompt, sample, asked))
            self._break_if_hopeless(asked.result)

    def _break_if_hopeless(self, result: Reply | Failure) -> None:
        if isinstance(result, Reply):
            self._failures_in_a_row = 0
            return
        self._failures_in_a_row += 1
        if result.kind == "quota":
            raise Stop(f"stopped: the quota is spent, which no waiting brings back ({result.message})")
        if result.kind == "unauthorized":
            raise Stop(f"stopped: the server refuses the key ({result.message})")
        if self._failures_in_a_row >= self._ledger.settings.breaker:
            raise Stop(f"stopped: {self._failures_in_a_row} prompts in a row failed, the last with: {result.message}")

    async def _show(self) -> None:
        progress = self._ledger.progress
        metered = monotonic()
        while True:
            await asyncio.sleep(_SHOWN_EVERY)
            if progress.quiet:
                continue
            progress.in_flight = len(self._awaited)
            progress.longest = monotonic() - min(self._awaited.values(), default=monotonic())
            if progress.longest >= _METERED_EVERY <= monotonic() - metered:
                progress.under_way = await self._meter.under_way(progress.tokens)
                metered = monotonic()
            progress.show()
