"""Ratios of sums, against numbers worked by hand and the jackknife."""

import numpy as np
import pytest

from sim.statistics.ratios import linearised


def test_worked_by_hand() -> None:
    # R = 6 / 12; mean of y = 4: R + (x - R y) / 4
    values = linearised(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    assert values.tolist() == [0.5, 0.5, 0.5]
    values = linearised(np.array([3.0, 0.0, 3.0]), np.array([2.0, 4.0, 6.0]), 10.0)
    assert values.tolist() == pytest.approx([10.0, 0.0, 5.0]) and values.mean() == pytest.approx(5.0)


def test_a_replication_without_a_side_is_left_out() -> None:
    values = linearised(np.array([1.0, np.nan, 3.0, 5.0]), np.array([2.0, 4.0, np.nan, 10.0]))
    assert np.isnan(values).tolist() == [False, True, True, False] and np.nanmean(values) == pytest.approx(0.5)
    assert np.isnan(linearised(np.ones(3), np.zeros(3))).all()


def test_its_spread_is_that_of_the_jackknife() -> None:
    random = np.random.default_rng(6)
    y = random.poisson(30, 400) + 1.0
    x = 0.3 * y + random.normal(0, 2, 400)
    left_out = (x.sum() - x) / (y.sum() - y)
    jackknife = np.sqrt(399 / 400 * ((left_out - left_out.mean()) ** 2).sum())
    assert linearised(x, y).std(ddof=1) / 20 == pytest.approx(jackknife, rel=0.01)
