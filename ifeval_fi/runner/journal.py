"""The journal of a run: append-only, one line per finished sample after a header with the run's identity."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import dumps, read_text, write_atomically
from ifeval_fi.schemas import schema_problem

JOURNAL, SETTINGS = "responses.jsonl", "run.json"
FORMAT = 1
_NOT_COMPARED = frozenset({"package", "prompts.name", "prompts.source"})

Sample = tuple[int | str, int]


class JournalError(IfevalError):
    """A run directory holds something else than this run; the message says what to do."""


class Journal:
    """The open and locked journal of one run directory; `identity` is None until a header is written."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.path = directory / JOURNAL
        self.identity: dict[str, Any] | None = None
        self._made_directory = not directory.exists()
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._file = _locked(self.path)
        except OSError as problem:
            raise JournalError(f"{self.path}: {problem.strerror or problem}") from None

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the lock; a journal in which nothing was written leaves no trace."""
        if self._file.closed:
            return
        if os.fstat(self._file.fileno()).st_size == 0 and os.name == "posix":
            self.path.unlink(missing_ok=True)
            if self._made_directory and not any(self.directory.iterdir()):
                self.directory.rmdir()
        self._file.close()

    def recover(self) -> Iterator[dict[str, Any]]:
        """The lines after the header, oldest first; a torn last line is cut off, another damaged line is an error."""
        self._cut_torn_line()
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                row = self._parsed(number, line)
                if (number == 1) != ("run" in row):
                    what = "no run's header" if number == 1 else "a second header"
                    raise JournalError(f"{self.path}, line {number}: {what}; choose another --output")
                if number == 1:
                    self.identity = row["run"]
                else:
                    yield row

    def begin(self, identity: Mapping[str, Any]) -> None:
        """Write the header of a new journal."""
        self.identity = dict(identity)
        self.append([{"run": self.identity}])

    def append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the rows and return when they are on the disk."""
        block = memoryview("".join(dumps(row) + "\n" for row in rows).encode())
        while block:
            block = block[self._file.write(block) :]
        os.fsync(self._file.fileno())

    def _cut_torn_line(self) -> None:
        end = size = self._file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 65536)
            self._file.seek(start)
            newline = self._file.read(end - start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        if end < size:
            self._file.truncate(end)

    def _parsed(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as damage:
            raise JournalError(
                f"{self.path}, line {number}: damaged ({damage}); remove that line to have it asked again"
            ) from None
        if problem := schema_problem("responses.schema.json", row):
            raise JournalError(f"{self.path}, line {number}: {problem}")
        assert isinstance(row, dict)
        return row


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What keeps two identities from being one run, in words."""
    old, new = (dict(_flat("", identity)) for identity in (before, now))
    return [
        f"{name} {old.get(name)!r} there, {new.get(name)!r} now"
        for name in sorted(old.keys() | new.keys())
        if name not in _NOT_COMPARED and old.get(name) != new.get(name)
    ]


def _flat(prefix: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    elif value not in ({}, None):
        yield prefix, value


def write_settings(directory: Path, settings: Mapping[str, Any]) -> None:
    """Write `run.json`."""
    write_atomically(directory / SETTINGS, json.dumps(settings, ensure_ascii=False, indent=2) + "\n")


def read_settings(directory: Path) -> dict[str, Any]:
    """The validated `run.json` of a run directory; JournalError says what is wrong with it."""
    path = directory / SETTINGS
    try:
        value = json.loads(read_text(path, JournalError))
    except ValueError as problem:
        raise JournalError(f"{path}: not JSON: {problem}") from None
    if found := schema_problem("run.schema.json", value):
        raise JournalError(f"{path}: {found}")
    assert isinstance(value, dict)
    return value


def _locked(path: Path) -> FileIO:
    while True:
        file = path.open("a+b", buffering=0)
        try:
            _lock(file)
        except OSError:
            file.close()
            raise JournalError(
                f"another run is writing to {path.parent}; wait for it or choose another --output"
            ) from None
        try:
            same = os.path.samestat(path.stat(), os.fstat(file.fileno()))
        except FileNotFoundError:
            same = False
        if same:
            return file
        file.close()


if sys.platform == "win32":

    def _lock(file: FileIO) -> None:
        import msvcrt

        # A byte far beyond the end: the lock is mandatory there, and readers must stay able to read.
        file.seek(2**31 - 2)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:

    def _lock(file: FileIO) -> None:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
