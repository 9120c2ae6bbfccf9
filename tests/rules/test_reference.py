"""The reference rules say what the published code says: recorded verdicts, published verdicts, and no exceptions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES, SHARED

from ifeval_fi.checks import EVIDENCE_LENGTH, check
from ifeval_fi.errors import MissingEngine
from ifeval_fi.languages import get_language
from ifeval_fi.rules import careful_checks
from ifeval_fi.rules.reference import REFERENCE, engines
from ifeval_fi.rules.reference.keywords import _folded
from ifeval_fi.rules.reference.punkt import sentences
from ifeval_fi.rules.reference.tokens import capital_words, word_count
from ifeval_fi.scoring import loose_variants

RECORDED = CASES / "reference"
SOURCE = SHARED / "ifeval_en"
ENGLISH = get_language("en")
FINNISH = get_language("fi")

KWARGS: dict[str, Any] = {
    "keywords": ("word", "a.b"),
    "forbidden_words": ("word", "x"),
    "keyword": "word",
    "letter": "e",
    "language": "en",
    "first_word": "the",
    "postscript_marker": "P.P.S",
    "section_spliter": "Section",
    "prompt_to_repeat": "Say",
    "end_phrase": "end.",
    "relation": "at least",
    "let_relation": "less than",
    "capital_relation": "at least",
}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def recorded() -> Iterator[Any]:
    for path in sorted(RECORDED.glob("*.jsonl")):
        for number, row in enumerate(rows(path), 1):
            yield pytest.param(path.stem, row, id=f"{path.stem}:{number}")


def instruction_id(stem: str) -> str:
    return next(each for each in REFERENCE.checks if each.replace(":", "_") == stem)


@pytest.mark.parametrize(("stem", "row"), list(recorded()))
def test_recorded_case(stem: str, row: dict[str, Any]) -> None:
    kwargs = REFERENCE.checks[instruction_id(stem)].validate(row["kwargs"])
    verdict = REFERENCE.judge(instruction_id(stem), row["response"], ENGLISH, kwargs)
    assert verdict.followed is row["expected"], f"{row['why']}; found: {verdict.found}"


def test_every_instruction_has_enough_cases_both_ways() -> None:
    for each in REFERENCE.checks:
        cases = rows(RECORDED / f"{each.replace(':', '_')}.jsonl")
        assert len(cases) >= (40 if each.startswith(("keywords", "length")) else 15), each
        assert {case["expected"] for case in cases} == {True, False}, each


def test_the_instructions_and_their_arguments_are_those_of_the_careful_reader() -> None:
    careful_checks()
    assert {each: dict(REFERENCE.checks[each].parameters) for each in REFERENCE.checks} == {
        each: dict(check[each].parameters) for each in check if not each.startswith("fi:")
    }


@pytest.mark.skipif(not SOURCE.is_dir(), reason="published verdicts are not here")
@pytest.mark.parametrize("model", sorted(path.stem for path in SOURCE.glob("responses/*.jsonl")))
def test_published_verdicts(model: str) -> None:
    unstable = {(row["model"], row["key"], row["instruction_id"]) for row in rows(SOURCE / "unstable.jsonl")}
    prompts = {row["key"]: row for row in rows(SOURCE / "prompts.jsonl")}
    published = {row["key"]: row for row in rows(SOURCE / "verdicts" / f"{model}.jsonl")}
    differing = []
    for row in rows(SOURCE / "responses" / f"{model}.jsonl"):
        key, text = row["key"], row["response"]
        asked = zip(prompts[key]["instruction_id_list"], prompts[key]["kwargs"], strict=True)
        for index, (name, kwargs) in enumerate(asked):
            valid = REFERENCE.checks[name].validate(kwargs)
            strict = bool(REFERENCE.judge(name, text, ENGLISH, valid))
            loose = strict or any(REFERENCE.judge(name, each, ENGLISH, valid) for each in loose_variants(text))
            expected = tuple(published[key][kind][index] for kind in ("strict", "loose"))
            if (strict, loose) != expected and (model, key, name) not in unstable:
                differing.append((key, name))
    assert not differing


def test_counts_recorded_from_nltk() -> None:
    for row in rows(RECORDED.parent / "reference_counts.jsonl"):
        found = [len(list(sentences(row["text"]))), word_count(row["text"]), len(list(capital_words(row["text"])))]
        assert found == [row["sentences"], row["words"], row["capital_words"]], row["text"]


FRAGMENTS = st.sampled_from(
    [
        *"'\"`*.,:;!?-–—[](){}<>#@$%&|^\\~_/ \n\r\t\x0b\x1c\x1f\x85\xa0\u2028\u200b\ufeff\u0301\x00\ud800«»“”’ßſİ",
        *"aAbBÄö1²漢😀",
        "***",
        "******",
        "<<",
        ">>",
        "P.S.",
        "p. p. s",
        "Dr. ",
        "U.S. ",
        "CAN'T. ",
        "```json",
        '{"a":',
        "Section 1",
        " 's ",
    ]
)
TEXTS = st.lists(FRAGMENTS, max_size=60).map("".join) | st.text(max_size=80)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(0, 5), st.text(max_size=6))
def test_no_text_and_no_argument_raises(text: str, number: int, word: str) -> None:
    for each, checked in REFERENCE.checks.items():
        kwargs = {name: KWARGS.get(name, number) for name in checked.parameters}
        for name in set(kwargs) & {
            "keyword",
            "letter",
            "first_word",
            "end_phrase",
            "prompt_to_repeat",
            "section_spliter",
        }:
            kwargs[name] = word[:1] or "e" if name == "letter" else word
        for name in set(kwargs) & {"keywords", "forbidden_words"}:
            kwargs[name] = (word, "a")
        verdict = REFERENCE.judge(each, text, FINNISH, checked.validate(kwargs))
        assert len(verdict.found) <= EVIDENCE_LENGTH
        assert verdict.found


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_sentences_hold_the_text_in_order(text: str) -> None:
    position = 0
    for sentence in sentences(text):
        position = text.index(sentence, position) + len(sentence)
    assert not any(each.isalnum() for each in text[position:])


def test_plain_keywords_match_as_the_pattern_would() -> None:
    import re

    for letter in "abcdefghijklmnopqrstuvwxyz":
        pattern = re.compile(letter, re.IGNORECASE)
        for character in map(chr, range(0x11000)):
            assert (letter in _folded(character)) == bool(pattern.search(character)) or character == "İ", character
        assert letter != "i" or letter in _folded("İ")


def test_a_lone_surrogate_is_detected_as_the_published_code_does() -> None:
    judge = REFERENCE.checks["language:response_language"]
    assert judge("X'S.\x1d\ud800I ", ENGLISH, language="so")


def test_fixed_answers_are_the_languages() -> None:
    judge = REFERENCE.checks["detectable_format:constrained_response"]
    assert judge("Vastaukseni on kyllä.", FINNISH)
    assert not judge("My answer is yes.", FINNISH)
    assert judge("My answer is yes.", ENGLISH)


@pytest.mark.parametrize("package", ["regex", "punkt"])
def test_a_missing_engine_is_named_with_the_line_that_installs_it(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines.regex_module.cache_clear()
    engines.punkt_english.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(MissingEngine, match=r'pip install "ifeval-fi\[reference\]"'):
        REFERENCE.prepare()
    engines.regex_module.cache_clear()
    engines.punkt_english.cache_clear()


def test_neither_nltk_nor_lm_eval_is_imported() -> None:
    code = (
        "import sys; from ifeval_fi.rules.reference import REFERENCE; REFERENCE.prepare();"
        "print([name for name in ('nltk', 'lm_eval', 'langdetect', 'punkt') if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
