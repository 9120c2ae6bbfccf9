"""The review file: a table a person edits, and its corrections merged back into the set."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ifeval_fi.errors import IfevalError, MissingEngine
from ifeval_fi.files import read_text, write_all, write_atomically
from ifeval_fi.jsonl import Row, dumps, lines_of, loads
from ifeval_fi.prompts import parse_prompt
from ifeval_fi.report.tables import no_formula, with_formula
from ifeval_fi.text import collapse, nfc
from ifeval_fi.translate.pipeline import STATE, TranslationError, read_state
from ifeval_fi.translate.rows import SourceRow, is_prompt

COLUMNS = (
    "key",
    "place",
    "source",
    "draft",
    "arguments",
    "flags",
    "corrected",
    "corrected_arguments",
    "drop",
)
_CELL = 32_767  # characters an XLSX cell can hold
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDTHS = (8, 10, 60, 60, 30, 30, 60, 30, 6)


class ReviewError(IfevalError):
    """A review file cannot be merged; the message names the row."""


@dataclass(frozen=True)
class Merged:
    """What came of a review."""

    rows: list[Row]
    provenance: list[Row]
    edited: int
    dropped: int
    language: str


def write_review(path: Path, states: Sequence[Row]) -> None:
    """Write the table, one line a text, as CSV or XLSX by the file's ending."""
    write_atomically(path, review_table(path, states))


def review_table(path: Path, states: Sequence[Row]) -> bytes:
    """The content of a review file of that name."""
    lines = [list(map(_cell_text, line)) for state in states for line in _lines(state)]
    if path.suffix.lower() == ".xlsx":
        return _xlsx(path, lines)
    if path.suffix.lower() != ".csv":
        raise ReviewError(f"{path}: a review file ends in .csv or .xlsx")
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([COLUMNS, *([no_formula(cell) for cell in line] for line in lines)])
    # Excel takes a CSV file without the mark for one in the old code page.
    return ("\ufeff" + buffer.getvalue()).encode()


def _cell_text(text: str) -> str:
    """What of a text a cell can hold."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode()


def _lines(state: Row) -> Iterator[list[str]]:
    for place, text in state["texts"].items():
        flags = "; ".join(
            f"{flag['reason']}: {flag['detail']}".rstrip(": ") for flag in state["flags"] if flag["place"] == place
        )
        drop = "x" if state["dropped"] and text["draft"] else ""
        yield [str(state["key"]), place, text["source"], text["draft"], _arguments(state["row"]), flags, "", "", drop]


def _arguments(row: Row) -> str:
    return dumps(row["kwargs"]) if is_prompt(row) and any(row["kwargs"]) else ""


def _xlsx(path: Path, lines: list[list[str]]) -> bytes:
    openpyxl = _openpyxl()
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "review"
    for number, line in enumerate([list(COLUMNS), *lines], 1):
        for column, value in enumerate(line, 1):
            if len(value) > _CELL:
                raise ReviewError(f"{path}: key {line[0]} has a text longer than a cell can hold; write a .csv instead")
            cell = sheet.cell(number, column, value)
            # A text that begins with = is no formula.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHI", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "C2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise MissingEngine('XLSX needs openpyxl; pip install "ifeval-fi[translate]", or use a .csv') from None
    return openpyxl


def read_review(path: Path) -> list[dict[str, str]]:
    """The table's lines by column name; ReviewError when it is no review file."""
    if path.suffix.lower() == ".xlsx":
        table = _read_xlsx(path)
    else:
        table = _read_csv(path)
    header = [name.strip() for name in table[0]] if table else []
    if missing := [name for name in COLUMNS[:8] if name not in header]:
        raise ReviewError(f"{path}: lacks the column {', '.join(missing)}; keep the first line as it was")
    lines = [dict(zip(header, line, strict=False)) for line in table[1:] if any(cell.strip() for cell in line)]
    return [{name: line.get(name, "") for name in COLUMNS} for line in lines]


def keep_corrections(path: Path) -> None:
    """ReviewError when writing the review file anew would lose a person's work."""
    if path.exists() and any(line["corrected"] or line["corrected_arguments"] for line in read_review(path)):
        raise ReviewError(f"{path} holds corrections; apply it and move it away, or give another --review")


