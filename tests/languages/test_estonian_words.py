"""Estonian keywords: what holds for any text."""

from __future__ import annotations

import json
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES

from ifeval_fi.languages import get_language


def _rows(code: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / code / "forms.jsonl").read_text(encoding="utf-8").splitlines()]


@settings(deadline=None, max_examples=300)
@given(st.text(), st.text())
def test_never_raises(text: str, keyword: str) -> None:
    assert isinstance(get_language("et").occurrences(text, keyword), list)


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="abdeghijklmnoprstuvõäöüšž", min_size=1, max_size=20))
def test_a_keyword_occurs_in_itself(keyword: str) -> None:
    assert keyword in get_language("et").occurrences(keyword, keyword)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(_rows("et")), st.data())
def test_normal_form_does_not_matter(row: dict[str, Any], data: st.DataObject) -> None:
    text = " ".join(data.draw(st.lists(st.sampled_from(row["forms"] + row["not"]), max_size=12)))
    occurrences = get_language("et").occurrences
    assert occurrences(unicodedata.normalize("NFD", text), row["keyword"]) == occurrences(text, row["keyword"])


@pytest.mark.parametrize("unit", ["tuli ", "tuli", "tuli-", "tee, ", "o'", "\u0301\u0327", "„", " ", "Mari* ", "."])
def test_time_grows_linearly(unit: str) -> None:
    occurrences = get_language("et").occurrences
    occurrences("tuba", "tuli tee")
    for keyword in ("tuli", "tee", "tuli tee"):
        spent = []
        for size in (50_000, 400_000):
            text = unit * (size // len(unit))
            start = time.process_time()
            occurrences(text, keyword)
            spent.append(time.process_time() - start)
        assert spent[1] < 40 * max(spent[0], 0.02)
