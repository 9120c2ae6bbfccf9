"""What is known of the source and target languages, whether or not the package has a file for them."""

from __future__ import annotations

import re
from functools import lru_cache

from ifeval_fi.languages import Language, languages
from ifeval_fi.languages.names import english_name
from ifeval_fi.text import nfc, words

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»’'*)\]]*\s+|\n+")


def target_language(code: str) -> Language:
    """The language with this code, or one of plain rules when the package has no file for it yet."""
    known = languages().get(code)
    return known or Language(
        code=code,
        name=english_name(code),
        own_name=code,
        own_rules=code,
        default_rules=code,
        words=words,
        sentences=lambda text: [part for part in _SENTENCE_END.split(text) if part.strip()],
        occurrences=_whole_words,
        answers=(),
    )


@lru_cache(maxsize=512)
def _pattern(keyword: str) -> re.Pattern[str]:
    body = r"\s+".join(map(re.escape, nfc(keyword).split()))
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def _whole_words(text: str, keyword: str) -> list[str]:
    return _pattern(keyword).findall(text) if keyword.strip() else []
