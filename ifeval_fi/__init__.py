"""IFEval in Finnish: verifiable instructions, checkers that understand Finnish, scores one can cite.

Importing this package loads nothing heavy and touches no network; the public names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ifeval_fi.version import __version__

_HOMES = {
    "Comparison": "scoring.compare",
    "Detection": "detection",
    "IfevalError": "errors",
    "Instruction": "prompts",
    "Prompt": "prompts",
    "PromptSet": "prompts",
    "Reward": "integrations.reward",
    "Run": "runner.evaluate",
    "Scores": "scoring",
    "Verdict": "checks",
    "callback": "integrations.callback",
    "check": "scoring",
    "compare": "scoring.folders",
    "detect_language": "detection",
    "load_prompts": "prompts",
    "load_results": "scoring.results",
    "reward": "integrations.reward",
    "run": "runner.evaluate",
    "score": "scoring",
}

__all__ = ["__version__", "report", *_HOMES]

if TYPE_CHECKING:
    from ifeval_fi import report as report
    from ifeval_fi.checks import Verdict as Verdict
    from ifeval_fi.detection import Detection as Detection
    from ifeval_fi.detection import detect_language as detect_language
    from ifeval_fi.errors import IfevalError as IfevalError
    from ifeval_fi.integrations.callback import callback as callback
    from ifeval_fi.integrations.reward import Reward as Reward
    from ifeval_fi.integrations.reward import reward as reward
    from ifeval_fi.prompts import Instruction as Instruction
    from ifeval_fi.prompts import Prompt as Prompt
    from ifeval_fi.prompts import PromptSet as PromptSet
    from ifeval_fi.prompts import load_prompts as load_prompts
    from ifeval_fi.runner.evaluate import Run as Run
    from ifeval_fi.runner.evaluate import run as run
    from ifeval_fi.scoring import Scores as Scores
    from ifeval_fi.scoring import check as check
    from ifeval_fi.scoring import score as score
    from ifeval_fi.scoring.compare import Comparison as Comparison
    from ifeval_fi.scoring.folders import compare as compare
    from ifeval_fi.scoring.results import load_results as load_results


def __getattr__(name: str) -> object:
    if name == "report":
        return import_module("ifeval_fi.report")
    if name not in _HOMES:
        raise AttributeError(f"module 'ifeval_fi' has no attribute {name!r}")
    value: object = getattr(import_module(f"ifeval_fi.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
