"""Claims: one holder at a time, inherited from the dead, on any file system that can make a file exclusively."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ifeval_fi.runner import claim as claims
from ifeval_fi.runner import journal as journals
from ifeval_fi.runner.claim import DEAD_SECONDS, Held, attempts, claim, holder
from ifeval_fi.runner.journal import Journal, JournalError

linux = pytest.mark.skipif(sys.platform != "linux", reason="sees that a process is dead by /proc")


def of_another_machine(folder: Path, number: int = 1, *, silent: float = 0.0) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{number:04d}.json"
    path.write_text(json.dumps({"host": "solmu7", "machine": "solmu7 x", "pid": 1, "since": "1"}))
    os.utime(path, (time.time() - silent,) * 2)
    return path


def test_one_holds_it_until_it_is_released(tmp_path: Path) -> None:
    with claim(tmp_path / "c"):
        assert holder(tmp_path / "c")
        with pytest.raises(Held, match=f"held by process {os.getpid()} on "):
            claim(tmp_path / "c")
    assert holder(tmp_path / "c") is None
    claim(tmp_path / "c").release()
    assert attempts(tmp_path / "c") == 2


def test_a_claim_of_another_machine_stands_while_it_is_kept_alive(tmp_path: Path) -> None:
    of_another_machine(tmp_path / "c", silent=DEAD_SECONDS - 20)
    with pytest.raises(Held, match="process 1 on solmu7"):
        claim(tmp_path / "c")
    of_another_machine(tmp_path / "c", silent=DEAD_SECONDS + 20)
    assert claim(tmp_path / "c").number == 2


def test_the_clock_is_the_file_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node whose own clock runs an hour ahead must not rob the living."""
    of_another_machine(tmp_path / "c")
    monkeypatch.setattr(claims, "time", lambda: time.time() + 3600)
    with pytest.raises(Held):
        claim(tmp_path / "c")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]"])
def test_a_claim_that_is_being_written_is_one(tmp_path: Path, content: bytes) -> None:
    of_another_machine(tmp_path / "c").write_bytes(content)
    if content != b"[]":
        with pytest.raises(Held):
            claim(tmp_path / "c")
    of_another_machine(tmp_path / "c", silent=DEAD_SECONDS + 20)
    claim(tmp_path / "c").release()


@linux
def test_who_was_killed_on_this_machine_is_inherited_from_at_once(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom ifeval_fi.runner.claim import claim\n"
        "held = claim(Path(sys.argv[1]))\nprint('held', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "c")], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        with pytest.raises(Held, match=str(child.pid)):
            claim(tmp_path / "c")
        child.send_signal(signal.SIGKILL)
    assert claim(tmp_path / "c").number == 2


def _race(folder: Path, start: float, rounds: int, found: multiprocessing.Queue[tuple[int, int]]) -> None:
    time.sleep(max(0.0, start - time.time()))
    for number in range(rounds):
        try:
            claim(folder / str(number))
        except Held:
            continue
        found.put((number, os.getpid()))
    # The claims stay held until all have tried.
    time.sleep(1.0)


def test_of_many_that_race_for_the_dead_ones_claim_one_gets_it(tmp_path: Path) -> None:
    rounds = 25
    for number in range(rounds):
        of_another_machine(tmp_path / str(number), silent=DEAD_SECONDS + 20)
    context = multiprocessing.get_context("fork")
    found: multiprocessing.Queue[tuple[int, int]] = context.Queue()
    racers = [
        context.Process(target=_race, args=(tmp_path, time.time() + 0.3, rounds, found), daemon=True) for _ in range(4)
    ]
    for racer in racers:
        racer.start()
    winners = sorted(found.get(timeout=20)[0] for _ in range(rounds))
    for racer in racers:
        racer.join()
    assert winners == list(range(rounds))
    assert found.empty()


def test_who_was_taken_over_from_is_told_and_writes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "BEAT_SECONDS", 0.02)
    told: list[bool] = []
    mine = claim(tmp_path / "c", lambda: told.append(True))
    of_another_machine(tmp_path / "c", 2)
    deadline = time.monotonic() + 10
    while not told and time.monotonic() < deadline:
        time.sleep(0.01)
    assert told
    assert mine.lost
    mine.release()
    assert holder(tmp_path / "c") == {"host": "solmu7", "machine": "solmu7 x", "pid": 1, "since": "1"}


def test_a_journal_without_locks_is_written_by_its_heir_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(file: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(journals, "_lock", unsupported)
    with Journal(tmp_path / "run") as journal:
        journal.begin({"format": 1})
        assert journal._claim is not None
        # A node that was halted for minutes, and went on.
        monkeypatch.setattr(journal._claim, "_alive_at", time.monotonic() - DEAD_SECONDS)
        with pytest.raises(OSError, match="another run has taken it over"):
            journal.append([{"key": 1}])
    with Journal(tmp_path / "other"), pytest.raises(JournalError, match="another run on"):
        Journal(tmp_path / "other")
