"""Who may write in a folder, where the file system knows no locks: numbered files, each made once and kept alive.

The highest number is the claim that counts. It stands until its holder writes its end, is seen to be dead on this
machine, or has given no sign of life for a while; then whoever makes the next number has the claim. A number is made
by exactly one process (O_EXCL holds on Lustre, GPFS and NFS) and never removed, so that no two can inherit.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from time import monotonic, time
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import dumps, loads

BEAT_SECONDS = 15.0
DEAD_SECONDS = 120.0
"""A claim that gave no sign of life for so long is its holder's no more."""


class Held(IfevalError):
    """Another process has the claim; `holder` is what its file says, e.g. `host`."""

    def __init__(self, folder: Path, holder: dict[str, Any]) -> None:
        self.holder = holder
        super().__init__(f"{folder}: held by process {holder.get('pid', '?')} on {holder.get('host', 'a machine')}")


class Claim:
    """A claim that this process has; it is kept alive by a thread until `release`.

    `on_loss` is called from that thread when another process has taken over, as after a long halt of this machine.
    """

    def __init__(self, folder: Path, number: int, on_loss: Callable[[], None] | None = None) -> None:
        self.folder = folder
        self.number = number
        self._path = folder / _name(number)
        self._on_loss = on_loss
        self._alive_at = monotonic()
        self._taken_over = False
        self._released = threading.Event()
        self._beating = threading.Thread(target=self._beat, name=f"claim {folder}", daemon=True)
        self._beating.start()

    def __enter__(self) -> Claim:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    @property
    def lost(self) -> bool:
        """Whether another process may write here by now."""
        return self._taken_over or monotonic() - self._alive_at > DEAD_SECONDS * 0.75

    def release(self) -> None:
        """Let others claim it."""
        self._stop()
        if not self.lost:
            with suppress(OSError, IfevalError):
                write_atomically(self._path, dumps({**_self(), "ended": _now()}) + "\n")

    def forget(self) -> None:
        """Release it and leave no trace; only where nothing was written under it."""
        self._stop()
        if not self.lost:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _stop(self) -> None:
        self._released.set()
        if threading.current_thread() is not self._beating:
            self._beating.join()

    def _beat(self) -> None:
        while not self._released.wait(BEAT_SECONDS):
            with suppress(OSError):
                self._taken_over = (self.folder / _name(self.number + 1)).exists()
                if not self._taken_over:
                    os.utime(self._path)
                    self._alive_at = monotonic()
            if self.lost:
                if self._on_loss is not None:
                    self._on_loss()
                return


def claim(folder: Path, on_loss: Callable[[], None] | None = None) -> Claim:
    """Claim the folder, which holds nothing but its claims; Held when another process has it."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        number = _latest(folder)
        if number and (holder := _holder(folder, number)) is not None:
            raise Held(folder, holder)
        try:
            descriptor = os.open(folder / _name(number + 1), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(dumps(_self()) + "\n")
        return Claim(folder, number + 1, on_loss)


def holder(folder: Path) -> dict[str, Any] | None:
    """What the claim's holder says of itself; None when nobody has it."""
    number = _latest(folder) if folder.is_dir() else 0
    return _holder(folder, number) if number else None


def attempts(folder: Path) -> int:
    """How often the folder was claimed."""
    return _latest(folder) if folder.is_dir() else 0


def _name(number: int) -> str:
    return f"{number:04d}.json"


def _latest(folder: Path) -> int:
    return max((int(path.stem) for path in folder.glob("[0-9]*.json") if path.stem.isdecimal()), default=0)


def _holder(folder: Path, number: int) -> dict[str, Any] | None:
    path = folder / _name(number)
    try:
        said = loads(path.read_bytes() or b"{}")
        silent = _now_there(folder) - path.stat().st_mtime
    except (OSError, ValueError):
        # It is being replaced, or written, this moment.
        return {}
    if not isinstance(said, dict) or "ended" in said or silent > DEAD_SECONDS:
        return None
    if said.get("machine") == _machine() and not _lives(said.get("pid"), said.get("since")):
        return None
    return said


def _now_there(folder: Path) -> float:
    """The time by the clock that stamps files there, which may be the file server's."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".now.") as file:
            return os.fstat(file.fileno()).st_mtime
    except OSError:
        # Whoever may only read here asks out of interest.
        return time()


def _self() -> dict[str, Any]:
    process = os.getpid()
    return {
        "host": socket.gethostname(),
        "machine": _machine(),
        "pid": process,
        "since": _since(process),
        "begun": _now(),
    }


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _machine() -> str:
    """What tells whether a process number means the same process here: the host, its boot and the namespace."""
    parts = [socket.gethostname()]
    if sys.platform == "linux":
        with suppress(OSError):
            parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
            parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return " ".join(parts)


def _since(process: int) -> str | None:
    """When the process was started, in ticks since the boot; None where that cannot be told."""
    try:
        # The second field, the program's name in brackets, may hold spaces.
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def _lives(process: object, since: object) -> bool:
    """False only where it is sure."""
    if sys.platform != "linux" or not isinstance(process, int):
        return True
    return _since(process) == since
