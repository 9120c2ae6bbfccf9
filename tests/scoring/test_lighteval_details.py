"""lighteval's details as a file of responses; needs no lighteval. tests/logs/ holds what its command line wrote."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest
from paths import TESTS

from ifeval_fi.cli import main
from ifeval_fi.errors import MissingEngine, ResponseError
from ifeval_fi.integrations import METRICS
from ifeval_fi.integrations.outcomes import rates_of
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.responses import load_responses

pyarrow = pytest.importorskip("pyarrow")
from pyarrow import parquet  # noqa: E402

DETAILS = TESTS / "logs" / "lighteval.parquet"


def rows() -> list[dict[str, Any]]:
    return list(parquet.read_table(DETAILS).to_pylist())


def write(folder: Path, those: list[dict[str, Any]]) -> Path:
    path = folder / "details_ifeval_fi_2026.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(those), path)
    return path


def test_score_gives_the_numbers_that_lighteval_gave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["score", str(DETAILS), "--partial", "--output", str(tmp_path)])
    assert ended.value.code == 0
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    found = rates_of((each["key"], each["outcomes"]) for row in rows() for each in row["metric"]["ifeval_fi"])
    assert found == {name: scores[name] for name in found}
    assert set(found) == {*METRICS, *(f"{name}_stderr" for name in METRICS)}
    assert scores["counts"]["prompts"] == 8


def test_thinking_is_judged_by_the_one_rule(tmp_path: Path) -> None:
    those = rows()
    those[0]["model_response"] |= {
        "text": ["<think>Mietin.</think>Hei.", "Mietin.\n\nHei.", "<think>Mietin."],
        "text_post_processed": ["x", "y", "z"],
        "reasonings": [None, "Mietin.", None],
    }
    found = load_responses(write(tmp_path, those[:1])).responses
    assert [(each.sample, each.text, each.reasoning) for each in found] == [
        (0, "<think>Mietin.</think>Hei.", None),
        (1, "Mietin.\n\nHei.", "Mietin."),
        (2, "<think>Mietin.", None),
    ]


def test_details_of_lighteval_s_own_task_are_known_by_their_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its `ifeval` gives no key."""
    those = rows()[:2]
    for row, prompt in zip(those, load_prompts("en"), strict=False):
        row["doc"] |= {"query": prompt.text, "specific": {"instructions_id_list": ["a"]}}
    path = write(tmp_path, those)
    with pytest.raises(SystemExit) as ended:
        main(["score", str(tmp_path), "--prompts", "en", "--partial", "--output", str(tmp_path / "out")])
    assert ended.value.code == 0, capsys.readouterr().err
    assert json.loads((tmp_path / "out" / "scores.json").read_text("utf-8"))["counts"]["scored"] == 2
    assert {each.prompt for each in load_responses(path).responses} == {each.text for each in load_prompts("en")[:2]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"doc": {"query": 5}}, "row 1: doc.query must be a text, not 5"),
        ({"model_response": {"text": []}}, "row 1: model_response.text must be a list of texts, not []"),
        ({"model_response": {"text": [5]}}, "row 1: model_response.text must be a list of texts, not [5]"),
        ({"doc": 5}, "row 1: has no doc and model_response as lighteval's details have them"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    path = write(tmp_path, [{**rows()[0], **change}])
    with pytest.raises(ResponseError) as problem:
        load_responses(path)
    assert str(problem.value) == f"{path}, {said}"


def test_another_version_of_a_prompt_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    those = rows()
    those[0]["doc"]["query"] += " Kiitos."
    with pytest.raises(SystemExit) as ended:
        main(["score", str(write(tmp_path, those)), "--partial"])
    assert ended.value.code == 2
    assert "answers another version of the prompt" in capsys.readouterr().err


@pytest.mark.parametrize("size", [4, 100, 5000])
def test_a_cut_file_is_one_sentence(size: int, tmp_path: Path) -> None:
    path = tmp_path / "cut.parquet"
    path.write_bytes(DETAILS.read_bytes()[:size])
    with pytest.raises(ResponseError, match="no whole parquet file"):
        load_responses(path)


def test_without_pyarrow_the_install_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "pyarrow":
            raise ImportError(name)
        return original(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingEngine, match=r'read with pyarrow; pip install "ifeval-fi\[logs\]"'):
        load_responses(DETAILS)
