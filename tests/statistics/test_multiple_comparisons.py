"""Multiple comparisons with the best: hand-worked numbers, the paired test, equal scenarios, what has no best."""

import math
from typing import Literal

import numpy as np
import pytest
from scipy import stats

from sim.statistics.multiple_comparisons import compare_quantiles_with_best, compare_with_best
from sim.statistics.paired import paired_difference
from sim.statistics.pooled_quantiles import PooledQuantile, cluster_counts, pooled_quantile, quantile_difference

NAN = math.nan


def test_worked_by_hand() -> None:
    """Lower is better. Means 2, 3, 8; differences 1-0: 0, 1, 2 (mean 1, sd 1); 2-0: 6, 6, 6; 2-1: 6, 5, 4 (mean 5, sd 1).

    n 3, k 3: t(1 - 0.05/2; 2) = 4.30265, width 4.30265/√3 = 2.48414 for the pair 0, 1 and for 1, 2; none for 0, 2.
    0 and 1 may be the best; 2 is 6 behind 0, and 5 ± 2.48 behind 1.
    """
    found = compare_with_best(np.array([[1.0, 2.0, 3.0], [1.0, 3.0, 5.0], [7.0, 8.0, 9.0]]), "lower", 0.95)
    assert found.n == 3
    assert found.difference.tolist() == [-1.0, 1.0, 6.0]
    assert found.may_be_best.tolist() == [True, True, False]
    assert found.low == pytest.approx([-1 - 2.48414, 1 - 2.48414, 0.0], abs=1e-5)
    assert found.high == pytest.approx([-1 + 2.48414, 1 + 2.48414, 5 + 2.48414], abs=1e-5)


def test_the_direction_only_turns_the_signs() -> None:
    values = np.random.default_rng(4).normal(0, 1, (5, 9)) + np.arange(5)[:, None] / 3
    low, high = compare_with_best(values, "lower", 0.9), compare_with_best(-values, "higher", 0.9)
    assert (low.low == pytest.approx(-high.high)) and (low.high == pytest.approx(-high.low))
    assert low.difference == pytest.approx(-high.difference)
    assert low.may_be_best.tolist() == high.may_be_best.tolist()


def test_two_scenarios_are_a_one_sided_paired_test() -> None:
    rng = np.random.default_rng(8)
    for shift in (0.0, 0.5, 1.0, 3.0):
        first = rng.normal(0, 1, 12)
        second = first + shift + rng.normal(0, 1, 12)
        found = compare_with_best(np.array([first, second]), "lower", 0.95)
        p = stats.ttest_rel(first, second, alternative="less").pvalue
        assert found.may_be_best[1] == (p >= 0.05)
        assert found.difference[1] == pytest.approx(paired_difference(first, second).mean)


def test_one_end_is_nought_where_the_best_is_clear() -> None:
    values = np.array([[1.0, 2.0, 3.0, 2.0], [11.0, 12.1, 13.0, 12.0], [21.0, 22.0, 23.1, 22.0]])
    found = compare_with_best(values, "lower", 0.95)
    assert found.may_be_best.tolist() == [True, False, False]
    assert found.high[0] == 0 and found.low[0] < -9
    assert np.all(found.low[1:] >= 0)


def test_equal_scenarios_may_all_be_the_best() -> None:
    found = compare_with_best(np.array([[0.3, 5.0, 7.0], [0.1 + 0.2, 5.0, 7.0], [90.0, 95.0, 97.0]]), "lower", 0.95)
    assert found.may_be_best.tolist() == [True, True, False]
    assert (found.difference[:2].tolist(), found.low[:2].tolist(), found.high[:2].tolist()) == ([0, 0], [0, 0], [0, 0])


def test_a_replication_without_a_number_is_left_out_for_all() -> None:
    values = np.array([[1.0, 2.0, 4.0, NAN], [3.0, 4.0, 7.0, 0.0], [4.0, NAN, 7.0, 0.0]])
    found, kept = compare_with_best(values, "lower", 0.95), compare_with_best(values[:, [0, 2]], "lower", 0.95)
    assert (found.n, found.low.tolist(), found.high.tolist()) == (2, kept.low.tolist(), kept.high.tolist())
    alone = compare_with_best(values[:, :1], "lower", 0.95)
    assert alone.n == 1 and np.isnan(alone.low).all() and not alone.may_be_best.any()


@pytest.mark.parametrize(("values", "better"), [(np.ones((2, 3)), "neither"), (np.ones((1, 3)), "lower")])
def test_what_has_no_best_is_refused(values: np.ndarray, better: Literal["lower", "higher", "neither"]) -> None:
    with pytest.raises(ValueError, match="no best"):
        compare_with_best(values, better, 0.95)


def median_of(values: np.ndarray) -> PooledQuantile:
    """Of values by replication, shape (r, k)."""
    r, k = values.shape
    counts = np.ones(r * k, dtype=np.int64)
    return pooled_quantile(*cluster_counts(np.repeat(np.arange(r), k), values.ravel(), counts, r), 0.5)


def test_quantiles_are_held_against_the_best_as_means_are() -> None:
    base = np.random.default_rng(12).normal(0, 60, (15, 40)).round()
    quantiles = [median_of(base + shift) for shift in (0.0, 1.0, 80.0)]
    found = compare_quantiles_with_best(quantiles, "lower", 0.95)
    assert found.n == 15
    assert found.difference.tolist() == [-1.0, 1.0, 80.0]
    assert found.may_be_best.tolist() == [True, True, False]
    low, high = quantile_difference(quantiles[0], quantiles[1]).interval(2 * 0.05 / 2)
    assert (found.low[1], found.high[1]) == (low, high) and (found.low[0], found.high[0]) == (-high, -low)
    assert found.low[2] == 0 < found.high[2]
    turned = compare_quantiles_with_best([median_of(-base - shift) for shift in (0.0, 1.0, 80.0)], "higher", 0.95)
    assert turned.may_be_best.tolist() == found.may_be_best.tolist()
    assert compare_quantiles_with_best(quantiles, "higher", 0.95).may_be_best.tolist() == [False, False, True]
    with pytest.raises(ValueError, match="no best"):
        compare_quantiles_with_best(quantiles, "neither", 0.95)
