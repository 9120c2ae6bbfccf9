"""A table fits the terminal that it is shown on, whichever names stand in it, and no word of it is broken."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from ifeval_fi.report.console import print_tables
from ifeval_fi.report.layout import lay_out
from ifeval_fi.report.tables import Table
from ifeval_fi.report.terse import terse_columns, terse_rates, without_zeros

COLUMNS = ("model", "prompts", "instruction level %", "prompt level %", "in language %", "truncated", "scored")
NAMES = (
    "HuggingFaceTB/SmolLM2-135M-Instruct",
    "Qwen/Qwen2.5-0.5B-Instruct-GPTQ-Int4 (q4-temperature-0.7-8-tokens)",
    "sft_epoch3_lr2e5_longrunningexperimentwithoutanybreak",
    "malli",
)


def table(names: tuple[str, ...] = NAMES) -> Table:
    cells = ("fi", "79.1 (75.2–82.5)", "77.5 (73.6–80.9)", "93.5 (91.0–95.4)", "510", "510")
    return Table("Rates", COLUMNS, [(name, *cells) for name in names], left=2)


def shown(of: Table, width: int) -> list[str]:
    out = StringIO()
    print_tables([of], console=Console(file=out, width=width))
    return out.getvalue().splitlines()


def words_of(text: str) -> list[str]:
    return [word for word in re.split(r"[\s/:-]+", text) if word]


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("names", [NAMES, NAMES[:1], NAMES[2:3], NAMES * 3])
def test_no_line_is_wider_and_no_word_is_broken(width: int, names: tuple[str, ...]) -> None:
    lines = shown(table(names), width)
    # A name in full, below a table that shortens it, is as long as it is.
    assert max(cell_len(line) for line in lines if " is " not in line) <= width
    told = words_of(" ".join(lines))
    for cell in (*COLUMNS, *table(names).rows[0], *names):
        for word in words_of(cell):
            assert word in told, (word, lines)


def test_a_name_without_a_break_is_shortened_and_told_in_full() -> None:
    name = NAMES[2]
    lines = shown(table((name, "b")), 40)
    assert any(line.startswith("sft_epoch3_l…ybreak  ") for line in lines), lines
    assert f"sft_epoch3_l…ybreak is {name}" in lines


def test_names_that_differ_in_their_middle_only_are_told_apart() -> None:
    first, second = ("a" * 30 + middle + "b" * 30 for middle in "xy")
    part = lay_out(table((first, second, "c")), 40)[0]
    assert sorted(part.legend.values()) == [first, second]
    assert len(part.legend) == 2


def test_numbers_and_intervals_stay_whole() -> None:
    rows = [("instruction level, strict, in language", "79.1", "-17.2 to +13.9", "0.470")] * 5
    lines = shown(Table("", ("", "base %", "95 % interval", "p"), rows), 50)
    assert any("-17.2 to +13.9" in line for line in lines)
    assert any(line.startswith("instruction level,") for line in lines)


CELLS = st.text(st.sampled_from("ab1 /-:_.%–日"), max_size=30)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 6), st.integers(1, 6), st.integers(60, 120))
def test_every_table_keeps_its_letters_and_fits_where_it_can(
    data: st.DataObject, columns: int, rows: int, width: int
) -> None:
    cells = [[data.draw(CELLS) for _ in range(columns)] for _ in range(rows)]
    made = Table("t", [f"c{n}" for n in range(columns)], cells, left=columns)
    parts = lay_out(made, width)
    for part in parts:
        assert all(cell_len(line) <= width for row in (part.header, *part.rows) for line in row)
    letters = "".join(line for part in parts for row in part.rows for line in row)
    for mark in "ab1日":
        assert letters.count(mark) + sum(name.count(mark) for part in parts for name in part.legend.values()) >= sum(
            cell.count(mark) for row in cells for cell in row
        )


def test_rates_that_agree_share_a_row() -> None:
    cells = ("79.1", "75.2–82.5", "1.9")
    rows = [
        ("instruction level, strict", *cells),
        ("prompt level, strict", "77.0", *cells[1:]),
        ("instruction level, loose", *cells),
        ("prompt level, loose", "78.0", *cells[1:]),
        ("answered in the asked language", "100.0", *cells[1:]),
        ("the same by langdetect, as published", "100.0", *cells[1:]),
        ("instruction level, strict, in language", *cells),
    ]
    assert [row[0] for row in terse_rates(Table("", ("", "%", "interval", "se"), rows)).rows] == [
        "instruction level, strict = loose = strict, in language",
        "prompt level, strict",
        "prompt level, loose",
        "answered in the asked language, by our detector = by langdetect",
    ]


def test_columns_that_agree_are_one_and_said() -> None:
    found = terse_columns(
        Table("", ("category", "n", "strict %", "loose %", "other %"), [("a", "1.0", "1.0", "1.0", "2.0")])
    )
    assert found.columns == ["category", "n", "strict %", "other %"]
    assert found.note == "In every row loose % = strict %."


def test_rows_of_zeros_go_only_where_they_are_named() -> None:
    rows = [("truncated", "0", "0"), ("failed", "0", "1"), ("answered", "0", "0")]
    assert [row[0] for row in without_zeros(Table("", ("", "a", "b"), rows), {"truncated", "failed"}).rows] == [
        "failed",
        "answered",
    ]
