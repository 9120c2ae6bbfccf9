"""The verdict cases: `tests/cases/<language>/<instruction id with ':' as '_'>.jsonl`, one case a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from paths import CASES

from ifeval_fi.rules import careful_checks


@dataclass(frozen=True)
class Case:
    """A response, an instruction's arguments and whether a careful reader says it was followed, with the reason."""

    instruction_id: str
    line: int
    kwargs: dict[str, Any]
    response: str
    expected: bool
    why: str


def case_files(language: str) -> dict[str, list[Case]]:
    """The cases of the language by instruction id."""
    return {
        name: [
            Case(name, number, **json.loads(line))
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
            if line.strip()
        ]
        for name in careful_checks()
        if (path := CASES / language / f"{name.replace(':', '_')}.jsonl").exists()
    }
