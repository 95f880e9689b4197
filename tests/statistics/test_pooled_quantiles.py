"""Quantiles of the values of all replications: by hand, against the plain definition, and how often their intervals hold."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.ground.arrays import Floats
from sim.statistics.pooled_quantiles import (
    DRAWS,
    ClusterCounts,
    Pool,
    PooledQuantile,
    cluster_counts,
    of_each_replication,
    of_first_replications,
    places_about,
    pool_of,
    pooled_quantile,
    quantile_contrast,
    quantile_difference,
    sums_of_powers,
    times_drawn,
)

CONFIDENCE, STANDARD_ERRORS = 0.95, 4.0
NEVER = 0.06


def counted(by_replication: list[list[float]]) -> tuple[Pool, ClusterCounts]:
    """The pool and the counts of values listed by replication, inf for never."""
    replication = np.repeat(np.arange(len(by_replication)), [len(values) for values in by_replication])
    values = np.array([value for of_one in by_replication for value in of_one])
    return cluster_counts(replication, values, np.ones(len(values), dtype=np.int64), len(by_replication))


def quantile_of(by_replication: list[list[float]], share: float) -> PooledQuantile:
    return pooled_quantile(*counted(by_replication), share)


def order_statistic(values: Floats, share: float) -> float:
    """The smallest value that at least the share does not exceed; inf stands last."""
    return float(np.sort(values)[max(math.ceil(share * len(values) - 1e-9), 1) - 1])


def test_a_quantile_is_that_of_all_values_at_once() -> None:
    by_replication = [[10.0, 20.0], [30.0, 40.0, 50.0], [], [60.0]]
    assert [quantile_of(by_replication, share).value for share in (0.5, 0.51, 1 / 6, 1.0)] == [30, 40, 10, 60]
    assert quantile_of(by_replication, 0.5).n == 3


def test_values_that_never_came_stand_last_and_have_a_share() -> None:
    by_replication = [[10.0, math.inf], [20.0, 30.0]]
    assert quantile_of(by_replication, 0.75).value == 30
    beyond = quantile_of(by_replication, 0.76)
    assert math.isnan(beyond.value)
    assert beyond.never == 0.25
    pool, counts = counted(by_replication)
    came = pooled_quantile(pool.of_those_that_came, counts.of_those_that_came, 0.76)
    assert (came.value, came.never) == (30, 0.0)


def test_one_replication_in_which_it_never_came_does_not_take_the_value_away() -> None:
    """The mean of the replications' quantiles would be infinite."""
    by_replication = [[*range(8), math.inf, math.inf], *[[float(value) for value in range(10)]] * 9]
    assert quantile_of(by_replication, 0.9).value == 9  # 79 of 100 below 8, 9 each of 8 and 9: the 90th is 9
    assert quantile_of(by_replication, 0.9).never == 0.02


def test_nothing_at_all_has_no_quantile() -> None:
    empty = quantile_of([[], []], 0.5)
    assert math.isnan(empty.value) and math.isnan(empty.never) and empty.n == 0
    assert all(map(math.isnan, empty.interval(0.05)))
    never = quantile_of([[math.inf], [math.inf]], 0.5)
    assert math.isnan(never.value) and never.never == 1.0
    assert math.isnan(quantile_difference(never, empty).mean)


def test_one_replication_has_no_interval() -> None:
    alone = quantile_of([[float(value) for value in range(100)]], 0.5)
    assert alone.value == 49
    assert all(map(math.isnan, alone.interval(0.05)))


def test_counts_may_stand_for_single_values() -> None:
    single = counted([[5.0, 5.0, 7.0], [5.0, math.inf, 9.0]])
    values = np.array([5.0, 7.0, 5.0, math.inf, 9.0])
    table = cluster_counts(np.array([0, 0, 1, 1, 1]), values, np.array([2, 1, 1, 1, 1]), 2)
    for first, second in zip(single, table, strict=True):
        assert all(np.array_equal(vars_of(first)[name], vars_of(second)[name]) for name in vars_of(first))


def vars_of(counts: Pool | ClusterCounts) -> dict[str, object]:
    names = ("values", "at_most", "size") if isinstance(counts, Pool) else ("values", "at_most", "sizes", "sums")
    return {name: getattr(counts, name) for name in names}


