"""The command line: exit codes, one-line errors, nothing overwritten."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Write
from paths import ROOT

SAMPLES = ROOT / "data" / "fi" / "samples.jsonl"


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ifeval_fi", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_and_version() -> None:
    done = call("--help")
    assert done.returncode == 0
    for command in ("run", "score", "prompts"):
        assert command in done.stdout
    assert call("--version").stdout.startswith("1.")


def test_score_writes_and_prints(tmp_path: Path) -> None:
    done = call("score", SAMPLES, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "prompt level, strict" in done.stdout
    assert "prompts:fi-1.1|n:510" in done.stdout
    scores = json.loads((tmp_path / "out" / "scores.json").read_text(encoding="utf-8"))
    assert scores["prompt_level_strict_acc"] == 1.0
    assert len((tmp_path / "out" / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()) == 510


def test_several_files_in_several_processes(tmp_path: Path, write: Write) -> None:
    rows = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()][:30]
    files = [write(f"{name}.jsonl", rows) for name in "abc"]
    done = call("score", *files, "--partial", "--jobs", "2", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert len({(tmp_path / "out" / name / "verdicts.jsonl").read_bytes() for name in "abc"}) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score"], "name at least one file"),
        (["score", "missing.jsonl"], "missing.jsonl: no such file"),
        (["score", SAMPLES, "--prompts", "xx"], "no such prompts file, and no bundled set"),
        (["score", SAMPLES, "--rules", "kind"], "no rules 'kind'"),
        (["score", "--no-such-option"], "no-such-option"),
        (["prompts", "show", "7"], "no prompt has the key 7"),
        (["run", "--extra-body", "{"], "--extra-body: not JSON"),
        (["run", "--model", "nonsense"], "--base-url"),
        (["run", "--model", "missing.gguf"], "missing.gguf"),
    ],
)
def test_wrong_call_exits_with_2(arguments: list[object], message: str) -> None:
    done = call(*arguments)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_bad_input_overwrites_nothing(tmp_path: Path, write: Write) -> None:
    old = tmp_path / "out"
    old.mkdir()
    (old / "scores.json").write_text("precious", encoding="utf-8")
    path = write("responses.jsonl", [{"key": 1000, "response": "Hei."}, {"key": 77, "response": "Hei."}])
    done = call("score", path, "--output", old)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "key 77" in done.stderr
    assert (old / "scores.json").read_text(encoding="utf-8") == "precious"


def test_prompts_check_and_export(tmp_path: Path) -> None:
    done = call("prompts", "export", "--output", tmp_path / "fi.jsonl")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "fi.jsonl").read_bytes() == (ROOT / "data" / "fi" / "prompts.jsonl").read_bytes()
    show = call("prompts", "show", "1000")
    assert "punctuation:no_comma" in show.stdout
