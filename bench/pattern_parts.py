"""Short texts that parts of a regular expression match: what hostile responses are built of."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from random import Random
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import ifeval_fi

MOST_REPEATED = 3
_CATEGORIES = {
    sre.CATEGORY_DIGIT: "7", sre.CATEGORY_SPACE: " \t\n\u00a0", sre.CATEGORY_WORD: "aÄ_1", sre.CATEGORY_NOT_DIGIT: "a ",
    sre.CATEGORY_NOT_SPACE: "a.", sre.CATEGORY_NOT_WORD: " .\u0301",
}  # fmt: skip
_ANY = "aZ äÄ1_.,;:!?\"”'’`*#<>()[]{}|/\\=-+@$%&~^\u0301\u00a0\n😊"


def package_patterns() -> list[re.Pattern[str]]:
    """Every pattern in the package's modules and classes, and what it has compiled on the way."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(ifeval_fi.__path__, "ifeval_fi."):
        if module.name.endswith("__main__"):
            continue
        try:
            names = vars(import_module(module.name))
        except ImportError:
            continue  # an optional dependency
        for value in (*names.values(), *(v for c in names.values() if isinstance(c, type) for v in vars(c).values())):
            if hasattr(value, "finditer") and isinstance(getattr(value, "pattern", None), str):
                found[value.pattern] = value
    for pattern in [*re._cache.values()]:  # type: ignore[attr-defined]
        if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
            found.setdefault(pattern.pattern, pattern)
    return list(found.values())


def parts(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What a repeated part of the pattern matches, with a text that leads there; then the whole, led to by nothing."""
    draw = Random(ascii(pattern.pattern))
    try:
        tree = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE & ~re.DEBUG)
    except (re.error, RuntimeError):
        return  # of another engine
    for _ in range(3):
        yield from _repeated(list(tree), "", draw)
        yield "", _sample(list(tree), draw)


def _repeated(nodes: list[Any], before: str, draw: Random) -> Iterator[tuple[str, str]]:
    for kind, value in nodes:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield before, _sample(list(value[2]), draw)
        for inner in _inside(kind, value):
            yield from _repeated(inner, before, draw)
        before += _sample([(kind, value)], draw)


def _inside(kind: Any, value: Any) -> list[list[Any]]:
    if kind is sre.SUBPATTERN:
        return [list(value[3])]
    if kind is sre.BRANCH:
        return [list(each) for each in value[1]]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [list(value[1])]
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return [list(value[2])]
    return [list(value)] if kind is sre.ATOMIC_GROUP else []


def _sample(nodes: list[Any], draw: Random) -> str:
    """A text that the nodes match, as far as that can be said without looking around."""
    text = ""
    for kind, value in nodes:
        if kind is sre.LITERAL:
            text += chr(value)
        elif kind in (sre.ANY, sre.NOT_LITERAL):
            text += draw.choice(_ANY[:-2])
        elif kind is sre.IN:
            text += draw.choice(_characters(value))
        elif kind is sre.BRANCH:
            text += _sample(list(draw.choice(value[1])), draw)
        elif kind is sre.SUBPATTERN:
            text += _sample(list(value[3]), draw)
        elif kind is sre.ATOMIC_GROUP:
            text += _sample(list(value), draw)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, inner = value
            times = draw.randint(least, max(least, min(int(most), MOST_REPEATED)))
            text += "".join(_sample(list(inner), draw) for _ in range(times))
        elif kind is sre.ASSERT and value[0] > 0:
            text += _sample(list(value[1]), draw)
    return text


def _characters(members: list[Any]) -> str:
    """Some characters of a class."""
    negated = members[0][0] is sre.NEGATE
    found, excluded = "", set()
    for kind, value in members:
        if kind is sre.LITERAL:
            found += chr(value)
        elif kind is sre.RANGE:
            found += chr(value[0]) + chr(value[1])
        elif kind is sre.CATEGORY:
            found += _CATEGORIES[value]
    if negated:
        excluded = set(found)
        return "".join(each for each in _ANY if each not in excluded) or "a"
    return found
