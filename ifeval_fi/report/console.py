"""Scores and comparisons as tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from ifeval_fi.jsonl import Row
from ifeval_fi.report.asking import asked_sentence
from ifeval_fi.report.content import NAMES, groups_table, rates_table, remarks, warnings
from ifeval_fi.report.layout import Laid, lay_out
from ifeval_fi.report.tables import Table, one_line
from ifeval_fi.report.terse import terse_columns, terse_rates


def print_tables(tables: Iterable[Table], *, bold: Iterable[str] = (), console: Console | None = None) -> None:
    """Print tables; rows whose first cell is in `bold` stand out. No line is wider than the terminal."""
    console = console or Console()
    strong = set(bold)
    for table in tables:
        if not table.rows:
            continue
        console.print(Text(one_line(table.title), style="italic"))
        for number, part in enumerate(lay_out(table, console.width)):
            if number:
                console.print()
            _print_part(part, [row[0] in strong for row in table.rows], console)
        if table.note:
            say_sentence(console, table.note, "dim")
        console.print()


def _print_part(part: Laid, strong: Sequence[bool], console: Console) -> None:
    for line in part.header:
        _line(console, line, "bold")
    _line(console, "─" * part.width, "dim")
    # A turned table has other rows than the table.
    told = strong if len(strong) == len(part.rows) else [False] * len(part.rows)
    for lines, stands_out in zip(part.rows, told, strict=True):
        for line in lines:
            _line(console, line, "bold" if stands_out else "")
    for short, name in part.legend.items():
        _line(console, f"{short} is {name}", "dim")


def say_sentence(console: Console, text: str, style: str = "") -> None:
    """Print a sentence: wrapped between words on a terminal, on one line in a file, where it is searched for."""
    console.print(Text(one_line(text), style=style), soft_wrap=not console.is_terminal)


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)


def print_scores(
    summary: Mapping[str, Any],
    *,
    title: str,
    run: Row | None = None,
    saved: str | None = None,
    console: Console | None = None,
) -> None:
    """Print one result: rates and categories, counts, how it was asked, warnings, the signature, where it is saved."""
    console = console or Console()
    rates = terse_rates(rates_table(dict(summary), title))
    headline = tuple(NAMES[name] for name in summary["headline"])
    categories = terse_columns(groups_table(summary["by_category"], "Category"))
    strong = [row[0] for row in rates.rows if row[0].startswith(headline)]
    print_tables([rates, categories], bold=strong, console=console)
    for line in (_counts(summary["counts"]), *remarks(dict(summary)), asked_sentence(run or {})):
        if line:
            say_sentence(console, line)
    for warning in warnings(dict(summary)):
        say_sentence(console, f"Warning: {warning}", "bold red")
    if not summary["complete"]:
        console.print("Incomplete: do not compare or publish these numbers.", style="bold red")
    # On one line, to be copied.
    _line(console, one_line(summary["signature"]), "dim")
    if saved:
        _line(console, one_line(f"Saved in {saved}"))


def _counts(counts: Mapping[str, int]) -> str:
    """How many answers there are, and what is wrong with how many; what is wrong with none is not said."""
    wrong = {"truncated": "cut off", "failed": "failed", "missing": "missing"}
    parts = [f"{counts['answered'] + counts['truncated']} answers to {counts['prompts']} prompts"]
    return ", ".join([*parts, *(f"{counts[name]} {words}" for name, words in wrong.items() if counts[name])]) + "."
