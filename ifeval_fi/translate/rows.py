"""Rows of prompts, chats and preference pairs, and the texts in them that are translated."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from ifeval_fi.errors import IfevalError, PromptError
from ifeval_fi.jsonl import Row, read_rows
from ifeval_fi.prompts import FIELDS, Key, is_key, parse_prompt

Format = Literal["prompts", "sft", "preference"]
FORMATS: tuple[str, ...] = get_args(Format)
_FIELDS: dict[str, tuple[str, ...]] = {
    "prompts": ("prompt",),
    "sft": ("messages",),
    "preference": ("prompt", "chosen", "rejected"),
}
_TRANSLATED_ROLES = frozenset({"user", "assistant", "system"})


class SourceError(IfevalError):
    """A source file does not hold what its format says."""


@dataclass(frozen=True)
class SourceRow:
    """A row with its key; `texts` are its translatable texts by their place, e.g. `messages.0.content`."""

    key: Key
    row: Row
    texts: Mapping[str, str]

    @property
    def kwargs(self) -> list[Mapping[str, Any]]:
        """The instructions' arguments; none in training data."""
        return list(self.row["kwargs"]) if is_prompt(self.row) else []

    def with_texts(self, texts: Mapping[str, str], kwargs: list[Mapping[str, Any]]) -> Row:
        """The row with other texts and arguments in their places."""
        row = copy.deepcopy(self.row)
        for place, text in texts.items():
            *path, last = place.split(".")
            inner: Any = row
            for step in path:
                inner = inner[int(step)] if isinstance(inner, list) else inner[step]
            inner[last] = text
        if is_prompt(row):
            row["kwargs"] = [dict(each) for each in kwargs]
        return row


def text_at(row: Row, place: str) -> Any:
    """What stands in the row at a place such as `messages.0.content`; None when there is no such place."""
    inner: Any = row
    for step in place.split("."):
        if isinstance(inner, list) and step.isdecimal() and len(step) < 10 and int(step) < len(inner):
            inner = inner[int(step)]
        elif isinstance(inner, dict):
            inner = inner.get(step)
        else:
            return None
    return inner


def is_prompt(row: Row) -> bool:
    """Whether the row is one of a prompts file; training data may have columns of the same names."""
    return row.keys() == FIELDS


def read_source(path: Path, form: str, language: str, *, limit: int | None = None) -> list[SourceRow]:
    """The rows of a source file; a row without `key` or `id` goes by its line number; SourceError says where."""
    if form not in FORMATS:
        raise SourceError(f"unknown format {form!r}; there are {', '.join(FORMATS)}")
    rows: dict[str, SourceRow] = {}
    for number, row in read_rows(path, SourceError):
        where = f"{path}, line {number}"
        try:
            found = _source_row(row, form, language, number)
        except IfevalError as problem:
            raise SourceError(f"{where}: {problem}") from None
        if str(found.key) in rows:
            raise SourceError(f"{where}: the key {found.key} is already used above; keys are unique")
        rows[str(found.key)] = found
        if limit is not None and len(rows) >= limit:
            break
    if not rows:
        raise SourceError(f"{path}: holds no rows")
    return list(rows.values())


def _source_row(row: Row, form: str, language: str, number: int) -> SourceRow:
    if form == "prompts":
        prompt = parse_prompt(row, language)
        return SourceRow(prompt.key, prompt.row, {"prompt": prompt.text})
    key = row.get("key", row.get("id", number))
    if not is_key(key):
        raise PromptError("key must be a whole number or a string")
    texts: dict[str, str] = {}
    for name in _FIELDS[form]:
        if name not in row:
            raise SourceError(f"lacks {name!r}; --format {form} needs {', '.join(_FIELDS[form])}")
        texts.update(_texts(row[name], name))
    if not texts:
        raise SourceError("holds no text to translate")
    return SourceRow(key, row, texts)


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
        return
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise SourceError(f"{name} must be a text or a list of messages")
    for index, message in enumerate(value):
        role, content = message.get("role"), message.get("content")
        if not isinstance(role, (str, type(None))):
            raise SourceError(f"{name}, message {index + 1}: role must be a text")
        if role not in _TRANSLATED_ROLES or content is None:
            continue
        if not isinstance(content, str):
            raise SourceError(f"{name}, message {index + 1}: content must be a text")
        if content.strip():
            yield f"{name}.{index}.content", content
