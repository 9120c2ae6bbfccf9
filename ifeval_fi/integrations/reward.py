"""Verdicts as a reward for reinforcement learning, with the signature that TRL's trainers call."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ifeval_fi.detection import detect_language
from ifeval_fi.errors import IfevalError, PromptError
from ifeval_fi.integrations.training_rows import plain, said, spoken_to, training_prompt
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import Prompt
from ifeval_fi.rules import get_rules
from ifeval_fi.scoring.hollow import why_hollow
from ifeval_fi.scoring.reading import words
from ifeval_fi.scoring.responses import Response, judged

_OPENED = "<think>\n"


@dataclass(frozen=True, slots=True)
class Rewarded:
    """A reward and where it comes from: verdict and evidence per instruction, the language, and why it is hollow."""

    value: float
    strict: tuple[bool, ...] = ()
    found: tuple[str, ...] = ()
    language: str = "und"
    in_language: bool = False
    hollow: str | None = None

    @property
    def followed(self) -> bool:
        """Whether every instruction is followed."""
        return bool(self.strict) and all(self.strict)


@dataclass(frozen=True, kw_only=True)
class Reward:
    """A reward function for GRPO and its kin: the share of its instructions that a completion follows, from 0 to 1.

    `of="all"` gives 1 only where every instruction is followed. `language` is that of rows without a column
    `language`. `rules=None` means the language's own, for English too: the published code's pass what no reader would.
    A completion in another language than asked for keeps `other_language` of its reward; with 1 its language is not
    looked at, which saves half the time. A hollow one keeps `hollow` of it: one that is no answer to a reader
    (`ifeval_fi.scoring.hollow`) or has fewer than `least_words` words.
    `thinking_opened` says that the chat template begins the thinking, so that what does not end it is no answer.
    `name` stands in the trainer's log.
    """

    of: Literal["share", "all"] = "share"
    language: str = "fi"
    rules: str | None = None
    other_language: float = 0.0
    hollow: float = 0.0
    least_words: int = 1
    thinking_opened: bool = False
    name: str = "ifeval_fi"

    def __post_init__(self) -> None:
        if self.of not in ("share", "all"):
            raise IfevalError(f"of={self.of!r}: must be 'share' or 'all'")
        for name in ("other_language", "hollow"):
            if not 0 <= getattr(self, name) <= 1:
                raise IfevalError(f"{name}={getattr(self, name)!r}: must be between 0 and 1")
        language = get_language(self.language)
        get_rules(self.rules or language.own_rules, language).prepare()
        # Trainers log a function under its name.
        object.__setattr__(self, "__name__", self.name)

    def __call__(
        self,
        completions: Sequence[Any],
        instruction_id_list: Sequence[Any],
        kwargs: Sequence[Any],
        *,
        prompts: Sequence[Any] | None = None,
        language: Sequence[str | None] | str | None = None,
        log_metric: Callable[[str, float], None] | None = None,
        **_: Any,
    ) -> list[float]:
        """The reward of each completion, a text or a list of chat messages; the columns have an entry for each.

        Nothing that a model writes raises. A row that no check can take, which `verify` finds before the training,
        gives 0 and a warning. ValueError when the columns are not as long as the completions.
        """
        count = len(completions)
        asked = [""] * count if prompts is None else prompts
        spoken = [language] * count if language is None or isinstance(language, str) else language
        rows = zip(completions, instruction_id_list, kwargs, asked, spoken, strict=True)
        found = [self._judged_or_nothing(*row) for row in rows]
        if log_metric and found:
            log_metric(f"{self.name}/followed_all", sum(each.followed for each in found) / count)
            log_metric(f"{self.name}/in_language", sum(each.in_language for each in found) / count)
            log_metric(f"{self.name}/hollow", sum(each.hollow is not None for each in found) / count)
        return [each.value for each in found]

    def judge(
        self, completion: Any, instruction_id_list: Any, kwargs: Any, prompt: Any = "", language: str | None = None
    ) -> Rewarded:
        """The reward of one completion with its reasons; PromptError on an unknown id or wrong kwargs."""
        asked = training_prompt(instruction_id_list, kwargs, plain(language) or self.language)
        spoken = get_language(asked.language)
        rules = get_rules(self.rules or spoken.own_rules, spoken)
        text = rules.normalise(self._answer(completion))
        verdicts = [rules.judge(each.id, text, spoken, each.kwargs) for each in asked.instructions]
        detected, in_language = self._language(text, asked)
        hollow = self._why_hollow(text, asked, spoken_to(prompt))
        strict = tuple(map(bool, verdicts))
        value = float(all(strict)) if self.of == "all" else sum(strict) / len(strict)
        value *= (1.0 if in_language else self.other_language) * (1.0 if hollow is None else self.hollow)
        return Rewarded(value, strict, tuple(each.found for each in verdicts), detected, in_language, hollow)

    def verify(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """The number of a training set's rows when each can be rewarded; PromptError names the first that cannot."""
        number = 0
        for number, row in enumerate(rows, 1):
            try:
                self.judge("", row.get("instruction_id_list"), row.get("kwargs"), language=row.get("language"))
            except IfevalError as problem:
                raise PromptError(f"row {number}: {problem}") from None
        if not number:
            raise PromptError("the training set has no rows")
        return number

    def _judged_or_nothing(self, *row: Any) -> Rewarded:
        try:
            return self.judge(*row)
        except IfevalError as problem:
            warnings.warn(f"no reward for a row: {problem}", stacklevel=3)
            return Rewarded(0.0)

    def _answer(self, completion: Any) -> str:
        """What is judged: the completion's text without its thinking, as in a run."""
        text, thought = said(completion)
        if self.thinking_opened and thought is None:
            text = _OPENED + text
        return judged(Response(0, text, reasoning=thought)).text

    def _language(self, text: str, asked: Prompt) -> tuple[str, bool]:
        """The text's language and whether it was asked for; not looked at where nothing depends on it."""
        if self.other_language == 1:
            return "und", True
        detected = detect_language(text).seen_from(*(asked.answer_languages or (asked.language,)))
        return detected, asked.accepts(detected)

    def _why_hollow(self, text: str, asked: Prompt, prompt: str) -> str | None:
        count = len(words(text)) if self.least_words > 1 else 1
        return f"{count} words" if count < self.least_words else why_hollow(text, asked.instructions, prompt)


reward = Reward()
"""The reward with every option as it is: `GRPOTrainer(reward_funcs=ifeval_fi.reward, …)`."""
