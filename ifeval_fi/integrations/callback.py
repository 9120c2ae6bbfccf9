"""A callback for transformers' and TRL's trainers: a run's folder a checkpoint, rates in their log, an early stop."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ifeval_fi.errors import IfevalError, MissingEngine
from ifeval_fi.integrations.evaluation import Evaluation, Watch, logged, subset
from ifeval_fi.integrations.generation import Generator
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.runner.settings import MAX_TOKENS

if TYPE_CHECKING:
    from transformers import TrainerCallback

_log = logging.getLogger(__name__)
INSTALL = 'the callback needs transformers and torch: pip install "ifeval-fi[train]"'
Source = str | Path | PromptSet


def callback(
    trainer: Any,
    prompts: Source | Iterable[Source] = "fi",
    *,
    output: str | Path = "runs",
    name: str | None = None,
    limit: int | None = None,
    seed: int = 0,
    base_url: str | Sequence[str] = (),
    max_tokens: int = MAX_TOKENS,
    temperature: float = 0.0,
    system_prompt: str | None = None,
    **options: Any,
) -> TrainerCallback:
    """A callback for `trainer.add_callback` that evaluates the model in training; the options are `Evaluation`'s.

    `name` is what reports call the training, by default its output folder. IfevalError says what is wrong with the
    options, MissingEngine that transformers is not installed.
    """
    try:
        from transformers import TrainerCallback
    except ImportError:
        raise MissingEngine(INSTALL) from None

    sources = [prompts] if isinstance(prompts, (str, Path, PromptSet)) else prompts
    sets = [each if isinstance(each, PromptSet) else load_prompts(each) for each in sources]
    called = name or Path(trainer.args.output_dir).resolve().name
    evaluation = Evaluation(
        prompts=tuple(subset(each, limit, seed) for each in sets),
        output=Path(output),
        name=called,
        model=getattr(getattr(trainer.model, "config", None), "_name_or_path", "") or called,
        base_url=(base_url,) if isinstance(base_url, str) else tuple(base_url),
        settings={"max_tokens": max_tokens, "temperature": temperature, "system_prompt": system_prompt},
        **options,
    )
    evaluator = _Evaluator(trainer, evaluation)

    class IfevalCallback(TrainerCallback):  # type: ignore[misc]
        """The trainer's events, each handed on when it is time."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
            evaluator.begin(state.global_step)
            return evaluator.at(control) if evaluation.at_start and state.global_step == 0 else control

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
            due = evaluation.steps is not None and state.global_step % evaluation.steps == 0
            return evaluator.at(control) if due else control

        def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
            due = evaluation.epochs is not None and round(state.epoch) % evaluation.epochs == 0
            return evaluator.at(control) if due else control

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
            return evaluator.at(control) if evaluation.at_end else control

    return IfevalCallback()


class _Evaluator:
    """A trainer's evaluations: the first process evaluates and logs, the others wait for its word."""

    def __init__(self, trainer: Any, evaluation: Evaluation) -> None:
        self._trainer = trainer
        self._evaluation = evaluation
        self._watch = Watch(evaluation)
        self._last: int | None = None
        if not evaluation.base_url and _spread(trainer):
            raise IfevalError(
                "the weights are spread over the processes (FSDP or DeepSpeed ZeRO-3), so that none can answer alone; "
                "give base_url of a server with the weights of the moment"
            )

    def begin(self, step: int) -> None:
        """A training begins, or goes on at this step."""
        self._last, self._watch = None, Watch(self._evaluation)
        if step and self._evaluation.patience and self._trainer.state.is_world_process_zero:
            self._watch.recall(step)

    def at(self, control: Any) -> Any:
        """Evaluate the model as it is now, once a step; the control says stop when it is time to."""
        state = self._trainer.state
        if state.global_step != self._last:
            self._last = state.global_step
            stop = state.is_world_process_zero and self._evaluated(state.global_step)
            control.should_training_stop = _told_by_first(stop) or control.should_training_stop
        return control

    def _evaluated(self, step: int) -> bool:
        """Evaluate on every set; whether the training should stop."""
        evaluation = self._evaluation
        generator = None if evaluation.base_url else self._generator()
        metrics: dict[str, float] = {}
        for prompts in evaluation.prompts:
            begun = time.monotonic()
            if scores := evaluation.evaluate(prompts, step, generator):
                metrics |= logged(prompts, scores, time.monotonic() - begun)
        if metrics:
            self._log(metrics)
        if evaluation.patience is None or not (evaluation.folder(evaluation.prompts[0], step) / "scores.json").exists():
            return False
        stop = self._watch.says_stop(step)
        if stop:
            _log.warning("the training stops: %s", self._watch.reason)
        return stop

    def _log(self, metrics: dict[str, float]) -> None:
        from transformers import Trainer

        # TRL's own trainers would put the averages of their running metrics in, and begin these anew.
        log = Trainer.log if isinstance(self._trainer, Trainer) else type(self._trainer).log
        control = self._trainer.control
        # Logging takes back that the step's loss is to be logged.
        due = control.should_log
        log(self._trainer, metrics)
        control.should_log = due

    def _generator(self) -> Generator:
        trainer = self._trainer
        tokenizer = getattr(trainer.processing_class, "tokenizer", trainer.processing_class)
        if tokenizer is None:
            raise IfevalError("the trainer has no processing_class; give it the tokenizer")
        half = "bfloat16" if trainer.args.bf16 else "float16" if trainer.args.fp16 else None
        return Generator(trainer.model, tokenizer, self._evaluation.batch_size, self._evaluation.template, half)


def _spread(trainer: Any) -> bool:
    from transformers.integrations import is_deepspeed_zero3_enabled

    return bool(getattr(trainer, "is_fsdp_enabled", False) or is_deepspeed_zero3_enabled())


def _told_by_first(stop: bool) -> bool:
    """What the first process says, in every process; the others wait here meanwhile."""
    import torch.distributed as processes

    if not (processes.is_available() and processes.is_initialized()):
        return stop
    told = [stop]
    processes.broadcast_object_list(told, src=0)
    return told[0]
