"""Lengths as the published code counts them."""

from __future__ import annotations

import re
from itertools import islice

from ifeval_fi.checks import Relation, Verdict, counted
from ifeval_fi.languages import Language
from ifeval_fi.rules.reference.punkt import sentences
from ifeval_fi.rules.reference.table import enough, reference
from ifeval_fi.rules.reference.tokens import word_count

_DIVIDER = re.compile(r"\s?\*\*\*\s?")
_WORD_ENDS = re.compile(r"""[.,?!'"]""")


@reference("length_constraints:number_sentences")
def number_sentences(text: str, language: Language, *, num_sentences: int, relation: Relation) -> Verdict:
    """Followed when the number of Punkt's English sentences is as asked."""
    count = sum(1 for _ in islice(sentences(text), enough(num_sentences)))
    return counted(count, relation, num_sentences)


@reference("length_constraints:number_words")
def number_words(text: str, language: Language, *, num_words: int, relation: Relation) -> Verdict:
    """Followed when the number of runs of word characters is as asked."""
    return counted(word_count(text), relation, num_words)


@reference("length_constraints:number_paragraphs")
def number_paragraphs(text: str, language: Language, *, num_paragraphs: int) -> Verdict:
    """Followed when three asterisks, anywhere, part that many paragraphs; an empty one between two fails."""
    parts = _DIVIDER.split(text)
    blank = [index for index, part in enumerate(parts) if not part.strip()]
    if any(0 < index < len(parts) - 1 for index in blank):
        return Verdict(False, "an empty paragraph between dividers")
    count = len(parts) - len(blank)
    return Verdict(count == num_paragraphs, f"{count}, asked {num_paragraphs}")


@reference("length_constraints:nth_paragraph_first_word")
def nth_paragraph_first_word(
    text: str, language: Language, *, num_paragraphs: int, nth_paragraph: int, first_word: str
) -> Verdict:
    """Followed when blank lines part that many non-empty paragraphs and the nth part begins with the word.

    Empty parts are left out of the count but not of the numbering.
    """
    parts = text.split("\n\n")
    count = sum(1 for part in parts if part.strip())
    if not 0 < nth_paragraph <= count:
        return Verdict(False, f"{count} paragraphs, no number {nth_paragraph}")
    words = parts[nth_paragraph - 1].split(maxsplit=1)
    if not words:
        return Verdict(False, f"part {nth_paragraph} is empty")
    word = words[0].lstrip("'").lstrip('"')
    # Letter by letter, as there: the lower case of a whole word can differ (final sigma).
    found = "".join(letter.lower() for letter in _WORD_ENDS.split(word, maxsplit=1)[0])
    followed = count == num_paragraphs and found == first_word.lower()
    evidence = f"{count} paragraphs, asked {num_paragraphs}; number {nth_paragraph} begins {found}"
    return Verdict(followed, evidence)
