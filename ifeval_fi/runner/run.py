"""Ask a model every prompt and lose nothing: journal, resume, concurrency, signals."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ifeval_fi.runner.asking import Asking, probe
from ifeval_fi.runner.batch import BatchAsking, read_batch, refuse_open_batch
from ifeval_fi.runner.endpoint import Endpoint, api_key, open_session, withheld_key
from ifeval_fi.runner.faults import ServerError
from ifeval_fi.runner.files import within_file_limit
from ifeval_fi.runner.journal import SETTINGS, Journal, day, read_settings, set_aside
from ifeval_fi.runner.ledger import Ledger
from ifeval_fi.runner.probe import Patience, Served, meet
from ifeval_fi.runner.progress import Progress
from ifeval_fi.runner.replicas import Replicas
from ifeval_fi.runner.settings import RunError, RunSettings
from ifeval_fi.runner.writing import Stop, Writer

if TYPE_CHECKING:
    from rich.console import Console

    from ifeval_fi.prompts import PromptSet
    from ifeval_fi.runner.local import LocalModel

T = TypeVar("T")

DEFAULT_CONCURRENCY = 32


@dataclass(frozen=True, slots=True)
class RunResult:
    """Where a run stands; `stopped` says why it ended early, and the rest is asked when it is run again.

    `nothing_asked` says that every answer was there already, and when the run was begun.
    """

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
    nothing_asked: str | None = None

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
    output: Path | Callable[[str], Path],
    *,
    again: bool = False,
    console: Console | None = None,
    quiet: bool = False,
    local_url: str | None = None,
) -> RunResult:
    """Ask what the journal in `output` does not hold yet; SIGINT and SIGTERM end the run in order.

    `output` is the run's folder, or what gives it by the model's name once the server has told that. The server is
    asked for its model even where no answer is missing: an old answer never passes for one of another model. With
    `again` the folder's answers are set aside first and all are asked anew. `local_url` is where the embedded server
    of the settings' model runs already; else one is started where there is something to ask, and stopped.
    IfevalError when the call, the server or the directory is not fit for it.
    """
    if not prompts:
        raise RunError("no prompts to ask")
    local = _local_model(settings)
    progress = Progress(len(prompts) * settings.samples, console, quiet=quiet)
    concurrency = within_file_limit(_concurrency(settings, local), progress.say)
    ledger = Ledger(
        prompts,
        settings,
        progress,
        model=local.name if local else settings.model,
        engine=local.engine if local else None,
    )
    if not callable(output):
        # A folder that cannot be written, or holds a damaged journal, is said before a server is looked for.
        with Journal(output) as journal:
            deque(journal.recover(), maxlen=0)
    served = () if local else _finished(_meet(settings, progress.say))
    if served:
        ledger.model = served[0].model
    assert ledger.model is not None
    folder = output(ledger.model) if callable(output) else output
    if again and (place := set_aside(folder)):
        progress.say(f"Asked anew; the earlier answers are in {place}")
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(folder))
        ledger.recover(journal)
        complete = not ledger.missing
        if not complete and not settings.batch:
            refuse_open_batch(folder)
        try:
            urls = settings.base_urls
            if complete:
                _ask_whether_the_same(urls, served, ledger, journal, concurrency)
                return _result(ledger, journal, None, nothing_asked=_since(journal))
            if local is not None and local_url is not None:
                urls = (local_url,)
            elif local is not None:
                from ifeval_fi.runner.local import serve

                urls = (stack.enter_context(serve(local, max_tokens=settings.max_tokens, slots=concurrency)),)
            stopped = _finished(_probe_and_ask(urls, served, ledger, journal, concurrency))
        except KeyboardInterrupt:
            stopped = _interrupted(folder)
        return _result(ledger, journal, stopped)


def _interrupted(folder: Path) -> str:
    batch = read_batch(folder)
    if batch and batch.open and batch.id:
        return f"interrupted; the batch {batch.id} goes on at the server, and the same command takes its answers"
    return "interrupted"


def _ask_whether_the_same(
    urls: Sequence[str], served: Sequence[Served], ledger: Ledger, journal: Journal, concurrency: int
) -> None:
    """Of a run that has nothing to ask: whether the server still serves the model; the embedded one is its file."""

    async def ask() -> None:
        async with AsyncExitStack() as stack:
            await probe(await _endpoints(urls, ledger.settings, stack), served, ledger, journal, concurrency)

    if not served:
        return
    try:
        _finished(ask())
    except ServerError as problem:
        raise ServerError(
            f"{problem}; nothing was asked: {journal.directory} holds all {ledger.progress.total} answers of "
            f"{ledger.model} ({_since(journal)}), which `ifeval-fi report {journal.directory}` shows"
        ) from None


def _since(journal: Journal) -> str:
    if not (journal.directory / SETTINGS).exists():
        return "begun at a time unknown"
    return f"begun {day(read_settings(journal.directory)['started'])}"


async def _meet(settings: RunSettings, say: Callable[[str], None]) -> Sequence[Served]:
    if sentence := withheld_key(settings.base_urls):
        say(sentence)
    async with AsyncExitStack() as stack:
        endpoints = await _endpoints(settings.base_urls, settings, stack)
        return await meet(endpoints, settings.model, Patience(settings.retry, say))


async def _endpoints(urls: Sequence[str], settings: RunSettings, stack: AsyncExitStack) -> list[Endpoint]:
    return [
        # The embedded server needs no key.
        Endpoint(
            url,
            await stack.enter_async_context(open_session(url)),
            settings.seconds,
            api_key(url) if settings.base_urls else None,
        )
        for url in urls
    ]


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


def _result(ledger: Ledger, journal: Journal, stopped: str | None, *, nothing_asked: str | None = None) -> RunResult:
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
        nothing_asked=nothing_asked,
    )


def _finished(asking: Coroutine[Any, Any, T]) -> T:
    """What it gives; in a thread of its own where a loop runs in this one, as in a notebook."""
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


async def _until_interrupted(asking: Coroutine[Any, Any, T]) -> T:
    """What it gives; a signal cancels what is asked, what was answered is kept, and KeyboardInterrupt is raised."""
    with _signals() as interrupted:
        going = asyncio.ensure_future(asking)
        waiting = asyncio.ensure_future(interrupted.wait())
        await asyncio.wait({going, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not going.done():
            going.cancel()
            await asyncio.wait({going})
        if going.cancelled():
            raise KeyboardInterrupt
        return going.result()


async def _probe_and_ask(
    urls: Sequence[str], served: Sequence[Served], ledger: Ledger, journal: Journal, concurrency: int
) -> str | None:
    """Why it stopped early, or None."""
    settings, progress = ledger.settings, ledger.progress
    async with AsyncExitStack() as stack:
        endpoints = await _endpoints(urls, settings, stack)
        served = served or await meet(endpoints, ledger.model, Patience(settings.retry, progress.say))
        await probe(endpoints, served, ledger, journal, concurrency)
        writer = Writer(journal, ledger)
        try:
            if settings.batch:
                await BatchAsking(endpoints[0], ledger, writer, journal.directory).ask_all()
            else:
                replicas = Replicas(endpoints, concurrency, settings.retry, progress.say)
                await Asking(replicas, ledger, writer, concurrency).ask_all()
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
