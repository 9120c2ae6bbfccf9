"""One answer to one prompt, and what of it is judged: `judged` takes the thinking out, here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ifeval_fi.prompts import Key
from ifeval_fi.scoring.endings import Cause, Ending, empty_cause
from ifeval_fi.scoring.thinking import split_thinking
from ifeval_fi.text import is_blank

Outcome = Literal["answered", "truncated", "failed"]

OUTCOMES: Mapping[Ending, Outcome] = {
    "whole": "answered",
    "unknown": "answered",
    "cut": "truncated",
    "none": "failed",
}


@dataclass(frozen=True, slots=True)
class Response:
    """One answer to one prompt; `text` is empty when the request failed, which is no answer at all.

    `reasoning` is what the server reported as thinking beside the text; `with_thinking` the text as it was, where
    the thinking has been taken out already; `empty` why there is no text, where that is known.
    `filter` is lm-eval's name for what made the text out of the model's answer. `prompt` is the prompt's text where
    the row names no key, as in the published code's own files; `by_key` finds the key. It also finds the one that is
    meant where `key_as_text`, in files that know no whole numbers: "12" is 12.
    """

    key: Key
    text: str
    sample: int = 0
    outcome: Outcome = "answered"
    prompt_sha256: str | None = None
    reasoning: str | None = None
    with_thinking: str | None = None
    finish_reason: str | None = None
    empty: Cause | None = None
    filter: str | None = None
    prompt: str | None = None
    key_as_text: bool = False


def judged(response: Response, *, keep_thinking: bool = False) -> Response:
    """The response as it is judged: without leading thinking, cut off when the thinking has no end, `empty` by cause.

    `with_thinking` then holds the text as it was. With `keep_thinking` that is judged.
    """
    if response.outcome == "failed":
        return response
    found = response
    if response.with_thinking is None:
        split = split_thinking(response.text, response.reasoning)
        if split.answer != response.text:
            outcome: Outcome = "truncated" if split.unclosed else response.outcome
            found = replace(
                response,
                text=split.answer,
                outcome=outcome,
                reasoning=split.thinking,
                with_thinking=response.text,
            )
    if keep_thinking and found.with_thinking is not None:
        found = replace(found, text=found.with_thinking, outcome=response.outcome)
    return replace(found, empty=_cause(found) if is_blank(found.text) else None)


def _cause(response: Response) -> Cause:
    thought = bool(response.reasoning or response.with_thinking)
    cause = response.empty or empty_cause(response.finish_reason, thought=thought)
    return "cut_off" if cause == "no_text" and response.outcome == "truncated" else cause
