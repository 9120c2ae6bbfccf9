"""Re-score a submission from its raw answers, and say everything that is wrong with it at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import Row
from ifeval_fi.leaderboard.copies import Sketch, copies, sketch
from ifeval_fi.leaderboard.entry import (
    ENTRY_SCHEMA,
    MOST_ANSWER,
    MOST_LINE,
    MOST_LINES,
    RUN_NAME,
    SubmissionError,
    digest,
    is_date,
    is_moment,
    model_folder,
    read_answers,
    read_json,
    stray_files,
    strict_json,
)
from ifeval_fi.prompts import Key, PromptSet, bundled, load_prompts
from ifeval_fi.report.tables import one_line
from ifeval_fi.schemas import schema_problem
from ifeval_fi.scoring import HEADLINE, Scores, score
from ifeval_fi.scoring.responses import Response, judged

MOST_EMPTY = 0.05
MOST_TRUNCATED = 0.10
MOST_REPEATED = 0.2
MOST_SHOWN = 20
CLAIM_TOLERANCE = 5e-4

Prompts = Mapping[str, str]
"""Where the prompts of a language are, when they are not bundled."""

Keep = Callable[["Verification", PromptSet, Scores, Sequence[Response]], None]


@dataclass
class Verification:
    """What was found: `errors` reject the submission, `warnings` are shown beside its score.

    The answers themselves are not kept; `followed` counts the instructions followed per prompt, in the prompts' order.
    """

    place: str
    entry: Row | None = None
    settings: Row | None = None
    summary: Row | None = None
    followed: bytes = b""
    sketch: Sketch = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.errors

    @property
    def run(self) -> Row | None:
        """The identity of the run; None when it is damaged."""
        return self.settings["identity"] if self.settings else None

    def markdown(self) -> str:
        """A summary for a pull request."""
        lines = [f"### {_plain(self.place)}: {'accepted' if self.accepted else 'rejected'}", ""]
        if self.summary:
            lines += [f"- {name}: {100 * self.summary[name]:.2f} %" for name in HEADLINE]
            lines.append(f"- {_plain(self.summary['signature'])}")
        lines += [f"- **error**: {_plain(text)}" for text in self.errors]
        lines += [f"- warning: {_plain(text)}" for text in self.warnings]
        return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Submitter text that Markdown shows as it is."""
    return "".join(f"&#{ord(c)};" if c in "<>&`*_[]|\\#!@~" else c for c in one_line(text))


def verify(
    folder: Path, *, prompts: Prompts | None = None, keep: Keep | None = None, scored: str | None = None
) -> Verification:
    """Check one submission and score it; `keep` gets the answers and verdicts of one that could be scored.

    With `scored`, only the submission of that place is scored; another is only read, to be held against it.
    """
    found = Verification(f"{folder.parent.name}/{folder.name}")
    unusable = set()
    for name, sentence in stray_files(folder):
        unusable.add(name)
        found.errors.append(sentence)
    if not RUN_NAME.fullmatch(folder.name):
        found.errors.append("the run folder's name may hold letters, digits, point, hyphen and underscore only")
    if "entry.json" not in unusable:
        _read_entry(found, folder)
    if "run.json" not in unusable:
        _read_settings(found, folder)
    if "responses.jsonl.gz" not in unusable:
        responses = _read_answers(found, folder)
        if found.run and responses and scored in (None, found.place):
            _score(found, responses, prompts or {}, keep)
    hidden = len(found.errors) - MOST_SHOWN
    if hidden > 0:
        found.errors[MOST_SHOWN:] = [f"and {hidden} more errors"]
    return found


def hold_against_each_other(found: Sequence[Verification]) -> None:
    """Add what only shows beside other entries: copied answers, and corrections of runs that are not there."""
    places = {each.place: each for each in found}
    for one, other, alike, shared in copies([each.sketch for each in found]):
        for mine, theirs in ((found[one], found[other]), (found[other], found[one])):
            sentence = f"{alike} of {shared} answers are nearly those of {theirs.place}"
            related = _related(mine, theirs)
            if related is None:
                mine.errors.append(sentence)
            elif related:
                mine.warnings.append(f"{sentence}, {related}")
    for each in found:
        target = (each.entry or {}).get("supersedes")
        if target is not None:
            model, _, run = each.place.partition("/")
            corrected = places.get(f"{model}/{target}")
            if target == run or corrected is None:
                each.errors.append(f"supersedes {target}, which is no other run of this model")
            elif corrected.entry and corrected.entry.get("supersedes") == run:
                each.errors.append(f"supersedes {target}, which says that it supersedes this run")


def _related(one: Verification, other: Verification) -> str | None:
    """Why two entries may have nearly the same answers: "" for one model, words for a base model, else None."""
    if one.entry is None or other.entry is None:
        return None
    mine, theirs = one.entry["model"], other.entry["model"]
    if mine["id"] == theirs["id"]:
        return ""
    if mine["base_model"] == theirs["id"]:
        return "its base model"
    return "which names it as its base model" if theirs["base_model"] == mine["id"] else None


def _read_entry(found: Verification, folder: Path) -> None:
    data, problem = read_json(folder / "entry.json", ENTRY_SCHEMA)
    if problem or data is None:
        found.errors.append(str(problem))
        return
    found.entry = data
    wanted = model_folder(data["model"]["id"])
    if folder.parent.name != wanted:
        found.errors.append(f"the folder must be named {wanted}, after the model's id")
    if not is_date(data["model"]["released"]):
        found.errors.append(f"entry.json: model.released: there is no day {data['model']['released']}")


