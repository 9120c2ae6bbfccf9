"""Build ifeval_fi/detection/neighbours.bin, the word statistics that tell Danish, Bokmål, Nynorsk and Swedish apart.

    python bench/build_neighbour_model.py LINGUA_DIR OUTPUT

LINGUA_DIR is the unpacked `lingua` package of lingua-language-detector 1.3.5 (Apache-2.0). Its counts of up to five
letters inside words also tell how words begin and end. Needs numpy and brotli. Same input, same bytes out.
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

LANGUAGES = ("da", "nb", "nn", "sv")
ORDERS = ("unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams")
KEPT = 60_000
FLOOR = -14.0  # natural logarithm of the smallest probability told apart from none
STEP = 0.2  # nats per quantisation level
BACKOFF = 0.4
RAREST = 1e-7  # chance of a pattern worth a look

Table = dict[str, float]


class Model:
    """How likely the words of one language are, letter by letter."""

    def __init__(self, root: pathlib.Path, language: str) -> None:
        self.tables: list[Table] = []  # P(last letter | letters before it), for patterns of one to five letters
        for order in ORDERS:
            packed = (root / "language-models" / language / f"{order}.json.br").read_bytes()
            table: Table = {}
            for fraction, patterns in json.loads(brotli.decompress(packed))["ngrams"].items():
                table.update(dict.fromkeys(patterns.split(" "), float(Fraction(fraction))))
            self.tables.append(table)
        self.joint: Table = {}  # P(pattern) among the patterns of its length
        for table in self.tables:
            for pattern, p in table.items():
                self.joint[pattern] = self.joint.get(pattern[:-1], 0.0 if pattern[1:] else 1.0) * p
        within: Table = defaultdict(float)  # how often letters stand before the pattern
        self.following: Table = defaultdict(float)  # how often letters stand after it
        for pattern, p in self.joint.items():
            within[pattern[1:]] += p
            self.following[pattern[:-1]] += p
        whole = sum(max(p - within[letter], 0.0) for letter, p in self.joint.items() if len(letter) == 1)
        self.begin = {
            pattern: max(p - within[pattern], 0.0) / whole for pattern, p in self.joint.items() if len(pattern) < 5
        }

    def letter(self, pattern: str) -> float:
        penalty = 1.0
        while pattern:
            p = self.tables[len(pattern) - 1].get(pattern)
            if p:
                return p * penalty
            pattern, penalty = pattern[1:], penalty * BACKOFF
        return 0.0

    def ending(self, pattern: str) -> float:
        while len(pattern) > 1 and pattern not in self.joint:
            pattern = pattern[1:]
        whole = self.joint.get(pattern, 0.0)
        return max(1.0 - self.following[pattern] / whole, 0.002) if whole else 0.02

    def value(self, key: str) -> float:
        if key[0] == "^":
            return self.begin.get(key[1:], 0.0)
        return self.ending(key[:-1]) if key[-1] == "$" else self.letter(key)

    def chance(self, key: str) -> float:
        if key[0] == "^":
            return self.begin.get(key[1:], 0.0)
        if key[-1] == "$":
            return self.joint.get(key[:-1], 0.0) * self.ending(key[:-1])
        return self.joint.get(key, 0.0)


def quantised(models: list[Model], key: str) -> np.ndarray:
    logs = np.array([math.log(max(model.value(key), 1e-12)) for model in models])
    return np.clip(np.rint((logs - FLOOR) / STEP), 0, 255).astype(np.int16)


def keys(models: list[Model]) -> list[str]:
    found: set[str] = set()
    for model in models:
        for pattern, p in model.joint.items():
            if p > RAREST and pattern.isalpha():
                if len(pattern) > 2:
                    found.add(pattern)
                if len(pattern) < 5:
                    found.add(pattern + "$")
        found.update("^" + pattern for pattern, p in model.begin.items() if p > RAREST and pattern.isalpha())
    return sorted(found)


def build(root: pathlib.Path) -> bytes:
    models = [Model(root, language) for language in LANGUAGES]
    rows = {key: quantised(models, key) for key in keys(models)}
    gain = {}
    for key, row in rows.items():
        shorter = rows.get(key[1:] if key[0] != "^" else key[:-1], np.zeros(len(models), dtype=np.int16))
        difference = row - shorter
        mass = max(model.chance(key) for model in models)
        always = 1.0 if len(key.strip("^$")) < 4 and mass > 1e-5 else 0.0
        gain[key] = mass * float(np.std(difference)) + always
    kept = sorted(sorted(gain, key=lambda key: (-gain[key], key))[:KEPT])
    header = json.dumps({"languages": LANGUAGES, "step": STEP, "patterns": len(kept)})
    body = np.array([rows[key] for key in kept], dtype=np.uint8).T.tobytes()
    text = (header + "\n" + "\n".join(kept) + "\n").encode()
    return zlib.compress(len(text).to_bytes(4, "big") + text + body, 9)


if __name__ == "__main__":
    data = build(pathlib.Path(sys.argv[1]))
    pathlib.Path(sys.argv[2]).write_bytes(data)
    print(f"{len(data)} bytes")
