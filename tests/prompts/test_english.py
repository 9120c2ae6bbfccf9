"""The English set is Google's to the letter, pairs with the others, and knows which languages an answer may be in."""

from __future__ import annotations

import pytest
from paths import DATA, SHARED

from ifeval_fi import load_prompts, score

SOURCE = SHARED / "ifeval_en" / "prompts.jsonl"


@pytest.mark.skipif(not SOURCE.exists(), reason="needs the English prompts in ../shared")
def test_every_byte_is_the_sources() -> None:
    assert (DATA / "en" / "prompts.jsonl").read_bytes() == SOURCE.read_bytes()


def test_510_pair_with_finnish_and_541_are_there() -> None:
    english = load_prompts("en")
    assert [prompt.key for prompt in english] == [prompt.key for prompt in load_prompts("fi")]
    assert len(load_prompts("en", all_languages=True)) == 541
    assert (english.name, english.language, english.source) == ("en-1.0", "en", "en")


@pytest.mark.parametrize(
    ("source", "key", "accepted", "refused"),
    [
        ("en", 1000, "en", "fi"),
        ("fi", 1000, "fi", "en"),
        ("en", 1137, "fr", "en"),
        ("en", 2534, "de", "fr"),
        ("fi", 1675, "fi", "en"),
        ("fi", 2417, "en", "fi"),
    ],
)
def test_a_prompt_that_asks_for_another_language_accepts_it(source: str, key: int, accepted: str, refused: str) -> None:
    (prompt,) = load_prompts(source).select(keys=[key])
    assert prompt.accepts(accepted)
    assert not prompt.accepts(refused)


def test_a_response_language_instruction_says_its_language() -> None:
    prompts = load_prompts("en", all_languages=True)
    asking = [p for p in prompts if any(each.id == "language:response_language" for each in p.instructions)]
    assert len(asking) == 31
    assert all(not prompt.accepts("en") for prompt in asking)


def test_a_german_answer_that_was_asked_for_counts_as_in_language() -> None:
    prompts = load_prompts("fi").select(keys=[1675])
    answer = "An diesem Tag ist das Wetter wirklich sehr schön und die Sonne scheint."
    assert score(prompts, {1675: answer})["response_language_rate"] == 1.0
