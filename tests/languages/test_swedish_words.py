"""Swedish keywords: every listed form, and what holds for any text."""

from __future__ import annotations

import json
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES

from ifeval_fi.languages.sv.occurrences import occurrences
from ifeval_fi.languages.sv.sentences import sentences

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (CASES / "sv" / "forms.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("röd tråd", "**Röda** trådar och den röda\ntråden", ["Röda** trådar", "röda\ntråden"]),
        ("kaffe", "Kaffe- och tekoppar, svart-kaffe, kaffekopp", ["Kaffe", "kaffe"]),
        ("EU", "EU:s EU-valet eu europa", ["EU:s", "EU", "eu"]),
        ("Lars", "Lars’ bil, Lars bil, Larsson", ["Lars", "Lars"]),
        ("idag", "Idag, i dag och i\u00a0dag", ["Idag", "i dag", "i\u00a0dag"]),
        ("banan", "En banan till! Tåget gick av banan. Bananerna är gula.", ["banan", "Bananerna"]),
        ("C++", "C++, c++, C", ["C++", "c++"]),
        ("5", "5 3,5 5:30 55", ["5"]),
        ("", "vad som helst", []),
    ],
)
def test_occurrences_in_order(keyword: str, text: str, found: list[str]) -> None:
    assert occurrences(text, keyword) == found


@settings(deadline=None, max_examples=300)
@given(st.text(), st.text())
def test_never_raises(text: str, keyword: str) -> None:
    assert isinstance(occurrences(text, keyword), list)
    assert isinstance(sentences(text), list)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(ROWS), st.lists(st.sampled_from([form for row in ROWS for form in row["forms"]]), max_size=8))
def test_case_and_normal_form_do_not_matter(row: dict[str, Any], words: list[str]) -> None:
    text, keyword = ". ".join([*words, *row["forms"]]), row["keyword"]
    found = [word.lower() for word in occurrences(text, keyword)]
    for variant in (text.upper(), text.lower(), unicodedata.normalize("NFD", text)):
        assert [word.lower() for word in occurrences(variant, keyword)] == found


@pytest.mark.parametrize(
    "unit",
    ["åt ", "bok", "bok-", "bok:", "i dag ", "banan ", "t. ex. ", "(a ", "1. A ", "a'", "\u0301", "\x00", " ", "och "],
)
def test_time_grows_linearly(unit: str) -> None:
    spent = []
    for size in (50_000, 400_000):
        text = unit * (size // len(unit))
        start = time.process_time()
        for keyword in ("äta", "banan", "idag", "bok"):
            occurrences(text, keyword)
        sentences(text)
        spent.append(time.process_time() - start)
    assert spent[1] < 40 * max(spent[0], 0.02)
