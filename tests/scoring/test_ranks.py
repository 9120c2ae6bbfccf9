"""The exact paired test against counting every swap, and the ranks that follow from it."""

from __future__ import annotations

import time
from itertools import product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifeval_fi.scoring.paired import Difference, exact_test
from ifeval_fi.scoring.ranks import is_significant, rank_ranges


def by_counting(changes: list[int]) -> tuple[float, float]:
    observed = sum(changes)
    totals = [sum(sign * size for sign, size in zip(signs, changes, strict=True)) for signs in _signs(len(changes))]
    drop = sum(total <= observed for total in totals)
    either = sum(abs(total) >= abs(observed) for total in totals)
    return drop / len(totals), either / len(totals)


def _signs(count: int) -> list[tuple[int, ...]]:
    return list(product((1, -1), repeat=count))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(-12, 12), max_size=9))
def test_the_exact_test_counts_every_swap(changes: list[int]) -> None:
    assert exact_test([Difference(each, 12) for each in changes]) == by_counting(changes)


@pytest.mark.parametrize(("lost", "gained"), [(0, 0), (5, 0), (30, 12), (255, 255), (300, 210)])
def test_one_verdict_a_prompt_is_mcnemars_test(lost: int, gained: int) -> None:
    pairs = [Difference(-1, 1)] * lost + [Difference(1, 1)] * gained
    every = 2 ** (lost + gained)
    tail = sum(comb(lost + gained, plus) for plus in range(min(lost, gained) + 1))
    assert exact_test(pairs)[1] == pytest.approx(min(1.0, 2 * tail / every) if lost != gained else 1.0, abs=1e-15)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=8, max_size=8), min_size=2, max_size=4))
def test_rank_ranges_are_those_of_the_exact_test(counts: list[list[int]]) -> None:
    entries = {str(place): each for place, each in enumerate(counts)}
    found = rank_ranges(entries)
    for name, own in entries.items():
        others = [
            (sum(theirs) - sum(own), by_counting([a - b for a, b in zip(theirs, own, strict=True)])[1])
            for other, theirs in entries.items()
            if other != name
        ]
        better = sum(lead > 0 and p <= 0.05 for lead, p in others)
        worse = sum(lead < 0 and p <= 0.05 for lead, p in others)
        assert found[name] == (1 + better, len(entries) - worse)


def test_rank_ranges_widen_where_results_cannot_be_told_apart() -> None:
    results = {name: [int(key < count) for key in range(100)] for name, count in (("a", 90), ("b", 88), ("c", 20))}
    assert rank_ranges(results) == {"a": (1, 2), "b": (1, 2), "c": (3, 3)}


def test_many_samples_and_so_many_sizes_are_no_harder() -> None:
    """Four samples of three instructions: changes of up to twelve a prompt."""
    changes = {size: 20 for size in range(-12, 13) if size}
    changes[1] += 40
    begun = time.process_time()
    assert not is_significant(changes)
    assert time.process_time() - begun < 2
