"""Reports: the same numbers in every format, and nothing an answer holds takes hold in a page."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT
from scored import HOSTILE, PROMPTS, broken, identity, scored_run

from ifeval_fi.cli import main
from ifeval_fi.errors import MissingEngine
from ifeval_fi.report.board import Board, Entry, board_tables, load_entries, study_table
from ifeval_fi.report.content import run_tables
from ifeval_fi.report.html import _script_json, board_page, run_page
from ifeval_fi.report.tables import Table, csv_text, latex, markdown, one_line, showable
from ifeval_fi.scoring.results import ResultsError, load_results, load_scores, load_verdicts
from ifeval_fi.scoring.signature import DECISIVE

NAME = "</title><script>alert(1)</script> \x1b[31m=1+1|$\\frac\n\ud800"


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["report", *map(str, arguments)])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


class Page(HTMLParser):
    """The elements of a page, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.data: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.data.setdefault(self.tags[-1] if self.tags else "", []).append(data)


def test_page_holds_hostile_text_as_text(tmp_path: Path) -> None:
    calm = Page(run_page(load_results(scored_run(tmp_path / "calm"))))
    run = scored_run(tmp_path / "hostile", model=NAME, edit=broken(*range(12), text=HOSTILE))
    text = run_page(load_results(run))
    text.encode("utf-8")
    page = Page(text)
    assert page.tags.count("script") == calm.tags.count("script") == 2
    assert page.tags.count("img") == 0
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "style")]
    samples = json.loads(page.data["script"][0])["samples"]
    assert samples[0]["response"] == HOSTILE
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u2028\u2029\u202e]", text)


@given(st.text(st.characters(codec=None)))
def test_any_text_stays_data_inside_the_script(text: str) -> None:
    embedded = _script_json({"text": text})
    assert json.loads(embedded) == {"text": text}
    assert not set(embedded) & set("<>&\u2028\u2029\u202e")
    embedded.encode("utf-8")


@given(st.text(st.characters(codec=None)))
def test_any_text_makes_one_cell(text: str) -> None:
    table = Table("t", ("a", "b"), [(text, "1")])
    lines = markdown("h", [table], []).split("\n")
    assert len(lines) == len(markdown("h", [Table("t", ("a", "b"), [("x", "1")])], []).split("\n"))
    assert list(csv.reader(io.StringIO(csv_text([{"a": text, "b": "1"}]))))[1][1] == "1"


def test_nothing_scored_is_said_and_not_zero(tmp_path: Path) -> None:
    def fail(index: int, row: dict[str, Any]) -> None:
        row.pop("response")
        row["outcome"] = "failed"

    run = scored_run(tmp_path / "run", edit=fail)
    assert "Nothing was scored" in run_page(load_results(run))
    assert study_table(Board(load_entries([run]))).rows == [["malli", "–", "–"]]


def test_page_is_the_same_every_time_and_asks_nothing_of_the_network(tmp_path: Path) -> None:
    run = scored_run(tmp_path / "run", edit=broken(1, 2))
    text = run_page(load_results(run))
    assert text == run_page(load_results(run))
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", text)


def test_page_shows_failed_missing_and_unstored_answers(tmp_path: Path) -> None:
    def edit(index: int, row: dict[str, Any]) -> None:
        if index == 0:
            row.pop("response")
            row["outcome"] = "failed"

    run = scored_run(tmp_path / "run", edit=edit)
    text = run_page(load_results(run))
    assert "Incomplete." in text
    (run / "responses.jsonl").rename(tmp_path / "elsewhere.jsonl")
    samples = json.loads(Page(run_page(load_results(run))).data["script"][0])["samples"]
    assert samples[0]["outcome"] == "missing"
    assert "response" not in samples[1]
    back = load_results(run, responses=tmp_path / "elsewhere.jsonl")
    assert json.loads(Page(run_page(back)).data["script"][0])["samples"][0]["outcome"] == "failed"


