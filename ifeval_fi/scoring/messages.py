"""What a chat message says: its text, its thinking, and whether it calls a tool, in whatever shape it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_THINKING = frozenset(
    {"thinking", "reasoning", "reasoning_content", "reasoning_text", "reasoning.text", "reasoning.summary", "thought"}
    | {"redacted_thinking", "reasoning.encrypted", "summary_text"}
)
_CALLS = frozenset({"tool_use", "tool_call", "tool_calls", "function_call", "function", "server_tool_use"})
# Where a part has its text: {"type": "output_text", "text": …}, {"text": {"value": …}}, {"type": "refusal", …}
_TEXT_FIELDS = ("text", "content", "output_text", "value", "refusal", "parts")
_THOUGHT_FIELDS = ("thinking", "reasoning", "reasoning_content", "summary", *_TEXT_FIELDS)


class UnknownShape(Exception):
    """A content of a shape that nobody has described; the text names it."""


@dataclass(slots=True)
class Content:
    """The texts and thoughts of a message, in its order; `called` when it calls a tool."""

    texts: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    called: bool = False


def content_of(message: Mapping[str, Any]) -> Content:
    """Text and reasoning of a message, whose content is text, null, a part, or a list of parts.

    UnknownShape for what is neither text, thinking nor a call; RecursionError for what nests without end.
    """
    found = Content()
    _add(found, message.get("content"))
    if not found.texts and isinstance(refusal := message.get("refusal"), str):
        found.texts.append(refusal)
    for name in ("reasoning_content", "reasoning", "thinking"):
        if isinstance(thought := message.get(name), str) and thought:
            found.thoughts = [thought]
            break
    found.called = found.called or bool(message.get("tool_calls") or message.get("function_call"))
    return found


def _add(found: Content, value: object, *, thought: bool = False) -> None:
    """Add a content or a part of one; what is neither text, thinking nor a call is not passed over in silence."""
    if isinstance(value, str):
        (found.thoughts if thought else found.texts).append(value)
    elif isinstance(value, list):
        for each in value:
            _add(found, each, thought=thought)
    elif isinstance(value, Mapping):
        _add_part(found, value, thought=thought)
    elif value is not None:
        raise UnknownShape(type(value).__name__)


def _add_part(found: Content, part: Mapping[str, Any], *, thought: bool) -> None:
    kind = part.get("type")
    if kind in _CALLS if isinstance(kind, str) else False:
        found.called = True
        return
    thought = thought or (isinstance(kind, str) and kind in _THINKING) or part.get("thought") is True
    thought = thought or (
        kind is None and "text" not in part and any(name in part for name in ("thinking", "reasoning"))
    )
    for name in _THOUGHT_FIELDS if thought else (*_TEXT_FIELDS, kind):
        if isinstance(name, str) and part.get(name) is not None:
            _add(found, part[name], thought=thought)
            return
    if any(value for name, value in part.items() if name != "type" and name not in _TEXT_FIELDS) and not thought:
        raise UnknownShape(f"a part of type {kind!r}")
