"""Scores and comparisons as tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from ifeval_fi.report.content import NAMES, empty_warning, groups_table, rates_table, remarks
from ifeval_fi.report.tables import Table, one_line


def print_tables(tables: Iterable[Table], *, bold: Iterable[str] = (), console: Console | None = None) -> None:
    """Print tables; rows whose first cell is in `bold` stand out."""
    console = console or Console()
    strong = set(bold)
    for table in tables:
        view = RichTable(
            title=Text(one_line(table.title)),
            title_justify="left",
            box=box.SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
        )
        for place, column in enumerate(table.columns):
            view.add_column(Text(column), justify="left" if place < table.left else "right", overflow="fold")
        for row in table.rows:
            view.add_row(*(Text(one_line(cell)) for cell in row), style="bold" if row[0] in strong else "")
        console.print(view)
        if table.note:
            console.print(Text(one_line(table.note), style="dim"))
        console.print()


def print_scores(
    summary: Mapping[str, Any], *, title: str, saved: Path | None = None, console: Console | None = None
) -> None:
    """Print the rates, the categories, the counts and the signature of one result."""
    console = console or Console()
    headline = [NAMES[name] for name in summary["headline"]]
    tables = [rates_table(dict(summary), title), groups_table(summary["by_category"], "Category")]
    print_tables(tables, bold=headline, console=console)
    counts = summary["counts"]
    console.print(
        f"{counts['answered']} answered, {counts['truncated']} truncated, {counts['failed']} failed, "
        f"{counts['missing']} missing of {counts['prompts']} prompts",
        highlight=False,
    )
    for remark in remarks(dict(summary)):
        console.print(Text(remark), soft_wrap=True)
    if warning := empty_warning(dict(summary)):
        console.print(Text(warning, style="bold red"), soft_wrap=True)
    if not summary["complete"]:
        console.print("Incomplete: do not compare or publish these numbers.", style="bold red")
    console.print(Text(one_line(summary["signature"]), style="dim"), soft_wrap=True)
    if saved:
        console.print(Text(one_line(f"Saved in {saved}")), soft_wrap=True)
