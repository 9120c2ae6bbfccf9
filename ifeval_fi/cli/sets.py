"""Prompt sets on the command line: plain words or values of --prompts, which mean the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ifeval_fi.prompts import bundled_folder


def chosen_sets(words: Iterable[str], named: Iterable[str]) -> list[str]:
    """What was named either way, each once; the Finnish set when nothing was."""
    return list(dict.fromkeys((*words, *named))) or ["fi"]


def names_a_set(word: str) -> bool:
    """Whether a word can only be meant as a prompt set: a bundled one, a file, or one of the hub."""
    return not word.isdigit() and (word.startswith("hub:") or bundled_folder(word) is not None or Path(word).is_file())


def addresses_and_sets(given: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """What follows --base-url, apart: after its first value a prompt set's name is no address."""
    sets = [each for each in given[1:] if "://" not in each and names_a_set(each)]
    return tuple(each for each in given if each not in sets), sets
