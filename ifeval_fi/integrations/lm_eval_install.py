"""Where this package's lm-eval tasks lie, and what in an installed lm-eval stands in their way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from ifeval_fi.resources import resource

TESTED = ("0.4.10", "0.4.11", "0.4.12", "0.4.13")
"""The versions of lm-eval with which the tests were run, oldest first."""

_DECLARED = re.compile(rb"^(?:task|group): *[\"']?([\w-]+)", re.MULTILINE)


def tasks_folder() -> Path:
    """The folder to give lm-eval as --include_path."""
    return Path(str(resource("tasks")))


def lm_eval_tasks() -> Path | None:
    """The folder in which the installed lm-eval looks for tasks; None when it is not installed."""
    found = find_spec("lm_eval")
    return Path(found.origin).parent / "tasks" if found and found.origin else None


def findings() -> Iterator[str]:
    """What keeps `lm_eval --tasks ifeval_fi` from being this package's task, each with what to do."""
    theirs = lm_eval_tasks()
    if theirs is None:
        yield 'lm-eval is not installed here; pip install "ifeval-fi[lm-eval]"'
        return
    try:
        installed = version("lm_eval")
    except PackageNotFoundError:
        installed = "of unknown version"
    if not _within(installed):
        yield f"lm-eval {installed} was not tested with these tasks; tested are {', '.join(TESTED)}"
    ours = {path.name: path.read_bytes() for path in tasks_folder().iterdir() if path.is_file()}
    names = {name for name, content in ours.items() if name.endswith(".yaml") and _DECLARED.search(content)}
    seen = set()
    for path in sorted(theirs.rglob("*.yaml")):
        if "ifeval" not in str(path.relative_to(theirs)).lower():
            continue
        content = path.read_bytes()
        if content == ours.get(path.name):
            seen.add(path.name)
            continue
        for declared in _DECLARED.findall(content):
            if f"{declared.decode()}.yaml" in names:
                yield f"{path} is another task named {declared.decode()}; --include_path puts ours in its place"
    if missing := sorted(names - seen):
        yield f"lm-eval in {theirs.parent} does not find {', '.join(missing)} by itself; give it --include_path"


def _within(installed: str) -> bool:
    numbers = re.findall(r"\d+", installed.partition("+")[0])
    low, high = (tuple(map(int, each.split("."))) for each in (TESTED[0], TESTED[-1]))
    return low <= tuple(map(int, numbers)) <= high
