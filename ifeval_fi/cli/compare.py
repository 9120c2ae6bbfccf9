"""`ifeval-fi compare`."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ifeval_fi.errors import IfevalError
from ifeval_fi.files import write_all
from ifeval_fi.jsonl import dumps
from ifeval_fi.scoring.compare import GATED, Comparison, Gate, comparison_row, judge
from ifeval_fi.scoring.folders import compare as compare_folders

_LINES = 10
_STYLES = {"pass": "green", "inconclusive": "yellow", "fail": "bold red"}


def compare(
    base: Path,
    candidate: Path,
    /,
    *,
    max_drop: float | None = None,
    alpha: float = 0.05,
    metric: str = GATED,
    strict: Annotated[bool, Parameter(negative=())] = False,
    non_inferiority: Annotated[bool, Parameter(negative=())] = False,
    allow_different: Annotated[bool, Parameter(negative=())] = False,
    prompts: str | None = None,
    json: Path | None = None,
    markdown: Path | None = None,
    html: Path | None = None,
    junit: Path | None = None,
) -> int:
    """Compare a candidate with a base on the same prompts; with --max-drop, as a gate.

    Exit codes: 0 compared, or the gate is passed; 1 the gate fails; 2 the two cannot be compared.

    Parameters
    ----------
    base
        Run folder, a folder that `ifeval-fi score --output` wrote, or a submission of the board.
    candidate
        Likewise.
    max_drop
        Percentage points the metric may drop; fails when it dropped further, and not by chance.
    alpha
        Chance of a false alarm of the one-sided test.
    metric
        What is gated, by its name in scores.json.
    strict
        Fail also when the drop is too large but may be chance.
    non_inferiority
        Pass only when the true drop is shown to be smaller than --max-drop: the test is against that drop.
    allow_different
        Compare although prompts, rules or decoding differ.
    prompts
        The prompts, when their language is not bundled: a file, or hub:NAME.
    json
        Write everything as JSON.
    markdown
        Write everything as Markdown, e.g. for a CI summary.
    html
        Write everything as one HTML file.
    junit
        Write the gate's result as JUnit XML.
    """
    if junit and max_drop is None:
        raise IfevalError("--junit reports a gate: give --max-drop too")
    if strict and max_drop is None:
        raise IfevalError("--strict goes with --max-drop")
    if non_inferiority and max_drop is None:
        raise IfevalError("--non-inferiority goes with --max-drop")
    comparison = compare_folders(base, candidate, alpha=alpha, allow_different=allow_different, prompts=prompts)
    gate = (
        None
        if max_drop is None
        else judge(comparison, max_drop=max_drop, metric=metric, strict=strict, non_inferiority=non_inferiority)
    )
    _write(comparison, gate, json=json, markdown=markdown, html=html, junit=junit)
    _print(comparison, gate)
    return int(gate is not None and gate.blocks)


def _write(
    comparison: Comparison,
    gate: Gate | None,
    *,
    json: Path | None,
    markdown: Path | None,
    html: Path | None,
    junit: Path | None,
) -> None:
    from ifeval_fi.report import comparison as texts

    files: dict[Path, str | bytes] = {}
    if json:
        files[json] = dumps(comparison_row(comparison, gate), indent=2) + "\n"
    if markdown:
        files[markdown] = texts.comparison_markdown(comparison, gate)
    if html:
        from ifeval_fi.report.html import comparison_page

        files[html] = comparison_page(comparison, gate, texts.comparison_tables(comparison))
    if junit and gate:
        files[junit] = texts.junit(comparison, gate)
    write_all(files)


def _print(comparison: Comparison, gate: Gate | None) -> None:
    from rich.console import Console
    from rich.text import Text

    from ifeval_fi.report.comparison import comparison_heading, comparison_notes, comparison_tables, flip_lines
    from ifeval_fi.report.console import print_tables, say_sentence
    from ifeval_fi.report.tables import one_line
    from ifeval_fi.report.terse import terse_rates, without_zeros

    console = Console()
    console.print(Text(comparison_heading(comparison), style="bold"), "\n")
    rates, categories, instructions, answers = comparison_tables(comparison)
    shown = (
        terse_rates(without_zeros(rates, {"truncated"})),
        categories,
        instructions,
        without_zeros(answers, {"truncated", "failed"}),
    )
    print_tables(shown, console=console)
    lines = list(flip_lines(comparison))
    for line in itertools.islice(lines, _LINES):
        say_sentence(console, line)
    if len(lines) > _LINES:
        left = Counter(line.partition(" ")[0] for line in lines[_LINES:])
        told = " and ".join(f"{count} {kind}" for kind, count in left.items())
        console.print(f"and {told} more; --html or --markdown show all with their answers")
    for note in comparison_notes(comparison, None):
        console.print(Text(one_line(note), style="dim"), soft_wrap=True)
    if gate:
        say_sentence(console, f"{gate.outcome}: {gate.reason}", _STYLES[gate.outcome])
