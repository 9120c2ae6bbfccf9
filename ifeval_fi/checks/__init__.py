"""The registry of checks: one pure function per instruction id, whose signature is its schema.

A check takes the response, the language and the instruction's arguments as keyword-only
parameters, and returns a `Verdict`. The modules of this package hold the checks a careful reader
would make; the published code's are in `ifeval_fi.rules.reference`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NewType, get_args, get_origin, get_type_hints

from ifeval_fi.errors import PromptError
from ifeval_fi.text import nfc

if TYPE_CHECKING:
    from ifeval_fi.languages import Language

Relation = Literal["at least", "less than"]
Character = NewType("Character", str)
EVIDENCE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an instruction was followed, and the evidence in a few words; falsy when not followed."""

    followed: bool
    found: str = ""

    def __post_init__(self) -> None:
        found = " ".join(self.found.split()).removesuffix(":")
        if len(found) > EVIDENCE_LENGTH:
            whole, _, torn = found[: EVIDENCE_LENGTH - 1].rpartition(" ")
            found = f"{whole if len(torn) < EVIDENCE_LENGTH // 2 else found[: EVIDENCE_LENGTH - 1]}…"
        object.__setattr__(self, "found", found)

    def __bool__(self) -> bool:
        return self.followed


CheckFunction = Callable[..., Verdict]


@dataclass(frozen=True)
class Check:
    """A check function under its instruction id; a text of more than `longest` characters is not followed."""

    instruction_id: str
    function: CheckFunction = field(repr=False)
    longest: int | None = None

    def __call__(self, text: str, language: Language, /, **kwargs: Any) -> Verdict:
        if self.longest is not None and len(text) > self.longest:
            return Verdict(False, f"{len(text):,} characters, more than the {self.longest:,} read word by word")
        return self.function(text, language, **kwargs)

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """Name and type of each argument the instruction takes; all are required."""
        hints = get_type_hints(self.function)
        return {
            name: hints[name]
            for name, parameter in inspect.signature(self.function).parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY
        }

    def validate(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as the check takes them: None dropped, 2.0 as 2; PromptError on anything else amiss."""
        given = {name: value for name, value in kwargs.items() if value is not None}
        for name in given:
            if name not in self.parameters:
                raise PromptError(f"{self.instruction_id} takes no argument {name!r}{self._hint()}")
        for name in self.parameters:
            if name not in given:
                raise PromptError(f"{self.instruction_id} needs the argument {name!r}")
        return {name: self._typed(name, value) for name, value in given.items()}

    def _hint(self) -> str:
        return f"; it takes {', '.join(self.parameters)}" if self.parameters else "; it takes none"

    def _typed(self, name: str, value: Any) -> Any:
        expected = self.parameters[name]
        if expected is int:
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                return value
            raise self._mistyped(name, "a whole number of 0 or more", value)
        if expected is str:
            if isinstance(value, str):
                return value
            raise self._mistyped(name, "a string", value)
        if expected is Character:
            if isinstance(value, str) and len(nfc(value)) == 1:
                return value
            raise self._mistyped(name, "a single character", value)
        if get_origin(expected) is Literal:
            if value in get_args(expected):
                return value
            raise self._mistyped(name, " or ".join(map(repr, get_args(expected))), value)
        if get_origin(of := (get_args(expected) or (None,))[0]) is Literal:
            if isinstance(value, (list, tuple)) and value and all(item in get_args(of) for item in value):
                return tuple(value)
            raise self._mistyped(name, f"a non-empty list of {', '.join(map(repr, get_args(of)))}", value)
        if expected == tuple[int, ...]:
            if isinstance(value, (list, tuple)) and value and all(type(item) is int and item > 0 for item in value):
                return tuple(value)
            raise self._mistyped(name, "a non-empty list of whole numbers above 0", value)
        if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise self._mistyped(name, "a non-empty list of strings", value)

    def _mistyped(self, name: str, wanted: str, value: Any) -> PromptError:
        return PromptError(f"{self.instruction_id}: {name!r} must be {wanted}, not {value!r}")


class CheckTable(dict[str, Check]):
    """Checks by instruction id; calling it with an id gives the decorator that registers a function there."""

    def __call__(self, instruction_id: str, *, longest: int | None = None) -> Callable[[CheckFunction], CheckFunction]:
        def register(function: CheckFunction) -> CheckFunction:
            if instruction_id in self:
                raise ValueError(f"two checks for {instruction_id}")
            self[instruction_id] = Check(instruction_id, function, longest)
            return function

        return register


check = CheckTable()
"""The careful reader's checks; filled when the modules of this package are imported by `ifeval_fi.rules`."""


def compare(count: int, relation: Relation, wanted: int) -> bool:
    """Whether the count is at least, or less than, what was asked."""
    return count >= wanted if relation == "at least" else count < wanted


def counted(count: int, relation: Relation, wanted: int, examples: str = "") -> Verdict:
    """A verdict on a count, with the count, the demand and examples as evidence."""
    detail = f": {examples}" if examples else ""
    return Verdict(compare(count, relation, wanted), f"{count}, asked {relation} {wanted}{detail}")
