"""Spoilt submissions and records: rejected or named in one sentence, never a traceback."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spoiling import WRONG, outcome, places, replaced
from submissions import add, entry, small_prompts

from ifeval_fi.prompts import load_prompts

NAMES = ("entry.json", "run.json", "responses.jsonl.gz", "record.json")
RECORD = {"entry": "org__malli/ajo", "date": "2026-01-02", "prompts": 3, "seed": 1, "verdicts": 5, "agreeing": 5}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("board")
    prompts = load_prompts(small_prompts(folder))
    submission = add(folder / "submissions", prompts, entry(), seed=1)
    (folder / "records").mkdir()
    (folder / "records" / "org__malli__ajo.json").write_text(json.dumps([RECORD]))
    (folder / "run").mkdir()
    shutil.copy(submission / "run.json", folder / "run" / "run.json")
    (folder / "run" / "responses.jsonl").write_bytes(gzip.decompress((submission / "responses.jsonl.gz").read_bytes()))
    return folder


def contents(path: Path) -> Any:
    if path.suffix == ".gz":
        return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    return json.loads(path.read_text("utf-8"))


def spoil(path: Path, value: Any) -> None:
    if path.suffix == ".gz":
        rows = value if isinstance(value, list) else [value]
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    else:
        path.write_text(json.dumps(value), "utf-8")


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_submission_is_rejected_or_one_sentence(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: st.DataObject
) -> None:
    shutil.rmtree(tmp_path / "board", ignore_errors=True)
    board = shutil.copytree(good, tmp_path / "board")
    folder = board / "submissions" / "org__malli" / "ajo"
    path = board / "records" / "org__malli__ajo.json" if name == "record.json" else folder / name
    value = contents(path)
    if name.endswith(".gz"):
        value = value[:4]
    spoil(path, replaced(value, data.draw(st.sampled_from(list(places(value)))), data.draw(WRONG)))
    prompts = ("--prompts", f"fi={board / 'prompts-fi.jsonl'}")
    if name == "record.json":
        site = ("--output", tmp_path / "site", "--reproductions", board / "records", "--jobs", "1")
        outcome(capsys, "leaderboard", "build", "--root", board / "submissions", *site, *prompts)
        return
    outcome(capsys, "leaderboard", "verify", folder, "--jobs", "1", *prompts)
    if name == "entry.json":
        root = ("--root", tmp_path / "new", "--name", "toinen")
        outcome(capsys, "leaderboard", "submit", board / "run", "--entry", path, *root, *prompts)
        shutil.rmtree(tmp_path / "new", ignore_errors=True)
