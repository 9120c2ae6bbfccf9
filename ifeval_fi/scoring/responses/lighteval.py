"""lighteval's details, a parquet file with a row a prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ifeval_fi.errors import PromptError, ResponseError
from ifeval_fi.prompts import FIELDS, is_key, parse_prompt
from ifeval_fi.scoring.responses.response import Response
from ifeval_fi.scoring.responses.tables import table_cells
from ifeval_fi.text import collapse

_COLUMNS = ("doc", "model_response")


def is_details(columns: Sequence[str]) -> bool:
    """Whether the columns are those of `lighteval … --save-details`."""
    return set(_COLUMNS) <= set(columns)


def details_responses(path: str, table: Any) -> Iterator[tuple[str, Response]]:
    """Every answer with its place; what lighteval has taken out of it as thinking is judged by this package's rule."""
    for where, row in table_cells(path, table, _COLUMNS):
        for response in row_responses(row["doc"], row["model_response"], where):
            yield where, response


def row_responses(doc: Any, model_response: Any, where: str) -> Iterator[Response]:
    """The answers to one prompt, one a sample; known by the key that our tasks give, else by the prompt's text."""
    if not isinstance(doc, dict) or not isinstance(model_response, dict):
        raise ResponseError(f"{where}: has no doc and model_response as lighteval's details have them")
    texts, asked = model_response.get("text"), doc.get("query")
    thoughts = model_response.get("reasonings") or []
    if not isinstance(texts, list) or not texts:
        raise ResponseError(f"{where}: model_response.text must be a list of texts, not {texts!r:.60}")
    if not isinstance(asked, str):
        raise ResponseError(f"{where}: doc.query must be a text, not {asked!r:.60}")
    specific: Any = doc.get("specific") if isinstance(doc.get("specific"), dict) else {}
    key = specific.get("key")
    known = is_key(key)
    for sample, text in enumerate(texts):
        if not isinstance(text, (str, type(None))):
            raise ResponseError(f"{where}: model_response.text must be a list of texts, not {texts!r:.60}")
        thought = thoughts[sample] if sample < len(thoughts) else None
        yield Response(
            key if known else collapse(asked),
            text or "",
            sample,
            prompt_sha256=_version(specific, asked) if known else None,
            reasoning=thought if isinstance(thought, str) and thought else None,
            prompt=None if known else asked,
        )


def _version(specific: Mapping[str, Any], asked: str) -> str | None:
    """The hash of the prompt as it was asked, where the row has its instructions."""
    row = {"prompt": asked, **specific}
    try:
        return parse_prompt({name: row.get(name) for name in FIELDS}, str(specific.get("language"))).sha256
    except PromptError:
        return None
