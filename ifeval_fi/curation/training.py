"""The texts of a training set, whatever its columns are called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ifeval_fi.errors import MissingEngine, PromptError
from ifeval_fi.files import read_text
from ifeval_fi.jsonl import loads, read_rows


def training_rows(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each row's place ("line 7") with its texts, each with the field it stands in ("messages[0].content").

    Read are JSON Lines, a JSON list, Parquet where pyarrow is installed, and plain lines of any other file. PromptError
    names file and line of what cannot be read, or holds no text.
    """
    empty = True
    for place, row in _rows(path):
        empty = False
        texts = list(_texts(row, ""))
        if not texts:
            raise PromptError(f"{path}, {place}: holds no text")
        yield place, texts
    if empty:
        raise PromptError(f"{path}: holds no rows")


def _rows(path: Path) -> Iterator[tuple[str, Any]]:
    if path.suffix == ".parquet":
        yield from _parquet(path)
        return
    text = read_text(path, PromptError).removeprefix("\ufeff")
    json_file = path.name.removesuffix(".gz").endswith((".json", ".jsonl"))
    begins = text.lstrip()[:1]
    if json_file and begins == "[":
        yield from _list(path, text)
    elif json_file or begins == "{":
        yield from ((f"line {number}", row) for number, row in read_rows(path, PromptError, constants=True))
    else:
        lines = enumerate(text.split("\n"), 1)
        yield from ((f"line {number}", line.strip()) for number, line in lines if line.strip())


def _list(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    try:
        rows = loads(text, constants=True)
    except ValueError as problem:
        raise PromptError(f"{path}: not JSON: {problem}") from None
    yield from ((f"row {number}", row) for number, row in enumerate(rows, 1))


def _parquet(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise MissingEngine(f"{path}: a Parquet file is read with pyarrow; pip install pyarrow") from None
    try:
        batches = ParquetFile(path).iter_batches()
        rows = (row for batch in batches for row in batch.to_pylist())
        yield from ((f"row {number}", row) for number, row in enumerate(rows, 1))
    except (OSError, ValueError, pyarrow.ArrowException) as problem:
        raise PromptError(f"{path}: cannot be read as Parquet: {' '.join(str(problem).split()):.200}") from None


def _texts(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Every text in a value, at any depth."""
    if isinstance(value, str):
        if value.strip():
            yield field, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, f"{field}.{name}" if field else name)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{field}[{index}]")
