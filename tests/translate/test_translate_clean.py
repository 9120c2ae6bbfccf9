"""Each reason to distrust a translation, just over and just under its threshold."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifeval_fi.errors import IfevalError
from ifeval_fi.languages import get_language
from ifeval_fi.translate.clean import POOR, REASONS, Thresholds, compression, flags
from ifeval_fi.translate.protect import protect
from ifeval_fi.translate.restore import Restored, restore
from ifeval_fi.translate.target import target_language

ENGLISH, FINNISH = get_language("en"), get_language("fi")
FINE = "Kirjoita lyhyt tarina koirasta, joka odottaa omistajaansa sateessa koko päivän."
SOURCE = "Write a short story about a dog that waits for its owner in the rain all day."


def reasons(source: str, draft: str, **thresholds: Any) -> set[str]:
    return {
        flag.reason
        for flag in flags(
            Restored(source, source), Restored(draft, draft), (ENGLISH, FINNISH), Thresholds(**thresholds)
        )
    }


CASES: list[tuple[str, str, set[str]]] = [
    (SOURCE, FINE, set()),
    ("Write a poem.", "Kirjoita runo.", set()),
    ("one two", " ".join(["sana"] * 5), set()),
    ("one two", " ".join(["talo koira kissa metsä järvi suo".split()[n] for n in range(6)]), {"longer"}),
    (SOURCE, "Kirjoita!!! ???? ---- tarina :::: ((((koirasta))))", {"symbols", "shorter"}),
    (SOURCE, "Kirjoita tarina koirasta. " * 3, {"doubled"}),
    (SOURCE * 30, "Kirjoita tarina koirasta, " * 60, {"repetition"}),
    (SOURCE + " Do not use commas at all.", FINE + " Do not use commas at all.", {"untranslated"}),
    (SOURCE, "Skriv en kort berättelse om en hund som väntar på sin ägare i regnet hela dagen.", {"wrong_language"}),
    (SOURCE, "Kirjoita tarina.", {"shorter"}),
    ("Write 300 words.", "Kirjoita runo koirasta.", {"number_lost"}),
    ("Write 300 words.", "Kirjoita kolmesataa sanaa.", set()),
    ("Write 5 words.", "Kirjoita viiden sanan runo.", set()),
    ("Spend 10,000 or 2.5 euros.", "Käytä 10 000 tai 2,5 euroa.", set()),
    ("From 3 to 3 and 4.", "Kolmesta 3 ja 4.", set()),
    ("Call 555 and 555.", "Soita numeroon 555.", {"number_lost"}),
]


@pytest.mark.parametrize(("source", "draft", "wanted"), CASES)
def test_flags(source: str, draft: str, wanted: set[str]) -> None:
    assert reasons(source, draft) == wanted


@pytest.mark.parametrize(
    ("name", "low", "high", "reason", "source", "draft"),
    [
        ("max_growth", 0.9, 1.1, "longer", "Write two words here.", "Kirjoita tähän kaksi sanaa ja vielä neljä lisää."),
        ("max_shrink", 0.3, 0.6, "shorter", "Write one two three four words.", "Kirjoita neljä sanaa."),
        ("max_symbols", 0.05, 0.2, "symbols", SOURCE, "Kirjoita (lyhyt) tarina, jossa on -- koira."),
        ("min_language_share", 0.2, 0.9, "wrong_language", SOURCE,
         "Kirjoita tarina koirasta sateessa. Then the dog waits for its owner all day."),
        ("sentence_words", 9, 5, "untranslated", "Write it. Use no commas at all please.",
         "Kirjoita runo koirasta sateessa. Use no commas at all please."),
    ],
)  # fmt: skip
def test_a_threshold_decides(name: str, low: float, high: float, reason: str, source: str, draft: str) -> None:
    strict, lenient = (low, high) if name.startswith("max") else (high, low)
    assert reason in reasons(source, draft, **{name: strict})
    assert reason not in reasons(source, draft, **{name: lenient})


def test_compression_threshold() -> None:
    text = "Kirjoita tarina koirasta, joka odottaa. " * 20
    ratio = len(zlib.compress(text.encode(), 9)) / len(text.encode())
    assert compression(text) == ratio
    assert "repetition" in reasons(SOURCE * 20, text, min_compression=ratio + 0.01)
    assert "repetition" not in reasons(SOURCE * 20, text, min_compression=ratio - 0.01)


@pytest.mark.parametrize("name", ["max_growth", "max_symbols", "min_compression", "min_language_share"])
@pytest.mark.parametrize("value", [-1, float("nan")])
def test_a_senseless_threshold_is_an_error(name: str, value: float) -> None:
    with pytest.raises(IfevalError, match=f"--{name.replace('_', '-')}"):
        Thresholds(**{name: value})


def test_literal_parts_are_no_symbols_and_no_leftovers() -> None:
    code = "```\nprint({'a': [1, 2, 3]}); # print the list of the numbers\n```"
    source = f"Explain this code to me please:\n{code}"
    protected = protect(source, ENGLISH)
    restored = restore(protected, protected.text.replace("Explain this code to me please", "Selitä tämä koodi minulle"))
    assert restored.text.endswith(code)
    assert not list(flags(restore(protected, protected.text), restored, (ENGLISH, FINNISH), Thresholds()))


def test_lost_parts_are_flagged() -> None:
    protected = protect("See https://example.org/page and write 3 lines\nnow.", ENGLISH)
    restored = restore(protected, "Kirjoita 3 riviä nyt.")
    found = {
        flag.reason: flag.detail
        for flag in flags(Restored("See and write 3 lines now."), restored, (ENGLISH, FINNISH), Thresholds())
    }
    assert found == {"literal_lost": "https://example.org/page", "tags_broken": ""}


def test_a_language_the_detector_does_not_know_is_not_judged() -> None:
    made_up = target_language("xq")
    draft = "Zu blork mafi."
    assert not list(flags(Restored("Write a poem."), Restored(draft, draft), (ENGLISH, made_up), Thresholds()))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_pair_of_texts_can_be_judged(source: str, draft: str) -> None:
    found = list(flags(Restored(source, source), Restored(draft, draft), (ENGLISH, FINNISH), Thresholds()))
    assert all(flag.reason in REASONS for flag in found)
    assert found == list(flags(Restored(source, source), Restored(draft, draft), (ENGLISH, FINNISH), Thresholds()))


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ('Käy osoitteessa <x id="0">u</x>nyt heti.', {"glued"}),
        ('Käy osoitteessa<x id="0">u</x> nyt heti.', set()),
        ('Käy osoitteessa <x id="0">u</x> nyt &lt;x id="0"&gt; heti.', {"tags_broken"}),
    ],
)
def test_nothing_glued_reaches_a_training_set(answer: str, wanted: set[str]) -> None:
    protected = protect("Visit https://example.org now, at once.", ENGLISH)
    found = flags(restore(protected, protected.text), restore(protected, answer), (ENGLISH, FINNISH), Thresholds())
    assert {flag.reason for flag in found} == wanted
    assert wanted <= set(POOR)
