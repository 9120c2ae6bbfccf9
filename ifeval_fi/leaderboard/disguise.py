"""Letters dressed up as others, and what cannot be seen inside words: a forger writes so, no model does."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ifeval_fi.prompts import Key
from ifeval_fi.scoring.responses import Response

FEW = 0.02
MANY = 0.1
_LEAST = 3
_LATIN = "[A-Za-z\u00c0-\u024f]"
# Zero-width spaces and joiners, soft hyphens, fillers, variation selectors, tags.
_UNSEEN = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
# Greek, Cyrillic, Armenian, Cherokee, Coptic and Lisu have letters that look Latin.
_LOOKALIKE = "[\u0370-\u03ff\u0400-\u058f\u13a0-\u13ff\uab70-\uabbf\u2c80-\u2cff\ua4d0-\ua4ff]"
# "\U0001d41a", "\u24d0", "\uff41", "\U0001f130": letters of mathematics, in circles, of full width, in squares.
_STYLED = "[\U0001d400-\U0001d7ff\u24b6-\u24e9\uff21-\uff3a\uff41-\uff5a\U0001f130-\U0001f189]"
_DISGUISE = re.compile(
    f"(?<={_LATIN}){_UNSEEN}+{_LATIN}|{_LATIN}{_LOOKALIKE}|{_LOOKALIKE}{_LATIN}|{_STYLED}{{3,}}|[\u202d\u202e]"
)


def disguised(responses: Iterable[Response]) -> list[Key]:
    """Keys of the answers that hold several such words."""
    return [each.key for each in responses if not each.text.isascii() and len(_DISGUISE.findall(each.text)) >= _LEAST]
