"""Rows that no model made: what doing nothing, repeating the prompt, and one text for all score."""

from __future__ import annotations

from collections.abc import Callable

from ifeval_fi.languages import get_language
from ifeval_fi.leaderboard.verify import Keep, Verification
from ifeval_fi.prompts import Prompt, PromptSet
from ifeval_fi.scoring import score
from ifeval_fi.scoring.responses import Response

_SENTENCES = 4

BASELINES: dict[str, Callable[[Prompt], str]] = {
    "empty": lambda _: "",
    "echo": lambda prompt: prompt.text,
    "constant": lambda prompt: " ".join(get_language(prompt.language).filler[:_SENTENCES]),
}


def baselines(prompts: PromptSet, folder: str, keep: Keep | None = None) -> list[Verification]:
    """Every baseline, scored as entries are; their places are in the folder."""
    found = []
    for name, answer in BASELINES.items():
        responses = [Response(prompt.key, answer(prompt), prompt_sha256=prompt.sha256) for prompt in prompts]
        scores = score(prompts, responses, langdetect=False)
        followed = [sum(each.strict) for each in scores.verdicts]
        each = Verification(f"{folder}/{name}", summary=scores.summary, followed=followed)
        if keep:
            keep(each, prompts, scores, responses)
        found.append(each)
    return found
