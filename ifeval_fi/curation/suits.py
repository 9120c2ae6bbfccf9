"""Which instructions suit which task and one another, and how long its texts are."""

from __future__ import annotations

from dataclasses import dataclass

from ifeval_fi.curation.bank import Stem

EXISTENCE, FORBIDDEN = "keywords:existence", "keywords:forbidden_words"
FREQUENCY, LETTERS = "keywords:frequency", "keywords:letter_frequency"
LANGUAGE = "language:response_language"
SENTENCES, WORDS = "length_constraints:number_sentences", "length_constraints:number_words"
PARAGRAPHS, FIRST_WORD = "length_constraints:number_paragraphs", "length_constraints:nth_paragraph_first_word"
PLACEHOLDERS, POSTSCRIPT = "detectable_content:number_placeholders", "detectable_content:postscript"
BULLETS, CONSTRAINED = "detectable_format:number_bullet_lists", "detectable_format:constrained_response"
HIGHLIGHTS, SECTIONS = "detectable_format:number_highlighted_sections", "detectable_format:multiple_sections"
JSON, TITLE = "detectable_format:json_format", "detectable_format:title"
TWO, REPEAT = "combination:two_responses", "combination:repeat_prompt"
END, QUOTATION = "startend:end_checker", "startend:quotation"
CAPITALS = "change_case:capital_word_frequency"
UPPER, LOWER = "change_case:english_capital", "change_case:english_lowercase"
NO_COMMA = "punctuation:no_comma"

RELATIONS = frozenset({FREQUENCY, LETTERS, SENTENCES, WORDS, CAPITALS})
"""Instructions that ask for "at least" or "less than" so many."""
KEYWORDS = frozenset({EXISTENCE, FORBIDDEN, FREQUENCY})
"""Instructions that need keywords of the stem."""
IDS = tuple(sorted({
    *(EXISTENCE, FORBIDDEN, FREQUENCY, LETTERS, LANGUAGE, SENTENCES, WORDS, PARAGRAPHS, FIRST_WORD, PLACEHOLDERS),
    *(POSTSCRIPT, BULLETS, CONSTRAINED, HIGHLIGHTS, SECTIONS, JSON, TITLE, TWO, REPEAT, END, QUOTATION, CAPITALS),
    *(UPPER, LOWER, NO_COMMA),
}))  # fmt: skip

# The only partners of instructions that leave little room for others.
_PARTNERS = {
    CONSTRAINED: {NO_COMMA, LANGUAGE},
    JSON: {EXISTENCE, FORBIDDEN, FREQUENCY, LETTERS, WORDS, LANGUAGE, LOWER, CAPITALS},
    TWO: {
        EXISTENCE,
        FORBIDDEN,
        FREQUENCY,
        LETTERS,
        UPPER,
        LOWER,
        CAPITALS,
        NO_COMMA,
        PLACEHOLDERS,
        HIGHLIGHTS,
        LANGUAGE,
    },
    REPEAT: {
        *(EXISTENCE, FORBIDDEN, FREQUENCY, LETTERS, NO_COMMA, PLACEHOLDERS, HIGHLIGHTS, BULLETS, SECTIONS, END),
        *(POSTSCRIPT, WORDS, SENTENCES, CAPITALS, LANGUAGE),
    },
    # A title, a list or a postscript may be a paragraph or a sentence of its own, or not: the count would be disputed.
    FIRST_WORD: {
        EXISTENCE,
        FORBIDDEN,
        FREQUENCY,
        LETTERS,
        WORDS,
        HIGHLIGHTS,
        PLACEHOLDERS,
        LOWER,
        CAPITALS,
        NO_COMMA,
        END,
    }
    | {LANGUAGE},
    SENTENCES: {
        EXISTENCE,
        FORBIDDEN,
        FREQUENCY,
        LETTERS,
        WORDS,
        HIGHLIGHTS,
        PLACEHOLDERS,
        UPPER,
        LOWER,
        CAPITALS,
        REPEAT,
    }
    | {NO_COMMA, END, QUOTATION, LANGUAGE, PARAGRAPHS},
}
# Pairs that contradict each other, or of which one says what the other has said.
_AGAINST = {
    UPPER: {LOWER, CAPITALS, END, SECTIONS, LANGUAGE},
    LOWER: {CAPITALS, END, SECTIONS, POSTSCRIPT, LANGUAGE},
    PARAGRAPHS: {SECTIONS, POSTSCRIPT},
    QUOTATION: {END},
    END: {POSTSCRIPT},
}

