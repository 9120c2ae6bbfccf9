"""lighteval's view of this package's prompts, verdicts and rates.

lighteval endpoint litellm … ifeval_fi --custom-tasks "$(ifeval-fi tasks-path lighteval)"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lighteval.metrics.metrics_sample import SampleLevelComputation
from lighteval.metrics.utils.metric_utils import SampleLevelMetric
from lighteval.models.model_output import ModelResponse
from lighteval.tasks.lighteval_task import LightevalTaskConfig
from lighteval.tasks.requests import Doc, SamplingMethod

from ifeval_fi.integrations.outcomes import about, outcomes_of, prompt_of, rates_of
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import PromptSet, bundled, load_prompts
from ifeval_fi.resources import resource
from ifeval_fi.rules import Rules, get_rules
from ifeval_fi.runner.settings import MAX_TOKENS
from ifeval_fi.scoring import judge_response
from ifeval_fi.scoring.responses import judged
from ifeval_fi.scoring.responses.lighteval import row_responses


class Verdicts(SampleLevelComputation):  # type: ignore[misc]
    """The verdicts on the answers to one prompt."""

    def __init__(self, rules: str) -> None:
        self.rules = rules

    def compute(self, doc: Doc, model_response: ModelResponse, **_: Any) -> list[dict[str, Any]]:
        """A row of verdicts.jsonl an answer, with its outcomes.

        lighteval takes out what it holds for thinking; what is judged is the text before that, by this package's rule.
        """
        prompt = prompt_of(doc.specific, doc.query)
        language = get_language(prompt.language)
        rules = get_rules(self.rules, language)
        output = {"text": model_response.text, "reasonings": model_response.reasonings}
        asked = {"query": doc.query, "specific": doc.specific}
        rows = []
        for response in row_responses(asked, output, f"key {prompt.key}"):
            found = judge_response(prompt, judged(response), rules, language, langdetect=False)
            rows.append({**found.row, "outcomes": outcomes_of(found)})
        return rows


def pooled(items: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, float]:
    """All rates with their clustered standard errors; a result of several names keeps lighteval from a bootstrap."""
    return rates_of((row["key"], row["outcomes"]) for rows in items for row in rows)


def _task(name: str, prompts: PromptSet, rules: Rules, *, suffix: str = "") -> LightevalTaskConfig:
    asked = {prompt.key: about(prompt) for prompt in prompts}

    def prompt_function(line: Mapping[str, Any], task_name: str = "") -> Doc | None:
        rules.prepare()
        # The set's file also has the prompts that ask for an answer in another language.
        kept = asked.get(line["key"])
        return kept and Doc(query=line["prompt"], choices=[""], gold_index=0, task_name=task_name, specific=kept)

    return LightevalTaskConfig(
        name=f"ifeval_{name.replace('-', '_').replace('.', '_')}{suffix}",
        prompt_function=prompt_function,
        hf_repo=str(resource("data")),
        hf_subset=name,
        hf_avail_splits=["test"],
        evaluation_splits=["test"],
        metrics=[
            SampleLevelMetric(
                metric_name="ifeval_fi",
                higher_is_better=True,
                category=SamplingMethod.GENERATIVE,
                sample_level_fn=Verdicts(rules.name),
                corpus_level_fn=pooled,
            )
        ],
        generation_size=MAX_TOKENS,
        stop_sequence=[],
        version=prompts.name,
    )


def _tasks() -> list[LightevalTaskConfig]:
    """Every bundled set by its language's default rules, and by its other rules as e.g. `ifeval_fi_reference`."""
    found = []
    for name in bundled():
        prompts = load_prompts(name)
        language = get_language(prompts.language)
        ids = {instruction.id for prompt in prompts for instruction in prompt.instructions}
        found.append(_task(name, prompts, get_rules(None, language)))
        for other in {language.own_rules, "reference"} - {language.default_rules}:
            rules = get_rules(other, language)
            if ids <= rules.checks.keys():
                found.append(_task(name, prompts, rules, suffix=f"_{other}"))
    return found


TASKS_TABLE = _tasks()
