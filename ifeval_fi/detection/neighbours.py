"""Which of the Nordic neighbours a word is in: Danish, Bokmål, Nynorsk or Swedish; and Icelandic or Faroese.

What a word says is a loss for each language, in nats: zero for the one it fits best. Listed words say what the list
says, others what their letters do.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

LANGUAGES = ("da", "nb", "nn", "sv")
Losses = tuple[float, ...]

FOREIGN = 5.0  # nats a word speaks against a language that does not have it
TEMPER = 0.8  # letters are not independent, so that their evidence is discounted
MISSPELT = 3.0  # nats, for a word that has to be read with letters its writer did not type
LONGEST_WORD = 30  # letters looked at
REMEMBERED = 20_000
SURE = 1.2  # nats; a word that says less than this against a language is taken for one of its own
START = (0.3, 0.3, 1.0, 0.0)  # nats, for lack of evidence
FEW = 4  # words, too few to miss any letters in
FIRST_GUESS = 0.1  # how much of what its letters say a listed word says too, to settle what the lists leave open
NOTHING: Losses = (0.0,) * len(LANGUAGES)

# "at være" is Danish; Norwegian has "å være", and "at" only before a clause.
_AFTER_AT = (0.0, 2.5, 3.0, 3.0)
_NO_INFINITIVE = frozenset(
    "alle denne dette disse hele mange begge både bare ingenting store mine dine sine andre første eneste enkelte "
    "de noe ikke ofte ene gamle unge nye gode".split()
)
_TYPED = (
    ("aa", "å"), ("ae", "æ"), ("oe", "ø"), ("ae", "ä"), ("oe", "ö"), ("a", "å"), ("o", "ø"), ("a", "ä"), ("o", "ö"),
)  # fmt: skip
_DOTTED = frozenset("åäöæø")


def _readings(word: str) -> list[str]:
    """What a word typed without å, ä, ö, æ and ø may have been meant as: "gaar" as "går", "ikvall" as "ikväll"."""
    whole = [word.replace(typed, meant) for typed, meant in _TYPED if typed in word]
    single = [
        word[:place] + meant + word[place + len(typed) :]
        for typed, meant in _TYPED
        for place in range(len(word))
        if word.startswith(typed, place)
    ]
    return list(dict.fromkeys(whole + single))


@dataclass(frozen=True, slots=True)
class Course:
    """The languages of successive words, those that every single word could be in, and the margin in nats."""

    languages: list[str]
    fitting: tuple[str, ...]
    margin: float


class Neighbours:
    """Word lists and letter statistics; immutable but for a memory of words met, which changes no answer."""

    def __init__(self) -> None:
        folder = files("ifeval_fi") / "detection"
        data = zlib.decompress((folder / "neighbours.bin").read_bytes())
        end = 4 + int.from_bytes(data[:4], "big")
        header, *patterns = data[4:end].decode().split("\n")[:-1]
        facts = json.loads(header)
        assert tuple(facts["languages"]) == LANGUAGES
        self._places = dict(zip(patterns, range(len(patterns)), strict=True))
        self._columns = data[end:]
        self._nats = facts["step"] * TEMPER
        self.listed: dict[str, Losses] = {}
        self.island: dict[str, Losses] = {}  # Icelandic, Faroese
        for line in (folder / "neighbours.txt").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                self._read(line)
        self._met: dict[tuple[str, bool], Losses] = {}

    def _read(self, line: str) -> None:
        named, _, words = line.partition("=")
        losses = {code: float(nats or 0) for code, _, nats in (each.partition(":") for each in named.split())}
        nordic = not {"is", "fo"} & set(losses)
        codes = LANGUAGES if nordic else ("is", "fo")
        row = tuple(losses.get(code, FOREIGN) for code in codes)
        (self.listed if nordic else self.island).update(dict.fromkeys(words.split(), row))

    def losses(self, word: str, undotted: bool) -> Losses:
        """What the word says; `undotted` where its writer had no å, ä, ö, æ and ø on the keyboard."""
        known = self._met.get((word, undotted))
        if known is not None:
            return known
        listed = self._listed(word, undotted)
        levels = self._levels(word)
        if undotted and not listed:
            for reading in _readings(word):
                levels = [
                    max(a, b - MISSPELT / self._nats) for a, b in zip(levels, self._levels(reading), strict=True)
                ]
        best = max(levels)
        found = tuple(min((best - level) * self._nats, FOREIGN) for level in levels)
        if listed:
            found = tuple(a + FIRST_GUESS * b for a, b in zip(listed, found, strict=True))
        if len(self._met) > REMEMBERED:
            self._met.clear()
        self._met[word, undotted] = found
        return found

    def _listed(self, word: str, undotted: bool) -> Losses | None:
        listed = self.listed.get(word)
        if listed or not undotted:
            return listed
        return next((self.listed[reading] for reading in _readings(word) if reading in self.listed), None)

    def _levels(self, word: str) -> list[float]:
        word = word[:LONGEST_WORD]
        places = self._places
        start = min(4, len(word))
        while start > 1 and "^" + word[:start] not in places:
            start -= 1
        keys = ["^" + word[:start]]
        for end in range(start + 1, len(word) + 1):
            keys.append(next((key for n in (5, 4, 3) if (key := word[max(0, end - n) : end]) in places), ""))
        keys.append(next((key for n in (4, 3, 2, 1) if (key := word[-n:] + "$") in places), ""))
        found = [places[key] for key in keys if key in places]
        size = len(places)
        return [float(sum(self._columns[k * size + place] for place in found)) for k in range(len(LANGUAGES))]

    def is_faroese(self, words: Sequence[str]) -> bool:
        """Whether Icelandic-looking words are Faroese; Faroese has ø, Icelandic þ and ö."""
        rows = [self.island[word] for word in words if word in self.island]
        icelandic = sum(row[0] for row in rows) + 2 * sum("ø" in word for word in words)
        faroese = sum(row[1] for row in rows) + 2 * sum("þ" in word or "ö" in word for word in words)
        return icelandic > faroese


def course(words: Sequence[str], led: Sequence[str], scales: Sequence[float], switches: Sequence[float]) -> Course:
    """Which neighbour each word is in, at the least loss, where every change of language costs something (Viterbi).

    `led` holds the single letter before each word, if any, `scales` how much each counts.
    """
    tables = neighbours()
    undotted = is_undotted([*words, *filter(None, led)])
    costs = list(START)
    came: list[list[int]] = []
    worst = [0.0] * len(LANGUAGES)
    before = ""
    for word, letter, scale, switch in zip(words, led, scales, switches, strict=True):
        losses: Sequence[float] = tables.losses(word, undotted)
        for more in (tables.listed.get(letter), after_at(word, before)):
            if more:
                losses = [a + b for a, b in zip(losses, more, strict=True)]
        before = word
        jump = min(costs) + switch
        origin = costs.index(min(costs))
        came.append([k if cost <= jump else origin for k, cost in enumerate(costs)])
        costs = [min(cost, jump) + loss * scale for cost, loss in zip(costs, losses, strict=True)]
        worst = [max(a, b * scale) for a, b in zip(worst, losses, strict=True)]
    state = costs.index(min(costs))
    margin = sorted(costs)[1] - min(costs)
    languages = []
    for back in reversed(came):
        languages.append(LANGUAGES[state])
        state = back[state]
    fitting = tuple(code for code, loss in zip(LANGUAGES, worst, strict=True) if loss <= SURE)
    return Course(languages[::-1], fitting, margin)


def is_undotted(words: Sequence[str]) -> bool:
    """Whether nothing shows that the writer had the letters å, ä, ö, æ and ø."""
    return len(words) >= FEW and not any(_DOTTED & set(word) for word in words)


def after_at(word: str, before: str) -> Losses:
    """What the word says by standing after "at", as a Danish infinitive does."""
    if before != "at" or len(word) < 3 or word[-1] != "e" or word in _NO_INFINITIVE or word.endswith(("ene", "erne")):
        return NOTHING
    return _AFTER_AT


_lock = threading.Lock()
_loaded: list[Neighbours] = []


def neighbours() -> Neighbours:
    """The lists and statistics, loaded on the first call."""
    if not _loaded:
        with _lock:
            if not _loaded:
                _loaded.append(Neighbours())
    return _loaded[0]
