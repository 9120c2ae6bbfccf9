"""A language is a frozen value: data and a few functions. Adding one is a folder here, in data/ and in tests/cases/."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from ifeval_fi.errors import IfevalError

QUOTATION_MARKS = (('"', '"'), ("”", "”"), ("“", "”"), ("„", "”"), ("„", "“"), ("»", "»"), ("«", "»"))
POSTSCRIPTS = {
    # "P. S.", "p.s:", "P.S Muista", "PS.", "Ps:" but not "PS:n", which goes on in letters
    "P.S.": r"p\.[ ]?s(?:[.:]+|(?=[\s*_]))|ps[.:]+",
    # "P.P.S.", "PPS:", "P.PS."
    "P.P.S": r"p\.[ ]?p\.[ ]?s(?:[.:]+|(?=[\s*_]))|pps[.:]+|p\.?ps[.:]",
}


@dataclass(frozen=True)
class Language:
    """What the checks need to know of a language.

    `code` is ISO 639-1, `name` English, `own_name` what its speakers call it. `rules_version` rises whenever a verdict
    under `own_rules` changes.
    `own_rules` names the careful reader's rules of this language; `default_rules` those used when none are named.
    `numerals` are the words that say a number, ordinals included; `more_than` and `at_most` the wordings with
    which a prompt names the number beside a limit; `filler` are plain sentences from which `ifeval_fi.curation.satisfy`
    builds texts; `postscripts` gives, for each of the two markers, a pattern of its usual written variants;
    `nests_quotations` when a quotation may hold others in any of the `quotation_marks`;
    `inner_quotations_close` says that a quotation within the one around the response must close for that one to;
    `typography` lists what a prompt should not contain as pattern, problem and advice;
    `dictionary_forms` are the dictionary words that a word form can belong to, likeliest first.
    """

    code: str
    name: str
    own_name: str
    own_rules: str
    default_rules: str
    words: Callable[[str], list[str]]
    sentences: Callable[[str], list[str]]
    occurrences: Callable[[str, str], list[str]]
    answers: tuple[str, ...]
    rules_version: str = "1"
    postscripts: Mapping[str, str] = field(default_factory=lambda: POSTSCRIPTS)
    quotation_marks: tuple[tuple[str, str], ...] = QUOTATION_MARKS
    nests_quotations: bool = False
    inner_quotations_close: bool = False
    numerals: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    more_than: tuple[str, ...] = ()
    at_most: tuple[str, ...] = ()
    filler: tuple[str, ...] = ()
    typography: tuple[tuple[str, str, str], ...] = ()
    dictionary_forms: Callable[[str], tuple[str, ...]] = lambda form: (form,)


def languages() -> dict[str, Language]:
    """Every language there is a folder for, by its ISO 639-1 code."""
    return {code: _load(code) for code in _codes()}


def get_language(code: str) -> Language:
    """The language with this code; IfevalError names the known ones."""
    if code not in _codes():
        raise IfevalError(f"unknown language {code!r}; known are {', '.join(_codes())}")
    return _load(code)


@cache
def _codes() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


@cache
def _load(code: str) -> Language:
    """The language itself; loaded when first asked for, as its patterns take long to compile."""
    language = import_module(f"{__name__}.{code}").LANGUAGE
    assert isinstance(language, Language)
    return language
