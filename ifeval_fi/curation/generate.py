"""Prompts without end: a task from a bank and one to four instructions, each row proven, none near a test set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, permutations

from ifeval_fi.curation import suits
from ifeval_fi.curation.bank import Bank, Stem, load_bank
from ifeval_fi.curation.demands import Demand, Task, demand
from ifeval_fi.curation.dice import Dice, number_of
from ifeval_fi.curation.draw import Drawn
from ifeval_fi.curation.overlap import Benchmark, bundled_benchmark
from ifeval_fi.curation.proof import problems
from ifeval_fi.curation.satisfy import satisfying_text
from ifeval_fi.detection import detect_language
from ifeval_fi.errors import PromptError
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import Prompt, parse_prompt
from ifeval_fi.text import collapse

DIFFICULTIES = {"easy": (1,), "medium": (2,), "hard": (3, 4), "1": (1,), "2": (2,), "3": (3,), "4": (4,)}
"""How many instructions a prompt of each difficulty has."""
_MIXED = (1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4)
"""As often as prompts have so many when no difficulty is asked for."""
_FRUITLESS = 500
"""So many attempts in a row without a new row mean that there are no more."""
_FAULTS = frozenset({"argument", "language", "typography", "contradiction"})
"""The kinds of findings that a row must not have; how stems of one's own are written is their writer's affair."""
_WORDS_THAT_TELL = 20
_STEMS_COMPARED = 6
_ENDS = '.?!…"”“»)'
"""After one of these another sentence may follow on the same line."""
_REWORDED = 5
"""So often is a prompt worded anew that shares words with a test set."""
_SPREAD = 4
"""How far an instruction may be ahead of the others in use and still be drawn."""


def generate(
    language: str,
    count: int,
    *,
    seed: int,
    difficulty: str | int | None = None,
    stems: Sequence[Stem] | None = None,
    instructions: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Iterator[Drawn]:
    """So many prompts, each with an answer that follows all of its instructions; the same for the same seed.

    `difficulty` is easy (1 instruction), medium (2), hard (3 or 4) or their number. `stems` stand in for the bank's
    tasks; `instructions` are the only ids to use, `without` those not to use. A smaller count gives the first of the
    same rows. PromptError on a wrong call, and when there are no more different prompts.
    """
    if count < 1:
        raise PromptError(f"{count} prompts: ask for at least 1")
    generator = Generator(
        language, seed=seed, difficulty=difficulty, stems=stems, instructions=instructions, without=without
    )
    return islice(generator, count)


class Generator:
    """An endless row of prompts; `tried` and `rejected` count what was thrown away, and why."""

    def __init__(
        self,
        language: str,
        *,
        seed: int,
        difficulty: str | int | None = None,
        stems: Sequence[Stem] | None = None,
        instructions: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> None:
        self.bank: Bank = load_bank(language)
        self.language = get_language(language)
        self.seed = seed
        self.counts = _counts(difficulty)
        self.ids = _ids(instructions, without)
        self.tests = bundled_benchmark()
        self.tested = _arguments(self.tests, language)
        self.stems = tuple(self.bank.stems if stems is None else stems)
        self.faults = _FAULTS
        if stems is not None:
            self.faults = _FAULTS - {"language", "typography"}
            _refuse_tested(self.stems, self.tests)
            _refuse_foreign(self.stems, language)
        self.suited = {each: [stem for stem in self.stems if suits.suits(each, stem)] for each in self.ids}
        self.ids = tuple(each for each in self.ids if self.suited[each])
        if not self.ids:
            raise PromptError("none of the instructions suits any of the stems; give others, or stems with keywords")
        self.answers = self._answers()
        self.free_words: dict[str, bool] = {}
        self.used: Counter[str] = Counter()
        self.stem_used: Counter[Stem] = Counter()
        self.seen: set[int] = set()
        self.tried = 0
        self.rejected: Counter[str] = Counter()

    def _answers(self) -> list[tuple[str, ...]]:
        """The orders of the fixed answers in which they share no run of words with a test set, or all orders."""
        orders = list(permutations(self.language.answers))
        return [each for each in orders if not self.tests.touches(self.bank.listed(each, "or"))] or orders

    def __iter__(self) -> Iterator[Drawn]:
        fruitless = 0
        while fruitless < _FRUITLESS:
            self.tried += 1
            dice = Dice(f"{self.seed}/{self.bank.language}/{self.tried}")
            first = self._least_used(self.ids, dice)
            found = self._attempt(first, dice)
            if isinstance(found, Drawn):
                fruitless = 0
                yield found
            else:
                fruitless += 1
                self.rejected[found] += 1
                # Others take the place of an instruction that has no more rows.
                self.used[first] += 1
        raise PromptError(
            f"{self.bank.language}: there are only {len(self.seen)} different prompts of this kind; "
            "ask for fewer, give more stems or allow more instructions"
        )

    def _attempt(self, first: str, dice: Dice) -> Drawn | str:
        """A prompt that begins with this instruction, or why what was drawn is not to be used."""
        stem = min(dice.sample(self.suited[first], _STEMS_COMPARED), key=lambda each: self.stem_used[each])
        demands = self._demands(first, stem, dice)
        if demands is None:
            return "combination"
        text, demands = self._text(stem, demands, dice)
        for _ in range(_REWORDED):
            if not self.tests.touches(text):
                break
            self.rejected["overlap"] += 1
            text, demands = self._text(stem, demands, dice)
        else:
            return "worded as the test"
        prompt = self._prompt(text, demands)
        if (name := number_of(collapse(text))) in self.seen:
            return "twice"
        if (sample := satisfying_text(prompt)) is None:
            return "unsatisfied"
        if any(kind in self.faults for kind, *_ in problems(prompt, self.language, {prompt.key: sample})):
            return "finding"
        self.seen.add(name)
        self.used.update(each.id for each in demands)
        self.stem_used[stem] += 1
        return Drawn(prompt, sample)

    def _least_used(self, ids: Sequence[str], dice: Dice) -> str:
        return min(ids, key=lambda each: self.used[each] + dice.below(100 * _SPREAD) / 100)

    def _demands(self, first: str, stem: Stem, dice: Dice) -> list[Demand] | None:
        """As many demands as drawn that go together; None when there are not so many."""
        wanted = dice.choice(self.counts)
        chosen = [first]
        candidates = [each for each in self.ids if suits.suits(each, stem)]
        while len(chosen) < wanted:
            candidates = [each for each in candidates if suits.agree(each, chosen[-1])]
            if not candidates:
                return None
            chosen.append(self._least_used(candidates, dice))
        words = [each for each in stem.keywords if self._is_free(each, stem)] if suits.KEYWORDS & set(chosen) else []
        task = Task(stem, self.bank, dice, words, self.tested, self.answers, growing=suits.REPEAT in chosen)
        demands = [found for each in chosen if (found := demand(each, task))]
        if len(demands) < len(chosen):
            return None
        fits = sum(each.needs for each in demands) <= min(each.allows for each in demands)
        return demands if fits else None

    def _is_free(self, keyword: str, stem: Stem) -> bool:
        """Whether the keyword stands neither in the stem nor, in any form, among the arguments of the test rows."""
        if keyword not in self.free_words:
            alike = " . ".join(sorted(each for each in self.tested if each[0] == keyword[0]))
            self.free_words[keyword] = keyword not in self.tested and not self.language.occurrences(alike, keyword)
        return self.free_words[keyword] and not self.language.occurrences(stem.text, keyword)

    def _text(self, stem: Stem, demands: list[Demand], dice: Dice) -> tuple[str, list[Demand]]:
        """The prompt's text, and the demands in the order in which it says them."""
        order = dice.sample(demands, len(demands))
        # What is to be repeated is the request that stands above; the fixed answers belong to the question.
        order.sort(key=lambda each: each.id not in (suits.REPEAT, suits.CONSTRAINED))
        said = [self.bank.worded(dice.choice(self.bank.wordings[each.wording]), each.slots) for each in order]
        apart = dice.below(4) == 0 or "\n" in stem.text or stem.text[-1] not in _ENDS
        return stem.text + ("\n\n" if apart else " ") + " ".join(said), order

    def _prompt(self, text: str, demands: list[Demand]) -> Prompt:
        return parse_prompt(
            {
                "key": f"{self.bank.language}-{self.seed}-{len(self.seen) + 1}",
                "prompt": text,
                "instruction_id_list": [each.id for each in demands],
                "kwargs": [dict(each.kwargs) for each in demands],
            },
            self.bank.language,
        )


