"""Verdicts as other frameworks keep them: the prompt's row beside each answer, and its outcomes by metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ifeval_fi.integrations import METRICS
from ifeval_fi.jsonl import Row
from ifeval_fi.prompts import FIELDS, Key, Prompt, parse_prompt
from ifeval_fi.scoring import RATES, PromptVerdicts
from ifeval_fi.scoring.stats import clustered_rate

Outcomes = Mapping[str, Sequence[bool]]


def about(prompt: Prompt) -> Row:
    """All that a verdict depends on but the prompt's text, for a framework that keeps the text by itself."""
    row = {name: value for name, value in prompt.row.items() if name != "prompt"}
    return row | {"language": prompt.language, "answer_languages": list(prompt.answer_languages)}


def prompt_of(kept: Mapping[str, Any], text: str) -> Prompt:
    """The prompt that `about` was made of."""
    row = {name: kept[name] for name in FIELDS if name != "prompt"} | {"prompt": text}
    return parse_prompt(row, kept["language"], {kept["key"]: kept["answer_languages"]})


def outcomes_of(found: PromptVerdicts) -> dict[str, list[bool]]:
    """What an answer adds to each metric: one verdict, or one an instruction."""
    return {name: [followed for _, followed in RATES[name]([found])] for name in METRICS}


def rates_of(answers: Iterable[tuple[Key, Outcomes]]) -> dict[str, float]:
    """The rates of `ifeval-fi score` with their standard errors, clustered by prompt; several answers are pooled."""
    them = list(answers)
    values: dict[str, float] = {}
    for name in METRICS:
        if found := clustered_rate((key, followed) for key, outcomes in them for followed in outcomes[name]):
            values[name] = found.value
            if found.stderr is not None:
                values[f"{name}_stderr"] = found.stderr
    return values
