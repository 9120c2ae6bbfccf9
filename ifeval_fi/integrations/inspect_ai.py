"""Inspect's view of this package's prompts, verdicts and rates: `inspect eval ifeval_fi/ifeval_fi`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import TaskState, generate

from ifeval_fi.integrations.outcomes import about, outcomes_of, prompt_of, rates_of
from ifeval_fi.languages import get_language
from ifeval_fi.languages.names import english_name
from ifeval_fi.prompts import PromptSet, bundled, load_prompts
from ifeval_fi.rules import get_rules
from ifeval_fi.runner.settings import MAX_TOKENS
from ifeval_fi.scoring import PromptVerdicts, judge_response
from ifeval_fi.scoring.responses import judged
from ifeval_fi.scoring.responses.inspect_log import sample_response
from ifeval_fi.version import __version__


@task
def ifeval(
    prompts: str = "fi", language: str | None = None, rules: str | None = None, keep_thinking: bool = False
) -> Task:
    """Any prompts: a bundled set, a file or `hub:NAME`, with their language where a file's own is to be set."""
    return _task_of(load_prompts(prompts, language=language), rules, keep_thinking)


def _bundled_task(name: str) -> Callable[..., Task]:
    @task(name=_task_name(name))
    def bundled_task(rules: str | None = None, keep_thinking: bool = False) -> Task:
        return _task_of(load_prompts(name), rules, keep_thinking)

    made: Callable[..., Task] = bundled_task
    return made


def _task_name(prompts: str) -> str:
    """The task of a bundled set, e.g. `ifeval_fi_native` of `fi-native`."""
    return f"ifeval_{prompts.replace('-', '_').replace('.', '_')}"


for _name in bundled():
    globals()[_task_name(_name)] = _bundled_task(_name)


def _task_of(prompts: PromptSet, rules: str | None, keep_thinking: bool) -> Task:
    judge = get_rules(rules, get_language(prompts.language))
    judge.prepare()
    asked = {"name": prompts.name, "language": prompts.language, "count": len(prompts), "digest": prompts.digest}
    if prompts.source:
        asked["source"] = prompts.source
    samples = [Sample(input=each.text, target="", id=each.key, metadata=about(each)) for each in prompts]
    return Task(
        dataset=MemoryDataset(samples, name=prompts.name),
        solver=generate(),
        scorer=verdicts(rules=judge.name, keep_thinking=keep_thinking),
        config=GenerateConfig(temperature=0.0, max_tokens=MAX_TOKENS),
        version=prompts.name,
        metadata={
            "ifeval_fi": {"version": __version__, "rules": f"{judge.name}-{judge.version}", "prompts": asked},
        },
    )


@metric(scores="unreduced")
def rates() -> Metric:
    """The rates of `ifeval-fi score` with their standard errors, clustered by prompt; epochs are pooled."""

    def computed(scores: list[SampleScore]) -> dict[str, float]:
        told = [each.score.metadata or {} for each in scores]
        return rates_of((row["key"], row["outcomes"]) for row in told)

    return computed


@scorer(metrics=[rates()])
def verdicts(rules: str | None = None, keep_thinking: bool = False) -> Scorer:
    """Strict and loose verdicts on every instruction, with the evidence as explanation.

    An answer that a server failed to give is left out of the metrics, as in `ifeval-fi score`.
    """

    async def score(state: TaskState, target: Target) -> Score:
        prompt = prompt_of(state.metadata, state.input_text)
        language = get_language(prompt.language)
        judge = get_rules(rules, language)
        sample = {"id": prompt.key, "epoch": state.epoch, "output": state.output.model_dump()}
        response = judged(sample_response(sample), keep_thinking=keep_thinking)
        if response.outcome == "failed":
            return Score.unscored(reason="no_response", explanation="The model gave no output.")
        found = judge_response(prompt, response, judge, language, langdetect=False)
        return Score(
            value=_values(found),
            answer=response.text,
            explanation=_explanation(found),
            metadata={**found.row, "outcomes": outcomes_of(found)},
        )

    return score


def _values(found: PromptVerdicts) -> dict[str, float]:
    """What the columns of `inspect view` show of one answer; the metrics are made of the verdicts themselves."""
    count = len(found.strict)
    return {
        "strict": float(all(found.strict)),
        "loose": float(all(found.loose)),
        "language": float(found.in_language),
        "inst_strict": round(sum(found.strict) / count, 3),
        "inst_loose": round(sum(found.loose) / count, 3),
    }


def _explanation(found: PromptVerdicts) -> str:
    language = "no language" if found.language == "und" else english_name(found.language)
    lines = [f"Answered in {language}{'' if found.in_language else ', which is not what was asked'}."]
    for instruction, strict, loose, evidence in zip(
        found.prompt.instructions, found.strict, found.loose, found.found, strict=True
    ):
        verdict = "followed" if strict else "followed loosely" if loose else "not followed"
        lines.append(f"- **{verdict}** `{instruction.id}`: {_plain(evidence)}")
    return "\n".join(lines)


def _plain(evidence: str) -> str:
    """The evidence as a span of code, in which no mark of Markdown means anything."""
    fence = "`" * (max((len(run) for run in _runs_of_backticks(evidence)), default=0) + 1)
    return f"{fence} {evidence} {fence}" if evidence else "nothing found"


def _runs_of_backticks(text: str) -> Sequence[str]:
    return "".join(c if c == "`" else " " for c in text).split()
