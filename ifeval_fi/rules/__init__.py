"""Which check answers for which instruction id.

A language's own rules (`finnish` for fi) say what a careful reader says; `reference` says what the
published IFEval code says, faults included. They are never mixed in one number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from ifeval_fi.checks import Check, Verdict, check
from ifeval_fi.errors import IfevalError
from ifeval_fi.languages import Language
from ifeval_fi.text import normalise

FAMILIES = (
    "keywords",
    "language",
    "length",
    "content",
    "format",
    "combination",
    "startend",
    "case",
    "punctuation",
    "fi.sound",
    "fi.order",
    "fi.grammar",
    "fi.persons",
    "fi.notation",
)


@dataclass(frozen=True)
class Rules:
    """A named, versioned set of checks; `version` changes whenever a verdict could.

    `normalise` gives the response as these checks read it; `prepare` raises MissingEngine when one is not installed;
    `detector` is the engine that names the response's language.
    """

    name: str
    version: str
    checks: Mapping[str, Check]
    normalise: Callable[[str], str] = str
    prepare: Callable[[], None] = lambda: None
    detector: str = "ifeval-fi"

    def judge(self, instruction_id: str, text: str, language: Language, kwargs: Mapping[str, object]) -> Verdict:
        """The verdict on one text; a blank text follows nothing."""
        if not text.strip():
            return Verdict(False, "empty response")
        if instruction_id not in self.checks:
            raise IfevalError(f"the rules {self.name!r} have no check for {instruction_id}; use the language's own")
        return self.checks[instruction_id](text, language, **kwargs)


@cache
def careful_checks() -> Mapping[str, Check]:
    """The careful reader's checks, which any language parametrises."""
    for family in FAMILIES:
        import_module(f"ifeval_fi.checks.{family}")
    return check


def get_rules(name: str | None, language: Language) -> Rules:
    """The rules with this name, or the language's default; IfevalError when the language has no such rules."""
    name = name or language.default_rules
    if name == language.own_rules:
        return Rules(name, language.rules_version, careful_checks(), normalise)
    if name == "reference":
        from ifeval_fi.rules.reference import REFERENCE

        return REFERENCE
    raise IfevalError(f"no rules {name!r} for language {language.code!r}; there are {language.own_rules}, reference")
