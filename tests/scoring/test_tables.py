"""CSV and parquet files as responses, and the output of batches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batch_server import answered, expired, told
from misbehaving_server import completion

from ifeval_fi.cli import main
from ifeval_fi.errors import ResponseError
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring import score
from ifeval_fi.scoring.responses import Columns, Response, load_responses
from ifeval_fi.scoring.responses.batch import custom_id

PROMPTS = load_prompts("fi").select(limit=3)
TEXTS = ['Hei, "sinä".\nToinen rivi; puolipiste\tja sarkain.', "", "= lasku"]


def read(folder: Path, content: str | bytes, name: str = "answers.csv", **columns: str) -> tuple[Response, ...]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return load_responses(path, columns=Columns(**columns)).responses


def csv_of(header: list[str], rows: list[list[Any]], delimiter: str = ",") -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([header, *rows])
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("begins", ["", "\ufeff"])
def test_a_csv_file_with_keys(tmp_path: Path, delimiter: str, begins: str) -> None:
    rows = [[7, prompt.key, text] for prompt, text in zip(PROMPTS, TEXTS, strict=True)]
    found = read(tmp_path, begins + csv_of(["nro", "key", "response"], rows, delimiter))
    assert [(each.key, each.text) for each in found] == [
        (str(prompt.key), text) for prompt, text in zip(PROMPTS, TEXTS, strict=True)
    ]
    scores = score(PROMPTS, found)
    assert [verdict.prompt.key for verdict in scores.verdicts] == [prompt.key for prompt in PROMPTS]


def test_a_csv_file_with_prompts_and_columns_of_other_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [[prompt.text, text, "stop"] for prompt, text in zip(PROMPTS, TEXTS, strict=True)]
    path = tmp_path / "answers.csv"
    path.write_text(csv_of(["question", "model output", "finish_reason"], rows), "utf-8")
    call = ["score", str(path), "--partial", "--output", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as ended:
        main([*call, "--prompt-column", "question", "--response-column", "model output"])
    assert ended.value.code == 0, capsys.readouterr().err
    assert json.loads((tmp_path / "out" / "scores.json").read_text("utf-8"))["counts"]["scored"] == 3
    with pytest.raises(SystemExit) as ended:
        main(call)
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert "has no column key or prompt; its columns are question, model output, finish_reason" in err
    with pytest.raises(SystemExit) as ended:
        main([*call, "--prompt-column", "question", "--key-column", "key"])
    assert "name one of them" in capsys.readouterr().err


def test_keys_that_a_tool_has_made_floats_are_keys(tmp_path: Path) -> None:
    rows = [[f"{prompt.key}.0", text] for prompt, text in zip(PROMPTS, TEXTS, strict=True)]
    scores = score(PROMPTS, read(tmp_path, csv_of(["key", "response"], rows)))
    assert scores["counts"]["scored"] == 3


def test_a_row_of_one_s_own_may_have_a_custom_id(tmp_path: Path) -> None:
    row = {"key": 1000, "custom_id": "1", "response": "Hei", "dataset": "a", "results": 1, "model": "b"}
    found = read(tmp_path, json.dumps(row) + "\n", "answers.jsonl")
    assert [(each.key, each.text) for each in found] == [(1000, "Hei")]


def test_what_stands_beside_the_answer_counts(tmp_path: Path) -> None:
    rows = [[1000, "Hei", "length", "0"], [1000, "<think>Öö", "stop", "1"], [1001, "", "abort", "0"]]
    found = read(tmp_path, csv_of(["key", "response", "finish_reason", "sample"], rows))
    assert [(each.key, each.sample, each.outcome) for each in found] == [
        ("1000", 0, "truncated"),
        ("1000", 1, "answered"),
        ("1001", 0, "failed"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "has no column key or prompt; its columns are none"),
        ("key,response\n", "holds no responses"),
        ("key,answer\n1,x\n", "has no column response; its columns are key, answer; name them with --response-column"),
        ("key,response\n1,x,y\n", "line 2: has 3 cells, and the first line 2"),
        ("key,response\n1,x\n1,y\n", "line 3, key 1: answered already above"),
        ("key,response\n ,x\n", "line 2: the key is empty"),
        ("key,key,response\n1,2,x\n", "the column key stands twice"),
        ('key,response\n1,"x\n', "no CSV (unexpected end of data)"),
        ("key,response,sample\n1,x,a\n", "line 2, key 1: sample must be a whole number"),
        (b"key,response\n1,\xe4\n", "not UTF-8 (byte 15)"),
        ("key,response\n1,a\x00b\n", ""),
    ],
)
def test_what_is_wrong_with_a_csv_file_is_one_sentence(tmp_path: Path, content: str | bytes, said: str) -> None:
    if not said:
        assert read(tmp_path, content)
        return
    with pytest.raises(ResponseError) as problem:
        read(tmp_path, content)
    assert str(problem.value).startswith(str(tmp_path / "answers.csv"))
    assert said in str(problem.value)


def test_columns_of_what_is_no_table_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="is no CSV or parquet file, whose columns can be named"):
        read(tmp_path, '{"key": 1, "response": "x"}\n', "answers.jsonl", response="answer")


def test_a_parquet_file(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    def write(**columns: Any) -> Path:
        path = tmp_path / "answers.parquet"
        parquet.write_table(pyarrow.table(columns), path)
        return path

    keys = [prompt.key for prompt in PROMPTS]
    for kind in (keys, list(map(float, keys)), list(map(str, keys))):
        found = load_responses(write(key=kind, response=TEXTS)).responses
        assert [verdict.prompt.key for verdict in score(PROMPTS, found).verdicts] == keys
    texts = [prompt.text for prompt in PROMPTS]
    found = load_responses(write(q=texts, a=TEXTS), columns=Columns(prompt="q", response="a")).responses
    assert score(PROMPTS, found)["counts"]["scored"] == 3
    for columns, said in (
        ({"key": keys, "response": ["a", None, "b"]}, "row 2: response is null"),
        ({"key": keys, "response": [1, 2, 3]}, "row 1, key 1000: response must be a string, not 1"),
        ({"key": [None, 1, 2], "response": TEXTS}, "row 1: lacks 'key'"),
        ({"key": [[1], [2], [3]], "response": TEXTS}, "row 1: key must be a whole number or a string, not [1]"),
        ({"avain": keys, "response": TEXTS}, "has no column key or prompt; its columns are avain, response"),
    ):
        with pytest.raises(ResponseError) as problem:
            load_responses(write(**columns))
        assert said in str(problem.value)


def batch_file(folder: Path, *lines: Any) -> Path:
    path = folder / "output.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def request(key: Any, sample: int = 0) -> dict[str, Any]:
    return {"custom_id": custom_id(key, sample), "body": {"messages": [], "seed": sample}}


def test_the_output_of_a_batch(tmp_path: Path) -> None:
    path = batch_file(
        tmp_path,
        told(request(1001), completion("Hei", "length")),
        told(request(1000), completion([{"type": "text", "text": "Hei."}])),
        told(request(1000, 1), completion(None, "stop", reasoning_content="Öö.")),
        expired(request(1005)),
        told(request(1005, 1), {"error": {"message": "ei"}}, 400),
    )
    found = {(each.key, each.sample): each for each in load_responses(path).responses}
    assert {place: (each.text, each.outcome) for place, each in found.items()} == {
        ("1001", 0): ("Hei", "truncated"),
        ("1000", 0): ("Hei.", "answered"),
        ("1000", 1): ("", "answered"),
        ("1005", 0): ("", "failed"),
        ("1005", 1): ("", "failed"),
    }
    scores = score(load_prompts("fi"), found.values(), partial=True)
    assert (scores["counts"]["scored"], scores["counts"]["failed"]) == (3, 2)
    assert scores["empty_responses"] == {"reasoning_only": 1}


def test_a_request_that_is_sent_again_stands_for_its_failure(tmp_path: Path) -> None:
    path = batch_file(tmp_path, expired(request(1000)), answered(request(1000)))
    assert [each.outcome for each in load_responses(path).responses] == ["answered"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"custom_id": 5, "response": {}}, "line 1: custom_id must be a text, not 5"),
        ({"custom_id": "", "response": {}}, "line 1: custom_id must be a text"),
        ({"custom_id": "1", "method": "POST", "body": {}}, "line 1: is a request and no answer"),
        ({"custom_id": "1", "response": 5}, "line 1, key 1: response must be an object, not 5"),
        ({"custom_id": "1", "response": {"status_code": 200}}, "line 1, key 1: its body has no choices[0].message"),
        ({"custom_id": "1", "response": {"body": {"choices": [{}]}}}, "line 1, key 1: its body has no choices[0]"),
        (
            {"custom_id": "1", "response": {"body": {"choices": [{"message": {"content": 5}}]}}},
            "line 1, key 1: the content has an unknown shape (int)",
        ),
    ],
)
def test_what_is_wrong_with_a_batch_s_output_is_one_sentence(tmp_path: Path, line: Any, said: str) -> None:
    path = batch_file(tmp_path, line)
    with pytest.raises(ResponseError) as problem:
        load_responses(path)
    assert said in str(problem.value)


def test_an_unknown_request_is_no_prompt(tmp_path: Path) -> None:
    path = batch_file(tmp_path, answered(request("viides")))
    with pytest.raises(ResponseError, match="key 'viides': no such prompt in this set"):
        score(PROMPTS, load_responses(path).responses, partial=True)
