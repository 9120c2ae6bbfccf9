"""The Swedish prompt set: nothing to find, and a sample answer a row."""

from __future__ import annotations

import json

from paths import DATA

from ifeval_fi.curation.proof import check_prompts
from ifeval_fi.prompts import load_prompts


def test_nothing_is_found() -> None:
    assert check_prompts("sv") == (510, [])


def test_keys_and_instructions_are_the_finnish_ones() -> None:
    swedish, finnish = load_prompts("sv"), load_prompts("fi")
    assert [(row.key, [each.id for each in row.instructions]) for row in swedish] == [
        (row.key, [each.id for each in row.instructions]) for row in finnish
    ]


def test_every_prompt_has_a_sample() -> None:
    lines = (DATA / "sv" / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["key"] for line in lines] == [row.key for row in load_prompts("sv")]
