"""The page on training says what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from inspect import signature
from pathlib import Path

import pytest
from paths import ROOT

from ifeval_fi import Reward, callback
from ifeval_fi.integrations.evaluation import Evaluation

PAGE = (ROOT / "docs" / "training.md").read_text("utf-8")


def table(heading: str) -> set[str]:
    """The options that the table below a heading names."""
    rows = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?`) \|", rows, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)", cell)}


def test_the_examples_print_what_they_say(tmp_path: Path) -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    expected = [line.rpartition("  # ")[2] for line in code.splitlines() if line.startswith("print")]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=100)
    assert done.stdout.splitlines() == expected, done.stderr


def test_every_option_is_told_and_there() -> None:
    assert table("A reward") == {field.name for field in fields(Reward)}
    inner = {"prompts", "output", "model", "settings"}
    own = {name for name in signature(callback).parameters if name not in ("trainer", "prompts", "output", "options")}
    assert (
        table("Evaluations in the course of a training") == own | {field.name for field in fields(Evaluation)} - inner
    )


@pytest.mark.parametrize("command", re.findall(r"^ {4}ifeval-fi ([a-z].*)$", PAGE, re.MULTILINE))
def test_commands_and_their_options_exist(command: str) -> None:
    name, *_ = command.split()
    done = subprocess.run(
        [sys.executable, "-m", "ifeval_fi", name, "--help"], capture_output=True, text=True, check=True
    )
    for option in re.findall(r"--[a-z-]+", command):
        assert option in done.stdout


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", PAGE))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / "docs" / target).exists()
