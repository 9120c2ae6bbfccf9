"""A checkout by a git that changes line ends is the same checkout, and a file with others is named as such."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from paths import DATA, ROOT

from ifeval_fi.errors import PromptError
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.responses import load_responses


def git(*arguments: object, cwd: Path) -> str:
    call = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *map(str, arguments)]
    return subprocess.run(call, cwd=cwd, check=True, capture_output=True, text=True, timeout=100).stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("autocrlf", ["true", "input", "false"])
def test_git_leaves_every_byte(tmp_path: Path, autocrlf: str) -> None:
    """Our own .gitattributes, in a repository with files of ours and one that has both kinds of line ends."""
    source = tmp_path / "source"
    shutil.copytree(DATA / "fi", source / "data" / "fi")
    shutil.copy(ROOT / ".gitattributes", source / ".gitattributes")
    (source / "mixed.txt").write_bytes(b"a\r\nb\nc\r")
    git("init", "-q", cwd=source)
    git("-c", f"core.autocrlf={autocrlf}", "add", "-A", cwd=source)
    git("commit", "-qm", "x", cwd=source)
    git("clone", "-q", "-c", f"core.autocrlf={autocrlf}", source, tmp_path / "clone", cwd=tmp_path)
    files = [path.relative_to(source) for path in source.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert len(files) > 4
    for path in files:
        assert (tmp_path / "clone" / path).read_bytes() == (source / path).read_bytes(), path


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(DATA / "fi", tmp_path / "data" / "fi")
    monkeypatch.setattr("ifeval_fi.prompts.resource", lambda *parts: tmp_path.joinpath(*parts))
    return tmp_path / "data" / "fi"


def test_changed_line_ends_are_named(bundle: Path) -> None:
    path = bundle / "prompts.jsonl"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(PromptError, match=r"prompts\.jsonl: its line ends were changed to CRLF.*autocrlf"):
        load_prompts("fi")


def test_another_change_is_no_matter_of_line_ends(bundle: Path) -> None:
    path = bundle / "prompts.jsonl"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(PromptError, match="does not match SHA256SUMS; install the package again"):
        load_prompts("fi")


@pytest.mark.parametrize("content", [b"x  missing.jsonl\n", b"no sum\n", b"\xff", b"x  \n"])
def test_damaged_sums_are_one_sentence(bundle: Path, content: bytes) -> None:
    (bundle / "SHA256SUMS").write_bytes(content)
    with pytest.raises(PromptError):
        load_prompts("fi")


def test_sums_with_other_line_ends_are_read(bundle: Path) -> None:
    path = bundle / "SHA256SUMS"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load_prompts("fi")) == 510


def test_files_of_people_may_have_any_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"key": 1, "response": "a\\r\\nb"}\r\n\r\n{"key": 2, "response": ""}\r\n')
    assert [(each.key, each.text) for each in load_responses(path).responses] == [(1, "a\r\nb"), (2, "")]
