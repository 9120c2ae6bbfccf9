"""EuroEval's view of this package's prompts and rates, as a file of custom data sets.

euroeval --model NAME --api-base URL --dataset ifeval-fi-own --custom-datasets-file "$(ifeval-fi tasks-path euroeval)"
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from euroeval import languages
from euroeval.data_models import DatasetConfig, Task
from euroeval.metrics.base import Metric
from euroeval.tasks import INSTRUCTION_FOLLOWING

from ifeval_fi.integrations import METRICS
from ifeval_fi.integrations.outcomes import about, outcomes_of, prompt_of, rates_of
from ifeval_fi.jsonl import dumps, loads
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import PromptSet, bundled, load_prompts
from ifeval_fi.resources import resource
from ifeval_fi.rules import get_rules
from ifeval_fi.runner.settings import MAX_TOKENS
from ifeval_fi.scoring import judge_response
from ifeval_fi.scoring.responses import Response, judged

_LANGUAGES = {
    "da": languages.DANISH,
    "en": languages.ENGLISH,
    "et": languages.ESTONIAN,
    "fi": languages.FINNISH,
    "nb": languages.NORWEGIAN_BOKMÅL,
    "sv": languages.SWEDISH,
}


class IfevalRate(Metric):  # type: ignore[misc]
    """One of the rates of `ifeval-fi score`; EuroEval has its own way to their uncertainty, by bootstrapped rounds."""

    def __call__(self, predictions: Sequence[Any], references: Sequence[Any], *_: Any, **__: Any) -> float:
        """The rate of the answers to the prompts that the references are."""
        return _rates(tuple(map(str, predictions)), tuple(map(str, references)))[self.name]


@lru_cache(maxsize=1)
def _rates(answers: tuple[str, ...], asked: tuple[str, ...]) -> dict[str, float]:
    """All rates at once: EuroEval asks for one after the other, of the same answers."""
    judged_once = {pair: _outcomes(*pair) for pair in set(zip(answers, asked, strict=True))}
    # A round draws prompts with replacement, so that one may stand in it twice.
    pairs = zip(answers, asked, strict=True)
    return rates_of((number, judged_once[pair]) for number, pair in enumerate(pairs))


def _outcomes(answer: str, asked: str) -> dict[str, list[bool]]:
    kept = loads(asked)
    prompt = prompt_of(kept, kept["prompt"])
    language = get_language(prompt.language)
    found = judge_response(prompt, judged(Response(prompt.key, answer)), get_rules(None, language), language)
    return outcomes_of(found)


TASK = Task(
    name="ifeval-fi",
    task_group=INSTRUCTION_FOLLOWING.task_group,
    template_dict=INSTRUCTION_FOLLOWING.template_dict,
    metrics=[IfevalRate(name=name, pretty_name=name) for name in METRICS],
    default_num_few_shot_examples=0,
    default_max_generated_tokens=MAX_TOKENS,
    default_labels=None,
    requires_zero_shot=True,
    default_allowed_model_types=INSTRUCTION_FOLLOWING.default_allowed_model_types,
    default_allowed_generative_types=INSTRUCTION_FOLLOWING.default_allowed_generative_types,
)


def _config(name: str, prompts: PromptSet) -> DatasetConfig:
    kept = {prompt.key: dumps({**about(prompt), "prompt": prompt.text}) for prompt in prompts}

    def preprocessed(splits: Any) -> Any:
        """The rows as EuroEval wants them: `text` to ask, `target_text` with what it is judged by."""
        get_rules(None, get_language(prompts.language)).prepare()
        chosen = splits.filter(lambda row: row["key"] in kept)
        columns = chosen["test"].column_names
        return chosen.map(lambda row: {"text": row["prompt"], "target_text": kept[row["key"]]}, remove_columns=columns)

    return DatasetConfig(
        name=f"ifeval-{prompts.name}",
        pretty_name=f"IFEval {prompts.name}",
        source=f"{resource('data')}::{name}",
        task=TASK,
        languages=[_LANGUAGES[prompts.language]],
        train_split=None,
        val_split=None,
        preprocessing_func=preprocessed,
        unofficial=True,
    )


for _name in bundled():
    _prompts = load_prompts(_name)
    globals()[f"IFEVAL_{_prompts.name}"] = _config(_name, _prompts)
