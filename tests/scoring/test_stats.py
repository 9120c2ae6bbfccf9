"""Rates, intervals, paired tests and power, against enumeration, textbook numbers and scipy."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifeval_fi.scoring import paired
from ifeval_fi.scoring.paired import Difference
from ifeval_fi.scoring.stats import clustered_rate, pass_at_k, wilson

verdicts = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=30)
changes = st.lists(
    st.integers(1, 3).flatmap(lambda size: st.builds(Difference, st.integers(-size, size), st.just(size))),
    min_size=1,
    max_size=9,
)


def test_wilson_as_in_the_textbook() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for followed, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
        assert wilson(followed / n, n) == pytest.approx((low, high), abs=5e-5)
    assert wilson(1 / 29, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_wilson_as_scipy() -> None:
    binomtest = pytest.importorskip("scipy.stats").binomtest
    for followed, n in ((0, 5), (3, 7), (250, 510), (510, 510)):
        wanted = binomtest(followed, n).proportion_ci(method="wilson")
        assert wilson(followed / n, n) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


@given(verdicts)
def test_rate_is_pooled_inside_its_interval_and_blind_to_order(pairs: list[tuple[int, bool]]) -> None:
    rate = clustered_rate(pairs)
    assert rate is not None
    assert rate.value == pytest.approx(sum(verdict for _, verdict in pairs) / len(pairs))
    assert rate.low - 1e-12 <= rate.value <= rate.high + 1e-12
    assert 0 <= rate.low <= rate.high <= 1
    assert clustered_rate(reversed(pairs)) == rate


@given(st.lists(st.booleans(), min_size=2, max_size=40))
def test_one_verdict_a_prompt_has_the_usual_error(verdicts: list[bool]) -> None:
    rate = clustered_rate(enumerate(verdicts))
    assert rate is not None
    share = sum(verdicts) / len(verdicts)
    assert rate.stderr == pytest.approx(math.sqrt(share * (1 - share) / (len(verdicts) - 1)))


def test_verdicts_that_repeat_each_other_are_no_new_evidence() -> None:
    single = clustered_rate([(key, key % 2 == 0) for key in range(20)])
    tripled = clustered_rate([(key, key % 2 == 0) for key in range(20) for _ in range(3)])
    assert single is not None
    assert tripled is not None
    assert tripled.stderr == pytest.approx(single.stderr)
    assert (tripled.low, tripled.high) == pytest.approx((single.low, single.high))


def test_what_cannot_be_computed_is_absent() -> None:
    assert clustered_rate([]) is None
    alone = clustered_rate([("a", True), ("a", False)])
    assert alone is not None
    assert alone.stderr is None


@given(st.integers(0, 7), st.integers(1, 7), st.integers(1, 7))
def test_pass_at_k_counts_draws(followed: int, samples: int, k: int) -> None:
    followed, k = min(followed, samples), min(k, samples)
    draws = list(itertools.combinations([True] * followed + [False] * (samples - followed), k))
    assert pass_at_k(followed, samples, k) == pytest.approx(sum(map(any, draws)) / len(draws))


@given(changes)
def test_exact_test_counts_every_swap(pairs: list[Difference]) -> None:
    observed = sum(each.change for each in pairs)
    sums = [
        sum(sign * each.change for sign, each in zip(signs, pairs, strict=True))
        for signs in itertools.product((-1, 1), repeat=len(pairs))
    ]
    drop, either = paired.exact_test(pairs)
    assert drop == pytest.approx(sum(total <= observed for total in sums) / len(sums))
    assert either == pytest.approx(sum(abs(total) >= abs(observed) for total in sums) / len(sums))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 400))
def test_exact_test_is_mcnemar_on_prompts(lost: int, gained: int, same: int) -> None:
    pairs = [Difference(-1, 1)] * lost + [Difference(1, 1)] * gained + [Difference(0, 1)] * same
    n = lost + gained
    tail = Fraction(sum(math.comb(n, k) for k in range(lost, n + 1)), 2**n)
    drop, either = paired.exact_test(pairs)
    assert drop == pytest.approx(float(tail))
    larger = Fraction(sum(math.comb(n, k) for k in range(max(lost, gained), n + 1)), 2**n)
    assert either == pytest.approx(min(1.0, float(2 * larger)))


def test_differences_pair_by_prompt_and_refuse_other_prompts() -> None:
    base = [("a", True), ("a", False), ("b", True)]
    assert paired.differences(base, [("b", False), ("a", True), ("a", True)]) == [Difference(1, 2), Difference(-1, 1)]
    with pytest.raises(ValueError, match="same verdicts per prompt"):
        paired.differences(base, [("a", True), ("b", True)])


def test_the_interval_covers_the_true_change_as_often_as_it_says() -> None:
    draw = random.Random(7)
    inside = 0
    for _ in range(400):
        pairs = [Difference(draw.choice((-2, -1, 0, 0, 0, 1, 2)), 2) for _ in range(200)]
        low, high = paired.interval(pairs)
        inside += low <= 0 <= high
    assert 0.91 <= inside / 400 <= 0.985


def test_non_inferiority_is_the_test_against_the_allowed_drop() -> None:
    draw = random.Random(3)
    pairs = [Difference(draw.choice((-1, 0, 0, 0, 0, 0, 0, 1)), 1) for _ in range(500)]
    wide, narrow = paired.non_inferiority(pairs, 0.1), paired.non_inferiority(pairs, 0.02)
    assert wide < 0.05 < narrow
    low, _ = paired.interval(pairs, level=0.9)
    assert paired.non_inferiority(pairs, -low) == pytest.approx(0.05, abs=1e-6)
    assert paired.non_inferiority([Difference(0, 1)] * 50, 0.02) == 0
    assert paired.non_inferiority([Difference(0, 1)], 0.02) == 1


def test_holm_as_published() -> None:
    # Holm 1979 by hand: 0.01·4, 0.013·3 raised to the one before, 0.03·2, 0.04 raised.
    adjusted = paired.holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.013})
    assert adjusted == pytest.approx({"a": 0.04, "d": 0.04, "c": 0.06, "b": 0.06})
    assert paired.holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
    assert paired.holm({}) == {}


@pytest.mark.parametrize(("discordant", "drop"), [(0.18, 0.0), (0.18, 0.05), (0.1, 0.03), (0.05, 0.05)])
def test_power_is_what_a_simulation_finds(discordant: float, drop: float) -> None:
    draw, found, repetitions = random.Random(3), 0, 400
    lost = (discordant + drop) / 2
    for _ in range(repetitions):
        picks = [draw.random() for _ in range(200)]
        pairs = [Difference(-1 if pick < lost else int(pick < discordant), 1) for pick in picks]
        found += paired.exact_test(pairs)[0] <= 0.05 and sum(each.change for each in pairs) < 0
    exact = paired.detection_power(200, discordant, drop, alpha=0.05)
    assert found / repetitions == pytest.approx(exact, abs=4 * math.sqrt(0.25 / repetitions))


def test_minimum_detectable_drop_has_the_power_it_promises() -> None:
    smallest = paired.minimum_detectable_drop(510, 0.18, alpha=0.05)
    assert smallest == pytest.approx(0.0483, abs=0.0003)
    assert paired.detection_power(510, 0.18, smallest, alpha=0.05) == pytest.approx(0.8, abs=0.01)
    assert paired.minimum_detectable_drop(4, 0.0, alpha=0.05) is None
    assert paired.detection_power(510, 0.18, 0.05, alpha=0.05, allowed=0.04) < paired.detection_power(
        510, 0.18, 0.05, alpha=0.05
    )


@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_equal_results_raise_false_alarms_as_rarely_as_alpha_says(alpha: float) -> None:
    draw, repetitions = random.Random(11), 1500
    changes = [draw.choice((-2, -1, 1, 2)) for _ in range(60)]
    alarms = 0
    for _ in range(repetitions):
        shuffled = [Difference(change * draw.choice((-1, 1)), 2) for change in changes]
        alarms += paired.exact_test(shuffled)[0] <= alpha
    assert 0.6 * alpha < alarms / repetitions < alpha + 3 * math.sqrt(alpha * (1 - alpha) / repetitions)
