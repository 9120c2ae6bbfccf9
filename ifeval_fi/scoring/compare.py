"""A candidate against a base on the same prompts: what changed, how sure that is, and whether it may pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import Row
from ifeval_fi.scoring import RATES, Outcomes, PromptVerdicts, Verdicts
from ifeval_fi.scoring.paired import (
    bootstrap_interval,
    change,
    detectable_from_error,
    differences,
    exact_test,
    holm,
    minimum_detectable_drop,
    standard_error,
)
from ifeval_fi.scoring.results import Results
from ifeval_fi.scoring.signature import differing, parse_signature

METRICS = (
    "inst_level_strict_acc",
    "prompt_level_strict_acc",
    "inst_level_loose_acc",
    "prompt_level_loose_acc",
    "response_language_rate",
    "prompt_level_strict_acc_in_language",
    "inst_level_strict_acc_in_language",
)
GATED = "prompt_level_strict_acc"


class CompareError(IfevalError):
    """Two results cannot be compared, or not without being told to."""


@dataclass(frozen=True)
class Flip:
    """One answer on whose instructions the two results do not agree, strictly judged."""

    base: PromptVerdicts
    candidate: PromptVerdicts

    @property
    def broke(self) -> list[int]:
        """Places of the instructions that only the base follows."""
        return [i for i, (old, new) in enumerate(self._pairs) if old and not new]

    @property
    def fixed(self) -> list[int]:
        """Places of the instructions that only the candidate follows."""
        return [i for i, (old, new) in enumerate(self._pairs) if new and not old]

    @property
    def kind(self) -> Literal["lost", "gained", "changed"]:
        """Whether the prompt as a whole is followed no longer, only now, or as before."""
        before, after = all(self.base.strict), all(self.candidate.strict)
        return "changed" if before == after else "gained" if after else "lost"

    @property
    def _pairs(self) -> list[tuple[bool, bool]]:
        return list(zip(self.base.strict, self.candidate.strict, strict=True))


@dataclass(frozen=True)
class Comparison:
    """What two results say about the same prompts; `summary` is what --json writes, less answers and gate."""

    base: Results
    candidate: Results
    summary: Row
    flips: tuple[Flip, ...]


@dataclass(frozen=True)
class Gate:
    """Whether a candidate may pass; `outcome` is inconclusive when it fell too far, but perhaps by chance."""

    outcome: Literal["pass", "inconclusive", "fail"]
    reason: str
    metric: str
    max_drop: float
    drop: float
    p: float
    strict: bool

    @property
    def blocks(self) -> bool:
        """Whether the command exits with 1."""
        return self.outcome == "fail" or (self.strict and self.outcome == "inconclusive")


def compare(base: Results, candidate: Results, *, alpha: float = 0.05, allow_different: bool = False) -> Comparison:
    """Pair two results by key and sample; CompareError when they are incomplete, or differ in what matters."""
    if not 0 < alpha < 0.5:
        raise CompareError(f"--alpha {alpha}: must be above 0 and below 0.5")
    different = differing(base.summary["signature"], candidate.summary["signature"])
    _refuse(base, candidate, [] if allow_different else different)
    before, after = _paired(base.verdicts, candidate.verdicts)
    if not before:
        raise CompareError("the two results have no prompt in common")
    counts = {"paired": len(before), "only_base": len(base.verdicts) - len(before)}
    flips = tuple(Flip(old, new) for old, new in zip(before, after, strict=True) if old.strict != new.strict)
    single = len({verdict.prompt.key for verdict in before}) == len(before)
    summary: Row = {
        "schema": 1,
        "base": _named(base),
        "candidate": _named(candidate),
        "differing": different,
        "alpha": alpha,
        "answers": counts | {"only_candidate": len(candidate.verdicts) - len(after)},
        "rates": {name: _rate(RATES[name], before, after, alpha, single) for name in METRICS},
        "truncated": _change(_truncated(before), _truncated(after)),
        "by_category": _categories(before, after),
        "by_instruction": _instructions(before, after),
        "languages": {
            "base": dict(Counter(verdict.language for verdict in before).most_common()),
            "candidate": dict(Counter(verdict.language for verdict in after).most_common()),
        },
        "agreement": _agreement(base, candidate, before, after),
        "prompts": dict(Counter(flip.kind for flip in flips)),
    }
    return Comparison(base, candidate, summary, flips)


def judge(comparison: Comparison, *, max_drop: float, metric: str = GATED, strict: bool = False) -> Gate:
    """Fail when the metric's drop is larger than `max_drop` (percentage points) and significant at alpha."""
    if metric not in METRICS:
        raise CompareError(f"--metric {metric}: must be one of {', '.join(METRICS)}")
    if not 0 <= max_drop <= 100:
        raise CompareError(f"--max-drop {max_drop}: must be between 0 and 100 percentage points")
    alpha = comparison.summary["alpha"]
    rate = comparison.summary["rates"][metric]
    drop, p = -100 * rate["change"], rate["p_drop"]
    outcome: Literal["pass", "inconclusive", "fail"] = "pass"
    if drop <= max_drop + 1e-9:
        reason = f"changed by {-drop:+.1f} points; a drop of {max_drop:g} is allowed"
    elif p <= alpha:
        outcome = "fail"
        reason = f"dropped by {drop:.1f} points, more than the {max_drop:g} allowed, and not by chance (p = {p:.4f})"
    else:
        outcome = "inconclusive"
        reason = f"dropped by {drop:.1f} points, more than the {max_drop:g} allowed, perhaps by chance (p = {p:.3f})"
    return Gate(outcome, f"{metric} {reason}", metric, max_drop, drop, p, strict)


