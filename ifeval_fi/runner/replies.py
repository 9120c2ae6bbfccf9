"""A chat completion as a reply or as a failure: the text, the thinking, how it ended, and what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ifeval_fi.runner.faults import Failure, error_within
from ifeval_fi.scoring.endings import Cause, ending_of
from ifeval_fi.scoring.messages import UnknownShape
from ifeval_fi.scoring.responses import judged
from ifeval_fi.scoring.responses.chat import message_response

_MOST_TOKENS = 2**53


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
        raw = message_response("", message, finish_reason)
    except (UnknownShape, RecursionError) as problem:
        return Failure("malformed", f"the reply's content has an unknown shape ({problem!s:.60})", 200)
    if not raw.text and not finish_reason:
        return Failure("malformed", "the reply has no content, and no finish_reason says that it is complete", 200)
    found = judged(raw)
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


def _usage(usage: object) -> Usage | None:
    if not isinstance(usage, Mapping):
        return None
    counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    prompt, completion = (count if type(count) is int and 0 <= count < _MOST_TOKENS else 0 for count in counts)
    return Usage(prompt, completion)
