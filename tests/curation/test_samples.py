"""Every bundled row can be satisfied, and every instruction can be the only one that is broken."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from paths import DATA

from ifeval_fi.languages import get_language
from ifeval_fi.prompts import Instruction, Prompt, load_prompts
from ifeval_fi.rules import careful_checks, get_rules
from ifeval_fi.scoring import judge_response
from ifeval_fi.scoring.responses import Response

FINNISH = get_language("fi")
RULES = get_rules("finnish", FINNISH)
SAMPLES = DATA / "fi" / "samples.jsonl"
# Ids that no row of the set uses; their checks have cases of their own.
UNUSED = {"language:response_language", *(name for name in careful_checks() if name.startswith("fi:"))}


@cache
def prompts() -> dict[int | str, Prompt]:
    return {prompt.key: prompt for prompt in load_prompts("fi")}


@cache
def samples() -> dict[int | str, str]:
    rows = map(json.loads, SAMPLES.read_text(encoding="utf-8").splitlines())
    return {row["key"]: row["response"] for row in rows}


def strict(prompt: Prompt, text: str) -> tuple[bool, ...]:
    return judge_response(prompt, Response(prompt.key, text), RULES, FINNISH).strict


def test_every_prompt_has_a_sample() -> None:
    assert list(samples()) == list(prompts())


@pytest.mark.parametrize("key", list(prompts()))
def test_sample_follows_every_instruction(key: int) -> None:
    prompt = prompts()[key]
    failed = [
        instruction.id
        for instruction, followed in zip(prompt.instructions, strict(prompt, samples()[key]), strict=True)
        if not followed
    ]
    assert not failed


def broken(prompt: Prompt, instruction: Instruction, sample: str) -> Iterator[str]:
    """The sample, changed in ways that are meant to break this instruction."""
    kind, kwargs = instruction.id.partition(":")[2], instruction.kwargs
    sentence = "Tämä on vielä yksi lisätty virke."
    lines = sample.split("\n")
    for word in (*kwargs.get("keywords", ()), *filter(None, [kwargs.get("keyword")])):
        hits = FINNISH.occurrences(sample, word)
        text = sample
        for hit in hits:
            text = text.replace(hit, "seikka")
        yield text
        yield sample.replace(hits[0], "seikka") if hits else sample
        yield f"{sample} {' '.join([word] * kwargs.get('frequency', 1))}"
    for word in kwargs.get("forbidden_words", ()):
        yield from (f"{sample} {word}", f"{sample}\n{word}", sample.replace(" ", f" {word} ", 1))
    if letter := kwargs.get("letter"):
        letters = letter * kwargs["let_frequency"]
        yield from (
            sample.replace(letter, "").replace(letter.upper(), ""),
            f"{sample} {letters}",
            f"{letters} {sample}",
        )
    if kind == "capital_word_frequency":
        capitals = " ".join(["SANA"] * kwargs["capital_frequency"])
        yield from (sample.lower(), f"{sample} {capitals}", f"{capitals} {sample}")
    if kind in ("number_words", "number_sentences"):
        filler = f" {sentence}" * kwargs.get("num_words", kwargs.get("num_sentences", 1))
        half = sample[: len(sample) // 2]
        yield from (half, sample + filler, f"{sample[:-1]}{filler}{sample[-1]}", " ".join(sample.split()[:4]))
        yield from (
            " ".join(sample.split()[:-1]),
            "\n".join(lines[: len(lines) // 2]),
            "\n".join(lines[:1]),
            sample.replace(".", ""),
        )
    if kind in ("number_paragraphs", "two_responses", "nth_paragraph_first_word"):
        mark = {"number_paragraphs": "***", "two_responses": "******"}.get(kind, "\n\n")
        yield from (
            sample.replace(mark, " "),
            f"{sample}\n\n{mark}\n\nLoppu.",
            f"Alku.\n{mark}\n{sample}",
            f"Alku {sample}",
        )
    replacements = {
        "number_placeholders": ("[", "("),
        "postscript": ("P.", "Q."),
        "number_bullet_lists": ("* ", "1. "),
        "number_highlighted_sections": ("*", ""),
        "multiple_sections": (kwargs.get("section_spliter", "§"), "Kohta"),
        "title": ("<<", "<"),
        "constrained_response": ("astaukseni on", "astaus on"),
        "json_format": ("{", "{{"),
    }
    if kind in replacements:
        old, new = replacements[kind]
        yield from (sample.replace(old, new), sample.replace(old, new, 1), sample.replace(old.lower(), new.lower()))
        yield from (sample.replace("\n- ", "\n"), sample.removeprefix("- "), f"{sample}\nLisäys.", f"* kohta\n{sample}")
    if kind in ("end_checker", "quotation", "repeat_prompt"):
        yield from (
            f"{sample} Loppu.",
            f"{sample}\nLoppu.",
            f"Alku. {sample}",
            f"alku. {sample}",
            f"ALKU. {sample}",
            sample[1:-1],
        )
    yield from (sample.lower(), sample.upper(), sample.replace(" ", ", ", 1), f"{sample}\nThe end of it, my friend.")
    yield from (sample[:1].upper() + sample[1:], sample[:1].lower() + sample[1:], sample.swapcase())


@cache
def only_failures() -> dict[str, set[int | str]]:
    """For each instruction id, the prompts with an answer that fails only this instruction."""
    found: dict[str, set[int | str]] = defaultdict(set)
    for key, prompt in prompts().items():
        for index, instruction in enumerate(prompt.instructions):
            if len(found[instruction.id]) >= 6:
                continue
            expected = tuple(place != index for place in range(len(prompt.instructions)))
            if any(strict(prompt, text) == expected for text in broken(prompt, instruction, samples()[key])):
                found[instruction.id].add(key)
    return found


@pytest.mark.parametrize(
    "instruction_id", sorted(name for name in set(careful_checks()) - UNUSED if not name.startswith("fi:"))
)
def test_instruction_fails_alone_in_three_answers(instruction_id: str) -> None:
    assert len(only_failures()[instruction_id]) >= 3
