"""Submissions on disk: what belongs in one, how large it may be, and how it is read without trusting it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import math
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ifeval_fi.errors import IfevalError, OutputError
from ifeval_fi.files import write_all
from ifeval_fi.jsonl import Row, count_values, dumps, nests_deeper
from ifeval_fi.schemas import schema_problem

FILES = ("entry.json", "run.json", "responses.jsonl.gz")
MOST_BYTES = {"entry.json": 64 * 2**10, "run.json": 256 * 2**10, "responses.jsonl.gz": 32 * 2**20}
MOST_UNPACKED = 128 * 2**20
MOST_LINE = 4 * 2**20
MOST_LINES = 20_000
MOST_ANSWER = 400_000
FIRST_YEAR = 2015
MOST_DIGITS = 20
MOST_LEVELS = 20
MOST_VALUES = 10_000
ENTRY_SCHEMA = "entry.schema.json"
RUN_NAME = re.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,89}[A-Za-z0-9])?")
# What no folder may be called on some system, whatever its ending: "con", "nul.json".
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


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


def model_folder(model_id: str) -> str:
    """The folder of a model: `org/name` lies in `org__name`."""
    return model_id.replace("/", "__")


def name_problem(name: str) -> str | None:
    """Why a run, or one part of a model's id, cannot have this name; None when it can."""
    if not RUN_NAME.fullmatch(name):
        return "may hold letters, digits, point, hyphen and underscore only, with a letter or digit at both ends"
    return "is a name that some systems keep for themselves" if _RESERVED.fullmatch(name) else None


def id_problem(model_id: str) -> str | None:
    """Why this is no id of a model; None for `organisation/name`."""
    parts = model_id.split("/")
    if len(parts) != 2:
        return "must be organisation/name"
    if "__" in parts[0]:
        return "the organisation cannot hold two underscores in a row, which part it from the name in the folder"
    return next((f"{part!r:.60} {wrong}" for part in parts if (wrong := name_problem(part))), None)


def untidy(value: Any) -> bool:
    """Whether a text in it begins or ends with white space, which would make one name look like another."""
    if isinstance(value, str):
        return value != value.strip()
    if isinstance(value, dict):
        return any(map(untidy, value.values()))
    return isinstance(value, list) and any(map(untidy, value))


def stray_files(folder: Path) -> Iterator[tuple[str, str]]:
    """What is in the folder and does not belong, or is missing, a link, or too large: name and one sentence each."""
    if folder.is_symlink() or folder.parent.is_symlink():
        yield from ((name, f"{name} lies behind a link") for name in FILES)
        return
    present = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    for name in sorted(present.keys() - set(FILES)):
        yield name, f"{name} does not belong in a submission"
    for name in FILES:
        path = present.get(name)
        if path is None:
            yield name, f"{name} is missing"
        elif path.is_symlink() or not path.is_file():
            yield name, f"{name} is a link or no plain file"
        elif path.stat().st_size > MOST_BYTES[name]:
            yield name, f"{name} is larger than {MOST_BYTES[name] // 1024} KiB"


def strict_json(text: str) -> Any:
    """A JSON value; ValueError also for NaN, endless numbers, names that stand twice in one object, deep nesting
    and values by the thousand, which would take many times the text's memory.
    """
    if nests_deeper(text, MOST_LEVELS):
        raise ValueError(f"nested more than {MOST_LEVELS} levels deep")
    if count_values(text) > MOST_VALUES:
        raise ValueError(f"holds more than {MOST_VALUES} values")
    return json.loads(
        text, parse_int=_number(int), parse_float=_number(float), parse_constant=_refuse, object_pairs_hook=_object
    )


def _number(kind: type[int] | type[float]) -> Any:
    def parse(text: str) -> float:
        value = kind(text) if len(text) <= MOST_DIGITS + 5 else math.inf
        if not abs(value) < 10**MOST_DIGITS:
            raise ValueError(f"the number {text[:20]}… is too large or too long")
        return value

    return parse


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> Row:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def read_json(path: Path, schema: str) -> tuple[Row | None, str | None]:
    """The object in a small file, None when it is damaged, and what is wrong with it."""
    try:
        value = strict_json(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        return None, f"{path.name}: not readable as JSON ({str(problem)[:120] or type(problem).__name__})"
    if wrong := schema_problem(schema, value):
        return None, f"{path.name}: {wrong}"
    assert isinstance(value, dict)
    return value, None


def date_problem(text: str) -> str | None:
    """Why this is no day on which a model can have been released; None for e.g. 2025-12-31."""
    moment = _moment(text, "%Y-%m-%d")
    return f"there is no day {text}; write e.g. 2025-12-31" if moment is None else _time_problem(moment, text)


def start_problem(text: str) -> str | None:
    """Why this is no moment at which a run can have begun; None for e.g. 2025-12-31T12:00:00+00:00."""
    moment = _moment(text.removesuffix("Z").removesuffix("+00:00"), "%Y-%m-%dT%H:%M:%S")
    if moment is None:
        return "must be a moment in UTC such as 2025-12-31T12:00:00+00:00"
    return _time_problem(moment, text)


def _moment(text: str, form: str) -> datetime | None:
    try:
        moment = datetime.strptime(text, form).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    return moment if moment.strftime(form) == text else None


def _time_problem(moment: datetime, text: str) -> str | None:
    # A day has begun in some time zones before it has in others.
    if moment > datetime.now(timezone.utc) + timedelta(hours=14):
        return f"{text} is in the future"
    return f"{text} is before there were language models" if moment.year < FIRST_YEAR else None


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
    if folder.exists() or folder.is_symlink():
        raise SubmissionError(f"{folder}: is there already; records are append-only, choose another run name")
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0, compresslevel=9) as file:
        file.write(answers)
    contents: tuple[str | bytes, ...] = (dumps(entry, indent=2) + "\n", run_json, packed.getvalue())
    try:
        write_all({folder / name: content for name, content in zip(FILES, contents, strict=True)})
    except OutputError:
        with suppress(OSError):
            folder.rmdir()
        raise


def submissions(root: Path) -> list[Path]:
    """Every run folder below a submissions folder, in alphabetical order."""
    return sorted(path for path in _below(root) if path.parent != root and path.is_dir())


def strays_of_root(root: Path) -> list[str]:
    """What lies in a submissions folder beside the run folders, and does not belong there."""
    allowed = {root / "README.md", root / ".gitkeep"}
    loose = (path for path in _below(root) if path.is_symlink() or not path.is_dir())
    wrong = sorted(path.relative_to(root) for path in set(loose) - allowed)
    return [f"{path} does not belong in a submissions folder" for path in wrong]


def _below(root: Path) -> Iterator[Path]:
    """What is in the folder, and in the folders in it that are no links."""
    for path in root.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from path.iterdir()
