"""The table the published code's checks register in; it validates arguments like the careful reader's."""

from __future__ import annotations

import re
from functools import lru_cache

from ifeval_fi.checks import CheckTable
from ifeval_fi.rules.reference import engines

reference = CheckTable()

_EXACT = 10_000
_DEEPEST = 50


def enough(wanted: int) -> int:
    """How far to count for a verdict on `wanted`: exactly for any ordinary text, no further than decides beyond."""
    return max(wanted, _EXACT)


@lru_cache(maxsize=1024)
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A prompt's argument as a pattern; re.error where it is none, or nests deeper than any stack surely holds."""
    depth = 0
    for bracket in re.findall("[()]", pattern):
        depth += 1 if bracket == "(" else -1
        if depth > _DEEPEST:
            raise re.error(f"nested more than {_DEEPEST} deep")
    try:
        return engines.compiled(pattern, flags)
    except OverflowError as error:
        raise re.error(str(error)) from None