def _read_settings(found: Verification, folder: Path) -> None:
    settings, problem = read_json(folder / "run.json", "run.schema.json")
    if problem or settings is None:
        found.errors.append(str(problem))
    elif wrong := schema_problem("responses.schema.json", {"run": settings["identity"]}):
        found.errors.append(f"run.json: {wrong}")
    elif not is_moment(settings["started"]):
        found.errors.append("run.json: started must be a moment in UTC such as 2025-12-31T12:00:00+00:00")
    else:
        found.settings = settings


def _read_answers(found: Verification, folder: Path) -> list[Response]:
    try:
        content = read_answers(folder / "responses.jsonl.gz")
    except SubmissionError as damage:
        found.errors.append(str(damage))
        return []
    if found.entry and found.entry["answers_sha256"] != digest(content):
        found.errors.append("responses.jsonl.gz: the checksum in entry.json is another's; the answers were changed")
    read = _rows(content, found.errors)
    first = next(read, {})
    header = first if "run" in first and "key" not in first else None
    rows = [_plain_fields(row) for row in ([first] if first and header is None else [])]
    rows += map(_plain_fields, read)
    if header is None:
        found.errors.append("responses.jsonl.gz: lacks the run's header line")
    elif found.run and header["run"] != found.run:
        found.errors.append("run.json and the header of responses.jsonl.gz describe different runs")
    responses = list(_responses(rows, found.errors))
    found.sketch = sketch({each.key: each.text for each in responses if each.sample == 0})
    return responses


def _rows(content: bytes, errors: list[str]) -> Iterator[Row]:
    start, number = 0, 0
    while start < len(content):
        number += 1
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        where, line = f"responses.jsonl.gz, line {number}", content[start : min(end, start + MOST_LINE + 1)]
        start = end + 1
        if number > MOST_LINES:
            errors.append(f"responses.jsonl.gz: has more than {MOST_LINES} lines")
            return
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


def _plain_fields(row: Row) -> Row:
    """What of a row counts; null for a list or an object, which would take many times its text's memory."""
    counting = ("key", "sample", "response", "outcome", "prompt_sha256")
    return {name: None if isinstance(row[name], (list, dict)) else row[name] for name in counting if name in row}


def _responses(rows: Sequence[Row], errors: list[str]) -> Iterator[Response]:
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


@cache
def _prompts(source: str, language: str) -> PromptSet:
    return load_prompts(source, language=language)


@cache
def _hashes(source: str, language: str) -> tuple[str, Mapping[Key, str]]:
    prompts = _prompts(source, language)
    return prompts.digest, {prompt.key: prompt.sha256 for prompt in prompts}


def _score(found: Verification, responses: Sequence[Response], sources: Prompts, keep: Keep | None) -> None:
    assert found.run is not None
    asked = found.run["prompts"]
    language = asked["language"]
    if language not in sources and language not in bundled():
        found.errors.append(f"prompts in {language[:20]!r}: not at hand; name them with --prompts {language[:20]}=FILE")
        return
    source = sources.get(language, language)
    prompts = _prompts(source, language)
    wanted, hashes = _hashes(source, language)
    wrong = []
    if asked["digest"] != wanted:
        wrong.append(f"the run asked other prompts than {prompts.name}: their hash is {asked['digest'][:12]}")
    wrong += _key_problems(responses, hashes, found.run["samples"])
    found.errors += wrong
    found.errors += _answer_problems(responses)
    if wrong:
        return
    try:
        # Their hashes are checked already, and cost time.
        checked = [replace(each, prompt_sha256=None) for each in responses]
        scores = score(prompts, checked, run=found.run, langdetect=False)
    except IfevalError as problem:
        found.errors.append(f"cannot be scored: {problem}")
        return
    if not scores.verdicts:
        return
    found.summary = scores.summary
    found.followed = bytes(sum(each.strict) for each in scores.verdicts if not each.sample)
    _hold_against_claims(found, scores)
    truncated = scores.summary["counts"]["truncated"] / len(responses)
    if truncated > MOST_TRUNCATED:
        found.warnings.append(f"{truncated:.0%} of the answers were cut off at max_tokens")
    if keep and found.accepted:
        keep(found, prompts, scores, responses)


def _hold_against_claims(found: Verification, scores: Scores) -> None:
    claimed = found.entry.get("claimed", {}) if found.entry else {}
    for name, value in claimed.items():
        if abs(scores[name] - value) > CLAIM_TOLERANCE:
            found.errors.append(f"claims {name} {value:.4f}; the answers give {scores[name]:.4f}")


def _key_problems(responses: Sequence[Response], known: Mapping[Key, str], samples: int) -> Iterator[str]:
    given = Counter(response.key for response in responses)
    if unknown := [key for key in given if key not in known]:
        yield f"{len(unknown)} unknown keys, e.g. {unknown[0]!r:.60}"
    if missing := [key for key in known if given[key] != samples]:
        yield f"{len(missing)} prompts without their {samples} answer{'s' * (samples > 1)}, e.g. key {missing[0]}"
    if wrong := [each.key for each in responses if each.prompt_sha256 != known.get(each.key, each.prompt_sha256)]:
        yield f"{len(wrong)} answers are to another version of their prompt, e.g. key {wrong[0]}"


def _answer_problems(responses: Sequence[Response]) -> Iterator[str]:
    failed = sum(response.outcome == "failed" for response in responses)
    if failed:
        yield f"{failed} requests failed; run again until all are answered"
    empty = sum(not response.text.strip() for response in responses) - failed
    if empty > MOST_EMPTY * len(responses):
        yield f"{empty} empty answers; at most {MOST_EMPTY:.0%} may be"
    texts = Counter(text for response in responses if len(text := response.text.strip()) > 60)
    repeated = sum(count - 1 for count in texts.values() if count > 1)
    if repeated > MOST_REPEATED * len(responses):
        yield f"{repeated} answers repeat another answer of this entry word for word"
