"""What reaches a terminal: every letter that it knows, nothing that it obeys, and no traceback for what it lacks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from misbehaving_server import MisbehavingServer, error
from scored import scored_run
from spoiling import FEW, state

from ifeval_fi.jsonl import write_rows
from ifeval_fi.report.tables import showable
from ifeval_fi.translate.review import write_review

ATTACK = "\x1b]0;caught\x07\x1b[31mred\x9b2J\u202eback\u2066\x08\x7f\x00\r"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def call(*arguments: object, encoding: str = "utf-8", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ifeval_fi", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "120"},
        encoding=encoding,
        timeout=120,
        check=False,
        cwd=cwd,
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_an_output_that_lacks_letters_gets_others(tmp_path: Path, encoding: str) -> None:
    texts = ("ä 日本語 😀 –", "ž Ω")
    write_rows(
        tmp_path / "p.jsonl",
        [
            {"key": n, "prompt": text, "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
            for n, text in enumerate(texts)
        ],
    )
    run = scored_run(tmp_path / "日本", model="malli 日本語 – ž", prompts=FEW)
    for arguments in (
        ("prompts", "show", "--prompts", tmp_path / "p.jsonl"),
        ("prompts", "check", tmp_path / "p.jsonl"),
        ("prompts", "export", "--prompts", tmp_path / "p.jsonl"),
        ("score", run),
        ("report", run, "--format", "markdown"),
        ("report", run, "--format", "latex"),
        ("report", run, "--format", "csv"),
        ("compare", run, run),
        ("score", tmp_path / "日本 puuttuu"),
        ("--help",),
        ("run", "--help"),
        ("日本",),
    ):
        done = call(*arguments, encoding=encoding)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode in (0, 1, 2)
        assert done.stdout + done.stderr
    exported = call("prompts", "export", "--prompts", tmp_path / "p.jsonl", encoding=encoding)
    assert [json.loads(line)["prompt"] for line in exported.stdout.splitlines()] == list(texts)


def test_no_text_of_a_file_or_name_is_obeyed(tmp_path: Path) -> None:
    prompt = {"key": f"k{ATTACK}", "prompt": f"Älä {ATTACK}\nkäytä, pilkkua.", "kwargs": [{"keyword": ATTACK}]}
    prompt = prompt | {"instruction_id_list": ["keywords:existence"], "kwargs": [{"keywords": [ATTACK]}]}
    write_rows(tmp_path / "p.jsonl", [prompt])
    write_rows(tmp_path / "a.jsonl", [{"key": f"k{ATTACK}", "response": ATTACK}])
    write_rows(tmp_path / "b.jsonl", [{"key": f"x{ATTACK}", "response": ATTACK}])
    (tmp_path / "c.jsonl").write_text(json.dumps({"key": ATTACK, "response": 5}))
    (tmp_path / "d.jsonl").write_text(f'{{"key": 1, "{ATTACK[1:9]}" 2}}')
    runs = [
        scored_run(tmp_path / f"r{n}", model=f"m{n}{ATTACK}", prompts=FEW, edit=lambda _, row: row) for n in range(2)
    ]
    states = state()
    states[0]["key"] = ATTACK.replace("\x00", "")
    write_rows(tmp_path / "draft.translation.jsonl", states)
    write_review(tmp_path / "draft.review.csv", state())
    named = tmp_path / "\x1b]0;name\x07.jsonl"
    prompts = ("--prompts", tmp_path / "p.jsonl")
    for arguments in (
        ("prompts", "show", *prompts),
        ("prompts", "check", tmp_path / "p.jsonl"),
        ("prompts", "export", *prompts),
        *(("score", tmp_path / f"{name}.jsonl", *prompts) for name in "abcd"),
        ("score", tmp_path / "a.jsonl", *prompts, "--output", tmp_path / "\x1b[2Jout"),
        ("score", named),
        ("score", f"--{ATTACK[:3]}"),
        (ATTACK[:5],),
        ("report", *runs),
        ("report", runs[0]),
        *(("report", *runs, "--format", form) for form in ("markdown", "csv", "latex")),
        ("compare", *runs),
        ("translate", "apply", tmp_path / "draft.review.csv", "--output", tmp_path / "o.jsonl"),
        ("leaderboard", "submit", runs[0], "--entry", named),
    ):
        done = call(*arguments)
        assert "Traceback" not in done.stderr
        shown = done.stdout + done.stderr
        assert shown
        assert not OBEYED.search(shown), (arguments, shown)


def test_no_text_of_a_server_is_obeyed(tmp_path: Path) -> None:
    def refuses(*_: object) -> object:
        return error(400, f"ei {ATTACK}")

    with MisbehavingServer(refuses, probed=True) as server:  # type: ignore[arg-type]
        done = call("run", "--base-url", server.url, "--limit", "2", "--output", tmp_path / "run")
    assert done.returncode
    assert not OBEYED.search(done.stdout + done.stderr)


def test_what_is_showable_is_left_alone() -> None:
    text = "Ääkkösiä 日本 😀\tja\nrivejä – “lainaus”"
    assert showable(text) == text
    assert not OBEYED.search(showable(ATTACK))
