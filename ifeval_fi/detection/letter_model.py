"""How well the letters of a word fit each language."""

from __future__ import annotations

import json
import sys
import threading
import zlib
from array import array

from ifeval_fi.resources import package_data

# A lane of a packed row holds one language's score; 16 bits leave room for twenty of the longest words.
LANE = 16
LONGEST_WORD = 30  # letters looked at
MOST_PARTS = 3  # of a hyphenated word
REMEMBERED = 20_000
WRITTEN_SO = 200  # quantisation levels; a language written in the word's alphabet
FUNCTION_WORD = 16  # quantisation levels; a frequent word of a language is this much more likely in it
# What a language costs on entering it, for lack of evidence: Finnish prompts get Finnish answers most often.
ENTRY = {
    "fi": 0.0, "en": 1.0, "sv": 2.0, "et": 2.5, "de": 2.5, "fr": 2.5, "es": 2.5, "no": 2.7, "da": 2.7, "ru": 3.0,
}  # fmt: skip
RARE_ENTRY = 4.0
_FOURS = [slice(start, start + 4) for start in range(LONGEST_WORD)]
TEMPER = 0.75  # letters are not independent, so that their evidence is discounted

_ALPHABETS = (
    ("\u0400", "\u052f", "ru uk bg sr mk be"),
    ("\u0600", "\u06ff", "ar fa ur"),
    ("\u0900", "\u097f", "hi mr"),
)


class Rows(dict[str, int]):
    """Letter patterns to packed rows, each built when first asked for; zero for an unknown pattern."""

    def __init__(self, patterns: list[str], scores: bytes) -> None:
        super().__init__()
        self._places = dict(zip(patterns, range(0, len(scores), len(scores) // len(patterns)), strict=True))
        self._scores = scores  # of each pattern, a byte per language
        self._languages = len(scores) // len(patterns)

    def __missing__(self, pattern: str) -> int:
        place = self._places.get(pattern)
        if place is None:
            return 0
        wide = bytearray(2 * self._languages)
        wide[::2] = self._scores[place : place + self._languages]
        row = self[pattern] = int.from_bytes(wide, "little")
        return row


class Fours(dict[str, int]):
    """Four letters to their packed row, or to that of the last three where the four are no pattern."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, letters: str) -> int:
        if len(self) > REMEMBERED:
            self.clear()
        row = self[letters] = self._rows[letters] or self._rows[letters[1:]]
        return row


class LetterModel:
    """Packed letter statistics; immutable but for memories of words and letters met, which change no answer."""

    def __init__(self) -> None:
        data = zlib.decompress(package_data("detection/ngrams.bin"))
        end = 4 + int.from_bytes(data[:4], "big")
        header, *patterns = data[4:end].decode().split("\n")[:-1]
        facts = json.loads(header)
        self.languages: tuple[str, ...] = tuple(facts["languages"])
        self.index = {code: place for place, code in enumerate(self.languages)}
        self.nats = facts["step"] * TEMPER
        self.rows = Rows(patterns, data[end:])
        self.fours = Fours(self.rows)
        self.bonus: dict[str, int] = {}
        for line in package_data("detection/function_words.txt").decode().splitlines():
            if line.startswith("#"):
                continue
            code, *words = line.split()
            lane = FUNCTION_WORD << (LANE * self.index[code])
            for word in dict.fromkeys(words):
                self.bonus[word] = self.bonus.get(word, 0) + lane
        self.alphabets = [
            (first, last, sum(WRITTEN_SO << (LANE * self.index[code]) for code in codes.split()))
            for first, last, codes in _ALPHABETS
        ]
        self.entry = [ENTRY.get(code, RARE_ENTRY) for code in self.languages]
        self.met: dict[str, int] = {}

    def lanes(self, packed: int) -> array[int]:
        """The score of each language, unpacked."""
        lanes = array("H", packed.to_bytes(2 * len(self.languages), "little"))
        if sys.byteorder == "big":
            lanes.byteswap()
        return lanes

    def packed(self, word: str) -> int:
        """The evidence for all languages in one number, higher lanes for later languages."""
        known = self.met.get(word)
        if known is not None:
            return known
        packed = sum(map(self._part, word.replace("‑", "-").split("-")[:MOST_PARTS]))
        if word[0] >= "\u0400":
            packed += next((row for first, last, row in self.alphabets if first <= word[0] <= last), 0)
        if len(self.met) > REMEMBERED:
            self.met.clear()
        if len(word) <= MOST_PARTS * LONGEST_WORD:
            self.met[word] = packed
        return packed

    def _part(self, word: str) -> int:
        word = word.replace("’", "'")[:LONGEST_WORD]
        rows = self.rows
        packed = self.bonus.get(word, 0) + rows["^" + (word[:2] if len(word) > 1 else word + "$")]
        packed += rows[word[:3]] + (rows[word[-3:] + "$"] or rows[word[-2:] + "$"])
        if len(word) < 4:
            return packed
        return sum(map(self.fours.__getitem__, map(word.__getitem__, _FOURS[: len(word) - 3])), packed)


_lock = threading.Lock()
_loaded: list[LetterModel] = []


def letter_model() -> LetterModel:
    """The model, loaded on the first call."""
    if not _loaded:
        with _lock:
            if not _loaded:
                _loaded.append(LetterModel())
    return _loaded[0]
