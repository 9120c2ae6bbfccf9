"""Keywords as the published code finds them: regular expressions, anywhere in the text, case ignored."""

from __future__ import annotations

import re
from functools import lru_cache

from ifeval_fi.checks import Character, Relation, Verdict, counted
from ifeval_fi.languages import Language
from ifeval_fi.rules.reference.table import compiled, reference

_PLAIN = re.compile(r"[A-Za-z0-9 '_-]+")
_CASE_VARIANTS = {"İ": "i", "ı": "i", "ſ": "s"}


@reference("keywords:existence")
def existence(text: str, language: Language, *, keywords: tuple[str, ...]) -> Verdict:
    """Followed when each keyword, as a pattern, matches somewhere, be it inside a word."""
    try:
        absent = [keyword for keyword in sorted(keywords) if not _occurs(keyword, text)]
    except re.error as error:
        return _no_pattern(error)
    return Verdict(not absent, f"missing {', '.join(absent)}" if absent else "all found")


@reference("keywords:frequency")
def frequency(text: str, language: Language, *, keyword: str, frequency: int, relation: Relation) -> Verdict:
    """Followed when the keyword, as a pattern, matches as often as asked, matches inside words included."""
    keyword = keyword.strip()
    try:
        count = _folded(text).count(keyword.lower()) if _is_plain(keyword) else _matches(keyword, text)
    except re.error as error:
        return _no_pattern(error)
    return counted(count, relation, frequency, keyword)


@reference("keywords:forbidden_words")
def forbidden_words(text: str, language: Language, *, forbidden_words: tuple[str, ...]) -> Verdict:
    """Followed when none of the words, as a pattern between word boundaries, matches."""
    try:
        found = [word for word in sorted(set(forbidden_words)) if _stands_alone(word, text)]
    except re.error as error:
        return _no_pattern(error)
    return Verdict(not found, f"found {', '.join(found)}" if found else "none found")


@reference("keywords:letter_frequency")
def letter_frequency(
    text: str, language: Language, *, letter: Character, let_frequency: int, let_relation: Relation
) -> Verdict:
    """Followed when the lower-cased text holds the character as often as asked."""
    return counted(text.lower().count(letter.lower()), let_relation, let_frequency, letter)


def _is_plain(keyword: str) -> bool:
    """Whether the keyword means itself as a pattern, so that a substring search answers the same, sooner."""
    return _PLAIN.fullmatch(keyword) is not None


@lru_cache(maxsize=16)
def _folded(text: str) -> str:
    """The text in lower case, where a letter that matches an ASCII one when case is ignored is that one."""
    if not text.isascii():
        for variant, letter in _CASE_VARIANTS.items():
            text = text.replace(variant, letter)
    return text.lower()


def _pattern(keyword: str) -> re.Pattern[str]:
    return compiled(keyword, re.IGNORECASE)


def _occurs(keyword: str, text: str) -> bool:
    if _is_plain(keyword):
        return keyword.lower() in _folded(text)
    return _pattern(keyword).search(text) is not None


def _matches(keyword: str, text: str) -> int:
    return sum(1 for _ in _pattern(keyword).finditer(text))


def _stands_alone(word: str, text: str) -> bool:
    if _is_plain(word) and word.lower() not in _folded(text):
        return False
    return _pattern(rf"\b{word}\b").search(text) is not None


def _no_pattern(error: re.error) -> Verdict:
    return Verdict(False, f"the keyword is no regular expression: {error}")
