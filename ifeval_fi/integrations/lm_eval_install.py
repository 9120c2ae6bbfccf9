"""Where this package's lm-eval tasks lie, and what in an installed lm-eval stands in their way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from ifeval_fi.errors import IfevalError
from ifeval_fi.files import write_all
from ifeval_fi.resources import resource
from ifeval_fi.version import __version__

TESTED = ("0.4.10", "0.4.11", "0.4.12", "0.4.13")
"""The versions of lm-eval with which the tests were run, oldest first."""

FOLDER, MARK = "ifeval_fi", "installed-by-ifeval-fi"
"""The folder of the copied tasks among lm-eval's own, and the file in it that says whose it is."""

_DECLARED = re.compile(rb"^(?:task|group): *[\"']?([\w-]+)", re.MULTILINE)


def tasks_folder() -> Path:
    """The folder to give lm-eval as --include_path."""
    return Path(str(resource("tasks")))


def lm_eval_tasks() -> Path | None:
    """The folder in which the installed lm-eval looks for tasks; None when it is not installed."""
    found = find_spec("lm_eval")
    return Path(found.origin).parent / "tasks" if found and found.origin else None


def install() -> Path:
    """Copy the tasks into the installed lm-eval, which then finds them by itself; IfevalError says why not."""
    theirs = lm_eval_tasks()
    if theirs is None or not theirs.is_dir():
        raise IfevalError('lm-eval is not installed here; pip install "ifeval-fi[lm-eval]"')
    folder = theirs / FOLDER
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise IfevalError(f"{folder}: is there already and not of ifeval-fi; remove it, or give lm-eval --include_path")
    contents: dict[Path, str | bytes] = {folder / MARK: f"{__version__}\n"}
    contents |= {folder / path.name: path.read_bytes() for path in tasks_folder().iterdir() if path.is_file()}
    write_all(contents)
    return folder


def uninstall() -> Path | None:
    """Remove what `install` copied; None when there is nothing of it."""
    theirs = lm_eval_tasks()
    folder = theirs / FOLDER if theirs else None
    if folder is None or not (folder / MARK).is_file():
        return None
    shutil.rmtree(folder)
    return folder


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
        if path.parent == theirs / FOLDER and (path.parent / MARK).is_file():
            yield f"{path} is of another version of ifeval-fi; `ifeval-fi tasks-path --install` puts this one's there"
            continue
        for declared in _DECLARED.findall(content):
            if f"{declared.decode()}.yaml" in names:
                yield f"{path} is another task named {declared.decode()}; --include_path puts ours in its place"
    if missing := sorted(names - seen):
        yield (
            f"lm-eval in {theirs.parent} does not find {', '.join(missing)} by itself; give it --include_path "
            "with this folder, or copy them there with `ifeval-fi tasks-path --install`"
        )


def _within(installed: str) -> bool:
    numbers = re.findall(r"\d+", installed.partition("+")[0])
    low, high = (tuple(map(int, each.split("."))) for each in (TESTED[0], TESTED[-1]))
    return low <= tuple(map(int, numbers)) <= high
