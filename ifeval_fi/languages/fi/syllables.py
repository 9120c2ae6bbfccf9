"""Finnish syllables, which the rules of the language give without a dictionary but for compounds.

A syllable begins before each consonant that a vowel follows (ka-la, kart-ta, kons-tit). Two vowels are one
syllable where they are a long vowel or a diphthong; *uo, ie, yö* and diphthongs in -u and -y are such in the first
syllable of a word or of a compound's part only (tie, but pi-me-ä; suo, but va-pa-us). Where readers divide
differently (rak-kau-den, rak-ka-u-den) or a compound's border decides (ke-sä-il-ta), both ways are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from ifeval_fi.languages.fi.lexicon import is_first_part, lexemes
from ifeval_fi.languages.fi.paradigm import listed_readings

VOWELS = "aeiouyäöåéü"
_LONG = {vowel * 2 for vowel in "aeiouyäöå"}
_EVERYWHERE = {first + "i" for first in "aeouyäö"}
_FIRST_ONLY = {"au", "ou", "eu", "iu", "ey", "iy", "äy", "öy", "uo", "ie", "yö"}
# "kala", "vaa'an" (two runs), "Itä-Suomi" (two)
_LETTERS = re.compile(r"[^\W\d_]+")
_MOST = 60


def syllables(word: str, *, later_diphthongs: bool = False) -> tuple[str, ...]:
    """The syllables of a simple word in small letters, e.g. ("ka", "dul", "la").

    `later_diphthongs` keeps au, ou and the like together after the first syllable too (ko-tou-tu-a), but for the
    ending of nouns like vapa-us.
    """
    vowels = _vowel_groups(word, later_diphthongs)
    # The last consonant before a vowel goes with it: kart-ta, kons-tit; two vowel groups may touch: pi-me-ä.
    cuts = [start if start == end else start - 1 for (_, end), (start, _) in pairwise(vowels)]
    return tuple(word[a:b] for a, b in pairwise((0, *cuts, len(word))))


def _vowel_groups(word: str, later_diphthongs: bool) -> list[tuple[int, int]]:
    """Where each syllable's vowels begin and end."""
    groups: list[tuple[int, int]] = []
    at = 0
    while at < len(word):
        if word[at] not in VOWELS:
            at += 1
            continue
        pair = word[at : at + 2]
        kept = not groups or (later_diphthongs and pair[-1] in "uy" and word[at + 2 :] != "s")
        length = 2 if pair in _LONG or pair in _EVERYWHERE or (kept and pair in _FIRST_ONLY) else 1
        groups.append((at, at + length))
        at += length
    return groups


@lru_cache(maxsize=2048)
def divisions(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to divide a word into syllables: as a simple word, and at the border of a compound where it has one."""
    word = word.casefold()
    found = [syllables(word), syllables(word, later_diphthongs=True)]
    for head in _heads(word):
        found += [syllables(head) + syllables(word[len(head) :])]
    return tuple(dict.fromkeys(found))


def _heads(word: str) -> Iterator[str]:
    """First parts that the word may have as a compound, where the border matters."""
    if not 5 < len(word) < _MOST:
        return
    yield from (each.head for each in lexemes(word) if each.head and word.startswith(each.head))
    for end in range(3, len(word) - 1):
        head, tail = word[:end], word[end:]
        vowels = tail[0] in VOWELS and (len(tail) > 3 or tail[:2] in _FIRST_ONLY)
        if vowels and is_first_part(head) and listed_readings(tail):
            yield head


def words_of(line: str) -> list[str]:
    """The words of a line in small letters, hyphenated parts apart."""
    return [word.casefold() for word in _LETTERS.findall(line)]


def counts(line: str) -> set[int]:
    """How many syllables the line can be read as having."""
    totals = {0}
    for word in words_of(line):
        lengths = {len(division) for division in divisions(word)}
        totals = {total + length for total in totals for length in lengths if total + length <= _MOST}
    return totals


def is_long(syllable: str) -> bool:
    """Whether the syllable is long: it ends in a consonant or has two vowels."""
    return syllable[-1:] not in VOWELS or sum(letter in VOWELS for letter in syllable) > 1
