"""Rates with their uncertainty: on verdict tuples only, no text, no randomness."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

_Z = 1.9599639845400536  # standard normal quantile of 0.975; loading `statistics` for it takes 5 ms
Cluster = TypeVar("Cluster", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `n` verdicts, its standard error clustered by prompt, and a 95 % Wilson interval.

    `stderr` is None below two prompts, where it cannot be computed.
    """

    value: float
    n: int
    stderr: float | None
    low: float
    high: float


def clustered_rate(verdicts: Iterable[tuple[Cluster, bool]]) -> Rate | None:
    """The pooled share of true verdicts, each given with its prompt; None when there are none.

    The standard error is the ratio estimator's with the factor G/(G-1) (Miller 2024, arXiv:2411.00640), which
    for one verdict a prompt is the usual error of a mean. The interval is Wilson's, on the number of
    independent verdicts that this error amounts to.
    """
    sums: dict[Cluster, list[int]] = {}
    for cluster, verdict in verdicts:
        entry = sums.setdefault(cluster, [0, 0])
        entry[0] += verdict
        entry[1] += 1
    n = sum(size for _, size in sums.values())
    if n == 0:
        return None
    value = sum(followed for followed, _ in sums.values()) / n
    stderr = None
    groups = len(sums)
    if groups > 1:
        squares = math.fsum((followed - value * size) ** 2 for followed, size in sums.values())
        stderr = math.sqrt(groups / (groups - 1) * squares) / n
    low, high = wilson(value, value * (1 - value) / stderr**2 if stderr else groups)
    return Rate(value, n, stderr, low, high)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval for a share of n independent trials; n may be an effective, fractional number."""
    centre = share + _Z**2 / (2 * n)
    spread = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def pass_at_k(followed: int, samples: int, k: int) -> float:
    """The chance that one of k samples drawn without replacement follows (Chen et al. 2021); needs k <= samples."""
    return 1.0 - math.comb(samples - followed, k) / math.comb(samples, k)
