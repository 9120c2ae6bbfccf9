"""One instruction for one task: its arguments drawn to suit the task, and what the prompt says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ifeval_fi.curation import suits
from ifeval_fi.curation.bank import Bank, Stem
from ifeval_fi.curation.dice import Dice
from ifeval_fi.curation.suits import Length

NO_LIMIT = 10**9


@dataclass(frozen=True)
class Demand:
    """An instruction with its arguments; `slots` fill the wording that goes by `wording`.

    `needs` and `allows` are about how many words an answer then has at least and at most.
    """

    id: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)
    relation: str = ""
    needs: int = 0
    allows: int = NO_LIMIT

    @property
    def wording(self) -> str:
        """The name that the bank's wordings for it go by."""
        return f"{self.id}|{self.relation}" if self.relation else self.id


@dataclass(frozen=True)
class Task:
    """The task that demands are drawn for; `keywords` are those that are still free, and are used up."""

    stem: Stem
    bank: Bank
    dice: Dice
    keywords: list[str]
    tested: frozenset[str]
    answers: Sequence[tuple[str, ...]]
    """The fixed answers, in the orders in which they may be listed."""
    growing: bool
    """Whether the answer has to hold more than the task needs, so that no demand may keep it short."""

    @property
    def length(self) -> Length:
        return suits.length_of(self.stem)

    def relation(self) -> str:
        return "at least" if self.growing else self.dice.choice(("at least", "less than"))

    def up_to(self, words_each: int, most: int, least: int = 2) -> int:
        """A number of things for which there is room in the longest usual text, when each takes so many words."""
        return self.dice.between(least, max(least, min(most, self.length.most // words_each)))

    def words(self, least: int, most: int) -> list[str] | None:
        """So many of the free keywords; None when there are too few."""
        drawn = self.dice.sample(self.keywords, self.dice.between(least, most))
        for word in drawn:
            self.keywords.remove(word)
        return drawn if len(drawn) >= least else None

    def untested(self, phrases: tuple[str, ...]) -> str:
        """One of the bank's words or phrases that is no argument of a test row."""
        return self.dice.choice([each for each in phrases if each.casefold() not in self.tested])


def demand(instruction: str, task: Task) -> Demand | None:
    """The instruction with drawn arguments; None when the task offers none, as keywords."""
    return _DRAWS[instruction](task)


def _existence(task: Task) -> Demand | None:
    if (words := task.words(2, 4 if task.length.most >= 200 else 3)) is None:
        return None
    return Demand(suits.EXISTENCE, {"keywords": words}, {"keywords": (words,)}, needs=8 * len(words))


def _forbidden(task: Task) -> Demand | None:
    if (words := task.words(2, 3)) is None:
        return None
    return Demand(suits.FORBIDDEN, {"forbidden_words": words}, {"keywords": (words,)})


def _frequency(task: Task) -> Demand | None:
    if (words := task.words(1, 1)) is None:
        return None
    relation = task.relation()
    count = task.up_to(50, 5, least=2 if relation == "at least" else 3)
    kwargs = {"keyword": words[0], "frequency": count, "relation": relation}
    needs = 10 * count if relation == "at least" else 0
    return Demand(suits.FREQUENCY, kwargs, {"keyword": words[0], "n": count}, relation, needs)


def _letters(task: Task) -> Demand | None:
    """So often that a usual text of this kind may have the letter as often, or a little too often."""
    relation, letter = task.relation(), task.dice.choice(task.bank.letters)
    rate = task.bank.letter_rates[letter]
    length = task.dice.between(task.length.least, task.length.middle)
    count = round(rate * length * (0.9 if relation == "at least" else 0.7))
    if not 3 <= count <= 60:
        return None
    kwargs = {"letter": letter, "let_frequency": count, "let_relation": relation}
    needs, allows = (length, NO_LIMIT) if relation == "at least" else (0, length)
    return Demand(suits.LETTERS, kwargs, {"letter": letter, "n": count}, relation, needs, allows)


def _language(task: Task) -> Demand:
    return Demand(suits.LANGUAGE, {"language": task.bank.language})


def _sentences(task: Task) -> Demand:
    relation, length = task.relation(), task.length
    if relation == "at least":
        count = task.dice.between(max(3, length.least // 12), max(3, length.middle // 14))
        needs, allows = 9 * count, NO_LIMIT
    else:
        count = task.dice.between(max(3, length.middle // 14), max(4, length.most // 14))
        needs, allows = 0, 14 * (count - 1)
    kwargs = {"num_sentences": count, "relation": relation}
    return Demand(suits.SENTENCES, kwargs, {"n": count}, relation, needs, allows)


def _words(task: Task) -> Demand:
    relation, length = task.relation(), task.length
    first, last = (length.least, length.middle) if relation == "at least" else (length.middle, length.most)
    drawn = task.dice.between(first, last)
    step = 5 if drawn < 60 else 10 if drawn < 150 else 25 if drawn < 300 else 50
    count = drawn // step * step
    needs, allows = (count, NO_LIMIT) if relation == "at least" else (0, count)
    kwargs = {"num_words": count, "relation": relation}
    return Demand(suits.WORDS, kwargs, {"n": count}, relation, needs, allows)


def _paragraphs(task: Task) -> Demand:
    count = task.up_to(50, 6)
    return Demand(suits.PARAGRAPHS, {"num_paragraphs": count}, {"n": count}, needs=20 * count)


def _first_word(task: Task) -> Demand:
    count = task.up_to(50, 6)
    nth, word = task.dice.between(1, count), task.untested(task.bank.first_words)
    kwargs = {"num_paragraphs": count, "nth_paragraph": nth, "first_word": word}
    slots = {"n": count, "nth": nth, "first_word": word}
    return Demand(suits.FIRST_WORD, kwargs, slots, needs=20 * count)


def _placeholders(task: Task) -> Demand:
    count = task.up_to(30, 8)
    return Demand(suits.PLACEHOLDERS, {"num_placeholders": count}, {"n": count}, needs=6 * count)


def _postscript(task: Task) -> Demand:
    marker = task.dice.choice(("P.S.", "P.P.S"))
    return Demand(suits.POSTSCRIPT, {"postscript_marker": marker}, {"marker": marker}, needs=10)


def _bullets(task: Task) -> Demand:
    count = task.up_to(25, 8)
    return Demand(suits.BULLETS, {"num_bullets": count}, {"n": count}, needs=6 * count)


def _constrained(task: Task) -> Demand:
    return Demand(suits.CONSTRAINED, slots={"answers": (task.dice.choice(task.answers), "or")})


def _highlights(task: Task) -> Demand:
    count = task.up_to(40, 6)
    return Demand(suits.HIGHLIGHTS, {"num_highlights": count}, {"n": count}, needs=5 * count)


def _sections(task: Task) -> Demand:
    count, splitter = task.up_to(60, 6), task.dice.choice(task.bank.splitters)
    kwargs = {"section_spliter": splitter, "num_sections": count}
    return Demand(suits.SECTIONS, kwargs, {"splitter": splitter, "n": count}, needs=20 * count)


def _repeat(task: Task) -> Demand:
    text = task.stem.text
    return Demand(suits.REPEAT, {"prompt_to_repeat": text}, needs=len(text.split()))


def _end(task: Task) -> Demand:
    phrase = task.untested(task.bank.end_phrases)
    return Demand(suits.END, {"end_phrase": phrase}, {"phrase": phrase}, needs=8)


def _capitals(task: Task) -> Demand:
    relation = task.relation()
    count = task.up_to(30, 10, least=2 if relation == "at least" else 3)
    kwargs = {"capital_frequency": count, "capital_relation": relation}
    needs = 6 * count if relation == "at least" else 0
    return Demand(suits.CAPITALS, kwargs, {"n": count}, relation, needs)


def _without_arguments(instruction: str, needs: int = 0) -> Callable[[Task], Demand]:
    return lambda task: Demand(instruction, needs=needs)


_DRAWS: dict[str, Callable[[Task], Demand | None]] = {
    suits.EXISTENCE: _existence,
    suits.FORBIDDEN: _forbidden,
    suits.FREQUENCY: _frequency,
    suits.LETTERS: _letters,
    suits.LANGUAGE: _language,
    suits.SENTENCES: _sentences,
    suits.WORDS: _words,
    suits.PARAGRAPHS: _paragraphs,
    suits.FIRST_WORD: _first_word,
    suits.PLACEHOLDERS: _placeholders,
    suits.POSTSCRIPT: _postscript,
    suits.BULLETS: _bullets,
    suits.CONSTRAINED: _constrained,
    suits.HIGHLIGHTS: _highlights,
    suits.SECTIONS: _sections,
    suits.REPEAT: _repeat,
    suits.END: _end,
    suits.CAPITALS: _capitals,
    **{each: _without_arguments(each) for each in (suits.TITLE, suits.QUOTATION, suits.NO_COMMA)},
    **{each: _without_arguments(each) for each in (suits.JSON, suits.UPPER, suits.LOWER)},
    suits.TWO: _without_arguments(suits.TWO, needs=30),
}
