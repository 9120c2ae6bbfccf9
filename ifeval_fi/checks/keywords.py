"""Instructions about words and letters."""

from __future__ import annotations

from ifeval_fi.checks import Character, Relation, Verdict, check, counted
from ifeval_fi.languages import Language
from ifeval_fi.text import nfc


@check("keywords:existence")
def keyword_existence(text: str, language: Language, *, keywords: tuple[str, ...]) -> Verdict:
    """Followed when every keyword occurs, in any inflected form."""
    hits = {keyword: language.occurrences(text, keyword) for keyword in keywords}
    missing = [keyword for keyword, found in hits.items() if not found]
    if missing:
        return Verdict(False, "missing: " + ", ".join(missing))
    return Verdict(True, ", ".join(found[0] for found in hits.values()))


@check("keywords:frequency")
def keyword_frequency(text: str, language: Language, *, keyword: str, frequency: int, relation: Relation) -> Verdict:
    """Followed when the keyword, in any inflected form, occurs as often as asked."""
    hits = language.occurrences(text, keyword)
    return counted(len(hits), relation, frequency, ", ".join(hits[:8]))


@check("keywords:forbidden_words")
def forbidden_words(text: str, language: Language, *, forbidden_words: tuple[str, ...]) -> Verdict:
    """Followed when none of the words occurs in any inflected form."""
    hits = [hit for word in forbidden_words for hit in language.occurrences(text, word)]
    return Verdict(not hits, ", ".join(hits[:8]) if hits else "none of them")


@check("keywords:letter_frequency")
def letter_frequency(
    text: str, language: Language, *, letter: Character, let_frequency: int, let_relation: Relation
) -> Verdict:
    """Followed when the character, case ignored, occurs as often as asked; ä is not a."""
    character = nfc(letter)
    count = sum(map(text.count, {character.lower(), character.upper()}))
    return counted(count, let_relation, let_frequency, character)
