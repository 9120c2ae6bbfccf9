"""How an answer ended, out of the words that servers have for it, and why an answer is empty."""

from __future__ import annotations

from typing import Literal

Ending = Literal["whole", "cut", "none", "unknown"]
Cause = Literal["reasoning_only", "tool_call_only", "filtered", "cut_off", "no_text"]

CAUSES: dict[Cause, str] = {
    "reasoning_only": "reasoning without an answer",
    "tool_call_only": "only a tool call",
    "filtered": "taken out by a filter",
    "cut_off": "cut off before the first word",
    "no_text": "no text at all",
}
"""Why an answer is empty, in words."""

_WHOLE = frozenset(
    "stop stopped stop_sequence stop_token stop_word stop_str end_turn end_of_turn eos eos_token eos_token_id "
    "end_of_text endoftext end_of_sequence end complete completed done finish finished normal success "
    "tool_calls tool_call tool_use function_call refusal".split()
)
_CUT = frozenset(
    "length max_length model_length context_length context_length_exceeded context_window_exceeded "
    "model_context_window_exceeded max_context_length max_tokens max_token max_output_tokens max_new_tokens "
    "max_completion_tokens max_output token_limit length_limit limit max_time time_limit pause_turn incomplete "
    "truncated repetition".split()
)
_FILTERED = frozenset(
    "content_filter content_filtered content_filtering filtered safety sensitive recitation blocklist "
    "prohibited_content spii guardrail_intervened guardrail error_toxic language".split()
)
_NONE = frozenset(
    "abort aborted cancel cancelled canceled user_cancel user_cancelled client_cancelled timeout timed_out error "
    "errored error_limit server_error internal_error internal_server_error network_error connection_error "
    "engine_error model_error generation_error runtime_error exception failed failure "
    "insufficient_system_resource insufficient_system_resources insufficient_resources resource_exhausted overloaded "
    "out_of_memory oom preempted evicted rejected disconnect disconnected load unload not_finished unfinished "
    "in_progress malformed_function_call malformed_model_output malformed_response".split()
)


def ending_of(finish_reason: str | None) -> Ending:
    """What a finish reason says, whatever its case; none given is a whole answer, as is one that is not in the list."""
    word = _word(finish_reason)
    if word is None or word in _WHOLE:
        return "whole"
    if word in _CUT or word in _FILTERED:
        return "cut"
    return "none" if word in _NONE else "unknown"


def empty_cause(finish_reason: str | None, *, thought: bool, called: bool = False) -> Cause:
    """Why an answer without text has none, when the model has thought, or called a tool."""
    word = _word(finish_reason)
    if word in _FILTERED or word == "refusal":
        return "filtered"
    if called or word in {"tool_calls", "tool_call", "tool_use", "function_call"}:
        return "tool_call_only"
    if thought:
        return "reasoning_only"
    return "cut_off" if word in _CUT else "no_text"


def _word(finish_reason: str | None) -> str | None:
    """`MAX_TOKENS`, `max-tokens` and `FINISH_REASON_MAX_TOKENS` as `max_tokens`."""
    if finish_reason is None:
        return None
    word = finish_reason.strip().casefold().replace("-", "_").replace(" ", "_").removeprefix("finish_reason_")
    return None if word in {"", "null", "none"} else word
