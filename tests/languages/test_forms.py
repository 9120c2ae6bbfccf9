"""Keyword paradigms in every language: `tests/cases/<language>/forms.jsonl`, which a native speaker can extend."""

from __future__ import annotations

import json
from typing import Any

import pytest
from paths import CASES

from ifeval_fi.languages import get_language, languages

CODES = [code for code in languages() if (CASES / code / "forms.jsonl").is_file()]


def _rows(code: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / code / "forms.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("code", "row"), [pytest.param(code, row, id=f"{code}-{row['keyword']}") for code in CODES for row in _rows(code)]
)
def test_each_form_is_found_and_no_other_word_is(code: str, row: dict[str, Any]) -> None:
    occurrences = get_language(code).occurrences
    missed = [form for form in row["forms"] if occurrences(f"{form}.", row["keyword"]) != [form]]
    wrong = [word for word in row["not"] if occurrences(f"{word}.", row["keyword"])]
    assert (missed, wrong) == ([], [])


@pytest.mark.parametrize("code", CODES)
def test_there_are_enough_paradigms(code: str) -> None:
    assert len(_rows(code)) >= 150
