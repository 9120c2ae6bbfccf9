"""The lines of a submission's answers, read without trusting them, and what is wrong with them as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ifeval_fi.jsonl import Row
from ifeval_fi.leaderboard.entry import MOST_ANSWER, MOST_LINE, strict_json
from ifeval_fi.prompts import Key
from ifeval_fi.scoring.responses import Response, judged

MOST_EMPTY = 0.05
MOST_REPEATED = 0.2
_NEEDED = ("key", "sample", "prompt_sha256", "outcome", "response", "response_with_thinking", "reasoning")


def needed(row: Row) -> Row:
    """What of a line is looked at; the rest is let go at once, for it may be large."""
    return {name: row[name] for name in _NEEDED if name in row}


def rows_of(content: bytes, errors: list[str]) -> Iterator[Row]:
    """The objects of the lines; what is wrong with a line is added to the errors."""
    start, number = 0, 0
    while start < len(content):
        number += 1
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        where, line = f"responses.jsonl.gz, line {number}", content[start : min(end, start + MOST_LINE + 1)]
        start = end + 1
        if len(line) > MOST_LINE:
            errors.append(f"{where}: longer than {MOST_LINE // 2**20} MiB")
        elif line.strip():
            try:
                row = strict_json(line.decode("utf-8"))
            except (ValueError, RecursionError) as problem:
                errors.append(f"{where}: not JSON in UTF-8 ({str(problem)[:80]})")
                continue
            if isinstance(row, dict):
                yield row
            else:
                errors.append(f"{where}: must be a JSON object")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def responses_of(rows: Iterable[Row], errors: list[str]) -> Iterator[Response]:
    """The answers; a failed request that a later line answers is passed over."""
    latest: dict[tuple[Any, Any], Row] = {}
    for row in rows:
        key, sample = row.get("key"), row.get("sample", 0)
        if not (_is_count(key) or isinstance(key, str)) or not _is_count(sample):
            errors.append(f"key {key!r:.60}: key and sample must be plain numbers, or the key a string")
        elif latest.get((key, sample), {"outcome": "failed"}).get("outcome") != "failed":
            errors.append(f"key {key!r:.60}: answered twice")
        else:
            latest[key, sample] = row
    for (key, sample), row in latest.items():
        text, outcome, asked = row.get("response", ""), row.get("outcome"), row.get("prompt_sha256")
        if outcome not in ("answered", "truncated", "failed") or not isinstance(text, str):
            errors.append(f"key {key!r:.60}: lacks an outcome or an answer")
        elif len(text) > MOST_ANSWER:
            errors.append(f"key {key!r:.60}: the answer is longer than {MOST_ANSWER} characters")
        else:
            response = Response(key, text, sample, outcome, asked if isinstance(asked, str) else "")
            # A run has taken the thinking out already, and says so.
            if isinstance(before := row.get("response_with_thinking"), str):
                response = replace(response, with_thinking=before)
            if isinstance(reasoning := row.get("reasoning"), str):
                response = replace(response, reasoning=reasoning)
            yield judged(response)


def key_problems(responses: Sequence[Response], known: Mapping[Key, str], samples: int) -> Iterator[str]:
    given = Counter(response.key for response in responses)
    if unknown := [key for key in given if key not in known]:
        yield f"{len(unknown)} unknown keys, e.g. {unknown[0]!r:.60}"
    if missing := [key for key in known if given[key] != samples]:
        yield f"{len(missing)} prompts without their {samples} answer{'s' * (samples > 1)}, e.g. key {missing[0]}"
    if wrong := [each.key for each in responses if each.prompt_sha256 != known.get(each.key, each.prompt_sha256)]:
        yield f"{len(wrong)} answers are to another version of their prompt, e.g. key {wrong[0]}"


def answer_problems(responses: Sequence[Response]) -> Iterator[str]:
    failed = sum(response.outcome == "failed" for response in responses)
    if failed:
        yield f"{failed} requests failed; run again until all are answered"
    empty = sum(not response.text.strip() for response in responses) - failed
    if empty > MOST_EMPTY * len(responses):
        yield f"{empty} empty answers; at most {MOST_EMPTY:.0%} may be"
    # Samples of one prompt may agree.
    answers = {(response.key, text) for response in responses if len(text := response.text.strip()) > 60}
    texts = Counter(text for _, text in answers)
    repeated = sum(count - 1 for count in texts.values() if count > 1)
    if repeated > MOST_REPEATED * len(responses):
        yield f"{repeated} answers repeat another answer of this entry word for word"
