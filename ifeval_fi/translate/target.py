"""What is known of the source and target languages, whether or not the package has a file for them."""

from __future__ import annotations

import re
from functools import lru_cache

from ifeval_fi.languages import Language, languages
from ifeval_fi.text import nfc, words

_NAMES = """
    ar Arabic,bg Bulgarian,ca Catalan,cs Czech,cy Welsh,da Danish,de German,el Greek,en English,eo Esperanto,es Spanish,
    et Estonian,eu Basque,fa Persian,fi Finnish,fr French,ga Irish,hi Hindi,hr Croatian,hu Hungarian,id Indonesian,
    is Icelandic,it Italian,ja Japanese,ko Korean,lt Lithuanian,lv Latvian,nb Norwegian,nl Dutch,no Norwegian,pl Polish,
    pt Portuguese,ro Romanian,ru Russian,sk Slovak,sl Slovenian,sr Serbian,sv Swedish,sw Swahili,tr Turkish,
    uk Ukrainian,ur Urdu,vi Vietnamese,zh Chinese
"""
_ENGLISH_NAMES = dict(entry.split() for entry in _NAMES.replace("\n", "").split(","))
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


def english_name(code: str) -> str:
    """The language's name in English, or its code."""
    return _ENGLISH_NAMES.get(code, code)


@lru_cache(maxsize=512)
def _pattern(keyword: str) -> re.Pattern[str]:
    body = r"\s+".join(map(re.escape, nfc(keyword).split()))
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def _whole_words(text: str, keyword: str) -> list[str]:
    return _pattern(keyword).findall(text) if keyword.strip() else []
