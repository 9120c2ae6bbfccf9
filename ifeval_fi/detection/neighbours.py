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
ISLANDS = ("is", "fo")
Losses = tuple[float, ...]
# What a word says, and the languages that it surely is not in, and those that even a quoted one is not (bits).
Evidence = tuple[Losses, int, int]
NOTHING = (0.0,) * len(LANGUAGES)

START = (0.3, 0.3, 3.0, 0.0)  # nats, for lack of evidence; Nynorsk is rare, and says so in every other word
FOREIGN = 5.0  # nats a listed word speaks against a language that does not have it
UNLIKELY = 3.0  # nats that the letters of a word may say against a language
UNUSUAL = 6.0  # nats that they and the parts of the word may say together
LEANING = 0.5  # nats that they may say for Nynorsk against Bokmål, which share most words
FIRST_GUESS = 0.1  # how much of what its letters say a listed word says too, to settle what the lists leave open
SURE = 1.5  # nats; a listed word that says less than this against a language is taken for one of its own
AMBIGUOUS = 3.0  # nats; words that together say less than this against a language may be in it
TEMPER = 0.7  # letters are not independent, so that their evidence is discounted
REPEATED = 0.3  # how much a word counts that was there before
MISSPELT = 3.0  # nats, for a word that has to be read with letters its writer did not type
FEW = 4  # words, too few to miss any letters in
LONGEST_WORD = 30  # letters looked at
REMEMBERED = 20_000

# "at være" is Danish; Norwegian has "å være", and "at" only before a clause: "at alle er her".
_AFTER_AT = (0.0, 2.5, 3.0, 3.0)
_NO_INFINITIVE = frozenset(
    "alle denne dette disse hele mange begge både bare ingenting store mine dine sine andre første eneste enkelte "
    "noe ikke ofte ene gamle unge nye gode".split()
)
# Danish took å and gave up these in the same year, 1948; beside an å they are Norwegian of before 1938.
_BEFORE_REFORM = frozenset({"kunde", "skulde", "vilde"})
_BESIDE_A_RING = (3.0, 0.0, 0.0, 3.0)
_TYPED = (
    ("aa", "å"), ("ae", "æ"), ("oe", "ø"), ("ae", "ä"), ("oe", "ö"), ("a", "å"), ("o", "ø"), ("a", "ä"), ("o", "ö"),
)  # fmt: skip
_DOTTED = frozenset("åäöæø")
_STAY = (0, 1, 2, 3)


