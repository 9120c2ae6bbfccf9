"""Many submissions verified side by side, each within a time limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import TimeoutError as Late
from multiprocessing import get_context
from pathlib import Path

from ifeval_fi.leaderboard.entry import SubmissionError, strays_of_root, submissions
from ifeval_fi.leaderboard.verify import Keep, Prompts, Verification, hold_against_each_other, verify

SECONDS = 300.0


def examine(
    root: Path,
    *,
    jobs: int = 0,
    seconds: float = SECONDS,
    prompts: Prompts | None = None,
    keep: Keep | None = None,
    scored: str | None = None,
) -> list[Verification]:
    """Every submission below a folder, verified and held against the others; stray files stand as an entry of theirs.

    With `jobs`, in so many processes, and one that takes longer than `seconds` is rejected; with 0, here and
    without a time limit. With `scored`, only that place is scored, and the others are read.
    """
    if not root.is_dir():
        raise SubmissionError(f"{root}: no such folder of submissions")
    one = partial(verify, prompts=prompts, keep=keep, scored=scored)
    folders = submissions(root)
    found = _side_by_side(one, folders, jobs, seconds) if jobs else [one(folder) for folder in folders]
    hold_against_each_other(found)
    for each in found:
        each.sketch = {}
    strays = strays_of_root(root)
    return found + ([Verification(str(root), errors=strays)] if strays else [])


def _side_by_side(
    one: Callable[[Path], Verification], folders: Sequence[Path], jobs: int, seconds: float
) -> list[Verification]:
    done: list[Verification] = []
    while len(done) < len(folders):
        with get_context().Pool(min(jobs, len(folders) - len(done))) as pool:
            results = pool.imap(one, folders[len(done) :])
            try:
                while len(done) < len(folders):
                    done.append(results.next(seconds))
            except Late:
                folder = folders[len(done)]
                place = f"{folder.parent.name}/{folder.name}"
                done.append(Verification(place, errors=[f"took longer than {seconds:.0f} s to verify"]))
    return done
