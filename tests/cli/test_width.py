"""What commands print fits 80 columns: no table is wider, no word of one is broken, whatever the model is called."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from paths import ROOT
from rich.cells import cell_len
from scored import broken, scored_run

from ifeval_fi.cli import main
from ifeval_fi.rules import careful_checks

LONG = "HuggingFaceTB/SmolLM2-135M-Instruct-GPTQ-Int4"
UNBREAKABLE = "sft_epoch3_lr2e5_longrunningexperimentwithoutanybreak"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    scored_run(Path("a"), model=LONG, edit=broken(1, 3, 5))
    scored_run(Path("b"), model=UNBREAKABLE, edit=broken(2, 3, 5, 8))
    scored_run(Path("c"), model="malli", edit=broken(7))
    return ("a", "b", "c")


def shown(capsys: pytest.CaptureFixture[str], *call: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(call)
    told = capsys.readouterr()
    assert not ended.value.code, told.err
    return told.out


def tables(text: str) -> list[str]:
    """The lines of tables: each from a title's next line to an empty one or the note below."""
    lines, within = [], False
    for line in text.splitlines():
        within = within or line.startswith("──")
        if not line.strip():
            within = False
        if within or "──" in line or re.search(r"\S {2,}\S", line):
            lines.append(line)
    return [line for line in lines if re.search(r"──|\S {2,}\S", line)]


@pytest.mark.parametrize(
    "call",
    [
        ("report", "a"),
        ("report", "a", "b"),
        ("report", "a", "b", "c"),
        ("score", "b"),
        ("compare", "a", "b"),
        ("list",),
        ("leaderboard", "choose", "en", "--root", str(ROOT / "leaderboard" / "submissions"), "--jobs", "1"),
    ],
    ids=" ".join,
)
def test_no_table_is_wider_than_80_columns(
    runs: tuple[str, ...], call: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    found = tables(shown(capsys, *call))
    assert len(found) > 5
    assert not [line for line in found if cell_len(line) > 80]


def test_no_name_of_ours_is_broken(runs: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    words = {part for name in careful_checks() if not name.startswith("fi:") for part in name.split(":")}
    told = set(re.split(r"[\s:]+", shown(capsys, "list")))
    assert words <= told
    told = set(re.split(r"[\s:=]+", shown(capsys, "report", "a", "b", "c")))
    assert {"instruction", "level", "strict", "detectable", "constraints", "SmolLM2-135M-"} <= told


def test_a_run_is_told_once(runs: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Where every answer is in the language and loose is as strict, two rows say what eight said."""
    scored_run(Path("whole"))
    told = shown(capsys, "score", "whole")
    assert told.count("level, strict = loose = strict, in") == 2
    assert told.count("level, ") == 2
    assert "0 failed" not in told
    shutil.rmtree("whole")


def test_how_it_was_asked_is_shown_outside_html_too(runs: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert f"Asked: model {LONG}; decoding max_tokens 256, temperature 0.0" in shown(capsys, "report", "a")
    assert "| decoding | max\\_tokens 256, temperature 0.0 |" in shown(capsys, "report", "a", "--format", "markdown")
    assert "How they were asked" in shown(capsys, "report", "a", "b")
