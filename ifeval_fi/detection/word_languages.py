"""Which language each word is in: letter patterns word by word, smoothed along the sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import groupby, repeat
from operator import mul, sub

from ifeval_fi.detection.letter_model import LANE, LetterModel, letter_model
from ifeval_fi.detection.neighbours import course, either_finnic, is_faroese
from ifeval_fi.detection.words import SPAN, SWITCH_AT_MARK, SWITCH_AT_SENTENCE, WORD, Word, words_of

SUMMED = 20  # words whose evidence is added up before lanes could overflow
LONGEST_EITHER = 200  # letters looked at for words of both Finnish and Estonian
LONGEST_SPAN = 12  # words; a longer quotation is no title
FAMILIES = (
    ("da", "nb", "nn", "sv"),
    ("es", "pt", "ca", "it"),
    ("ru", "uk", "bg", "sr", "mk", "be"),
    ("cs", "sk"),
    ("hr", "sl"),
)
_NEIGHBOURS = frozenset({"da", "no", "sv"})  # as the letter model names them
_SHARED_LANES = _NEIGHBOURS | {"is"}
NAME_EVIDENCE = 0.35  # names cross borders, so that their letters say less
FIRST_EVIDENCE = 0.7  # the first word of a sentence may be a name
QUOTED_EVIDENCE = 0.2  # what is quoted may be a neighbour's
CLEAREST_WORD = 9.0  # nats; no single word says more than this about a pair of languages
CANDIDATES = 6

_SCRIPTS = (
    ("el", 0x370, 0x3FF), ("hy", 0x530, 0x58F), ("he", 0x590, 0x5FF), ("bn", 0x980, 0x9FF), ("pa", 0xA00, 0xA7F),
    ("gu", 0xA80, 0xAFF), ("ta", 0xB80, 0xBFF), ("te", 0xC00, 0xC7F), ("kn", 0xC80, 0xCFF), ("ml", 0xD00, 0xD7F),
    ("si", 0xD80, 0xDFF), ("th", 0xE00, 0xE7F), ("lo", 0xE80, 0xEFF), ("my", 0x1000, 0x109F), ("ka", 0x10A0, 0x10FF),
    ("ko", 0x1100, 0x11FF), ("am", 0x1200, 0x137F), ("km", 0x1780, 0x17FF), ("ja", 0x3040, 0x30FF),
    ("zh", 0x3400, 0x4DBF), ("zh", 0x4E00, 0x9FFF), ("ko", 0xAC00, 0xD7AF), ("zh", 0x20000, 0x3FFFF),
)  # fmt: skip
_PIECE = re.compile(r"[.!?…|\n\"”“„»«*]+")
_OWN_SCRIPT = re.compile("[\u0370-\u03ff\u0530-\u05ff\u0980-\u1cff\u3040-\ud7ff]|[\U00020000-\U0003ffff]")
# Signs that join letters to words but are no letters to the word pattern.
_JOINING = re.compile("[\u064b-\u065f\u0670\u200c\u200d\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963]")
_SPACELESS = {"zh": 2, "ja": 3, "th": 4, "km": 4, "lo": 4, "my": 4}  # letters that make up about one word


def known_languages() -> frozenset[str]:
    """Codes of the languages that words are told apart by."""
    return frozenset(letter_model().languages) | {"nb", "nn", "fo"} | {code for code, _, _ in _SCRIPTS}


def _script(letter: str) -> str:
    """The language of a script that only one language of ours is written in."""
    code = ord(letter)
    if code < 0x370 or 0x400 <= code < 0x530:
        return ""
    return next((language for language, first, last in _SCRIPTS if first <= code <= last), "")


def _spaceless(word: Word) -> None:
    language = _script(word.text[0])
    if language:
        word.language = language
        word.weight = max(1.0, len(word.text) / _SPACELESS.get(language, 100))


def _single_language(text: str) -> tuple[dict[str, float], float] | None:
    """The answer for a text in which no other language gains enough anywhere to be considered.

    Most responses are such; the full labelling would find the same in many times the time.
    """
    if _OWN_SCRIPT.search(text):
        return None
    model = letter_model()
    met, packed = model.met.get, model.packed
    pieces = [
        piece
        for part in _PIECE.split(text.lower())
        if (piece := [met(word) or packed(word) for word in WORD.findall(part) if len(word) > 1])
    ]
    rows = [row for piece in pieces for row in piece]
    if not rows:
        return None
    total = sum(rows[:: 1 + len(rows) // SUMMED])
    main = model.index[_best(model, total, 1.0)]
    others = {model.index["fi"], model.index["en"]}
    quotes = SPAN.search(text) is not None
    for piece in pieces:
        total = sum(piece[:SUMMED])
        lanes = model.lanes(total)
        if lanes[main] < max(lanes):
            best = model.index[_best(model, total, 4.0)]
            if best != main and quotes:
                return None  # what is quoted has to be told from what is said
            others.add(best)
    if any(_takes_over(model, pieces, other, main) for other in sorted(others - {main})):
        return None
    return {model.languages[main]: 1.0}, _sureness(model, rows[:SUMMED], main)


def _takes_over(model: LetterModel, pieces: list[list[int]], other: int, main: int) -> bool:
    """Whether the other language would win any run of words; `_follow` for two, without the course."""
    left, right, nats = LANE * other, LANE * main, model.nats
    into_other, into_main = model.entry[other], model.entry[main]
    ahead = into_other - into_main
    for piece in pieces:
        switch = SWITCH_AT_SENTENCE
        for row in piece:
            if ahead > switch + into_other:
                ahead = switch + into_other
            elif ahead < -switch - into_main:
                return True
            gap = (((row >> right) & 0xFFFF) - ((row >> left) & 0xFFFF)) * nats
            ahead += CLEAREST_WORD if gap > CLEAREST_WORD else -CLEAREST_WORD if gap < -CLEAREST_WORD else gap
            switch = SWITCH_AT_MARK
    return ahead < 0


def _sureness(model: LetterModel, rows: list[int], main: int) -> float:
    """From 0.5 to 1, how far the rows speak for this language before the next best."""
    lanes = list(model.lanes(sum(rows)))
    own = lanes.pop(main)
    return 1.0 - 0.5 * math.exp(-max((own - max(lanes)) * model.nats, 0.0) / 5.0)


def labelled_shares(text: str) -> tuple[dict[str, float], float, tuple[str, ...]]:
    """The share of words per language, largest first, how sure the main one is, and the others it might as well be."""
    text = _JOINING.sub("", text)
    plain = _single_language(text)
    if plain and not _SHARED_LANES & set(plain[0]):
        return *plain, either_finnic(WORD.findall(text[:LONGEST_EITHER].lower()), *plain[0])
    words = words_of(text)
    if not words:
        return {}, 0.0, ()
    for word in words:
        _spaceless(word)
    lettered = [word for word in words if not word.language]
    if plain:
        certainty = plain[1]
        for word in lettered:
            (word.language,) = plain[0]
    else:
        certainty = _label(letter_model(), lettered) if lettered else 1.0
    also, sureness = _tell_neighbours(lettered)
    _fold_families(lettered)
    if any(word.language == "ja" for word in words):
        for word in words:
            word.language = "ja" if word.language == "zh" else word.language
    _discount_names(words)
    shares = _shares(words)
    if len(shares) > 1:
        return shares, certainty * sureness, ()
    also += either_finnic([word.text for word in words], *shares)
    return shares, certainty * sureness, tuple(code for code in also if code not in shares)


def _tell_neighbours(words: list[Word]) -> tuple[tuple[str, ...], float]:
    """Name the Nordic languages of words that are in one; the languages that fit all of them, and how sure that is."""
    for lanes, icelandic in ((frozenset({"is"}), True), (_NEIGHBOURS, False)):
        islanders = [word for word in words if word.language in lanes]
        if islanders and is_faroese([word.text for word in islanders], icelandic=icelandic):
            for word in islanders:
                word.language = "fo"
    theirs = [word for word in words if word.language in _NEIGHBOURS]
    if not theirs:
        return (), 1.0
    found = course(
        [word.text for word in theirs],
        [word.led for word in theirs],
        [QUOTED_EVIDENCE if word.quoted else NAME_EVIDENCE if word.named else 1.0 for word in theirs],
        [word.switch for word in theirs],
    )
    for word, language in zip(theirs, found.languages, strict=True):
        word.language = language
    return found.fitting, 1.0 - 0.5 * math.exp(-found.margin / 5.0)


def _shares(words: list[Word]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for word in words:
        if word.weight:
            totals[word.language] = totals.get(word.language, 0.0) + word.weight
    if not totals:
        totals = {word.language: 1.0 for word in words}
    whole = sum(totals.values())
    return {code: total / whole for code, total in sorted(totals.items(), key=lambda item: (-item[1], item[0]))}


def _label(model: LetterModel, words: list[Word]) -> float:
    """Give each word its language; returns the certainty of the most frequent one, 0.5 to 1."""
    packed = [model.packed(word.text) for word in words]
    candidates = _candidates(model, words, packed)
    running = [(word, row) for word, row in zip(words, packed, strict=True) if not word.quoted]
    if not running:
        running = list(zip(words, packed, strict=True))
    entry = [model.entry[model.index[code]] for code in candidates]
    _follow(model, running, candidates, entry)
    here = running[0][0].language
    for quoted, group in groupby(zip(words, packed, strict=True), key=lambda pair: pair[0].quoted):
        pairs = list(group)
        if not pairs[0][0].language:
            start = [
                0.0 if code == here else SWITCH_AT_SENTENCE + cost for code, cost in zip(candidates, entry, strict=True)
            ]
            _follow(model, pairs, candidates, start)
        elif not quoted:
            here = pairs[-1][0].language
    return _certainty(model, words, packed)


def _follow(model: LetterModel, pairs: list[tuple[Word, int]], candidates: list[str], start: list[float]) -> None:
    """The cheapest course of languages through successive words (Viterbi), written to the words."""
    shifts = [LANE * model.index[code] for code in candidates]
    entry = [model.entry[model.index[code]] for code in candidates]
    costs = start
    came: list[list[int]] = []
    nats = model.nats
    for word, row in pairs:
        levels = [(row >> shift) & 0xFFFF for shift in shifts]
        best = max(levels)
        cheapest = min(costs)
        origin = costs.index(cheapest)
        jump = cheapest + word.switch
        scale = nats * (NAME_EVIDENCE if word.named else FIRST_EVIDENCE if word.capital else 1.0)
        back, reached = [], []
        for k, level in enumerate(levels):
            lost = min((best - level) * scale, CLEAREST_WORD)
            if costs[k] <= jump + entry[k]:
                back.append(k)
                reached.append(costs[k] + lost)
            else:
                back.append(origin)
                reached.append(jump + entry[k] + lost)
        came.append(back)
        costs = reached
    state = costs.index(min(costs))
    for (word, _), back in zip(reversed(pairs), reversed(came), strict=True):
        word.language = candidates[state]
        state = back[state]


def _candidates(model: LetterModel, words: list[Word], packed: list[int]) -> list[str]:
    """The languages worth considering: Finnish, English, and those that fit a sentence or the whole best."""
    strength: dict[str, int] = {}
    for total, count in _sentence_sums(words, packed):
        code = _best(model, total, 4.0)
        strength[code] = strength.get(code, 0) + count
    whole = _best(model, sum(packed[:SUMMED]), 1.0)
    strength[whole] = strength.get(whole, 0) + len(words)
    ranked = sorted(strength, key=lambda code: (-strength[code], code))[:CANDIDATES]
    return list(dict.fromkeys(["fi", "en", *ranked]))


def _sentence_sums(words: list[Word], packed: list[int]) -> Iterator[tuple[int, int]]:
    total = count = 0
    here = (0, 0)
    for word, row in zip(words, packed, strict=True):
        if (word.sentence, word.quoted) != here:
            if count:
                yield total, count
            here, total, count = (word.sentence, word.quoted), 0, 0
        if count < SUMMED:
            total += row
        count += 1
    yield total, count


def _best(model: LetterModel, total: int, weight: float) -> str:
    levels = list(map(sub, map(mul, model.lanes(total), repeat(model.nats)), map(mul, repeat(weight), model.entry)))
    return model.languages[levels.index(max(levels))]


def _certainty(model: LetterModel, words: list[Word], packed: list[int]) -> float:
    codes = [word.language for word in words]
    main = max(sorted(set(codes)), key=codes.count)
    rows = [row for row, code in zip(packed, codes, strict=True) if code == main]
    return _sureness(model, rows[:SUMMED], model.index[main])


def _fold_families(words: list[Word]) -> None:
    """A few words of a close relative amid a language are that language."""
    counts: dict[str, int] = {}
    for word in words:
        counts[word.language] = counts.get(word.language, 0) + 1
    for family in FAMILIES:
        present = [code for code in family if code in counts]
        if len(present) < 2:
            continue
        main = max(present, key=lambda code: counts[code])
        minor = {code for code in present if counts[code] < 0.4 * sum(counts[c] for c in present)}
        for word in words:
            if word.language in minor:
                word.language = main


def _discount_names(words: list[Word]) -> None:
    """Foreign names and quoted titles weigh nothing, wherever other words remain."""
    lengths: dict[int, int] = {}
    for word in words:
        lengths[word.quoted] = lengths.get(word.quoted, 0) + 1
    plain: dict[str, float] = {}
    asides = []
    for word in words:
        if word.named or (word.quoted and lengths[word.quoted] <= LONGEST_SPAN):
            asides.append(word)
        else:
            plain[word.language] = plain.get(word.language, 0.0) + word.weight
    if not any(plain.values()):
        return
    main = max(sorted(plain), key=lambda code: plain[code])
    for word in asides:
        if word.language != main:
            word.weight = 0.0
