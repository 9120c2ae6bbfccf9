"""Files that travel with the package, wherever it is installed.

A wheel carries `data/` and `tasks/` inside the package; a checkout keeps them at its top level.
"""

from __future__ import annotations

import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.abc import Traversable


def package_data(path: str) -> bytes:
    """The content of a file inside the package, by its path there; FileNotFoundError when there is none."""
    data = pkgutil.get_data("ifeval_fi", path)
    if data is None:
        raise FileNotFoundError(f"no file {path} in the package ifeval_fi")
    return data


def resource(*parts: str) -> Traversable:
    """The packaged file or folder with this path; it may not exist, and may lie in a zip archive."""
    # Loads what reads zip archives, which takes as long as the patterns of a language.
    from importlib.resources import files

    packaged = files("ifeval_fi")
    for part in parts:
        packaged = packaged / part
    if packaged.is_file() or packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parent.parent.joinpath(*parts)
