"""Whether a text is one JSON value, as RFC 8259 has it.

Read without recursion and without building the value, so that neither the depth of the caller's stack nor a setting
of the interpreter decides: JSON may nest as deep, and a number have as many digits, as its writer likes.
"""

from __future__ import annotations

import re

_STRING = r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
_CONSTANTS = r"NaN|-?Infinity"
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_SPACE = r"[ \t\n\r]*"
# What may stand where a value begins: an empty container, an opening one, or a value without parts.
_BEGINNING = (
    rf"{_SPACE}(?:(?P<object>\{{{_SPACE}\}})|(?P<array>\[{_SPACE}\])|(?P<opening>[\[{{])"
    rf"|(?P<string>{_STRING})|(?P<boolean>true|false)|(?P<null>null)|(?P<number>{_NUMBER}"
)
_VALUE, _PYTHON_VALUE = re.compile(f"{_BEGINNING}))"), re.compile(f"{_BEGINNING}|{_CONSTANTS}))")
_NAME = re.compile(rf"{_SPACE}{_STRING}{_SPACE}:")
_AFTER = re.compile(rf"{_SPACE}([,\]}}]?)")
_CLOSES = {"]": "[", "}": "{"}


def json_kind(text: str, *, constants: bool = False) -> str:
    """object, array, string, number, boolean or null; ValueError says where the text is no JSON value.

    With `constants`, NaN and Infinity are numbers, as Python reads them.
    """
    values = _PYTHON_VALUE if constants else _VALUE
    at = 0
    opened: list[str] = []
    kind = ""
    while True:
        found = values.match(text, at)
        if found is None:
            raise _amiss("no value", text, at)
        at = found.end()
        if found.lastgroup == "opening":
            opened.append(found["opening"])
            kind = kind or ("array" if opened[-1] == "[" else "object")
        else:
            kind = kind or str(found.lastgroup)
            at = _closed(text, at, opened)
            if not opened:
                return kind
        if opened[-1] == "{":
            name = _NAME.match(text, at)
            if name is None:
                raise _amiss("no name in quotation marks with a colon", text, at)
            at = name.end()


def _closed(text: str, at: int, opened: list[str]) -> int:
    """Where the next value or name begins behind a value that ends here; the containers it closes are taken off."""
    while True:
        after = _AFTER.match(text, at)
        assert after is not None
        at, mark = after.end(), after[1]
        if not opened:
            if mark or at < len(text):
                raise _amiss("more behind the value", text, at - len(mark))
            return at
        if mark == ",":
            return at
        if not mark or opened.pop() != _CLOSES[mark]:
            raise _amiss("no comma or closing bracket", text, at - len(mark))


def _amiss(what: str, text: str, at: int) -> ValueError:
    """The error, with the place of the first character behind white space."""
    at = len(text) - len(text[at:].lstrip(" \t\n\r"))
    return ValueError(f"{what} at line {text.count(chr(10), 0, at) + 1}, {text[at : at + 20]!r}")
