"""Instructions about capital and small letters; the ids say "english", the checks ask for the prompt's language."""

from __future__ import annotations

from ifeval_fi.checks import Relation, Verdict, check, counted
from ifeval_fi.detection import detect_language
from ifeval_fi.languages import Language


@check("change_case:capital_word_frequency")
def capital_word_frequency(
    text: str, language: Language, *, capital_frequency: int, capital_relation: Relation
) -> Verdict:
    """Followed when the number of words in all capitals is as asked; a word with a small letter is none."""
    capitals = [word for word in language.words(text) if word.isupper()]
    return counted(len(capitals), capital_relation, capital_frequency, ", ".join(capitals[:6]))


@check("change_case:english_capital")
def all_capital(text: str, language: Language) -> Verdict:
    """Followed when every cased letter is a capital and the text is in the prompt's language."""
    small = next((word for word in text.split() if any(map(_is_small, word))), None)
    return Verdict(False, f"small letters: {small}") if small else _in_language(text, language)


@check("change_case:english_lowercase")
def all_lowercase(text: str, language: Language) -> Verdict:
    """Followed when every cased letter is small and the text is in the prompt's language."""
    capital = next((word for word in text.split() if any(map(_is_capital, word))), None)
    return Verdict(False, f"capital letters: {capital}") if capital else _in_language(text, language)


def _is_small(character: str) -> bool:
    return character.islower() and character.upper() != character


def _is_capital(character: str) -> bool:
    return character.lower() != character


def _in_language(text: str, language: Language) -> Verdict:
    detected = detect_language(text).language
    return Verdict(language.is_spoken_as(detected), f"language {detected}")
