"""Ask k prompts of an entry again, greedily, and record how often the verdicts agree."""

from __future__ import annotations

import json
import random
import tempfile
from datetime import date
from pathlib import Path

from ifeval_fi.jsonl import Row, read_text, write_atomically
from ifeval_fi.leaderboard.entry import SubmissionError
from ifeval_fi.leaderboard.verify import verify
from ifeval_fi.prompts import load_prompts
from ifeval_fi.responses import load_responses
from ifeval_fi.run import run_prompts
from ifeval_fi.scoring import score
from ifeval_fi.settings import RunSettings

SEED = 12345


def reproduce(folder: Path, records: Path, *, k: int, model: str | None, base_urls: tuple[str, ...]) -> Row:
    """Verdict agreement on k prompts drawn with a fixed seed; the record is appended to `records`.

    The settings are the entry's, but for a greedy temperature. SubmissionError when the entry is not valid or
    the server did not answer every prompt.
    """
    found = verify(folder)
    if not found.accepted or found.run is None or found.scores is None:
        raise SubmissionError(f"{folder}: not valid ({'; '.join(found.errors[:3])}); verify it first")
    run = found.run
    prompts = load_prompts(run["prompts"]["language"])
    keys = random.Random(SEED).sample([prompt.key for prompt in prompts], min(k, len(prompts)))
    chosen = prompts.select(keys=keys)
    settings = RunSettings(
        model=model,
        base_urls=base_urls,
        max_tokens=run["decoding"]["max_tokens"],
        system_prompt=run["system_prompt"],
        extra_body=run["extra_body"],
    )
    with tempfile.TemporaryDirectory() as place:
        result = run_prompts(chosen, settings, Path(place))
        if not result.finished:
            raise SubmissionError(result.summary)
        again = score(chosen, load_responses(result.journal).responses)
    before = {each.prompt.key: each.strict for each in found.scores.verdicts if not each.sample}
    pairs = [(a, b) for each in again.verdicts for a, b in zip(before[each.prompt.key], each.strict, strict=True)]
    record: Row = {
        "entry": f"{folder.parent.name}/{folder.name}",
        "date": date.today().isoformat(),
        "prompts": len(chosen),
        "seed": SEED,
        "verdicts": len(pairs),
        "agreeing": sum(a == b for a, b in pairs),
    }
    path = records / f"{folder.parent.name}__{folder.name}.json"
    earlier = json.loads(read_text(path)) if path.exists() else []
    write_atomically(path, json.dumps([*earlier, record], indent=2) + "\n")
    return record
