"""`leaderboard init` understands what people type, says what is wrong in words, goes back, and goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ifeval_fi.leaderboard.interview import QUESTIONS, ask_entry

GOOD = {
    "model.id": "org/malli", "model.revision": "1", "model.parameters_b": "8B", "model.base_model": "",
    "model.license": "apache-2.0", "model.open_weights": "kyllä", "model.open_data": "no", "model.open_code": "ei",
    "model.developer": "Y", "model.country": "Finland", "model.eu": "yes", "model.languages": "fi, en",
    "model.released": "31.1.2025", "model.trained_on_ifeval": "unknown", "setup.quantisation": "",
    "setup.server": "vLLM", "setup.server_version": "1", "setup.hardware": "H", "setup.reasoning": "none",
    "setup.tokens_per_second": "41,5", "contact": "c", "note": "", "supersedes": "",
}  # fmt: skip
PLACES = [place for place, _, _ in QUESTIONS]


def interview(answers: Iterator[str], **more: Any) -> tuple[dict[str, Any], list[str]]:
    said: list[str] = []
    return ask_entry(lambda *_: next(answers), said.append, {}, **more), said


def test_what_people_type_is_understood() -> None:
    found, said = interview(iter(GOOD.values()))
    assert said == []
    model = found["model"]
    assert (model["parameters_b"], model["license"], model["country"]) == (8, "Apache-2.0", "FI")
    assert (model["languages"], model["released"], model["open_code"]) == (["fi", "en"], "2025-01-31", False)
    assert found["setup"]["tokens_per_second"] == 41.5
    assert "note" not in found


@pytest.mark.parametrize(
    ("place", "typed"),
    [
        ("model.country", "FINLANDIA"), ("model.country", "XX"), ("model.parameters_b", "iso"),
        ("model.license", "70B"),
        ("model.license", "NotALicence"), ("model.released", "2026-02-31"), ("model.released", "9999-01-01"),
        ("model.id", "malli"), ("model.id", "org/malli."), ("model.languages", "klingon-tlh"), ("model.eu", "ehkä"),
        ("setup.reasoning", "maybe"), ("contact", ""), ("contact", "x" * 999), ("supersedes", "../x"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words_and_asked_again(place: str, typed: str) -> None:
    answers = [text for name, text in GOOD.items() for text in ([typed, text] if name == place else [text])]
    found, said = interview(iter(answers))
    assert len(said) == 1
    assert not re.search(r"\^|\$|\\d|does not match|could not convert", said[0])
    assert found["model"]["id"] == "org/malli"


@pytest.mark.parametrize(
    ("place", "typed", "value"),
    [
        ("model.parameters_b", "350M", 0.35), ("model.parameters_b", "1,5", 1.5), ("model.parameters_b", "", None),
        ("model.languages", "Finnish, ruotsi;en", ["fi", "sv", "en"]), ("model.country", "ruotsi", "SE"),
        ("model.license", "LicenseRef-oma", "LicenseRef-oma"),
    ],
)  # fmt: skip
def test_other_ways_to_say_it(place: str, typed: str, value: object) -> None:
    found, said = interview(iter((GOOD | {place: typed}).values()))
    assert said == []
    assert found["model"][place.partition(".")[2]] == value


def test_back_and_on() -> None:
    kept: list[dict[str, str]] = []
    answers = iter([GOOD[place] for place in PLACES[:3]] + ["<", "70B"])
    with pytest.raises(StopIteration):
        interview(answers, keep=lambda typed: kept.append(dict(typed)))
    assert kept[-1]["model.parameters_b"] == "70B"
    found, _ = interview(iter([GOOD[place] for place in PLACES[3:]]), answered=kept[-1])
    assert found["model"]["parameters_b"] == 70
    assert found["model"]["id"] == "org/malli"
