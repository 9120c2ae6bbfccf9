"""Instructions about vowels, letters, syllables and metre."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Literal

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language
from ifeval_fi.languages.fi.syllables import counts, divisions, is_long, words_of
from ifeval_fi.text import block_text, has_word

_BACK, _FRONT = frozenset("aouå"), frozenset("äöy")
# Letters of loans and foreign names; g stands in Finnish words after n only (kangas).
_LOAN = re.compile(r"[bcfqwxzåšž]|(?<!n)g")
# "linja-auto", "EU:n", "vaa'an"
_WORD = re.compile(r"[^\W\d_]+(?:[-:'’‑][^\W\d_]+)*")
_FEET = 4


def lines_of(text: str) -> list[str]:
    """The lines with a word, without list and heading marks."""
    return [block_text(line).strip() for line in text.split("\n") if has_word(line)]


@check("fi:vowel_harmony")
def vowel_harmony(text: str, language: Language, *, vowels: Literal["front", "back"]) -> Verdict:
    """Followed when no word has a vowel of the other class: a o u å are back, ä ö y front, e and i neither."""
    barred = _BACK if vowels == "front" else _FRONT
    broken = [word for word in words_of(text) if barred & set(word)]
    return Verdict(
        not broken, f"other vowels: {', '.join(broken[:5])}" if broken else f"only {vowels} and neutral vowels"
    )


@check("fi:no_loan_letters")
def no_loan_letters(text: str, language: Language) -> Verdict:
    """Followed when no word has b, c, f, q, w, x, z, å, š or ž, nor a g that does not follow n."""
    found = [word for word in words_of(text) if _LOAN.search(word)]
    return Verdict(not found, ", ".join(found[:6]) if found else "none")


@check("fi:word_length")
def word_length(text: str, language: Language, *, max_letters: int) -> Verdict:
    """Followed when no word has more letters; a word with a hyphen, colon or apostrophe is one word."""
    longer = [word for word in _WORD.findall(text) if sum(map(str.isalpha, word)) > max_letters]
    return Verdict(not longer, f"longer: {', '.join(longer[:5])}" if longer else f"none above {max_letters}")


@check("fi:line_syllables")
def line_syllables(text: str, language: Language, *, syllables: tuple[int, ...], num_lines: int) -> Verdict:
    """Followed when there are exactly `num_lines` lines and each has its number of syllables; one number is for all."""
    lines = lines_of(text)
    if len(lines) != num_lines:
        return Verdict(False, f"{len(lines)} lines, asked {num_lines}")
    wanted = syllables * num_lines if len(syllables) == 1 else syllables
    for number, (line, asked) in enumerate(zip(lines, wanted, strict=False), 1):
        possible = counts(line)
        if asked not in possible or any(map(str.isdigit, line)):
            said = "digits, not only" if any(map(str.isdigit, line)) else "/".join(map(str, sorted(possible)))
            return Verdict(False, f"line {number} has {said} syllables, asked {asked}: {line}")
    return Verdict(len(wanted) == num_lines, f"{num_lines} lines as asked")


@check("fi:kalevala_metre")
def kalevala_metre(text: str, language: Language, *, num_lines: int) -> Verdict:
    """Followed when at least that many lines are all the lines there are, and each is a trochaic tetrameter.

    Eight syllables; from the second foot on, a long first syllable of a word stands in a rise and a short one in a
    fall; no word of one syllable ends the line.
    """
    lines = lines_of(text)
    if len(lines) < num_lines:
        return Verdict(False, f"{len(lines)} lines, asked at least {num_lines}")
    for number, line in enumerate(lines, 1):
        if not _is_kalevala(words_of(line)):
            return Verdict(False, f"line {number}: {line}")
    return Verdict(True, f"{len(lines)} lines in the metre")


def _is_kalevala(words: Sequence[str]) -> bool:
    """Whether any way of dividing the words makes the line one."""
    if not words or len(words) > 2 * _FEET:
        return False
    return any(map(_scans, product(*(divisions(word) for word in words))))


def _scans(words: Sequence[Sequence[str]]) -> bool:
    at = 1
    for syllables in words:
        in_rise = at % 2 == 1
        if at > 2 and len(syllables) > 1 and is_long(syllables[0]) != in_rise:
            return False
        at += len(syllables)
    return at == 2 * _FEET + 1 and len(words[-1]) > 1


@check("fi:alliteration")
def alliteration(text: str, language: Language, *, num_words: int, num_lines: int) -> Verdict:
    """Followed when there are at least so many lines and in each of them so many words begin with the same letter."""
    lines = lines_of(text)
    if len(lines) < num_lines:
        return Verdict(False, f"{len(lines)} lines, asked at least {num_lines}")
    for number, line in enumerate(lines, 1):
        initials = [word[0] for word in words_of(line)]
        if max(map(initials.count, initials), default=0) < num_words:
            return Verdict(False, f"line {number}: {line}")
    return Verdict(True, "in every line")


@check("fi:acrostic")
def acrostic(text: str, language: Language, *, word: str, unit: Literal["line", "sentence"]) -> Verdict:
    """Followed when the first letters of the lines, or of the sentences, spell the word and nothing more."""
    parts = lines_of(text) if unit == "line" else language.sentences(text)
    spelled = "".join(words[0][0] for part in parts if (words := words_of(part)))
    return Verdict(spelled == word.casefold(), f"spells {spelled}")
