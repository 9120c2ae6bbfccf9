"""What a model follows in one language and not in the other, pair by pair."""

from __future__ import annotations

from pathlib import Path

from scored import PROMPTS, broken, scored_run

from ifeval_fi.prompts import load_prompts
from ifeval_fi.report.board import Board, load_entries
from ifeval_fi.report.html import board_page
from ifeval_fi.report.pairs import load_pairs

ENGLISH = load_prompts("en").select(limit=40)


def test_pairs_are_counted_by_key_and_what_failed_is_said(tmp_path: Path) -> None:
    finnish = scored_run(tmp_path / "fi", edit=broken(0, 1, text="Yes, no, maybe"))
    english = scored_run(tmp_path / "en", prompts=ENGLISH, edit=broken(*range(40), text="Hello there."))
    counts, by_instruction, differing = load_pairs([finnish, english])
    (row,) = counts.rows
    name, languages, total, both, first, second, neither, _ = row
    assert (name, languages, total) == ("malli", "EN · FI", "40")
    assert sum(map(int, (both, first, second, neither))) == 40
    assert int(second) > int(first)
    assert len(differing.rows) == int(first) + int(second)
    lost = next(row for row in differing.rows if row[1] == "FI")
    assert ":" in lost[2]
    assert {row[0] for row in by_instruction.rows} <= {i.id for p in PROMPTS for i in p.instructions}
    assert "The same prompts in two languages" in board_page(
        Board(load_entries([finnish, english])), [counts, by_instruction, differing]
    )


def test_one_language_has_no_pairs(tmp_path: Path) -> None:
    assert load_pairs([scored_run(tmp_path / "a"), scored_run(tmp_path / "b", model="toinen")]) == []
