"""Python examples print what they say and links lead somewhere; test_commands.py runs the commands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
PLACES = ("*.md", "docs/**/*.md", "leaderboard/*.md", "tasks/*.md", "data/*/*.md", "examples/**/*.md")
PAGES = sorted(page for place in PLACES for page in ROOT.glob(place))


def test_python_example_prints_what_it_says() -> None:
    expected = [
        line.partition("  # ")[2] for block in PYTHON for line in block.splitlines() if line.startswith("print")
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(PYTHON)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == expected


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
    code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    code.append(
        "from ifeval_fi.curation.chat import row_of\n"
        "from ifeval_fi.integrations.verl import compute_score\n"
        "row = row_of(drawn.prompt, 'verl')\n"
        "asked = row['reward_model']['ground_truth']\n"
        "assert compute_score(row['data_source'], drawn.sample, asked)['followed_all'] == 1\n"
        "assert compute_score(row['data_source'], '.', asked)['score'] < 1\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(code)], capture_output=True, text=True, cwd=tmp_path, timeout=100
    )
    assert done.returncode == 0, done.stderr


def without_code(page: Path) -> str:
    text = re.sub(r"^( *)```.*?^ *```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^    .*$", "", text, flags=re.MULTILINE)


def places(page: Path) -> set[str]:
    """The names under which a page's headings can be linked to: "## How it was made" is how-it-was-made."""
    found: Counter[str] = Counter()
    names = set()
    for heading in re.findall(r"^#+ +(.+)$", without_code(page), re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        names.add(f"{words}-{found[words]}" if found[words] else words)
        found[words] += 1
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in places(file), target


def test_every_page_stands_in_the_sites_navigation() -> None:
    """`make docs` builds the site; this holds without its tools."""
    named = set(re.findall(r'= "([\w/-]+\.md)"', (ROOT / "zensical.toml").read_text("utf-8")))
    pages = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    pages |= {f"sets/{card.parent.name}.md" for card in ROOT.glob("data/*/CARD.md")}
    made = {"index.md", "tasks.md", "leaderboard.md", "contributing.md", "changelog.md"}
    assert named == pages | made | {"commands.md", "instructions.md", "api.md"}


@pytest.mark.parametrize("target", re.findall(r"^    make ([a-z-]+)", README, re.MULTILINE))
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
