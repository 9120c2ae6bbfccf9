"""Rows and completions as trainers hand them over: from Arrow, pandas, JSON, as texts or as chat messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ifeval_fi.errors import PromptError
from ifeval_fi.prompts import Prompt, parse_prompt

_NOTHING: Mapping[str, Any] = {}


def training_prompt(instruction_id_list: Any, kwargs: Any, language: str) -> Prompt:
    """The prompt that a training row asks, without its text; PromptError says what no check can take.

    Ids and kwargs may be lists, arrays or JSON; a null stands for no arguments.
    """
    ids = plain(parsed(instruction_id_list))
    names = ids if isinstance(ids, list) else [ids]
    given = plain(parsed(kwargs))
    each = [given] if isinstance(given, Mapping) else [_NOTHING] * len(names) if given is None else given
    if isinstance(each, list):
        each = [_NOTHING if one is None else one for one in map(parsed, each)]
    return parse_prompt({"key": 0, "prompt": "-", "instruction_id_list": names, "kwargs": each}, language)


def said(completion: Any) -> tuple[str, str | None]:
    """What the assistant said last, and its thinking where a message carries it apart; "" for what is no completion."""
    if isinstance(completion, str):
        return completion, None
    message = _last(completion, "assistant")
    thought = message.get("reasoning_content") or message.get("reasoning")
    return _content(message), thought if isinstance(thought, str) else None


def spoken_to(prompt: Any) -> str:
    """What the user said last."""
    return prompt if isinstance(prompt, str) else _content(_last(prompt, "user"))


def _last(messages: Any, role: str) -> Mapping[str, Any]:
    if isinstance(messages, Mapping):
        messages = [messages]
    if not isinstance(messages, (list, tuple)):
        return _NOTHING
    of_role = (each for each in reversed(messages) if isinstance(each, Mapping) and each.get("role", role) == role)
    return next(of_role, _NOTHING)


def _content(message: Mapping[str, Any]) -> str:
    """The text of a message, whose content may come in parts."""
    content = message.get("content")
    if isinstance(content, (list, tuple)):
        parts = (part.get("text") if isinstance(part, Mapping) else part for part in content)
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def parsed(value: Any) -> Any:
    """A value that a data set holds as JSON; a plain id stays as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise PromptError(f"neither an instruction's id nor JSON: {value!r:.60}") from None


def plain(value: Any) -> Any:
    """Lists, objects and numbers of Python for those of NumPy and pandas, where a NaN is a null."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return None if isinstance(value, float) and value != value else value
