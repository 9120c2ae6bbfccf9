"""Scores as tables in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

NAMES = {
    "inst_level_strict_acc": "instruction level, strict",
    "prompt_level_strict_acc": "prompt level, strict",
    "inst_level_loose_acc": "instruction level, loose",
    "prompt_level_loose_acc": "prompt level, loose",
    "response_language_rate": "answered in the asked language",
    "prompt_level_strict_acc_in_language": "prompt level, strict, in language",
}


def percent(value: float | None) -> str:
    """A share as a percentage with one decimal; a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f}"


def interval(fields: Mapping[str, Any], name: str) -> str:
    """The 95 % interval of a rate, in per cent."""
    ends = fields.get(f"{name}_ci95")
    return f"{percent(ends[0])}–{percent(ends[1])}" if ends else "–"


def print_scores(
    summary: Mapping[str, Any], *, title: str, saved: Path | None = None, console: Console | None = None
) -> None:
    """Print the headline rates, the categories, the counts and the signature of one result."""
    console = console or Console()
    rates = Table(title=title, title_justify="left", caption_justify="left")
    for heading, justify in (("", "left"), ("%", "right"), ("95 % interval", "right")):
        rates.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for name, label in NAMES.items():
        style = "bold" if name in summary["headline"] else ""
        rates.add_row(label, percent(summary.get(name)), interval(summary, name), style=style)
    console.print(rates)
    groups = Table()
    for heading, justify in (("category", "left"), ("n", "right"), ("strict %", "right"), ("loose %", "right")):
        groups.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for name, fields in summary["by_category"].items():
        groups.add_row(name, str(fields["n"]), percent(fields.get("strict_acc")), percent(fields.get("loose_acc")))
    console.print(groups)
    counts = summary["counts"]
    console.print(
        f"{counts['answered']} answered, {counts['truncated']} truncated, {counts['failed']} failed, "
        f"{counts['missing']} missing of {counts['prompts']} prompts",
        highlight=False,
    )
    if not summary["complete"]:
        console.print("Incomplete: do not compare or publish these numbers.", style="bold red")
    console.print(summary["signature"], style="dim", highlight=False, soft_wrap=True)
    if saved:
        console.print(f"Saved in {saved}", highlight=False, soft_wrap=True)
