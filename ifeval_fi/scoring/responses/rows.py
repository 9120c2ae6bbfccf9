"""Rows with `key` (or `prompt`) and `response`, and the header of a run's journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ifeval_fi.errors import ResponseError
from ifeval_fi.jsonl import Row
from ifeval_fi.prompts import Key, is_key
from ifeval_fi.scoring.endings import CAUSES, Cause, ending_of
from ifeval_fi.scoring.responses.response import OUTCOMES, Response
from ifeval_fi.text import collapse

_HEADER: Mapping[str, tuple[type, ...]] = {
    "model": (str,),
    "name": (str,),
    "prompts": (dict,),
    "samples": (int,),
    "decoding": (dict,),
    "system_prompt": (str, type(None)),
    "extra_body": (dict,),
    "engine": (dict, type(None)),
    "package": (str,),
}
_ASKED: Mapping[str, tuple[type, ...]] = {
    "name": (str,),
    "source": (str,),
    "language": (str,),
    "digest": (str,),
    "count": (int,),
}
_TYPES = {str: "a text", dict: "an object", int: "a whole number", type(None): "null"}


def header_of(run: Any, where: str) -> Row:
    """The identity of a run; ResponseError when what is used of it has another type."""
    asked = run.get("prompts", {}) if isinstance(run, dict) else None
    for names, value, place in ((_HEADER, run, "run"), (_ASKED, asked, "run.prompts")):
        if not isinstance(value, dict):
            raise ResponseError(f"{where}: {place} must be an object, not {value!r:.60}")
        for name, types in names.items():
            if name in value and (not isinstance(value[name], types) or isinstance(value[name], bool)):
                wanted = " or ".join(_TYPES[each] for each in types)
                raise ResponseError(f"{where}: {place}.{name} must be {wanted}, not {value[name]!r:.60}")
    if asked and not {"digest", "count"} <= asked.keys():
        raise ResponseError(f"{where}: run.prompts lacks digest or count")
    found: Row = run
    return found


def key_of(key: Any, where: str) -> Key:
    if not is_key(key):
        raise ResponseError(f"{where}: key must be a whole number or a string, not {key!r:.60}")
    return key


def response_of(row: Mapping[str, Any], where: str) -> Response:
    """The answer in a row with key, or prompt, and response; ResponseError names the place and what is wrong."""
    asked = row.get("prompt") if "key" not in row and "response" in row else None
    if asked is None and "key" not in row:
        raise ResponseError(f"{where}: lacks 'key', or 'prompt' with the prompt's text")
    if not isinstance(asked, (str, type(None))):
        raise ResponseError(f"{where}: prompt must be a text, not {asked!r:.60}")
    # Until the prompts are at hand, the text is the key.
    key = key_of(row["key"], where) if asked is None else collapse(asked)
    where += f", key {key}" if asked is None else ""
    finish_reason = _optional_text(row, ("finish_reason",))
    outcome: Any = row.get("outcome") or OUTCOMES[ending_of(finish_reason)]
    if outcome not in ("answered", "truncated", "failed"):
        raise ResponseError(f"{where}: outcome must be answered, truncated or failed, not {outcome!r:.60}")
    sample = row.get("sample", 0)
    if not isinstance(sample, int) or isinstance(sample, bool) or sample < 0:
        raise ResponseError(f"{where}: sample must be a whole number of 0 or more, not {sample!r:.60}")
    text = "" if outcome == "failed" else row.get("response")
    if not isinstance(text, str):
        problem = "lacks 'response'" if "response" not in row else f"response must be a string, not {text!r:.60}"
        raise ResponseError(f"{where}: {problem}")
    sha256 = row.get("prompt_sha256")
    if not isinstance(sha256, (str, type(None))):
        raise ResponseError(f"{where}: prompt_sha256 must be a string, not {sha256!r:.60}")
    return Response(
        key,
        text,
        sample,
        outcome,
        sha256,
        reasoning=_optional_text(row, ("reasoning", "reasoning_content")),
        with_thinking=_optional_text(row, ("response_with_thinking",)),
        finish_reason=finish_reason,
        empty=_known_cause(row),
        prompt=asked,
    )


def _known_cause(row: Mapping[str, Any]) -> Cause | None:
    said = _optional_text(row, ("empty",))
    return next((cause for cause in CAUSES if cause == said), None)


def _optional_text(row: Mapping[str, Any], names: Sequence[str]) -> str | None:
    return next((value for name in names if isinstance(value := row.get(name), str) and value), None)
