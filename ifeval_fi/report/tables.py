"""Tables as values, written as Markdown, LaTeX or CSV; every cell is foreign text until it is escaped here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Control characters, lone surrogates, and the marks that reorder what is shown around them.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def showable(text: str) -> str:
    """The text with what no page, terminal or XML file can hold as U+FFFD; line ends and tabs stay."""
    return _UNSHOWABLE.sub("\ufffd", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The text on one line, for a cell or a heading."""
    return " ".join(showable(text).split())


@dataclass(frozen=True)
class Table:
    """A table of finished cells; the first `left` columns are words, the others numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1
    note: str = ""


def markdown(heading: str, tables: Iterable[Table], notes: Iterable[str]) -> str:
    """A Markdown document; the notes (signatures) stand at its end."""
    lines = [f"# {_markdown(heading)}", ""]
    for table in tables:
        ruler = [":---" if place < table.left else "---:" for place in range(len(table.columns))]
        lines += [f"## {_markdown(table.title)}", "", _row(map(_markdown, table.columns)), _row(ruler)]
        lines += [_row(map(_markdown, row)) for row in table.rows]
        lines += ["", *([_markdown(table.note), ""] if table.note else [])]
    return "\n".join([*lines, *(f"- {_markdown(note)}" for note in notes), ""])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown(text: str) -> str:
    escaped = re.sub(r"([\\`*_\[\]|#~$])", r"\\\1", one_line(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def latex(tables: Iterable[Table], notes: Sequence[str]) -> str:
    """LaTeX tables for \\usepackage{booktabs}, with the notes (signatures) below each."""
    blocks = []
    for table in tables:
        columns = "l" * table.left + "r" * (len(table.columns) - table.left)
        below = [note for note in (table.note, *notes) if note]
        blocks += [
            "\\begin{table}",
            "\\centering",
            f"\\caption{{{_latex(table.title)}}}",
            f"\\label{{tab:{re.sub(r'[^a-z0-9]+', '-', table.title.lower()).strip('-')}}}",
            f"\\begin{{tabular}}{{{columns}}}",
            "\\toprule",
            " & ".join(map(_latex, table.columns)) + " \\\\",
            "\\midrule",
            *(" & ".join(map(_latex, row)) + " \\\\" for row in table.rows),
            "\\bottomrule",
            "\\end{tabular}",
            # A signature has no spaces to break at.
            *(f"\\par\\smallskip{{\\footnotesize\\raggedright {_breakable(_latex(note))}\\par}}" for note in below),
            "\\end{table}",
            "",
        ]
    return "\n".join(blocks)


_LATEX = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "–": "--",
    }
)


def _latex(text: str) -> str:
    return one_line(text).translate(_LATEX)


def _breakable(text: str) -> str:
    """The text with a place to break after each part of a signature: after | , = and :"""
    return re.sub(r"(\\textbar\{\}|[,=:])(?=\S)", r"\1\\allowbreak{}", text)


def csv_text(records: Sequence[Mapping[str, object]]) -> str:
    """Records as CSV with a header; what a spreadsheet would run as a formula gets an apostrophe."""
    if not records:
        return ""
    out = io.StringIO()
    writer = csv.DictWriter(out, records[0].keys(), lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: _cell(value) for name, value in record.items()})
    return out.getvalue()


# A cell's first character, and the first after what another program may take for the end of a cell: "a;=1+1".
_FORMULA = re.compile(r"(?:^|(?<=[;,\t\r\n]))('*)(?=[=+\-@])")


def no_formula(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet might read a formula, with whichever separator it opens it."""
    return _FORMULA.sub(r"\1'", text)


def with_formula(text: str) -> str:
    """The text that `no_formula` was given; others lose an apostrophe there too."""
    return _FORMULA.sub(lambda found: found[1][1:], text)


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    return no_formula(one_line(value))
