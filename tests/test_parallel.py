"""Tasks side by side: the same results in the same order from any number of processes, and nothing hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ifeval_fi.parallel import WorkerLost, side_by_side

JOBS = [0, 1, 2, 5]


def slow_square(number: int) -> int:
    time.sleep(0.002 * (number % 3))
    return number * number


def moody(number: int) -> int:
    if number == 3:
        raise ValueError("kolme")
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 9:
        time.sleep(60)
    return number


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("count", [0, 1, 40])
def test_results_come_in_the_tasks_order(jobs: int, count: int) -> None:
    assert list(side_by_side(slow_square, range(count), jobs)) == [number * number for number in range(count)]


@pytest.mark.parametrize("jobs", JOBS)
def test_an_exception_is_raised_at_its_place(jobs: int) -> None:
    found = []
    with pytest.raises(ValueError, match="kolme"):
        found.extend(iterated(side_by_side(moody, range(6), jobs), found))
    assert found == [0, 1, 2]


def iterated(results: Iterator[int], into: list[int]) -> list[int]:
    for each in results:
        into.append(each)
    return []


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_process_that_is_killed_is_named_and_nothing_hangs(jobs: int) -> None:
    with pytest.raises(WorkerLost, match="task 4 of 5 ended its process"):
        list(side_by_side(moody, [4, 5, 6, 7, 8], jobs))


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_is_lost_or_late_has_another_result_and_the_others_their_own(jobs: int) -> None:
    reasons: dict[int, str] = {}

    def instead(task: int, reason: str) -> int:
        reasons[task] = reason
        return -task

    found = list(side_by_side(moody, [5, 7, 6, 9, 8], jobs, seconds=0.5, instead=instead))
    assert found == [5, -7, 6, -9, 8]
    assert "status -9" in reasons[7]
    assert reasons[9] == "took longer than 0.5 s"


def test_no_process_runs_far_ahead_of_what_is_taken(tmp_path: Path) -> None:
    results = side_by_side(Toucher(tmp_path), range(100), 2)
    assert next(results) == 0
    time.sleep(0.3)
    assert len(list(tmp_path.iterdir())) <= 10
    assert list(results) == list(range(1, 100))


class Toucher:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, number: int) -> int:
        (self.folder / str(number)).touch()
        return number


def test_processes_do_not_outlive_a_killed_parent() -> None:
    code = (
        "import os, time\nfrom ifeval_fi.parallel import side_by_side\n"
        "def told(n):\n    return os.getpid()\n"
        "results = side_by_side(told, range(2000), 2)\n"
        "print(next(results), next(results), flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = {int(each) for each in parent.stdout.readline().split()}
        parent.kill()
    deadline = time.monotonic() + 10
    while any(map(lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(lives, workers))


def lives(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_files_are_the_same_for_any_number_of_processes(tmp_path: Path, capsys: Any) -> None:
    from scored import broken, scored_run

    from ifeval_fi.cli.score import score

    folders = [scored_run(tmp_path / f"m{number}", edit=broken(number)) for number in range(5)]
    told = {}
    for jobs in (1, 3):
        out = tmp_path / f"jobs{jobs}"
        assert score(*folders, output=out, jobs=jobs) == 0
        files = {path.relative_to(out): path.read_bytes() for path in sorted(out.rglob("*.json*"))}
        told[jobs] = (files, capsys.readouterr().out.replace(str(out), "OUT"))
    assert told[1] == told[3]
    assert len(told[1][0]) == 10
