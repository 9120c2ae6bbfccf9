"""The instruction about the language of the response."""

from __future__ import annotations

from ifeval_fi.checks import Verdict, check
from ifeval_fi.detection import detect_language
from ifeval_fi.languages import Language


@check("language:response_language")
def response_language(text: str, _: Language, *, language: str) -> Verdict:
    """Followed when the natural-language text of the response is in that language (ISO 639-1)."""
    detected = detect_language(text)
    return Verdict(detected.is_in(language), detected.language)
