"""The README's examples do what it says."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
COMMANDS = re.findall(r"^(?:ifeval-fi) ([a-z-]+)((?: [^#\n]*)?)", README, re.MULTILINE)


def test_python_example_prints_what_it_says() -> None:
    expected = [
        line.partition("  # ")[2] for block in PYTHON for line in block.splitlines() if line.startswith("print")
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(PYTHON)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == expected


@pytest.mark.parametrize(("command", "arguments"), COMMANDS)
def test_commands_and_their_options_exist(command: str, arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ifeval_fi", command, "--help"], capture_output=True, text=True, check=True
    )
    for option in re.findall(r"--[a-z-]+", arguments):
        assert option in done.stdout


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", re.findall(r"^    make ([a-z-]+)", README, re.MULTILINE))
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
