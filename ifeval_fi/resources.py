"""Files that travel with the package, wherever it is installed.

A wheel carries `data/` and `tasks/` inside the package; a checkout keeps them at its top level.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.abc import Traversable


def resource(*parts: str) -> Traversable:
    """The packaged file or folder with this path; it may not exist, and may lie in a zip archive."""
    packaged = files("ifeval_fi")
    for part in parts:
        packaged = packaged / part
    if packaged.is_file() or packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parent.parent.joinpath(*parts)
