"""What every check promises on any text: a verdict, in time, whatever the text's normal form."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from case_files import case_files
from hypothesis import given, settings
from hypothesis import strategies as st

from ifeval_fi import Prompt, check
from ifeval_fi.checks import EVIDENCE_LENGTH
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import parse_prompt
from ifeval_fi.rules import get_rules
from ifeval_fi.scoring import judge_response
from ifeval_fi.scoring.responses import Response

CASES = case_files("fi")
FI = get_language("fi")
RULES = get_rules("finnish", FI)
PIECES = (
    *"*_#[]<>\"”“„»«'`.,:;!?…-–•+|/\\(){}&@0123456789aAäÄåÖ\n\r\t \u00a0\u200b\u200d\u202e\u0308\x00😊",
    *("***", "******", "* ", "- ", "1. ", "## ", "```json\n", "<<", ">>", "\n\n", "\r\n", "P.S. ", "PS: ", "Osa 1"),
    *("Vastaukseni on kyllä.", "esim. ", "klo 14.30", "J. R. R. Tolkien", "6. joulukuuta", "EU:n", "linja-auto"),
    *("Kissa", "kissan", "nukkuu", "ei", "the", "och", "{", '{"a": 1}', "https://a.fi/b", "¹", "ß", "İ", "\ud800"),
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
ids = pytest.mark.parametrize("name", sorted(CASES))


def kwargs_of(name: str) -> st.SearchStrategy[dict[str, object]]:
    return st.sampled_from([case.kwargs for case in CASES[name]])


def as_prompt(name: str, kwargs: dict[str, object]) -> Prompt:
    return parse_prompt({"key": 1, "prompt": "-", "instruction_id_list": [name], "kwargs": [kwargs]}, "fi")


@ids
@given(data=st.data(), text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_verdict_with_short_evidence(name: str, data: st.DataObject, text: str) -> None:
    verdict = check(name, data.draw(kwargs_of(name)), text)
    assert isinstance(verdict.followed, bool)
    assert len(verdict.found) <= EVIDENCE_LENGTH
    assert "\n" not in verdict.found


@ids
@given(data=st.data(), text=TEXTS)
@settings(max_examples=40, deadline=None)
def test_strict_implies_loose(name: str, data: st.DataObject, text: str) -> None:
    prompt = as_prompt(name, data.draw(kwargs_of(name)))
    verdicts = judge_response(prompt, Response(1, text), RULES, FI)
    assert verdicts.loose >= verdicts.strict


@ids
@given(data=st.data(), text=TEXTS)
@settings(max_examples=40, deadline=None)
def test_the_normal_form_does_not_matter(name: str, data: st.DataObject, text: str) -> None:
    kwargs = data.draw(kwargs_of(name))
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert check(name, kwargs, composed) == check(name, kwargs, decomposed)


@ids
@given(data=st.data(), blank=st.text(" \t\n\r\u00a0\u2003\u2028\u200b\ufeff\x0b", max_size=20))
@settings(max_examples=30, deadline=None)
def test_a_blank_response_follows_nothing(name: str, data: st.DataObject, blank: str) -> None:
    assert not check(name, data.draw(kwargs_of(name)), blank)


@ids
def test_cases_are_normal_form_invariant(name: str) -> None:
    for case in CASES[name]:
        for form in ("NFC", "NFD"):
            text = unicodedata.normalize(form, case.response)
            assert check(name, case.kwargs, text).followed == case.expected, (case.line, form)


GROWING: dict[str, Callable[[int], str]] = {
    "blank lines": lambda size: "a" + "\n" * size + "a",
    "zero-width characters": lambda size: "a" + "\u200b" * size + "a",
    "spaces": lambda size: "P.S." + " " * size + "!",
    "full stops": lambda size: "." * size + "a",
    "nested emphasis": lambda size: "*a " * (size // 6) + "b* " * (size // 6),
    "open brackets": lambda size: "[" * size,
    "quotation marks": lambda size: '"' * size,
    "marks and brackets": lambda size: ". ] " * (size // 4),
}


@ids
@pytest.mark.parametrize("shape", GROWING)
def test_time_grows_with_the_text_and_not_faster(name: str, shape: str) -> None:
    """Half a million characters in a time that no quadratic check can keep, and that a busy machine can."""
    text = GROWING[shape](500_000)
    start = time.process_time()
    check(name, CASES[name][0].kwargs, text)
    assert time.process_time() - start < 15


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("fi:address", {"style": "sinuttelu"}),
        ("fi:no_passive", {}),
        ("fi:case_words", {"case": "essiivi", "frequency": 1}),
    ],
)
def test_a_text_too_long_to_be_read_word_by_word_is_definitely_not_followed(name: str, kwargs: dict[str, Any]) -> None:
    text = "Tulet lapsena. " * 1300
    assert len(text) < 20_000
    assert check(name, kwargs, text)
    verdict = check(name, kwargs, text + text)
    assert not verdict
    assert "characters, more than the 20,000 read word by word" in verdict.found