def _counts(difficulty: str | int | None) -> tuple[int, ...]:
    if difficulty is None:
        return _MIXED
    if str(difficulty) not in DIFFICULTIES:
        raise PromptError(f"difficulty {difficulty!r}: it is easy, medium, hard or 1 to 4 instructions")
    return DIFFICULTIES[str(difficulty)]


def _ids(instructions: Sequence[str], without: Sequence[str]) -> tuple[str, ...]:
    for each in (*instructions, *without):
        if each not in suits.IDS:
            raise PromptError(f"no instruction {each!r} can be generated; there are {', '.join(suits.IDS)}")
    chosen = tuple(each for each in suits.IDS if each in (instructions or suits.IDS) and each not in without)
    if not chosen:
        raise PromptError("no instruction is left to generate")
    return chosen


def _arguments(tests: Benchmark, language: str) -> frozenset[str]:
    """The words and phrases that rows of the language's test sets ask about, with case folded."""
    names = ("keywords", "keyword", "forbidden_words", "words", "end_phrase", "first_word")
    found = (
        instruction.kwargs[name]
        for prompt in tests.prompts
        for instruction in prompt.instructions
        for name in names
        if prompt.language == language and name in instruction.kwargs
    )
    return frozenset(each.casefold() for value in found for each in (value if isinstance(value, tuple) else (value,)))


def _refuse_tested(stems: Sequence[Stem], tests: Benchmark) -> None:
    touching = [stem for stem in stems if tests.touches(stem.text)]
    if touching:
        raise PromptError(
            f"{len(touching)} of the stems share {tests.ngram} words in a row with a test set, the first is "
            f"“{touching[0].text:.80}”; remove them, `ifeval-fi prompts overlap` names them"
        )


def _refuse_foreign(stems: Sequence[Stem], language: str) -> None:
    """PromptError when every stem is in another language; a few words may be in any."""
    if sum(len(stem.text.split()) for stem in stems) < _WORDS_THAT_TELL:
        return
    found = [detect_language(stem.text) for stem in stems]
    if stems and all(each.language != "und" and not each.is_in(language) for each in found):
        raise PromptError(f"the stems are in {found[0].language}, not {language}; name their language")
