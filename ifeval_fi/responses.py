"""Responses: a run's journal, any JSON Lines file with `key` and `response`, or lm-eval's sample log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ifeval_fi.errors import ResponseError
from ifeval_fi.jsonl import Row, read_rows
from ifeval_fi.prompts import Key, Prompt

Outcome = Literal["answered", "truncated", "failed"]


@dataclass(frozen=True, slots=True)
class Response:
    """One answer to one prompt; `text` is empty when the request failed, which is no answer at all."""

    key: Key
    text: str
    sample: int = 0
    outcome: Outcome = "answered"
    prompt_sha256: str | None = None


@dataclass(frozen=True)
class ResponseFile:
    """The responses of a file and, when it is a run's journal, the run's identity."""

    responses: tuple[Response, ...]
    run: Row | None = None


def load_responses(path: str | Path) -> ResponseFile:
    """The responses of a file; a failed one is superseded by a later line. ResponseError names file, line and key."""
    path = Path(path)
    if path.is_dir():
        path = path / "responses.jsonl"
    latest: dict[tuple[Key, int], Response] = {}
    run: Row | None = None
    for number, row in read_rows(path, ResponseError):
        if "run" in row and "key" not in row:
            run = row["run"]
            continue
        for response in _responses(row, f"{path}, line {number}"):
            place = (response.key, response.sample)
            if place in latest and latest[place].outcome != "failed":
                raise ResponseError(f"{path}, line {number}, key {response.key}: answered already above; keep one")
            latest[place] = response
    if not latest:
        raise ResponseError(f"{path}: holds no responses")
    return ResponseFile(tuple(latest.values()), run)


def _responses(row: Mapping[str, Any], where: str) -> list[Response]:
    if "doc" in row and "resps" in row:
        return _from_lm_eval(row, where)
    if "key" not in row:
        raise ResponseError(f"{where}: lacks 'key'")
    key = row["key"]
    if not isinstance(key, (int, str)) or isinstance(key, bool):
        raise ResponseError(f"{where}: key must be a whole number or a string, not {key!r}")
    where += f", key {key}"
    outcome: Any = row.get("outcome") or ("truncated" if row.get("finish_reason") == "length" else "answered")
    if outcome not in ("answered", "truncated", "failed"):
        raise ResponseError(f"{where}: outcome must be answered, truncated or failed, not {outcome!r}")
    sample = row.get("sample", 0)
    if not isinstance(sample, int) or isinstance(sample, bool) or sample < 0:
        raise ResponseError(f"{where}: sample must be a whole number of 0 or more, not {sample!r}")
    text = "" if outcome == "failed" else row.get("response")
    if not isinstance(text, str):
        problem = "lacks 'response'" if "response" not in row else f"response must be a string, not {text!r:.60}"
        raise ResponseError(f"{where}: {problem}")
    return [Response(key, text, sample, outcome, row.get("prompt_sha256"))]


def _from_lm_eval(row: Mapping[str, Any], where: str) -> list[Response]:
    """The answers of one line of lm-eval's --log_samples output, one a repeat."""
    try:
        key = row["doc"]["key"]
        answers: Any = row.get("filtered_resps") or row["resps"]
        while isinstance(answers, Sequence) and len(answers) == 1 and isinstance(answers[0], list):
            answers = answers[0]
    except (KeyError, TypeError):
        raise ResponseError(f"{where}: looks like an lm-eval sample, but has no doc with a key") from None
    if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
        raise ResponseError(f"{where}, key {key}: the lm-eval responses must be strings")
    return [Response(key, text, sample) for sample, text in enumerate(answers)]


def as_responses(responses: Iterable[Response | Mapping[str, Any]] | Mapping[Key, str]) -> list[Response]:
    """Responses from what a caller has at hand: `Response`s, rows with key and response, or a key-to-text mapping."""
    if isinstance(responses, Mapping):
        return [Response(key, text) for key, text in responses.items()]
    found: list[Response] = []
    for index, each in enumerate(responses):
        found += [each] if isinstance(each, Response) else _responses(each, f"response {index}")
    return found


def pair(
    prompts: Sequence[Prompt], responses: Iterable[Response], *, partial: bool = False
) -> list[tuple[Prompt, Response]]:
    """Each prompt with its responses, in the prompts' order and by sample.

    ResponseError on an unknown or doubled key, on another version of the prompt and, unless `partial`, on a
    missing one.
    """
    by_key = {prompt.key: prompt for prompt in prompts}
    answers: dict[Key, list[Response]] = {}
    for response in responses:
        prompt = by_key.get(response.key)
        if prompt is None:
            raise ResponseError(f"key {response.key!r}: no such prompt in this set; is --prompts right?")
        if response.prompt_sha256 not in (None, prompt.sha256):
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
