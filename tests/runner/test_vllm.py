"""Against a real vLLM: its replies, its errors, a scored run beside llama.cpp's, and its death in the middle of one.

`make test-vllm` prepares vLLM and runs these tests; IFEVAL_FI_TEST_VLLM names the folder vllm_server.py prepared.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from vllm_server import CONTEXT, KEY, NAME, VllmServer

from ifeval_fi.runner.endpoint import Endpoint, open_session
from ifeval_fi.runner.faults import Failure
from ifeval_fi.runner.journal import read_settings
from ifeval_fi.runner.probe import Served, served_model
from ifeval_fi.runner.replies import Reply

FOLDER = os.environ.get("IFEVAL_FI_TEST_VLLM", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="needs vLLM in an environment of its own; make test-vllm")

PROMPTS = 20
SLOTS = 8
ASKED = ("--limit", PROMPTS, "--max-tokens", 48)
FIGURES = ("prompt_level_strict_acc", "prompt_level_loose_acc", "inst_level_strict_acc", "inst_level_loose_acc")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VllmServer]:
    server = VllmServer(Path(FOLDER).absolute(), tmp_path_factory.mktemp("vllm") / "log")
    server.start()
    yield server
    server.kill()


def with_endpoint(server: VllmServer, do: Callable[[Endpoint], Any]) -> Any:
    async def main() -> Any:
        async with open_session(server.url) as session:
            return await do(Endpoint(server.url, session, 300, KEY))

    return asyncio.run(main())


def ask(server: VllmServer, text: str, **options: Any) -> Any:
    messages = [{"role": "user", "content": text}]
    body = json.dumps({"model": NAME, "messages": messages, "temperature": 0, "max_tokens": 64, **options}).encode()
    return with_endpoint(server, lambda endpoint: endpoint.complete(body))


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "ifeval_fi", "run", *map(str, arguments)]


def run(*arguments: object, key: str = KEY) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=500, env=os.environ | {"IFEVAL_FI_API_KEY": key}
    )


@dataclass(frozen=True)
class Run:
    """A finished run's folder and how fast it was."""

    folder: Path
    tokens_per_second: int

    @property
    def rows(self) -> list[dict[str, Any]]:
        lines = (self.folder / "responses.jsonl").read_text("utf-8").splitlines()
        return sorted(map(json.loads, lines[1:]), key=lambda row: int(row["key"]))

    @property
    def scores(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "scores.json").read_text("utf-8")))


def finished_run(folder: Path, *arguments: object) -> Run:
    done = run(*ASKED, "--output", folder, *arguments)
    assert done.returncode == 0, done.stderr
    return Run(folder, int(re.findall(r"(\d+) tokens/s", done.stderr)[-1]))


@pytest.fixture(scope="module")
def undisturbed(server: VllmServer, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("undisturbed")
    return finished_run(folder / "run", "--base-url", server.url, "--concurrency", SLOTS)


def test_the_probe_reads_model_context_and_version(server: VllmServer) -> None:
    served = with_endpoint(server, lambda endpoint: served_model(endpoint, None))
    assert served == Served(NAME, "vllm", served.version, None, CONTEXT)
    assert re.match(r"\d+\.\d+", served.version)


def test_a_cut_answer_and_a_whole_one(server: VllmServer) -> None:
    cut = ask(server, "Write a long story about the sea.", max_tokens=8)
    assert (cut.finish_reason, cut.truncated, cut.usage.completion_tokens) == ("length", True, 8)
    whole = ask(server, "What is the capital of France?", max_tokens=500)
    assert (whole.finish_reason, whole.truncated) == ("stop", False)
    assert "Paris" in whole.response
    assert 0 < whole.usage.completion_tokens < 500
    assert cut.usage.prompt_tokens > 8
    assert (cut.reasoning, whole.reasoning) == (None, None)


def test_an_answer_has_no_more_tokens_than_the_context_leaves(server: VllmServer) -> None:
    """vLLM says nothing of it, which is why the probe refuses a run whose --max-tokens do not fit."""
    reply = ask(server, " a" * (CONTEXT - 100), max_tokens=CONTEXT - 100, ignore_eos=True)
    assert reply.usage.completion_tokens == CONTEXT - reply.usage.prompt_tokens < CONTEXT - 100
    assert reply.truncated


@pytest.mark.parametrize(
    ("said", "options", "response", "reasoning", "truncated"),
    [
        ("<think>Maa on Suomi.</think>Helsinki.", {}, "Helsinki.", "Maa on Suomi.", False),
        ("<think>Maa.</think>Tagi on <think>.", {}, "Tagi on <think>.", "Maa.", False),
        (f"<think>{'Maa on Suomi. ' * 10}</think>Helsinki.", {"max_tokens": 16}, "", "M", True),
    ],
)
def test_reasoning_is_apart_from_the_answer(
    server: VllmServer, said: str, options: dict[str, Any], response: str, reasoning: str, truncated: bool
) -> None:
    reply = ask(server, "Mikä on Suomen pääkaupunki?", structured_outputs={"choice": [said]}, **options)
    assert isinstance(reply, Reply)
    assert (reply.response, reply.truncated) == (response, truncated)
    assert (reply.reasoning or "").startswith(reasoning)


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        ({"model": "toinen"}, 404, "`toinen` does not exist"),
        ({"max_tokens": CONTEXT + 1}, 400, f"cannot be greater than max_model_len={CONTEXT}"),
        ({"messages": [{"role": "user", "content": "kissa " * CONTEXT}]}, 400, f"context length is {CONTEXT} tokens"),
        ({"temperature": -1}, 400, "temperature"),
        ({"messages": "Hei"}, 400, "messages"),
    ],
)
def test_a_refusal_is_not_asked_again(server: VllmServer, options: dict[str, Any], status: int, message: str) -> None:
    failure = ask(server, "Hei", **options)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.status, failure.retried) == ("rejected", status, False)
    assert message in failure.message


