"""Scores and comparisons as tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from ifeval_fi.report.content import NAMES, groups_table, rates_table, remarks, warnings
from ifeval_fi.report.tables import Table, one_line

_GAP = 3


def print_tables(tables: Iterable[Table], *, bold: Iterable[str] = (), console: Console | None = None) -> None:
    """Print tables; rows whose first cell is in `bold` stand out. A table too wide is turned: no word is broken."""
    console = console or Console()
    strong = set(bold)
    for table in tables:
        shown = next((each for each in (table, _turned(table)) if sum(_widths(each)) <= console.width), None)
        if shown is None:
            _print_records(table, console)
        else:
            _print_table(shown, strong, console)
        if table.note:
            console.print(Text(one_line(table.note), style="dim"))
        console.print()


def _widths(table: Table) -> list[int]:
    """What each column needs for its longest word, with the gap to the next."""
    cells = zip(table.columns, *table.rows, strict=True)
    longest = [
        max((cell_len(word) for cell in column for word in one_line(cell).split()), default=0) for column in cells
    ]
    return [width + _GAP for width in longest[:-1]] + longest[-1:]


def _turned(table: Table) -> Table:
    """The table with its columns as rows."""
    names, *columns = zip(table.columns, *table.rows, strict=True)
    return Table(table.title, names, columns, note=table.note)


def _print_table(table: Table, strong: set[str], console: Console) -> None:
    view = RichTable(
        title=Text(one_line(table.title)),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    widths = [width - _GAP for width in _widths(table)[:-1]] + _widths(table)[-1:]
    for place, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
        view.add_column(Text(column), justify="left" if place < table.left else "right", min_width=width)
    for row in table.rows:
        view.add_row(*(Text(one_line(cell)) for cell in row), style="bold" if row[0] in strong else "")
    console.print(view)


def _print_records(table: Table, console: Console) -> None:
    """A table that fits neither way: each row as a heading and lines of name and value."""
    console.print(Text(one_line(table.title), style="italic"))
    width = max(cell_len(column) for column in table.columns[1:])
    for name, *cells in table.rows:
        console.print(Text(f"{one_line(name)}", style="bold"), soft_wrap=True)
        for column, cell in zip(table.columns[1:], cells, strict=True):
            console.print(Text(f"  {column:<{width}}  {one_line(cell)}"), soft_wrap=True)


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
    for warning in warnings(dict(summary)):
        console.print(Text(one_line(f"Warning: {warning}"), style="bold red"), soft_wrap=True)
    if not summary["complete"]:
        console.print("Incomplete: do not compare or publish these numbers.", style="bold red")
    console.print(Text(one_line(summary["signature"]), style="dim"), soft_wrap=True)
    if saved:
        console.print(Text(one_line(f"Saved in {saved}")), soft_wrap=True)
