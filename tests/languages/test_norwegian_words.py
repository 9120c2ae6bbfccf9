"""Norwegian keyword forms: every listed form of a keyword is one by itself, and no other word is."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES

from ifeval_fi.languages.nb import LANGUAGE
from ifeval_fi.languages.nb.occurrences import occurrences

LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (CASES / "nb" / "forms.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_keywords_are_listed_once() -> None:
    assert len({row["keyword"] for row in ROWS}) == len(ROWS) >= 150


@settings(max_examples=200, deadline=None)
@given(st.text(LETTERS, min_size=1, max_size=20), st.text(LETTERS + " .,-\n", max_size=200))
def test_a_keyword_occurs_in_its_own_quotation(keyword: str, text: str) -> None:
    assert occurrences(f"{text} «{keyword}»", keyword)[-1:] == [keyword]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([row["keyword"] for row in ROWS]), min_size=1, max_size=20))
def test_verdicts_do_not_depend_on_what_was_judged_before(keywords: list[str]) -> None:
    text = "Han så hender og tenner, faren for ras var stor, og landet lå øde da flyet landet. Hun satt der."
    first = [occurrences(text, keyword) for keyword in keywords]
    assert [occurrences(text, keyword) for keyword in reversed(keywords)] == first[::-1]


@pytest.mark.parametrize(
    "unit", ["så ", "hender, ", "«så", "a-", "1. ", "f. eks. ", "dr. med. ", "landet\n", "å", "' "]
)
def test_long_texts_take_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    start = time.process_time()
    for keyword in ("se", "hånd", "land", "rød tråd"):
        occurrences(text, keyword)
    LANGUAGE.sentences(text)
    LANGUAGE.words(text)
    assert time.process_time() - start < 20
