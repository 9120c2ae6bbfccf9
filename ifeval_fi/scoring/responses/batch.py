"""Output and error files of OpenAI's batch API and of vLLM's `run-batch`: a line a request, known by its custom_id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ifeval_fi.errors import ResponseError
from ifeval_fi.prompts import Key
from ifeval_fi.scoring.messages import UnknownShape
from ifeval_fi.scoring.responses.chat import message_response
from ifeval_fi.scoring.responses.response import Response

# A sample of a prompt that is answered several times: 1001#3
_SAMPLE = re.compile(r"(?P<key>.+)#(?P<sample>[1-9]\d{0,5})", re.DOTALL)


def custom_id(key: Key, sample: int) -> str:
    """The id of a request: the prompt's key, and from the second sample on its number, e.g. `1001` and `1001#1`."""
    return f"{key}#{sample}" if sample else str(key)


def is_batch_line(row: Mapping[str, Any]) -> bool:
    """Whether a row is a line of a batch's output, or of the requests that were sent."""
    return "custom_id" in row and ("response" in row or "error" in row or "body" in row)


def batch_response(row: Mapping[str, Any], where: str) -> Response:
    """The answer in a line of a batch's output; failed where the request has an error instead of a completion."""
    name = row["custom_id"]
    if not isinstance(name, str) or not name:
        raise ResponseError(f"{where}: custom_id must be a text, not {name!r:.60}")
    if "response" not in row and "error" not in row:
        raise ResponseError(f"{where}: is a request and no answer; name the batch's output file")
    several = _SAMPLE.fullmatch(name)
    key, sample = (several["key"], int(several["sample"])) if several else (name, 0)
    failed = Response(key, "", sample, "failed", key_as_text=True)
    response = row.get("response")
    if row.get("error") or response is None:
        return failed
    if not isinstance(response, dict):
        raise ResponseError(f"{where}, key {key}: response must be an object, not {response!r:.60}")
    status: Any = response.get("status_code", 200)
    body: Any = response.get("body")
    if status != 200:
        return failed
    try:
        choice = body["choices"][0]
        reason = choice.get("finish_reason")
        found = message_response(key, choice["message"], reason if isinstance(reason, str) else None, sample=sample)
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ResponseError(f"{where}, key {key}: its body has no choices[0].message of a chat completion") from None
    except (UnknownShape, RecursionError) as problem:
        raise ResponseError(f"{where}, key {key}: the content has an unknown shape ({problem!s:.60})") from None
    return replace(found, key_as_text=True)
