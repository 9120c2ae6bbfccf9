"""JSON is what Python's own reader says it is, at any depth and length."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifeval_fi.checks.json_text import json_kind
from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import read_rows

KINDS = {dict: "object", list: "array", str: "string", int: "number", float: "number", bool: "boolean"}
PIECES = ["{", "}", "[", "]", ",", ":", '"a"', '"', "\\", r"\u00e4", r"\u12", "1", "-", "0", "1.5", "e5", "01", "true"]
PIECES += ["null", "NaN", " ", "\n", "\u00a0", "\x00", "ä"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def refuse(name: str) -> NoReturn:
    raise ValueError(name)


def kind_by_python(text: str) -> str | None:
    try:
        value = json.loads(text, parse_constant=refuse)
    except ValueError:
        return None
    return KINDS.get(type(value), "null")


def kind(text: str) -> str | None:
    try:
        return json_kind(text)
    except ValueError:
        return None


@given(VALUES, st.booleans())
def test_what_python_writes_is_json(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    assert kind(text) == KINDS.get(type(value), "null")


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_json_when_python_reads_it(text: str) -> None:
    assert kind(text) == kind_by_python(text)


@given(VALUES.map(json.dumps), st.integers(0), st.sampled_from(PIECES))
def test_damaged_json_is_json_when_python_reads_it(text: str, place: int, piece: str) -> None:
    place %= len(text) + 1
    damaged = text[:place] + piece + text[place:]
    assert kind(damaged) == kind_by_python(damaged)


def test_no_depth_and_no_length_is_too_much() -> None:
    assert kind("[" * 100_000 + "]" * 100_000) == "array"
    assert kind("[" * 100_000 + "]" * 99_999) is None
    assert kind("9" * 100_000) == "number"


@pytest.mark.parametrize(
    ("row", "words"),
    [('{"a": ' + "[" * 101 + "]" * 101 + "}", "nested more than 100"), ('{"key": ' + "9" * 1001 + "}", "1001 digits")],
)
def test_a_row_has_bounds_of_its_own(tmp_path: Path, row: str, words: str) -> None:
    (tmp_path / "rows.jsonl").write_text(f"{row}\n{{}}\n")
    with pytest.raises(IfevalError, match=words):
        list(read_rows(tmp_path / "rows.jsonl"))
