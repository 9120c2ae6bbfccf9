"""Instructions about the order, the length and the beginnings of sentences, items and sections."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language
from ifeval_fi.languages.fi.syllables import words_of
from ifeval_fi.text import has_word, nfc

# "- Aamu", "* Aamu", "3. Aamu"
_ITEM = re.compile(r"^[ \t]*(?:[*+•–-]|\d{1,3}[.)])[ \t\u00a0]+(.*)$", re.MULTILINE)
_ALPHABET = {letter: place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyzåäö")}


def _place(item: str) -> list[int]:
    """The item's place in the alphabet: w as v, é as e, å ä ö last."""
    letters = [
        letter if letter in "åäö" else {"w": "v", "é": "e", "ü": "y", "š": "s", "ž": "z"}.get(letter, letter)
        for letter in item.casefold()
    ]
    return [_ALPHABET.get(letter, -1) for letter in letters if letter.isalpha() or letter == " "]


@check("fi:alphabetical_list")
def alphabetical_list(text: str, language: Language, *, min_items: int) -> Verdict:
    """Followed when there are at least so many list items and they stand in the Finnish alphabetical order."""
    items = [item.strip("*_ ") for item in _ITEM.findall(text) if has_word(item)]
    if len(items) < min_items:
        return Verdict(False, f"{len(items)} items, asked at least {min_items}")
    for before, after in pairwise(items):
        if _place(before) > _place(after):
            return Verdict(False, f"{before[:40]} stands before {after[:40]}")
    return Verdict(True, f"{len(items)} items in order")


@check("fi:different_initials")
def different_initials(text: str, language: Language, *, min_sentences: int) -> Verdict:
    """Followed when there are at least so many sentences and no two begin with the same letter."""
    initials = [words[0][0] for sentence in language.sentences(text) if (words := words_of(sentence))]
    if len(initials) < min_sentences:
        return Verdict(False, f"{len(initials)} sentences, asked at least {min_sentences}")
    again = next((letter for place, letter in enumerate(initials) if letter in initials[:place]), None)
    return Verdict(again is None, f"two sentences begin with {again}" if again else " ".join(initials))


@check("fi:nth_word")
def nth_word(text: str, language: Language, *, n: int, word: str, min_sentences: int) -> Verdict:
    """Followed when there are at least so many sentences and the nth word of each is this form."""
    sentences = language.sentences(text)
    if len(sentences) < min_sentences:
        return Verdict(False, f"{len(sentences)} sentences, asked at least {min_sentences}")
    wanted = nfc(word).casefold()
    for sentence in sentences:
        words = [each.strip("\"”“»«'’.,:;!?()*_–—-").casefold() for each in language.words(sentence)]
        if words[n - 1 : n] != [wanted]:
            return Verdict(False, f"word {n} is {words[n - 1] if len(words) >= n else 'missing'}: {sentence}")
    return Verdict(True, "in every sentence")


@check("fi:sentence_lengths")
def sentence_lengths(
    text: str, language: Language, *, pattern: Literal["growing", "shrinking", "equal"], min_sentences: int
) -> Verdict:
    """Followed when each sentence has more words than the one before, or fewer, or as many."""
    lengths = [len(language.words(sentence)) for sentence in language.sentences(text)]
    said = " ".join(map(str, lengths[:30]))
    if len(lengths) < min_sentences:
        return Verdict(False, f"{len(lengths)} sentences, asked at least {min_sentences}")
    pairs = list(pairwise(lengths))
    if pattern == "equal":
        return Verdict(len(set(lengths)) == 1, f"words: {said}")
    if pattern == "growing":
        return Verdict(all(before < after for before, after in pairs), f"words: {said}")
    return Verdict(all(before > after for before, after in pairs), f"words: {said}")


@check("fi:sentence_length_range")
def sentence_length_range(
    text: str, language: Language, *, min_words: int, max_words: int, min_sentences: int
) -> Verdict:
    """Followed when there are at least so many sentences, each with that many words."""
    sentences = language.sentences(text)
    if len(sentences) < min_sentences:
        return Verdict(False, f"{len(sentences)} sentences, asked at least {min_sentences}")
    for sentence in sentences:
        if not min_words <= (length := len(language.words(sentence))) <= max_words:
            return Verdict(False, f"{length} words: {sentence}")
    return Verdict(True, f"every sentence has {min_words}–{max_words} words")


@check("fi:section_words")
def section_words(text: str, language: Language, *, section_spliter: str, max_words: tuple[int, ...]) -> Verdict:
    """Followed when there are exactly as many sections as limits, and none is empty or has more words than its limit.

    A section opens with a line that begins with the splitter and a number; that line and what stands before the first
    do not count.
    """
    # "Osa 1", "## Osa 1: Alku", "**Osa 1**"
    opening = re.compile(rf"^[#*_ \t]*{re.escape(nfc(section_spliter))}[ \u00a0]+\d+\b.*$", re.MULTILINE)
    lengths = [len(language.words(section)) for section in opening.split(text)[1:]]
    if len(lengths) != len(max_words):
        return Verdict(False, f"{len(lengths)} sections, asked {len(max_words)}")
    pairs = list(zip(lengths, max_words, strict=True))
    said = ", ".join(f"{length} of {limit}" for length, limit in pairs)
    return Verdict(all(0 < length <= limit for length, limit in pairs), f"words: {said}")
