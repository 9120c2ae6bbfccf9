"""Responses: a run's journal, any JSON Lines file with `key` and `response`, or lm-eval's sample log.

What is judged is the answer in a response, without the model's thinking: `judged` takes it out, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ifeval_fi.errors import PromptError, ResponseError
from ifeval_fi.jsonl import Row, loads, read_json, read_rows
from ifeval_fi.prompts import FIELDS, Key, Prompt, is_key, parse_prompt
from ifeval_fi.scoring.endings import CAUSES, Cause, empty_cause, ending_of
from ifeval_fi.scoring.thinking import split_thinking
from ifeval_fi.text import collapse, is_blank

Outcome = Literal["answered", "truncated", "failed"]

ANSWERS = ("responses.jsonl", "responses.jsonl.gz")
"""What a run's answers are called in its folder, and in a submission."""
_FIGURES = "lm-eval's file of figures holds no answers; score the samples_*.jsonl that `lm_eval --log_samples` writes"

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
_OUTCOMES: Mapping[str, Outcome] = {
    "whole": "answered",
    "unknown": "answered",
    "cut": "truncated",
    "none": "failed",
}


@dataclass(frozen=True, slots=True)
class Response:
    """One answer to one prompt; `text` is empty when the request failed, which is no answer at all.

    `reasoning` is what the server reported as thinking beside the text; `with_thinking` the text as it was, where
    the thinking has been taken out already; `empty` why there is no text, where that is known.
    `filter` is lm-eval's name for what made the text out of the model's answer. `prompt` is the prompt's text where
    the row names no key, as in the published code's own files; `by_key` finds the key.
    """

    key: Key
    text: str
    sample: int = 0
    outcome: Outcome = "answered"
    prompt_sha256: str | None = None
    reasoning: str | None = None
    with_thinking: str | None = None
    finish_reason: str | None = None
    empty: Cause | None = None
    filter: str | None = None
    prompt: str | None = None


def judged(response: Response, *, keep_thinking: bool = False) -> Response:
    """The response as it is judged: without leading thinking, cut off when the thinking has no end, `empty` by cause.

    `with_thinking` then holds the text as it was. With `keep_thinking` that is judged.
    """
    if response.outcome == "failed":
        return response
    found = response
    if response.with_thinking is None:
        split = split_thinking(response.text, response.reasoning)
        if split.answer != response.text:
            outcome: Outcome = "truncated" if split.unclosed else response.outcome
            found = replace(
                response,
                text=split.answer,
                outcome=outcome,
                reasoning=split.thinking,
                with_thinking=response.text,
            )
    if keep_thinking and found.with_thinking is not None:
        found = replace(found, text=found.with_thinking, outcome=response.outcome)
    return replace(found, empty=_cause(found) if is_blank(found.text) else None)


def _cause(response: Response) -> Cause:
    thought = bool(response.reasoning or response.with_thinking)
    cause = response.empty or empty_cause(response.finish_reason, thought=thought)
    return "cut_off" if cause == "no_text" and response.outcome == "truncated" else cause


@dataclass(frozen=True)
class ResponseFile:
    """The responses of a file and, when it is a run's journal or lm-eval's sample log, the run's identity.

    `of_lm_eval` for a sample log, which lm-eval writes at the end and which holds all that was asked.
    """

    responses: tuple[Response, ...]
    run: Row | None = None
    of_lm_eval: bool = False


def load_responses(path: str | Path) -> ResponseFile:
    """The responses of a file; a failed one is superseded by a later line. ResponseError names file, line and key."""
    path = answers_file(Path(path))
    latest: dict[tuple[Key, int], Response] = {}
    run: Row | None = None
    of_lm_eval = False
    for number, row in read_rows(path, ResponseError, constants=True):
        where = f"{path}, line {number}"
        if "run" in row and "key" not in row:
            run = _header(row["run"], where)
            continue
        found = _responses(row, where)
        of_lm_eval = of_lm_eval or _is_lm_eval(row)
        if run is None and _is_lm_eval(row) and (arguments := _lm_eval_arguments(row, where)):
            try:
                run = lm_eval_run(arguments, samples=len(found))
            except ResponseError as problem:
                raise ResponseError(f"{where}: {problem}") from None
        for response in found:
            place = (response.key, response.sample)
            if place in latest and latest[place].outcome != "failed":
                raise ResponseError(f"{where}, key {response.key}: {_twice(latest[place], response)}")
            latest[place] = response
    if not latest:
        raise ResponseError(f"{path}: holds no responses")
    return ResponseFile(tuple(latest.values()), run, of_lm_eval)


def answers_file(path: Path) -> Path:
    """The file of answers in a run folder, a submission or lm-eval's results folder; else the path itself.

    ResponseError for a folder with several or none, and for lm-eval's file of figures, which holds no answers.
    """
    if path.is_dir():
        for name in ANSWERS:
            if (path / name).is_file():
                return path / name
        logs = sorted(path.rglob("samples_*.jsonl"))
        if len(logs) > 1:
            names = ", ".join(str(log.relative_to(path)) for log in logs[:8])
            raise ResponseError(f"{path}: holds {len(logs)} of lm-eval's sample logs; name one of them: {names}")
        if not logs and any(path.rglob("results_*.json")):
            raise ResponseError(f"{path}: {_FIGURES}")
        return logs[0] if logs else path / ANSWERS[0]
    if path.suffix == ".json" and path.is_file():
        value = read_json(path, ResponseError)
        if isinstance(value, dict) and "results" in value:
            logs = sorted(path.parent.glob(f"samples_*{path.stem.removeprefix('results')}.jsonl"))
            beside = f"; beside it lies {', '.join(log.name for log in logs)}" if logs else ""
            raise ResponseError(f"{path}: {_FIGURES}{beside}")
    return path


