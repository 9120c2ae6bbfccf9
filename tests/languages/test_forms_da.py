"""Paradigms of keywords in Danish: each listed form is an occurrence by itself, each other word is none."""

from __future__ import annotations

import json

import pytest
from paths import CASES

from ifeval_fi.languages import get_language

ROWS = [json.loads(line) for line in (CASES / "da" / "forms.jsonl").read_text(encoding="utf-8").splitlines()]
DANISH = get_language("da")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['keyword']}-{row['forms'][0]}")
def test_paradigm(row: dict[str, list[str]]) -> None:
    keyword = str(row["keyword"])
    assert [form for form in (keyword, *row["forms"]) if not DANISH.occurrences(f"{form}.", keyword)] == []
    assert [word for word in row["not"] if DANISH.occurrences(f"{word}.", keyword)] == []
