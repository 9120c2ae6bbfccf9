"""Checkpoints and data mixes become curves, wherever their number stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from scored import broken, scored_run

import ifeval_fi
from ifeval_fi.cli import main
from ifeval_fi.errors import IfevalError
from ifeval_fi.prompts import load_prompts
from ifeval_fi.report.board import Board, Entry, load_entries
from ifeval_fi.report.curves import curve_table, find_curves
from ifeval_fi.report.html import board_page

PROMPTS = load_prompts("fi").select(limit=20)
SIGNATURE = "prompts:{0}-1.1|n:9|sha:0|rules:r-1|detector:d|thinking:removed|samples:1|decoding:unknown|version:1"


def entry(model: str, folder: str = "", language: str = "fi") -> Entry:
    return Entry(model, {"language": language, "signature": SIGNATURE.format(language)}, (), model, folder)


@pytest.mark.parametrize(
    ("axis", "names"),
    [
        ("step", [(f"sft step {n}", f"/runs/checkpoint-{n}-fi") for n in (100, 200, 1000)]),
        ("step", [("llama", f"/out/sft/checkpoint-{n}") for n in (100, 200, 1000)]),
        ("step", [("llama", f"/out/sft/checkpoint-{n}/fi") for n in (100, 200, 1000)]),
        ("step", [(f"org/llama-global_step{n}", "/a") for n in (100, 200, 1000)]),
        ("epoch", [("llama", f"/out/epoch-{n}") for n in (1, 1.5, 2)]),
        ("share of the data, %", [(f"sft-en-fi-{n}", "/a") for n in (0, 25, 100)]),
        ("share of the data, %", [(f"sft {n}% fi step 60", f"/runs/{n}/checkpoint-60-fi") for n in (0, 25, 100)]),
        ("share of the data, %", [("malli", f"/runs/mix-{n}-fi-1.1-510") for n in (0, 25, 100)]),
    ],
)
def test_the_number_is_found_in_the_name_or_the_folder(axis: str, names: list[tuple[str, str]]) -> None:
    [curves] = find_curves([entry(*each) for each in reversed(names)])
    assert curves.axis == axis
    [series] = curves.series
    places = [point.x for point in series.points]
    assert places == sorted(places)
    assert len(places) == 3


def test_series_are_kept_apart_and_share_a_name_over_the_sets() -> None:
    entries = [
        entry(f"{mix} step {n}", f"/runs/{mix}/checkpoint-{n}-{code}", code)
        for mix in ("en-fi-0", "en-fi-50", "en-fi-100")
        for n in (10, 20, 30)
        for code in ("fi", "en")
    ]
    steps, shares = find_curves(entries)
    assert [(each.name, each.prompt_set) for each in steps.series] == [
        (mix, code) for mix in ("en-fi-0", "en-fi-100", "en-fi-50") for code in ("en", "fi")
    ]
    assert {(each.name, each.places) for each in shares.series} == {(f"step {n}", 3) for n in (10, 20, 30)}


def test_two_checkpoints_other_numbers_and_versions_make_no_curve() -> None:
    assert find_curves([entry(f"step {n}") for n in (1, 2)]) == []
    assert find_curves([entry("step 1", language=code) for code in ("fi", "en", "sv")]) == []
    assert find_curves([entry(f"Qwen3-{n}B", f"/runs/Qwen3-{n}B-fi-1.1-510") for n in (1, 4, 8)]) == []


def test_a_pattern_of_ones_own() -> None:
    runs = [entry("m", f"/r/lr{n}e-6/fi") for n in (1, 2, 5)]
    [curves] = find_curves(runs, r"lr(\d+)e")
    assert [point.x for point in curves.series[0].points] == [1, 2, 5]
    for pattern, message in (("lr(", "no regular expression"), (r"lr\d", "group"), (r"nix(\d)", "finds no 3")):
        with pytest.raises(IfevalError, match=message):
            find_curves(runs, pattern)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Ever fewer broken answers."""
    return [
        scored_run(tmp_path / f"checkpoint-{step}-fi", edit=broken(*range(20 - step // 50)), prompts=PROMPTS)
        for step in (1000, 50, 200, 600)
    ]


def test_report_draws_and_tells_it(folders: list[Path], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    options = ["--output", str(tmp_path / "r.html"), "--output", str(tmp_path / "r.md"), "--figures", str(tmp_path)]
    with pytest.raises(SystemExit, match="0"):
        main(["report", *map(str, folders), *options])
    assert {"curve-step.svg", "curve-step.png"} <= {path.name for path in tmp_path.iterdir()}
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Over step, strict, with 95 % intervals" in page
    table = curve_table(find_curves(load_entries(folders))[0])
    assert [row[1] for row in table.rows] == ["50", "200", "600", "1000"]
    assert "Over step, strict" in (tmp_path / "r.md").read_text("utf-8")
    with pytest.raises(IfevalError, match="--x"):
        ifeval_fi.report(folders, tmp_path / "x.html", x="none(1)")


def test_the_figure_is_the_same_every_time_and_missing_rates_leave_gaps(folders: list[Path]) -> None:
    pytest.importorskip("matplotlib")
    from ifeval_fi.report.curve_figure import curve_figure

    entries = load_entries(folders)
    [curves] = find_curves(entries)
    assert curve_figure(curves) == curve_figure(curves)
    del entries[0].summary["response_language_rate"]
    entries[1].summary["by_category"].clear()
    assert b"<svg" in curve_figure(curves)
    assert board_page(Board(load_entries(folders)), curves=[curves]).count("data:image/svg") == 8
