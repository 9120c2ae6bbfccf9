"""The table the published code's checks register in; it validates arguments like the careful reader's."""

from __future__ import annotations

from ifeval_fi.checks import CheckTable

reference = CheckTable()

_EXACT = 10_000


def enough(wanted: int) -> int:
    """How far to count for a verdict on `wanted`: exactly for any ordinary text, no further than decides beyond."""
    return max(wanted, _EXACT)
