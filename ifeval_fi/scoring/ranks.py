"""Rank ranges of hundreds of entries: the exact paired test of `paired`, reached by a shorter way."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate, combinations
from operator import sub

from ifeval_fi.scoring.paired import Difference, exact_test

ALPHA = 0.05
_CLOSE = 1e-6
# One sample of at most three instructions; with several samples the exact test is the shorter way.
_FEW_SIZES = 3


def rank_ranges(followed: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, int]]:
    """The best and the worst rank of each entry: what is better or worse at 5 % in the exact paired test counts.

    `followed` are the instructions followed per prompt, on the same prompts in the same order.
    """
    better, worse = Counter[str](), Counter[str]()
    for one, other in combinations(followed, 2):
        changes = Counter(map(sub, followed[one], followed[other]))
        lead = sum(size * times for size, times in changes.items())
        if lead and is_significant(changes):
            ahead, behind = (one, other) if lead > 0 else (other, one)
            better[behind] += 1
            worse[ahead] += 1
    return {name: (1 + better[name], len(followed) - worse[name]) for name in followed}


def is_significant(changes: Mapping[int, int]) -> bool:
    """Whether so many changes of each size per prompt are significant, two-sided, when signs are swapped at random."""
    sizes = Counter[int]()
    for size, times in changes.items():
        if size:
            sizes[abs(size)] += times
    lead = abs(sum(size * times for size, times in changes.items()))
    # Hoeffding's bound on the tail settles most pairs.
    if lead**2 >= 2 * math.log(2 / ALPHA) * sum(size**2 * times for size, times in sizes.items()):
        return bool(sizes)
    if len(sizes) <= _FEW_SIZES:
        p = 2 * _lower_tail(tuple(sorted(sizes.items(), reverse=True)), -lead)
        if abs(p - ALPHA) > _CLOSE:
            return p <= ALPHA
    pairs = [Difference(size, abs(size)) for size, times in changes.items() for _ in range(times)]
    return exact_test(pairs)[1] <= ALPHA


def _lower_tail(sizes: tuple[tuple[int, int], ...], bound: int) -> float:
    """The chance that the sum of randomly signed sizes is at most the bound."""
    (size, times), *rest = sizes
    below = _cumulated(times)
    if not rest:
        # The sum is size * (2 * plus - times).
        plus = (bound // size + times) // 2
        return 0.0 if plus < 0 else below[min(plus, times)]
    chances = [after - before for before, after in zip((0.0, *below), below, strict=False)]
    return math.fsum(
        chance * _lower_tail(tuple(rest), bound - size * (2 * plus - times))
        for plus, chance in enumerate(chances)
        if chance > 1e-15
    )


@cache
def _cumulated(times: int) -> tuple[float, ...]:
    every = 2**times
    return tuple(ways / every for ways in accumulate(math.comb(times, plus) for plus in range(times + 1)))