def test_quantiles_and_draws_are_those_of_the_values_written_out() -> None:
    """Each draw of replications, written out flight by flight, has the quantile that is found in the counts."""
    rng = np.random.default_rng(11)
    by_replication = [rng.integers(0, 50, int(size)).astype(float).tolist() for size in rng.integers(0, 40, 7)]
    by_replication[2] += [math.inf, math.inf]
    for share in (0.05, 0.5, 0.95):
        quantile = quantile_of(by_replication, share)
        expected = order_statistic(np.concatenate(by_replication), share)
        assert quantile.value == expected or (math.isinf(expected) and math.isnan(quantile.value))
        for times, drawn in zip(times_drawn(7), quantile.draws, strict=True):
            pooled = [v for values, t in zip(by_replication, times, strict=True) for v in values * int(t)]
            written_out = order_statistic(np.array(pooled), share) if pooled else math.nan
            assert drawn == written_out or (math.isnan(drawn) and not pooled)


def test_a_narrow_part_of_the_counts_gives_the_same_draws() -> None:
    rng = np.random.default_rng(4)
    pool, counts = counted([np.round(rng.normal(0, 100, 80)).tolist() for _ in range(12)])
    kept = (counts.values > -60) & (counts.values < 60) | (counts.values == counts.values[-1])
    narrow = ClusterCounts(counts.values[kept], counts.at_most[kept], counts.sizes, counts.sums)
    full, part = (pooled_quantile(pool, of, 0.5) for of in (counts, narrow))
    assert np.array_equal(full.draws, part.draws) and np.array_equal(full.influences, part.influences)


def test_the_places_about_a_quantile_hold_all_of_its_draws_and_are_few_of_many_replications() -> None:
    rng = np.random.default_rng(21)
    for n, most in ((5, 1.0), (200, 0.7), (2000, 0.3)):
        shared = rng.normal(0, 300, n)  # almost all of the spread is between replications
        replication = np.repeat(np.arange(n), 8)
        values = np.round(shared[replication] + rng.normal(0, 5, len(replication)))
        pool, counts = cluster_counts(replication, values, np.ones(len(values), dtype=np.int64), n)
        places = places_about(pool, counts.sizes, [0.5])
        assert len(places) <= most * len(pool.values) and places[-1] == len(pool.values) - 1
        near = ClusterCounts(counts.values[places], counts.at_most[places], counts.sizes, counts.sums)
        assert np.array_equal(pooled_quantile(pool, near, 0.5).draws, pooled_quantile(pool, counts, 0.5).draws)


def test_a_pool_is_of_values_in_any_order() -> None:
    pool = pool_of(np.array([7.0, 5.0, 7.0]), np.array([1, 2, 3]), 10)
    assert (pool.values.tolist(), pool.at_most.tolist(), pool.never) == ([5, 7], [2, 6], 0.4)
    assert [pool.place(share) for share in (0.2, 0.21, 0.6, 0.61)] == [0, 1, 1, 2]


def test_the_draws_take_every_replication_alike_and_never_change() -> None:
    drawn = times_drawn(20)
    assert drawn.shape == (DRAWS, 20)
    assert (drawn.sum(axis=1) == 20).all()
    assert np.abs(drawn.mean(axis=0) - 1).max() < 4 / math.sqrt(DRAWS)
    assert drawn[0, :8].tolist() == [3, 0, 2, 2, 1, 2, 1, 0]


def test_few_values_have_no_upper_end() -> None:
    """The 95th percentile of 40 values may lie above all of them."""
    few = quantile_of([[1.0, 2.0]] * 20, 0.95)
    assert few.value == 2
    assert few.interval(0.05)[0] == 2 and math.isnan(few.interval(0.05)[1])
    assert quantile_of([[1.0, 2.0] * 10] * 20, 0.95).interval(0.05)[1] == 2


def test_an_upper_end_among_those_that_never_came_is_not_there() -> None:
    came, never = [float(value) for value in range(95)], [math.inf] * 5
    low, high = quantile_of([came + never] * 10, 0.94).interval(0.05)
    assert low < 94 and math.isnan(high)


class Made:
    """Made-up studies: values of flights about a number that their replication shares; some never come.

    The compared scenario moves each flight by `shift` and a number of its own of standard deviation `spread`.
    """

    def __init__(self, n: int, shift: float, spread: float, never: float = NEVER) -> None:
        self.n, self.shift, self.spread, self.never = n, shift, spread, never
        self.within, self.between = 100.0, 60.0

    def truth(self, share: float) -> tuple[float, float]:
        """The quantile of the baseline, and that of the compared scenario less it."""
        z = float(stats.norm.ppf(share / (1 - self.never)))
        base, compared = math.hypot(self.within, self.between), math.hypot(self.within, self.between, self.spread)
        return z * base, self.shift + z * (compared - base)

    def studies(self, number: int, seed: int, share: float) -> Iterator[tuple[PooledQuantile, PooledQuantile]]:
        rng = np.random.default_rng(seed)
        for _ in range(number):
            sizes = rng.poisson(60, self.n)
            replication = np.repeat(np.arange(self.n), sizes)
            values = rng.normal(0, self.between, self.n)[replication] + rng.normal(0, self.within, len(replication))
            other = values + self.shift + rng.normal(0, self.spread, len(values))
            lost = rng.random(len(values)) < self.never
            yield (
                self.of(np.where(lost, math.inf, values), replication, share),
                self.of(np.where(lost, math.inf, other), replication, share),
            )

    def of(self, values: Floats, replication: NDArray[np.intp], share: float) -> PooledQuantile:
        counts = np.ones(len(values), dtype=np.int64)
        return pooled_quantile(*cluster_counts(replication, np.round(values), counts, self.n), share)


