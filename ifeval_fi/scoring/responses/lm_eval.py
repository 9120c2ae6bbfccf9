"""lm-eval's sample log, a line a prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ifeval_fi.errors import PromptError, ResponseError
from ifeval_fi.jsonl import Row, loads
from ifeval_fi.prompts import FIELDS, parse_prompt
from ifeval_fi.scoring.responses.response import Response
from ifeval_fi.scoring.responses.rows import key_of


def is_sample(row: Mapping[str, Any]) -> bool:
    """Whether a row is a line of `lm_eval --log_samples`."""
    return "doc" in row and "resps" in row


def lm_eval_responses(row: Mapping[str, Any], where: str) -> list[Response]:
    """The answers of one line of lm-eval's --log_samples output, one a repeat."""
    try:
        key = key_of(row["doc"]["key"], where)
    except (KeyError, TypeError):
        raise ResponseError(f"{where}: looks like an lm-eval sample, but has no doc with a key") from None
    try:
        prompt = parse_prompt({name: row["doc"].get(name) for name in FIELDS}, row["doc"].get("language", ""))
    except PromptError:
        sha256 = None
    else:
        sha256 = prompt.sha256
    filtered = row.get("filtered_resps")
    try:
        answers = lm_eval_answers(filtered if _holds_text(filtered) else row["resps"])
    except ResponseError as problem:
        raise ResponseError(f"{where}, key {key}: {problem}") from None
    by = row.get("filter")
    name = None if by is None else str(by)
    return [Response(key, text, number, prompt_sha256=sha256, filter=name) for number, text in enumerate(answers)]


def _holds_text(responses: Any) -> bool:
    """Whether there is more than null: a filter that gave nothing leaves the model's own answer to be judged."""
    if isinstance(responses, (list, tuple)):
        return any(map(_holds_text, responses))
    return responses is not None


def lm_eval_answers(responses: Any) -> list[str]:
    """The answers in lm-eval's nested lists, one a repeat; where the server's content was null, the answer is empty."""
    if responses is None or isinstance(responses, str):
        return [responses or ""]
    if not isinstance(responses, (list, tuple)):
        raise ResponseError(f"an lm-eval response must be a string, not {responses!r:.60}")
    return [answer for each in responses for answer in lm_eval_answers(each)]


def lm_eval_run(arguments: Sequence[Any], *, samples: int) -> Row:
    """The identity of a run, as a journal's header has it, from the context and settings of an lm-eval request."""
    context, settings = arguments
    decoding = {name: value for name, value in settings.items() if value not in (None, False, [])}
    most, temperature = decoding.pop("max_gen_toks", None), settings.get("temperature") or 0
    if most is not None and not _is_number(most, whole=True):
        raise ResponseError(f"max_gen_toks must be a whole number, not {most!r:.60}")
    if not _is_number(temperature):
        raise ResponseError(f"temperature must be a number, not {temperature!r:.60}")
    decoding |= {"max_tokens": most, "temperature": float(temperature)}
    return {"samples": samples, "decoding": decoding, "system_prompt": _system_prompt(context)}


def _is_number(value: Any, *, whole: bool = False) -> bool:
    return isinstance(value, int if whole else (int, float)) and not isinstance(value, bool) and abs(value) < 1e15


def sample_run(row: Mapping[str, Any], where: str, *, samples: int) -> Row | None:
    """The identity of the run that a line comes from; None where it does not tell."""
    if not (arguments := _request(row, where)):
        return None
    try:
        return lm_eval_run(arguments, samples=samples)
    except ResponseError as problem:
        raise ResponseError(f"{where}: {problem}") from None


def _request(row: Mapping[str, Any], where: str) -> tuple[Any, Row] | None:
    """Context and settings of the request; None where the log, an older one, has them in another form."""
    try:
        first = row["arguments"]["gen_args_0"]
        context, settings = first["arg_0"], first["arg_1"]
    except (KeyError, TypeError):
        return None
    if not isinstance(settings, dict):
        raise ResponseError(f"{where}: arguments.gen_args_0.arg_1 must be an object, not {settings!r:.60}")
    return context, settings


def _system_prompt(context: Any) -> str | None:
    """The system prompt of a chat that lm-eval has encoded as JSON; None where it has applied a template itself."""
    try:
        if isinstance(context, (list, tuple)):
            context = context[0]
        first = loads(context)[0]
        return str(first["content"]) if first["role"] == "system" else None
    except (ValueError, LookupError, TypeError):
        return None
