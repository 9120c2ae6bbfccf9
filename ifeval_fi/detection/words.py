"""The words of a text, each with where it stands: in which sentence, name and quotation."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

# What it costs, in nats, to leave the language of the word before: inside a sentence, after a comma
# or quotation mark, and at the start of a new sentence or line.
SWITCH, SWITCH_AT_MARK, SWITCH_AT_SENTENCE = 11.0, 8.0, 4.0
WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ:‑-][^\W\d_]+)*")
SPAN = re.compile(
    r"\"[^\"\n]{1,160}\"|”[^”\n]{1,160}”|“[^”“\n]{1,160}[”“]|„[^”“„\n]{1,160}[”“]|»[^»«\n]{1,160}[»«]|«[^»«\n]{1,160}»"
    r"|\*{1,3}(?![\s*])[^*\n]{1,160}\*{1,3}|‘[^’‘\n]{1,160}’"
)
_SENTENCE_END = re.compile(r"[.!?…|]")
_MARK = re.compile(r"[^\w\s'’-]")
_SMALL_WORDS = frozenset(
    "of the and in a an to de la le du des der die das und von van et el los las y i og och av di del ja".split()
)


@dataclass(slots=True)
class Word:
    """A word, where it stands, and the language it is found to be in."""

    text: str
    switch: float  # what a change of language just before it costs
    sentence: int
    capital: bool  # capitalised amid words that are not all capitals
    first: bool  # in its sentence
    quoted: int  # number of the short quotation or emphasis it stands in, 0 for none
    weight: float
    led: str = ""  # the single letter just before it, such as the Norwegian infinitive's "å"
    language: str = ""
    named: bool = False  # part of a name or a title


def words_of(text: str) -> list[Word]:
    """All words but single letters of the alphabets with spaces, which lead the word behind them."""
    words: list[Word] = []
    sentence = spans = 0
    for line in text.split("\n"):
        sentence += 1
        shouting = line.isupper()
        borders = deque(found.span() for found in SPAN.finditer(line))
        last, first, led = 0, True, ""
        for found in WORD.finditer(line):
            between = line[last : found.start()]
            last = found.end()
            switch = SWITCH
            if first:
                switch = SWITCH_AT_SENTENCE
            elif between != " ":
                if _SENTENCE_END.search(between):
                    switch, first = SWITCH_AT_SENTENCE, True
                    sentence += 1
                elif _MARK.search(between):
                    switch = SWITCH_AT_MARK
            while borders and borders[0][1] <= found.start():
                borders.popleft()
                spans += 1
            inside = bool(borders) and borders[0][0] <= found.start()
            word = found[0]
            if len(word) == 1 and word < "\u0370":
                led, first = word.lower(), False
                continue
            raised = not shouting and word[0].isupper()
            acronym = raised and len(word) <= 5 and word.isupper()
            words.append(
                Word(
                    word.lower(),
                    switch,
                    sentence,
                    raised,
                    first,
                    spans + 1 if inside else 0,
                    0.0 if acronym else 1.0,
                    led,
                )
            )
            first, led = False, ""
    _mark_names(words)
    return words


def _mark_names(words: list[Word]) -> None:
    """Find the capitalised words, and the small words between them, that make up names and titles."""
    after: Word | None = None
    for word in reversed(words):
        leads = after is not None and after.named and after.sentence == word.sentence and after.switch == SWITCH
        word.named = (word.capital and (not word.first or leads)) or (leads and word.text in _SMALL_WORDS)
        after = word
    before: Word | None = None
    for word in words:
        if word.named and not word.capital:
            word.named = before is not None and before.named and before.sentence == word.sentence
        before = word
