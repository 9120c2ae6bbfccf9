"""A text that follows all instructions of a prompt, built from their arguments, or the instructions that conflict.

The checks themselves are the judge: what is built is only believed when every check passes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, cycle, islice
from typing import Any

from ifeval_fi.languages import Language, get_language
from ifeval_fi.prompts import Instruction, Prompt
from ifeval_fi.rules import get_rules

MOST_WORDS = 3000
_APART = (" ", "\n")
"""What stands between words that must be there; side by side, some look like words of another kind."""
MOST_ASKED = 20_000
"""No text is built that has more of anything, e.g. of words."""


def satisfying_text(prompt: Prompt) -> str | None:
    """A text that passes every instruction of the prompt strictly; None when none could be built."""
    language = get_language(prompt.language)
    return _search(prompt.instructions, language)


def conflict(prompt: Prompt) -> tuple[Instruction, ...]:
    """The fewest instructions of the prompt that no text could be built for; empty when all go together."""
    language = get_language(prompt.language)
    for size in range(1, len(prompt.instructions) + 1):
        for some in combinations(prompt.instructions, size):
            if _search(some, language) is None:
                return some
    return ()


def _search(instructions: Sequence[Instruction], language: Language) -> str | None:
    rules = get_rules(language.own_rules, language)

    def followed(text: str) -> bool:
        return all(rules.judge(each.id, rules.normalise(text), language, each.kwargs) for each in instructions)

    return next(filter(followed, _candidates(instructions, language)), None)


@dataclass
class _Plan:
    """What the instructions ask for, gathered; `filler` are the sentences that break none of them."""

    opening: str = ""
    words: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    paragraphs: int = 0
    divider: str = "\n\n"
    first_word: tuple[int, str] | None = None
    filler: list[str] = field(default_factory=list)
    wraps: list[str] = field(default_factory=list)


def _candidates(instructions: Sequence[Instruction], language: Language) -> Iterator[str]:
    """Texts to try: from the barest to ones padded with more and more sentences and words."""
    most = max((value for each in instructions for value in each.kwargs.values() if isinstance(value, int)), default=0)
    if most > MOST_ASKED:
        return
    plan = _Plan(filler=_harmless(instructions, language))
    for instruction in instructions:
        _add(plan, instruction.id, instruction.kwargs, language)
    for amount in sorted({0, 1, 2, 3, 5, 8, 12, 20, 30, 50, most // 4, most, min(most + 5, MOST_WORDS)}):
        for apart in _APART:
            yield _compose(plan, (), apart)
            yield _compose(plan, islice(cycle(plan.filler), amount), apart)
        yield _compose(plan, [" ".join(islice(cycle(word.rstrip(".") for word in plan.filler), amount)) + "."])


def _harmless(instructions: Sequence[Instruction], language: Language) -> list[str]:
    """The filler sentences with no forbidden word and as few as can be of limited letters."""
    rules = get_rules(language.own_rules, language)
    limits = [limit for each in instructions if (limit := _limit(each))]
    kept = [
        sentence
        for sentence in language.filler
        if all(rules.judge(each.id, sentence, language, each.kwargs) for each in limits)
    ]
    return kept or list(language.filler)


def _limit(instruction: Instruction) -> Instruction | None:
    """The instruction as a limit on one sentence; None when it sets none."""
    kind, kwargs = instruction.id.partition(":")[2], dict(instruction.kwargs)
    if kind in ("forbidden_words", "no_comma"):
        return instruction
    if "less than" not in kwargs.values():
        return None
    if kind == "letter_frequency":
        return replace(instruction, kwargs=kwargs | {"let_frequency": 1})
    if kind == "frequency":
        return replace(instruction, kwargs=kwargs | {"frequency": 1})
    if kind == "capital_word_frequency":
        return replace(instruction, kwargs=kwargs | {"capital_frequency": 1})
    return None


def _add(plan: _Plan, name: str, kwargs: Any, language: Language) -> None:
    """What one instruction puts into the text."""
    kind = name.partition(":")[2]
    if kind == "existence":
        plan.words += kwargs["keywords"]
    elif kind == "frequency" and kwargs["relation"] == "at least":
        plan.words += [kwargs["keyword"]] * kwargs["frequency"]
    elif kind == "letter_frequency" and kwargs["let_relation"] == "at least":
        plan.words.append(kwargs["letter"] * kwargs["let_frequency"])
    elif kind == "capital_word_frequency" and kwargs["capital_relation"] == "at least":
        plan.words += [_word(language).upper()] * kwargs["capital_frequency"]
    elif kind == "number_placeholders":
        plan.words += [f"[{_word(language)} {index}]" for index in range(1, kwargs["num_placeholders"] + 1)]
    elif kind == "number_highlighted_sections":
        plan.words += [f"*{_word(language)} {index}*" for index in range(1, kwargs["num_highlights"] + 1)]
    elif kind == "number_bullet_lists":
        plan.blocks.append("\n".join([f"* {_word(language)}"] * kwargs["num_bullets"]))
    elif kind == "multiple_sections":
        titles = (f"{kwargs['section_spliter']} {index}" for index in range(1, kwargs["num_sections"] + 1))
        plan.blocks.append("\n".join(titles))
    elif kind == "title":
        plan.blocks.insert(0, f"<<{_word(language).capitalize()}>>")
    elif kind == "constrained_response":
        plan.blocks.insert(0, language.answers[0])
    elif kind == "repeat_prompt":
        plan.opening = kwargs["prompt_to_repeat"]
    elif kind == "postscript":
        plan.closing.insert(0, f"{kwargs['postscript_marker']} {_word(language)}")
    elif kind == "end_checker":
        plan.closing.append(kwargs["end_phrase"])
    elif kind == "number_paragraphs":
        plan.paragraphs, plan.divider = kwargs["num_paragraphs"], "\n***\n"
    elif kind == "nth_paragraph_first_word":
        plan.paragraphs, plan.first_word = kwargs["num_paragraphs"], (kwargs["nth_paragraph"], kwargs["first_word"])
    elif kind == "two_responses":
        plan.paragraphs, plan.divider = 2, "\n******\n"
    elif kind in _WRAPS:
        plan.wraps.append(kind)


def _word(language: Language) -> str:
    """A word of the language to stand where any will do: the longest of its first filler sentence."""
    return max(language.filler[0].strip(".").split(), key=len) if language.filler else "x"


def _compose(plan: _Plan, filler: Iterable[str], apart: str = " ") -> str:
    """The text of a plan with this filler, its paragraphs made up to the number asked."""
    body = [plan.opening] if plan.opening else []
    body += plan.blocks
    if plan.words:
        body.append(apart.join(plan.words))
    padding = " ".join(filler)
    if padding:
        body.append(padding)
    if plan.paragraphs:
        parts = _divide(plan, body)
        text = plan.divider.join(parts)
    else:
        text = "\n".join([*body, *plan.closing]) or plan.filler[0]
    for wrap in sorted(plan.wraps):
        text = _WRAPS[wrap](text)
    return text


def _divide(plan: _Plan, body: list[str]) -> list[str]:
    """The body in as many paragraphs as asked, the nth with its first word, the last with the closing."""
    parts = [[f"{plan.filler[index % len(plan.filler)]}"] for index in range(plan.paragraphs)]
    if plan.paragraphs:
        if plan.opening or not plan.first_word:
            parts[0] = list(body) or parts[0]
        else:
            parts[-1] += body
        parts[-1] += plan.closing
        if plan.first_word and 1 <= plan.first_word[0] <= plan.paragraphs:
            parts[plan.first_word[0] - 1].insert(0, plan.first_word[1])
    return ["\n".join(part) for part in parts]


_WRAPS: dict[str, Callable[[str], str]] = {
    "english_capital": str.upper,
    "english_lowercase": str.lower,
    # In JSON a line end is "\\n", which would join the words around it.
    "json_format": lambda text: json.dumps(text.replace("\n", " "), ensure_ascii=False),
    "quotation": lambda text: text if text.startswith('"') else f'"\n{text}\n"',
}
