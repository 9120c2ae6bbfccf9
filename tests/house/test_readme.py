"""The README's examples do what it says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from misbehaving_server import MisbehavingServer
from paths import ROOT

from ifeval_fi.runner.endpoint import KEY_VARIABLES

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = [
    line.partition("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("ifeval-fi ")
]
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


def test_every_command_works_in_the_order_they_stand_in_an_empty_folder(tmp_path: Path) -> None:
    """With a server where the README says there is one, and the file of answers that the reader brings."""
    shutil.copy(ROOT / "data" / "fi" / "samples.jsonl", tmp_path / "answers.jsonl")
    environment = {name: value for name, value in os.environ.items() if name not in KEY_VARIABLES}
    assert len(SHELL) == 6
    with MisbehavingServer(models=("my-model",)) as server:
        for line in SHELL:
            arguments = shlex.split(line.replace("http://127.0.0.1:8000/v1", server.url))[1:]
            done = subprocess.run(
                [sys.executable, "-m", "ifeval_fi", *arguments],
                capture_output=True,
                text=True,
                cwd=tmp_path,
                env=environment,
                timeout=100,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert (tmp_path / "runs" / "my-model-fi-1.1-510" / "report.html").is_file()
    assert (tmp_path / "results" / "scores.json").is_file()
    assert (tmp_path / "report.html").is_file()


def test_the_page_on_python_prints_what_it_says(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    expected = [line.rpartition("  # ")[2] for line in code.splitlines() if line.startswith("print")]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=200)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == expected


def test_the_page_on_generation_does_what_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "generation.md").read_text("utf-8")
    lines = [
        line.partition("  #")[0].strip()
        for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
        for line in block.splitlines()
    ]
    assert len(lines) == 3
    calls = [[sys.executable, "-m", "ifeval_fi", *shlex.split(line)[1:]] for line in lines]
    code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    code.append(
        "from ifeval_fi.curation.chat import row_of\n"
        "row = row_of(drawn.prompt, 'verl')\n"
        "asked = row['reward_model']['ground_truth']\n"
        "assert compute_score(row['data_source'], drawn.sample, asked, row['extra_info']) == 1\n"
        "assert compute_score(row['data_source'], '.', asked) < 1\n"
    )
    for call in (*calls, [sys.executable, "-c", "\n".join(code)]):
        done = subprocess.run(call, capture_output=True, text=True, cwd=tmp_path, timeout=100)
        assert done.returncode == 0, f"{call}\n{done.stdout}{done.stderr}"
    assert len((tmp_path / "train.jsonl").read_text("utf-8").splitlines()) == 200


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", re.findall(r"^    make ([a-z-]+)", README, re.MULTILINE))
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
