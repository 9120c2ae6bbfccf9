"""EuroEval's files; needs no EuroEval. tests/logs/ holds what its real command line wrote, cut to a few entries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from paths import TESTS

from ifeval_fi.cli import main
from ifeval_fi.errors import ResponseError
from ifeval_fi.scoring.responses import load_responses

OUTPUTS = TESTS / "logs" / "euroeval-model-outputs.json"


def outputs() -> dict[str, Any]:
    return dict(json.loads(OUTPUTS.read_text("utf-8")))


def test_the_outputs_are_scored_as_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["score", str(OUTPUTS), "--partial", "--output", str(tmp_path)])
    assert ended.value.code == 0, capsys.readouterr().err
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert scores["counts"]["prompts"] == scores["counts"]["scored"] == 8
    texts = {each.key: each.text for each in load_responses(OUTPUTS).responses}
    assert texts == {json.loads(entry["target_text"])["key"]: entry["sequence"] for entry in outputs().values()}


def test_its_figures_hold_no_answers() -> None:
    with pytest.raises(ResponseError, match="EuroEval's file of figures holds no answers"):
        load_responses(TESTS / "logs" / "euroeval_benchmark_results.jsonl")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target_text": None}, "its target_text is no row of this package's data sets"),
        ({"target_text": '{"instruction_id_list": []}'}, "its target_text is no row of this package's data sets"),
        ({"sequence": 5}, "sequence must be a text, not 5"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    name, entry = next(iter(outputs().items()))
    path = tmp_path / "malli-model-outputs.json"
    path.write_text(json.dumps({name: entry | change}), "utf-8")
    with pytest.raises(ResponseError) as problem:
        load_responses(tmp_path)
    assert str(problem.value).startswith(f"{path}, {name}")
    assert said in str(problem.value)
