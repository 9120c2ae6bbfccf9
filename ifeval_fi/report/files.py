"""Reports as files: each form by the ending of its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ifeval_fi.errors import IfevalError
from ifeval_fi.files import write_all
from ifeval_fi.report.asking import asked_table
from ifeval_fi.report.board import Board, board_tables, load_entries, records
from ifeval_fi.report.content import run_tables
from ifeval_fi.report.curves import Curves, curve_table, find_curves
from ifeval_fi.report.tables import Table, csv_text, latex, markdown

Format = Literal["terminal", "html", "markdown", "csv", "latex"]
_SUFFIXES: dict[str, Format] = {".html": "html", ".md": "markdown", ".csv": "csv", ".tex": "latex"}


def write_report(
    runs: Sequence[Path],
    files: Sequence[Path],
    *,
    prompts: str | Path | None = None,
    responses: Path | str | None = None,
    x: str | None = None,
) -> list[Path]:
    """Write every file or, when one cannot be made, none."""
    board = Board(load_entries(runs))
    curves = find_curves(board.entries, x)
    source, answers = str(prompts) if prompts else None, Path(responses) if responses else None
    write_all({path: report_text(format_of(path), runs, board, source, answers, curves) for path in files})
    return list(files)


def report_text(
    form: Format,
    runs: Sequence[Path],
    board: Board,
    prompts: str | None = None,
    responses: Path | None = None,
    curves: Sequence[Curves] = (),
) -> str:
    """The report of results in one form, with the curves that `find_curves` has found."""
    return _html(runs, board, prompts, responses, curves) if form == "html" else _text(board, form, curves)


def format_of(path: Path) -> Format:
    if path.suffix not in _SUFFIXES:
        raise IfevalError(f"{path}: must end in {', '.join(_SUFFIXES)}; figures go with --figures FOLDER")
    return _SUFFIXES[path.suffix]


def _html(
    runs: Sequence[Path], board: Board, prompts: str | None, responses: Path | None, curves: Sequence[Curves]
) -> str:
    from ifeval_fi.report.html import board_page, run_page
    from ifeval_fi.scoring.results import load_results

    if len(runs) > 1:
        from ifeval_fi.report.pairs import load_pairs

        return board_page(board, load_pairs(runs), curves)
    return run_page(load_results(runs[0], prompts=prompts, responses=responses))


def _text(board: Board, form: Format, curves: Sequence[Curves]) -> str:
    entries = list(board.ordered())
    if form == "csv":
        return csv_text(records(entries))
    single = len(entries) == 1
    shown = run_tables(entries[0].summary) if single else [*board_tables(board), *map(curve_table, curves)]
    tables = [*shown, *asked_of(board)]
    notes = [*signature_lines(board), *(f"Not comparable: {warning}" for warning in board.warnings)]
    heading = f"IFEval: {entries[0].name}" if single else "IFEval"
    return markdown(heading, tables, notes) if form == "markdown" else latex(tables, notes)


def asked_of(board: Board) -> Sequence[Table]:
    """How the answers of each result were asked for, where its folder tells."""
    several = len({entry.name for entry in board.entries}) < len(board.entries)
    return asked_table(
        {f"{entry.name}, {entry.prompt_set}" if several else entry.name: entry.run for entry in board.ordered()}
    )


def signature_lines(board: Board) -> list[str]:
    return [f"{'; '.join(who)}: {signature}" for signature, who in board.signatures.items()]
