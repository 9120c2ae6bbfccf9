"""Prompts and responses to verdicts, verdicts to scores: a pure function of its input, byte for byte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ifeval_fi.checks import Verdict
from ifeval_fi.detection import counts_as, detect_language, detector_signature, raw_langdetect
from ifeval_fi.files import write_all
from ifeval_fi.jsonl import Row, dumps, lines_of
from ifeval_fi.languages import Language, get_language
from ifeval_fi.prompts import Instruction, Key, Prompt, PromptSet, parse_prompt
from ifeval_fi.rules import Rules, get_rules
from ifeval_fi.scoring.endings import CAUSES, ending_of
from ifeval_fi.scoring.responses import Outcome, Response, as_responses, judged, pair
from ifeval_fi.scoring.signature import signature
from ifeval_fi.scoring.stats import Rate, clustered_rate, pass_at_k

HEADLINE = ("inst_level_strict_acc", "prompt_level_strict_acc")
"""The numbers to quote: the study's, and the one that asks for everything."""


@dataclass(frozen=True, slots=True)
class PromptVerdicts:
    """What is said of one response: per instruction, in the prompt's order."""

    prompt: Prompt
    sample: int
    outcome: Outcome
    strict: tuple[bool, ...]
    loose: tuple[bool, ...]
    found: tuple[str, ...]
    language: str
    raw_language: str

    @property
    def in_language(self) -> bool:
        """Whether the response is in the prompt's language, or in the one that the prompt asks for."""
        return self.prompt.accepts(self.language)

    @property
    def row(self) -> Row:
        """The row of verdicts.jsonl."""
        row: Row = {"key": self.prompt.key}
        if self.sample:
            row["sample"] = self.sample
        return row | {
            "strict": list(self.strict),
            "loose": list(self.loose),
            "found": list(self.found),
            "language": self.language,
            "language_langdetect": self.raw_language,
            "outcome": self.outcome,
        }


@dataclass(frozen=True, repr=False)
class Scores(Mapping[str, Any]):
    """Verdicts per response, and the summary that scores.json holds as a mapping: `scores["inst_level_strict_acc"]`."""

    verdicts: tuple[PromptVerdicts, ...]
    summary: Row

    def __getitem__(self, metric: str) -> Any:
        """A number of the summary, e.g. `scores["prompt_level_strict_acc"]`; KeyError when it could not be computed."""
        return self.summary[metric]

    def __iter__(self) -> Iterator[str]:
        return iter(self.summary)

    def __len__(self) -> int:
        return len(self.summary)

    def __repr__(self) -> str:
        rates = ", ".join(f"{name}={self.summary[name]:.3f}" for name in HEADLINE if name in self.summary)
        return f"<Scores of {len(self.verdicts)} responses: {rates}>"

    @property
    def files(self) -> dict[str, str]:
        """The content of verdicts.jsonl and scores.json."""
        verdicts = lines_of(verdict.row for verdict in self.verdicts)
        return {"verdicts.jsonl": verdicts, "scores.json": dumps(self.summary, indent=2) + "\n"}

    def save(self, folder: str | Path) -> None:
        """Write verdicts.jsonl and scores.json into the folder, or neither; OutputError says why not."""
        write_all({Path(folder) / name: text for name, text in self.files.items()})


def check(
    instruction_id: str,
    kwargs: Mapping[str, Any],
    response: str,
    *,
    language: str = "fi",
    rules: str | None = None,
) -> Verdict:
    """The strict verdict on one response to one instruction; PromptError on an unknown id or wrong kwargs."""
    if not isinstance(response, str):
        raise TypeError(f"the response must be a string, not {type(response).__name__}")
    spoken = get_language(language)
    row = {"key": 0, "prompt": "-", "instruction_id_list": [instruction_id], "kwargs": [dict(kwargs)]}
    instruction = parse_prompt(row, language).instructions[0]
    judge = get_rules(rules, spoken)
    judge.prepare()
    return judge.judge(instruction.id, judge.normalise(response), spoken, instruction.kwargs)