def test_every_format_has_the_headline_and_the_signature(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = scored_run(tmp_path / "run", edit=broken(*range(7)))
    scores = load_scores(run)
    shown = f"{100 * scores['inst_level_strict_acc']:.1f}"
    for form in ("terminal", "markdown", "latex", "html"):
        assert call(run, "--format", form) == 0
        out = capsys.readouterr().out
        assert shown in out, form
        for part in DECISIVE:
            assert f"{part}:" in out.replace("\\", ""), form
    assert call(run, "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    found = next(row for row in rows if row["measure"] == "inst_level_strict_acc")
    assert float(found["value"]) == scores["inst_level_strict_acc"]
    assert {row["signature"] for row in rows} == {scores["signature"]}
    assert {row["group"] for row in rows} == {"", "category", "instruction"}


def test_command_writes_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = scored_run(tmp_path / "run")
    assert call(run) == 0
    assert (run / "report.html").is_file()
    wanted = [tmp_path / f"report{ending}" for ending in (".html", ".md", ".csv", ".tex")]
    assert call(run, *(each for path in wanted for each in ("--output", path))) == 0
    assert all(path.stat().st_size > 500 for path in wanted)
    assert call() == 2
    assert call(run, "--output", tmp_path / "report.pdf") == 2
    assert call(tmp_path) == 2
    assert "has no scores.json" in capsys.readouterr().err


def test_cells_are_escaped() -> None:
    table = Table("a", ("x", "y"), [(NAME, "1")])
    assert "<script" not in markdown(NAME, [table], [NAME])
    assert r"\|" in markdown("a", [table], [])
    tex = latex([table], [NAME])
    assert r"\$\textbackslash{}frac" in tex
    assert "\x1b" not in tex
    for start in "=+-@":
        cell = next(csv.DictReader(io.StringIO(csv_text([{"model": f"{start}cmd()"}]))))["model"]
        assert cell == f"'{start}cmd()"
    assert one_line(" a\n\tb ") == "a b"
    assert showable("\x1b[31m\ud800\u202ea\nb") == "\ufffd[31m\ufffd\ufffda\nb"


def entry(name: str, language: str, followed: int, **summary: Any) -> Entry:
    """One of several results, of a hundred prompts."""
    signature = f"prompts:{language}|n:100|sha:1|rules:r-1|detector:d|samples:1|decoding:greedy|version:1"
    fields = {"strict_acc": followed / 100, "strict_acc_ci95": [0.1, 0.9], "n": 100}
    values = {
        "language": language,
        "complete": True,
        "signature": signature,
        "inst_level_strict_acc": followed / 100,
        "response_language_rate": 0.95,
        "by_category": {"keywords": fields},
        "by_instruction": {"keywords:existence": fields},
        "counts": {"truncated": 0, "scored": 100},
    }
    return Entry(name, values | summary, tuple((key, key < followed) for key in range(100)))


def test_study_table_pairs_languages_and_ranks(tmp_path: Path) -> None:
    board = Board([entry("a", "fi", 40), entry("a", "en", 70), entry("b", "fi", 85), entry("c", "fi", 83)])
    table = study_table(board)
    assert table.columns == ["model", "EN %", "FI %", "answers in FI %", "rank, FI"]
    assert table.rows == [
        ["b", "–", "85.0", "95.0", "1–2"],
        ["c", "–", "83.0", "95.0", "1–2"],
        ["a", "70.0", "40.0", "95.0", "3"],
    ]
    assert not board.warnings


def test_two_sets_of_one_language_stand_in_columns_of_their_own() -> None:
    native = entry("a", "fi", 20)
    native.summary["signature"] = native.summary["signature"].replace("prompts:fi|", "prompts:fi-native-1.0|")
    older = entry("b", "fi", 30)
    older.summary["signature"] = older.summary["signature"].replace("prompts:fi|", "prompts:fi-1.0|")
    board = Board([entry("a", "fi", 40), native, older])
    table = study_table(board)
    assert table.columns[:3] == ["model", "FI %", "FI-NATIVE %"]
    assert [row[:3] for row in table.rows] == [["a", "40.0", "20.0"], ["b", "30.0", "–"]]
    assert board.warnings == ["fi: a and b differ in prompts"]
    assert "Finnish and Finnish native prompts" in board_page(board)


def test_results_that_differ_are_not_ranked_silently() -> None:
    other = entry("b", "fi", 50)
    other.summary["signature"] = other.summary["signature"].replace("greedy", "warm")
    board = Board([entry("a", "fi", 40), other])
    assert board.warnings == ["fi: a and b differ in decoding"] or board.warnings == ["fi: b and a differ in decoding"]
    assert board.ranks("fi") == {}
    assert "rank, FI" not in study_table(board).columns
    assert Board([entry("a", "fi", 40, complete=False)]).warnings == ["a, fi: incomplete"]


def test_runs_of_one_model_are_told_apart_by_folder(tmp_path: Path) -> None:
    folders = [scored_run(tmp_path / name, model="m") for name in ("one", "two")]
    assert [each.name for each in load_entries(folders)] == ["m (one)", "m (two)"]
    with pytest.raises(ResultsError, match="same model under the same name"):
        load_entries([folders[0], folders[0]])
    assert len(board_tables(Board(load_entries(folders)))) == 3


def test_figures_are_drawn_alike_every_time_whatever_the_names(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from xml.etree import ElementTree

    from ifeval_fi.report.figures import accuracy_figure, heat_map

    board = Board([entry(one_line(NAME), "fi", 40), entry(one_line(NAME), "en", 60), entry("b" * 300, "fi", 10)])
    for draw in (accuracy_figure, heat_map):
        svg = draw(board)
        assert svg == draw(board)
        ElementTree.fromstring(svg)
        assert draw(board, form="png").startswith(b"\x89PNG")
    page = Page(board_page(board))
    assert page.tags.count("script") == 0
    assert page.tags.count("img") == 1


def test_without_matplotlib_there_is_an_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    from ifeval_fi.report.figures import accuracy_figure

    board = Board([entry("a", "fi", 1), entry("b", "fi", 2)])
    with pytest.raises(MissingEngine, match=r'pip install "ifeval-fi\[report\]"'):
        accuracy_figure(board)
    page = board_page(board)
    assert "No figure here: figures need matplotlib" in page
    assert Page(page).tags.count("img") == 0


def test_readers_name_the_place_of_a_fault(tmp_path: Path) -> None:
    run = scored_run(tmp_path / "run", prompts=PROMPTS.select(limit=3))
    rows = load_verdicts(run)
    assert len(rows) == 3
    path = run / "verdicts.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], json.dumps(rows[1] | {"strict": "yes"})]), encoding="utf-8")
    with pytest.raises(ResultsError, match="line 2: strict"):
        load_verdicts(run)
    (run / "scores.json").write_text("{", encoding="utf-8")
    with pytest.raises(ResultsError, match="not JSON"):
        load_scores(run)
    (run / "scores.json").write_text('{"schema": 2}', encoding="utf-8")
    with pytest.raises(ResultsError, match="score the responses again"):
        load_scores(run)


def test_samples_have_their_own_table() -> None:
    summary: dict[str, Any] = entry("a", "fi", 40).summary | {
        "prompt_level_strict_pass_at": {"1": 0.25, "4": 0.5},
        "counts": dict.fromkeys(("prompts", "instructions", "answered", "truncated", "failed", "missing", "scored"), 1),
        "denominator": "all",
    }
    rows = [list(row[:2]) for row in run_tables(summary)[0].rows]
    assert ["prompt level, strict, pass@4", "50.0"] in rows


def test_importing_the_package_loads_no_report_engine() -> None:
    code = "import sys, ifeval_fi.cli.report, ifeval_fi.cli.compare; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"jinja2", "matplotlib", "jsonschema", "numpy", "scipy"} & set(done.stdout.split())


def test_identity_is_the_schema_s(tmp_path: Path) -> None:
    from ifeval_fi.runner.journal import schema_problem

    assert schema_problem("responses.schema.json", {"run": identity("m", PROMPTS)}) is None
