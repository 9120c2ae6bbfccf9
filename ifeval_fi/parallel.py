"""Many tasks side by side in processes: results in the tasks' order, whatever the number of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any, TypeVar

from ifeval_fi.errors import IfevalError

T = TypeVar("T")
R = TypeVar("R")

# How many results a process may be ahead of the one that is waited for, so that memory does not grow with the tasks.
_AHEAD = 4


class WorkerLost(IfevalError):
    """A process ended in the middle of a task, as one does that the system kills for its memory."""


def side_by_side(
    function: Callable[[T], R],
    tasks: Sequence[T],
    jobs: int,
    *,
    prepare: Callable[[], None] | None = None,
    seconds: float | None = None,
    instead: Callable[[T, str], R] | None = None,
) -> Iterator[R]:
    """What the function gives for each task, in the tasks' order: from so many processes, or with none from this one.

    An exception of the function is raised at its task's place. In a process of its own, a task that takes longer than
    `seconds` is ended; for such a one, and for one that ended its process, `instead` gives the result from the task
    and the reason, or WorkerLost is raised. `prepare` is called first in each process.
    """
    if not jobs or not tasks:
        yield from map(function, tasks)
        return
    with _Workers(function, prepare, seconds, min(jobs, len(tasks))) as workers:
        given = 0
        done: dict[int, _Ended] = {}
        for place, task in enumerate(tasks):
            while place not in done:
                while given < min(len(tasks), place + _AHEAD * jobs) and workers.take(given, tasks[given]):
                    given += 1
                done |= workers.ended()
            ended = done.pop(place)
            if ended.problem is not None:
                raise ended.problem
            if ended.lost is None:
                yield ended.value
            elif instead is not None:
                yield instead(task, ended.lost)
            else:
                raise WorkerLost(f"task {place + 1} of {len(tasks)} {ended.lost}, perhaps for want of memory")


@dataclass(frozen=True)
class _Ended:
    """How a task ended: with a value, an exception, or its process."""

    value: Any = None
    problem: BaseException | None = None
    lost: str | None = None


@dataclass
class _Worker:
    process: BaseProcess
    link: Connection[Any, Any]
    place: int | None = None
    since: float = field(default_factory=monotonic)


class _Workers:
    """The processes, each with at most one task."""

    def __init__(
        self, function: Callable[[Any], Any], prepare: Callable[[], None] | None, seconds: float | None, count: int
    ) -> None:
        self._work = (function, prepare)
        self._seconds = seconds
        self._workers: list[_Worker] = []
        self._count = count

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        while self._workers:
            self._end(self._workers[0])

    def take(self, place: int, task: object) -> bool:
        """Begin a task; False when every process has one."""
        free = next((worker for worker in self._workers if worker.place is None), None)
        if free is None and len(self._workers) == self._count:
            return False
        worker = free or self._start()
        worker.place, worker.since = place, monotonic()
        worker.link.send(task)
        return True

    def ended(self) -> dict[int, _Ended]:
        """Tasks that have ended by now, at least one."""
        busy = [worker for worker in self._workers if worker.place is not None]
        found: dict[int, _Ended] = {}
        while not found:
            ready = wait([worker.link for worker in busy], self._seconds_left(busy))
            for worker in busy:
                assert worker.place is not None
                if worker.link in ready:
                    place, worker.place = worker.place, None
                    try:
                        found[place] = worker.link.recv()
                    except (EOFError, OSError):
                        worker.process.join()
                        found[place] = _Ended(lost=f"ended its process (status {worker.process.exitcode})")
                        self._end(worker)
                elif self._seconds is not None and monotonic() - worker.since > self._seconds:
                    found[worker.place] = _Ended(lost=f"took longer than {self._seconds:g} s")
                    self._end(worker)
        return found

    def _seconds_left(self, busy: Sequence[_Worker]) -> float | None:
        if self._seconds is None:
            return None
        return max(0.0, min(worker.since for worker in busy) + self._seconds - monotonic() + 0.01)

    def _start(self) -> _Worker:
        context = get_context()
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, *self._work), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.link.close()


def _serve(link: Connection[Any, Any], function: Callable[[Any], Any], prepare: Callable[[], None] | None) -> None:
    """In a process: tasks until the parent is gone, which may leave the link open in a sibling."""
    parent = parent_process()
    if prepare is not None:
        prepare()
    try:
        while link in wait([link, *([parent.sentinel] if parent else [])]):
            task = link.recv()
            try:
                ended = _Ended(function(task))
            except Exception as problem:
                ended = _Ended(problem=problem)
            link.send(ended)
    except (EOFError, OSError, KeyboardInterrupt):
        return