_STRUCTURE = {SECTIONS, PARAGRAPHS, FIRST_WORD, BULLETS, JSON}
_VERSE = _STRUCTURE | {SENTENCES, POSTSCRIPT, PLACEHOLDERS, END}
_UNSUITED = {
    "poem": _VERSE,
    "song": _VERSE,
    "joke": _VERSE | {REPEAT, HIGHLIGHTS},
    "rewrite": _VERSE - {SENTENCES} | {FREQUENCY, REPEAT},
    "dialogue": _STRUCTURE - {JSON} | {QUOTATION, POSTSCRIPT, PLACEHOLDERS, SENTENCES},
    "opinion question": _STRUCTURE | {POSTSCRIPT, PLACEHOLDERS, TITLE},
    "social media post": _STRUCTURE - {BULLETS} | {REPEAT},
    "letter": {SECTIONS, JSON, FIRST_WORD, BULLETS},
    "email": {SECTIONS, JSON, FIRST_WORD},
    "application": {SECTIONS, JSON, FIRST_WORD},
    "story": {BULLETS, JSON, PLACEHOLDERS, POSTSCRIPT},
    "speech": {BULLETS, JSON, POSTSCRIPT},
    "essay": {JSON, PLACEHOLDERS, POSTSCRIPT},
    "article": {JSON, PLACEHOLDERS, POSTSCRIPT},
    "blog post": {JSON, PLACEHOLDERS},
    "advertisement": {SECTIONS, FIRST_WORD, PARAGRAPHS},
    "news": {PLACEHOLDERS, POSTSCRIPT},
    "biography": {PLACEHOLDERS, POSTSCRIPT},
    "explanation": {PLACEHOLDERS, POSTSCRIPT},
    "description": {PLACEHOLDERS, POSTSCRIPT},
    "review": {PLACEHOLDERS},
    # A dish without its main ingredients is another dish.
    "recipe": {FORBIDDEN, FIRST_WORD, PLACEHOLDERS, QUOTATION, SENTENCES},
    "instructions": {FIRST_WORD, PLACEHOLDERS},
    "ideas": {FIRST_WORD, PLACEHOLDERS, SENTENCES},
    "plan": {FIRST_WORD, SENTENCES},
}


@dataclass(frozen=True, slots=True)
class Length:
    """How many words texts of a kind usually have."""

    least: int
    most: int

    @property
    def middle(self) -> int:
        return (self.least + self.most) // 2


_LENGTHS = {
    "letter": Length(80, 300),
    "email": Length(60, 200),
    "poem": Length(30, 120),
    "song": Length(60, 200),
    "blog post": Length(150, 500),
    "article": Length(200, 600),
    "essay": Length(200, 700),
    "story": Length(150, 600),
    "dialogue": Length(80, 300),
    "speech": Length(150, 500),
    "advertisement": Length(40, 120),
    "explanation": Length(80, 300),
    "instructions": Length(80, 300),
    "recipe": Length(80, 300),
    "ideas": Length(80, 250),
    "description": Length(60, 250),
    "review": Length(80, 300),
    "social media post": Length(25, 80),
    "application": Length(100, 300),
    "rewrite": Length(20, 80),
    "joke": Length(20, 60),
    "opinion question": Length(40, 150),
    "plan": Length(80, 300),
    "biography": Length(100, 300),
    "news": Length(80, 300),
}


def length_of(stem: Stem) -> Length:
    """How long an answer to the stem usually is."""
    return _LENGTHS.get(stem.type, Length(60, 250))


def suits(instruction: str, stem: Stem) -> bool:
    """Whether a reasonable person would ask this of such a text."""
    if instruction in KEYWORDS and len(stem.keywords) < 2:
        return False
    if instruction == CONSTRAINED:
        return stem.type == "opinion question"
    return instruction not in _UNSUITED.get(stem.type, ())


def agree(one: str, other: str) -> bool:
    """Whether two instructions can be asked for together without contradiction or dispute."""
    if one == other:
        return False
    return all(
        (first not in _PARTNERS or second in _PARTNERS[first]) and second not in _AGAINST.get(first, ())
        for first, second in ((one, other), (other, one))
    )