def held(low: float, high: float, truth: float) -> bool:
    """Whether an interval holds the truth; values are rounded to whole numbers. An end that is not there holds anything."""
    return not (low - 0.5 > truth) and not (high + 0.5 < truth)


def at_least(held_in: list[bool], confidence: float = CONFIDENCE) -> None:
    share, error = float(np.mean(held_in)), math.sqrt(confidence * (1 - confidence) / len(held_in))
    assert share > confidence - STANDARD_ERRORS * error, f"{share:.3f}"


@pytest.mark.parametrize("number", [250, pytest.param(4000, marks=pytest.mark.slow)], ids=["quick", "full"])
@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("n", [10, 20])
def test_intervals_hold_the_true_quantiles_and_their_difference(n: int, share: float, number: int) -> None:
    made = Made(n, shift=15.0, spread=20.0)
    truth, difference = made.truth(share)
    levels, apart = [], []
    for baseline, compared in made.studies(number, 1000 * n, share):
        levels.append(held(*baseline.interval(1 - CONFIDENCE), truth))
        low, high = quantile_difference(baseline, compared).interval(1 - CONFIDENCE)
        apart.append(held(low, high, difference))
    at_least(levels)
    at_least(apart)
    assert number < 1000 or np.mean(levels) < 0.985, "needlessly wide"


def test_a_difference_is_found_where_there_is_one_and_seldom_where_there_is_none() -> None:
    clear = [quantile_difference(*pair).p_value for pair in Made(20, 15.0, 20.0).studies(60, 5, 0.5)]
    assert np.mean(np.array(clear) < 0.05) > 0.8
    none = [quantile_difference(*pair).p_value for pair in Made(20, 0.0, 40.0, never=0.0).studies(250, 6, 0.5)]
    at_least([p >= 0.05 for p in none])


def test_pairing_is_worth_replications() -> None:
    difference = quantile_difference(*next(Made(20, 15.0, 20.0).studies(1, 7, 0.5)))
    assert difference.variance_reduction > 4
    assert difference.standard_deviation > 0


@pytest.mark.parametrize("shift", [0.0, 4.0, 30.0, -12.0])
def test_p_is_the_level_at_which_the_interval_touches_nought(shift: float) -> None:
    """Holm's verdicts and intervals may not clash, at any level and beyond the outermost draw too."""
    for pair in Made(12, shift, 15.0).studies(20, 8, 0.5):
        difference = quantile_difference(*pair)
        p = difference.p_value
        for alpha in (p * 0.98, min(p * 1.02, 0.99), 1e-9, 1e-4, 0.002, 0.01, 0.05, 0.3):
            low, high = difference.interval(alpha)
            assert (low <= 0 <= high) == (p > alpha), (p, alpha, low, high)


def test_intervals_are_nested() -> None:
    difference = quantile_difference(*next(Made(12, 10.0, 15.0).studies(1, 9, 0.5)))
    ends = [difference.interval(alpha) for alpha in (0.5, 0.1, 0.05, 0.01, 0.002, 0.0019, 0.001, 1e-6)]
    assert all(wide[0] <= narrow[0] and narrow[1] <= wide[1] for narrow, wide in pairwise(ends))


def test_a_difference_has_no_upper_end_where_the_compared_quantile_may_never_come() -> None:
    rng = np.random.default_rng(10)
    flights = [rng.normal(0, 100, 100).round() for _ in range(10)]
    with_never = [np.where(rng.random(100) < 0.09, math.inf, of_one).tolist() for of_one in flights]
    baseline, compared = quantile_of([of_one.tolist() for of_one in flights], 0.9), quantile_of(with_never, 0.9)
    difference = quantile_difference(baseline, compared)
    assert difference.mean > 0 and difference.interval(0.05)[1] == math.inf and difference.interval(0.05)[0] < math.inf
    back = quantile_difference(compared, baseline)
    assert back.mean == -difference.mean and back.interval(0.05)[0] == -math.inf
    assert back.p_value == difference.p_value


