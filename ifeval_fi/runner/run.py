"""Ask a model every prompt and lose nothing: journal, resume, concurrency, signals."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ifeval_fi.runner.asking import Asking, probe
from ifeval_fi.runner.endpoint import Endpoint, api_key, open_session
from ifeval_fi.runner.journal import Journal
from ifeval_fi.runner.ledger import Ledger
from ifeval_fi.runner.progress import Progress
from ifeval_fi.runner.replicas import Replicas
from ifeval_fi.runner.settings import RunError, RunSettings
from ifeval_fi.runner.writing import Stop, Writer

if TYPE_CHECKING:
    from rich.console import Console

    from ifeval_fi.prompts import PromptSet
    from ifeval_fi.runner.local import LocalModel

DEFAULT_CONCURRENCY = 32


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
    concurrency = _concurrency(settings, local)
    progress = Progress(len(prompts) * settings.samples, console, quiet=quiet)
    ledger = Ledger(
        prompts,
        settings,
        progress,
        model=local.name if local else settings.model,
        engine=local.engine if local else None,
    )
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(output))
        if journal.notice:
            progress.say(journal.notice)
        ledger.recover(journal)
        if not ledger.missing:
            return _result(ledger, journal, None)
        try:
            urls = settings.base_urls
            if local is not None:
                from ifeval_fi.runner.local import serve

                urls = (stack.enter_context(serve(local, max_tokens=settings.max_tokens, slots=concurrency)),)
            stopped = _finished(_probe_and_ask(urls, ledger, journal, concurrency))
        except KeyboardInterrupt:
            stopped = "interrupted"
        return _result(ledger, journal, stopped)


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


def _concurrency(settings: RunSettings, local: LocalModel | None) -> int:
    if settings.concurrency is not None:
        return settings.concurrency
    if local is not None:
        from ifeval_fi.runner.local import SLOTS

        return SLOTS
    return DEFAULT_CONCURRENCY


def _result(ledger: Ledger, journal: Journal, stopped: str | None) -> RunResult:
    progress = ledger.progress
    return RunResult(
        directory=journal.directory,
        journal=journal.path,
        model=ledger.model or "",
        total=progress.total,
        answered=progress.answered,
        truncated=progress.truncated,
        failed=ledger.failures,
        seconds=progress.seconds,
        tokens_per_second=progress.tokens_per_second,
        stopped=stopped,
    )


def _finished(asking: Coroutine[Any, Any, str | None]) -> str | None:
    """Why it stopped early, or None; in a thread of its own where a loop runs in this one, as in a notebook."""
    if not _loop_runs():
        return asyncio.run(_until_interrupted(asking))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    going = asyncio.run_coroutine_threadsafe(asking, loop)
    try:
        return going.result()
    finally:
        going.cancel()
        asyncio.run_coroutine_threadsafe(_all_ended(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _all_ended() -> None:
    """Return when what was cancelled has written what it had."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()


async def _until_interrupted(asking: Coroutine[Any, Any, str | None]) -> str | None:
    """Why it stopped early, or None; a signal cancels what is asked, and what was answered is kept."""
    with _signals() as interrupted:
        going = asyncio.ensure_future(asking)
        waiting = asyncio.ensure_future(interrupted.wait())
        await asyncio.wait({going, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not going.done():
            going.cancel()
            await asyncio.wait({going})
        return "interrupted" if going.cancelled() else going.result()


async def _probe_and_ask(urls: Sequence[str], ledger: Ledger, journal: Journal, concurrency: int) -> str | None:
    settings, progress = ledger.settings, ledger.progress
    async with AsyncExitStack() as stack:
        key = None if ledger.engine else api_key()
        endpoints = [
            Endpoint(url, await stack.enter_async_context(open_session(url)), settings.seconds, key) for url in urls
        ]
        await probe(endpoints, ledger, journal, concurrency)

        def dropped(endpoint: Endpoint) -> None:
            progress.say(f"{endpoint.base_url} is gone; its prompts go to the other servers")

        replicas = Replicas(endpoints, concurrency, settings.retry, dropped)
        try:
            await Asking(replicas, ledger, Writer(journal, ledger), concurrency).ask_all()
        except Stop as reason:
            return str(reason)
    return None


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
