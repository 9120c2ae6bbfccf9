"""Ask a model every prompt and lose nothing: journal, resume, concurrency, signals."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ifeval_fi.runner.endpoint import Endpoint, Failure, Reply, Usage, api_key, open_session
from ifeval_fi.runner.journal import FORMAT, SETTINGS, Journal, JournalError, Sample, differences, write_settings
from ifeval_fi.runner.probe import Served, served_model, try_chat
from ifeval_fi.runner.progress import Progress
from ifeval_fi.runner.replicas import Asked, Replicas
from ifeval_fi.runner.settings import RunError, RunSettings
from ifeval_fi.version import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from ifeval_fi.prompts import Prompt, PromptSet
    from ifeval_fi.runner.local import LocalModel

DEFAULT_CONCURRENCY = 32
_SHOWN_EVERY = 0.25
_GATHER_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class RunResult:
    """Where a run stands; `stopped` says why it ended early, and the rest is asked when it is run again."""

    directory: Path
    journal: Path
    model: str
    total: int
    answered: int
    truncated: int
    failed: Mapping[str, int]
    seconds: float
    tokens_per_second: float
    stopped: str | None = None

    @property
    def finished(self) -> bool:
        """Whether every sample has an answer."""
        return self.answered + self.truncated == self.total

    @property
    def summary(self) -> str:
        """One or two sentences for the user."""
        missing = self.total - self.answered - self.truncated
        text = f"{self.answered + self.truncated} of {self.total} answered, {self.truncated} of them truncated"
        if self.failed:
            text += ", failed: " + ", ".join(f"{count} {kind}" for kind, count in sorted(self.failed.items()))
        if self.stopped:
            text = f"{self.stopped}; {text}"
        return text + (f". The same command asks the missing {missing} again." if missing else ".")


def run_prompts(
    prompts: PromptSet,
    settings: RunSettings,
    output: Path,
    *,
    console: Console | None = None,
    quiet: bool = False,
) -> RunResult:
    """Ask what the journal in `output` does not hold yet; SIGINT and SIGTERM end the run in order.

    IfevalError when the call, the server or the directory is not fit for it.
    """
    if not prompts:
        raise RunError("no prompts to ask")
    local = _local_model(settings)
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(output))
        run = _Run(prompts, settings, journal, local, Progress(len(prompts) * settings.samples, console, quiet=quiet))
        run.recover()
        if run.complete:
            return run.result(None)
        try:
            urls = settings.base_urls
            if local is not None:
                from ifeval_fi.runner.local import serve

                slots = run.concurrency
                urls = (stack.enter_context(serve(local, max_tokens=settings.max_tokens, slots=slots)),)
            stopped = asyncio.run(run.carry_out(urls))
        except KeyboardInterrupt:
            stopped = "interrupted"
        return run.result(stopped)


def _local_model(settings: RunSettings) -> LocalModel | None:
    from ifeval_fi.runner.local import BUNDLED, find_model, is_local

    if settings.base_urls:
        return None
    if settings.model is None or not is_local(settings.model):
        asked = f"--model {settings.model} is no local model" if settings.model else "no model to ask"
        raise RunError(
            f"{asked}; give --base-url URL, or --model {BUNDLED} or --model PATH.gguf for the embedded server"
        )
    return find_model(settings.model)


class _Stop(Exception):
    """The run cannot go on; the text says why."""


class _Run:
    def __init__(
        self, prompts: PromptSet, settings: RunSettings, journal: Journal, local: LocalModel | None, progress: Progress
    ) -> None:
        self.prompts = prompts
        self.settings = settings
        self.journal = journal
        self.local = local
        self.progress = progress
        self.model = local.name if local else settings.model
        self.engine = local.engine if local else None
        self.done: set[Sample] = set()
        self.failed: dict[Sample, str] = {}
        self._failures_in_a_row = 0
        self._rows: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    @property
    def concurrency(self) -> int:
        if self.settings.concurrency is not None:
            return self.settings.concurrency
        if self.local is not None:
            from ifeval_fi.runner.local import SLOTS

            return SLOTS
        return DEFAULT_CONCURRENCY

    @property
    def complete(self) -> bool:
        return len(self.done) == self.progress.total

    def recover(self) -> None:
        """Take over what the journal holds; JournalError when it is another run's."""
        rows = self.journal.recover()
        hashes = {prompt.key: prompt.sha256 for prompt in self.prompts}
        for number, row in enumerate(rows, 2):
            if number == 2:
                self._refuse_another_run()
            if hashes.get(row["key"]) != row["prompt_sha256"] or row["sample"] >= self.settings.samples:
                raise JournalError(f"{self.journal.path}, line {number}: key {row['key']} is not of this run's prompts")
            self._count(row)
        self._refuse_another_run()

    def _refuse_another_run(self) -> None:
        before = self.journal.identity
        if before is None:
            return
        self.model = self.model or before["model"]
        if differing := differences(before, self.identity(self.model)):
            raise JournalError(
                f"{self.journal.directory} holds another run ({'; '.join(differing)}); "
                "choose another --output or remove that directory"
            )

    def identity(self, model: str) -> dict[str, Any]:
        settings, prompts = self.settings, self.prompts
        return {
            "format": FORMAT,
            "package": __version__,
            "model": model,
            "prompts": {
                "name": prompts.name,
                "language": prompts.language,
                "count": len(prompts),
                "digest": prompts.digest,
            },
            "samples": settings.samples,
            "decoding": {
                "max_tokens": settings.max_tokens,
                "temperature": float(settings.temperature),
                "top_p": settings.top_p,
                "seed": settings.seed,
            },
            "system_prompt": settings.system_prompt,
            "extra_body": dict(settings.extra_body),
            "engine": self.engine,
        }

    def result(self, stopped: str | None) -> RunResult:
        progress = self.progress
        return RunResult(
            directory=self.journal.directory,
            journal=self.journal.path,
            model=self.model or "",
            total=progress.total,
            answered=progress.answered,
            truncated=progress.truncated,
            failed=dict(Counter(self.failed.values())),
            seconds=progress.seconds,
            tokens_per_second=progress.tokens_per_second,
            stopped=stopped,
        )

    async def carry_out(self, urls: Sequence[str]) -> str | None:
        """Probe, then ask what is missing; why it stopped early, or None."""
        with _signals() as interrupted:
            asking = asyncio.ensure_future(self._probe_and_ask(urls))
            waiting = asyncio.ensure_future(interrupted.wait())
            await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if not asking.done():
                asking.cancel()
                await asyncio.wait({asking})
            return "interrupted" if asking.cancelled() else asking.result()

    async def _probe_and_ask(self, urls: Sequence[str]) -> str | None:
        async with AsyncExitStack() as stack:
            key = None if self.local else api_key()
            endpoints = [
                Endpoint(url, await stack.enter_async_context(open_session(url)), self.settings.seconds, key)
                for url in urls
            ]
            await self._probe(endpoints)
            replicas = Replicas(endpoints, self.concurrency, self.settings.retry, self._dropped)
            try:
                await self._ask_all(replicas)
            except _Stop as reason:
                return str(reason)
        return None

    async def _probe(self, endpoints: Sequence[Endpoint]) -> None:
        served = await served_model(endpoints[0], self.model)
        self.model = served.model
        others = [served_model(endpoint, self.model) for endpoint in endpoints[1:]]
        everywhere = [served, *await asyncio.gather(*others)]
        longest = max(self.prompts, key=lambda prompt: len(prompt.text))
        body = self.settings.body(self.model, longest.text, 0)
        tried = await asyncio.gather(*(try_chat(e, s, body) for e, s in zip(endpoints, everywhere, strict=True)))
        if self.journal.identity is None or not (self.journal.directory / SETTINGS).exists():
            self._write_settings(endpoints, tried[0])
        if self.journal.identity is None:
            self.journal.begin(self.identity(self.model))

    def _write_settings(self, endpoints: Sequence[Endpoint], served: Served) -> None:
        servers = [self.engine["name"]] if self.engine else [endpoint.base_url for endpoint in endpoints]
        transport = {"servers": servers, "concurrency": self.concurrency, "timeout_s": self.settings.seconds}
        settings = {
            "identity": self.journal.identity or self.identity(served.model),
            "transport": transport,
            "server": asdict(served),
            "started": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        }
        write_settings(self.journal.directory, settings)

    async def _ask_all(self, replicas: Replicas) -> None:
        self.progress.start()
        pending = self._pending()
        missing = self.progress.total - len(self.done)
        workers = [asyncio.ensure_future(self._work(replicas, pending)) for _ in range(min(self.concurrency, missing))]
        asking: asyncio.Future[Any] = asyncio.gather(*workers)
        writing = asyncio.ensure_future(self._write())
        showing = asyncio.ensure_future(self._show())
        try:
            await asyncio.wait([asking, writing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            showing.cancel()
            for worker in workers:
                worker.cancel()
            await asyncio.wait(workers)
            self._rows.put_nowait(None)
            await asyncio.wait({writing})
            self.progress.stop()
        writing.result()
        asking.result()

    def _pending(self) -> Iterator[tuple[Prompt, int]]:
        for prompt in self.prompts:
            for sample in range(self.settings.samples):
                if (prompt.key, sample) not in self.done:
                    yield prompt, sample

    async def _work(self, replicas: Replicas, pending: Iterator[tuple[Prompt, int]]) -> None:
        assert self.model is not None
        for prompt, sample in pending:
            body = json.dumps(self.settings.body(self.model, prompt.text, sample)).encode()
            asked = await replicas.ask(body)
            self._rows.put_nowait(_row(prompt, sample, asked))
            self._break_if_hopeless(asked.result)

    def _break_if_hopeless(self, result: Reply | Failure) -> None:
        if isinstance(result, Reply):
            self._failures_in_a_row = 0
            return
        self._failures_in_a_row += 1
        if result.kind == "unauthorized":
            raise _Stop(f"stopped: the server refuses the key ({result.message})")
        if self._failures_in_a_row >= self.settings.breaker:
            raise _Stop(f"stopped: {self._failures_in_a_row} prompts in a row failed, the last with: {result.message}")

    async def _write(self) -> None:
        """Bring rows to the disk, as many at once as come within a moment, until there comes None."""
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
                await asyncio.to_thread(self.journal.append, batch)
            except OSError as problem:
                raise _Stop(f"stopped: {self.journal.path} cannot be written ({problem.strerror})") from None
            for row in batch:
                self._count(row)

    def _count(self, row: Mapping[str, Any]) -> None:
        sample = (row["key"], row["sample"])
        if row["outcome"] == "failed":
            self.failed[sample] = row["error"]["kind"]
        elif sample not in self.done:
            self.done.add(sample)
            self.failed.pop(sample, None)
            self.progress.count(row)
        self.progress.failed = len(self.failed)

    async def _show(self) -> None:
        while True:
            await asyncio.sleep(_SHOWN_EVERY)
            self.progress.show()

    def _dropped(self, endpoint: Endpoint) -> None:
        self.progress.say(f"{endpoint.base_url} is gone; its prompts go to the other servers")


def _row(prompt: Prompt, sample: int, asked: Asked) -> dict[str, Any]:
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
    else:
        row |= {"outcome": "failed", "error": {"kind": result.kind, "message": result.message}}
    return row | {"attempts": asked.attempts, "latency_s": round(asked.latency, 3)}


def _usage(usage: Usage | None) -> dict[str, int] | None:
    if usage is None:
        return None
    return {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}


@contextmanager
def _signals() -> Iterator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set, where this thread may handle signals."""
    event = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    loop = asyncio.get_running_loop()
    before = {
        each: signal.signal(each, lambda *_: loop.call_soon_threadsafe(event.set))
        for each in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield event
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
