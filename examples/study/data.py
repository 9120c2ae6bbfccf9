"""Training data of the study: instructions with answers that follow them, and pairs of which one does not.

The prompts are `ifeval-fi generate`'s, none near a test set. The answers are put together from plain sentences until
every check passes them: they say nothing, but they say it in the right language and form.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ifeval_fi import check
from ifeval_fi.curation.generate import generate
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import Prompt
from ifeval_fi.scoring.hollow import why_hollow

# Answers that a small model can write within a few dozen tokens.
WITHOUT = (
    "combination:repeat_prompt",
    "combination:two_responses",
    "detectable_content:number_placeholders",
    "detectable_format:multiple_sections",
    "keywords:letter_frequency",
    "language:response_language",
    "length_constraints:nth_paragraph_first_word",
    "length_constraints:number_paragraphs",
)


@dataclass(frozen=True)
class Example:
    """A prompt with an answer that follows all of its instructions."""

    prompt: Prompt
    answer: str

    @property
    def asked(self) -> list[dict[str, str]]:
        """The prompt as a chat."""
        return [{"role": "user", "content": self.prompt.text}]


def instructions(language: str, count: int, seed: int, longest: int) -> list[Example]:
    """So many prompts with answers, both together of at most so many characters, the same by seed."""
    dice = random.Random(seed)
    found = []
    for drawn in generate(language, 20 * count, seed=seed, without=_known(WITHOUT)):
        if len(drawn.prompt.text) > longest:
            continue
        answer = next(_answers(drawn.prompt, drawn.sample, dice), None)
        if answer and len(drawn.prompt.text) + len(answer) <= longest:
            found.append(Example(drawn.prompt, answer))
        if len(found) == count:
            return found
    raise SystemExit(f"only {len(found)} of {count} prompts in {language!r} are short enough; ask for fewer")


def _known(ids: Sequence[str]) -> tuple[str, ...]:
    from ifeval_fi.rules import careful_checks

    return tuple(each for each in ids if each in careful_checks())


def _answers(prompt: Prompt, sample: str, dice: random.Random) -> Iterator[str]:
    """The sample beside a few plain sentences, where that is followed still and no longer hollow."""
    sentences = list(get_language(prompt.language).filler)
    for number in (4, 3, 2, 6, 1):
        plain = " ".join(dice.sample(sentences, number))
        for text in (f"{plain}\n\n{sample}", f"{plain} {sample}", f"{sample}\n\n{plain}", f"{sample} {plain}", plain):
            for form in (text, text.lower(), text.upper()):
                if follows(prompt, form) and not why_hollow(form, prompt.instructions, prompt.text):
                    yield form


def follows(prompt: Prompt, text: str) -> bool:
    """Whether a text follows every instruction of the prompt by the language's own rules."""
    rules = get_language(prompt.language).own_rules
    return all(check(each.id, each.kwargs, text, language=prompt.language, rules=rules) for each in prompt.instructions)


def mix(english: Sequence[Example], finnish: Sequence[Example], share: int) -> list[dict[str, Any]]:
    """As many rows as each language has, of which `share` per cent are Finnish, evenly spread."""
    count = len(english)
    rows = []
    for place in range(count):
        take_finnish = (place + 1) * share // 100 > place * share // 100
        example = (finnish if take_finnish else english)[place]
        rows.append({"prompt": example.asked, "completion": _said(example.answer)})
    return rows


def pairs(examples: Sequence[Example], seed: int) -> list[dict[str, Any]]:
    """Each prompt with its answer as chosen, and plain sentences that break an instruction as rejected.

    No text is chosen for one prompt and rejected for another: a model would learn the texts and not what they follow.
    """
    dice = random.Random(seed)
    rows = []
    for example in examples:
        if broken := next((text for text in _plain(example.prompt, dice) if not follows(example.prompt, text)), None):
            row: Mapping[str, Any] = {"chosen": _said(example.answer), "rejected": _said(broken)}
            rows.append({"prompt": example.asked, **row})
    return rows


def _plain(prompt: Prompt, dice: random.Random) -> Iterator[str]:
    """Sentences as they are, strung together with commas, and in capitals."""
    sentences = dice.sample(list(get_language(prompt.language).filler), 4)
    yield " ".join(sentences)
    yield ", ".join(sentence.rstrip(".") for sentence in sentences) + "."
    yield " ".join(sentences).upper()


def _said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]
