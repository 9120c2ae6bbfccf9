"""Many submissions verified side by side, each within a time limit."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from zlib import crc32

from ifeval_fi.leaderboard.against import hold_against_each_other
from ifeval_fi.leaderboard.entry import FILES, MOST_BYTES, SubmissionError, strays_of_root, submissions
from ifeval_fi.leaderboard.kept import Kept
from ifeval_fi.leaderboard.verify import Keep, Prompts, Verification, verify
from ifeval_fi.parallel import side_by_side

SECONDS = 60.0
"""Of processor time, for one submission."""
PATIENCE = 10
MOST_MEMORY = 4 * 2**30


def examine(
    root: Path,
    *,
    jobs: int = 0,
    seconds: float = SECONDS,
    prompts: Prompts | None = None,
    keep: Keep | None = None,
    kept: Kept | None = None,
    scored: frozenset[str] | None = None,
    settled: frozenset[str] = frozenset(),
) -> list[Verification]:
    """Every submission below a folder, verified and held against the others; stray files stand as an entry of theirs.

    One that takes more processor time than `seconds`, or more memory than a worker has, is rejected. With `jobs`, in so
    many processes. With `scored`, only these places are scored, and the others are read. Places in `settled` were
    accepted before, and a newcomer is blamed for what it shares with them.
    """
    if not root.is_dir():
        raise SubmissionError(f"{root}: no such folder of submissions")
    folders = submissions(root)
    salt = _salt(folders)
    one = partial(_bounded, seconds, partial(verify, prompts=prompts, keep=keep, kept=kept, scored=scored, salt=salt))
    # A worker that does not even hear its alarm is ended.
    most, instead = PATIENCE * seconds + 5, partial(_ended, seconds)
    found = list(side_by_side(one, folders, jobs, prepare=_limit_memory, seconds=most, instead=instead))
    hold_against_each_other(found, salt, settled)
    for each in found:
        each.sketch = {}
    strays = strays_of_root(root)
    return found + ([Verification(str(root), errors=strays)] if strays else [])


def _salt(folders: Sequence[Path]) -> int:
    """A number that depends on every answer, so that nobody can write around what it chooses."""
    salt = 0
    for folder in folders:
        path = folder / FILES[-1]
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                salt = crc32(file.read(MOST_BYTES[FILES[-1]]), salt)
    return salt


class _Late(Exception):
    pass


def _bounded(seconds: float, verify_one: Callable[[Path], Verification], folder: Path) -> Verification:
    """The verification, or that it took too long or too much; without signals there is only the pool's limit."""
    place = f"{folder.parent.name}/{folder.name}"

    def stop(*_: object) -> None:
        raise _Late

    alarm = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if alarm:
        # Processor time, so that a busy machine rejects nobody.
        before = signal.signal(signal.SIGPROF, stop)
        left, _ = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return verify_one(folder)
    except _Late:
        return Verification(place, errors=[f"took longer than {seconds:.0f} s to verify"])
    except MemoryError:
        return Verification(place, errors=["takes too much memory to verify"])
    finally:
        if alarm:
            signal.setitimer(signal.ITIMER_PROF, left)
            signal.signal(signal.SIGPROF, before)


def _ended(seconds: float, folder: Path, reason: str) -> Verification:
    told = f"took longer than {seconds:.0f} s to verify" if reason.startswith("took") else f"{reason} when verified"
    return Verification(f"{folder.parent.name}/{folder.name}", errors=[told])


def _limit_memory() -> None:
    """In a worker: no submission may take more than a machine has to spare."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY if hard < 0 else min(MOST_MEMORY, hard), hard))
