"""Ask k prompts of an entry again, greedily, and record how often the verdicts agree."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import ifeval_fi
from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import Row, dumps, read_json
from ifeval_fi.leaderboard.entry import SubmissionError
from ifeval_fi.leaderboard.verify import Prompts, Verification, verify
from ifeval_fi.prompts import Key, PromptSet, load_prompts
from ifeval_fi.runner.run import run_prompts
from ifeval_fi.runner.settings import RunSettings
from ifeval_fi.scoring import HEADLINE, Scores, score
from ifeval_fi.scoring.responses import Response, load_responses

AGREEING = 0.9
"""The share of agreeing verdicts from which an entry counts as reproduced."""
MOST = 10**9
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # 2026-11-25
OURS = frozenset({"temperature", "top_p", "top_k", "min_p", "seed", "max_tokens", "max_completion_tokens", "n"})


def reproduce(
    folder: Path,
    records: Path,
    *,
    k: int,
    seed: int,
    model: str | None,
    base_urls: tuple[str, ...],
    prompts: Prompts | None = None,
    hidden: Path | None = None,
) -> Row:
    """Verdict agreement on k prompts drawn with the seed; the record is appended to the entry's file in `records`.

    With `hidden`, a file of prompts that are not public, all of these are asked too, and the record holds their score,
    count and hash, but no prompt and no answer. The settings are the entry's, but greedy. A seed that the submitter
    could not know keeps the choice of prompts from being foreseen. SubmissionError when the entry is not valid or the
    server did not answer every prompt.
    """
    before: dict[Key, tuple[bool, ...]] = {}
    sets: list[PromptSet] = []

    def keep(_: Verification, prompts: PromptSet, scores: Scores, __: Sequence[Response]) -> None:
        sets.append(prompts)
        before.update({each.prompt.key: each.strict for each in scores.verdicts if not each.sample})

    found = verify(folder, prompts=prompts, keep=keep)
    if not found.accepted or found.run is None:
        raise SubmissionError(f"{folder}: not valid ({'; '.join(found.errors[:3])}); verify it first")
    keys = random.Random(seed).sample([prompt.key for prompt in sets[0]], min(k, len(sets[0])))
    chosen = sets[0].select(keys=keys)
    settings = RunSettings(
        model=model,
        base_urls=base_urls,
        max_tokens=found.run["decoding"]["max_tokens"],
        system_prompt=found.run["system_prompt"],
        extra_body={name: value for name, value in found.run["extra_body"].items() if name not in OURS},
    )
    # Read before anything is asked.
    private = load_prompts(hidden, language=sets[0].language) if hidden else None
    again = _ask(chosen, settings)
    pairs = [pair for each in again.verdicts for pair in zip(before[each.prompt.key], each.strict, strict=True)]
    record: Row = {
        "entry": found.place,
        "date": date.today().isoformat(),
        "prompts": len(chosen),
        "seed": seed,
        "verdicts": len(pairs),
        "agreeing": sum(a == b for a, b in pairs),
        "package": ifeval_fi.__version__,
    }
    if private is not None:
        scores = _ask(private, settings)
        record["hidden"] = {"prompts": len(private), "digest": private.digest, "score": scores[HEADLINE[0]]}
    path = record_file(records, found.place)
    write_atomically(path, dumps([*load_records(records, found.place), record], indent=2) + "\n")
    return record


def _ask(prompts: PromptSet, settings: RunSettings) -> Scores:
    """The model's scores on the prompts; nothing of its answers is kept."""
    with tempfile.TemporaryDirectory() as place:
        result = run_prompts(prompts, settings, Path(place))
        if not result.finished:
            raise SubmissionError(result.summary)
        return score(prompts, load_responses(result.journal).responses)


def record_file(records: Path, place: str) -> Path:
    """Where the reproductions of an entry are written down."""
    return records / f"{place.replace('/', '__')}.json"


def load_records(records: Path, place: str) -> list[Row]:
    """The reproductions of an entry, oldest first; SubmissionError when their file is damaged."""
    path = record_file(records, place)
    if not path.exists():
        return []
    rows = read_json(path, SubmissionError)
    if not isinstance(rows, list) or not all(map(_is_record, rows)):
        raise SubmissionError(f"{path}: is not what `leaderboard reproduce` writes")
    # Two entries may share a file name; the record says whose it is.
    return [row for row in rows if row["entry"] == place]


def _is_record(row: Any) -> bool:
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("entry", "date")):
        return False
    if not _DAY.fullmatch(row["date"]):
        return False
    hidden = row.get("hidden", {"score": 0.0})
    if not isinstance(hidden, dict) or type(hidden.get("score")) not in (int, float) or not 0 <= hidden["score"] <= 1:
        return False
    counts: list[Any] = [row.get(name) for name in ("agreeing", "verdicts", "prompts")]
    if not all(type(count) is int and count < MOST for count in counts):
        return False
    return bool(0 <= counts[0] <= counts[1] > 0 < counts[2])


def is_reproduced(records: Sequence[Row]) -> bool:
    """Whether the latest record of an entry agrees well enough."""
    return bool(records) and records[-1]["agreeing"] >= AGREEING * records[-1]["verdicts"]
