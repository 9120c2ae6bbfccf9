"""Prepare a submission from a run folder, and the questions whose answers make its entry.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ifeval_fi.jsonl import Row, read_text
from ifeval_fi.leaderboard.entry import SubmissionError, digest, model_folder, write_submission
from ifeval_fi.leaderboard.verify import Verification, verify, verify_all

QUESTIONS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("model.id", "Model, as organisation/name", str),
    ("model.revision", "Revision of the weights (commit, tag or hash; date of use for a cloud model)", str),
    (
        "model.parameters_b",
        "Parameters in thousands of millions, e.g. 8.0 (empty: not published)",
        lambda text: float(text) if text else None,
    ),
    ("model.base_model", "Base model (empty: none)", lambda text: text or None),
    ("model.license", "Licence (SPDX identifier, e.g. Apache-2.0)", str),
    ("model.open_weights", "Are the weights open? yes/no", lambda text: text == "yes"),
    ("model.open_data", "Is the training data open? yes/no", lambda text: text == "yes"),
    ("model.open_code", "Is the training code open? yes/no", lambda text: text == "yes"),
    ("model.developer", "Developer", str),
    ("model.country", "Country of the developer (two letters, e.g. FI)", str.upper),
    ("model.eu", "Made in the European Union? yes/no", lambda text: text == "yes"),
    ("model.languages", "Languages (codes with spaces between, e.g. fi sv en)", str.split),
    ("model.released", "Released (YYYY-MM-DD)", str),
    ("model.trained_on_ifeval", "Trained on IFEval-like data? yes/no/unknown", str),
    ("setup.quantisation", "Quantisation (empty: none)", lambda text: text or None),
    ("setup.server", "Server, e.g. vLLM", str),
    ("setup.server_version", "Its version", str),
    ("setup.hardware", "Hardware, e.g. 1 × H100 80 GB", str),
    ("setup.reasoning", "Reasoning: on/off/none", str),
    ("setup.tokens_per_second", "Tokens a second (empty: not measured)", lambda text: float(text) if text else None),
    ("contact", "Contact (name, e-mail or page)", str),
)


def ask_entry(ask: Callable[[str], str]) -> Row:
    """The metadata of an entry from the answers to the questions; a wrong answer is asked again."""
    entry: Row = {"schema": 1, "model": {}, "setup": {}}
    for place, question, parse in QUESTIONS:
        group, _, name = place.rpartition(".")
        target = entry[group] if group else entry
        while name not in target:
            try:
                target[name] = parse(ask(question).strip())
            except ValueError:
                continue
    return entry


def submit(run: Path, entry_file: Path, root: Path, *, name: str | None = None) -> Verification:
    """Write the submission of a run folder below `root` and verify it; nothing stays when it is not accepted."""
    try:
        entry = json.loads(read_text(entry_file, SubmissionError))
    except ValueError as problem:
        raise SubmissionError(f"{entry_file}: not JSON: {problem}") from None
    if not isinstance(entry, dict) or not isinstance(entry.get("model"), dict) or "id" not in entry["model"]:
        raise SubmissionError(f"{entry_file}: lacks model.id; `ifeval-fi leaderboard init` asks for all it needs")
    answers = read_text(run / "responses.jsonl", SubmissionError).encode("utf-8")
    run_json = read_text(run / "run.json", SubmissionError).encode("utf-8")
    folder = root / model_folder(str(entry["model"]["id"])) / (name or run.name)
    if not folder.resolve().is_relative_to(root.resolve()):
        raise SubmissionError(
            f"{entry_file}: model.id {entry['model']['id']!r:.60} leads out of the submissions folder"
        )
    others = tuple(verify_all(root)) if root.is_dir() else ()
    write_submission(folder, entry | {"answers_sha256": digest(answers)}, run_json, answers)
    found = verify(folder, others=others)
    if not found.accepted:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    return found
