"""Answers in the forms that others write them, and submissions of the board, read like runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import Write
from paths import ROOT

import ifeval_fi
from ifeval_fi.cli import main
from ifeval_fi.errors import ResponseError
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.responses import load_responses
from ifeval_fi.scoring.results import load_results, load_scores, load_verdicts

SUBMISSION = ROOT / "leaderboard/submissions/HuggingFaceTB__SmolLM2-135M-Instruct/q4-greedy-512-tokens-en"
PROMPTS = load_prompts("fi").select(limit=5)


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in arguments])
    return int(stopped.value.code or 0)


def test_rows_with_the_prompts_text_are_matched_by_it(write: Write) -> None:
    rows = [{"prompt": f" {prompt.text}\n", "response": f"Vastaus {prompt.key}."} for prompt in reversed(PROMPTS)]
    path = write("google.jsonl", rows)
    by_text = ifeval_fi.score(PROMPTS, load_responses(path).responses)
    by_key = ifeval_fi.score(PROMPTS, {prompt.key: f"Vastaus {prompt.key}." for prompt in PROMPTS})
    assert by_text.verdicts == by_key.verdicts
    assert dict(by_text) == dict(by_key)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"prompt": "Kirjoita jotain muuta.", "response": "Hei."}, "is no prompt of this set"),
        ({"prompt": 7, "response": "Hei."}, "prompt must be a text"),
        ({"response": "Hei."}, "lacks 'key', or 'prompt'"),
    ],
)
def test_a_text_nobody_asked_is_named(row: dict[str, object], said: str, write: Write) -> None:
    path = write("google.jsonl", [row])
    with pytest.raises(ResponseError, match=said):
        ifeval_fi.score(PROMPTS, load_responses(path).responses, partial=True)


def lm_eval_folder(folder: Path, *tasks: str) -> Path:
    inner = folder / "results" / "malli"
    inner.mkdir(parents=True)
    for task in tasks:
        rows = [{"doc": PROMPTS[0].row | {"language": "fi"}, "resps": [["Hei."]], "filter": "none"}]
        path = inner / f"samples_{task}_2026-11-20T10-00-00.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (inner / "results_2026-11-20T10-00-00.json").write_text(json.dumps({"results": {}, "configs": {}}), "utf-8")
    return folder / "results"


def test_the_results_folder_of_lm_eval_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = lm_eval_folder(tmp_path, "ifeval_fi")
    assert [response.key for response in load_responses(folder).responses] == [PROMPTS[0].key]
    assert call("score", folder, "--partial") == 0
    assert sorted(path.name for path in folder.iterdir()) == ["malli"]


def test_what_cannot_be_scored_of_it_is_named(tmp_path: Path) -> None:
    folder = lm_eval_folder(tmp_path, "ifeval_fi", "ifeval_sv")
    with pytest.raises(ResponseError, match="holds 2 of lm-eval's sample logs; name one of them: malli/samples_ifeval"):
        load_responses(folder)
    figures = next(folder.rglob("results_*.json"))
    with pytest.raises(ResponseError, match=r"figures holds no answers.*beside it lies samples_ifeval_fi"):
        load_responses(figures)
    for log in folder.rglob("samples_*"):
        log.unlink()
    with pytest.raises(ResponseError, match="holds no answers"):
        load_responses(folder)


def test_a_submission_is_read_like_a_run_and_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in SUBMISSION.iterdir()}
    scores = load_scores(SUBMISSION)
    assert scores["counts"]["scored"] == len(load_verdicts(SUBMISSION)) == 510
    assert len(load_results(SUBMISSION).responses) == 510
    other = shutil.copytree(SUBMISSION, tmp_path / "org__malli" / "toinen")
    assert call("compare", SUBMISSION, other) == 0
    assert call("report", SUBMISSION, "--output", tmp_path / "one.html") == 0
    assert call("report", SUBMISSION, other, "--output", tmp_path / "two.md") == 0
    assert call("score", SUBMISSION) == 0
    assert f"{100 * scores['inst_level_strict_acc']:.1f}" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in SUBMISSION.iterdir()} == before


def test_what_is_no_gzip_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "responses.jsonl.gz").write_bytes(b"{}")
    with pytest.raises(ResponseError, match=r"responses\.jsonl\.gz: no whole gzip file"):
        load_responses(tmp_path)
