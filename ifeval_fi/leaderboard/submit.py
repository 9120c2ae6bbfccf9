"""Prepare a submission from a run folder, and the questions whose answers make its entry.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

from jsonschema import Draft202012Validator

from ifeval_fi.files import read_text
from ifeval_fi.jsonl import Row
from ifeval_fi.leaderboard.entry import (
    ENTRY_SCHEMA,
    RUN_NAME,
    SubmissionError,
    digest,
    model_folder,
    strict_json,
    write_submission,
)
from ifeval_fi.leaderboard.examine import examine
from ifeval_fi.leaderboard.verify import Prompts, Verification
from ifeval_fi.resources import resource


def _yes(text: str) -> bool:
    if text.lower() not in ("yes", "y", "no", "n"):
        raise ValueError("answer yes or no")
    return text.lower().startswith("y")


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


def _text(text: str) -> str | None:
    return text or None


QUESTIONS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("model.id", "Model, as organisation/name", str),
    ("model.revision", "Revision of the weights (commit, tag or hash; date of use for a cloud model)", str),
    ("model.parameters_b", "Parameters in thousands of millions, e.g. 8.0 (empty: not published)", _number),
    ("model.base_model", "Base model (empty: none)", _text),
    ("model.license", "Licence (SPDX identifier, e.g. Apache-2.0)", str),
    ("model.open_weights", "Are the weights open? yes/no", _yes),
    ("model.open_data", "Is the training data open? yes/no", _yes),
    ("model.open_code", "Is the training code open? yes/no", _yes),
    ("model.developer", "Developer", str),
    ("model.country", "Country of the developer (two letters, e.g. FI)", str.upper),
    ("model.eu", "Made in the European Union? yes/no", _yes),
    ("model.languages", "Languages (codes with spaces between, e.g. fi sv en)", str.split),
    ("model.released", "Released (YYYY-MM-DD)", str),
    ("model.trained_on_ifeval", "Trained on IFEval-like data? yes/no/unknown", str),
    ("setup.quantisation", "Quantisation (empty: none)", _text),
    ("setup.server", "Server, e.g. vLLM", str),
    ("setup.server_version", "Its version", str),
    ("setup.hardware", "Hardware, e.g. 1 × H100 80 GB", str),
    ("setup.reasoning", "Reasoning: on/off/none", str),
    ("setup.tokens_per_second", "Tokens a second (empty: not measured)", _number),
    ("contact", "Contact (name, e-mail or page)", str),
)


Ask = Callable[[str, str], str]


def ask_entry(ask: Ask, say: Callable[[str], object], known: Row) -> Row:
    """The metadata of an entry: `ask` gets a question and the answer that `known` suggests, `say` what is wrong."""
    schema = json.loads(resource("schemas", ENTRY_SCHEMA).read_text("utf-8"))
    entry: Row = {"schema": 1, "model": {}, "setup": {}}
    for place, question, parse in QUESTIONS:
        group, _, name = place.rpartition(".")
        target, rules = (entry[group], schema["properties"][group]) if group else (entry, schema)
        while name not in target:
            try:
                value = parse(ask(question, str(known.get(place, ""))).strip())
            except ValueError as problem:
                say(f"Not understood: {problem}")
                continue
            problems = list(Draft202012Validator(rules["properties"][name]).iter_errors(value))
            if problems:
                say(f"Not possible: {problems[0].message[:200]}")
            else:
                target[name] = value
    return entry


def known_of_run(run: Path) -> Row:
    """Suggested answers from what a run folder knows of its server and model."""
    try:
        settings = strict_json(read_text(run / "run.json", SubmissionError))
        identity, server = settings["identity"], settings["server"]
        engine = identity["engine"] or {}
        known = {
            "model.id": identity["model"] if "/" in identity["model"] else "",
            "model.revision": engine.get("model_sha256", "")[:12],
            "setup.server": engine.get("name") or server["engine"],
            "setup.server_version": engine.get("version") or server["version"],
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SubmissionError(f"{run / 'run.json'}: is not what `ifeval-fi run` writes") from None
    return {place: value for place, value in known.items() if value}


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
    found = next(each for each in examine(root, jobs=jobs, prompts=prompts, scored=place) if each.place == place)
    if not found.accepted:
        rmtree(folder)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()
    return found