@pytest.mark.parametrize(
    ("path", "options", "key", "message"),
    [
        ("/v1", ["--model", "toinen"], KEY, f"serves no model 'toinen'; it serves {NAME}"),
        ("/v1", ["--max-tokens", CONTEXT], KEY, f"has a context of {CONTEXT} tokens, but the longest prompt takes"),
        ("", [], KEY, "/v1 has; give --base-url http://"),
        ("/v1", [], "", "wants a key"),
        ("/v1", [], "another", "refuses the key"),
    ],
)
def test_a_wrong_call_is_said_in_one_line(
    server: VllmServer, tmp_path: Path, path: str, options: list[object], key: str, message: str
) -> None:
    done = run("--base-url", server.root + path, "--limit", 1, "--output", tmp_path / "run", *options, key=key)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert KEY not in done.stderr


def test_a_run_is_scored_beside_llama_cpp(
    server: VllmServer, undisturbed: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    embedded = finished_run(tmp_path / "llama.cpp", "--model", NAME)
    one_by_one = finished_run(tmp_path / "one", "--base-url", server.url, "--concurrency", 1)
    runs = {f"vLLM, {SLOTS} at a time": undisturbed, "vLLM, one at a time": one_by_one, "llama.cpp": embedded}
    with capsys.disabled():
        settings = read_settings(undisturbed.folder)["server"], read_settings(embedded.folder)["identity"]["engine"]
        print(f"\n{settings[0]['engine']} {settings[0]['version']}, {settings[1]['name']} {settings[1]['version']}")
        for name, each in runs.items():
            figures = ", ".join(f"{figure} {each.scores[figure]:.3f}" for figure in FIGURES)
            same = sum(a["response"] == b["response"] for a, b in zip(each.rows, undisturbed.rows, strict=True))
            print(f"{name}: {each.tokens_per_second} tokens/s, {figures}, {same} of {PROMPTS} answers as in the first")
    for each in runs.values():
        assert len(each.rows) == PROMPTS
        assert all(0 < row["usage"]["completion_tokens"] <= 48 for row in each.rows)
        assert {row["finish_reason"] for row in each.rows} <= {"length", "stop"}
    assert len({tuple(row["usage"]["prompt_tokens"] for row in each.rows) for each in runs.values()}) == 1
    assert not any(KEY.encode() in path.read_bytes() for path in undisturbed.folder.iterdir())


def test_a_killed_server_loses_nothing(server: VllmServer, undisturbed: Run, tmp_path: Path) -> None:
    arguments = (*ASKED, "--base-url", server.url, "--concurrency", SLOTS, "--output", tmp_path / "run")
    journal = tmp_path / "run" / "responses.jsonl"
    with subprocess.Popen(
        command(*arguments), stderr=subprocess.PIPE, text=True, env=os.environ | {"IFEVAL_FI_API_KEY": KEY}
    ) as running:
        while running.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 5):
            time.sleep(0.05)
        server.kill()
        _, said = running.communicate(timeout=300)
    assert running.returncode == 1
    assert re.search(r"stopped: 8 prompts in a row failed.* The same command asks the missing \d+ again\.", said)
    before = journal.read_bytes()
    server.start()
    resumed = finished_run(tmp_path / "run", *arguments[len(ASKED) : -2])
    assert journal.read_bytes().startswith(before)
    answered = [row for row in resumed.rows if row["outcome"] != "failed"]
    assert [row["key"] for row in answered] == [row["key"] for row in undisturbed.rows]
    assert (tmp_path / "run" / "verdicts.jsonl").read_bytes() == (undisturbed.folder / "verdicts.jsonl").read_bytes()
