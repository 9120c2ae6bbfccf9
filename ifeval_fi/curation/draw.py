"""A private twin of a prompt set: its templates' slots filled anew by a seed, each row proven by its sample answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ifeval_fi.curation.dice import number_of
from ifeval_fi.errors import PromptError
from ifeval_fi.jsonl import Row, read_rows
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import Prompt, bundled_folder, language_of, parse_prompt
from ifeval_fi.rules import get_rules
from ifeval_fi.scoring import judge_response
from ifeval_fi.scoring.responses import Response

COPIES = 5
"""Rows drawn from each template."""
_ATTEMPTS = 200
# "{n}", "{word[case]}"
_ONE_SLOT = re.compile(r"\{(\w+)(?:\[(\w+)\])?\}")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A prompt and an answer that follows all of its instructions."""

    prompt: Prompt
    sample: str


def draw(source: str, seed: int) -> list[Drawn]:
    """The rows that this seed draws from the templates of a bundled set; the same for the same seed everywhere.

    PromptError when the set has no templates, or when a template gives a row that its own sample answer fails.
    """
    folder = bundled_folder(source)
    templates = folder / "templates.jsonl" if folder is not None else None
    if folder is None or templates is None or not templates.is_file():
        raise PromptError(f"{source}: has no templates to draw from; fi-native has")
    language = language_of(folder.name)
    return [drawn for _, template in read_rows(templates, PromptError) for drawn in _rows(template, seed, language)]


def _rows(template: Row, seed: int, language: str) -> Iterator[Drawn]:
    """So many different rows of one template."""
    seen: set[str] = set()
    for attempt in range(_ATTEMPTS):
        chosen = {
            name: options[number_of(f"{seed}/{template['key']}/{attempt}/{name}") % len(options)]
            for name, options in template["slots"].items()
        }
        row = _fill({name: template[name] for name in ("prompt", "instruction_id_list", "kwargs")}, chosen)
        if row["prompt"] in seen:
            continue
        seen.add(row["prompt"])
        prompt = parse_prompt({"key": f"{template['key']}-{len(seen)}", **row}, language)
        yield _proven(prompt, template["sample"].format_map(chosen))
        if len(seen) == COPIES:
            return
    raise PromptError(f"template {template['key']}: its slots give fewer than {COPIES} different prompts; add options")


def _fill(value: Any, chosen: Mapping[str, Any]) -> Any:
    """The value with its slots filled; a string that is one slot takes the slot's type, a number for instance."""
    if isinstance(value, list):
        return [_fill(item, chosen) for item in value]
    if isinstance(value, dict):
        return {name: _fill(item, chosen) for name, item in value.items()}
    if not isinstance(value, str):
        return value
    if alone := _ONE_SLOT.fullmatch(value):
        slot = chosen[alone[1]]
        return slot[alone[2]] if alone[2] else slot
    return value.format_map(chosen)


def _proven(prompt: Prompt, sample: str) -> Drawn:
    language = get_language(prompt.language)
    verdicts = judge_response(prompt, Response(prompt.key, sample), get_rules(language.own_rules, language), language)
    for instruction, followed, found in zip(prompt.instructions, verdicts.strict, verdicts.found, strict=True):
        if not followed:
            raise PromptError(f"{prompt.key}: the sample answer fails {instruction.id} ({found}); mend the template")
    return Drawn(prompt, sample)