def comparison_row(comparison: Comparison, gate: Gate | None) -> Row:
    """The whole comparison as JSON: the summary, the gate's word and every flip with both answers."""
    row = comparison.summary | {"flips": [_flip_row(comparison, flip) for flip in comparison.flips]}
    if gate:
        row["gate"] = {
            "outcome": gate.outcome,
            "reason": gate.reason,
            "metric": gate.metric,
            "max_drop": gate.max_drop,
            "strict": gate.strict,
        }
    return row


def _refuse(base: Results, candidate: Results, different: Sequence[str]) -> None:
    for result in (base, candidate):
        if not result.summary["complete"]:
            counts = result.summary["counts"]
            gaps = f"{counts['failed']} failed, {counts['missing']} missing"
            raise CompareError(f"{result.name}: incomplete ({gaps}); finish the run first")
    if different:
        ours, theirs = (parse_signature(each.summary["signature"]) for each in (base, candidate))
        parts = "; ".join(f"{name} {ours.get(name)} and {theirs.get(name)}" for name in different)
        raise CompareError(f"the two results differ in {parts}; --allow-different compares them nevertheless")


def _paired(base: Verdicts, candidate: Verdicts) -> tuple[list[PromptVerdicts], list[PromptVerdicts]]:
    """The verdicts on answers that both have, with as many instructions in both."""
    theirs = {(verdict.prompt.key, verdict.sample): verdict for verdict in candidate}
    pairs = [(ours, theirs.get((ours.prompt.key, ours.sample))) for ours in base]
    both = [(ours, other) for ours, other in pairs if other and len(ours.strict) == len(other.strict)]
    return [ours for ours, _ in both], [other for _, other in both]


def _named(result: Results) -> Row:
    counts = {name: result.summary["counts"][name] for name in ("answered", "truncated", "failed")}
    return {"name": result.name, "signature": result.summary["signature"], **counts}


def _truncated(verdicts: Verdicts) -> Outcomes:
    return [(verdict.prompt.key, verdict.outcome == "truncated") for verdict in verdicts]


def _rate(rate: Callable[[Verdicts], Outcomes], before: Verdicts, after: Verdicts, alpha: float, exact: bool) -> Row:
    """Both values of a rate and its change; `exact` where the smallest drop is McNemar's on single answers."""
    old, new = rate(before), rate(after)
    pairs = differences(old, new)
    row = _change(old, new)
    smallest = None
    if exact and len(pairs) == len(old):
        discordant = sum(each.change != 0 for each in pairs) / len(pairs)
        smallest = minimum_detectable_drop(len(pairs), discordant, alpha=alpha)
    elif error := standard_error(pairs):
        smallest = detectable_from_error(error, alpha=alpha)
    return row if smallest is None else row | {"minimum_detectable_drop": smallest}


