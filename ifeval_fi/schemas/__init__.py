"""The JSON Schemas of every file that is read or written, and what makes a value break one."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from ifeval_fi.resources import resource

_MOST = 20

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator


def schema_problem(name: str, value: Any) -> str | None:
    """Everything that makes the value break the packaged schema, in the order of its fields; None when nothing does."""
    validator = _validator(name)
    if validator.is_valid(value):
        return None
    from jsonschema.exceptions import best_match

    found = sorted(validator.iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path])
    # Of a choice of forms, what is wrong with the one that comes nearest.
    told = list(dict.fromkeys(_told(best_match([error]) or error) for error in found))
    more = f"; and {len(told) - _MOST} more" if len(told) > _MOST else ""
    return "; ".join(told[:_MOST]) + more


def _told(error: ValidationError) -> str:
    where = ".".join(map(str, error.absolute_path))
    return f"{where}: {error.message[:200]}" if where else error.message[:200]


@cache
def _validator(name: str) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(resource("schemas", name).read_text("utf-8")))
