"""JSON and JSON Lines: strict about what is read, one way of writing it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ifeval_fi.errors import IfevalError
from ifeval_fi.files import read_text, write_atomically

if TYPE_CHECKING:
    from importlib.abc import Traversable

Row = dict[str, Any]

MOST_DIGITS = 1000
MOST_LEVELS = 100


def dumps(value: object, *, indent: int | None = None) -> str:
    """JSON, on one line unless indented, letters as they are; lone surrogates escaped: no UTF-8 file can hold them."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def loads(text: str | bytes, *, constants: bool = False) -> Any:
    """A JSON value; ValueError says in a few words what is wrong with the text.

    Wrong are also names that stand twice in one object, whole numbers of more than 1,000 digits, more than 100 levels
    and, unless `constants`, NaN and Infinity.
    """
    try:
        value = json.loads(
            text,
            parse_int=_whole_number,
            object_pairs_hook=_object,
            parse_constant=None if constants else _no_constant,
        )
    except RecursionError:
        raise ValueError(f"nested more than {MOST_LEVELS} levels deep") from None
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [inner for each in level for inner in _inside(each) if isinstance(inner, (dict, list))]
        if not level:
            return value
    raise ValueError(f"nested more than {MOST_LEVELS} levels deep")


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> Row:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r:.60} stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def read_json(path: Path | Traversable, error: type[IfevalError] = IfevalError) -> Any:
    """The JSON value in a file; the error says what is wrong with it."""
    try:
        return loads(read_text(path, error).removeprefix("\ufeff"))
    except ValueError as problem:
        raise error(f"{path}: not JSON: {problem}") from None


def read_rows(
    path: Path | Traversable, error: type[IfevalError] = IfevalError, *, constants: bool = False
) -> Iterator[tuple[int, Row]]:
    """Line number and object of every non-empty line; the error names file and line."""
    text = read_text(path, error)
    lines = text.removeprefix("\ufeff").split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = loads(line, constants=constants)
        except json.JSONDecodeError as problem:
            torn = number == len(lines)
            advice = "the last line is torn; remove it or write it again" if torn else f"not JSON: {problem}"
            raise error(f"{path}, line {number}: {advice}") from None
        except ValueError as problem:
            raise error(f"{path}, line {number}: {problem}") from None
        if not isinstance(row, dict):
            raise error(f"{path}, line {number}: must be a JSON object, not {type(row).__name__}")
        yield number, row


def lines_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows as JSON Lines."""
    return "".join(dumps(row) + "\n" for row in rows)


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    write_atomically(path, lines_of(rows))
