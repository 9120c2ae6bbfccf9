"""Danish."""

from __future__ import annotations

from ifeval_fi.languages import Language
from ifeval_fi.languages.da.occurrences import occurrences
from ifeval_fi.languages.da.sentences import sentences
from ifeval_fi.text import words

LANGUAGE = Language(
    code="da",
    name="Danish",
    own_name="dansk",
    own_rules="danish",
    default_rules="danish",
    words=words,
    sentences=sentences,
    occurrences=occurrences,
    answers=("Mit svar er ja.", "Mit svar er nej.", "Mit svar er måske."),
)
