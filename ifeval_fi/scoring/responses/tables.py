"""Tables of answers, CSV and parquet: one column with the key or the prompt's text, one with the response."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ifeval_fi.errors import MissingEngine, ResponseError
from ifeval_fi.jsonl import Row

PARQUET = b"PAR1"
"""What a parquet file begins with."""
PARQUET_INSTALL = 'pip install "ifeval-fi[logs]"'
_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
# Spreadsheets of Finland write semicolons.
_DELIMITERS = (",", ";", "\t")
_ALSO = ("sample", "finish_reason", "reasoning")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table has what: the column of the keys or that of the prompts' texts, and that of the responses.

    None means the column of the usual name: `key`, or `prompt` where there is no `key`, and `response`.
    """

    key: str | None = None
    prompt: str | None = None
    response: str | None = None

    def __post_init__(self) -> None:
        if self.key and self.prompt:
            raise ResponseError("--key-column and --prompt-column: name one of them")

    @property
    def named(self) -> bool:
        """Whether any was named."""
        return any((self.key, self.prompt, self.response))


def is_csv(name: str) -> bool:
    """Whether a file's name says that it is a table of text."""
    return name.lower().endswith(_SUFFIXES)


def csv_rows(path: str, content: bytes, columns: Columns) -> Iterator[tuple[str, Row]]:
    """The rows of a CSV file with commas, semicolons or tabs, as rows with key or prompt and response."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ResponseError(f"{path}: not UTF-8 (byte {problem.start}); save the file as UTF-8") from None
    csv.field_size_limit(2**31 - 1)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(lines, [])
        places = _places(path, header, columns)
        for cells in lines:
            where = f"{path}, line {lines.line_num}"
            if not cells:
                continue
            if len(cells) != len(header):
                raise ResponseError(f"{where}: has {len(cells)} cells, and the first line {len(header)}")
            yield where, _row({name: cells[header.index(column)] for name, column in places.items()}, where)
    except csv.Error as problem:
        raise ResponseError(f"{path}, line {lines.line_num}: no CSV ({problem})") from None


def parquet_table(path: str, content: bytes) -> Any:
    """The table of a parquet file; MissingEngine where pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingEngine(f"{path}: parquet files are read with pyarrow; {PARQUET_INSTALL}") from None
    try:
        return parquet.read_table(io.BytesIO(content))
    except (pyarrow.ArrowException, OSError, ValueError) as problem:
        raise ResponseError(f"{path}: no whole parquet file ({problem!s:.100})") from None


def table_cells(path: str, table: Any, columns: Iterable[str]) -> Iterator[tuple[str, Row]]:
    """Each row's place and its cells in these columns; a text that is no UTF-8 shows only when it is read."""
    import pyarrow

    try:
        rows = table.select(list(columns)).to_pylist()
    except (pyarrow.ArrowException, ValueError) as problem:  # UnicodeDecodeError is one
        raise ResponseError(f"{path}: a damaged parquet file ({problem!s:.100})") from None
    for number, cells in enumerate(rows, 1):
        yield f"{path}, row {number}", cells


def parquet_rows(path: str, table: Any, columns: Columns) -> Iterator[tuple[str, Row]]:
    """The rows of a parquet table, as rows with key or prompt and response."""
    places = _places(path, table.column_names, columns)
    for where, cells in table_cells(path, table, places.values()):
        yield where, _row({name: cells[column] for name, column in places.items()}, where)


def _places(path: str, header: Sequence[str], columns: Columns) -> dict[str, str]:
    """Which column holds what; ResponseError when one is missing or stands twice."""
    who = "prompt" if columns.prompt or (columns.key is None and "key" not in header) else "key"
    places = {
        who: (columns.prompt if who == "prompt" else columns.key) or who,
        "response": columns.response or "response",
    }
    for name, column in places.items():
        if column not in header:
            what = "key or prompt" if column == who and not columns.named else column
            shown = ", ".join(header[:12]) or "none"
            raise ResponseError(
                f"{path}: has no column {what}; its columns are {shown:.300}; name them with --{name}-column"
            )
    places |= {name: name for name in _ALSO if name in header}
    twice = [column for column in places.values() if list(header).count(column) > 1]
    if twice:
        raise ResponseError(f"{path}: the column {twice[0]} stands twice")
    return places


def _row(row: Row, where: str) -> Row:
    if row["response"] is None:
        raise ResponseError(f"{where}: response is null; leave out what has no answer, or make it an empty text")
    key, sample = row.get("key"), row.get("sample")
    if isinstance(key, str) and not key.strip():
        raise ResponseError(f"{where}: the key is empty")
    # A column of whole numbers with a gap in it is one of floats to many a tool: 1001.0
    if isinstance(key, float) and key.is_integer():
        row["key"] = int(key)
    elif isinstance(key, str) and key.endswith(".0") and key[:-2].isdecimal():
        row["key"] = key[:-2]
    if isinstance(sample, str) and sample.isdecimal() and len(sample) < 9:
        row["sample"] = int(sample)
    return {name: value for name, value in row.items() if value is not None}