_FINNIC = frozenset({"fi", "et"})
_FINNIC_WORDS = frozenset(
    "ei ole olen on ja kala saan saa tule tulen kana vesi maa käsi kuu me te sama uni lumi kivi tuli meri suu luu puu "
    "nimi kolme laulan annan panen oma ilma sauna tee taas".split()
)


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
        self._columns = data[end:]  # a byte per pattern for one language, then for the next
        self._nats = facts["step"] * TEMPER
        self.listed: dict[str, Losses] = {}  # words, and pairs of words
        self.beginnings: dict[str, Losses] = {}
        self.endings: dict[str, Losses] = {}
        self.inner: dict[str, Losses] = {}
        self.island: dict[str, Losses] = {}
        for line in (folder / "neighbours.txt").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                self._read(line)
        self.seconds = {pair.split()[1] for pair in self.listed if " " in pair}
        self.met: tuple[dict[str, Evidence], dict[str, Evidence]] = {}, {}  # as typed, and with letters missing

    def _read(self, line: str) -> None:
        named, _, words = line.partition("=")
        losses = {code: float(nats or 0) for code, _, nats in (each.partition(":") for each in named.split())}
        codes = ISLANDS if set(losses) <= set(ISLANDS) else LANGUAGES
        row = tuple(losses.get(code, FOREIGN) for code in codes)
        for word in words.split():
            if codes == ISLANDS:
                self.island[word] = row
            elif word[0] == word[-1] == "-":
                self.inner[word[1:-1]] = row
            elif word.endswith("-"):
                self.beginnings[word[:-1]] = row
            elif word.startswith("-"):
                self.endings[word[1:]] = row
            else:
                self.listed[word.replace("_", " ")] = row

    def losses(self, word: str, undotted: bool) -> Evidence:
        """What the word says; `undotted` where its writer had no å, ä, ö, æ and ø on the keyboard."""
        met = self.met[undotted]
        if word not in met:
            if len(met) > REMEMBERED:
                met.clear()
            met[word] = self._losses(word, _readings(word) if undotted else [])
        return met[word]

    def _losses(self, word: str, readings: list[str]) -> Evidence:
        listed = next((self.listed[each] for each in (word, *readings) if each in self.listed), None)
        if not listed and "-" in word[:-2]:
            return self._losses(word[word.rindex("-", 0, -2) + 1 :], [])  # "JSON-formatet" inflects as its last part
        if not listed and len(word) < 3:
            return NOTHING, 0, 0
        levels = self._levels(word)
        if not listed:
            for reading in readings:
                meant = (level - MISSPELT / self._nats for level in self._levels(reading))
                levels = list(map(max, levels, meant))
        best = max(levels)
        da, nb, nn, sv = (min((best - level) * self._nats, UNLIKELY) for level in levels)
        lettered = (da, min(nb, nn + LEANING), nn, sv)
        if listed:
            return _sum(listed, tuple(FIRST_GUESS * loss for loss in lettered)), *_against(listed)
        parts = self._parts(word)
        both = tuple(min(loss, UNUSUAL) for loss in _sum(lettered, parts))
        unlike = _against(parts)[1]
        return both, unlike, unlike

    def _parts(self, word: str) -> Losses:
        """What the first, last or inner part of a word says, as "ud-" in "udsalg", "-gate" in "storgate", "-øj-"."""
        size = len(word)
        begun = (self.beginnings[word[:n]] for n in range(2, size - 2) if word[:n] in self.beginnings)
        ended = (self.endings[word[n:]] for n in range(2, size - 1) if word[n:] in self.endings)
        within = (
            self.inner[word[n : n + length]]
            for length in (4, 3, 2)
            for n in range(size - length + 1)
            if word[n : n + length] in self.inner
        )
        found = (next(begun, None), next(ended, None), next(within, None))
        return tuple(map(max, zip(*(each or NOTHING for each in found), strict=True)))

    def around(self, word: str, letter: str, before: str, reformed: bool) -> list[Losses]:
        """What the word says beside the letter and the word before it."""
        found = [self.listed.get(letter), self.listed.get(f"{before} {word}"), _after_at(word, before)]
        if reformed and word in _BEFORE_REFORM:
            found.append(_BESIDE_A_RING)
        return [losses for losses in found if losses]

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


def course(words: Sequence[str], led: Sequence[str], scales: Sequence[float], switches: Sequence[float]) -> Course:
    """Which neighbour each word is in, at the least loss, where every change of language costs something (Viterbi).

    `led` holds the single letter before each word, if any, `scales` how much each counts.
    """
    tables = neighbours()
    letters = set("".join((*words, *led)))
    undotted = len(words) >= FEW and not _DOTTED & letters
    reformed = "å" in letters
    met, seconds = tables.met[undotted].get, tables.seconds
    a, b, c, d = START
    came: list[tuple[int, int, int, int]] = []
    heard: set[str] = set()
    against = surely = 0
    before = ""
    for word, letter, scale, switch in zip(words, led, scales, switches, strict=True):
        losses, unlike, unlike_quoted = met(word) or tables.losses(word, undotted)
        if letter or before == "at" or word in seconds or (reformed and word in _BEFORE_REFORM):
            for more in tables.around(word, letter, before, reformed):
                losses = _sum(losses, more)
                unlike |= _against(more)[0]
        before = word
        against |= unlike if scale == 1.0 else unlike_quoted
        surely |= unlike_quoted
        if word in heard and not unlike:
            scale *= REPEATED
        heard.add(word)
        low = min(a, b, c, d)
        jump = low + switch
        if a > jump or b > jump or c > jump or d > jump:
            origin = 0 if a == low else 1 if b == low else 2 if c == low else 3
            came.append(
                (
                    origin if a > jump else 0,
                    origin if b > jump else 1,
                    origin if c > jump else 2,
                    origin if d > jump else 3,
                )
            )
            a, b, c, d = min(a, jump), min(b, jump), min(c, jump), min(d, jump)
        else:
            came.append(_STAY)
        da, nb, nn, sv = losses
        a, b, c, d = a + da * scale, b + nb * scale, c + nn * scale, d + sv * scale
    costs = (a, b, c, d)
    state = costs.index(min(costs))
    margin = sorted(costs)[1] - min(costs)
    languages = []
    for back in reversed(came):
        languages.append(LANGUAGES[state])
        state = back[state]
    languages = _right_throughout(languages, surely)
    lost = [cost - start for cost, start in zip(costs, START, strict=True)]
    fitting = tuple(
        code for k, code in enumerate(LANGUAGES) if not against >> k & 1 and lost[k] <= min(lost) + AMBIGUOUS
    )
    return Course(languages[::-1], fitting, margin)


