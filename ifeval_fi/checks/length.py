"""Instructions about how long the response is."""

from __future__ import annotations

import re

from ifeval_fi.checks import Relation, Verdict, check, counted
from ifeval_fi.languages import Language
from ifeval_fi.text import block_text, nfc, paragraphs

_DIVIDER = re.compile(r"^[ \t]*\*\*\*[ \t]*$", re.MULTILINE)


@check("length_constraints:number_sentences")
def number_sentences(text: str, language: Language, *, num_sentences: int, relation: Relation) -> Verdict:
    """Followed when the number of sentences is as asked."""
    return counted(len(language.sentences(text)), relation, num_sentences)


@check("length_constraints:number_words")
def number_words(text: str, language: Language, *, num_words: int, relation: Relation) -> Verdict:
    """Followed when the number of words, as a word processor counts them, is as asked."""
    return counted(len(language.words(text)), relation, num_words)


@check("length_constraints:number_paragraphs")
def number_paragraphs(text: str, language: Language, *, num_paragraphs: int) -> Verdict:
    """Followed when lines of *** separate exactly that many non-empty paragraphs."""
    count = sum(1 for part in _DIVIDER.split(text) if part.strip())
    return Verdict(count == num_paragraphs, f"{count}, asked {num_paragraphs}")


@check("length_constraints:nth_paragraph_first_word")
def nth_paragraph_first_word(
    text: str, language: Language, *, num_paragraphs: int, nth_paragraph: int, first_word: str
) -> Verdict:
    """Followed when blank lines separate exactly that many paragraphs and the nth begins with that word form."""
    parts = paragraphs(text)
    if len(parts) != num_paragraphs:
        return Verdict(False, f"{len(parts)} paragraphs, asked {num_paragraphs}")
    if not 1 <= nth_paragraph <= len(parts):
        return Verdict(False, f"no paragraph {nth_paragraph}")
    first = next(iter(language.words(block_text(parts[nth_paragraph - 1]))), "")
    return Verdict(_bare(first) == _bare(nfc(first_word)), f"paragraph {nth_paragraph} begins with {first}")


def _bare(word: str) -> str:
    """The word with case folded, without the quotation marks, markdown and punctuation around it."""
    letters = [index for index, character in enumerate(word) if character.isalnum()]
    return word[letters[0] : letters[-1] + 1].casefold() if letters else ""
