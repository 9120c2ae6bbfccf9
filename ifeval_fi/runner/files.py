"""How many connections this process may hold open: every one is an open file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

_SPARE = 32


def within_file_limit(concurrency: int, say: Callable[[str], None]) -> int:
    """The concurrency that the limit of open files has room for; the soft limit is raised where it is too low."""
    if sys.platform == "win32":
        return concurrency
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = concurrency + _open_files() + _SPARE
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return concurrency
    try:
        raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        soft = raised
    except (OSError, ValueError):
        pass
    possible = max(1, min(concurrency, soft - _open_files() - _SPARE))
    if possible < concurrency:
        say(f"{possible} requests at a time instead of {concurrency}: this shell allows {soft} open files (ulimit -n)")
    return possible


def _open_files() -> int:
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return sum(1 for _ in Path(folder).iterdir())
        except OSError:
            continue
    return _SPARE
