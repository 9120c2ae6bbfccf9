"""Finnish syllables, numerals and named forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifeval_fi.languages.fi.numerals import is_numeral
from ifeval_fi.languages.fi.paradigm import case_forms, in_case, is_passive, second_person
from ifeval_fi.languages.fi.syllables import counts, divisions, syllables


@pytest.mark.parametrize(
    "divided",
    "ka-la kart-ta kons-ti pi-me-ä va-pa-us tie-tä-jä yk-si-ö ruo-is-sa au-rin-koi-nen a-si-oi-ta le-po-tuo-li kau-an "
    "maa-il-ma äi-ti hy-vä yö suo-ma-lai-nen rau-ta-tie uu-den-vuo-den hi-o-a ra-di-ois-sa leu-an sai-raan".split(),
)
def test_simple_words(divided: str) -> None:
    assert tuple(divided.split("-")) in divisions(divided.replace("-", ""))


@pytest.mark.parametrize(
    ("word", "possible"), [("vapaus", {3}), ("rakkauden", {3, 4}), ("kesäyö", {3, 4}), ("tietäjä", {3}), ("pimeä", {3})]
)
def test_counts(word: str, possible: set[int]) -> None:
    assert counts(word) == possible


@given(st.text(alphabet="aeiouyäöklmnprstvhjd", min_size=1, max_size=30))
def test_syllables_put_together_are_the_word(word: str) -> None:
    assert "".join(syllables(word)) == word
    assert all("".join(division) == word for division in divisions(word))


def test_named_forms() -> None:
    assert "ystävinä" in case_forms("ystävä", "essiivi", "monikko")
    assert "kaduissa" in case_forms("katu", "inessiivi", "monikko")
    assert "vettä" in case_forms("vesi", "partitiivi", "yksikkö")
    assert "kyynelten" in case_forms("kyynel", "genetiivi", "monikko")
    assert in_case("vaimoineen", "komitatiivi")
    assert not in_case("kotona", "essiivi")
    assert [is_passive(word) for word in "tehdään mentiin kantaan striimataan".split()] == [True, True, False, True]
    assert [second_person(word) for word in "tulette muistakaa olet kannat".split()] == ["te", "te", "sinä", None]


def test_numerals() -> None:
    said = "kaksikymmentäviisi viidentoista kuuden kolmannella yhdeksänsataa"
    assert all(map(is_numeral, said.split()))
    assert not any(map(is_numeral, "kuusen sataa yksin toinen kolmio".split()))
