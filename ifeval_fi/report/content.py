"""What a report says of one result, as tables and remarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ifeval_fi.jsonl import Row
from ifeval_fi.languages.names import english_name
from ifeval_fi.report.tables import Table, one_line
from ifeval_fi.scoring.endings import CAUSES
from ifeval_fi.scoring.signature import parse_signature

NAMES = {
    "inst_level_strict_acc": "instruction level, strict",
    "prompt_level_strict_acc": "prompt level, strict",
    "inst_level_loose_acc": "instruction level, loose",
    "prompt_level_loose_acc": "prompt level, loose",
    "response_language_rate": "answered in the asked language",
    "response_language_rate_langdetect": "the same by langdetect, as published",
    "prompt_level_strict_acc_in_language": "prompt level, strict, in language",
    "inst_level_strict_acc_in_language": "instruction level, strict, in language",
}
GROUP_RATES = {"strict_acc": "strict", "loose_acc": "loose", "strict_acc_in_language": "strict, in language"}
NONE = "–"
MANY_EMPTY = MANY_CUT_OFF = 0.1
MANY_ELSEWHERE = 0.25
_ADVICE = {
    "reasoning_only": "the server may file answers as reasoning; check its parser, or give more --max-tokens",
    "tool_call_only": "the model calls tools; serve it without a tool parser or with tool_choice none",
    "filtered": "the server's filter took them out; do not compare these numbers",
    "cut_off": "give more --max-tokens",
    "no_text": "check the chat template and the stop words of the server",
}


def percent(value: float | None) -> str:
    """A share as a percentage with one decimal; a dash where there is none."""
    return NONE if value is None else f"{100 * value:.1f}"


def spaced(name: str) -> str:
    """A category's name as words, which a heading may break."""
    return name.replace("_", " ")


def interval(fields: Mapping[str, Any], name: str) -> str:
    """The 95 % interval of a rate, in per cent."""
    ends = fields.get(f"{name}_ci95")
    return f"{percent(ends[0])}–{percent(ends[1])}" if ends else NONE


def rates_table(summary: Row, title: str) -> Table:
    """Every rate of one result with its interval and standard error."""
    rows = [
        (label, percent(summary[name]), interval(summary, name), percent(summary.get(f"{name}_stderr")))
        for name, label in NAMES.items()
        if name in summary
    ]
    rows += [
        (f"prompt level, strict, pass@{k}", percent(value), NONE, NONE)
        for k, value in summary.get("prompt_level_strict_pass_at", {}).items()
    ]
    return Table(title, ("measure", "%", "95 % interval", "standard error"), rows)


def groups_table(groups: Mapping[str, Row], title: str) -> Table:
    """Instruction-level rates per category or instruction id."""
    columns = (title.lower(), "n", "strict %", "95 % interval", "loose %", "strict, in language %")
    rows = [
        (
            name,
            str(fields["n"]),
            percent(fields.get("strict_acc")),
            interval(fields, "strict_acc"),
            percent(fields.get("loose_acc")),
            percent(fields.get("strict_acc_in_language")),
        )
        for name, fields in groups.items()
    ]
    return Table(title, columns, rows)


def remarks(summary: Row) -> list[str]:
    """What to know of the answers beside their scores: thinking, empty answers, endings nobody knows."""
    found = []
    scored = summary["counts"]["scored"]
    kept = parse_signature(summary.get("signature", "")).get("thinking") == "kept"
    if count := summary.get("with_thinking"):
        done = "judged with the answer" if kept else "taken out and not judged"
        found.append(f"{count} of {scored} answers began with thinking, which was {done}.")
    empty = summary.get("empty_responses", {})
    if empty:
        causes = ", ".join(f"{CAUSES.get(cause, spaced(cause))} {count}" for cause, count in empty.items())
        found.append(f"{sum(empty.values())} of {scored} answers are empty: {causes}.")
    unknown = summary.get("unknown_finish_reasons", {})
    if unknown:
        words = ", ".join(f"{one_line(word)} {count}" for word, count in unknown.items())
        found.append(
            f"{sum(unknown.values())} of {scored} answers ended with a word unknown here and count as whole: {words}."
        )
    return found


def warnings(summary: Row) -> list[str]:
    """Why the numbers say little of the model: many answers empty, cut off or in another language, samples alike."""
    told = (_empty(summary), _cut_off(summary), _elsewhere(summary), _one_sample(summary))
    return [warning for warning in told if warning]


def _empty(summary: Row) -> str | None:
    empty, scored = summary.get("empty_responses", {}), summary["counts"]["scored"]
    count = sum(empty.values())
    if not count or count < MANY_EMPTY * scored:
        return None
    most = max(empty, key=lambda cause: empty[cause])
    advice = _ADVICE.get(most, "look at the answers before the numbers")
    return f"{count} of {scored} answers are empty ({CAUSES.get(most, spaced(most))}): {advice}."


def _cut_off(summary: Row) -> str | None:
    count, scored = summary["counts"]["truncated"], summary["counts"]["scored"]
    if not count or count < MANY_CUT_OFF * scored:
        return None
    return (
        f"{count} of {scored} answers were cut off, so that what they lack counts against the model: "
        "give more --max-tokens."
    )


def _elsewhere(summary: Row) -> str | None:
    share, scored = summary.get("response_language_rate"), summary["counts"]["scored"]
    if share is None or share > 1 - MANY_ELSEWHERE or _empty(summary):
        return None
    asked = summary["language"]
    others = [code for code in summary.get("response_languages", {}) if code != asked]
    mostly = f", mostly {english_name(others[0])}" if others and others[0] not in ("und", "mixed") else ""
    return (
        f"{round(scored * (1 - share))} of {scored} answers are in another language than was asked for{mostly}: "
        "quote the scores in language, which do not count those."
    )


def _one_sample(summary: Row) -> str | None:
    decoding = parse_signature(summary.get("signature", "")).get("decoding", "").split(",")
    if not summary.get("samples_per_prompt") or "temperature=0.0" not in decoding:
        return None
    return "The samples were drawn at temperature 0, so that they are mostly one answer: pass@k says nothing."


def run_tables(summary: Row) -> list[Table]:
    """One result."""
    counts = summary["counts"]
    languages = summary.get("response_languages", {})
    scored = sum(languages.values())
    outcomes = ("prompts", "instructions", "answered", "truncated", "failed", "missing", "scored")
    return [
        rates_table(summary, "Scores"),
        groups_table(summary["by_category"], "Category"),
        groups_table(summary["by_instruction"], "Instruction"),
        Table(
            "Response languages",
            ("language", "answers", "%"),
            [(code, str(count), percent(count / scored)) for code, count in languages.items()],
        ),
        Table(
            "Counts",
            ("", "number"),
            [(name, str(counts[name])) for name in outcomes],
            note=" ".join([f"{summary['denominator']}.", *remarks(summary)]),
        ),
    ]
