"""What a training set shares with the test sets is found in any column of any file, and named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import DATA
from spoiling import outcome

from ifeval_fi import load_prompts
from ifeval_fi.curation.overlap import NGRAM, Benchmark, words_of
from ifeval_fi.curation.training import training_rows
from ifeval_fi.errors import MissingEngine, PromptError
from ifeval_fi.jsonl import write_rows

FI = Benchmark(["fi"])
TESTED = load_prompts("fi")[1]
LEAK = TESTED.text
FRESH = "Kerro naapurin kissasta, joka oppi avaamaan jääkaapin."
ROWS: dict[str, dict[str, Any]] = {
    "prompt": {"prompt": LEAK},
    "prompt[0].content": {"prompt": [{"role": "user", "content": LEAK}], "completion": FRESH},
    "messages[1].content": {"messages": [{"role": "system", "content": FRESH}, {"role": "user", "content": LEAK}]},
    "conversations[0].value": {"conversations": [{"from": "human", "value": LEAK}]},
    "instruction": {"instruction": LEAK, "input": "", "output": FRESH},
    "output": {"instruction": FRESH, "input": "", "output": LEAK},
    "chosen[0].content[0].text": {"chosen": [{"role": "user", "content": [{"type": "text", "text": LEAK}]}]},
    "extra_info.question": {"data_source": "x", "extra_info": {"question": LEAK, "index": 3}},
}


@pytest.mark.parametrize("field", list(ROWS))
def test_a_test_prompt_is_found_in_any_column(tmp_path: Path, capsys: pytest.CaptureFixture[str], field: str) -> None:
    path, found = tmp_path / "train.jsonl", tmp_path / "found.jsonl"
    write_rows(path, [{"prompt": FRESH}, ROWS[field]])
    capsys.readouterr()
    code, _ = outcome(capsys, "prompts", "overlap", path, "--prompts", "fi", "--output", found)
    assert code == 1
    rows = [json.loads(line) for line in found.read_text("utf-8").splitlines()]
    assert {"line": 2, "field": field, "set": "fi", "key": TESTED.key, "kind": "exact", "share": 1.0} == {
        name: value for name, value in rows[0].items() if name != "words"
    }


def test_a_file_without_overlap_is_0_and_a_copy_of_the_test_is_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rows(tmp_path / "train.jsonl", [{"prompt": FRESH}])
    assert outcome(capsys, "prompts", "overlap", tmp_path / "train.jsonl")[0] == 0
    from ifeval_fi.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["prompts", "overlap", str(DATA / "fi" / "prompts.jsonl"), "--prompts", "fi", "en"])
    out = capsys.readouterr().out
    assert ended.value.code == 1
    assert f"line 1, prompt: exact with fi {load_prompts('fi')[0].key}" in out
    assert "510 of 510 rows share 8 words in a row with a test prompt, or are one" in out


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_eight_words_of_a_prompt_are_found_wherever_they_stand(data: st.DataObject) -> None:
    prompt = data.draw(st.sampled_from(FI.prompts))
    said = words_of(prompt.text)
    if len(said) < NGRAM:
        return
    start = data.draw(st.integers(0, len(said) - NGRAM))
    planted = said[start : start + NGRAM]
    marks = data.draw(
        st.lists(st.sampled_from([" ", ", ", ".\n", " – ", "* ", "_ ", "»"]), min_size=NGRAM, max_size=NGRAM)
    )
    written = "".join(
        (word.upper() if index % 2 else word) + mark
        for index, (word, mark) in enumerate(zip(planted, marks, strict=True))
    )
    hits = FI.hits(f"zzz qqq {written} zzz")
    assert FI.touches(f"zzz {written}")
    assert hits
    assert all(hit.words == " ".join(planted) for hit in hits)
    assert prompt.key in {hit.key for hit in hits} or {hit.kind for hit in hits} == {"formula"} or len(hits) > 1
    assert not FI.touches("zzz " + " zzz ".join(planted))


def test_a_formula_is_told_from_a_prompt() -> None:
    english = Benchmark(["en"])
    formula = "Describe my shed. Wrap your entire response with double quotation marks."
    (hit,) = english.hits(formula)
    assert (hit.kind, hit.words) == ("formula", "wrap your entire response with double quotation marks")
    whole = english.hits(f"{load_prompts('en')[0].text} Thanks!")
    assert (whole[0].kind, whole[0].share, whole[0].key) == ("shared", 1.0, load_prompts("en")[0].key)
    assert english.hits(load_prompts("en")[0].text)[0].kind == "exact"


def test_one_hit_a_prompt_and_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, found = tmp_path / "train.jsonl", tmp_path / "found.jsonl"
    write_rows(path, [{"text": f"Hei! {LEAK}", "prompt": LEAK, "completion": LEAK}])
    outcome(capsys, "prompts", "overlap", path, "--prompts", "fi", "--output", found)
    rows = [json.loads(line) for line in found.read_text("utf-8").splitlines()]
    assert [(row["field"], row["kind"]) for row in rows if row["key"] == TESTED.key] == [("prompt", "exact")]


def test_fewer_words_in_a_row_find_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "train.txt"
    path.write_text("\n" + " ".join(LEAK.split()[2:8]), "utf-8")
    assert outcome(capsys, "prompts", "overlap", path, "--prompts", "fi")[0] == 0
    assert outcome(capsys, "prompts", "overlap", path, "--prompts", "fi", "--ngram", "5")[0] == 1


def test_every_form_of_file_is_read(tmp_path: Path) -> None:
    row = {"instruction": LEAK, "output": FRESH}
    line = json.dumps(row)
    contents = {
        "a.jsonl": line.encode(),
        "b.json": json.dumps([row], indent=2).encode(),
        "c.json": line.encode(),
        "d.txt": f"\ufeff{LEAK}\r\n\n".encode(),
        "e.jsonl.gz": gzip.compress(line.encode()),
        "f.md": LEAK.encode(),
        "g.json": json.dumps([LEAK]).encode(),
    }
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        ((place, texts),) = training_rows(path)
        assert place in ("line 1", "row 1")
        assert LEAK in [text for _, text in texts], name


def test_a_parquet_file_is_read_where_pyarrow_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "train.parquet"
    path.write_bytes(b"PAR1")
    with monkeypatch.context() as patch:
        patch.setitem(__import__("sys").modules, "pyarrow", None)
        with pytest.raises(MissingEngine, match="pip install pyarrow"):
            list(training_rows(path))
    pyarrow = pytest.importorskip("pyarrow")
    with pytest.raises(PromptError, match=r"train\.parquet: cannot be read as Parquet"):
        list(training_rows(path))
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"prompt": [FRESH, LEAK], "n": [1, 2]}), path)
    assert list(training_rows(path)) == [("row 1", [("prompt", FRESH)]), ("row 2", [("prompt", LEAK)])]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", "", "holds no rows"),
        ("a.jsonl", '{"n": 5}', "line 1: holds no text"),
        ("a.jsonl", '{"text": "x"}\nhello', "line 2"),
        ("a.json", "[1]", "row 1: holds no text"),
        ("a.json", "[]", "holds no rows"),
        ("a.json", '["a",', "not JSON"),
        ("a.txt", "\n \n", "holds no rows"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    code, err = outcome(capsys, "prompts", "overlap", tmp_path / name)
    assert (code, name in err, said in err) == (2, True, True), err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--prompts", "xx"], "no such prompts file"), (["--ngram", "0"], "0 words in a row: compare at least 1")],
)
def test_a_wrong_call_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "a.txt").write_text(FRESH, "utf-8")
    code, err = outcome(capsys, "prompts", "overlap", tmp_path / "a.txt", *arguments)
    assert (code, said in err) == (2, True), err
