"""Scores and verdicts for people: in the terminal, and as files to look at."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any


class _Report(ModuleType):
    """`ifeval_fi.report(…)` writes a report, though a package bears that name."""

    def __call__(
        self, runs: str | Path | Iterable[str | Path], output: str | Path | Iterable[str | Path], **options: Any
    ) -> list[Path]:
        """Write the report of one folder, or of several side by side; the ending of each file says its form.

        `.html`, `.md`, `.csv` and `.tex` are known. `prompts`, `responses` and `x` are the command's options.
        """
        from ifeval_fi.report.files import write_report

        one = (str, Path)
        folders = [runs] if isinstance(runs, one) else list(runs)
        files = [output] if isinstance(output, one) else list(output)
        return write_report([Path(each) for each in folders], [Path(each) for each in files], **options)


sys.modules[__name__].__class__ = _Report
