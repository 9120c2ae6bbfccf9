"""Instructions about punctuation."""

from __future__ import annotations

import re

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language

_COMMA = re.compile("[,،、﹐﹑，､]")


@check("punctuation:no_comma")
def no_comma(text: str, language: Language) -> Verdict:
    """Followed when there is no comma anywhere, a decimal comma included."""
    commas = [match.start() for match in _COMMA.finditer(text)]
    if not commas:
        return Verdict(True, "no comma")
    return Verdict(False, f"{len(commas)}: …{text[max(0, commas[0] - 25) : commas[0] + 10]}…")
