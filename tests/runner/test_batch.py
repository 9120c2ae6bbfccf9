"""Runs by OpenAI's batch API: submitted, waited for, interrupted, and taken into the journal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from batch_server import BatchServer, answered, expired, told
from misbehaving_server import answer_to, completion
from servers import KEY, PROMPTS, ask, rows

from ifeval_fi.errors import IfevalError
from ifeval_fi.runner.run import RunResult
from ifeval_fi.scoring.responses import load_responses

pytestmark = pytest.mark.usefixtures("bare_environment")


def batch_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "batch.json").read_text("utf-8")))


def submit(folder: Path, server: BatchServer, shown: StringIO | None = None, **options: Any) -> RunResult:
    return ask(folder, server.url, shown, batch=True, **options)


def test_a_batch_is_a_run_like_another(tmp_path: Path) -> None:
    shown = StringIO()
    with BatchServer(polls=2) as server:
        options = {"system_prompt": "Ole kohtelias.", "samples": 2, "seed": 7, "temperature": 0.5}
        result = submit(tmp_path, server, shown, **options)
        sent = [json.loads(line) for line in server.files["file-1"].splitlines()]
        assert submit(tmp_path, server, **options).nothing_asked
    assert (result.finished, result.answered, result.stopped) == (True, 8, None)
    assert [each["custom_id"] for each in sent] == ["0", "0#1", "1", "1#1", "2", "2#1", "3", "3#1"]
    assert {each["url"] for each in sent} == {"/v1/chat/completions"}
    bodies = {each["custom_id"]: each["body"] for each in sent}
    assert bodies["2#1"]["seed"] == 8
    got = {(row["key"], row["sample"]): row["response"] for row in rows(tmp_path)}
    assert got[2, 1] == answer_to(bodies["2#1"])
    assert got.keys() == {(key, sample) for key in range(4) for sample in range(2)}
    assert server.chats == 2  # the probe of each command; nothing is asked twice
    assert batch_of(tmp_path)["ended"] == "completed"
    assert "Submitted 8 requests as batch batch_1" in shown.getvalue()


def test_an_answer_equals_that_of_a_request(tmp_path: Path) -> None:
    """Thinking, cut answers, refusals and null mean what they mean in a run."""
    bodies = {
        "0": completion("<think>Yes.</think>Hei."),
        "1": completion("Hei", "length"),
        "2": completion(None, "length", reasoning_content="En ehdi."),
        "3": completion("Hei.", "abort"),
    }
    with BatchServer(lambda request: told(request, bodies[request["custom_id"]])) as server:
        result = submit(tmp_path, server)
    found = {row["key"]: row for row in rows(tmp_path)}
    assert (found[0]["response"], found[0]["reasoning"]) == ("Hei.", "Yes.")
    assert [found[key]["outcome"] for key in range(4)] == ["answered", "truncated", "truncated", "failed"]
    assert found[2]["empty"] == "reasoning_only"
    assert result.failed == {"server_error": 1}


def test_errors_are_failed_and_asked_again(tmp_path: Path) -> None:
    def some(request: Any) -> Any:
        wrong = {"error": {"message": "the prompt is not allowed", "code": "invalid_prompt"}}
        return {"0": answered, "1": lambda it: told(it, wrong, 400), "2": expired, "3": lambda it: None}[
            request["custom_id"]
        ](request)

    with BatchServer(some, status="expired") as server:
        first = submit(tmp_path, server)
        assert (first.answered, first.finished) == (1, False)
        found = {row["key"]: row.get("error") for row in rows(tmp_path)}
        assert found[1] == {"kind": "rejected", "message": "400: the prompt is not allowed"}
        assert found[2]["kind"] == "timeout"
        assert found[3] == {
            "kind": "server_error", "message": "the batch ended (expired) without an answer to it"
        }  # fmt: skip
        assert batch_of(tmp_path)["ended"] == "expired"
        server.answering, server.status = answered, "completed"
        second = submit(tmp_path, server)
        again = server.files[batch_of(tmp_path)["input_file_id"]].splitlines()
        assert [json.loads(line)["custom_id"] for line in again] == ["1", "2", "3"]
    assert second.finished
    assert {each.outcome for each in load_responses(tmp_path).responses} == {"answered"}


def test_answers_to_what_was_not_asked_stop_the_run_and_the_others_are_kept(tmp_path: Path) -> None:
    strange = json.dumps(told({"custom_id": "999"}, completion("Hei"))) + "\n"
    with BatchServer(more=[strange, "kaputt\n", '{"custom_id": 5}\n', "[1]\n"]) as server:
        result = submit(tmp_path, server)
    assert result.stopped is not None
    assert "of the batch's answers 4 belong to no request that was sent (999)" in result.stopped
    assert result.finished


def test_an_answer_that_stands_twice_is_taken_once(tmp_path: Path) -> None:
    twice = json.dumps(told({"custom_id": "1"}, completion("toinen"))) + "\n"
    with BatchServer(more=[twice]) as server:
        assert submit(tmp_path, server).finished
    assert sorted(row["key"] for row in rows(tmp_path)) == [0, 1, 2, 3]
    assert "toinen" not in (tmp_path / "responses.jsonl").read_text("utf-8")


def test_a_refused_batch_is_one_sentence_and_submitted_anew(tmp_path: Path) -> None:
    refusal = {"code": "model_not_found", "message": "The model does no batches.", "line": 1}
    with BatchServer(refuses=[refusal]) as server:
        with pytest.raises(IfevalError, match=r"refuses the batch batch_1: The model does no batches. \(line 1\)"):
            submit(tmp_path, server)
        assert rows(tmp_path) == []
        server.refuses = None
        assert submit(tmp_path, server).finished
        assert list(server.batches) == ["batch_1", "batch_2"]


def test_a_server_without_batches_leaves_the_file(tmp_path: Path) -> None:
    with BatchServer(has_batches=False) as server, pytest.raises(IfevalError) as problem:
        submit(tmp_path, server)
    assert f"has no /v1/batches; the requests are in {tmp_path / 'batch-requests.jsonl'}" in str(problem.value)
    sent = [json.loads(line) for line in (tmp_path / "batch-requests.jsonl").read_text("utf-8").splitlines()]
    assert len(sent) == len(PROMPTS)
    assert not (tmp_path / "batch.json").exists()


def test_a_batch_whose_making_was_not_answered_is_found_again(tmp_path: Path) -> None:
    with BatchServer(forgets=True) as server:
        # The connection is lost after the server has made the batch; the request is not simply repeated.
        result = submit(tmp_path, server)
        assert result.finished
        assert len(server.batches) == 1


def test_a_batch_at_another_server_and_one_that_is_gone(tmp_path: Path) -> None:
    with BatchServer() as first, BatchServer() as second:
        submit(tmp_path, first)
        kept = batch_of(tmp_path) | {"ended": None}
        (tmp_path / "batch.json").write_text(json.dumps(kept))
        lines = (tmp_path / "responses.jsonl").read_text("utf-8").splitlines(keepends=True)
        (tmp_path / "responses.jsonl").write_text("".join(lines[:-1]), "utf-8")
        with pytest.raises(IfevalError, match="its batch is at http://127"):
            submit(tmp_path, second)
        with pytest.raises(IfevalError, match="--batch takes its answers"):
            ask(tmp_path, first.url)
        (tmp_path / "batch.json").write_text(json.dumps(kept | {"id": "batch_9"}))
        gone = submit(tmp_path, first)
        assert gone.stopped is not None
        assert "the batch batch_9 cannot be looked at (404: No batch found" in gone.stopped
        # The journal holds some of its answers already, as after a crash between the last two steps.
        (tmp_path / "batch.json").write_text(json.dumps(kept))
        assert submit(tmp_path, first).finished
        assert len(first.batches) == 1
    assert sorted(row["key"] for row in rows(tmp_path)) == [0, 1, 2, 3]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": 5}', "\x00"])
def test_a_damaged_record_is_one_sentence(tmp_path: Path, content: str) -> None:
    with BatchServer(status="expired", answering=expired) as server:
        submit(tmp_path, server)
        (tmp_path / "batch.json").write_text(content)
        with pytest.raises(IfevalError, match=r"batch\.json: "):
            submit(tmp_path, server)


def test_an_unknown_status_stops(tmp_path: Path) -> None:
    with BatchServer(status="paused") as server:
        result = submit(tmp_path, server)
    assert result.stopped is not None
    assert "has a status that nobody knows ('paused')" in result.stopped


def test_the_key_stands_in_nothing_that_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IFEVAL_FI_API_KEY", KEY)

    def leaks(request: Any) -> Any:
        if request["custom_id"] == "1":
            return {"custom_id": "1", "response": None, "error": {"code": "x", "message": f"key {KEY} is wrong"}}
        return told(request, completion(f"avain {KEY}"))

    with BatchServer(leaks, key=KEY) as server:
        submit(tmp_path, server)
    written = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert KEY not in written
    assert len(rows(tmp_path)) == 4


def test_without_one_server_there_is_no_batch(tmp_path: Path) -> None:
    from ifeval_fi.runner.settings import RunSettings

    for urls in ((), ("http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1")):
        with pytest.raises(IfevalError, match="--batch needs one --base-url"):
            RunSettings(model="smollm2", base_urls=urls, batch=True)


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_command_goes_on_with_the_same_batch(tmp_path: Path, how: int) -> None:
    with BatchServer(polls=10**6) as server:
        command = [sys.executable, "-m", "ifeval_fi", "run", "--batch", "--base-url", server.url, "--limit", "3"]
        command += ["--output", str(tmp_path), "--quiet"]
        going = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        ends = time.monotonic() + 30
        while not server.looks and time.monotonic() < ends:
            time.sleep(0.02)
        going.send_signal(how)
        _, err = going.communicate(timeout=30)
        if how == signal.SIGINT:
            assert going.returncode == 1
            assert "the batch batch_1 goes on at the server, and the same command takes its answers" in err
        assert batch_of(tmp_path)["id"] == "batch_1"
        server.polls = 0
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert len(server.batches) == 1
    assert len(rows(tmp_path)) == 3
    assert (tmp_path / "scores.json").exists()
