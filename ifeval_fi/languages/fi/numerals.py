"""Numbers said in Finnish words, in any inflected form."""

from __future__ import annotations

import re
from functools import cache

from ifeval_fi.languages.fi.inflection import decline
from ifeval_fi.languages.fi.lexicon import Lexeme, inflect

# With their inflection types, since kuusi is also a tree: kuuden, kuutta, not kuusen.
_BASES = (
    ("nolla", 10), ("yksi", 31), ("kaksi", 31), ("kolme", 8), ("neljä", 10), ("viisi", 27), ("kuusi", 27),
    ("seitsemän", 10), ("kahdeksan", 10), ("yhdeksän", 10), ("kymmenen", 32), ("sata", 9), ("tuhat", 46),
    ("miljoona", 10), ("miljardi", 5),
)  # fmt: skip
_ORDINALS = "kolmas neljäs viides kuudes seitsemäs kahdeksas yhdeksäs kymmenes sadas".split()
# "Ulkona sataa" is rain, and "yksin" alone.
_DOUBTFUL = frozenset("sataa satoi yksin yksinä".split())


@cache
def _pattern() -> re.Pattern[str]:
    """Numerals in a row: kaksikymmentäviisi, kolmellesadalle, viidentoista."""
    forms: set[str] = set()
    for word, kind in _BASES:
        if word.endswith(("män", "ksan", "ksän")):
            forms |= {word, *decline(word[:-1], kind).plain}
        elif word == "kymmenen":
            forms |= {word, "kymmentä", *decline("kymmen", kind).plain}
        else:
            grade = {"sata": "F"}.get(word, "")
            forms |= inflect(Lexeme(word, kind, grade)).plain
    for word in _ORDINALS:
        forms |= inflect(Lexeme(word, 45, "")).plain
    one = "|".join(sorted(filter(None, forms), key=len, reverse=True))
    return re.compile(rf"(?:{one})+(?:toista)?")


def is_numeral(word: str) -> bool:
    """Whether the word in small letters says a number, cardinal or ordinal (but ensimmäinen and toinen)."""
    return word not in _DOUBTFUL and _pattern().fullmatch(word) is not None
