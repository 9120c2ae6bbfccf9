"""A chat completion as a reply or as a failure: the text, the thinking, how it ended, and what it cost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ifeval_fi.runner.faults import Failure, error_within
from ifeval_fi.scoring.endings import Cause, ending_of
from ifeval_fi.scoring.responses import Response, judged

_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_TOKENS = 2**53
_THINKING = frozenset(
    {"thinking", "reasoning", "reasoning_content", "reasoning_text", "reasoning.text", "reasoning.summary", "thought"}
    | {"redacted_thinking", "reasoning.encrypted", "summary_text"}
)
_CALLS = frozenset({"tool_use", "tool_call", "tool_calls", "function_call", "function", "server_tool_use"})
# Where a part has its text: {"type": "output_text", "text": …}, {"text": {"value": …}}, {"type": "refusal", …}
_TEXT_FIELDS = ("text", "content", "output_text", "value", "refusal", "parts")
_THOUGHT_FIELDS = ("thinking", "reasoning", "reasoning_content", "summary", *_TEXT_FIELDS)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request as the server counts them; 0 where it gives no number."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered; `truncated` when it was cut off before its end.

    `with_thinking` is the text as it came, where thinking was taken out of it; `empty` is why there is no text.
    """

    response: str
    reasoning: str | None
    truncated: bool
    finish_reason: str | None
    usage: Usage | None
    fingerprint: str | None = None
    with_thinking: str | None = None
    empty: Cause | None = None


class _Unknown(Exception):
    """A content of a shape that nobody has described."""


@dataclass(slots=True)
class _Content:
    texts: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    called: bool = False


def parse_reply(answer: Any) -> Reply | Failure:
    """The answer, its reasoning and how it ended, out of a chat completion."""
    choices = answer.get("choices") if isinstance(answer, Mapping) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, Mapping) else None
    for part in (choice, message):
        if isinstance(part, Mapping) and part.get("error"):
            return error_within(200, {}, part, b"") or Failure("server_error", "the generation failed", 200)
    if not isinstance(choice, Mapping) or not isinstance(message, Mapping):
        return Failure("malformed", "the reply has no choices[0].message", 200)
    finish_reason = choice.get("finish_reason")
    if isinstance(finish_reason, Mapping):
        finish_reason = finish_reason.get("type")
    if finish_reason is not None and not isinstance(finish_reason, str):
        return Failure("malformed", "the reply's finish_reason is no text", 200)
    ending = ending_of(finish_reason)
    if ending == "none":
        return Failure("server_error", f"the generation failed: it ended with {finish_reason!r:.60}", 200)
    try:
        content = _content(message)
    except (_Unknown, RecursionError) as problem:
        return Failure("malformed", f"the reply's content has an unknown shape ({problem!s:.60})", 200)
    text = _clean("".join(content.texts))
    if not text and not finish_reason:
        return Failure("malformed", "the reply has no content, and no finish_reason says that it is complete", 200)
    found = judged(
        Response(
            "",
            text,
            outcome="truncated" if ending == "cut" else "answered",
            reasoning=_clean("".join(content.thoughts)) or None,
            finish_reason=finish_reason,
            empty="tool_call_only" if content.called else None,
        )
    )
    return Reply(
        response=found.text,
        reasoning=found.reasoning,
        truncated=found.outcome == "truncated",
        finish_reason=finish_reason,
        usage=_usage(answer.get("usage")),
        fingerprint=fingerprint if isinstance(fingerprint := answer.get("system_fingerprint"), str) else None,
        with_thinking=found.with_thinking,
        empty=found.empty,
    )


def _content(message: Mapping[str, Any]) -> _Content:
    """Text and reasoning of a message, whose content is text, null, a part, or a list of parts."""
    found = _Content()
    _add(found, message.get("content"))
    if not found.texts and isinstance(refusal := message.get("refusal"), str):
        found.texts.append(refusal)
    for name in ("reasoning_content", "reasoning", "thinking"):
        if isinstance(thought := message.get(name), str) and thought:
            found.thoughts = [thought]
            break
    found.called = found.called or bool(message.get("tool_calls") or message.get("function_call"))
    return found


def _add(found: _Content, value: object, *, thought: bool = False) -> None:
    """Add a content or a part of one; what is neither text, thinking nor a call is not passed over in silence."""
    if isinstance(value, str):
        (found.thoughts if thought else found.texts).append(value)
    elif isinstance(value, list):
        for each in value:
            _add(found, each, thought=thought)
    elif isinstance(value, Mapping):
        _add_part(found, value, thought=thought)
    elif value is not None:
        raise _Unknown(type(value).__name__)


def _add_part(found: _Content, part: Mapping[str, Any], *, thought: bool) -> None:
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
        raise _Unknown(f"a part of type {kind!r}")


def _usage(usage: object) -> Usage | None:
    if not isinstance(usage, Mapping):
        return None
    counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    prompt, completion = (count if type(count) is int and 0 <= count < _MOST_TOKENS else 0 for count in counts)
    return Usage(prompt, completion)


def _clean(text: str) -> str:
    """Half of a cut-off surrogate pair, which JSON can carry and UTF-8 cannot, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)
