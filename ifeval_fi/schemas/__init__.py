"""The JSON Schemas of every file that is read or written, and what makes a value break one."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from ifeval_fi.resources import resource

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def schema_problem(name: str, value: Any) -> str | None:
    """What makes the value break the packaged schema, if anything does."""
    validator = _validator(name)
    if validator.is_valid(value):
        return None
    from jsonschema.exceptions import best_match

    error = best_match(validator.iter_errors(value))
    where = ".".join(str(part) for part in error.absolute_path) if error else ""
    message = error.message[:200] if error else "breaks its schema"
    return f"{where}: {message}" if where else message


@cache
def _validator(name: str) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(resource("schemas", name).read_text("utf-8")))
