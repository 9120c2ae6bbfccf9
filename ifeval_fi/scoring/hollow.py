"""An answer that follows its instructions and answers nothing, told from this one answer and its prompt alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ifeval_fi.prompts import Instruction
from ifeval_fi.scoring.pieces import pieces, shingles
from ifeval_fi.scoring.reading import words

LEAST_OWN = 0.3
"""The share of a text that must stand there for the first time, and nowhere in the prompt."""
LEAST_UNASKED = 0.4
"""The share of words that must not be those an instruction demands."""
_LEAST_PIECES = 12
_LEAST_LIST = 8
_LEAST_WORDS = 20
_WORDS_READ = 400
_TIMES_EACH = 6
_PASSAGE = 4
_STEM = 5
_ENDING = 3
# "[osoite]" and "<<Otsikko>>", which hold a place and say nothing; lists in JSON have quotation marks.
_FRAMES = re.compile(r'\[[^\[\]"\n]{0,80}\]|<<[^<>\n]{0,200}>>')


def why_hollow(text: str, instructions: Sequence[Instruction], prompt: str = "") -> str | None:
    """Why no reader would take the text for an answer, in a few words; None where one might.

    Told are frames with nothing in them, lists of the words asked for, one thing said again and again, and the prompt
    said back. What an instruction demands word for word, as repeating the request, is looked at apart from the rest.
    """
    demanded = [words(each) for instruction in instructions for each in _strings(instruction.kwargs)]
    spoken = words(_FRAMES.sub(" ", text))
    said = _without(spoken, [passage for passage in demanded if len(passage) >= _PASSAGE])
    asked = _asked(word for passage in demanded if len(passage) < _PASSAGE for word in passage)
    own = [word for word in said if len(word) > asked.get(word[:_STEM], 0)] if asked else said
    if not any(len(set(word)) > 1 or (word.isdigit() and len(own) == len(spoken)) for word in own):
        return "nothing beside what was demanded"
    if len(said) >= _LEAST_LIST and len(own) < LEAST_UNASKED * len(said):
        return "a list of the words asked for"
    first = said[:_WORDS_READ]
    if len(first) >= _LEAST_WORDS and len(set(first)) * _TIMES_EACH < len(first):
        return "the same words again and again"
    rest = text if len(said) == len(spoken) else b" ".join(said).decode()
    total = len(pieces(rest))
    if total >= _LEAST_PIECES and len(shingles(rest) - shingles(prompt)) < LEAST_OWN * total:
        return "its own words or the prompt's, said again"
    return None


def _asked(keywords: Iterable[bytes]) -> dict[bytes, int]:
    """How each keyword begins, and how long its forms may be: of "talvi" "talvella" is one, "talviaamu" is not."""
    longest: dict[bytes, int] = {}
    for word in keywords:
        longest[word[:_STEM]] = max(longest.get(word[:_STEM], 0), len(word) + _ENDING)
    return longest


def _without(spoken: list[bytes], passages: Sequence[Sequence[bytes]]) -> list[bytes]:
    """The words less one copy of each passage."""
    if not passages:
        return spoken
    text = b" %s " % b" ".join(spoken)
    for passage in passages:
        text = text.replace(b" %s " % b" ".join(passage), b" ", 1)
    return text.split()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, list, tuple)):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(each)
