"""The pages that the documentation makes from the program can be made, and leave nothing out."""

from __future__ import annotations

import sys

from paths import ROOT

import ifeval_fi
from ifeval_fi.rules import careful_checks

sys.path.insert(0, str(ROOT / "tools"))
import made_pages


def test_every_public_name_has_a_place() -> None:
    page = made_pages.names()
    assert page.count("\n::: ifeval_fi.") == len(set(ifeval_fi.__all__) - {"__version__", "report"})


def test_every_instruction_and_command_has_a_line() -> None:
    page = made_pages.instructions()
    assert all(f"| `{name}` |" in page for name in careful_checks())
    assert all(f"ifeval-fi {command}" in made_pages.commands() for command in ("run", "score", "sweep", "generate"))
