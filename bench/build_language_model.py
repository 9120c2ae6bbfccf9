"""Build ifeval_fi/detection/ngrams.bin, the letter statistics behind `ifeval_fi.detection`.

    python bench/build_language_model.py LINGUA_DIR LANGDETECT_DIR OUTPUT

LINGUA_DIR is the unpacked `lingua` package of lingua-language-detector 1.3.5, LANGDETECT_DIR the
`langdetect` package of langdetect 1.0.9 (both Apache-2.0). Lingua counts letters inside words,
langdetect knows how words begin. Needs numpy and brotli. Same input, same bytes out.
"""

from __future__ import annotations

import json
import math
import pathlib
import sys
import zlib
from collections import defaultdict
from fractions import Fraction

import brotli
import numpy as np

LANGUAGES = (
    "fi et sv no da is de nl en fr es pt it ca ro la pl cs sk sl hr hu lv lt tr sq id vi eu eo ga cy "
    "af sw so tl ru uk bg sr mk be ar fa ur hi mr"
).split()
# Lingua's own names, with weights where one of our languages is a mixture of theirs.
SOURCES = {"no": {"nb": 0.75, "nn": 0.25}, "hr": {"hr": 0.7, "bs": 0.3}}
# How much a pattern of this language matters when only the most telling ones are kept.
WEIGHT = {"fi": 8.0, "en": 4.0, "et": 4.0, "sv": 4.0, "de": 2.0, "no": 2.0, "da": 2.0}
ORDERS = ("unigrams", "bigrams", "trigrams", "quadrigrams")
KEPT = 50_000
FLOOR = -10.5  # natural logarithm of the smallest probability told apart from none
STEP = 0.35  # nats per quantisation level
BACKOFF = 0.4

Table = dict[str, float]


def conditional(root: pathlib.Path, language: str) -> list[Table]:
    """P(last letter | letters before it) for patterns of one to four letters."""
    tables: list[Table] = []
    for order in ORDERS:
        table: dict[str, float] = defaultdict(float)
        for source, weight in SOURCES.get(language, {language: 1.0}).items():
            packed = (root / "language-models" / source / f"{order}.json.br").read_bytes()
            for fraction, patterns in json.loads(brotli.decompress(packed))["ngrams"].items():
                for pattern in patterns.split(" "):
                    table[pattern] += weight * float(Fraction(fraction))
        tables.append(dict(table))
    return tables


def beginnings(root: pathlib.Path, language: str, tables: list[Table]) -> Table:
    """P(first two letters of a word); from letter statistics where langdetect has no profile."""
    path = root / "profiles" / language
    chain = {pair: tables[0].get(pair[0], 0.0) * p for pair, p in tables[1].items()}
    if not path.exists():
        return chain
    counts: dict[str, float] = defaultdict(float)
    for pattern, count in json.loads(path.read_text(encoding="utf-8"))["freq"].items():
        if len(pattern) == 3 and pattern[0] == " ":
            counts[pattern[1:].replace(" ", "$").lower()] += count
    total = sum(counts.values())
    return {pair: 0.97 * counts.get(pair, 0) / total + 0.03 * chain.get(pair, 0.0) for pair in {*chain, *counts}}


class Model:
    """One language's letter probabilities with backing off."""

    def __init__(self, lingua: pathlib.Path, langdetect: pathlib.Path, language: str) -> None:
        self.tables = conditional(lingua, language)
        self.begin = beginnings(langdetect, language, self.tables)
        self.following: dict[str, float] = defaultdict(float)
        for table in self.tables[2:4]:
            for pattern, p in table.items():
                self.following[pattern[:-1]] += p

    def letter(self, pattern: str) -> float:
        p, penalty = 0.0, 1.0
        while pattern:
            p = self.tables[len(pattern) - 1].get(pattern, 0.0)
            if p:
                break
            pattern, penalty = pattern[1:], penalty * BACKOFF
        return p * penalty

    def ending(self, pattern: str) -> float:
        """P(the word ends | its last letters)."""
        for tail in (pattern[-3:], pattern[-2:]):
            if tail in self.following:
                return min(max(1.0 - self.following[tail], 0.002), 1.0)
        return 0.02

    def joint(self, pattern: str) -> float:
        return math.prod(self.tables[n].get(pattern[: n + 1], 0.0) for n in range(len(pattern)))

    def value(self, key: str) -> float:
        if key[0] == "^":
            return self.begin.get(key[1:], 0.0)
        return self.ending(key[:-1]) if key[-1] == "$" else self.letter(key)


def quantised(models: list[Model], key: str) -> np.ndarray:
    logs = np.array([math.log(max(m.value(key), 1e-12)) for m in models])
    return np.clip(np.rint((logs - FLOOR) / STEP), 0, 255).astype(np.int16)


def telling(models: list[Model]) -> dict[str, float]:
    """Every pattern with the expected number of times it is met, weighted by language."""
    mass: dict[str, float] = defaultdict(float)
    for language, model in zip(LANGUAGES, models, strict=True):
        weight = WEIGHT.get(language, 1.0)
        for n in (2, 3):
            for pattern in model.tables[n]:
                joint = model.joint(pattern)
                if joint > 2e-6:
                    mass[pattern] += weight * joint
                    if n == 2:
                        mass[pattern + "$"] += weight * joint * model.ending(pattern)
        for pair, p in model.begin.items():
            if p > 1e-5:
                mass["^" + pair] += weight * p * 0.2
    return mass


def shorter(key: str) -> str:
    """The pattern that answers where this one is not kept."""
    return key[1:] if key[0] != "^" else ""


def build(lingua: pathlib.Path, langdetect: pathlib.Path) -> bytes:
    models = [Model(lingua, langdetect, language) for language in LANGUAGES]
    mass = telling(models)
    rows = {key: quantised(models, key) for key in mass}
    none = np.zeros(len(LANGUAGES), dtype=np.int16)
    gain = {}
    for key, row in rows.items():
        difference = row - rows.get(shorter(key), none)
        gain[key] = mass[key] * float(np.std(difference)) + (1e3 if len(key) <= 3 and mass[key] > 2e-5 else 0.0)
    kept = sorted(sorted(gain, key=lambda key: (-gain[key], key))[:KEPT])
    header = json.dumps({"languages": LANGUAGES, "step": STEP, "patterns": len(kept)})
    body = np.array([rows[key] for key in kept], dtype=np.uint8).tobytes()
    text = (header + "\n" + "\n".join(kept) + "\n").encode()
    return zlib.compress(len(text).to_bytes(4, "big") + text + body, 9)


if __name__ == "__main__":
    data = build(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    pathlib.Path(sys.argv[3]).write_bytes(data)
    print(f"{len(data)} bytes")
