"""Every bundled row can be satisfied, and every instruction can be the only one that is broken."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from paths import DATA

from ifeval_fi.curation.proof import check_prompts, known_faults
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import Instruction, Prompt, load_prompts
from ifeval_fi.rules import careful_checks, get_rules
from ifeval_fi.scoring import judge_response
from ifeval_fi.scoring.responses import Response

SETS = ("en", "fi")
NATIVE = {name for name in careful_checks() if name.startswith("fi:")}
# Ids that no row of the set uses; their checks have cases of their own.
UNUSED = {"fi": {"language:response_language"} | NATIVE, "en": NATIVE}
# Sentences that are added to an answer, and what takes the place of the fixed answer.
ADDED = {
    "fi": ("Tämä on vielä yksi lisätty virke.", "astaukseni on", "astaus on"),
    "en": ("This is one more sentence.", "y answer is", "y reply is"),
}


@cache
def prompts(code: str) -> dict[int | str, Prompt]:
    return {prompt.key: prompt for prompt in load_prompts(code, all_languages=True)}


@cache
def samples(code: str) -> dict[int | str, str]:
    rows = map(json.loads, (DATA / code / "samples.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["key"]: row["response"] for row in rows}


def strict(prompt: Prompt, text: str) -> tuple[bool, ...]:
    language = get_language(prompt.language)
    return judge_response(prompt, Response(prompt.key, text), get_rules(language.own_rules, language), language).strict


@pytest.mark.parametrize("code", SETS)
def test_every_prompt_that_can_be_followed_has_a_sample(code: str) -> None:
    contradictions = {fault.key for fault in known_faults(code) if fault.kind == "contradiction"}
    assert list(samples(code)) == [key for key in prompts(code) if key not in contradictions]


def test_the_english_set_has_its_sources_faults_only() -> None:
    assert check_prompts("en") == (541, [])
    assert {fault.key for fault in known_faults("en") if fault.kind == "contradiction"} == {3653} | {
        *(1627, 3718, 3369, 3371, 374),
    }


@pytest.mark.parametrize(("code", "key"), [(code, key) for code in SETS for key in samples(code)])
def test_sample_follows_every_instruction(code: str, key: int) -> None:
    prompt = prompts(code)[key]
    failed = [
        instruction.id
        for instruction, followed in zip(prompt.instructions, strict(prompt, samples(code)[key]), strict=True)
        if not followed
    ]
    assert not failed


def broken(prompt: Prompt, instruction: Instruction, sample: str) -> Iterator[str]:
    """The sample, changed in ways that are meant to break this instruction."""
    kind, kwargs = instruction.id.partition(":")[2], instruction.kwargs
    sentence, answer, other_answer = ADDED[prompt.language]
    lines = sample.split("\n")
    for word in (*kwargs.get("keywords", ()), *filter(None, [kwargs.get("keyword")])):
        hits = get_language(prompt.language).occurrences(sample, word)
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
        "constrained_response": (answer, other_answer),
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
    yield from (sentence, "Fünf Freunde gehen heute in die schöne Stadt.")
    yield from (sample.lower(), sample.upper(), sample.replace(" ", ", ", 1), f"{sample}\nThe end of it, my friend.")
    yield from (sample[:1].upper() + sample[1:], sample[:1].lower() + sample[1:], sample.swapcase())


@cache
def only_failures(code: str) -> dict[str, set[int | str]]:
    """For each instruction id, the prompts with an answer that fails only this instruction."""
    found: dict[str, set[int | str]] = defaultdict(set)
    for key, sample in samples(code).items():
        prompt = prompts(code)[key]
        for index, instruction in enumerate(prompt.instructions):
            if len(found[instruction.id]) >= 6:
                continue
            expected = tuple(place != index for place in range(len(prompt.instructions)))
            if any(strict(prompt, text) == expected for text in broken(prompt, instruction, sample)):
                found[instruction.id].add(key)
    return found


@pytest.mark.parametrize(
    ("code", "instruction_id"), [(code, each) for code in SETS for each in sorted(set(careful_checks()) - UNUSED[code])]
)
def test_instruction_fails_alone_in_three_answers(code: str, instruction_id: str) -> None:
    assert len(only_failures(code)[instruction_id]) >= 3
