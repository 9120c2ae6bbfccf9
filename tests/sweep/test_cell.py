"""A cell: asked once, resumed, raced for, inherited, and failed with its reason."""

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
from misbehaving_server import Act, MisbehavingServer, error
from sweeps import answers, checkpoint, plan

from ifeval_fi.runner.claim import DEAD_SECONDS, attempts, holder
from ifeval_fi.sweep.cell import run_cell
from ifeval_fi.sweep.plan import Plan, SweepError
from ifeval_fi.sweep.state import CLAIMS, FAILED, Watch, is_done


def served(server: MisbehavingServer, output: Path, **more: object) -> Plan:
    made = plan(output, [{"model": "malli", "base_url": server.url}], concurrency=2, **more)
    made.save()
    return made


def state(made: Plan) -> list[tuple[str, int]]:
    return [(each.state, each.answered) for each in Watch(made).look()]


def test_a_cell_is_asked_once(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        made = served(server, tmp_path, prompts=["fi", "en"])
        folder = made.folder(made.cells[0])
        assert state(made) == [("waiting", 0)]
        assert run_cell(folder) is None
        assert state(made) == [("done", 6)]
        assert len(server.requests) == 6
        assert run_cell(folder) is None
        assert len(server.requests) == 6
    assert attempts(folder / CLAIMS) == 1
    # Done is done: not even its server is needed.
    assert run_cell(folder) is None


def test_a_set_that_is_added_later_is_asked_alone(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        made = served(server, tmp_path)
        run_cell(made.folder(made.cells[0]))
        more = served(server, tmp_path, prompts=["fi", "sv"])
        assert state(more) == [("waiting", 3)]
        assert run_cell(more.folder(more.cells[0])) is None
        assert len(server.requests) == 6
    assert state(more) == [("done", 6)]


def test_what_is_answered_is_scored_without_a_server(tmp_path: Path) -> None:
    """After a crash between the last answer and the mark, and after a change of rules."""
    with MisbehavingServer() as server:
        made = served(server, tmp_path)
        folder = made.folder(made.cells[0])
        run_cell(folder)
    (folder / "done.json").unlink()
    (folder / "fi-1.1-3" / "scores.json").unlink()
    assert run_cell(folder) is None
    assert state(made) == [("done", 3)]
    with MisbehavingServer() as server:
        other = served(server, tmp_path, rules="reference")
    assert state(other) == [("waiting", 3)]
    assert run_cell(folder) is None
    assert "rules:reference" in (folder / "fi-1.1-3" / "scores.json").read_text()


def test_failed_prompts_fail_the_cell_and_are_asked_again(tmp_path: Path) -> None:
    broken = [True]
    with MisbehavingServer(lambda request, number: error(400, "liian pitkä") if broken[0] else None) as server:
        made = served(server, tmp_path)
        folder = made.folder(made.cells[0])
        problem = run_cell(folder)
        assert problem is not None
        assert "fi-1.1-3: 0 of 3 answered" in problem
        (standing,) = Watch(made).look()
        assert (standing.state, standing.reason) == ("failed", problem)
        broken[0] = False
        assert run_cell(folder) is None
    assert not (folder / FAILED).exists()
    assert state(made) == [("done", 3)]


def _race(folder: Path, start: float) -> None:
    time.sleep(max(0.0, start - time.time()))
    sys.exit(0 if run_cell(folder) is None else 1)


def test_two_workers_that_race_for_a_cell_ask_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ifeval_fi.sweep.cell._HELD_SECONDS", 0.1)
    with MisbehavingServer(latency=0.1) as server:
        made = served(server, tmp_path)
        folder = made.folder(made.cells[0])
        context = multiprocessing.get_context("fork")
        workers = [context.Process(target=_race, args=(folder, time.time() + 0.2)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
        assert [worker.exitcode for worker in workers] == [0, 0, 0]
        assert len(server.requests) == 3
    assert state(made) == [("done", 3)]


def test_a_dead_nodes_cell_is_gone_on_with(tmp_path: Path) -> None:
    """Its claim, torn journal and all; nothing that was answered is asked again."""
    with MisbehavingServer() as server:
        made = served(server, tmp_path / "whole")
        run_cell(made.folder(made.cells[0]))
        whole = answers(made)
        lost = served(server, tmp_path / "lost")
        folder = lost.folder(lost.cells[0])
        run_cell(folder)
        (folder / "done.json").unlink()
        journal = folder / "fi-1.1-3" / "responses.jsonl"
        journal.write_bytes(journal.read_bytes()[:-40])
        claim = folder / CLAIMS / "0001.json"
        claim.write_text(json.dumps({"host": "solmu7", "machine": "solmu7", "pid": 1}))
        assert state(lost) == [("running", 2)]
        os.utime(claim, (time.time() - DEAD_SECONDS - 5,) * 2)
        assert state(lost) == [("waiting", 2)]
        asked = len(server.requests)
        assert run_cell(folder) is None
        assert len(server.requests) == asked + 1
    assert answers(lost) == whole


@pytest.mark.skipif(sys.platform != "linux", reason="sees that a process is dead by /proc")
def test_a_crash_at_any_moment_costs_what_was_in_flight(tmp_path: Path) -> None:
    with MisbehavingServer(latency=0.15) as server:
        made = served(server, tmp_path, prompts=["fi", "en"], samples=2)
        folder = made.folder(made.cells[0])
        for number in range(3):
            answered = Watch(made).look()[0].answered
            command = [sys.executable, "-m", "ifeval_fi.sweep.cell", str(folder)]
            with subprocess.Popen(command) as child:
                deadline = time.monotonic() + 30
                while Watch(made).look()[0].answered <= answered and time.monotonic() < deadline:
                    time.sleep(0.02)
                child.kill()
            assert holder(folder / CLAIMS) is None, number
        assert run_cell(folder) is None
        # Two at a time were in flight at each of the three crashes.
        assert 12 <= len(server.requests) <= 12 + 3 * 2
    assert len(answers(made)) == 6
    assert is_done(made.cells[0], folder)


def test_a_stop_in_order_is_no_failure(tmp_path: Path) -> None:
    with MisbehavingServer(lambda request, number: Act(wait=20.0) if number > 1 else None) as server:
        made = served(server, tmp_path)
        folder = made.folder(made.cells[0])
        with subprocess.Popen([sys.executable, "-m", "ifeval_fi.sweep.cell", str(folder)]) as child:
            deadline = time.monotonic() + 30
            while state(made) != [("running", 1)] and time.monotonic() < deadline:
                time.sleep(0.05)
            child.send_signal(signal.SIGTERM)
        assert child.returncode == 130
    assert state(made) == [("waiting", 1)]


def test_a_folder_that_is_not_shared_is_said(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="must lie on a shared file system"):
        run_cell(tmp_path / "cells" / "x")


def test_prompts_that_changed_since_the_plan_are_not_asked(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.jsonl"
    row = {"key": 1, "prompt": "Kirjoita runo.", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
    prompts.write_text(json.dumps(row) + "\n")
    with MisbehavingServer() as server:
        made = served(server, tmp_path / "out", prompts=[str(prompts)])
        prompts.write_text(json.dumps(row | {"prompt": "Kirjoita satu."}) + "\n")
        problem = run_cell(made.folder(made.cells[0]))
        assert problem is not None
        assert "other prompts than when the sweep was planned" in problem
        assert not server.requests


def test_the_fake_checkpoint_is_served_and_asked(tmp_path: Path) -> None:
    made = plan(tmp_path / "out", [checkpoint(tmp_path / "step-1")])
    made.save()
    assert run_cell(made.folder(made.cells[0])) is None
    assert state(made) == [("done", 3)]
