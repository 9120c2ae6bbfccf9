"""Re-score a submission from its raw answers, and say everything that is wrong with it at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import Row
from ifeval_fi.leaderboard.entry import (
    ENTRY_SCHEMA,
    MOST_ANSWER,
    Entry,
    SubmissionError,
    digest,
    model_folder,
    read_answers,
    read_json,
    stray_files,
    submissions,
)
from ifeval_fi.prompts import Key, PromptSet, load_prompts
from ifeval_fi.responses import Response
from ifeval_fi.scoring import HEADLINE, Scores, score

MOST_EMPTY = 0.05
MOST_TRUNCATED = 0.10
MOST_COPIED = 0.5
MOST_REPEATED = 0.2
COMPARABLE_WORDS = 12
ALIKE = 0.8


@dataclass
class Verification:
    """What was found: `errors` reject the submission, `warnings` are shown beside its score."""

    folder: Path
    entry: Entry | None = None
    run: Row | None = None
    responses: tuple[Response, ...] = ()
    scores: Scores | None = None
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.errors

    @cached_property
    def shingles(self) -> dict[Key, frozenset[int]]:
        """Hashes of the word triples of each answer long enough to be compared with another entry's."""
        found = {}
        for response in self.responses:
            words = response.text.lower().split()
            if len(words) >= COMPARABLE_WORDS and not response.sample:
                found[response.key] = frozenset(map(hash, zip(words, words[1:], words[2:], strict=False)))
        return found

    def markdown(self) -> str:
        """A summary for a pull request."""
        verdict = "accepted" if self.accepted else "rejected"
        lines = [f"### {_plain(self.folder.parent.name)}/{_plain(self.folder.name)}: {verdict}", ""]
        if self.scores:
            lines += [f"- {name}: {100 * self.scores[name]:.2f} %" for name in HEADLINE if name in self.scores.summary]
            lines.append(f"- `{self.scores.summary['signature']}`")
        lines += [f"- **error**: {_plain(text)}" for text in self.errors]
        lines += [f"- warning: {_plain(text)}" for text in self.warnings]
        return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Submitter text that Markdown shows as it is."""
    return "".join(f"&#{ord(c)};" if c in "<>&`*_[]|\\#!@" else " " if c in "\r\n" else c for c in text)


def verify(folder: Path, *, others: Sequence[Verification] = (), rules: str | None = None) -> Verification:
    """Check one submission and score it; `others` are the entries it must not copy."""
    found = Verification(folder)
    found.errors += stray_files(folder)
    if any("missing" in error or "larger" in error or "link" in error for error in found.errors):
        return found
    _read(found)
    if found.run is not None and found.responses:
        _score(found, rules)
    found.errors += _copies(found, others)
    return found


def verify_all(root: Path, *, rules: str | None = None) -> list[Verification]:
    """Every submission below a folder, each held against the ones before it."""
    done: list[Verification] = []
    for folder in submissions(root):
        done.append(verify(folder, others=tuple(done), rules=rules))
    return done


def _read(found: Verification) -> None:
    data, problem = read_json(found.folder / "entry.json", ENTRY_SCHEMA)
    if problem:
        found.errors.append(problem)
    elif data is not None:
        found.entry = Entry(found.folder, data)
        if found.folder.parent.name != model_folder(data["model"]["id"]):
            found.errors.append(f"the folder must be named {model_folder(data['model']['id'])}, after the model's id")
    settings, problem = read_json(found.folder / "run.json", "run.schema.json")
    if problem:
        found.errors.append(problem)
    try:
        answers = read_answers(found.folder / "responses.jsonl.gz")
    except SubmissionError as damage:
        found.errors.append(str(damage))
        return
    if found.entry and found.entry.data["answers_sha256"] != digest(answers):
        found.errors.append("responses.jsonl.gz: the checksum in entry.json is another's; the answers were changed")
    rows = list(_rows(answers, found.errors))
    header = rows[0] if rows and "run" in rows[0] and "key" not in rows[0] else None
    if header is None:
        found.errors.append("responses.jsonl.gz: lacks the run's header line")
    elif settings and header["run"] != settings.get("identity"):
        found.errors.append("run.json and the header of responses.jsonl.gz describe different runs")
    elif settings:
        found.run = settings["identity"]
    found.responses = tuple(_responses(rows[1:] if header else rows, found.errors))


def _rows(answers: bytes, errors: list[str]) -> Iterator[Row]:
    for number, line in enumerate(answers.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            errors.append(f"responses.jsonl.gz, line {number}: not JSON in UTF-8")
            continue
        if isinstance(row, dict):
            yield row
        else:
            errors.append(f"responses.jsonl.gz, line {number}: must be a JSON object")


def _responses(rows: Sequence[Row], errors: list[str]) -> Iterator[Response]:
    """The answers; a failed request that a later line answers is passed over."""
    latest: dict[tuple[Any, Any], Row] = {}
    for row in rows:
        place = (row.get("key"), row.get("sample", 0))
        if not isinstance(place[0], (int, str)) or not isinstance(place[1], int):
            errors.append(f"key {place[0]!r:.60}: key and sample must be plain numbers or strings")
        elif place in latest and latest[place].get("outcome") != "failed":
            errors.append(f"key {place[0]!r:.60}: answered twice")
        else:
            latest[place] = row
    for (key, sample), row in latest.items():
        text, outcome = row.get("response", ""), row.get("outcome")
        if outcome not in ("answered", "truncated", "failed") or not isinstance(text, str):
            errors.append(f"key {key!r:.60}: lacks an outcome or an answer")
        elif len(text) > MOST_ANSWER:
            errors.append(f"key {key!r:.60}: the answer is longer than {MOST_ANSWER} characters")
        else:
            yield Response(key, text, sample, outcome, str(row.get("prompt_sha256", "")))


def _score(found: Verification, rules: str | None) -> None:
    assert found.run is not None
    asked = found.run["prompts"]
    try:
        prompts = load_prompts(asked["language"])
    except IfevalError as problem:
        found.errors.append(f"prompts: {problem}")
        return
    if asked["digest"] != prompts.digest:
        found.errors.append(f"the run asked other prompts than {prompts.name}: their hash is {asked['digest'][:12]}")
    found.errors += _key_problems(found, prompts)
    found.errors += _answer_problems(found)
    if found.errors:
        return
    found.scores = score(prompts, found.responses, rules=rules, run=found.run)
    truncated = found.scores.summary["counts"]["truncated"] / len(found.responses)
    if truncated > MOST_TRUNCATED:
        found.warnings.append(f"{truncated:.0%} of the answers were cut off at max_tokens")
    claimed = found.entry.data.get("claimed", {}) if found.entry else {}
    for name, value in claimed.items():
        if abs(found.scores[name] - value) > 5e-4:
            found.errors.append(f"claims {name} {value:.4f}; the answers give {found.scores[name]:.4f}")


def _key_problems(found: Verification, prompts: PromptSet) -> Iterator[str]:
    known = {prompt.key: prompt for prompt in prompts}
    samples = found.run["samples"] if found.run else 1
    given = Counter(response.key for response in found.responses)
    if unknown := [key for key in given if key not in known]:
        yield f"{len(unknown)} unknown keys, e.g. {unknown[0]!r:.60}"
    if missing := [key for key in known if given[key] != samples]:
        yield f"{len(missing)} prompts without their {samples} answer{'s' * (samples > 1)}, e.g. key {missing[0]}"
    wrong = [r.key for r in found.responses if r.key in known and r.prompt_sha256 != known[r.key].sha256]
    if wrong:
        yield f"{len(wrong)} answers are to another version of their prompt, e.g. key {wrong[0]}"


def _answer_problems(found: Verification) -> Iterator[str]:
    failed = sum(response.outcome == "failed" for response in found.responses)
    if failed:
        yield f"{failed} requests failed; run again until all are answered"
    empty = sum(not response.text.strip() for response in found.responses) - failed
    if empty > MOST_EMPTY * len(found.responses):
        yield f"{empty} empty answers; at most {MOST_EMPTY:.0%} may be"
    texts = Counter(text for response in found.responses if len(text := response.text.strip()) > 60)
    repeated = sum(count - 1 for count in texts.values() if count > 1)
    if repeated > MOST_REPEATED * len(found.responses):
        yield f"{repeated} answers repeat another answer of this entry word for word"


def _copies(found: Verification, others: Sequence[Verification]) -> Iterator[str]:
    """Another model's entry whose answers are nearly these."""
    for other in others:
        same_model = found.entry and other.entry and found.entry.model["id"] == other.entry.model["id"]
        shared = found.shingles.keys() & other.shingles.keys()
        if same_model or len(shared) < 20:
            continue
        alike = sum(_jaccard(found.shingles[key], other.shingles[key]) >= ALIKE for key in shared)
        if alike > MOST_COPIED * len(shared):
            yield f"{alike} of {len(shared)} answers are nearly those of {other.folder.parent.name}/{other.folder.name}"


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)
