"""Submissions on disk: what belongs in one, how large it may be, and how it is read without trusting it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ifeval_fi.errors import IfevalError
from ifeval_fi.journal import schema_problem
from ifeval_fi.jsonl import Row, write_atomically

FILES = ("entry.json", "run.json", "responses.jsonl.gz")
MOST_BYTES = {"entry.json": 64 * 2**10, "run.json": 256 * 2**10, "responses.jsonl.gz": 32 * 2**20}
MOST_UNPACKED = 128 * 2**20
MOST_ANSWER = 400_000
ENTRY_SCHEMA = "entry.schema.json"


class SubmissionError(IfevalError):
    """A submission cannot be read or prepared at all."""


@dataclass(frozen=True)
class Entry:
    """The metadata of one submission and where it lies; `place` is `<org>__<model>/<run>`."""

    folder: Path
    data: Row

    @property
    def model(self) -> Row:
        model: Row = self.data["model"]
        return model

    @property
    def place(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"


def model_folder(model_id: str) -> str:
    """The folder of a model: `org/name` lies in `org__name`."""
    return model_id.replace("/", "__")


def stray_files(folder: Path) -> Iterator[str]:
    """What is in the folder and does not belong, or is missing, a link, or too large; one sentence each."""
    present = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    for name in sorted(present.keys() - set(FILES)):
        yield f"{name} does not belong in a submission"
    for name in FILES:
        path = present.get(name)
        if path is None:
            yield f"{name} is missing"
        elif path.is_symlink() or not path.is_file():
            yield f"{name} is a link or no plain file"
        elif path.stat().st_size > MOST_BYTES[name]:
            yield f"{name} is larger than {MOST_BYTES[name] // 1024} KiB"


def read_json(path: Path, schema: str) -> tuple[Row | None, str | None]:
    """The object in a small file and what is wrong with it; at most one of the two is None."""
    try:
        value = json.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        return None, f"{path.name}: not readable as JSON ({type(problem).__name__})"
    problem_text = schema_problem(schema, value)
    return (value if isinstance(value, dict) else None), (f"{path.name}: {problem_text}" if problem_text else None)


def read_answers(path: Path) -> bytes:
    """The unpacked answers; SubmissionError for what is no gzip file or unpacks to more than is allowed."""
    try:
        with gzip.open(path, "rb") as packed:
            content = packed.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise SubmissionError(f"{path.name}: no whole gzip file ({problem})") from None
    if len(content) > MOST_UNPACKED:
        raise SubmissionError(f"{path.name}: unpacks to more than {MOST_UNPACKED // 2**20} MiB")
    return content


def digest(answers: bytes) -> str:
    return hashlib.sha256(answers).hexdigest()


def write_submission(folder: Path, entry: Row, run_json: bytes, answers: bytes) -> None:
    """Write the three files; the same content gives the same bytes, and an existing submission is never changed."""
    if folder.exists():
        raise SubmissionError(f"{folder}: is there already; records are append-only, choose another run name")
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0, compresslevel=9) as file:
        file.write(answers)
    write_atomically(folder / "entry.json", json.dumps(entry, ensure_ascii=False, indent=2) + "\n")
    write_atomically(folder / "run.json", run_json)
    write_atomically(folder / "responses.jsonl.gz", packed.getvalue())


def submissions(root: Path) -> list[Path]:
    """Every run folder below a submissions folder, in alphabetical order."""
    return sorted(path for path in root.glob("*/*") if path.is_dir())
