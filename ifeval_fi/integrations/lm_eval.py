"""What tasks/*.yaml call: lm-eval's view of this package's prompts, verdicts and rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datasets import Dataset, DatasetDict
from lm_eval.api.task import ConfigurableTask

from ifeval_fi.detection import detector_signature
from ifeval_fi.integrations import METRICS
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import FIELDS, PromptSet, load_prompts, parse_prompt
from ifeval_fi.rules import get_rules
from ifeval_fi.scoring import RATES, judge_response
from ifeval_fi.scoring.responses import Response, judged
from ifeval_fi.scoring.responses.lm_eval import lm_eval_answers, lm_eval_run
from ifeval_fi.scoring.signature import signature
from ifeval_fi.scoring.stats import Rate, clustered_rate
from ifeval_fi.version import __version__

Item = bool | list[bool]


class IfevalTask(ConfigurableTask):  # type: ignore[misc]
    """A task of tasks/*.yaml; its `metadata` names prompts and rules, and carries the signature into the results."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config={name: value for name, value in config.items() if name != "class"})

    def build_all_requests(self, **settings: Any) -> None:
        """lm-eval's own, which also says how many of the prompts are asked (`--limit`) or which (`--samples`)."""
        self._limit, self._places = settings.get("limit"), settings.get("samples")
        super().build_all_requests(**settings)

    def _asked(self, prompts: PromptSet) -> PromptSet:
        """The prompts that this run asks, in their order."""
        limit, places = getattr(self, "_limit", None), getattr(self, "_places", None)
        if places is not None:
            return prompts.select(keys=[prompts[place].key for place in sorted(set(places))])
        return prompts if limit is None else prompts.select(limit=int(limit))

    def dump_config(self) -> dict[str, Any]:
        """lm-eval's record of the task, with this package's version and the signature of its numbers."""
        config: dict[str, Any] = super().dump_config()
        metadata = config["metadata"]
        prompts = self._asked(load_prompts(metadata["prompts"]))
        rules = get_rules(metadata["rules"], get_language(prompts.language))
        instances = getattr(self, "instances", None)
        arguments = instances[0].args if instances else ("", self.config.generation_kwargs)
        run = lm_eval_run(arguments, samples=self.config.repeats)
        versions = {
            "ifeval_fi": __version__,
            "signature": signature(
                prompts,
                rules,
                detector=detector_signature(rules.detector),
                run=run,
                keep_thinking=bool(metadata.get("keep_thinking")),
            ),
        }
        return config | {"metadata": metadata | versions}


def serve(*, prompts: str, rules: str, keep_thinking: bool = False, **_: Any) -> DatasetDict:
    """The prompts as the data set of a task; each row says how it is judged. Bundled prompts need no network."""
    chosen = load_prompts(prompts)
    judge = get_rules(rules, get_language(chosen.language))
    judge.prepare()
    judging = {"rules": judge.name, "keep_thinking": keep_thinking}
    rows = [
        {
            **prompt.row,
            "language": prompt.language,
            "answer_languages": list(prompt.answer_languages),
            **judging,
        }
        for prompt in chosen
    ]
    return DatasetDict({"test": Dataset.from_list(rows)})


def process_results(doc: Mapping[str, Any], results: Sequence[Any]) -> dict[str, Item]:
    """The verdicts on all answers to one prompt, by metric, and again by the name of the metric's standard error.

    lm-eval has no standard error for an aggregation of one's own and files "N/A" as METRIC_stderr; a metric of
    that very name comes later and takes its place.
    """
    others = {doc["key"]: doc.get("answer_languages", ())}
    prompt = parse_prompt({name: doc[name] for name in FIELDS}, doc["language"], others)
    language = get_language(prompt.language)
    rules = get_rules(doc["rules"], language)
    keep = bool(doc.get("keep_thinking"))
    verdicts = [
        judge_response(prompt, judged(Response(prompt.key, text, sample), keep_thinking=keep), rules, language)
        for sample, text in enumerate(lm_eval_answers(results))
    ]
    metrics: dict[str, Item] = {}
    for name in METRICS:
        outcomes = [followed for _, followed in RATES[name](verdicts)]
        single = len(verdicts) == 1 and not name.startswith("inst_level")
        metrics[name] = metrics[f"{name}_stderr"] = outcomes[0] if single else outcomes
    return metrics


def rate(items: Sequence[Item]) -> float:
    """The pooled share of true verdicts, one item a prompt."""
    return _rate(items).value


def standard_error(items: Sequence[Item]) -> float | str:
    """The rate's standard error, clustered by prompt; "N/A" below two prompts, as lm-eval says it."""
    error = _rate(items).stderr
    return "N/A" if error is None else error


def _rate(items: Sequence[Item]) -> Rate:
    found = clustered_rate(
        (prompt, followed)
        for prompt, item in enumerate(items)
        for followed in (item if isinstance(item, list) else [item])
    )
    assert found is not None
    return found
