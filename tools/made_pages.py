"""The documentation's pages that the program writes about itself, so that they say what it does."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import ifeval_fi
from ifeval_fi.cli import COMMANDS, _app
from ifeval_fi.prompts import bundled, load_prompts
from ifeval_fi.rules import careful_checks


def commands() -> str:
    """Every command with its options, out of the command line itself."""
    lines = [
        "# Commands",
        "",
        "What `ifeval-fi COMMAND --help` says. An option of several values: `--prompts fi en`.",
        "",
        "Exit codes: 0 fine; 1 the answer is no (a regression, a rejected submission, an incomplete run); "
        "2 the call or its input is wrong.",
        "",
    ]
    for name in COMMANDS:
        lines += _command(_app(name)[name], ["ifeval-fi", name], level=2)
    return "\n".join(lines)


def _command(app: Any, chain: list[str], level: int) -> Iterator[str]:
    yield f"{'#' * level} {' '.join(chain[1:])}"
    yield ""
    function = app.default_command
    yield from [_description(function.__doc__ if function else app.help), ""]
    if function:
        arguments = list(app.assemble_argument_collection(parse_docstring=True))
        placed = [each for each in arguments if not _options(each)]
        named = [each for each in arguments if _options(each)]
        usage = [*chain, *(each.name.upper() + ("…" if _many(each) else "") for each in placed)]
        yield from ["```text", " ".join([*usage, *(["[OPTIONS]"] if named else [])]), "```", ""]
        yield from ["| | |", "| --- | --- |"]
        for each in (*placed, *named):
            shown = ", ".join(f"`{name}`" for name in _options(each)) or f"`{each.name.upper()}`"
            yield f"| {shown} | {_cell(each)} |"
        yield ""
    for name in app:
        if not name.startswith("-"):
            yield from _command(app[name], [*chain, name], level + 1)


def _description(docstring: str | None) -> str:
    """A docstring up to its parameters, which the table below it lists."""
    return inspect.cleandoc(docstring or "").partition("\nParameters\n")[0].strip()


def _options(argument: Any) -> list[str]:
    return [name for name in argument.names if name.startswith("-")]


def _many(argument: Any) -> bool:
    return argument.field_info.kind is inspect.Parameter.VAR_POSITIONAL or get_origin(argument.hint) is tuple


def _cell(argument: Any) -> str:
    text = " ".join((argument.parameter.help or "").split()).replace("|", "\\|")
    default = argument.field_info.default
    if get_origin(argument.hint) is not None and (
        choices := [each for each in get_args(argument.hint) if isinstance(each, str)]
    ):
        text += f" One of {', '.join(f'`{each}`' for each in choices)}."
    if default not in (inspect.Parameter.empty, None, False, (), "{}"):
        shown = " ".join(map(str, default)) if isinstance(default, tuple) else str(default)
        text += f" Default: `{shown}`."
    return text


def instructions() -> str:
    """Every instruction id with its arguments, what it asks, and how often the bundled sets have it."""
    sets = [load_prompts(name, all_languages=True) for name in bundled()]
    asked = Counter(each.id for chosen in sets for prompt in chosen for each in prompt.instructions)
    lines = [
        "# Instructions",
        "",
        "Every id that a prompts file may use, as the careful rules judge it; [the policy](policy.md) settles where "
        "readers could differ. Arguments are required and checked when prompts are loaded.",
        "",
        "| id | arguments | | in the bundled sets |",
        "| --- | --- | --- | ---: |",
    ]
    for name, check in sorted(careful_checks().items()):
        arguments = ", ".join(f"`{each}`" for each in check.parameters)
        sentence = " ".join(inspect.cleandoc(check.function.__doc__ or "").split()).replace("|", "\\|")
        lines.append(f"| `{name}` | {arguments} | {_plain(sentence)} | {asked[name]} |")
    return "\n".join([*lines, ""])


def _plain(text: str) -> str:
    """Text that holds marks of Markdown and HTML as it stands."""
    for mark in "\\*_[]<>":
        text = text.replace(mark, f"\\{mark}")
    return text


def names() -> str:
    """Every public name, for the tool that reads its docstring."""
    lines = [
        "# Python, in full",
        "",
        "[From Python](python.md) is the way in; here is what each name takes and gives.",
        "",
    ]
    for name in sorted(set(ifeval_fi.__all__) - {"__version__", "report"}, key=str.lower):
        value = getattr(ifeval_fi, name)
        lines += [f"::: {value.__module__}.{getattr(value, '__qualname__', name)}", ""]
    return "\n".join(lines)
