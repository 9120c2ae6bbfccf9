"""A candidate against a base on the same prompts: what changed, how sure that is, and whether it may pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import Row
from ifeval_fi.prompts import Key
from ifeval_fi.scoring import HEADLINE, RATES, Outcomes, PromptVerdicts, Verdicts
from ifeval_fi.scoring.paired import (
    change,
    detectable_from_error,
    differences,
    exact_test,
    holm,
    interval,
    minimum_detectable_drop,
    non_inferiority,
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
GATED = HEADLINE[0]
"""The headline, which is gated unless another rate is named."""


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
    """Whether a candidate may pass, and what was tested, in words.

    Without `non_inferiority`, "fail" is a drop that is larger than allowed and significant against no change, and
    "inconclusive" one that is larger than allowed but may be chance. With it, "pass" is a drop that is significantly
    smaller than the one allowed, and anything else blocks.
    """

    outcome: Literal["pass", "inconclusive", "fail"]
    reason: str
    metric: str
    max_drop: float
    drop: float
    p: float
    strict: bool
    non_inferiority: bool = False

    @property
    def blocks(self) -> bool:
        """Whether the command exits with 1."""
        return self.outcome == "fail" or (self.outcome == "inconclusive" and (self.strict or self.non_inferiority))


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
    flips = [Flip(old, new) for old, new in zip(before, after, strict=True) if old.strict != new.strict]
    flips.sort(key=lambda flip: _order(flip.base.prompt.key))
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
    return Comparison(base, candidate, summary, tuple(flips))


def judge(
    comparison: Comparison,
    *,
    max_drop: float,
    metric: str = GATED,
    strict: bool = False,
    non_inferiority: bool = False,
) -> Gate:
    """The gate on a metric's drop, `max_drop` in percentage points; CompareError on what cannot be asked."""
    if metric not in METRICS:
        raise CompareError(f"--metric {metric}: must be one of {', '.join(METRICS)}")
    if not 0 <= max_drop <= 100:
        raise CompareError(f"--max-drop {max_drop}: must be between 0 and 100 percentage points")
    alpha, rate = comparison.summary["alpha"], comparison.summary["rates"][metric]
    drop = -100 * rate["change"]
    low, high = (100 * end for end in rate["ci95"])
    changed = f"{metric} changed by {-drop:+.1f} points (95 % interval {low:+.1f} to {high:+.1f})"
    if non_inferiority:
        p = _non_inferiority(comparison, metric, max_drop)
        outcome: Literal["pass", "inconclusive", "fail"] = "pass" if p <= alpha else "inconclusive"
        if outcome != "pass" and drop > max_drop + 1e-9:
            outcome = "fail"
        shown = "is" if outcome == "pass" else "is not"
        reason = (
            f"{changed}; that the true drop is smaller than the {max_drop:g} allowed {shown} shown "
            f"(one-sided test against a drop of {max_drop:g}, {_p(p)})"
        )
    else:
        p = rate["p_drop"]
        against = f"one-sided test against no change, {_p(p)}"
        if drop <= max_drop + 1e-9:
            outcome, reason = "pass", f"{changed}; a drop of {max_drop:g} is allowed"
        elif p <= alpha:
            outcome, reason = "fail", f"{changed}, more than the {max_drop:g} allowed, and not by chance ({against})"
        else:
            outcome = "inconclusive"
            reason = f"{changed}, more than the {max_drop:g} allowed, but it may be chance ({against})"
    reason += _told_beside(comparison, metric, outcome)
    return Gate(outcome, reason, metric, max_drop, drop, p, strict, non_inferiority)


def _non_inferiority(comparison: Comparison, metric: str, max_drop: float) -> float:
    before, after = _paired(comparison.base.verdicts, comparison.candidate.verdicts)
    return non_inferiority(differences(RATES[metric](before), RATES[metric](after)), max_drop / 100)


def _told_beside(comparison: Comparison, metric: str, outcome: str) -> str:
    """What a reader of the gate's word should know besides: the other headline, and what a pass could have missed."""
    rates = comparison.summary["rates"]
    other = next(name for name in HEADLINE if name != metric)
    told = f". {other} changed by {100 * rates[other]['change']:+.1f}"
    smallest = rates[metric].get("minimum_detectable_drop")
    if outcome == "pass" and smallest is not None:
        told += f". A true drop below {100 * smallest:.1f} points would often not be seen in this comparison"
    return told


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def comparison_row(comparison: Comparison, gate: Gate | None) -> Row:
    """The whole comparison as JSON: the summary, the gate's word and every flip with both answers."""
    row = comparison.summary | {"flips": [_flip_row(comparison, flip) for flip in comparison.flips]}
    if gate:
        row["gate"] = {
            "outcome": gate.outcome,
            "reason": gate.reason,
            "metric": gate.metric,
            "max_drop": gate.max_drop,
            "p": gate.p,
            "strict": gate.strict,
            "non_inferiority": gate.non_inferiority,
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


def _order(key: Key) -> tuple[bool, int, str]:
    """Keys as a person orders them: 219 before 1999, names last."""
    text = str(key)
    return not text.isdecimal(), int(text) if text.isdecimal() else 0, text


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
        "ci95": list(interval(pairs)),
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
