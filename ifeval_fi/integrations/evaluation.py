"""Evaluations in the course of a training: what is asked when, where it is written, and when it has got worse."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.integrations.generation import Generator
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import PromptSet
from ifeval_fi.rules import get_rules
from ifeval_fi.runner.evaluate import ask_and_score, record_and_score
from ifeval_fi.runner.settings import RunSettings
from ifeval_fi.scoring import RATES, Scores
from ifeval_fi.scoring.compare import GATED, METRICS, compare, judge
from ifeval_fi.scoring.results import Results, load_results

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What is evaluated when, and where it goes.

    `steps` and `epochs` say how often; `at_start` and `at_end` add the model as it is before and after the training.
    `limit` takes so many prompts of each set, drawn with `seed`, always the same. Without `base_url` the model in
    training answers by its own `generate`, `batch_size` prompts at a time; with it the server there does, which has
    to serve the weights of the moment under the name `served_model`, where "{step}" stands for the step. Folders are
    `output`/checkpoint-STEP-SET. With `patience` the training stops when so many evaluations one after another are
    worse than the best one on the first set by more than `max_drop` points of `metric`, and not by chance.
    """

    prompts: tuple[PromptSet, ...]
    output: Path
    name: str
    model: str
    steps: int | None = None
    epochs: int | None = None
    at_start: bool = False
    at_end: bool = True
    rules: str | None = None
    base_url: tuple[str, ...] = ()
    served_model: str | None = None
    batch_size: int = 8
    template: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    patience: int | None = None
    max_drop: float = 0.0
    metric: str = GATED
    alpha: float = 0.05

    def __post_init__(self) -> None:
        for name in ("steps", "epochs", "patience", "batch_size"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, int) and value >= 1):
                raise IfevalError(f"{name}={value!r}: must be a whole number of 1 or more")
        if self.metric not in METRICS:
            raise IfevalError(f"metric={self.metric!r}: must be one of {', '.join(METRICS)}")
        if not 0 <= self.max_drop <= 100:
            raise IfevalError(f"max_drop={self.max_drop!r}: must be between 0 and 100 percentage points")
        if not (self.steps or self.epochs or self.at_start or self.at_end):
            raise IfevalError("nothing to evaluate: give steps or epochs, or at_start or at_end")
        self.asking(0)
        for prompts in self.prompts:
            get_rules(self.rules, get_language(prompts.language)).prepare()

    def folder(self, prompts: PromptSet, step: int) -> Path:
        """Where the run of a set at a step lies."""
        return self.output / f"checkpoint-{step}-{set_name(prompts)}"

    def asking(self, step: int) -> RunSettings:
        """How is asked at a step."""
        model = self.served_model.replace("{step}", str(step)) if self.served_model else None
        return RunSettings(
            model=model if self.base_url else self.model,
            name=f"{self.name} step {step}",
            base_urls=self.base_url,
            concurrency=None if self.base_url else self.batch_size,
            **self.settings,
        )

    def evaluate(self, prompts: PromptSet, step: int, generator: Generator | None) -> Scores | None:
        """The scores on one set, its folder written; None, and a word in the log, where a server did not answer all."""
        folder, asking = self.folder(prompts, step), self.asking(step)
        if generator is not None:
            server = generator.described(self.model)
            return record_and_score(
                prompts, asking, folder, generator.answers(prompts, asking), server, rules=self.rules
            )
        try:
            run = ask_and_score(prompts, asking, folder, rules=self.rules, again=True, quiet=True)
        except IfevalError as problem:
            _log.warning("step %d, %s: not evaluated: %s", step, prompts.name, problem)
            return None
        if not run.finished:
            _log.warning("step %d, %s: not evaluated: %s", step, prompts.name, run.result.summary)
            return None
        return run.scores


@dataclass
class Watch:
    """The best evaluation so far and how many since are worse; the gate is `ifeval-fi compare`'s."""

    evaluation: Evaluation
    best: Results | None = None
    worse: int = 0
    reason: str = ""

    def says_stop(self, step: int) -> bool:
        """Whether the evaluation at this step is the last of so many in a row that are worse than the best."""
        metric = self.evaluation.metric
        prompts = self.evaluation.prompts[0]
        now = load_results(self.evaluation.folder(prompts, step), prompts=prompts)
        if self.best is None or now.summary[metric] > self.best.summary[metric]:
            self.best, self.worse = now, 0
            return False
        compared = compare(self.best, now, alpha=self.evaluation.alpha)
        gate = judge(compared, max_drop=self.evaluation.max_drop, metric=metric)
        self.worse = self.worse + 1 if gate.outcome == "fail" else 0
        self.reason = f"{now.name} against {self.best.name}: {gate.reason}"
        return self.evaluation.patience is not None and self.worse >= self.evaluation.patience

    def recall(self, step: int) -> None:
        """Take up the evaluations before this step that a resumed training left."""
        prompts = self.evaluation.prompts[0]
        before = {
            int(found[1]): folder
            for folder in self.evaluation.output.glob("checkpoint-*")
            if (found := re.match(r"checkpoint-(\d+)-", folder.name)) and (folder / "scores.json").is_file()
        }
        for earlier in sorted(each for each in before if each <= step):
            if self.evaluation.folder(prompts, earlier) in before.values():
                self.says_stop(earlier)


def set_name(prompts: PromptSet) -> str:
    """What a set is called in folders and logs: "fi", "fi-native", or a file's name."""
    return re.sub(r"[^\w.-]+", "_", prompts.source or prompts.name)


def logged(prompts: PromptSet, scores: Scores, seconds: float) -> dict[str, float]:
    """The rates with their standard errors under names that a trainer's loggers file as evaluation."""
    prefix = f"eval_ifeval_{set_name(prompts)}"
    names = [each for rate in RATES for each in (rate, f"{rate}_stderr")]
    found = {f"{prefix}/{name}": float(scores[name]) for name in names if name in scores}
    counts = scores["counts"]
    return found | {
        f"{prefix}/truncated": counts["truncated"] / max(1, counts["scored"]),
        f"{prefix}/seconds": round(seconds, 1),
    }


def subset(prompts: PromptSet, limit: int | None, seed: int) -> PromptSet:
    """So many of the prompts, drawn with the seed, in the set's order; all without a limit."""
    if limit is None or limit >= len(prompts):
        return prompts
    if limit < 1:
        raise IfevalError(f"limit={limit}: must be at least 1")
    chosen = random.Random(seed).sample([prompt.key for prompt in prompts], limit)
    return prompts.select(keys=chosen)
