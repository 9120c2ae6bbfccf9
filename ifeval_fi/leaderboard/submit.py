"""Prepare a submission from a run folder."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

from ifeval_fi.files import read_text
from ifeval_fi.leaderboard.entry import (
    RUN_NAME,
    SubmissionError,
    digest,
    model_folder,
    strict_json,
    write_submission,
)
from ifeval_fi.leaderboard.examine import examine
from ifeval_fi.leaderboard.verify import Prompts, Verification


def submit(
    run: Path, entry_file: Path, root: Path, *, name: str | None = None, jobs: int = 0, prompts: Prompts | None = None
) -> Verification:
    """Write the submission of a run folder below `root` and verify it; nothing stays when it is not accepted."""
    try:
        entry = strict_json(read_text(entry_file, SubmissionError))
    except (ValueError, RecursionError) as problem:
        raise SubmissionError(f"{entry_file}: not JSON: {problem}") from None
    if not isinstance(entry, dict) or not isinstance(entry.get("model"), dict) or "id" not in entry["model"]:
        raise SubmissionError(f"{entry_file}: lacks model.id; `ifeval-fi leaderboard init` asks for all it needs")
    answers = read_text(run / "responses.jsonl", SubmissionError).encode("utf-8")
    run_json = read_text(run / "run.json", SubmissionError).encode("utf-8")
    name = name or run.resolve().name
    if not RUN_NAME.fullmatch(name):
        raise SubmissionError(f"--name {name!r}: letters, digits, point, hyphen and underscore only, at most 91")
    model = model_folder(str(entry["model"]["id"]))
    folder = root / model / name
    if not model.isprintable() or folder.resolve().parent.parent != root.resolve():
        raise SubmissionError(
            f"{entry_file}: model.id {entry['model']['id']!r:.60} leads out of the submissions folder"
        )
    write_submission(folder, entry | {"answers_sha256": digest(answers)}, run_json, answers)
    place = f"{folder.parent.name}/{folder.name}"
    examined = examine(root, jobs=jobs, prompts=prompts, scored=frozenset((place,)))
    found = next(each for each in examined if each.place == place)
    if not found.accepted:
        rmtree(folder)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()
    return found