def score(
    prompts: Sequence[Prompt],
    responses: Iterable[Response | Mapping[str, Any]] | Mapping[Key, str],
    *,
    rules: str | None = None,
    partial: bool = False,
    run: Mapping[str, Any] | None = None,
    langdetect: bool = True,
    keep_thinking: bool = False,
) -> Scores:
    """Strict and loose verdicts on every response, and the scores.

    `rules=None` means the language's own. A failed response is counted, not scored. Leading thinking is not judged
    but counted, unless `keep_thinking`, for numbers that were published so. `run` is the identity of
    the run the responses come from, for the signature. Without `langdetect` the published study's response language
    rate is left out, and a third of the time. ResponseError on missing (unless `partial`), unknown or
    doubled keys.
    """
    language = get_language(prompts[0].language)
    chosen = get_rules(rules, language)
    chosen.prepare()
    answers = (judged(response, keep_thinking=keep_thinking) for response in as_responses(responses))
    pairs = pair(prompts, answers, partial=partial)
    verdicts = tuple(
        judge_response(prompt, response, chosen, language, langdetect=langdetect)
        for prompt, response in pairs
        if response.outcome != "failed"
    )
    signed = signature(
        prompts, chosen, detector=detector_signature(chosen.detector), run=run, keep_thinking=keep_thinking
    )
    return Scores(verdicts, _summary(prompts, pairs, verdicts, signed, run))


def judge_response(
    prompt: Prompt, response: Response, rules: Rules, language: Language, *, langdetect: bool = True
) -> PromptVerdicts:
    """Verdicts on one response to one prompt as it stands; loose tries the variants only where strict says no."""
    text = rules.normalise(response.text)

    def judge(instruction: Instruction, variant: str) -> Verdict:
        return rules.judge(instruction.id, variant, language, instruction.kwargs)

    strict = [judge(instruction, text) for instruction in prompt.instructions]
    variants = () if all(strict) else loose_variants(text)
    loose = [
        bool(verdict) or any(judge(instruction, variant) for variant in variants)
        for instruction, verdict in zip(prompt.instructions, strict, strict=True)
    ]
    return PromptVerdicts(
        prompt,
        response.sample,
        response.outcome,
        tuple(map(bool, strict)),
        tuple(loose),
        tuple(verdict.found for verdict in strict),
        detect_language(text, engine=rules.detector).seen_from(*(prompt.answer_languages or (prompt.language,))),
        raw_langdetect(response.text) if langdetect else "",
    )


def loose_variants(text: str) -> list[str]:
    """The reference's transformations that change the response: without first line, last line, both, asterisks."""
    lines = text.split("\n")
    cut = ["\n".join(part).strip() for part in (lines[1:], lines[:-1], lines[1:-1])]
    variants = dict.fromkeys([*cut, *(each.replace("*", "") for each in (text, *cut))])
    return [variant for variant in variants if variant != text and variant.strip()]


def _summary(
    prompts: Sequence[Prompt],
    pairs: Sequence[tuple[Prompt, Response]],
    verdicts: Sequence[PromptVerdicts],
    signed: str,
    run: Mapping[str, Any] | None,
) -> Row:
    outcomes = Counter(response.outcome for _, response in pairs)
    missing = len(prompts) - len({prompt.key for prompt, _ in pairs})
    counts = {
        "prompts": len(prompts),
        "instructions": sum(len(prompt.instructions) for prompt in prompts),
        **{outcome: outcomes[outcome] for outcome in ("answered", "truncated", "failed")},
        "missing": missing,
        "scored": len(verdicts),
    }
    summary: Row = {
        "schema": 1,
        **{each: run[each] for each in ("model", "name") if run and each in run},
        "signature": signed,
        "language": prompts[0].language,
        **({"prompts": _named(prompts)} if isinstance(prompts, PromptSet) else {}),
        "headline": list(HEADLINE),
        "complete": not (missing or outcomes["failed"]),
        "denominator": "answered and truncated responses; failed and missing ones are not scored",
        "counts": counts,
    }
    for name, values in RATES.items():
        summary |= rate_fields(name, clustered_rate(values(verdicts)))
    summary["response_languages"] = dict(Counter(verdict.language for verdict in verdicts).most_common())
    summary |= _remarks([response for _, response in pairs if response.outcome != "failed"])
    summary |= _samples(verdicts)
    summary["by_category"] = _grouped(verdicts, lambda prompt, index: prompt.instructions[index].category)
    summary["by_instruction"] = _grouped(verdicts, lambda prompt, index: prompt.instructions[index].id)
    return summary


