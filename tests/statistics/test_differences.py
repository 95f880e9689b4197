"""The intervals of differences of both kinds, in one list."""

import math

import numpy as np
import pytest

from sim.statistics.differences import Difference, ends_of, is_without_difference
from sim.statistics.paired import paired_difference
from sim.statistics.pooled_quantiles import NO_QUANTILE, PooledQuantile, cluster_counts, pooled_quantile, quantile_difference


def median_of(values: np.ndarray) -> PooledQuantile:
    """Of values by replication, shape (r, k)."""
    r, k = values.shape
    counts = np.ones(r * k, dtype=np.int64)
    return pooled_quantile(*cluster_counts(np.repeat(np.arange(r), k), values.ravel(), counts, r), 0.5)


RNG = np.random.default_rng(2)
FIRST = RNG.normal(0, 50, (12, 30)).round()
OF_MEANS = paired_difference(FIRST.mean(axis=1), FIRST.mean(axis=1) + RNG.normal(1, 1, 12))
OF_QUANTILES = quantile_difference(median_of(FIRST), median_of(FIRST + 20))


def test_each_difference_has_its_own_interval_at_its_own_level() -> None:
    differences: list[Difference] = [OF_QUANTILES, OF_MEANS, quantile_difference(NO_QUANTILE, median_of(FIRST)), OF_MEANS]
    ends = ends_of(differences, np.array([0.05, 0.1, 0.05, 0.01]))
    assert ends[0] == OF_QUANTILES.interval(0.05)
    assert ends[1] == pytest.approx(OF_MEANS.interval(0.1)) and ends[3] == pytest.approx(OF_MEANS.interval(0.01))
    assert all(map(math.isnan, ends[2]))
    assert ends_of([], np.zeros(0)) == []


def test_what_does_not_differ_in_any_replication_has_no_interval() -> None:
    same = quantile_difference(median_of(FIRST), median_of(FIRST))
    assert is_without_difference(same) and all(map(math.isnan, ends_of([same], np.array([0.05]))[0]))
    assert is_without_difference(paired_difference(FIRST[:, 0], FIRST[:, 0]))
    assert not is_without_difference(OF_MEANS) and not is_without_difference(OF_QUANTILES)
    assert not is_without_difference(quantile_difference(NO_QUANTILE, NO_QUANTILE))
