"""EuroEval's model outputs, one JSON object with an entry a prompt, which `euroeval --debug` leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ifeval_fi.errors import PromptError, ResponseError
from ifeval_fi.jsonl import Row, loads
from ifeval_fi.prompts import FIELDS, parse_prompt
from ifeval_fi.scoring.responses.response import Response

FIGURES = (
    "EuroEval's file of figures holds no answers; score the NAME-model-outputs.json that `euroeval --debug` writes "
    "of this package's data sets"
)


def is_figures(row: Mapping[str, Any]) -> bool:
    """Whether a row is one of EuroEval's results, in the shared schema or in its older own."""
    return "key" not in row and ("evaluation_results" in row or {"dataset", "results", "model"} <= row.keys())


def is_outputs(value: Any) -> bool:
    """Whether a JSON value is EuroEval's cache of a model's outputs."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(entry, dict) and "sequence" in entry for entry in value.values())
    )


def output_responses(path: str, outputs: Row) -> Iterator[tuple[str, Response]]:
    """The answers with their places, known by the prompt's row that our data sets give as their target text."""
    for name, entry in outputs.items():
        where = f"{path}, {name:.40}"
        try:
            asked = loads(entry["target_text"])
            prompt = parse_prompt({field: asked[field] for field in FIELDS}, asked["language"])
        except (KeyError, TypeError, ValueError, PromptError):
            raise ResponseError(
                f"{where}: its target_text is no row of this package's data sets, so that its prompt is not known"
            ) from None
        text = entry["sequence"]
        if not isinstance(text, str):
            raise ResponseError(f"{where}, key {prompt.key}: sequence must be a text, not {text!r:.60}")
        yield where, Response(prompt.key, text, prompt_sha256=prompt.sha256)
