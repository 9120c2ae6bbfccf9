"""`ifeval-fi report`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, get_args

from cyclopts import Parameter

from ifeval_fi.cli import say
from ifeval_fi.errors import IfevalError
from ifeval_fi.files import write_all
from ifeval_fi.report.board import Board, Entry, board_tables, load_entries
from ifeval_fi.report.curves import Curves, curve_table, find_curves
from ifeval_fi.report.files import Format, asked_of, format_of, report_text, signature_lines
from ifeval_fi.report.tables import one_line


def report(
    *runs: Path,
    output: Annotated[tuple[Path, ...], Parameter(name=["--output", "-o"], negative=())] = (),
    format: Format | None = None,
    figures: Path | None = None,
    x: str | None = None,
    prompts: str | None = None,
    responses: Path | None = None,
) -> int:
    """Show results: one run with every answer, or several side by side.

    Without --output and --format, the tables are printed and report.html is written: into the run's folder, or here
    for several runs.

    Parameters
    ----------
    runs
        Run folders, folders that `ifeval-fi score --output` wrote, or submissions of the board.
    output
        File to write; its ending (.html, .md, .csv, .tex) says the format. May be given several times.
    format
        Print this format instead of writing a file.
    figures
        Folder for accuracy, heat map and curves, each as SVG and PNG (extra "report").
    x
        Regular expression whose group is a run's place on a curve's axis, in its name or folder; without it, steps,
        epochs and data mixes are looked for ("checkpoint-200", "epoch-3", "en-fi-25").
    prompts
        The run's prompts, when their language is not bundled: a file, or hub:NAME.
    responses
        The run's answers, when they are not in its folder.
    """
    if not runs:
        raise IfevalError("name at least one run folder")
    if responses and len(runs) > 1:
        raise IfevalError("--responses goes with a single run")
    chosen = [(path, format_of(path)) for path in output]
    board = Board(load_entries(runs))
    curves = find_curves(board.entries, x)

    def text(form: Format) -> str:
        return report_text(form, runs, board, prompts, responses, curves)

    if not chosen and not format and not figures:
        chosen = [((runs[0] if len(runs) == 1 and runs[0].is_dir() else Path()) / "report.html", "html")]
        format = "terminal"
    files: dict[Path, str | bytes] = {path: text(form) for path, form in chosen}
    if figures:
        files |= _figures(figures, board, curves)
    replaced = {path for path in files if path.is_file()}
    write_all(files)
    if format == "terminal":
        _print(board, curves)
    elif format:
        sys.stdout.write(text(format))
    for path in files:
        say(f"{'Replaced' if path in replaced else 'Saved'} {path}", error=True)
    return 0


def _print(board: Board, curves: Sequence[Curves]) -> None:
    from rich.console import Console
    from rich.text import Text

    from ifeval_fi.report.console import print_scores, print_tables, say_sentence

    entries: list[Entry] = list(board.ordered())
    if len(entries) == 1:
        print_scores(entries[0].summary, title=entries[0].name, run=entries[0].run)
        return
    console = Console()
    print_tables([*board_tables(board), *map(curve_table, curves), *asked_of(board)], console=console)
    for line in signature_lines(board):
        console.print(Text(one_line(line), style="dim"), soft_wrap=True)
    if len(entries) == 2 and not board.warnings:
        line = "`ifeval-fi compare` with these two says how far they are apart, and whether that may be chance."
        say_sentence(console, line)
    for warning in board.warnings:
        say_sentence(console, f"Not comparable: {warning}", "bold red")


def _figures(folder: Path, board: Board, curves: Sequence[Curves]) -> dict[Path, bytes]:
    from ifeval_fi.report.curve_figure import curve_figure
    from ifeval_fi.report.figures import Format, accuracy_figure, heat_map

    found: dict[Path, bytes] = {}
    for form in get_args(Format):
        found[folder / f"accuracy.{form}"] = accuracy_figure(board, form=form)
        found[folder / f"heatmap.{form}"] = heat_map(board, form=form)
        found |= {folder / f"{each.file_name}.{form}": curve_figure(each, form=form) for each in curves}
    return found
