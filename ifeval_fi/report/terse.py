"""Tables for a terminal say once what is the same: rates that agree share a row, columns that agree are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ifeval_fi.report.content import NAMES, NONE
from ifeval_fi.report.tables import Table

_LANGUAGE = NAMES["response_language_rate"]
# What each rate is of, and how it is counted there: "instruction level", "strict".
_PARTS = {name: (name.partition(", ")[0], name.partition(", ")[2]) for name in NAMES.values()} | {
    _LANGUAGE: (_LANGUAGE, "by our detector"),
    NAMES["response_language_rate_langdetect"]: (_LANGUAGE, "by langdetect"),
}


def terse_rates(table: Table) -> Table:
    """Rates of the same thing that agree in every number share a row: "instruction level, strict = loose"."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, *cells in table.rows:
        groups.setdefault((_PARTS.get(name, (name, ""))[0], *cells), []).append(name)
    rows = [(_common(subject, names), *cells) for (subject, *cells), names in groups.items()]
    return replace(table, rows=rows)


def _common(subject: str, names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{subject}, {' = '.join(_PARTS[name][1] for name in names)}"


def terse_columns(table: Table) -> Table:
    """The table without columns that say the same as an earlier one in every row, which its note names."""
    kept: list[int] = []
    same: list[str] = []
    columns = list(zip(*table.rows, strict=True))
    for place, column in enumerate(columns):
        twin = next((each for each in kept if columns[each] == column and table.columns[each].endswith("%")), None)
        if twin is None or not table.columns[place].endswith("%"):
            kept.append(place)
        else:
            same.append(f"{table.columns[place]} = {table.columns[twin]}")
    told = f"In every row {'; '.join(same)}." if same else ""
    return replace(
        table,
        columns=[table.columns[place] for place in kept],
        rows=[[row[place] for place in kept] for row in table.rows],
        note=" ".join(filter(None, (told, table.note))),
    )


def without_zeros(table: Table, names: set[str]) -> Table:
    """The table without the rows of these names that hold nothing but zeros."""
    return replace(table, rows=[row for row in table.rows if row[0] not in names or not _zero(row[1:])])


def _zero(cells: Sequence[str]) -> bool:
    return set(cells) <= {"0", "0.0", "+0.0", "+0.0 to +0.0", "1.000", NONE}
