"""Keyword occurrence in Finnish: every listed form, every listed case, and what holds for any text."""

from __future__ import annotations

import json
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES

from ifeval_fi.languages.fi import lexicon
from ifeval_fi.languages.fi.occurrences import occurrences

FOLDER = CASES / "fi"
FINNISH = "abcdefghijklmnopqrstuvwxyzåäö"


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def _followed(kwargs: dict[str, Any], response: str) -> bool:
    if "keywords" in kwargs:
        return all(occurrences(response, word) for word in kwargs["keywords"])
    if "forbidden_words" in kwargs:
        return not any(occurrences(response, word) for word in kwargs["forbidden_words"])
    count = len(occurrences(response, kwargs["keyword"]))
    return (count >= kwargs["frequency"]) == (kwargs["relation"] == "at least")


@pytest.mark.parametrize("kind", ["existence", "frequency", "forbidden_words"])
def test_cases(kind: str) -> None:
    rows = _rows(f"keywords_{kind}.jsonl")
    wrong = [row for row in rows if _followed(row["kwargs"], row["response"]) != row["expected"]]
    assert len(rows) >= 60
    assert wrong == []


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("katu", "Kadulla, KADULLE ja kadullasikohan", ["Kadulla", "KADULLE", "kadullasikohan"]),
        ("musta aukko", "**Mustan** aukon ja mustan\naukon", ["Mustan** aukon", "mustan\naukon"]),
        ("linja-auto", "linja-autossa, linja autossa", ["linja-autossa"]),
        ("ajan", "aikaa ajaa", ["aikaa", "ajaa"]),
        ("kuusi", "kuusta kuuseen kuuteen", ["kuusta", "kuuseen", "kuuteen"]),
        ("nimi", "Kerro nimesi. Sinun nimesi?", ["nimesi", "nimesi"]),
        ("tapa", "Hän tapasi minut. Se on sinun tapasi.", ["tapasi"]),
        ("C++", "C++, c++:lla, C", ["C++", "c++"]),
        ("5", "5 3,5 5:30 55", ["5"]),
        ("rock 'n' roll", "Rock 'n' Roll soi", ["Rock 'n' Roll"]),
        ("koira", "_koira_ \u00adkoi\u00adra koiraa\u0300", ["koira", "koira"]),
        ("", "mitä vain", []),
        ("  ", "mitä vain", []),
    ],
)
def test_occurrences_in_order(keyword: str, text: str, found: list[str]) -> None:
    assert occurrences(text, keyword) == found


@settings(deadline=None, max_examples=300)
@given(st.text(), st.text())
def test_never_raises(text: str, keyword: str) -> None:
    assert isinstance(occurrences(text, keyword), list)


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=FINNISH + FINNISH.upper(), min_size=1, max_size=20))
def test_a_keyword_occurs_in_itself(keyword: str) -> None:
    assert occurrences(f"Sana {keyword}, ja muuta", keyword)[:1] == [keyword] or keyword.casefold() == "sana"


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(_rows("forms.jsonl")),
    st.lists(st.sampled_from([form for row in _rows("forms.jsonl") for form in row["forms"]]), max_size=12),
)
def test_case_and_normal_form_do_not_matter(row: dict[str, Any], words: list[str]) -> None:
    text, keyword = " ".join([*words, *row["forms"]]), row["keyword"]
    found = [word.casefold() for word in occurrences(text, keyword)]
    for variant in (text.upper(), text.lower(), unicodedata.normalize("NFD", text)):
        assert [word.casefold() for word in occurrences(variant, keyword)] == found
    assert [w.casefold() for w in occurrences(text, unicodedata.normalize("NFD", keyword))] == found


@pytest.mark.parametrize(
    "unit", ["katu ", "katu", "katu-", "katuni ", "katu:", "a'", "\u0301\u0327", "\x00", " ", "😀", "katu* "]
)
def test_time_grows_linearly(unit: str) -> None:
    occurrences("katu", "katu kadun")
    spent = []
    for size in (50_000, 400_000):
        text = unit * (size // len(unit))
        start = time.process_time()
        occurrences(text, "katu kadun")
        spent.append(time.process_time() - start)
    assert spent[1] < 40 * max(spent[0], 0.02)


@pytest.mark.parametrize("part", range(8))
def test_every_form_begins_as_promised(part: int) -> None:
    """The short cut for texts without any word that could be a form: on every 80th word, and on short ones."""
    words = [line.partition(b"\t")[0].decode() for line in lexicon._lines()]
    chosen = words[::80] + [word for word in words if len(word) <= 4]
    for word in chosen[part::8]:
        beginning = lexicon.every_form_begins(word)
        for lexeme in lexicon.lexemes(word):
            forms = lexicon.inflect(lexeme)
            assert all(form.startswith(beginning) for form in (*forms.plain, *forms.hosts)), (word, beginning)
