"""The journal of a run: append-only, one line per finished sample after a header with the run's identity."""

from __future__ import annotations

import errno
import itertools
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from io import FileIO
from pathlib import Path
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import dumps, lines_of, loads, read_json
from ifeval_fi.runner.claim import Claim, Held, claim
from ifeval_fi.schemas import schema_problem

JOURNAL, SETTINGS, CLAIMS = "responses.jsonl", "run.json", ".responses.claims"
BATCH, REQUESTS = "batch.json", "batch-requests.jsonl"
_BESIDE = ("scores.json", "verdicts.jsonl", "report.html", BATCH, REQUESTS)
FORMAT = 1
# What a lock says that another process holds, and what a file system says that does not know fsync.
_HELD = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, getattr(errno, "EDEADLOCK", errno.EDEADLK)})
_UNKNOWN = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.ENOTTY})
_NOT_COMPARED = frozenset({"package", "name", "prompts.name", "prompts.source"})

Sample = tuple[int | str, int]


class JournalError(IfevalError):
    """A run directory holds something else than this run; the message says what to do."""


class Journal:
    """The open journal of one run directory, nobody else's until it is closed; `identity` is None without a header.

    Where the file system knows no locks, as Lustre without flock, a claim beside the journal stands for one.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.path = directory / JOURNAL
        self.identity: dict[str, Any] | None = None
        with _reason(directory):
            self._made_directory = not directory.exists()
            directory.mkdir(parents=True, exist_ok=True)
        with _reason(self.path):
            self._made = not os.path.lexists(self.path)
            if self.path.exists() and not self.path.is_file():
                raise JournalError(f"{self.path}: is no plain file; choose another --output")
            self._file, self._claim = _locked(self.path)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the lock; a journal in which nothing was written leaves no trace."""
        if self._file.closed:
            return
        unused = self._made and os.fstat(self._file.fileno()).st_size == 0
        if self._claim is not None:
            self._claim.forget() if unused else self._claim.release()
        if unused and os.name == "posix":
            with suppress(OSError):
                self.path.unlink()
                if self._made_directory:
                    self.directory.rmdir()
        self._file.close()

    def recover(self) -> Iterator[dict[str, Any]]:
        """The lines after the header, oldest first; another damaged line than a lost node leaves is an error.

        Such are a torn last line and lines with holes, which are taken out and asked again.
        """
        with _reason(self.path):
            self._cut_torn_line()
            self._close_holes()
        with _reason(self.path), self.path.open("rb") as lines:
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
        """Write the header of a new journal; JournalError says why it cannot be written."""
        with _reason(self.path):
            self.append([{"run": dict(identity)}])
        self.identity = dict(identity)

    def append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the rows and return when they are on the disk; after an OSError only whole lines stay."""
        if self._claim is not None and self._claim.lost:
            raise OSError(errno.ESTALE, "another run has taken it over, after this one gave no sign of life")
        block = memoryview(lines_of(rows).encode())
        try:
            while block:
                block = block[self._file.write(block) :]
            _sync(self._file)
        except OSError:
            with suppress(OSError):
                self._cut_torn_line()
            raise

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

    def _close_holes(self) -> None:
        """Take out lines with NUL bytes: blocks that were never written when the node that wrote there was lost.

        JSON holds no such byte, and what was reported as written has none. A file without its header is another kind
        of file, and stays as it is.
        """
        with self.path.open("rb") as lines:
            intact = len(header := lines.readline())
            if b"\0" in header:
                return
            for line in lines:
                if b"\0" in line:
                    break
                intact += len(line)
            else:
                return
            rest = memoryview(b"".join(line for line in lines if b"\0" not in line))
        self._file.truncate(intact)
        while rest:
            rest = rest[self._file.write(rest) :]
        _sync(self._file)

    def _parsed(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            row = loads(line)
        except ValueError as damage:
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


def day(started: str) -> str:
    """The time of a run.json to the minute, e.g. `2026-11-20 14:03 UTC`."""
    return f"{started[:16].replace('T', ' ')} UTC"


def set_aside(directory: Path) -> Path | None:
    """Move what a run has written in the directory into a folder of its own there, named by when the run was begun.

    None when there is nothing to move. JournalError says why it cannot be moved, or that another run writes there.
    """
    files = [directory / name for name in (JOURNAL, SETTINGS, *_BESIDE) if (directory / name).exists()]
    if not files:
        return None
    with Journal(directory), _reason(directory):
        stamp = datetime.fromtimestamp(files[0].stat().st_mtime, timezone.utc).isoformat(timespec="seconds")
        if (directory / SETTINGS).exists():
            stamp = read_settings(directory)["started"]
        name = f"before-{re.sub(r'[^0-9T]', '', stamp[:19])}"
        place = next(
            place
            for number in itertools.count(1)
            if not (place := directory / (name if number == 1 else f"{name}-{number}")).exists()
        )
        place.mkdir()
        for file in files:
            file.rename(place / file.name)
    return place


def write_settings(directory: Path, settings: Mapping[str, Any]) -> None:
    """Write `run.json`."""
    write_atomically(directory / SETTINGS, dumps(settings, indent=2) + "\n")


def read_settings(directory: Path) -> dict[str, Any]:
    """The validated `run.json` of a run directory; JournalError says what is wrong with it."""
    path = directory / SETTINGS
    value = read_json(path, JournalError)
    if found := schema_problem("run.schema.json", value):
        raise JournalError(f"{path}: {found}")
    assert isinstance(value, dict)
    return value


@contextmanager
def _reason(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        reason = "is no folder" if isinstance(problem, FileExistsError) else problem.strerror or problem
        raise JournalError(f"{path}: {reason}; choose another --output, or mend that") from None


def _sync(file: FileIO) -> None:
    try:
        os.fsync(file.fileno())
    except OSError as problem:
        if problem.errno not in _UNKNOWN:
            raise


def _locked(path: Path) -> tuple[FileIO, Claim | None]:
    """The file, open and locked, or the claim that stands for the lock; JournalError when another run has it."""
    while True:
        file = path.open("a+b", buffering=0)
        claimed = None
        try:
            try:
                _lock(file)
            except OSError as problem:
                if problem.errno in _HELD:
                    raise
                claimed = claim(path.parent / CLAIMS)
        except (OSError, Held) as problem:
            file.close()
            if isinstance(problem, OSError) and problem.errno not in _HELD:
                raise
            where = f" on {problem.holder['host']}" if isinstance(problem, Held) and "host" in problem.holder else ""
            raise JournalError(
                f"another run{where} is writing to {path.parent}; wait for it or choose another --output"
            ) from None
        try:
            same = os.path.samestat(path.stat(), os.fstat(file.fileno()))
        except FileNotFoundError:
            same = False
        if same:
            return file, claimed
        if claimed is not None:
            claimed.release()
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
