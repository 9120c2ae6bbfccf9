"""Two results compared, and the gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from scored import HOSTILE, PROMPTS, SAMPLES, broken, scored_run

from ifeval_fi.cli import main
from ifeval_fi.prompts import load_prompts
from ifeval_fi.report.comparison import comparison_markdown, comparison_tables, flip_lines, junit
from ifeval_fi.runner.journal import schema_problem
from ifeval_fi.scoring import score
from ifeval_fi.scoring.compare import CompareError, Comparison, compare, comparison_row, judge
from ifeval_fi.scoring.results import ResultsError, load_results


def compared(tmp_path: Path, *places: int, text: str = "Yes, no, x.", **options: Any) -> Comparison:
    base = load_results(scored_run(tmp_path / "base"))
    candidate = load_results(scored_run(tmp_path / "candidate", edit=broken(*places, text=text)))
    return compare(base, candidate, **options)


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["compare", *map(str, arguments)])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_a_result_equals_itself(tmp_path: Path) -> None:
    comparison = compared(tmp_path)
    assert comparison.flips == ()
    rate = comparison.summary["rates"]["prompt_level_strict_acc"]
    assert (rate["change"], rate["p"], rate["ci95"]) == (0, 1, [0, 0])
    assert comparison.summary["agreement"] == dict.fromkeys(
        ("prompts", "instructions", "languages", "identical_answers"), 1.0
    )
    assert judge(comparison, max_drop=0).outcome == "pass"


def test_what_broke_is_named_and_counted(tmp_path: Path) -> None:
    comparison = compared(tmp_path, 0, 3)
    assert [flip.base.prompt.key for flip in comparison.flips] == [PROMPTS[0].key, PROMPTS[3].key]
    assert all(flip.kind == "lost" and flip.broke and not flip.fixed for flip in comparison.flips)
    rate = comparison.summary["rates"]["prompt_level_strict_acc"]
    assert rate["change"] == pytest.approx(-2 / 40)
    assert rate["p_drop"] == pytest.approx(0.25)
    lost = sum(row["broke"] for row in comparison.summary["by_instruction"].values())
    assert lost == sum(len(flip.broke) for flip in comparison.flips)
    assert comparison.summary["languages"]["candidate"].get("fi", 0) == 40 - 2
    backwards = compare(comparison.candidate, comparison.base)
    assert [flip.kind for flip in backwards.flips] == ["gained", "gained"]
    assert backwards.summary["rates"]["prompt_level_strict_acc"]["change"] == pytest.approx(2 / 40)


def test_gate_needs_both_size_and_significance(tmp_path: Path) -> None:
    few = compared(tmp_path / "few", 0, 3, 5, 7)
    prompts = "prompt_level_strict_acc"
    assert judge(few, max_drop=2, metric=prompts).outcome == "inconclusive"
    assert not judge(few, max_drop=2, metric=prompts).blocks
    assert judge(few, max_drop=2, metric=prompts, strict=True).blocks
    assert judge(few, max_drop=15).outcome == "pass"
    many = compared(tmp_path / "many", *range(10))
    assert judge(many, max_drop=2).outcome == "fail"
    assert judge(many, max_drop=2).blocks
    assert judge(many, max_drop=45).outcome == "pass"
    assert judge(many, max_drop=2, metric="prompt_level_strict_acc").outcome == "fail"


def test_a_gate_says_what_was_tested_and_a_pass_what_it_could_have_missed(tmp_path: Path) -> None:
    many = compared(tmp_path / "many", *range(10))
    failed = judge(many, max_drop=2)
    assert "not by chance (one-sided test against no change, p" in failed.reason
    assert "prompt_level_strict_acc changed by" in failed.reason
    same = judge(compared(tmp_path / "few", 0, 3), max_drop=20)
    assert "would often not be seen" in same.reason


def test_non_inferiority_passes_only_what_is_shown_to_be_close(tmp_path: Path) -> None:
    few = compared(tmp_path / "few", 0, 3)
    unshown = judge(few, max_drop=2, non_inferiority=True)
    assert (unshown.outcome, unshown.blocks) == ("fail", True)
    assert "is not shown (one-sided test against a drop of 2" in unshown.reason
    assert judge(few, max_drop=20, non_inferiority=True).outcome == "pass"
    same = compared(tmp_path / "same")
    assert judge(same, max_drop=1, non_inferiority=True).outcome == "pass"


@pytest.mark.parametrize(
    ("options", "wanted"),
    [({"max_drop": -1}, "--max-drop"), ({"max_drop": 101}, "--max-drop"), ({"max_drop": 1, "metric": "x"}, "--metric")],
)
def test_senseless_gates_are_errors(tmp_path: Path, options: dict[str, Any], wanted: str) -> None:
    with pytest.raises(CompareError, match=wanted):
        judge(compared(tmp_path), **options)


def test_other_decoding_is_refused_unless_allowed(tmp_path: Path) -> None:
    base = load_results(scored_run(tmp_path / "base"))
    warm = {"max_tokens": 256, "temperature": 0.7, "top_p": None, "seed": 1}
    candidate = load_results(scored_run(tmp_path / "warm", decoding=warm))
    with pytest.raises(CompareError, match=r"decoding .*temperature=0.0 and .*temperature=0.7"):
        compare(base, candidate)
    assert compare(base, candidate, allow_different=True).summary["differing"] == ["decoding"]


def test_other_prompts_are_refused_and_pair_by_key_when_allowed(tmp_path: Path) -> None:
    base = load_results(scored_run(tmp_path / "base"))
    fewer = load_results(scored_run(tmp_path / "fewer", prompts=PROMPTS.select(limit=30)))
    with pytest.raises(CompareError, match="differ in n 40 and 30; sha"):
        compare(base, fewer)
    assert compare(base, fewer, allow_different=True).summary["answers"] == {
        "paired": 30,
        "only_base": 10,
        "only_candidate": 0,
    }
    others = load_prompts("fi").select(keys=[prompt.key for prompt in load_prompts("fi")[50:60]])
    other = load_results(scored_run(tmp_path / "other", prompts=others))
    with pytest.raises(CompareError, match="no prompt in common"):
        compare(base, other, allow_different=True)


def test_incomplete_results_are_refused(tmp_path: Path) -> None:
    def fail(index: int, row: dict[str, Any]) -> None:
        if index == 2:
            row.pop("response")
            row["outcome"] = "failed"

    base = load_results(scored_run(tmp_path / "base"))
    failed = load_results(scored_run(tmp_path / "failed", edit=fail))
    for allow in (False, True):
        with pytest.raises(CompareError, match="incomplete \\(1 failed, 0 missing\\)"):
            compare(base, failed, allow_different=allow)


def test_contradicting_files_are_refused(tmp_path: Path) -> None:
    folder = scored_run(tmp_path / "run")
    path = folder / "scores.json"
    scores = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(scores | {"prompt_level_strict_acc": 0.5}), encoding="utf-8")
    with pytest.raises(ResultsError, match="contradict each other"):
        load_results(folder)


def test_samples_are_compared_within_their_prompt(tmp_path: Path) -> None:
    prompts = PROMPTS.select(limit=10)
    for name, bad in (("base", 0), ("candidate", 6)):
        rows = [
            {"key": p.key, "sample": n, "response": "Yes, no, x." if n == 1 and index < bad else SAMPLES[p.key]}
            for index, p in enumerate(prompts)
            for n in range(2)
        ]
        score(prompts, rows).save(tmp_path / name)
    comparison = compare(load_results(tmp_path / "base"), load_results(tmp_path / "candidate"))
    rate = comparison.summary["rates"]["prompt_level_strict_acc"]
    assert (rate["n"], rate["change"]) == (20, pytest.approx(-6 / 20))
    assert rate["p_drop"] == pytest.approx(1 / 2**6)


def test_every_output_holds_the_flips_and_survives_hostile_answers(tmp_path: Path) -> None:
    comparison = compared(tmp_path, *range(10), text=HOSTILE)
    gate = judge(comparison, max_drop=2)
    row = comparison_row(comparison, gate)
    assert schema_problem("compare.schema.json", row) is None
    assert row["flips"][0]["candidate"]["response"] == HOSTILE
    root = ElementTree.fromstring(junit(comparison, gate))
    assert root.find("testsuite").get("failures") == "1"  # type: ignore[union-attr]
    assert str(PROMPTS[0].key) in (root.findtext(".//failure") or "")
    text = comparison_markdown(comparison, gate)
    assert "<script" not in text
    assert "<img" not in text
    assert text.encode("utf-8").count(b"<details>") == len(list(flip_lines(comparison)))
    assert all(cell.isprintable() for table in comparison_tables(comparison) for row in table.rows for cell in row)


def test_an_inconclusive_gate_is_skipped_in_junit_unless_strict(tmp_path: Path) -> None:
    comparison = compared(tmp_path, 0, 3)
    for strict, failures, skipped in ((False, "0", "1"), (True, "1", "0")):
        suite = ElementTree.fromstring(junit(comparison, judge(comparison, max_drop=1, strict=strict)))[0]
        assert (suite.get("failures"), suite.get("skipped")) == (failures, skipped)


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = scored_run(tmp_path / "base")
    worse = scored_run(tmp_path / "worse", edit=broken(*range(10)))
    assert call(base, worse) == 0
    assert "lost" in capsys.readouterr().out
    files = [tmp_path / f"out.{ending}" for ending in ("json", "md", "html", "xml")]
    wanted = ["--json", files[0], "--markdown", files[1], "--html", files[2], "--junit", files[3]]
    assert call(base, worse, "--max-drop", "2.0", "--alpha", "0.05", *wanted) == 1
    assert "prompt_level_strict_acc changed by -25.0" in capsys.readouterr().out
    first = [file.read_bytes() for file in files]
    assert call(base, worse, "--max-drop", "2.0", *wanted) == 1
    assert first == [file.read_bytes() for file in files]
    assert call(base, base, "--max-drop", "0") == 0
    assert call(base, tmp_path / "none") == 2
    assert call(base, worse, "--junit", files[3]) == 2
    assert call(base, worse, "--alpha", "0.9") == 2
    capsys.readouterr()