def test_quantiles_of_few_values_are_not_compared() -> None:
    few, many = quantile_of([[1.0, 2.0]] * 40, 0.95), quantile_of([[1.0, 2.0]] * 50, 0.95)
    assert few.value == many.value == 2
    assert math.isnan(quantile_difference(few, few).mean)
    assert quantile_difference(many, many).mean == 0
    assert quantile_difference(many, many).p_value == 1
    assert quantile_difference(many, many).interval(0.05) == (-1, 1)  # both are rounded


def test_an_interval_is_told_only_where_some_replication_differs() -> None:
    one = [[float(value) for value in range(20)]] * 4
    same = quantile_difference(quantile_of(one, 0.5), quantile_of(one, 0.5))
    assert (same.differ, same.has_interval) == (0, False)
    other = [one[0], [value + 3 * (value > 15) for value in one[0]], one[0], [*one[0][:19], math.inf]]
    elsewhere = quantile_difference(quantile_of(one, 0.5), quantile_of(other, 0.5))
    assert (elsewhere.mean, elsewhere.differ, elsewhere.has_interval) == (0, 2, True)
    assert elsewhere.interval(0.05) == (-1, 1)


def test_a_difference_of_differences_is_that_of_its_draws() -> None:
    (a, b), (c, d) = (next(Made(20, shift, 15.0, never=0.0).studies(1, seed, 0.5)) for shift, seed in ((5.0, 30), (40.0, 31)))
    contrast = quantile_contrast([d, a], [c, b])
    assert contrast.mean == (d.value - c.value) - (b.value - a.value)
    draws = (d.draws - c.draws) - (b.draws - a.draws)
    assert contrast.standard_deviation / math.sqrt(20) == pytest.approx(draws.std(ddof=1) * math.sqrt(20 / 19))
    low, high = contrast.interval(0.05)
    assert low + 2 <= np.sort(draws)[24] and high - 2 >= np.sort(draws)[974]  # each of the two is a second off at most
    assert low == pytest.approx(-quantile_contrast([c, b], [d, a]).interval(0.05)[1])


def test_quantiles_of_each_replication_alone_and_of_the_first_ones() -> None:
    by_replication = [[3.0, 1.0], [], [5.0, math.inf, math.inf], [2.0, 2.0, 9.0]]
    pool, counts = counted(by_replication)
    np.testing.assert_array_equal(of_each_replication(counts, 0.5), [1, math.nan, math.inf, 2])
    np.testing.assert_array_equal(of_each_replication(counts.of_those_that_came, 0.5), [1, math.nan, 5, 2])
    for share in (0.3, 0.5, 0.9):
        first = list(of_first_replications(pool, counts, share))
        alone = [quantile_of(by_replication[:n], share) for n in range(1, 5)]
        np.testing.assert_array_equal([one.value for one in first], [one.value for one in alone])
        np.testing.assert_array_equal([one.n for one in first], [one.n for one in alone])
        for one, other in zip(first, alone, strict=True):
            np.testing.assert_allclose(one.influences, other.influences)
            np.testing.assert_array_equal(one.draws, other.draws)
        assert [one.n for one in of_first_replications(pool, counts, share, begin=3)] == [2, 3]


def test_flights_that_change_places_in_a_queue_make_two_replications_differ() -> None:
    """Their waits have the same sum: 1 and 9 minutes in place of 4 and 6."""
    before = [[60.0 * minute for minute in (1, 2, 3, 4, 6, 7, 8, 10, 12, 20)] for _ in range(3)]
    after = [list(values) for values in before]
    after[1][3:5] = [60.0, 540.0]
    assert quantile_difference(quantile_of(before, 0.5), quantile_of(after, 0.5)).differ == 1
    assert quantile_difference(quantile_of(before, 0.5), quantile_of(before, 0.5)).differ == 0


def test_a_value_counts_as_often_as_it_came() -> None:
    sums = sums_of_powers(np.array([0, 0, 2]), np.array([3.0, 5.0, 2.0]), np.array([2, 1, 4]), 3)
    assert sums.tolist() == [[11.0, 0.0, 8.0], [43.0, 0.0, 16.0]]


def test_a_contrast_may_weigh_its_pairs() -> None:
    """Half of one difference and half of another: value, draws and rounding."""
    levels = [quantile_of([[60.0 * (start + step * k) for k in range(12)] for step in (1, 2, 3)], 0.5) for start in (0, 5, 9, 30)]
    halves = quantile_contrast([levels[1], levels[3]], [levels[0], levels[2]], [0.5, 0.5])
    first, second = quantile_difference(levels[0], levels[1]), quantile_difference(levels[2], levels[3])
    assert halves.mean == pytest.approx((first.mean + second.mean) / 2)
    assert halves.grid == 1.0 == first.grid
    draws = (levels[1].draws - levels[0].draws + levels[3].draws - levels[2].draws) / 2
    assert halves.upward == pytest.approx(np.sort(draws))
