"""Whole runs against servers that misbehave: nothing is lost, nothing is invented, nothing secret is written."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import CUT, DIE, HANG, RESET, Act, MisbehavingServer, answer_to, completion, error, ok, raw
from rich.console import Console

from ifeval_fi.errors import IfevalError
from ifeval_fi.prompts import Prompt, PromptSet
from ifeval_fi.runner.endpoint import api_key, withheld_key
from ifeval_fi.runner.faults import ServerError
from ifeval_fi.runner.journal import Journal, JournalError, read_settings
from ifeval_fi.runner.replicas import Replica, RetryPolicy
from ifeval_fi.runner.run import RunResult, run_prompts
from ifeval_fi.runner.settings import RunError, RunSettings

QUICK = RetryPolicy(attempts=5, base=0.01, cap=0.05)


def prompt_set(count: int = 6, word: str = "Kirjoita") -> PromptSet:
    return PromptSet([Prompt(n, f"{word} runo {n}.", (), "fi") for n in range(count)], name="koe", language="fi")


def ask(output: Path, *servers: MisbehavingServer, count: int = 6, **options: Any) -> RunResult:
    settings = RunSettings(**{"base_urls": tuple(s.url for s in servers), "retry": QUICK, "timeout": 5.0, **options})
    return run_prompts(prompt_set(count), settings, output, quiet=True)


def rows(output: Path) -> list[dict[str, Any]]:
    lines = (output / "responses.jsonl").read_bytes().decode().split("\n")
    return [json.loads(line) for line in lines[1:-1]]


def answers(output: Path) -> dict[tuple[Any, int], str]:
    return {(row["key"], row["sample"]): row["response"] for row in rows(output) if row["outcome"] != "failed"}


def expected(count: int = 6) -> dict[tuple[Any, int], str]:
    return {(n, 0): answer_to({"messages": [{"role": "user", "content": f"Kirjoita runo {n}."}]}) for n in range(count)}


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IFEVAL_FI_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_a_run_writes_every_answer_and_its_settings(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        result = ask(tmp_path / "run", server)
    assert result.finished
    assert (result.answered, result.truncated, dict(result.failed), result.total) == (6, 0, {}, 6)
    assert answers(tmp_path / "run") == expected()
    settings = read_settings(tmp_path / "run")
    assert settings["identity"]["model"] == "malli"
    assert settings["transport"]["servers"] == [server.url]


FAULTS: list[tuple[str, list[Act]]] = [
    ("429", [error(429, Retry_After="0")] * 3),
    ("500 four times", [error(500)] * 4),
    ("408", [error(408)]),
    ("reset", [RESET] * 2),
    ("cut body", [CUT] * 2),
    ("invalid JSON", [raw(b"{")] * 2),
    ("HTML", [raw(b"<html>", "text/html")] * 2),
    ("empty choices", [raw(b'{"choices": []}')] * 2),
    ("mixed", [error(503), RESET, CUT, raw(b"null")]),
]


@pytest.mark.parametrize("acts", [acts for _, acts in FAULTS], ids=[name for name, _ in FAULTS])
def test_passing_faults_are_asked_again(tmp_path: Path, acts: list[Act]) -> None:
    with MisbehavingServer(acts) as server:
        result = ask(tmp_path / "run", server, concurrency=1)
    assert result.finished
    assert answers(tmp_path / "run") == expected()
    assert rows(tmp_path / "run")[0]["attempts"] == len(acts) + 1


def test_a_hang_ends_with_the_time_limit_and_is_asked_again(tmp_path: Path) -> None:
    with MisbehavingServer([HANG]) as server:
        assert ask(tmp_path / "run", server, concurrency=1, timeout=0.3).finished
    assert rows(tmp_path / "run")[0]["attempts"] == 2


LASTING: list[tuple[str, Act, str, int]] = [
    ("500", error(500), "server_error", 5),
    ("429", error(429, Retry_After="0"), "rate_limit", 5),
    ("429 for an hour", error(429, Retry_After="3600"), "rate_limit", 1),
    ("400", error(400), "rejected", 1),
    ("404", error(404), "rejected", 1),
    ("422", error(422), "rejected", 1),
    ("20 MB", raw(b" " * 20_000_000), "too_large", 1),
    ("empty choices", raw(b'{"choices": []}'), "malformed", 5),
]


@pytest.mark.parametrize(("act", "kind", "attempts"), [c[1:] for c in LASTING], ids=[c[0] for c in LASTING])
def test_a_lasting_fault_is_one_failed_prompt_that_resume_asks_again(
    tmp_path: Path, act: Act, kind: str, attempts: int
) -> None:
    def third_fails(request: Mapping[str, Any], number: int) -> Act | None:
        return act if "runo 2" in request["messages"][-1]["content"] else None

    with MisbehavingServer(third_fails) as server:
        result = ask(tmp_path / "run", server)
        assert len(server.requests) == 5 + attempts
    assert not result.finished
    assert (result.answered, dict(result.failed)) == (5, {kind: 1})
    failed = [row for row in rows(tmp_path / "run") if row["outcome"] == "failed"]
    assert [(row["key"], row["error"]["kind"], row["attempts"]) for row in failed] == [(2, kind, attempts)]
    assert "response" not in failed[0]

    with MisbehavingServer() as server:
        result = ask(tmp_path / "run", server)
        assert [request["messages"][-1]["content"] for request in server.requests] == ["Kirjoita runo 2."]
    assert result.finished
    assert dict(result.failed) == {}
    assert answers(tmp_path / "run") == expected()


def test_truncated_and_reasoning_are_kept_apart(tmp_path: Path) -> None:
    acts = [ok("kesken", finish="length"), ok("<think>mietin</think>Hei"), ok("<think>mietin"), ok(None, reasoning="m")]
    with MisbehavingServer(acts) as server:
        result = ask(tmp_path / "run", server, count=4, concurrency=1)
    assert result.finished
    assert (result.answered, result.truncated) == (2, 2)
    found = [(row["outcome"], row["response"], row["reasoning"]) for row in rows(tmp_path / "run")]
    assert found == [
        ("truncated", "kesken", None),
        ("answered", "Hei", "mietin"),
        ("truncated", "", "mietin"),
        ("answered", "", "m"),
    ]


def test_retry_after_is_obeyed(tmp_path: Path) -> None:
    with MisbehavingServer([error(429, Retry_After="1")]) as server:
        assert ask(tmp_path / "run", server, concurrency=1).finished
        waited = server.times[1] - server.times[0]
    assert waited >= 1.0


def test_a_rate_limit_halves_what_is_in_flight_once_and_successes_bring_it_back() -> None:
    replica = Replica(None, 64)  # type: ignore[arg-type]
    started = time.monotonic()
    for _ in range(64):
        replica.rate_limited(started)
    assert replica.limit == 32
    for _ in range(128):
        replica.succeeded()
    assert replica.limit == 64
    for _ in range(20):
        replica.rate_limited(time.monotonic())
    assert replica.limit == 1


def test_after_a_rate_limit_fewer_requests_are_in_flight(tmp_path: Path) -> None:
    most: list[int] = []

    def limit(request: Mapping[str, Any], number: int) -> Act | None:
        if number <= 16:
            return error(429, Retry_After="0.2")
        most.append(server.in_flight + 1)
        return None

    with MisbehavingServer(limit, latency=0.02) as server:
        assert ask(tmp_path / "run", server, count=30, concurrency=16).finished
    assert max(most[:8]) <= 10


def test_concurrency_is_a_limit_and_is_used(tmp_path: Path) -> None:
    with MisbehavingServer(latency=0.05) as server:
        assert ask(tmp_path / "run", server, count=40, concurrency=10).finished
        assert server.most_in_flight == 10


def test_a_server_that_is_gone_stops_the_run_and_keeps_everything(tmp_path: Path) -> None:
    def dies(request: Mapping[str, Any], number: int) -> Act | None:
        return DIE if number == 20 else None

    with MisbehavingServer(dies) as server:
        result = ask(tmp_path / "run", server, count=200, concurrency=4, breaker=3)
    assert not result.finished
    assert result.stopped
    assert "3 prompts in a row failed" in result.stopped
    assert 15 <= result.answered < 25
    assert "The same command asks the missing" in result.summary
    with MisbehavingServer() as server:
        assert ask(tmp_path / "run", server, count=200, concurrency=4).finished
    assert answers(tmp_path / "run") == expected(200)


def test_a_key_that_is_revoked_stops_the_run_at_once(tmp_path: Path) -> None:
    def revoke(request: Mapping[str, Any], number: int) -> Act | None:
        return error(401) if number > 10 else None

    with MisbehavingServer(revoke) as server:
        result = ask(tmp_path / "run", server, count=100, concurrency=2)
        assert len(server.requests) <= 14
    assert result.answered == 10
    assert "key" in (result.stopped or "")


def test_several_servers_share_the_prompts(tmp_path: Path) -> None:
    with MisbehavingServer(latency=0.01) as one, MisbehavingServer(latency=0.01) as two:
        assert ask(tmp_path / "run", one, two, count=40, concurrency=8).finished
        assert min(len(one.requests), len(two.requests)) >= 10
    assert answers(tmp_path / "run") == expected(40)


@pytest.mark.parametrize("death", [DIE, HANG], ids=["death", "hang"])
def test_a_server_that_dies_is_dropped_and_its_prompts_are_answered_by_the_other(tmp_path: Path, death: Act) -> None:
    def dies(request: Mapping[str, Any], number: int) -> Act | None:
        if number == 5:
            one.kill() if death is DIE else None
        return death if number >= 5 else None

    with MisbehavingServer(dies, latency=0.01) as one, MisbehavingServer(latency=0.01) as two:
        result = ask(
            tmp_path / "run", one, two, count=60, concurrency=6, timeout=0.5, retry=RetryPolicy(base=0.01, cap=0.1)
        )
    assert result.finished
    assert answers(tmp_path / "run") == expected(60)


def test_failures_of_one_moment_count_once_against_a_server() -> None:
    replica = Replica(None, 64)  # type: ignore[arg-type]
    started = time.monotonic()
    for _ in range(64):
        replica.failed(started)
    assert replica.failures_in_a_row == 1
    replica.failed(time.monotonic())
    assert replica.failures_in_a_row == 2
    replica.succeeded()
    assert replica.failures_in_a_row == 0


def test_running_out_of_time_is_not_repeated_for_long(tmp_path: Path) -> None:
    def slow(request: Mapping[str, Any], number: int) -> Act | None:
        return HANG if "runo 2" in request["messages"][-1]["content"] else None

    with MisbehavingServer(slow) as server:
        result = ask(tmp_path / "run", server, timeout=0.2)
    assert dict(result.failed) == {"timeout": 1}
    assert rows(tmp_path / "run")[-1]["attempts"] == 3


def test_a_full_disk_stops_the_run_and_keeps_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append, calls = Journal.append, iter(range(100))

    def full(journal: Journal, batch: list[dict[str, Any]]) -> None:
        if next(calls) == 3:
            raise OSError(28, "No space left on device")
        append(journal, batch)

    monkeypatch.setattr(Journal, "append", full)
    with MisbehavingServer(latency=0.05) as server:
        result = ask(tmp_path / "run", server, count=40, concurrency=4)
        assert "No space left on device" in (result.stopped or "")
        assert 0 < result.answered < 40
        monkeypatch.undo()
        assert ask(tmp_path / "run", server, count=40, concurrency=4).finished
    assert answers(tmp_path / "run") == expected(40)


def test_a_key_no_header_can_carry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IFEVAL_FI_API_KEY", "sk-ä")
    with MisbehavingServer() as server, pytest.raises(ServerError, match="IFEVAL_FI_API_KEY") as caught:
        ask(tmp_path / "run", server)
    assert "sk-" not in str(caught.value)


def test_samples_have_seeds_of_their_own(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        result = ask(tmp_path / "run", server, count=2, samples=3, seed=7, temperature=0.8, top_p=0.9)
        seeds = sorted((r["messages"][-1]["content"], r["seed"], r["temperature"], r["top_p"]) for r in server.requests)
    assert result.total == 6
    assert seeds == [(f"Kirjoita runo {n}.", seed, 0.8, 0.9) for n in range(2) for seed in (7, 8, 9)]
    assert sorted(answers(tmp_path / "run")) == [(n, sample) for n in range(2) for sample in range(3)]


def test_what_is_sent(tmp_path: Path) -> None:
    body = {"chat_template_kwargs": {"enable_thinking": False}, "max_tokens": None, "max_completion_tokens": 9}
    with MisbehavingServer() as server:
        assert ask(tmp_path / "run", server, count=1, system_prompt="Ole lyhyt.", extra_body=body).finished
        sent = {name: value for name, value in server.requests[0].items() if name != "headers"}
    assert sent == {
        "model": "malli",
        "messages": [{"role": "system", "content": "Ole lyhyt."}, {"role": "user", "content": "Kirjoita runo 0."}],
        "max_completion_tokens": 9,
        "temperature": 0.0,
        "chat_template_kwargs": {"enable_thinking": False},
    }


@pytest.mark.parametrize(
    "options",
    [
        {"samples": 0},
        {"concurrency": 0},
        {"max_tokens": 0},
        {"timeout": 0.0},
        {"temperature": -1.0},
        {"temperature": float("nan")},
        {"top_p": 1.5},
        {"extra_body": {"stream": True}},
        {"base_urls": ("http://a/v1", "http://a/v1/")},
    ],
)
def test_settings_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(RunError, match="--"):
        RunSettings(**options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"temperature": 0.5}, "decoding.temperature 0.0 there, 0.5 now"),
        ({"max_tokens": 9}, "decoding.max_tokens 1280 there, 9 now"),
        ({"model": "toinen"}, "model 'malli' there, 'toinen' now"),
        ({"samples": 2}, "samples 1 there, 2 now"),
        ({"system_prompt": "Ole."}, "system_prompt None there, 'Ole.' now"),
        ({"extra_body": {"top_k": 1}}, "extra_body.top_k None there, 1 now"),
        ({"count": 5}, "prompts.count 6 there, 5 now"),
    ],
)
def test_another_run_is_refused_by_name(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    with MisbehavingServer(models=None) as server:
        ask(tmp_path, server, model="malli")
        before = (tmp_path / "responses.jsonl").read_bytes()
        with pytest.raises(JournalError, match=said):
            ask(tmp_path, server, **{"model": "malli", **options})
    assert (tmp_path / "responses.jsonl").read_bytes() == before


def test_other_prompts_are_refused(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        ask(tmp_path, server)
        settings = RunSettings(base_urls=(server.url,))
        with pytest.raises(JournalError, match=r"prompts\.digest"):
            run_prompts(prompt_set(word="Laula"), settings, tmp_path, quiet=True)


def test_a_complete_run_asks_nothing_and_another_port_is_the_same_run(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        assert ask(tmp_path, server).nothing_asked is None
    before = (tmp_path / "responses.jsonl").read_bytes()
    with MisbehavingServer() as server:
        result = ask(tmp_path, server, concurrency=3, timeout=9.0)
        assert server.requests == []
    assert result.finished
    assert result.nothing_asked == f"begun {read_settings(tmp_path)['started'][:16].replace('T', ' ')} UTC"
    assert (tmp_path / "responses.jsonl").read_bytes() == before


@pytest.mark.parametrize("options", [{}, {"model": "malli"}], ids=["the only one", "by name"])
def test_a_complete_run_is_no_answer_for_another_model(tmp_path: Path, options: dict[str, Any]) -> None:
    """Nobody may take the figures of the old model for those of the one that is served now."""
    with MisbehavingServer() as server:
        ask(tmp_path, server)
    before = (tmp_path / "responses.jsonl").read_bytes()
    refused = pytest.raises(IfevalError, match=r"model 'malli' there, 'toinen' now|serves no model 'malli'")
    with MisbehavingServer(models=("toinen",)) as server, refused:
        ask(tmp_path, server, **options)
    with pytest.raises(ServerError, match="cannot be reached"):
        ask(tmp_path, server, **options)
    assert (tmp_path / "responses.jsonl").read_bytes() == before


CHANGED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("path", {"root": "/models/a"}, {"root": "/models/b"}, "lists another file"),
    ("file", {"meta": {"size": 100, "n_ctx": 4096}}, {"meta": {"size": 101, "n_ctx": 4096}}, "lists another file"),
    ("age", {"owned_by": "library", "created": 1}, {"owned_by": "library", "created": 2}, "lists another file"),
]


@pytest.mark.parametrize(("then", "now", "said"), [c[1:] for c in CHANGED], ids=[c[0] for c in CHANGED])
@pytest.mark.parametrize("count", [1, 3], ids=["complete", "half"])
def test_new_weights_under_the_same_name_are_noticed(
    tmp_path: Path, then: dict[str, Any], now: dict[str, Any], said: str, count: int
) -> None:
    def some(request: Mapping[str, Any], number: int) -> Act | None:
        return error(400) if number > count else None

    with MisbehavingServer(some, model_fields=then) as server:
        ask(tmp_path, server, count=3, concurrency=1)
    before = (tmp_path / "responses.jsonl").read_bytes()
    with MisbehavingServer(model_fields=now) as server, pytest.raises(JournalError, match=said):
        ask(tmp_path, server, count=3)
    assert (tmp_path / "responses.jsonl").read_bytes() == before
    with MisbehavingServer(model_fields={**then, "created": 99} if "created" not in then else then) as server:
        assert ask(tmp_path, server, count=3).finished


def test_another_fingerprint_of_the_server_is_noticed(tmp_path: Path) -> None:
    def signed(name: str) -> MisbehavingServer:
        reply = raw(json.dumps({**completion("Hei"), "system_fingerprint": name}).encode())
        return MisbehavingServer(lambda request, number: reply, probed=True)

    with signed("fp-1") as server:
        ask(tmp_path, server)
    with signed("fp-1") as server:
        assert ask(tmp_path, server).nothing_asked
        assert len(server.requests) == 1
    with signed("fp-2") as server, pytest.raises(JournalError, match=r"another fingerprint.*--again"):
        ask(tmp_path, server)


def test_asked_again_the_old_answers_are_kept_aside(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        ask(tmp_path, server)
    before = (tmp_path / "responses.jsonl").read_bytes()
    with MisbehavingServer(models=("toinen",)) as server:
        result = run_prompts(
            prompt_set(), RunSettings(base_urls=(server.url,), temperature=0.5), tmp_path, again=True, quiet=True
        )
        assert len(server.requests) == 6
    assert (result.model, result.finished) == ("toinen", True)
    (kept,) = tmp_path.glob("before-*")
    assert (kept / "responses.jsonl").read_bytes() == before
    with pytest.raises(ServerError, match="cannot be reached"):
        run_prompts(prompt_set(), RunSettings(base_urls=(server.url,), retry=QUICK), tmp_path, again=True, quiet=True)
    assert len(list(tmp_path.glob("before-*"))) == 1


def test_the_folder_may_bear_the_name_that_the_server_tells(tmp_path: Path) -> None:
    with MisbehavingServer() as server:
        settings = RunSettings(base_urls=(server.url,))
        result = run_prompts(prompt_set(), settings, lambda model: tmp_path / f"{model}-koe", quiet=True)
    assert result.directory == tmp_path / "malli-koe"


def test_a_wrong_call_leaves_no_directory(tmp_path: Path) -> None:
    with MisbehavingServer() as server, pytest.raises(ServerError, match="serves no model"):
        ask(tmp_path / "run", server, model="toinen")
    assert not (tmp_path / "run").exists()


def test_no_server_and_no_local_model(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="--base-url"):
        ask(tmp_path / "run")
    with pytest.raises(RunError, match="gpt"):
        ask(tmp_path / "run", model="gpt")
    with pytest.raises(RunError, match="no prompts"):
        ask(tmp_path / "run", count=0)


def test_the_key_is_used_and_written_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-erittäin-salainen".replace("ä", "a")
    monkeypatch.setenv("IFEVAL_FI_API_KEY", key)

    def echo(request: Mapping[str, Any], number: int) -> Act | None:
        return error(400, f"bad {request['headers']['authorization']}") if number == 2 else None

    with MisbehavingServer(echo, key=key) as server:
        result = ask(tmp_path / "run", server)
    assert result.answered == 5
    for file in (tmp_path / "run").iterdir():
        assert key not in file.read_text("utf-8")
    assert key not in repr(result)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://api.example.com/v1", True),
        ("http://api.example.com/v1", False),
        ("https://localhost:8000/v1", False),
        ("http://127.0.0.1:8000/v1", False),
        ("https://[::1]/v1", False),
    ],
)
def test_the_openai_key_goes_only_over_https_to_other_machines(
    url: str, sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai-123456")
    assert api_key(url) == ("sk-openai-123456" if sent else None)
    assert (withheld_key([url]) is None) is sent
    monkeypatch.setenv("IFEVAL_FI_API_KEY", "sk-ours-123456")
    assert api_key(url) == "sk-ours-123456"
    assert withheld_key([url]) is None


def test_a_local_server_does_not_see_the_openai_key_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai-123456")
    shown = StringIO()
    with MisbehavingServer() as server:
        run_prompts(
            prompt_set(), RunSettings(base_urls=(server.url,)), tmp_path / "run", console=Console(file=shown, width=300)
        )
        assert not any("authorization" in request["headers"] for request in server.requests)
    assert f"OPENAI_API_KEY is not sent to {server.url}" in shown.getvalue()


def test_a_second_run_on_the_directory_is_refused(tmp_path: Path) -> None:
    with MisbehavingServer(latency=0.2) as server:
        first = threading.Thread(target=ask, args=(tmp_path, server), kwargs={"concurrency": 1})
        first.start()
        while not server.requests:
            time.sleep(0.01)
        with pytest.raises(JournalError, match="another run"):
            ask(tmp_path, server)
        first.join()
    assert answers(tmp_path) == expected()


def test_plain_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    console = Console(file=(tmp_path / "log").open("w"), force_terminal=False, width=200)
    with MisbehavingServer() as server:
        run_prompts(prompt_set(), RunSettings(base_urls=(server.url,)), tmp_path / "run", console=console)
    console.file.close()
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert lines[0].startswith("0 of 6")
    assert lines[-1].startswith("6 of 6 · answered 6 · truncated 0 · failed 0 · ")
    assert "\x1b" not in "".join(lines)


def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    console = Console(file=(tmp_path / "log").open("w"), force_terminal=True, width=200)
    with MisbehavingServer() as server:
        run_prompts(prompt_set(), RunSettings(base_urls=(server.url,)), tmp_path / "run", console=console)
    console.file.close()
    assert "6/6" in (tmp_path / "log").read_text("utf-8")


CHILD = """
import sys
from pathlib import Path
from ifeval_fi.prompts import Prompt, PromptSet
from ifeval_fi.runner.run import run_prompts
from ifeval_fi.runner.settings import RunSettings
prompts = PromptSet([Prompt(n, f"Kirjoita runo {n}.", (), "fi") for n in range(60)], name="koe", language="fi")
result = run_prompts(prompts, RunSettings(base_urls=(sys.argv[1],), concurrency=4), Path(sys.argv[2]), quiet=True)
print(result.summary)
sys.exit(0 if result.finished else 1)
"""


def child(server: MisbehavingServer, output: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", CHILD, server.url, str(output)], stdout=subprocess.PIPE, text=True)


def wait_for_lines(output: Path, count: int, process: subprocess.Popen[str]) -> None:
    path = output / "responses.jsonl"
    while process.poll() is None and not (path.exists() and path.read_bytes().count(b"\n") > count):
        time.sleep(0.002)


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_in_order(tmp_path: Path, sent: signal.Signals) -> None:
    output = tmp_path / "run"
    with MisbehavingServer(latency=0.1) as server:
        process = child(server, output)
        wait_for_lines(output, 8, process)
        process.send_signal(sent)
        said, _ = process.communicate(timeout=10)
        assert process.returncode == 1
        assert said.startswith("interrupted; ")
        assert "The same command asks the missing" in said
        kept = answers(output)
        assert 8 <= len(kept) < 60
        process = child(server, output)
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert answers(output) == expected(60)
    assert len(rows(output)) == 60


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_kill_9_at_any_moment_then_resume_gives_the_same_answers(tmp_path: Path) -> None:
    output, moments = tmp_path / "run", random.Random(9)
    with MisbehavingServer(latency=0.05) as server:
        for _ in range(7):
            before = len(answers(output)) + 1 if (output / "responses.jsonl").exists() else 0
            process = child(server, output)
            wait_for_lines(output, before, process)
            time.sleep(moments.uniform(0, 0.08))
            assert process.poll() is None
            process.kill()
            process.communicate()
        process = child(server, output)
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert answers(output) == expected(60)
    assert len(rows(output)) == 60