def _change(old: Outcomes, new: Outcomes) -> Row:
    pairs = differences(old, new)
    drop, either = exact_test(pairs)
    error = standard_error(pairs)
    row: Row = {
        "n": len(old),
        "base": sum(verdict for _, verdict in old) / len(old),
        "candidate": sum(verdict for _, verdict in new) / len(new),
        "change": change(pairs),
        "ci95": list(bootstrap_interval(pairs)),
        "p_drop": drop,
        "p": either,
    }
    return row if error is None else row | {"stderr": error}


def _selected(verdicts: Verdicts, name: str, group: Callable[[str], str]) -> Outcomes:
    return [
        (verdict.prompt.key, followed)
        for verdict in verdicts
        for followed, instruction in zip(verdict.strict, verdict.prompt.instructions, strict=True)
        if group(instruction.id) == name
    ]


def _groups(before: Verdicts, group: Callable[[str], str]) -> list[str]:
    return sorted({group(each.id) for verdict in before for each in verdict.prompt.instructions})


def _category(id: str) -> str:
    return id.partition(":")[0]


def _categories(before: Verdicts, after: Verdicts) -> Row:
    """Instruction-level change per category; p_holm is adjusted for their number."""
    table: Row = {}
    for name in _groups(before, _category):
        old, new = (_selected(verdicts, name, _category) for verdicts in (before, after))
        if Counter(key for key, _ in old) == Counter(key for key, _ in new):
            table[name] = _change(old, new)
    adjusted = holm({name: row["p"] for name, row in table.items()})
    return {name: row | {"p_holm": adjusted[name]} for name, row in table.items()}


def _instructions(before: Verdicts, after: Verdicts) -> Row:
    """How many verdicts each instruction id has, broke and fixed, the most broken first."""
    n, broke, fixed = Counter[str](), Counter[str](), Counter[str]()
    for ours, theirs in zip(before, after, strict=True):
        for instruction, old, new in zip(ours.prompt.instructions, ours.strict, theirs.strict, strict=True):
            n[instruction.id] += 1
            broke[instruction.id] += old and not new
            fixed[instruction.id] += new and not old
    order = sorted(n, key=lambda id: (fixed[id] - broke[id], id))
    return {id: {"n": n[id], "broke": broke[id], "fixed": fixed[id]} for id in order}


def _agreement(base: Results, candidate: Results, before: Verdicts, after: Verdicts) -> Row:
    pairs = list(zip(before, after, strict=True))
    instructions = [old == new for ours, theirs in pairs for old, new in zip(ours.strict, theirs.strict, strict=True)]
    row: Row = {
        "prompts": sum(all(ours.strict) == all(theirs.strict) for ours, theirs in pairs) / len(pairs),
        "instructions": sum(instructions) / len(instructions),
        "languages": sum(ours.language == theirs.language for ours, theirs in pairs) / len(pairs),
    }
    texts = [(base.response(ours), candidate.response(theirs)) for ours, theirs in pairs]
    if all(old is not None and new is not None for old, new in texts):
        row["identical_answers"] = sum(old == new for old, new in texts) / len(texts)
    return row


def _flip_row(comparison: Comparison, flip: Flip) -> Row:
    def side(result: Results, verdict: PromptVerdicts) -> Row:
        text = result.response(verdict)
        row: Row = {"strict": list(verdict.strict), "found": list(verdict.found), "language": verdict.language}
        return row | {"outcome": verdict.outcome, **({} if text is None else {"response": text})}

    prompt = flip.base.prompt
    row: Row = {"key": prompt.key, "kind": flip.kind, "prompt": prompt.text}
    if flip.base.sample:
        row["sample"] = flip.base.sample
    return row | {
        "instructions": [instruction.id for instruction in prompt.instructions],
        "base": side(comparison.base, flip.base),
        "candidate": side(comparison.candidate, flip.candidate),
    }