def _read_csv(path: Path) -> list[list[str]]:
    """The table, whichever of comma, semicolon and tab a spreadsheet has saved it with."""
    text = read_text(path, ReviewError).removeprefix("\ufeff")
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    usual = csv.field_size_limit(max(len(text), 1))
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as problem:
        raise ReviewError(f"{path}: no CSV file ({problem})") from None
    finally:
        csv.field_size_limit(usual)
    return [[with_formula(cell) for cell in line] for line in table]


def _read_xlsx(path: Path) -> list[list[str]]:
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise ReviewError(f"{path}: no such file") from None
    except Exception as problem:
        raise ReviewError(f"{path}: no XLSX file ({problem})") from None
    rows = [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return rows


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def state_of(review: Path) -> Path:
    """The state file that a review file's name points at."""
    return review.with_name(review.name.removesuffix(review.suffix).removesuffix(".review") + STATE)


def merge(review: Path, state: Path) -> Merged:
    """The set with a person's corrections; every problem names the key, and nothing is guessed."""
    states = {str(row["key"]): row for row in read_state(state)}
    if any("row" not in row for row in states.values()):
        raise TranslationError(f"{state}: holds provenance only; give the draft with --draft")
    corrections: dict[str, dict[str, dict[str, str]]] = {}
    for line in read_review(review):
        key, place = line["key"].strip(), line["place"].strip()
        known = states.get(key)
        if known is None or place not in known["texts"]:
            raise ReviewError(
                f"{review}, key {key} {place}: not in {state}; keep the columns key and place as they were"
            )
        if place in corrections.setdefault(key, {}):
            raise ReviewError(f"{review}, key {key} {place}: is there twice; keep one line")
        if collapse(_cell_text(known["texts"][place]["draft"])) != collapse(line["draft"]):
            raise ReviewError(
                f"{review}, key {key}: the draft was changed; write corrections into the column corrected"
            )
        corrections[key][place] = line
    rows: list[Row] = []
    provenance: list[Row] = []
    edited = dropped = 0
    for key, row in states.items():
        result = _merged(review, row, corrections.get(key, {}))
        if result is None:
            dropped += 1
            continue
        changed, value = result
        edited += changed
        rows.append(value)
        provenance.append({"key": row["key"], "provenance": {**row["provenance"], "edited": changed}})
    return Merged(rows, provenance, edited, dropped, next(iter(states.values()))["language"])


def _merged(review: Path, state: Row, lines: Mapping[str, Mapping[str, str]]) -> tuple[bool, Row] | None:
    """Whether a person changed the row, and the row; None when it is left out."""
    where = f"{review}, key {state['key']}"
    source = SourceRow(state["key"], state["row"], {})
    corrected = {place: _correction(line["corrected"]) for place, line in lines.items()}
    drafts = {place: text["draft"] for place, text in state["texts"].items()}
    texts = {place: corrected.get(place) or draft for place, draft in drafts.items()}
    if any(line["drop"].strip() for line in lines.values()) or not all(texts.values()):
        return None
    if state["dropped"] and not lines:
        return None
    kwargs = before = source.kwargs
    for line in lines.values():
        if line["corrected_arguments"].strip():
            kwargs = _corrected_arguments(line["corrected_arguments"], where)
    row = source.with_texts(texts, kwargs)
    if is_prompt(row):
        try:
            parse_prompt(row, state["language"])
        except IfevalError as problem:
            raise ReviewError(f"{where}: {problem}") from None
    return texts != drafts or kwargs != before, row


def _correction(cell: str) -> str:
    return nfc(cell.replace("\r\n", "\n").replace("\r", "\n").strip())


def _corrected_arguments(cell: str, where: str) -> list[Mapping[str, Any]]:
    try:
        value = loads(cell)
    except ValueError as problem:
        raise ReviewError(
            f"{where}: corrected_arguments is not JSON ({problem}); copy the column arguments and edit it"
        ) from None
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ReviewError(f"{where}: corrected_arguments must be a list with an object for each instruction")
    return value


def save_merged(merged: Merged, output: Path) -> Path:
    """Write the set and its provenance beside it; returns the provenance file."""
    if not merged.rows:
        raise TranslationError("no row is left to write; every one is dropped or has no translation")
    beside = output.with_name("provenance.jsonl" if output.stem == "prompts" else output.stem + ".provenance.jsonl")
    write_all({output: lines_of(merged.rows), beside: lines_of(merged.provenance)})
    return beside
