"""One cell: claim it, start its server, ask every prompt set, score, mark it done. Any executor calls `run_cell`.

    python -m ifeval_fi.sweep.cell FOLDER [--threads N]

A cell that was begun goes on by its journals; one that is done is not run again.
"""

from __future__ import annotations

import _thread
import argparse
import signal
import sys
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import NoReturn

from ifeval_fi.errors import IfevalError
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.runner.claim import Claim, Held, claim
from ifeval_fi.runner.evaluate import ask_and_score
from ifeval_fi.runner.local import die_with_parent
from ifeval_fi.runner.settings import RunSettings
from ifeval_fi.sweep.plan import CELL, AskedSet, Cell, SweepError, load_cell
from ifeval_fi.sweep.server import ServerDied, Serving, serving
from ifeval_fi.sweep.state import CLAIMS, FAILED, done_sets, is_done, mark, mark_done, mark_failed

_HELD_SECONDS = 5.0


def run_cell(folder: Path, *, threads: int | None = None) -> str | None:
    """Carry out what is not done yet; why it failed, or None. Waits while another process has the cell.

    KeyboardInterrupt when it was interrupted: then it goes on when it is called again, anywhere.
    """
    if not (folder / CELL).is_file():
        raise SweepError(f"{folder}: not seen on this machine; a sweep's --output must lie on a shared file system")
    cell = load_cell(folder)
    held = _claimed(cell, folder)
    if held is None:
        return None
    with held:
        try:
            (folder / FAILED).unlink(missing_ok=True)
            _carry_out(cell, folder, threads)
        except (IfevalError, OSError) as problem:
            if held.lost:
                return "another node has taken it over, after this one gave no sign of life"
            mark_failed(folder, str(problem), problem.lines if isinstance(problem, ServerDied) else ())
            return str(problem)
    return None


def _claimed(cell: Cell, folder: Path) -> Claim | None:
    """The claim on the cell, once nobody has it; None when the cell is done."""
    while not is_done(cell, folder):
        with suppress(Held):
            # Who lost the claim stops asking at once, as at Ctrl-C.
            return claim(folder / CLAIMS, _thread.interrupt_main)
        sleep(_HELD_SECONDS)
    return None


def _carry_out(cell: Cell, folder: Path, threads: int | None) -> None:
    marked = done_sets(folder)
    missing = [each for each in cell.sets if marked.get(each.folder) != mark(cell, each)]
    if not missing:
        return
    prompts = [(each, _prompts(cell, each)) for each in missing]
    problems = []
    with serving(cell, folder, threads=threads) as server:
        for asked, chosen in prompts:
            problem = _ask(cell, asked, chosen, folder, server)
            if died := server.ended():
                raise ServerDied(f"{asked.folder}: {died}", died.lines)
            if problem:
                problems.append(f"{asked.folder}: {problem}")
    if problems:
        raise SweepError("; ".join(problems))


def _prompts(cell: Cell, asked: AskedSet) -> PromptSet:
    prompts = load_prompts(asked.source).select(limit=cell.limit)
    if prompts.digest != asked.digest:
        raise SweepError(f"{asked.source}: holds other prompts than when the sweep was planned; call the sweep again")
    return prompts


def _ask(cell: Cell, asked: AskedSet, prompts: PromptSet, folder: Path, server: Serving) -> str | None:
    """Why the set is not done, or None."""
    settings = RunSettings(
        model=server.model,
        name=cell.label,
        base_urls=server.urls,
        concurrency=cell.concurrency,
        timeout=cell.timeout,
        **cell.decoding,
    )
    run = ask_and_score(
        prompts,
        settings,
        folder / asked.folder,
        rules=cell.rules,
        keep_thinking=cell.keep_thinking,
        quiet=True,
        local_url=server.local_url,
    )
    if run.result.stopped == "interrupted":
        raise KeyboardInterrupt
    if run.finished:
        mark_done(cell, asked, folder)
        return None
    return run.unwritten or run.result.summary


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    """The command of one cell, which ends with who called it; 1 when the cell failed, 130 when it was interrupted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    die_with_parent(signal.SIGTERM)
    try:
        problem = run_cell(arguments.folder, threads=arguments.threads)
    except KeyboardInterrupt:
        return 130
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
