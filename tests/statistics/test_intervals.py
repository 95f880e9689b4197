"""Intervals, paired differences and Holm's adjustment against scipy, hand-worked numbers and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.statistics.intervals import (
    METHOD,
    estimate_mean,
    estimate_means,
    mean_of_present,
    present,
    rows_by_presence,
    standard_deviation,
)
from sim.statistics.multiple_comparisons import holm
from sim.statistics.paired import differences, differences_of, intervals_of, paired_difference, paired_differences
from sim.statistics.rare_events import upper_bound_of_count
from sim.study.verdict import Verdict, verdict_of

CONFIDENCE = 0.95


@pytest.mark.parametrize(("n", "confidence"), [(2, 0.95), (8, 0.9), (30, 0.99)])
def test_interval_is_that_of_scipy(n: int, confidence: float) -> None:
    half = np.random.default_rng(n).gamma(2.0, 3.0, n // 2)
    values = 5 + np.concatenate([half, -half])  # even: nothing is widened
    found = estimate_mean(values, confidence)
    low, high = stats.t.interval(confidence, n - 1, loc=values.mean(), scale=stats.sem(values))
    assert (found.n, found.mean, found.standard_deviation) == (n, values.mean(), pytest.approx(values.std(ddof=1)))
    assert (found.low, found.high) == (pytest.approx(low, rel=1e-12), pytest.approx(high, rel=1e-12))


def test_interval_worked_by_hand() -> None:
    # 1, 2, 3: mean 2, sd 1, t(0.975; 2) = 4.30265, half width 4.30265/sqrt(3) = 2.48414
    found = estimate_mean([1.0, 2.0, 3.0], 0.95)
    assert (found.low, found.high) == (pytest.approx(2 - 2.48414, abs=1e-5), pytest.approx(2 + 2.48414, abs=1e-5))


def test_many_measures_at_once_are_each_as_if_alone() -> None:
    rng = np.random.default_rng(5)
    first, second = rng.gamma(2.0, size=(2, 60, 12))
    for rows in (first, second):
        rows[rng.random(rows.shape) < 0.15] = np.nan
        rows[rng.random(rows.shape) < 0.01] = np.inf
    first[:3], second[1], first[4], second[4] = np.nan, np.nan, 1.0, 3.0
    means, apart = estimate_means(first, CONFIDENCE), paired_differences(first, second)
    alphas = rng.uniform(0.01, 0.2, 60)
    ends = intervals_of(apart, alphas)
    assert {found.n for found in apart} >= {0, 12} and len({found.n for found in means}) > 4
    for row in range(60):
        assert repr(means[row]) == repr(estimate_mean(first[row], CONFIDENCE))
        assert repr(apart[row]) == repr(paired_difference(first[row], second[row]))
        assert repr(ends[row]) == repr(apart[row].interval(alphas[row]))
        there = first[row][~np.isnan(first[row])]
        assert means[row].n == len(there)
        assert len(there) == 0 or means[row].mean == pytest.approx(there.mean())
        both = (second[row] - first[row])[~np.isnan(first[row] + second[row])]
        assert apart[row].n == len(both)
        if len(both) and np.isfinite(both).all():
            assert apart[row].mean == pytest.approx(both.mean())


def test_interval_leaves_out_what_was_not_measured() -> None:
    assert estimate_mean([1.0, math.nan, 3.0], 0.95) == estimate_mean([1.0, 3.0], 0.95)
    one = estimate_mean([math.nan, 5.0], 0.95)
    assert (one.n, one.mean) == (1, 5.0)
    assert all(map(math.isnan, (one.standard_deviation, one.low, one.high)))
    none = estimate_mean([math.nan], 0.95)
    assert none.n == 0
    assert math.isnan(none.mean)


def test_interval_of_equal_values_has_no_width() -> None:
    found = estimate_mean([0.1] * 7, 0.95)
    assert (found.standard_deviation, found.low, found.high) == (0.0, found.mean, found.mean)


def test_interval_covers_as_often_as_it_says() -> None:
    rng, n_intervals, n = np.random.default_rng(20250101), 4000, 8
    draws = rng.normal(3.0, 2.0, (n_intervals, n))
    covered = np.mean([found.low <= 3.0 <= found.high for found in (estimate_mean(row, CONFIDENCE) for row in draws)])
    standard_error = math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / n_intervals)
    assert abs(covered - CONFIDENCE) < 3 * standard_error


def test_difference_is_that_of_scipy() -> None:
    rng = np.random.default_rng(5)
    first = rng.exponential(10.0, 12)
    half = rng.normal(0.0, 2.0, 6)
    second = first + 1.0 + np.concatenate([half, -half])  # even: nothing is widened
    found = paired_difference(first, second)
    test = stats.ttest_rel(second, first)
    low, high = test.confidence_interval(0.9)
    assert found.p_value == pytest.approx(test.pvalue, rel=1e-9)
    assert found.interval(0.1) == (pytest.approx(low, rel=1e-9), pytest.approx(high, rel=1e-9))
    gain = (first.var(ddof=1) + second.var(ddof=1)) / (second - first).var(ddof=1)
    assert found.variance_reduction == pytest.approx(gain)
    assert found.variance_reduction > 5


def test_difference_says_how_many_pairs_it_has() -> None:
    found = paired_difference([1.0, math.nan, 3.0, 4.0], [2.0, 5.0, math.nan, 7.0])
    assert (found.n, found.mean) == (2, 2.0)
    single = paired_difference([1.0], [2.0])
    assert (single.n, single.mean) == (1, 1.0)
    assert math.isnan(single.p_value)
    assert all(map(math.isnan, single.interval(0.05)))


def test_difference_without_variance() -> None:
    same = paired_difference([1.0, 2.0, 4.0], [1.0, 2.0, 4.0])
    assert (same.mean, same.p_value, same.differ) == (0.0, 1.0, 0)
    assert all(map(math.isnan, same.interval(0.05))) and not same.has_interval
    assert paired_difference([1.0, 2.0, 4.0], [1.0, 2.0, 4.0], 1.0).interval(0.05)[1] > 1
    shifted = paired_difference([1.0, 2.0, 4.0], [2.0, 3.0, 5.0])
    assert (shifted.mean, shifted.p_value, shifted.interval(0.05)) == (1.0, 0.0, (1.0, 1.0))
    assert shifted.variance_reduction == math.inf
    assert math.isnan(paired_difference([3.0, 3.0], [4.0, 4.0]).variance_reduction)


def test_rounding_is_no_difference() -> None:
    first = np.array([0.3, 1e6, 0.0])
    found = paired_difference(first, np.array([0.1 + 0.2, np.nextafter(1e6, 2e6), 1e-12]))
    assert (found.mean, found.p_value) == (0.0, 1.0)


def test_replications_of_different_number_are_refused() -> None:
    with pytest.raises(ValueError, match="paired"):
        paired_difference([1.0, 2.0], [1.0])


def test_holm_worked_by_hand() -> None:
    # rising 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04 -> never falling: 0.06 at the end
    found = holm([0.01, 0.04, 0.03, 0.005])
    assert found.p_values == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert found.factors == pytest.approx([3, 1.5, 2, 4])


def test_holm_stops_at_the_first_it_keeps() -> None:
    # 0.03 twice: 2 * 0.03 = 0.06 keeps the first, and so the second, although 0.03 < 0.05
    found = holm([0.03, 0.03])
    assert found.p_values == pytest.approx([0.06, 0.06])
    assert found.factors == pytest.approx([2, 2])


def test_holm_leaves_out_what_has_no_p_value() -> None:
    found = holm([math.nan, 0.02, 0.0, 0.9])
    assert found.p_values[1:] == pytest.approx([0.04, 0.0, 0.9])
    assert math.isnan(found.p_values[0])
    assert math.isnan(found.factors[0])
    assert holm([0.9, 0.8]).p_values == pytest.approx([1.0, 1.0])
    assert holm([]).p_values.shape == (0,)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_lies_between_no_adjustment_and_bonferroni(p_values: list[float]) -> None:
    p, m = np.array(p_values), len(p_values)
    found = holm(p)
    assert np.all(found.p_values >= p)
    assert np.all(found.p_values <= np.minimum(1, m * p))
    assert np.all((found.factors >= 1 - 1e-9) & (found.factors <= m + 1e-9))


@given(st.lists(st.lists(st.integers(-9, 12), min_size=5, max_size=5), min_size=1, max_size=4))
def test_adjusted_interval_and_adjusted_p_agree(samples: list[list[int]]) -> None:
    differences = [paired_difference(np.zeros(5), sample, 1.0) for sample in samples]
    adjusted = holm([difference.p_value for difference in differences])
    for difference, p, factor in zip(differences, adjusted.p_values, adjusted.factors, strict=True):
        low, high = difference.interval(0.05 / factor)
        clear = verdict_of(low, high, "neither", math.nan) in (Verdict.LARGER, Verdict.SMALLER)
        assert clear == (p <= 0.05) or p == pytest.approx(0.05)


def test_holm_holds_the_familywise_error() -> None:
    # three scenarios that do not differ from the baseline: at most 5% of families may show any difference
    rng, n_families, n = np.random.default_rng(77), 3000, 10
    baselines, others = np.repeat(rng.normal(size=(n_families, n)), 3, axis=0), rng.normal(size=(3 * n_families, n))
    p_values = np.array([found.p_value for found in paired_differences(baselines, others)]).reshape(n_families, 3)
    wrong = sum(np.nanmin(holm(family).p_values) <= 0.05 for family in p_values)
    assert wrong / n_families <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / n_families)


@pytest.mark.parametrize(("count", "bound"), [(0, 2.996), (1, 4.744), (5, 10.513)])
def test_upper_bound_of_a_count_is_the_tabulated_one(count: int, bound: float) -> None:
    assert upper_bound_of_count(count, 0.95) == pytest.approx(bound, abs=5e-4)
    assert stats.poisson.cdf(count, upper_bound_of_count(count, 0.95)) == pytest.approx(0.05)


def test_mean_of_what_is_present() -> None:
    assert mean_of_present([1.0, math.nan, 3.0]) == 2.0
    assert mean_of_present([1.0, math.inf, math.nan]) == math.inf
    assert math.isnan(mean_of_present([math.nan]))
    assert present([1.0, math.nan, 3.0]).tolist() == [1.0, 3.0]


def test_standard_deviation_of_rows() -> None:
    # 1, 2, 3: squares 1 + 0 + 1 over 2
    assert standard_deviation(np.array([[1.0, 2.0, 3.0], [0.1, 0.1, 0.1]])).tolist() == [1.0, 0.0]
    assert np.isnan(standard_deviation(np.ones((2, 1)))).all()


def test_rows_with_numbers_in_the_same_columns_go_together() -> None:
    there = np.array([[True, False, True], [False, False, False], [True, False, True], [True, True, True]])
    assert [(rows.tolist(), columns.tolist()) for rows, columns in rows_by_presence(there)] == [
        ([0, 2], [0, 2]),
        ([3], [0, 1, 2]),
    ]


def test_differences_by_hand() -> None:
    baseline, compared = np.array([1.0, math.nan, math.inf, 0.3]), np.array([4.0, 1.0, 2.0, 0.1 + 0.2])
    np.testing.assert_array_equal(differences(baseline, compared), [3.0, math.nan, math.inf, 0.0])
    np.testing.assert_array_equal(differences_of(np.array([1.0, 0.3]), np.array([4.0, 0.1 + 0.2])), [3.0, 0.0])


def test_one_sided_bounds_worked_by_hand() -> None:
    # 1, 2, 3: t(0.975; 2) = 4.30265, so that each of 2 ± 2.48414 misses with 0.025
    low, high = METHOD.bounds(np.array([[1.0, 2.0, 3.0]]), 0.025)
    assert (low[0], high[0]) == (pytest.approx(2 - 2.48414, abs=1e-5), pytest.approx(2 + 2.48414, abs=1e-5))


def test_running_half_widths_are_those_of_the_intervals() -> None:
    values = np.random.default_rng(6).normal(1e6, 1.0, 12)
    halves = METHOD.running_half_widths(values, 0.05)
    assert math.isnan(halves[0]) and len(METHOD.running_half_widths(np.zeros(0), 0.05)) == 0
    for n in range(2, 13):
        low, high = METHOD.interval(values[None, :n], 0.05)
        assert halves[n - 1] == pytest.approx(float(high[0] - low[0]) / 2, rel=1e-6)


def test_replications_needed_worked_by_hand() -> None:
    # t(0.975; 9) = 2.26216: 10 · (3 · (1.95996 / 2.26216) / 1)² = 67.56
    assert METHOD.replications_needed(10, 3.0, 1.0, 0.05) == pytest.approx(67.56, abs=0.01)


def test_p_values_are_dual_to_intervals() -> None:
    rows = np.random.default_rng(9).normal(0.6, 1.0, (400, 8))
    p = METHOD.p_values(rows)
    for alpha in (0.01, 0.05, 0.3):
        low, high = METHOD.interval(rows, alpha)
        assert ((low <= 0) & (high >= 0)).tolist() == (p > alpha).tolist()
