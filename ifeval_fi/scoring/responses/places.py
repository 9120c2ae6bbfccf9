"""Which file of a folder holds the answers, and what kind of file it is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ifeval_fi.errors import ResponseError
from ifeval_fi.jsonl import Row, read_json
from ifeval_fi.scoring.responses.inspect_log import is_inspect_log

ANSWERS = ("responses.jsonl", "responses.jsonl.gz")
"""What a run's answers are called in its folder, and in a submission."""
# What other frameworks call their logs, and who they are.
_LOGS = {
    "samples_*.jsonl": "lm-eval's sample logs",
    "*.eval": "Inspect's logs",
    "details_*.parquet": "lighteval's details",
}
_FIGURES = (
    "lm-eval's file of figures holds no answers; score the samples_*.jsonl that `lm_eval --log_samples` writes "
    "(or of lighteval, the details_*.parquet of --save-details)"
)


def answers_file(path: Path) -> Path:
    """The file of answers in a run folder, a submission or another framework's results folder; else the path itself.

    ResponseError for a folder with several or none, and for a file of figures, which holds no answers.
    """
    if path.is_dir():
        return _in_folder(path)
    if path.suffix == ".json" and path.is_file():
        value = read_json(path, ResponseError)
        if isinstance(value, dict) and "results" in value and not is_inspect_log(value):
            logs = sorted(path.parent.glob(f"samples_*{path.stem.removeprefix('results')}.jsonl"))
            beside = f"; beside it lies {', '.join(log.name for log in logs)}" if logs else ""
            raise ResponseError(f"{path}: {_FIGURES}{beside}")
    return path


def _in_folder(folder: Path) -> Path:
    for name in ANSWERS:
        if (folder / name).is_file():
            return folder / name
    for pattern, whose in _LOGS.items():
        logs = sorted(folder.rglob(pattern))
        if len(logs) > 1:
            names = ", ".join(str(log.relative_to(folder)) for log in logs[:8])
            raise ResponseError(f"{folder}: holds {len(logs)} of {whose}; name one of them: {names}")
        if logs:
            return logs[0]
    if any(folder.rglob("results_*.json")):
        raise ResponseError(f"{folder}: {_FIGURES}")
    return folder / ANSWERS[0]


def head_of(path: Path) -> bytes:
    """The first bytes of a plain file, which tell an archive and a table from text; none of a pipe or a packed file."""
    if path.is_file() and path.suffix != ".gz":
        with suppress(OSError), path.open("rb") as file:
            return file.read(4)
    return b""


def json_log(path: Path) -> Row | None:
    """Inspect's log in a file of one JSON object; None for any other file."""
    if path.suffix != ".json" or not path.is_file():
        return None
    value = read_json(path, ResponseError)
    return value if is_inspect_log(value) else None