def _header(run: Any, where: str) -> Row:
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


def _twice(earlier: Response, later: Response) -> str:
    if earlier.filter == later.filter:
        return "answered already above; keep one"
    return f"answered by the filters {earlier.filter!r:.60} and {later.filter!r:.60}; keep the lines of one filter"


def _key(key: Any, where: str) -> Key:
    if not is_key(key):
        raise ResponseError(f"{where}: key must be a whole number or a string, not {key!r:.60}")
    return key


def _responses(row: Mapping[str, Any], where: str) -> list[Response]:
    if _is_lm_eval(row):
        return _from_lm_eval(row, where)
    asked = row.get("prompt") if "key" not in row and "response" in row else None
    if asked is None and "key" not in row:
        raise ResponseError(f"{where}: lacks 'key', or 'prompt' with the prompt's text")
    if not isinstance(asked, (str, type(None))):
        raise ResponseError(f"{where}: prompt must be a text, not {asked!r:.60}")
    # Until the prompts are at hand, the text is the key.
    key = _key(row["key"], where) if asked is None else collapse(asked)
    where += f", key {key}" if asked is None else ""
    finish_reason = _optional_text(row, ("finish_reason",))
    outcome: Any = row.get("outcome") or _OUTCOMES[ending_of(finish_reason)]
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
    return [
        Response(
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
    ]


def _known_cause(row: Mapping[str, Any]) -> Cause | None:
    said = _optional_text(row, ("empty",))
    return next((cause for cause in CAUSES if cause == said), None)


def _optional_text(row: Mapping[str, Any], names: Sequence[str]) -> str | None:
    return next((value for name in names if isinstance(value := row.get(name), str) and value), None)


def _is_lm_eval(row: Mapping[str, Any]) -> bool:
    return "doc" in row and "resps" in row


def _from_lm_eval(row: Mapping[str, Any], where: str) -> list[Response]:
    """The answers of one line of lm-eval's --log_samples output, one a repeat."""
    try:
        key = _key(row["doc"]["key"], where)
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


def _lm_eval_arguments(row: Mapping[str, Any], where: str) -> tuple[Any, Row] | None:
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


def as_responses(responses: Iterable[Response | Mapping[str, Any]] | Mapping[Key, str]) -> list[Response]:
    """Responses from what a caller has at hand: `Response`s, rows with key and response, or a key-to-text mapping."""
    if isinstance(responses, Mapping):
        responses = [{"key": key, "response": text} for key, text in responses.items()]
    found: list[Response] = []
    for index, each in enumerate(responses):
        if isinstance(each, Response):
            found.append(each)
        elif isinstance(each, Mapping):
            found += _responses(each, f"response {index}")
        else:
            raise ResponseError(f"response {index}: must be a row with key and response, not {each!r:.60}")
    return found


def by_key(responses: Iterable[Response], prompts: Sequence[Prompt]) -> list[Response]:
    """The responses, those that name their prompt by its text with its key; ResponseError on a text nobody asked."""
    texts: dict[str, list[Prompt]] = {}
    found = []
    for response in responses:
        if response.prompt is None:
            found.append(response)
            continue
        if not texts:
            for prompt in prompts:
                texts.setdefault(collapse(prompt.text), []).append(prompt)
        same = texts.get(collapse(response.prompt), [])
        if len(same) != 1:
            what = "is no prompt of this set; is --prompts right?" if not same else "is several prompts; name the key"
            raise ResponseError(f"the prompt {' '.join(response.prompt.split())!r:.80} {what}")
        found.append(replace(response, key=same[0].key, prompt=None))
    return found


def pair(
    prompts: Sequence[Prompt], responses: Iterable[Response], *, partial: bool = False
) -> list[tuple[Prompt, Response]]:
    """Each prompt with its responses, in the prompts' order and by sample.

    ResponseError on an unknown or doubled key, on another version of the prompt and, unless `partial`, on a
    missing one.
    """
    known = {prompt.key: prompt for prompt in prompts}
    answers: dict[Key, list[Response]] = {}
    for response in by_key(responses, prompts):
        prompt = known.get(response.key)
        if prompt is None:
            raise ResponseError(f"key {response.key!r}: no such prompt in this set; is --prompts right?")
        if response.prompt_sha256 is not None and response.prompt_sha256 != prompt.sha256:
            raise ResponseError(f"key {response.key}: answers another version of the prompt; score it with that set")
        same = answers.setdefault(response.key, [])
        if any(response.sample == other.sample for other in same):
            raise ResponseError(f"key {response.key}: sample {response.sample} is there twice; keep one")
        same.append(response)
    missing = [prompt.key for prompt in prompts if prompt.key not in answers]
    if missing and not partial:
        raise ResponseError(
            f"key {missing[0]}: no response ({len(missing)} of {len(prompts)} missing); "
            "run the rest, or score what is there with --partial"
        )
    return [
        (prompt, response)
        for prompt in prompts
        for response in sorted(answers.get(prompt.key, []), key=lambda response: response.sample)
    ]
