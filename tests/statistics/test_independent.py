"""Differences of levels that have nothing in common."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.statistics.independent import independent_difference, mean_level

FIRST, SECOND = np.array([4.0, 5.0, 6.5, 5.5, 4.5, 5.0, 6.0, 4.0]), np.array([7.0, 8.5, 6.5, 7.5, 8.0, 7.0])


def test_the_interval_is_near_welchs_where_neither_is_skew() -> None:
    difference = independent_difference(mean_level(FIRST), mean_level(SECOND))
    welch = stats.ttest_ind(SECOND, FIRST, equal_var=False).confidence_interval(0.95)
    assert difference.mean == pytest.approx(SECOND.mean() - FIRST.mean())
    assert difference.interval(0.05) == pytest.approx((welch.low, welch.high), abs=0.35)
    assert difference.interval(0.05)[0] <= welch.low and welch.high <= difference.interval(0.05)[1]


def test_the_p_value_is_that_of_the_interval_that_just_holds_0() -> None:
    difference = independent_difference(mean_level(FIRST), mean_level(SECOND))
    low, high = difference.interval(difference.p_value)
    assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-6)
    assert difference.interval(1.01 * difference.p_value)[0] > 0


@pytest.mark.parametrize("values", [[1.0], [math.nan, 2.0], [], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0], [1.0, math.inf]])
def test_without_an_interval_of_either_there_is_none_of_the_difference(values: list[float]) -> None:
    difference = independent_difference(mean_level(FIRST), mean_level(np.array(values)))
    assert not difference.has_interval and math.isnan(difference.p_value)


def test_equal_levels_do_not_differ() -> None:
    assert independent_difference(mean_level(FIRST), mean_level(FIRST)).p_value == 1
