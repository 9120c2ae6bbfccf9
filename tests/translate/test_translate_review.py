"""The review file goes to a person and comes back: corrections in, provenance kept, nothing guessed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifeval_fi.cli import main
from ifeval_fi.jsonl import read_rows, write_rows
from ifeval_fi.prompts import load_prompts
from ifeval_fi.report.tables import no_formula, with_formula
from ifeval_fi.runner.journal import schema_problem
from ifeval_fi.translate.review import COLUMNS, ReviewError, keep_corrections, merge, read_review, write_review

PROVENANCE = {"engine": "deepl", "model": "deepl", "date": "2026-01-02", "edited": False}


def state(key: int, source: str, draft: str, *, dropped: bool = False, **kwargs: Any) -> dict[str, Any]:
    ids = ["keywords:existence"] if kwargs else ["punctuation:no_comma"]
    return {
        "key": key,
        "language": "fi",
        "row": {"key": key, "prompt": draft or source, "instruction_id_list": ids, "kwargs": [kwargs]},
        "texts": {"prompt": {"source": source, "draft": draft}},
        "flags": [{"place": "prompt", "reason": "number_lost", "detail": "300"}] if key == 1 else [],
        "dropped": dropped,
        "provenance": PROVENANCE,
    }


STATES = [
    state(1, "Write 300 words.", '=Kirjoita sanaa, "lainaus"; ja\nuusi rivi.', keywords=["sana"]),
    state(2, "Write it.", "Kirjoita se."),
    state(3, "Do it.", "", dropped=True),
    state(4, "Bad.", "Bad bad bad.", dropped=True),
]


def sheet(tmp_path: Path, ending: str) -> Path:
    write_rows(tmp_path / "draft.translation.jsonl", STATES)
    path = tmp_path / f"draft.review{ending}"
    write_review(path, STATES)
    return path


def edit(
    path: Path, change: Callable[[list[dict[str, str]]], Any], *, delimiter: str = ",", bom: str = "\ufeff"
) -> None:
    lines = read_review(path)
    change(lines)
    if path.suffix == ".xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.load_workbook(path)
        for number, line in enumerate(lines, 2):
            for column, name in enumerate(COLUMNS, 1):
                value: Any = int(line[name]) if name == "key" else line[name] or None
                book.active.cell(number, column).value = value
                if isinstance(value, str):
                    book.active.cell(number, column).data_type = "s"
        book.save(path)
        return
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    path.write_bytes((bom + buffer.getvalue()).encode())


def correct(lines: list[dict[str, str]]) -> None:
    lines[0]["corrected"] = "Kirjoita 300 sanaa metsästä.\r\nToinen rivi."
    lines[0]["corrected_arguments"] = '[{"keywords": ["metsä"]}]'
    lines[2]["corrected"] = "Tee se."
    lines[3]["drop"] = "x"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_table_holds_what_a_person_needs(tmp_path: Path, ending: str) -> None:
    lines = read_review(sheet(tmp_path, ending))
    assert [line["key"] for line in lines] == ["1", "2", "3", "4"]
    assert lines[0]["draft"] == STATES[0]["texts"]["prompt"]["draft"]
    assert lines[0]["source"] == "Write 300 words."
    assert json.loads(lines[0]["arguments"]) == [{"keywords": ["sana"]}]
    assert lines[0]["flags"] == "number_lost: 300"
    assert [line["drop"] for line in lines] == ["", "", "", "x"]
    assert all(not line["corrected"] for line in lines)


@pytest.mark.parametrize(
    ("ending", "delimiter", "bom"),
    [(".csv", ",", "\ufeff"), (".csv", ";", "\ufeff"), (".csv", "\t", ""), (".xlsx", "", "")],
)
def test_corrections_are_merged_with_provenance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str, delimiter: str, bom: str
) -> None:
    path = sheet(tmp_path, ending)
    edit(path, correct, delimiter=delimiter or ",", bom=bom)
    output = tmp_path / "prompts.jsonl"
    with pytest.raises(SystemExit):
        main(["translate", "apply", str(path), "--output", str(output)])
    assert "3 rows, 2 edited by hand, 1 left out" in capsys.readouterr().out
    prompts = load_prompts(output)
    assert [prompt.key for prompt in prompts] == [1, 2, 3]
    assert prompts[0].text == "Kirjoita 300 sanaa metsästä.\nToinen rivi."
    assert prompts[0].instructions[0].kwargs == {"keywords": ("metsä",)}
    assert prompts[1].text == "Kirjoita se."
    assert prompts[2].text == "Tee se."
    provenance = [row for _, row in read_rows(tmp_path / "provenance.jsonl")]
    assert [schema_problem("translation.schema.json", row) for row in provenance] == [None] * 3
    assert [row["provenance"]["edited"] for row in provenance] == [True, False, True]
    assert provenance[0]["provenance"] == {**PROVENANCE, "edited": True}


def test_an_untouched_review_changes_nothing_but_what_was_dropped(tmp_path: Path) -> None:
    merged = merge(sheet(tmp_path, ".csv"), tmp_path / "draft.translation.jsonl")
    assert [row["key"] for row in merged.rows] == [1, 2]
    assert merged.rows == [STATES[0]["row"], STATES[1]["row"]]
    assert (merged.edited, merged.dropped) == (0, 2)


def test_a_person_can_keep_what_was_dropped_and_drop_what_was_kept(tmp_path: Path) -> None:
    path = sheet(tmp_path, ".csv")

    def change(lines: list[dict[str, str]]) -> None:
        lines[3]["drop"] = ""
        lines[1]["drop"] = "x"

    edit(path, change)
    merged = merge(path, tmp_path / "draft.translation.jsonl")
    assert [row["key"] for row in merged.rows] == [1, 4]


def put(number: int, name: str, value: str) -> Callable[[list[dict[str, str]]], Any]:
    return lambda lines: lines[number].update({name: value})


MISTAKES: list[tuple[Callable[[list[dict[str, str]]], Any], str]] = [
    (put(0, "key", "77"), r"key 77 prompt: not in .*keep the columns key and place as they were"),
    (put(0, "place", "chosen"), r"key 1 chosen: not in"),
    (put(1, "key", "1"), r"key 1 prompt: is there twice"),
    (put(0, "draft", "Kirjoita toisin."), r"key 1: the draft was changed; write corrections into the column corrected"),
    (put(0, "corrected_arguments", "metsä"), r"key 1: corrected_arguments is not JSON"),
    (put(0, "corrected_arguments", "{}"), r"key 1: corrected_arguments must be a list"),
    (put(0, "corrected_arguments", '[{"keyword": "x"}]'), r"key 1: keywords:existence takes no argument 'keyword'"),
    (put(0, "corrected_arguments", "[]"), r"key 1: instruction_id_list and kwargs must be lists of the same length"),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES)
def test_a_mistake_names_its_row(tmp_path: Path, change: Callable[[list[dict[str, str]]], Any], message: str) -> None:
    path = sheet(tmp_path, ".csv")
    edit(path, change)
    with pytest.raises(ReviewError, match=message):
        merge(path, tmp_path / "draft.translation.jsonl")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_is_no_review_file_is_said(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"draft.review{ending}"
    with pytest.raises(ReviewError, match="no such file"):
        read_review(path)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ReviewError, match=r"lacks the column key|no XLSX file"):
        read_review(path)


def test_corrections_are_never_overwritten(tmp_path: Path) -> None:
    path = sheet(tmp_path, ".csv")
    keep_corrections(path)
    edit(path, correct)
    with pytest.raises(ReviewError, match="holds corrections; apply it and move it away"):
        keep_corrections(path)


def test_a_missing_state_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheet(tmp_path, ".csv")
    (tmp_path / "draft.translation.jsonl").unlink()
    with pytest.raises(SystemExit) as ended:
        main(["translate", "apply", str(path), "--output", str(tmp_path / "prompts.jsonl")])
    assert ended.value.code == 2
    assert "draft.translation.jsonl: no such file" in capsys.readouterr().err


def test_a_text_too_long_for_a_cell_is_said(tmp_path: Path) -> None:
    long = [state(1, "x" * 33_000, "Kirjoita.")]
    with pytest.raises(ReviewError, match=r"key 1 has a text longer than a cell can hold; write a \.csv"):
        write_review(tmp_path / "review.xlsx", long)
    write_review(tmp_path / "review.csv", long)
    assert len(read_review(tmp_path / "review.csv")[0]["source"]) == 33_000


def test_control_characters_do_not_break_a_workbook(tmp_path: Path) -> None:
    states = [state(1, "Write\x07 it.", "Kirjoita\x07 se.")]
    write_rows(tmp_path / "draft.translation.jsonl", states)
    write_review(tmp_path / "draft.review.xlsx", states)
    merged = merge(tmp_path / "draft.review.xlsx", tmp_path / "draft.translation.jsonl")
    assert merged.rows[0]["prompt"] == "Kirjoita\x07 se."


def test_chats_are_merged_message_by_message(tmp_path: Path) -> None:
    chat = {"messages": [{"role": "user", "content": "Hei."}, {"role": "assistant", "content": "Moi."}], "lang": "fi"}
    texts = {f"messages.{n}.content": {"source": "Hi.", "draft": draft} for n, draft in enumerate(("Hei.", "Moi."))}
    states = [
        {
            "key": 7,
            "language": "fi",
            "row": chat,
            "texts": texts,
            "flags": [],
            "dropped": False,
            "provenance": PROVENANCE,
        }
    ]
    write_rows(tmp_path / "draft.translation.jsonl", states)
    write_review(tmp_path / "draft.review.csv", states)
    edit(tmp_path / "draft.review.csv", put(1, "corrected", "Terve."))
    merged = merge(tmp_path / "draft.review.csv", tmp_path / "draft.translation.jsonl")
    assert [message["content"] for message in merged.rows[0]["messages"]] == ["Hei.", "Terve."]
    assert merged.rows[0]["lang"] == "fi"
    assert merged.edited == 1


FORMULA = re.compile(r"[=+\-@\t\r]")
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''=1", "x;=1+1;y", "x,=HYPERLINK(1)", "x\t=1", "- yksi\n- kaksi", "=",
    "rivi\n=cmd|' /C calc'!A0", '"=1', "a;'=1", "sanoi,-ei", "\ud800 pari",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula_however_the_table_is_opened(tmp_path: Path, text: str, delimiter: str) -> None:
    states = [{**state(1, f"Write {text}", text), "key": text}]
    write_review(tmp_path / "x.csv", states)
    content = (tmp_path / "x.csv").read_text("utf-8-sig")
    for line in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
        assert not [cell for cell in line if FORMULA.match(cell)], line


@given(st.lists(st.sampled_from("=+-@',;\t\n\r \"ax"), max_size=12).map("".join) | st.text(max_size=20))
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    assert with_formula(no_formula(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_hostile_cells_are_merged_as_they_were(tmp_path: Path, text: str, delimiter: str) -> None:
    states = [state(1, f"Write {text}", f"{text} sana", keywords=["sana", text]), state(2, "Write it.", "Kirjoita se.")]
    write_rows(tmp_path / "draft.translation.jsonl", states)
    path = tmp_path / "draft.review.csv"
    write_review(path, states)
    table = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    table[2][COLUMNS.index("corrected")] = table[1][COLUMNS.index("draft")]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(table)
    path.write_text(buffer.getvalue(), "utf-8", newline="")
    merged = merge(path, tmp_path / "draft.translation.jsonl")
    assert merged.rows[0] == states[0]["row"]
    assert merged.rows[1]["prompt"].split() == f"{text} sana".replace("\ud800", "?").split()
    assert merged.edited == 1


def test_a_text_longer_than_a_csv_field_usually_is(tmp_path: Path) -> None:
    states = [state(1, "Write.", "sana " * 60_000)]
    write_rows(tmp_path / "draft.translation.jsonl", states)
    write_review(tmp_path / "draft.review.csv", states)
    merged = merge(tmp_path / "draft.review.csv", tmp_path / "draft.translation.jsonl")
    assert (len(merged.rows), merged.edited) == (1, 0)
