"""What scoring found of submissions, kept for the next build: the same files and package give the same verdicts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import Row, dumps
from ifeval_fi.leaderboard.entry import FILES
from ifeval_fi.prompts import PromptSet
from ifeval_fi.resources import resource

if TYPE_CHECKING:
    from importlib.abc import Traversable

_NAME = re.compile(r"[0-9a-f]{64}\.(?:json|html)")


def package_digest() -> str:
    """Of every file that a verdict or a page could depend on."""
    found = sha256()
    for root in (resource(), resource("data")):
        for file in _files(root):
            found.update(f"{file.name}\n".encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            yield from () if each.name == "__pycache__" else _files(each)
        else:
            yield each


@dataclass(frozen=True)
class Kept:
    """A folder of scored submissions and their answers pages, each under the hash of all that they depend on."""

    folder: Path
    package: str = field(default_factory=package_digest)

    def key(self, submission: Path, prompts: PromptSet) -> str:
        """The hash for a submission whose three files can be read."""
        parts = [self.package, submission.parent.name, submission.name, prompts.digest]
        parts += [sha256((submission / name).read_bytes()).hexdigest() for name in FILES]
        return sha256("\n".join(parts).encode()).hexdigest()

    def page(self, key: str) -> Path:
        """Where the answers page lies."""
        return self.folder / f"{key}.html"

    def find(self, key: str) -> Row | None:
        """What was found; None when nothing is kept, or what is kept is damaged."""
        try:
            row = json.loads((self.folder / f"{key}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return row if isinstance(row, dict) and self.page(key).is_file() else None

    def save(self, key: str, row: Row) -> None:
        """Keep it; its page is there already."""
        write_atomically(self.folder / f"{key}.json", dumps(row))

    def drop_all_but(self, keys: set[str]) -> None:
        """Let go of what the board holds no longer."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if _NAME.fullmatch(path.name) and path.stem not in keys:
                path.unlink()
