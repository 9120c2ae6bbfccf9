"""Answers that follow instructions and answer nothing are told; answers are not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from paths import DATA, ROOT

from ifeval_fi import load_prompts
from ifeval_fi.prompts import Prompt, parse_prompt
from ifeval_fi.scoring.hollow import why_hollow
from ifeval_fi.scoring.responses import load_responses

ASKED = "Kirjoita lyhyt essee kaupunkien puistoista ja niiden merkityksestä ihmisille, käytä sanoja puisto ja kaupunki."
KEYWORDS = ("keywords:existence", {"keywords": ["puisto", "kaupunki"]})
FREQUENT = ("keywords:frequency", {"keyword": "puisto", "frequency": 9, "relation": "at least"})
COMMAS = ("punctuation:no_comma", {})
ESSAY = (
    "Puistot antavat kaupungin asukkaille tilaa hengittää. Lapset leikkivät nurmikolla ja vanhukset istuvat penkeillä. "
    "Moni käy puistossa kävelyllä aamuisin ennen töitä, sillä vihreys rauhoittaa mieltä paremmin kuin kahvi."
)


def asking(*instructions: tuple[str, dict[str, Any]], text: str = ASKED) -> Prompt:
    ids, kwargs = zip(*instructions, strict=True)
    row = {"key": 1, "prompt": text, "instruction_id_list": list(ids), "kwargs": list(kwargs)}
    return parse_prompt(row, "fi")


@pytest.mark.parametrize(
    ("text", "instruction", "reason"),
    [
        ("puisto kaupunki", KEYWORDS, "nothing"),
        ("Puisto, kaupunki. Puistot, kaupungit! Puistossa, kaupungissa, puistoja, kaupunkeja.", KEYWORDS, "nothing"),
        ("puisto ja kaupunki, puisto ja kaupunki, puiston ja kaupungin, puisto on kaupunki", KEYWORDS, "list"),
        ("puisto " * 30, FREQUENT, "nothing"),
        ("Vihreä " * 40, COMMAS, "same words"),
        ("Puisto on vihreä. " * 30, COMMAS, "same words"),
        ((ESSAY + "\n\n") * 6, COMMAS, "said again"),
        (ASKED, COMMAS, "said again"),
        (f"Hyvä kysymys. {ASKED} {ASKED}", COMMAS, "said again"),
        ("", COMMAS, "nothing"),
        ("***", ("detectable_format:number_highlighted_sections", {"num_highlights": 1}), "nothing"),
        ("* \n* \n* ", ("detectable_format:number_bullet_lists", {"num_bullets": 3}), "nothing"),
        ("<<Puistot>>", ("detectable_format:title", {}), "nothing"),
        ("[nimi] [osoite] [päivä]", ("detectable_content:number_placeholders", {"num_placeholders": 3}), "nothing"),
        ("{}", ("detectable_format:json_format", {}), "nothing"),
        ('{"": ""}', ("detectable_format:json_format", {}), "nothing"),
        ('""', ("startend:quotation", {}), "nothing"),
        ("Osa 1\nOsa 2", ("detectable_format:multiple_sections", {"section_spliter": "Osa", "num_sections": 2}), "not"),
        ("P.S.", ("detectable_content:postscript", {"postscript_marker": "P.S."}), "nothing"),
        ("jjjjjjjjjjjjjjjjjjjj", ("keywords:letter_frequency",
                                  {"letter": "j", "let_frequency": 9, "let_relation": "at least"}), "nothing"),
        ("Onko muuta kysyttävää?", ("startend:end_checker", {"end_phrase": "Onko muuta kysyttävää?"}), "nothing"),
        (ASKED, ("combination:repeat_prompt", {"prompt_to_repeat": ASKED}), "nothing"),
    ],
)  # fmt: skip
def test_cheats_are_told(text: str, instruction: tuple[str, dict[str, Any]], reason: str) -> None:
    prompt = asking(instruction)
    assert reason in (why_hollow(text, prompt.instructions, prompt.text) or "")


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        (ESSAY, KEYWORDS),
        (ESSAY, COMMAS),
        ("HELSINKI", ("change_case:english_capital", {})),
        ("42", COMMAS),
        ("Vastaukseni on kyllä.", ("detectable_format:constrained_response", {})),
        ('["omena", "päärynä"]', ("detectable_format:json_format", {})),
        (f"{ASKED}\n\n{ESSAY}", ("combination:repeat_prompt", {"prompt_to_repeat": ASKED})),
        ("Mieleen tulevat puistotie, puistotäti, puistopenkki, puistokäytävä, puistojuhla, puistoviini.", KEYWORDS),
        ("公園は町の人々にとって大切な場所です。", COMMAS),
    ],
)
def test_answers_pass(text: str, instruction: tuple[str, dict[str, Any]]) -> None:
    prompt = asking(instruction)
    assert why_hollow(text, prompt.instructions, prompt.text) is None


def test_of_long_answers_as_models_write_them_none_is_told() -> None:
    prompts = {prompt.text: prompt for prompt in load_prompts("fi", all_languages=True)}
    any_prompt = next(iter(prompts.values()))
    for line in (ROOT / "bench" / "long_answers.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        prompt = prompts.get(row.get("prompt", ""), any_prompt)
        assert why_hollow(row["response"], prompt.instructions, prompt.text) is None


@pytest.mark.parametrize(("language", "most"), [("fi", 0.01), ("en", 0.01), ("sv", 0.01), ("et", 0.03), ("nb", 0.01)])
def test_of_sample_answers_few_are_told(language: str, most: float) -> None:
    """Those few are padded with the same sentences until they are long enough."""
    prompts = {prompt.key: prompt for prompt in load_prompts(language)}
    found = [
        why_hollow(each.text, prompts[each.key].instructions, prompts[each.key].text)
        for each in load_responses(DATA / language / "samples.jsonl").responses
        if each.key in prompts
    ]
    assert sum(each is not None for each in found) <= most * len(found)
