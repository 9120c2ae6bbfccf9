"""Reading and writing JSON and JSON Lines: strict about what is read, atomic in what is written."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ifeval_fi.errors import IfevalError

if TYPE_CHECKING:
    from importlib.abc import Traversable

Row = dict[str, Any]

MOST_LEVELS, MOST_DIGITS = 100, 1000
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[][{}]")


def dumps(value: object, *, indent: int | None = None) -> str:
    """JSON, on one line unless indented, letters as they are; lone surrogates escaped: no UTF-8 file can hold them."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def read_text(path: Path | Traversable, error: type[IfevalError] = IfevalError) -> str:
    """The file's UTF-8 text; the error says what keeps it from being read."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise error(f"{path}: no such file") from None
    except IsADirectoryError:
        raise error(f"{path}: is a folder, not a file") from None
    except UnicodeDecodeError as problem:
        raise error(f"{path}: not UTF-8 (byte {problem.start}); save the file as UTF-8") from None
    except OSError as problem:
        raise error(f"{path}: {problem.strerror or problem}") from None


def nests_deeper(text: str, levels: int) -> bool:
    """Whether brackets of JSON stand more than so many levels deep."""
    if text.count("[") + text.count("{") <= levels:
        return False
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > levels:
            return True
    return False


def count_values(text: str) -> int:
    """About how many values JSON holds, found without building them."""
    bare = _STRING.sub("", text)
    return sum(map(bare.count, "[{,"))


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def read_rows(path: Path | Traversable, error: type[IfevalError] = IfevalError) -> Iterator[tuple[int, Row]]:
    """Line number and object of every non-empty line; the error names file and line."""
    text = read_text(path, error)
    lines = text.removeprefix("\ufeff").split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            if nests_deeper(line, MOST_LEVELS):
                raise ValueError(f"nested more than {MOST_LEVELS} levels deep")
            row = json.loads(line, parse_int=_whole_number)
        except ValueError as problem:
            torn = number == len(lines)
            advice = "the last line is torn; remove it or write it again" if torn else f"not JSON: {problem}"
            raise error(f"{path}, line {number}: {advice}") from None
        if not isinstance(row, dict):
            raise error(f"{path}, line {number}: must be a JSON object, not {type(row).__name__}")
        yield number, row


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace the file in one step, so that a reader sees the old or the new content and nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    write_atomically(path, "".join(dumps(row) + "\n" for row in rows))