def _named(prompts: PromptSet) -> Row:
    """What finds the prompts again: their name, their source where they are bundled or on the hub, their hash."""
    source = {"source": prompts.source} if prompts.source else {}
    return {"name": prompts.name, **source, "sha256": prompts.digest}


def _remarks(scored: Sequence[Response]) -> Row:
    """What to know of the answers beside their verdicts: thinking in them, empty ones, endings nobody knows."""
    empty = Counter(response.empty for response in scored if response.empty)
    unknown = Counter(
        str(response.finish_reason) for response in scored if ending_of(response.finish_reason) == "unknown"
    )
    return {
        "with_thinking": sum(response.with_thinking is not None for response in scored),
        "empty_responses": {cause: empty[cause] for cause in CAUSES if empty[cause]},
        "unknown_finish_reasons": {word: unknown[word] for word in sorted(unknown)},
    }


Verdicts = Sequence[PromptVerdicts]
Outcomes = list[tuple[Key, bool]]

RATES: dict[str, Callable[[Verdicts], Outcomes]] = {
    "prompt_level_strict_acc": lambda them: [(v.prompt.key, all(v.strict)) for v in them],
    "inst_level_strict_acc": lambda them: [(v.prompt.key, followed) for v in them for followed in v.strict],
    "prompt_level_loose_acc": lambda them: [(v.prompt.key, all(v.loose)) for v in them],
    "inst_level_loose_acc": lambda them: [(v.prompt.key, followed) for v in them for followed in v.loose],
    "response_language_rate": lambda them: [(v.prompt.key, v.in_language) for v in them],
    "response_language_rate_langdetect": lambda them: [
        (v.prompt.key, counts_as(v.raw_language, v.prompt.language)) for v in them if v.raw_language
    ],
    "prompt_level_strict_acc_in_language": lambda them: [(v.prompt.key, all(v.strict) and v.in_language) for v in them],
    "inst_level_strict_acc_in_language": lambda them: [
        (v.prompt.key, followed and v.in_language) for v in them for followed in v.strict
    ],
}
"""Each rate of the summary as (prompt, verdict) pairs; lm-eval's names where it has the number."""


def rate_fields(name: str, rate: Rate | None) -> Row:
    """A rate as fields of the summary; none at all when it could not be computed."""
    if rate is None:
        return {}
    fields: Row = {name: rate.value}
    if rate.stderr is not None:
        fields[f"{name}_stderr"] = rate.stderr
    return fields | {f"{name}_ci95": [rate.low, rate.high]}


def _grouped(verdicts: Verdicts, group: Callable[[Prompt, int], str]) -> Row:
    """Instruction-level rates per group, in alphabetical order."""
    members: dict[str, list[tuple[PromptVerdicts, int]]] = {}
    for verdict in verdicts:
        for index in range(len(verdict.strict)):
            members.setdefault(group(verdict.prompt, index), []).append((verdict, index))
    table: Row = {}
    for name in sorted(members):
        strict = clustered_rate((v.prompt.key, v.strict[i]) for v, i in members[name])
        loose = clustered_rate((v.prompt.key, v.loose[i]) for v, i in members[name])
        inside = clustered_rate((v.prompt.key, v.strict[i] and v.in_language) for v, i in members[name])
        fields = rate_fields("strict_acc", strict) | rate_fields("loose_acc", loose)
        table[name] = {"n": len(members[name]), **fields, **rate_fields("strict_acc_in_language", inside)}
    return table


def _samples(verdicts: Verdicts) -> Row:
    """pass@k at prompt level, strict, when prompts were answered several times."""
    by_key: dict[Key, list[bool]] = {}
    for verdict in verdicts:
        by_key.setdefault(verdict.prompt.key, []).append(all(verdict.strict))
    fewest = min(map(len, by_key.values()), default=0)
    if fewest < 2:
        return {}
    ks = [k for k in (1, 2, 4, 5, 8, 10, 16, 32, 64, 100) if k <= fewest]
    means = {str(k): sum(pass_at_k(sum(each), len(each), k) for each in by_key.values()) / len(by_key) for k in ks}
    return {"samples_per_prompt": fewest, "prompt_level_strict_pass_at": means}
