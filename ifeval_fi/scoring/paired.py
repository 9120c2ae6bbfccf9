"""Two results on the same prompts: exact tests, intervals and power, on differences per prompt only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

POWER = 0.8


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two results on one prompt: verdicts gained less verdicts lost, of `size` verdicts."""

    change: int
    size: int


def differences(base: Iterable[tuple[object, bool]], candidate: Iterable[tuple[object, bool]]) -> list[Difference]:
    """One difference a prompt, from (prompt, verdict) pairs that name the same prompts equally often."""
    before, after = _sums(base), _sums(candidate)
    if {key: size for key, (_, size) in before.items()} != {key: size for key, (_, size) in after.items()}:
        raise ValueError("the two results do not have the same verdicts per prompt")
    return [Difference(after[key][0] - followed, size) for key, (followed, size) in before.items()]


def _sums(verdicts: Iterable[tuple[object, bool]]) -> dict[object, tuple[int, int]]:
    sums: dict[object, tuple[int, int]] = {}
    for key, verdict in verdicts:
        followed, size = sums.get(key, (0, 0))
        sums[key] = (followed + verdict, size + 1)
    return sums


def change(pairs: Sequence[Difference]) -> float:
    """Candidate's rate less base's; negative is a drop."""
    return sum(each.change for each in pairs) / sum(each.size for each in pairs)


def standard_error(pairs: Sequence[Difference]) -> float | None:
    """The error of the change, clustered by prompt (Miller 2024, arXiv:2411.00640); None below two prompts."""
    if len(pairs) < 2:
        return None
    mean = change(pairs)
    squares = math.fsum((each.change - mean * each.size) ** 2 for each in pairs)
    return math.sqrt(len(pairs) / (len(pairs) - 1) * squares) / sum(each.size for each in pairs)


def exact_test(pairs: Sequence[Difference]) -> tuple[float, float]:
    """One-sided (for a drop) and two-sided p of the exact randomisation test that swaps the results per prompt.

    With one verdict a prompt this is the exact McNemar test. No draw is made: all swaps are counted.
    """
    sizes = [abs(each.change) for each in pairs if each.change]
    observed, most = sum(each.change for each in pairs), sum(sizes)
    # The ways to each sum of gained sizes are the digits of one number, wide enough for all of them together.
    width = len(sizes) + 2
    ways = 1
    for size in sizes:
        ways += ways << size * width

    def at_most(gained: int) -> int:
        lowest = ways & ((1 << (gained + 1) * width) - 1)
        # The sum of the digits of a number to base b is its remainder by b - 1.
        return lowest % ((1 << width) - 1)

    every = 1 << len(sizes)
    drop = at_most((most + observed) // 2)
    either = 2 * at_most((most - abs(observed)) // 2) if observed else every
    return drop / every, either / every


def interval(pairs: Sequence[Difference], *, level: float = 0.95) -> tuple[float, float]:
    """The interval of the change by its standard error, wherever one is shown; -1 to 1 below two prompts."""
    error = standard_error(pairs)
    if error is None:
        return -1.0, 1.0
    spread = NormalDist().inv_cdf((1 + level) / 2) * error
    return max(-1.0, change(pairs) - spread), min(1.0, change(pairs) + spread)


def non_inferiority(pairs: Sequence[Difference], allowed: float) -> float:
    """One-sided p of the test against a drop of `allowed` (a share): small when the true drop is smaller than that.

    Normal, by the standard error of the change; 1 below two prompts.
    """
    error = standard_error(pairs)
    above = change(pairs) + allowed
    if error is None:
        return 1.0
    return 1 - NormalDist().cdf(above / error) if error else float(above <= 0)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """P values adjusted for their number, so that any below alpha is wrong with chance alpha at most (Holm 1979)."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for rank, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p))
        adjusted[name] = highest
    return {name: adjusted[name] for name in p_values}


def detection_power(prompts: int, discordant: float, drop: float, *, alpha: float, allowed: float = 0.0) -> float:
    """The exact chance that a true drop is found significant and larger than `allowed`; rates as shares.

    `discordant` is the share of prompts on which the two results differ; a drop needs at least its own size of it.
    """
    discordant = max(discordant, abs(drop))
    if discordant == 0:
        return 0.0
    lost = (discordant + drop) / (2 * discordant)
    spread = 8 * math.sqrt(prompts * discordant) + 8
    middle = prompts * discordant
    found = 0.0
    for differing in range(max(0, int(middle - spread)), min(prompts, int(middle + spread)) + 1):
        least = max(_critical(differing, alpha), math.floor((allowed * prompts + differing) / 2 + 1e-9) + 1)
        found += _binomial(differing, prompts, discordant) * sum(
            _binomial(losses, differing, lost) for losses in range(least, differing + 1)
        )
    return min(1.0, found)


@cache
def _critical(differing: int, alpha: float) -> int:
    """The fewest losses among so many differing prompts that are significant, one-sided."""
    tail, ways, limit, losses = 0, 1, alpha * 2**differing, differing + 1
    while losses > 0 and tail + ways <= limit:
        losses -= 1
        tail += ways
        ways = ways * losses // (differing - losses + 1)
    return losses


def _binomial(k: int, n: int, p: float) -> float:
    if p in (0.0, 1.0):
        return float(k == (n if p else 0))
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(log + k * math.log(p) + (n - k) * math.log1p(-p))


def minimum_detectable_drop(prompts: int, discordant: float, *, alpha: float, power: float = POWER) -> float | None:
    """The smallest true drop that the exact McNemar test finds with this power; None when there is none."""
    low, high = 0.0, 1.0
    if detection_power(prompts, discordant, high, alpha=alpha) < power:
        return None
    while high - low > 2e-4:
        middle = (low + high) / 2
        if detection_power(prompts, discordant, middle, alpha=alpha) < power:
            low = middle
        else:
            high = middle
    return high


def detectable_from_error(error: float, *, alpha: float, power: float = POWER) -> float:
    """The smallest true drop found with this power when the change has this standard error (normal approximation)."""
    normal = NormalDist()
    return (normal.inv_cdf(1 - alpha) + normal.inv_cdf(power)) * error
