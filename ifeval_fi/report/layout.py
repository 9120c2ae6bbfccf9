"""A table as lines that fit a terminal: cells wrap between words, and in names after / : and -, but never in a word.

What does not fit so is turned, or stands in parts under one another; a name without any place to break is shortened
in its middle and told in full below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from ifeval_fi.report.tables import Table, one_line

_GAP = 2
_TURNED_UP_TO = 4
_SHORT = 20
# Where a name may go on in the next line: "org/|model", "family:|instruction", "Model-|7B-|Instruct", not in "-2.9".
_PIECES = re.compile(r"(?<=[/:])(?=\w)|(?<=[^\W\d]-)(?=\w)|(?<=\w-)(?=[^\W\d])")


@dataclass(frozen=True)
class Laid:
    """A part of a table as lines: the header's, each row's, and what shortened names stand for."""

    header: list[str]
    rows: list[list[str]]
    width: int
    legend: dict[str, str]


@dataclass(frozen=True)
class _Column:
    heading: str
    cells: Sequence[str]
    words: bool

    @property
    def least(self) -> int:
        """The width without which it breaks a word, a number or an interval."""
        kept = [_longest_piece(cell) if self.words else cell_len(cell) for cell in self.cells]
        return max(_longest_piece(self.heading), *kept, 1)

    @property
    def whole(self) -> int:
        """The width with which nothing wraps."""
        return max(cell_len(self.heading), *map(cell_len, self.cells), 1)


def lay_out(table: Table, width: int) -> list[Laid]:
    """The table in as few parts as the width takes, all rows in each."""
    plain = replace(table, columns=[*map(one_line, table.columns)], rows=[[*map(one_line, row)] for row in table.rows])
    for shape in (plain, _turned(plain) if len(plain.rows) <= _TURNED_UP_TO else plain):
        if _least(shape) <= width:
            return [_laid(shape, width, {})]
    short, legend = _shortened(plain)
    parts = min(filter(None, (list(_parts(shape, width)) for shape in (plain, short))), key=len, default=[short])
    return [_laid(part, width, legend) for part in parts]


def _columns(table: Table) -> list[_Column]:
    return [
        _Column(heading, [row[place] for row in table.rows], place < table.left)
        for place, heading in enumerate(table.columns)
    ]


def _least(table: Table) -> int:
    return sum(column.least + _GAP for column in _columns(table)) - _GAP


def _pieces(text: str) -> Iterator[str]:
    """The text cut wherever a line may end; a piece keeps the space before it."""
    for word in re.findall(r" *[^ ]+", text):
        yield from filter(None, _PIECES.split(word))


def _longest_piece(text: str) -> int:
    return max((cell_len(piece.strip()) for piece in _pieces(text)), default=0)


def _turned(table: Table) -> Table:
    """The table with its columns as rows."""
    names, *columns = zip(table.columns, *table.rows, strict=True)
    return replace(table, columns=names, rows=columns, left=1)


def _parts(table: Table, width: int) -> Iterator[Table]:
    """What tells rows apart beside as many columns as fit, then beside the next; nothing when even one does not fit."""
    named = _naming(table)
    widths = [column.least + _GAP for column in _columns(table)]
    groups: list[list[int]] = []
    for place in range(len(named), len(widths)):
        if not groups or sum(widths[each] for each in (*groups[-1], place)) - _GAP > width:
            groups.append([*named])
        groups[-1].append(place)
    if any(sum(widths[each] for each in group) - _GAP > width for group in groups):
        return
    for group in groups:
        yield replace(
            table,
            columns=[table.columns[place] for place in group],
            rows=[[row[place] for place in group] for row in table.rows],
            left=sum(place < table.left for place in group),
        )


def _naming(table: Table) -> range:
    """The first columns by which rows are told apart: a model's name, and the set or the run beside it if need be."""
    for count in range(1, min(table.left, len(table.columns) - 1)):
        if len({tuple(row[:count]) for row in table.rows}) == len(table.rows):
            return range(count)
    return range(max(1, min(table.left, len(table.columns) - 1)))


def _shortened(table: Table) -> tuple[Table, dict[str, str]]:
    """The table with long names cut in their middle, and the names in full."""
    legend: dict[str, str] = {}

    def short(name: str) -> str:
        if _longest_piece(name) <= _SHORT:
            return name
        end, number = _cut(name[::-1], 6)[::-1], 1
        while legend.setdefault(found := f"{_cut(name, _SHORT - 8)}…{end}", name) != name:
            number += 1
            end = f"({number})"
        return found

    columns = [short(heading) for heading in table.columns]
    rows = [[short(cell) if place < table.left else cell for place, cell in enumerate(row)] for row in table.rows]
    return replace(table, columns=columns, rows=rows), legend


def _cut(text: str, width: int) -> str:
    """As many letters of the beginning as are no wider than that."""
    while cell_len(text) > width:
        text = text[:-1]
    return text


def _laid(table: Table, width: int, legend: dict[str, str]) -> Laid:
    columns = _columns(table)
    wrapped: list[list[list[str]]] = [[] for _ in (table.columns, *table.rows)]
    for column, room in zip(columns, _widths(columns, width - _GAP * (len(columns) - 1)), strict=True):
        for row, cell in zip(wrapped, (column.heading, *column.cells), strict=True):
            row.append(_wrapped(cell, room))
    widths = [max(cell_len(line) for cell in cells for line in cell) for cells in zip(*wrapped, strict=True)]
    header, *rows = ([*_beside(row, widths, table.left)] for row in wrapped)
    shown = {*table.columns, *(cell for row in table.rows for cell in row)}
    told = {name: legend[name] for name in legend if name in shown}
    return Laid(header, rows, sum(widths) + _GAP * (len(widths) - 1), told)


def _widths(columns: Sequence[_Column], room: int) -> list[int]:
    """What each column gets: headings of numbers wrap first, since they stand once, then the widest words."""
    widths, least = [column.whole for column in columns], [column.least for column in columns]
    while sum(widths) > room and widths != least:
        spare = [place for place in range(len(columns)) if widths[place] > least[place]]
        widths[max(spare, key=lambda place: (not columns[place].words, widths[place]))] -= 1
    return widths


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and cell_len(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines


def _beside(cells: Iterable[Sequence[str]], widths: Sequence[int], left: int) -> Iterator[str]:
    """The lines of one row; words stand at the left of their columns, numbers at the right and in the first line."""
    cells = list(cells)
    for number in range(max(map(len, cells))):
        parts = []
        for place, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            line = lines[number] if number < len(lines) else ""
            space = " " * (width - cell_len(line))
            parts.append(line + space if place < left else space + line)
        yield (" " * _GAP).join(parts).rstrip()
