"""Two results, by their folders, compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ifeval_fi.scoring.compare import Comparison
from ifeval_fi.scoring.compare import compare as compare_results
from ifeval_fi.scoring.results import load_results


def compare(
    base: str | Path,
    candidate: str | Path,
    *,
    alpha: float = 0.05,
    allow_different: bool = False,
    prompts: str | None = None,
) -> Comparison:
    """Compare two folders that `run` or `score` wrote, or two submissions; what `compare` prints is its `summary`.

    `prompts` names the prompts where they are not bundled. Two of one name are told apart by their folders.
    CompareError when they are incomplete, or differ in what matters, unless `allow_different`.
    """
    folders = (Path(base), Path(candidate))
    results = [load_results(folder, prompts=prompts) for folder in folders]
    if results[0].name == results[1].name:
        names = (folder.resolve().name for folder in folders)
        results = [replace(each, name=f"{each.name} ({name})") for each, name in zip(results, names, strict=True)]
    return compare_results(*results, alpha=alpha, allow_different=allow_different)