def _right_throughout(languages: list[str], surely: int) -> list[str]:
    """One of Danish and Bokmål, if no word is surely against it, as none is against conservative Bokmål."""
    if set(languages) != {"da", "nb"}:
        return languages
    right = [code for code in ("da", "nb") if not surely >> LANGUAGES.index(code) & 1]
    return right * len(languages) if len(right) == 1 else languages


def is_faroese(words: Sequence[str], *, icelandic: bool) -> bool:
    """Whether words that look Icelandic, or else Nordic, are Faroese, which has ð and ø, but no þ and ö."""
    tables = neighbours()
    letters = "".join(words)
    if "ð" not in letters and tables.island.keys().isdisjoint(words):
        return False
    rows = [tables.island[word] for word in words if word in tables.island and (icelandic or word not in tables.listed)]
    for_faroese = sum(row[0] for row in rows) + 2 * letters.count("ø") * ("ð" in letters)
    for_icelandic = sum(row[1] for row in rows) + 2 * (letters.count("þ") + letters.count("ö"))
    return for_faroese > for_icelandic + (0 if icelandic else FOREIGN * max(1.5, len(words) / 5))


def either_finnic(words: Sequence[str], language: str) -> tuple[str, ...]:
    """The other of Finnish and Estonian, where all the words are words of both."""
    return tuple(_FINNIC - {language}) if language in _FINNIC and _FINNIC_WORDS.issuperset(words) else ()


def _after_at(word: str, before: str) -> Losses | None:
    """What the word says by standing after "at", as a Danish infinitive does."""
    if before != "at" or len(word) < 3 or word[-1] != "e" or word in _NO_INFINITIVE or word.endswith(("ene", "erne")):
        return None
    return _AFTER_AT


def _against(losses: Losses) -> tuple[int, int]:
    """The languages that these losses speak against, as bits: amid plain words, and quoted ones."""
    plain = sum(1 << k for k, loss in enumerate(losses) if loss > SURE)
    return plain, sum(1 << k for k, loss in enumerate(losses) if loss >= FOREIGN)


def _sum(some: Losses, more: Losses) -> Losses:
    return tuple(a + b for a, b in zip(some, more, strict=True))


def _readings(word: str) -> list[str]:
    """What a word typed without å, ä, ö, æ and ø may have been meant as: "gaar" as "går", "ikvall" as "ikväll"."""
    word = word[:LONGEST_WORD]
    whole = [word.replace(typed, meant) for typed, meant in _TYPED if typed in word]
    single = [
        word[:place] + meant + word[place + len(typed) :]
        for typed, meant in _TYPED
        for place in range(len(word))
        if word.startswith(typed, place)
    ]
    return list(dict.fromkeys(whole + single))


_lock = threading.Lock()
_loaded: list[Neighbours] = []


def neighbours() -> Neighbours:
    """The lists and statistics, loaded on the first call."""
    if not _loaded:
        with _lock:
            if not _loaded:
                _loaded.append(Neighbours())
    return _loaded[0]
