"""Few events, bounds of counts and intervals of shares: tabulated and hand-worked numbers."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.paired import PairedDifference, intervals_of, paired_difference
from sim.statistics.rare_events import (
    SMALL_COUNT,
    events_seen,
    few_events,
    interval_of_share,
    judged_exactly,
    many_events,
    upper_bound_of_count,
)

NAN = math.nan


def test_fewer_than_five_events_are_few() -> None:
    assert few_events([1, 0, 3, NAN]) and not few_events([1, 0, 4, NAN])
    assert not few_events([NAN, NAN]), "nothing was measured"


def test_events_of_a_boosted_study_are_those_seen() -> None:
    assert events_seen(0.03, 100) == 3
    assert few_events([0.01, 0.03], boost=100) and not few_events([0.01, 0.04], boost=100)
    assert many_events([0.02, 0.02, 0.01], boost=100).tolist() == [False, False, True]


def test_events_are_counted_over_replications() -> None:
    assert many_events([0, NAN, 3, 1, 0, 1]).tolist() == [False] * 5 + [True]


def test_the_bound_of_a_boosted_count_is_weighted_back() -> None:
    assert upper_bound_of_count(0.01, 0.95, boost=100) == pytest.approx(4.744 / 100, abs=1e-5)


def test_interval_of_a_share_worked_by_hand() -> None:
    # Wilson: (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n); p = 0.2, n = 10, z = 1.96: (0.39208 ± 0.31119) / 1.38415
    assert interval_of_share(2, 10, 0.95) == (pytest.approx(0.0567, abs=1e-4), pytest.approx(0.5098, abs=1e-4))
    # of 0 in n: z² / (n + z²)
    assert interval_of_share(0, 10, 0.95) == (0.0, pytest.approx(3.84146 / 13.84146, abs=1e-5))


def judged(apart: list[int], n: int = 0) -> PairedDifference:
    """The difference of counts that differ by `apart`, and after those not at all, in n replications."""
    first, second = np.zeros(max(n, len(apart))), np.zeros(max(n, len(apart)))
    for place, size in enumerate(apart):
        (second if size > 0 else first)[place] = abs(size)
    return judged_exactly(paired_difference(first, second), first, second)


@pytest.mark.parametrize(
    ("apart", "p_value"),
    [  # worked by hand: twice the chance of a sum as far out, each sign as likely as the other
        ([1] * 6, 2 / 64),
        ([-1] * 6, 2 / 64),
        ([1] * 5 + [-1], 14 / 64),
        ([1, -1], 1.0),
        ([2, 1, -1], 6 / 8),
        ([3, 1, 1, -1], 8 / 16),
    ],
)
def test_few_counts_have_the_exact_p_value(apart: list[int], p_value: float) -> None:
    assert judged(apart, 40).p_value == p_value


def test_the_interval_of_few_counts_reaches_as_far_as_that_of_clopper_and_pearson() -> None:
    # 6 of 6: the share is at least 0.025^(1/6) = 0.5407; so at least 6/40 (2 · 0.5407 - 1) an observation
    low, high = judged([1] * 6, 40).interval(0.05)
    assert low == pytest.approx(6 / 40 * (2 * 0.5407419 - 1), abs=1e-6)
    assert high >= 6 / 40


def test_many_counts_equal_ones_and_weighted_ones_are_judged_as_any_other_measure() -> None:
    many, equal, weighted = np.full(SMALL_COUNT + 1, 1.0), np.ones(4), np.array([0.5, 0, 0.5, 1])
    for first, second in ((np.zeros_like(many), many), (equal, equal), (equal, weighted)):
        difference = paired_difference(first, second)
        assert judged_exactly(difference, first, second) is difference


@given(
    st.lists(st.integers(-3, 3), min_size=2, max_size=12).filter(any),
    st.sampled_from([0.3, 0.05, 0.05 / 3, 0.001]),
)
def test_interval_and_p_value_of_few_counts_are_dual(apart: list[int], alpha: float) -> None:
    difference = judged(apart)
    low, high = difference.interval(alpha)
    assert low <= difference.mean <= high
    assert (low <= 0 <= high) == (difference.p_value > alpha)
    assert intervals_of([difference, paired_difference([0, 1], [1, 3])], np.array([alpha, alpha]))[0] == (low, high)


@pytest.mark.theory
@pytest.mark.parametrize(
    "sizes", [[1] * m for m in range(1, 11)] + [[3, 1, 1, 1, 1], [2, 2, 1, 1, 1, 1, 1], [5, 4, 3, 2, 1, 1, 1]]
)
def test_alike_scenarios_are_told_apart_at_most_as_often_as_stated(sizes: list[int]) -> None:
    p_values = [
        judged([size * sign for size, sign in zip(sizes, signs, strict=True)], 40).p_value
        for signs in product((1, -1), repeat=len(sizes))
    ]
    for alpha in (0.01, 0.05, 0.1, 0.2):
        assert np.mean(np.array(p_values) <= alpha) <= alpha
