"""What a training set shares with the test sets: whole prompts, and runs of words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ifeval_fi.errors import PromptError
from ifeval_fi.jsonl import Row
from ifeval_fi.prompts import Key, Prompt, bundled, load_prompts
from ifeval_fi.text import nfc

NGRAM = 8
"""Words in a row that two texts must not share, punctuation and case aside."""
FORMULA = 4
"""Words that so many prompts of a set share are a formula, as "wrap your entire response with double …"."""
# "don", "t", "42"; no underscore, which is markdown
_WORD = re.compile(r"[^\W_]+")

Kind = Literal["exact", "shared", "formula"]
_BEST: tuple[Kind, ...] = ("exact", "shared", "formula")


@dataclass(frozen=True, slots=True)
class Hit:
    """What a text shares with a prompt of a test set.

    `kind` is exact (the whole prompt and nothing else), shared, or formula where all that is shared stands in many
    prompts of the set, of which `key` is the first. `words` is the longest run shared, `share` the part of the prompt's
    runs of words that the text has.
    """

    set: str
    key: Key
    kind: Kind
    share: float
    words: str

    @property
    def rank(self) -> tuple[int, float]:
        """Low for what matters most."""
        return _BEST.index(self.kind), -self.share

    @property
    def row(self) -> Row:
        return {"set": self.set, "key": self.key, "kind": self.kind, "share": round(self.share, 3), "words": self.words}


class Benchmark:
    """Prompt sets, indexed by each run of `ngram` words in their prompts."""

    def __init__(self, sets: Sequence[str], ngram: int = NGRAM) -> None:
        if ngram < 1:
            raise PromptError(f"{ngram} words in a row: compare at least 1")
        self.ngram = ngram
        self.sets = tuple(dict.fromkeys(sets))
        self.prompts: list[Prompt] = []
        self.sizes: dict[str, int] = {}
        self._set_of: list[str] = []
        for name in self.sets:
            loaded = load_prompts(name, all_languages=True)
            self.sizes[name] = len(loaded)
            self.prompts += loaded
            self._set_of += [name] * len(loaded)
        self._runs: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._whole: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._count: list[int] = []
        for number, prompt in enumerate(self.prompts):
            said = words_of(prompt.text)
            runs = set(_runs(said, ngram))
            self._count.append(len(runs))
            self._whole[tuple(said)].append(number)
            for run in runs:
                self._runs[run].append(number)

    def touches(self, text: str) -> bool:
        """Whether the text is a prompt of the sets, or shares a run of words with one."""
        said = words_of(text)
        return tuple(said) in self._whole or any(run in self._runs for run in _runs(said, self.ngram))

    def hits(self, text: str) -> list[Hit]:
        """What the text shares with the sets, one hit a prompt; of formulas one a set, where nothing else is shared."""
        said = words_of(text)
        places: dict[int, list[int]] = defaultdict(list)
        plain: set[int] = set()
        seen: set[tuple[str, ...]] = set()
        for place, run in enumerate(_runs(said, self.ngram)):
            if run not in self._runs or run in seen:
                continue
            seen.add(run)
            numbers = self._runs[run]
            for number in numbers:
                places[number].append(place)
            plain.update(self._alone(numbers))
        exact = set(self._whole.get(tuple(said), ()))
        found = [
            self._hit(number, "exact" if number in exact else "shared", places[number], said)
            for number in plain | exact
        ]
        touched = {hit.set for hit in found}
        for number in sorted(places):
            if self._set_of[number] not in touched:
                touched.add(self._set_of[number])
                found.append(self._hit(number, "formula", places[number], said))
        return sorted(found, key=lambda hit: (self.sets.index(hit.set), *hit.rank, str(hit.key)))

    def _alone(self, numbers: Sequence[int]) -> Iterator[int]:
        """Those of the prompts whose set has fewer of them than make a formula."""
        sets = [self._set_of[number] for number in numbers]
        return (number for number, name in zip(numbers, sets, strict=True) if sets.count(name) < FORMULA)

    def _hit(self, number: int, kind: Kind, places: Sequence[int], said: Sequence[str]) -> Hit:
        first, last = _longest(places) if places else (0, len(said) - self.ngram)
        share = 1.0 if kind == "exact" else len(places) / self._count[number]
        words = " ".join(said[first : last + self.ngram])
        return Hit(self._set_of[number], self.prompts[number].key, kind, share, words)


@cache
def bundled_benchmark() -> Benchmark:
    """All bundled sets; neighbours such as Danish and Bokmål share whole sentences."""
    return Benchmark(bundled())


def best(hits: Iterable[Hit]) -> list[Hit]:
    """Of the hits of several texts of a row, the one that matters most for each prompt."""
    found: dict[tuple[str, Key], Hit] = {}
    for hit in hits:
        known = found.setdefault((hit.set, hit.key), hit)
        if hit.rank < known.rank:
            found[hit.set, hit.key] = hit
    return list(found.values())


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: runs of letters and digits, case folded."""
    return _WORD.findall(nfc(text).casefold())


def _runs(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _longest(places: Sequence[int]) -> tuple[int, int]:
    """First and last of the longest run of places that follow one another."""
    longest = first = last = places[0]
    end = places[0]
    for place in places[1:]:
        first = first if place == last + 1 else place
        last = place
        if last - first > end - longest:
            longest, end = first, last
    return longest, end
