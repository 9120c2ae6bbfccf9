"""What a prompt set itself says, worked out once: an answer's likeness to another is not that both repeat it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zlib import crc32

from ifeval_fi.prompts import Key, PromptSet, bundled, language_of
from ifeval_fi.resources import resource
from ifeval_fi.scoring.pieces import shingles
from ifeval_fi.scoring.reading import words
from ifeval_fi.scoring.responses import Response

_STEM = 5
_COMMON_STEM = 0.03
_COMMON_BONES = 0.02
_LEAST_BONES = 3
_MOST_BONES = 4
_VOWELS = b"aeouy"
SAMPLES = ("samples.jsonl", "former_samples.jsonl")


@dataclass(frozen=True)
class Asked:
    """For each prompt its runs of letters, its bones and those that many texts have, its stems and its topic."""

    runs: Mapping[Key, frozenset[int]]
    bones: Mapping[Key, frozenset[int]]
    stems: Mapping[Key, frozenset[bytes]]
    topics: Mapping[Key, frozenset[bytes]]


_known: dict[str, Asked] = {}


def asked(prompts: PromptSet) -> Asked:
    """What there is to know of the prompts."""
    if (name := prompts.digest) not in _known:
        own = {prompt.key: bones(prompt.text) for prompt in prompts}
        common = _common([*own.values(), *(bones(each.text) for each in public_answers(prompts.language))])
        _known[name] = Asked(
            {prompt.key: frozenset(shingles(prompt.text)) for prompt in prompts},
            {key: frozenset(each | common) for key, each in own.items()},
            {prompt.key: frozenset(map(stem, words(prompt.text))) for prompt in prompts},
            _topics(prompts),
        )
    return _known[name]


def bones(text: str) -> set[int]:
    """Hashes of the first four consonants of every word in the order of the alphabet.

    Endings, misspelt vowels, swapped letters and the order of the words make no difference.
    """
    spoken = b" ".join(words(text)).translate(None, _VOWELS).split()
    return {crc32(bytes(sorted(word[:_MOST_BONES]))) for word in spoken if len(word) >= _LEAST_BONES}


def _common(texts: list[set[int]]) -> set[int]:
    times = Counter(bone for each in texts for bone in each)
    return {bone for bone, count in times.items() if count > _COMMON_BONES * len(texts)}


@cache
def sample_sets(language: str) -> tuple[str, ...]:
    """The bundled prompt sets of a language that come with sample answers."""
    names = [name for name in bundled() if language_of(name) == language]
    return tuple(name for name in names if resource("data", name, SAMPLES[0]).is_file())


@cache
def public_answers(language: str) -> tuple[Response, ...]:
    """The sample answers in a language that travel with the package, or did once; several to a key are its samples."""
    found = Counter[Key]()
    answers = []
    for name in sample_sets(language):
        for key, text in _samples(name):
            answers.append(Response(key, text, found[key]))
            found[key] += 1
    return tuple(answers)


def _samples(name: str) -> Iterator[tuple[Key, str]]:
    for file in (resource("data", name, each) for each in SAMPLES):
        if file.is_file():
            for line in file.read_text("utf-8").splitlines():
                row = json.loads(line)
                yield row["key"], row["response"]


def _topics(prompts: PromptSet) -> Mapping[Key, frozenset[bytes]]:
    """Beginnings of the long words of each prompt that few prompts have and no argument of an instruction holds."""
    stems = {prompt.key: _stems(prompt.text) for prompt in prompts}
    times = Counter(stem for each in stems.values() for stem in each)
    most = max(2, _COMMON_STEM * len(prompts))
    return {
        prompt.key: frozenset(
            stem
            for stem in stems[prompt.key] - _stems(" ".join(_strings([i.kwargs for i in prompt.instructions])))
            if times[stem] <= most
        )
        for prompt in prompts
    }


def stem(word: bytes) -> bytes:
    """The beginning of a word, which its inflected forms share."""
    return word[:_STEM]


def _stems(text: str) -> set[bytes]:
    return {stem(word) for word in words(text) if len(word) >= _STEM}


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return [text for each in inner for text in _strings(each)]
