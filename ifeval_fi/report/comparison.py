"""A comparison as tables, Markdown and JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as Xml

from ifeval_fi.jsonl import Row
from ifeval_fi.report.content import NAMES, NONE, percent
from ifeval_fi.report.tables import Table, markdown, one_line, showable
from ifeval_fi.scoring.compare import Comparison, Flip, Gate
from ifeval_fi.scoring.signature import parse_signature


def comparison_tables(comparison: Comparison) -> list[Table]:
    """Rates, categories, instructions, and how the answers themselves changed."""
    summary = comparison.summary
    rates = [_change_cells(NAMES[name], row) for name, row in summary["rates"].items()]
    groups = [(*_change_cells(name, row)[:-2], _p(row["p_holm"])) for name, row in summary["by_category"].items()]
    moved = {name: row for name, row in summary["by_instruction"].items() if row["broke"] or row["fixed"]}
    instructions = [(name, *(str(row[each]) for each in ("n", "broke", "fixed"))) for name, row in moved.items()]
    columns = ("", "base %", "candidate %", "change", "95 % interval")
    alpha = summary["alpha"]
    return [
        Table(
            "Rates",
            (*columns, "p", "detectable"),
            [*rates, _change_cells("truncated", summary["truncated"])],
            note=f"Changes in percentage points; p two-sided, exact, per prompt. The detectable drop is the smallest "
            f"true one that a one-sided test at {alpha:g} finds in 80 % of repetitions.",
        ),
        Table("Categories, strict", (*columns, "p (Holm)"), groups, note="p adjusted for the number of categories."),
        Table("Instructions that changed", ("instruction", "n", "broke", "fixed"), instructions),
        Table("Answers", ("", "base", "candidate"), _answers(summary), note=_agreement(summary)),
    ]


def _change_cells(label: str, row: Row) -> tuple[str, ...]:
    low, high = row["ci95"]
    smallest = row.get("minimum_detectable_drop")
    ends = f"{100 * low:+.1f} to {100 * high:+.1f}"
    cells = (label, percent(row["base"]), percent(row["candidate"]), f"{100 * row['change']:+.1f}", ends)
    return (*cells, _p(row["p"]), NONE if smallest is None else percent(smallest))


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _answers(summary: Row) -> list[tuple[str, str, str]]:
    sides = (summary["base"], summary["candidate"])
    rows = [(name, *(str(side[name]) for side in sides)) for name in ("answered", "truncated", "failed")]
    before, after = summary["languages"]["base"], summary["languages"]["candidate"]
    rows += [
        (f"answers in {code}", str(before.get(code, 0)), str(after.get(code, 0)))
        for code in sorted(before.keys() | after.keys(), key=lambda code: (-before.get(code, 0), code))
    ]
    return [(name, one, other) for name, one, other in rows]


def _agreement(summary: Row) -> str:
    shares, answers = summary["agreement"], summary["answers"]
    text = (
        f"{answers['paired']} answers paired. The same verdict on {percent(shares['prompts'])} % of prompts and "
        f"{percent(shares['instructions'])} % of instructions, the same language for {percent(shares['languages'])} %"
    )
    if "identical_answers" in shares:
        text += f", word for word the same answer for {percent(shares['identical_answers'])} %"
    left = answers["only_base"] + answers["only_candidate"]
    return text + (f"; {left} answers had no counterpart and do not count." if left else ".")


def flip_lines(comparison: Comparison) -> Iterator[str]:
    """One line per answer that was lost or gained as a whole, lost ones first."""
    for kind in ("lost", "gained"):
        for flip in comparison.flips:
            if flip.kind == kind:
                yield f"{kind} {flip.base.prompt.key}: {', '.join(_moves(flip))}"


def _moves(flip: Flip) -> Iterator[str]:
    for place in flip.broke:
        yield f"{flip.base.prompt.instructions[place].id} ({one_line(flip.candidate.found[place]) or 'nothing found'})"
    for place in flip.fixed:
        yield f"{flip.base.prompt.instructions[place].id} fixed"


def comparison_heading(comparison: Comparison) -> str:
    """Who is compared with whom."""
    return f"{one_line(comparison.candidate.name)} against {one_line(comparison.base.name)}"


def comparison_notes(comparison: Comparison, gate: Gate | None) -> list[str]:
    """The gate's word, what differs, and the signatures."""
    summary = comparison.summary
    notes = [f"Gate: {gate.outcome}. {gate.reason}."] if gate else []
    if summary["differing"]:
        notes.append(f"The results differ in {', '.join(summary['differing'])}, which was allowed.")
    if any(parse_signature(summary[side]["signature"])["decoding"] == "unknown" for side in ("base", "candidate")):
        notes.append("The decoding settings are not known; see that they were the same.")
    return notes + [f"{side}: {summary[side]['signature']}" for side in ("base", "candidate")]


def comparison_markdown(comparison: Comparison, gate: Gate | None) -> str:
    """Everything for a CI summary: tables, then each answer lost or gained with both texts."""
    text = markdown(comparison_heading(comparison), comparison_tables(comparison), comparison_notes(comparison, gate))
    blocks = [_flip_block(comparison, flip) for flip in comparison.flips if flip.kind != "changed"]
    return text + ("\n## Prompts lost and gained\n\n" + "\n".join(blocks) if blocks else "")


def _flip_block(comparison: Comparison, flip: Flip) -> str:
    parts = [
        f"<details><summary>{_html(f'{flip.kind} {flip.base.prompt.key}: ' + ', '.join(_moves(flip)))}</summary>\n"
    ]
    sides = (
        ("prompt", flip.base.prompt.text),
        ("base", comparison.base.response(flip.base)),
        ("candidate", comparison.candidate.response(flip.candidate)),
    )
    for name, text in sides:
        # Blank lines would end the HTML block and let Markdown in the answer through.
        shown = _html(text if text is not None else "not stored").replace("\n", "<br>")
        parts.append(f"<p><b>{name}</b><br>{shown}</p>")
    return "\n".join([*parts, "</details>", ""])


def _html(text: str) -> str:
    """Text inside HTML inside Markdown, where neither may take hold."""
    safe = showable(text).replace("\r", "\n")
    return "".join(c if c.isalnum() or c in " \n.,:;!?'/=+-()%" else f"&#{ord(c)};" for c in safe)


def junit(comparison: Comparison, gate: Gate) -> str:
    """JUnit XML with the gate as its one test; an inconclusive one is skipped, or fails when strict."""
    skipped = gate.outcome == "inconclusive" and not gate.strict
    counts = {"tests": "1", "failures": str(int(gate.blocks)), "errors": "0", "skipped": str(int(skipped))}
    suites = Xml.Element("testsuites")
    suite = Xml.SubElement(suites, "testsuite", {"name": "ifeval-fi compare", **counts})
    case = Xml.SubElement(suite, "testcase", classname=comparison_heading(comparison), name=gate.metric)
    if gate.blocks:
        Xml.SubElement(case, "failure", message=gate.reason).text = "\n".join(map(showable, flip_lines(comparison)))
    elif skipped:
        Xml.SubElement(case, "skipped", message=gate.reason)
    Xml.SubElement(suite, "system-out").text = "\n".join(map(one_line, comparison_notes(comparison, gate)))
    Xml.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(suites, encoding="unicode") + "\n"
