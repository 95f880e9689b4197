"""Quantiles of the values of all replications together, with intervals of levels and of paired differences.

Values of one replication depend on each other, replications do not: they are the clusters of a sample of clusters. Values that
never came stand behind all others; a quantile that falls among them has no value.

Sources: Woodruff, Journal of the American Statistical Association 47 (1952) 635-646; Francisco and Fuller, Annals of Statistics
19 (1991) 454-469 (clusters); Efron and Tibshirani, An Introduction to the Bootstrap (1993), 8 and 13 (whole clusters, in pairs).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.ground.streams import draw
from sim.statistics import intervals
from sim.statistics.intervals import Estimate, critical_value, level_of_critical_value

STREAM = "bootstrap of replications"
DRAWS = 999
GRID = 1.0  # values are rounded to whole ones, so that the difference of two is off by as much
BAND = 6.0  # standard errors about a share, at their largest possible, within which all draws of its quantile lie
FEWEST_BEYOND = 5  # values that are expected on either side of a quantile, from which on a difference of two is judged
ROUNDING = 1e-9  # of a share times a count, whose float may lie a hair above a whole number

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """The values of all replications together, counted.

    values: shape (m,), rising, each once · at_most: shape (m,), how many values are at most that one · size: how many there are
    with those that never came.
    """

    values: Floats
    at_most: Counts
    size: int

    @property
    def never(self) -> float:
        """The share of values that never came; NaN where there are none at all."""
        came = int(self.at_most[-1]) if len(self.at_most) else 0
        return (self.size - came) / self.size if self.size else math.nan

    def place(self, share: float) -> int:
        """The place in `values` of the smallest that at least this share does not exceed; m where that share never came."""
        return int(np.searchsorted(self.at_most, math.ceil(share * self.size - ROUNDING)))

    def value(self, share: float) -> float:
        """The smallest value that at least this share does not exceed; NaN where there is none."""
        place = self.place(share)
        return float(self.values[place]) if share > 0 and self.size and place < len(self.values) else math.nan

    @cached_property
    def of_those_that_came(self) -> "Pool":
        """The same without the values that never came."""
        return Pool(self.values, self.at_most, int(self.at_most[-1]) if len(self.at_most) else 0)


@dataclass(frozen=True, slots=True)
class ClusterCounts:
    """How many values of each replication are at most each of some values of a pool.

    values: shape (k,), rising · at_most: shape (k, r) · sizes: shape (r,), with those that never came · sums: shape (2, r), of
    all values that came, and of their squares. Between two neighbours of `values` there may be others in the pool where no
    quantile of it, or of a draw of its replications, is looked for.
    """

    values: Floats
    at_most: Floats
    sizes: Floats
    sums: Floats

    @property
    def of_those_that_came(self) -> "ClusterCounts":
        """The same without the values that never came; the last of `values` is the last of the pool."""
        came = self.at_most[-1] if len(self.at_most) else np.zeros_like(self.sizes)
        return ClusterCounts(self.values, self.at_most, came, self.sums)

    def first(self, n: int) -> "ClusterCounts":
        """Those of the first n replications."""
        return ClusterCounts(self.values, self.at_most[:, :n], self.sizes[:n], self.sums[:, :n])


@dataclass(frozen=True, slots=True)
class PooledQuantile:
    """A quantile of the values of all replications, with its interval.

    share: which quantile, 0.95 of the 95th percentile · n: replications with a value · value: the smallest value that at least
    that share does not exceed, as every quantile of this package (Hyndman and Fan 1996, definition 1); NaN where it falls among
    those that never came, or there are none · replications: shape (3, r), size, sum of values and of their squares of each, by
    which it is known whether two scenarios differ in it (flights that change places in a queue keep the sum) · influences:
    shape (r,), of each replication on the share at most the value, less that share · draws: shape (DRAWS,), the quantile of as
    many samples of r replications, drawn with replacement, which are the same for all quantiles of r replications; inf where it
    falls among those that never came, NaN where nothing was drawn, and everywhere if fewer than FEWEST_BEYOND values are
    expected on one side of the quantile: no difference is told from so few.
    """

    share: float
    n: int
    value: float
    pool: Pool = field(repr=False)
    replications: Floats = field(repr=False, compare=False)
    influences: Floats = field(repr=False, compare=False)
    draws: Floats = field(repr=False, compare=False)

    @property
    def never(self) -> float:
        """The share of values that never came; NaN where there are no values."""
        return self.pool.never

    @property
    def is_not_reached(self) -> bool:
        """Whether the quantile falls among the values that never came."""
        return math.isnan(self.value) and self.pool.size > 0

    @property
    def is_comparable(self) -> bool:
        """Whether it has a value, and draws by which differences from it are judged."""
        return not math.isnan(self.value) and self.n > 1 and bool(np.isfinite(self.draws).sum() > 1)

    def estimate(self, confidence: float) -> Estimate:
        """The quantile with its interval as the estimate of a mean; it has no standard deviation of replications."""
        return Estimate(self.n, self.value, math.nan, *self.interval(1 - confidence))

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the interval that misses the quantile with probability `alpha`; NaN for an end that there is not.

        Woodruff's: where the share of values that are at most the quantile may be, by the method in use, is where in the pool
        the quantile may be. It is taken to be no narrower than for as many values that are independent of each other. Without
        an upper end the quantile may fall among those that never came, or the values are too few to say.
        """
        if self.n < 2 or not self.pool.size:
            return math.nan, math.nan
        low, high = (float(end[0]) for end in intervals.METHOD.interval(self.influences[None], alpha))
        least = _critical(self.n, alpha) * math.sqrt(self.share * (1 - self.share) / self.pool.size)
        ends = self.share - max(high, least), self.share - min(low, -least)
        return self.pool.value(ends[0]), self.pool.value(ends[1]) if ends[1] <= 1 else math.nan


@dataclass(frozen=True, slots=True)
class QuantileDifference:
    """The difference of two pooled quantiles, "compared minus baseline"; NaN where either has no value, or too few values.

    Fields as those of `PairedDifference`; n: the least number of replications with a value · standard_deviation: sqrt(n) times
    the standard error, which is that of the draws of the bootstrap · differ: how many replications differ in any value · grid: by
    how much rounding may be to blame · upward:
    shape (DRAWS,), the draws of the difference in rising order; -inf or inf where only the baseline's or only the compared
    quantile falls among those that never came, and -inf where both do · downward: minus the draws in rising order, with the same
    meaning.
    """

    n: int
    mean: float
    standard_deviation: float
    p_value: float
    variance_reduction: float
    differ: int
    grid: float
    upward: Floats = field(repr=False, compare=False)
    downward: Floats = field(repr=False, compare=False)

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval to be told: something is compared, and some replication differs."""
        return not math.isnan(self.mean) and self.differ > 0

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the interval that misses with probability `alpha`.

        They are NaN where nothing is compared, and -inf or inf where there is none on that side. The hull of two: t(n - 1) times
        the standard error by the bootstrap, and its percentiles; wider by `grid` on either side. The p-value is above alpha
        exactly where it contains 0.
        """
        if math.isnan(self.mean):
            return math.nan, math.nan
        half = _critical(self.n, alpha) * self.standard_deviation / math.sqrt(self.n)
        low, below = _percentile(self.upward, self.mean, self.n, alpha), _percentile(self.downward, -self.mean, self.n, alpha)
        return min(self.mean - half, low) - self.grid, max(self.mean + half, -below) + self.grid


_NONE = np.zeros(0)
NOTHING_TO_COMPARE = QuantileDifference(0, math.nan, math.nan, math.nan, math.nan, 0, GRID, _NONE, _NONE)


def _critical(n: int, alpha: float) -> float:
    return float(critical_value(n, alpha))


def _percentile(rising: Floats, estimate: float, n: int, alpha: float) -> float:
    """The lower percentile end of the draws of an estimate. Beyond the outermost draw the end goes on as t(n - 1) does."""
    place = int((DRAWS + 1) * alpha / 2 + ROUNDING)
    if place:
        return float(rising[place - 1])
    reach = max(estimate - float(rising[0]), 0.0)
    return estimate - reach * (_critical(n, alpha) / _critical(n, _OUTERMOST))


_OUTERMOST = 2 / (DRAWS + 1)  # the interval from the least draw to the largest misses with that probability


def pool_of(values: Floats, counts: Counts, size: int) -> Pool:
    """The pool of finite values in any order, shape (k,), that came so many times each; size: with those that never came."""
    rising, place = np.unique(values, return_inverse=True)
    return Pool(rising, np.cumsum(np.bincount(place, counts, len(rising))).astype(np.int64), size)


def places_about(pool: Pool, sizes: Floats, shares: Sequence[float]) -> NDArray[np.intp]:
    """The places in the pool's values where a draw of its replications, of these sizes, may have one of these quantiles; the last
    is among them.

    The standard error of a share in clusters is largest where each of them holds one value only: that bound times BAND.
    """
    error = math.sqrt(float((sizes**2).sum())) / pool.size if pool.size else 0.0
    is_near = np.zeros(len(pool.values), dtype=np.bool_)
    is_near[-1:] = True
    for share in shares:
        reach = BAND * error * math.sqrt(share * (1 - share))
        is_near[max(pool.place(share - reach) - 1, 0) : pool.place(share + reach) + 1] = True
    return np.flatnonzero(is_near)


def cluster_counts(
    replication: NDArray[np.intp], values: Floats, counts: Counts, n_replications: int
) -> tuple[Pool, ClusterCounts]:
    """The pool of values by replication, value (inf: never came) and count, shape (k,) each, and its counts at all values."""
    came = np.isfinite(values)
    sizes = np.bincount(replication, counts, n_replications).astype(np.float64)
    pool = pool_of(values[came], counts[came], int(sizes.sum()))
    table = np.zeros((len(pool.values), n_replications))
    np.add.at(table, (np.searchsorted(pool.values, values[came]), replication[came]), counts[came])
    sums = sums_of_powers(replication[came], values[came], counts[came], n_replications)
    return pool, ClusterCounts(pool.values, np.cumsum(table, axis=0), sizes, sums)


def sums_of_powers(replication: NDArray[np.intp], values: Floats, counts: Counts, n_replications: int) -> Floats:
    """Shape (2, n_replications): the sum of the values of each, and of their squares, each value counted so many times."""
    return np.array([np.bincount(replication, values**power * counts, n_replications) for power in (1, 2)], dtype=np.float64)


def pooled_quantile(pool: Pool, counts: ClusterCounts, share: float, with_draws: bool = True) -> PooledQuantile:
    """The quantile of the pool, whose replications have these counts; without draws for one of which no difference is asked."""
    n, replications = int(np.count_nonzero(counts.sizes)), np.vstack([counts.sizes, counts.sums])
    if not len(counts.values):
        return PooledQuantile(share, n, math.nan, pool, replications, np.zeros(len(counts.sizes)), np.full(DRAWS, math.nan))
    place = min(pool.place(share), len(pool.values) - 1)
    at_most = counts.at_most[int(np.searchsorted(counts.values, pool.values[place]))]
    influences = (at_most - at_most.sum() / pool.size * counts.sizes) / counts.sizes.mean()
    has_enough = pool.size * min(share, 1 - share) >= FEWEST_BEYOND - ROUNDING
    draws = _draws(counts, share) if has_enough and with_draws else np.full(DRAWS, math.nan)
    return PooledQuantile(share, n, pool.value(share), pool, replications, influences, draws)


def of_each_replication(counts: ClusterCounts, share: float) -> Floats:
    """Shape (r,): the quantile of each replication's values alone; inf where it falls among those that never came.

    NaN where the replication has no values.
    """
    needed = np.ceil(share * counts.sizes - ROUNDING)
    places = [int(np.searchsorted(column, least)) for column, least in zip(counts.at_most.T, needed, strict=True)]
    return np.where(counts.sizes > 0, np.append(counts.values, math.inf)[places], math.nan)


def of_first_replications(
    pool: Pool, counts: ClusterCounts, share: float, begin: int = 1, with_draws: bool = True
) -> Iterator[PooledQuantile]:
    """The quantile of the first `begin` replications, of one more, and so on up to all; of counts at all values of the pool."""
    at_most, sizes = np.cumsum(counts.at_most, axis=1), np.cumsum(counts.sizes)
    for n in range(begin, len(sizes) + 1):
        of_first = Pool(pool.values, at_most[:, n - 1].astype(np.int64), int(sizes[n - 1]))
        yield pooled_quantile(of_first, counts.first(n), share, with_draws)


def _draws(counts: ClusterCounts, share: float) -> Floats:
    """Shape (DRAWS,): the quantile of each draw of the replications, found by halving."""
    drawn, n_values = times_drawn(len(counts.sizes)), len(counts.values)
    sizes = drawn @ counts.sizes
    needed = share * sizes - ROUNDING
    low, high = np.zeros(DRAWS, dtype=np.intp), np.full(DRAWS, n_values, dtype=np.intp)  # the place is in [low, high]
    while (low < high).any():
        middle = np.minimum((low + high) // 2, n_values - 1)
        enough = np.einsum("dr,dr->d", drawn, counts.at_most[middle]) >= needed
        low, high = np.where(enough | (low >= high), low, middle + 1), np.where(enough & (low < high), middle, high)
    quantiles = np.append(counts.values, math.inf)[low]
    return np.where(sizes > 0, quantiles, math.nan)


@lru_cache(maxsize=4)
def times_drawn(n_replications: int) -> Floats:
    """Shape (DRAWS, n_replications): how often each replication is in each draw of the bootstrap."""
    uniforms = draw(0, 0, STREAM, "uniform", DRAWS * n_replications).reshape(DRAWS, n_replications)
    cells = np.arange(DRAWS)[:, None] * n_replications + (uniforms * n_replications).astype(np.intp)
    return np.bincount(cells.ravel(), minlength=DRAWS * n_replications).reshape(DRAWS, n_replications).astype(np.float64)


def quantile_difference(baseline: PooledQuantile, compared: PooledQuantile) -> QuantileDifference:
    """The difference of two quantiles of replications that share their random numbers.

    Nothing is compared where either has no value, or no draws.
    """
    return quantile_contrast([compared], [baseline])


def quantile_contrast(
    plus: Sequence[PooledQuantile], minus: Sequence[PooledQuantile], weights: Sequence[float] | None = None
) -> QuantileDifference:
    """The sum of some quantiles less the sum of as many others; "compared" are the first, "baseline" the second.

    weights: of each pair of the two, above 0; 1 unless given.
    """
    terms, of_pairs = [*plus, *minus], np.ones(len(plus)) if weights is None else np.asarray(weights, dtype=np.float64)
    n = min(term.n for term in terms)
    mean = sum(w * (high.value - low.value) for w, high, low in zip(of_pairs.tolist(), plus, minus, strict=True))
    low, high = _differences(plus, minus, of_pairs)
    known = np.isfinite(low) & np.isfinite(high)
    if any(term is NO_QUANTILE for term in terms):
        return replace(NOTHING_TO_COMPARE, n=n)
    pairs = zip(plus, minus, strict=True)
    apart = [(compared.replications != baseline.replications).any(axis=0) for compared, baseline in pairs]
    differ = int(np.count_nonzero(np.any(apart, axis=0)))
    if not all(term.is_comparable for term in terms) or np.count_nonzero(known) < 2:
        return replace(NOTHING_TO_COMPARE, n=n, differ=differ)
    per_draw = n / (n - 1)  # the variance of a draw is that of n values with divisor n
    error = math.sqrt(float(np.var(low[known], ddof=1)) * per_draw)
    squares = np.tile(of_pairs**2, 2).tolist()
    unpaired = sum(w * float(np.var(term.draws[known], ddof=1)) for w, term in zip(squares, terms, strict=True)) * per_draw
    worth = unpaired / error**2 if error else math.inf if unpaired else math.nan
    upward, downward, grid = np.sort(low), np.sort(-high), GRID * float(of_pairs.sum())
    p_value = _p_value(n, abs(mean) - grid, error, (upward if mean > 0 else downward) - grid)
    return QuantileDifference(n, mean, error * math.sqrt(n), p_value, worth, differ, grid, upward, downward)


def _differences(plus: Sequence[PooledQuantile], minus: Sequence[PooledQuantile], weights: Floats) -> tuple[Floats, Floats]:
    """The least and the largest that the difference of each draw may be; one number where all quantiles have a value."""
    both = np.all([np.isfinite(term.draws) for term in (*plus, *minus)], axis=0)
    sums = (weights @ np.array([np.where(both, term.draws, 0.0) for term in terms]) for terms in (plus, minus))
    difference = np.subtract(*sums)
    beyond, below = (~np.all([np.isfinite(term.draws) for term in terms], axis=0) for terms in (plus, minus))
    low = np.where(both, difference, np.where(below, -math.inf, math.inf))
    high = np.where(both, difference, np.where(beyond, math.inf, -math.inf))
    return low, high


def _p_value(n: int, distance: float, error: float, rising: Floats) -> float:
    """The level at which the end nearer to 0 touches it. rising: the draws of an estimate that is that far above 0."""
    if distance <= 0:
        return 1.0
    by_error = level_of_critical_value(n, distance / error) if error else 0.0
    n_crossed = int(np.count_nonzero(rising <= 0))
    if n_crossed:
        return max(by_error, min(1.0, 2 * (n_crossed + 1) / (DRAWS + 1)))
    reach = distance - float(rising[0])
    beyond = level_of_critical_value(n, _critical(n, _OUTERMOST) * distance / reach) if reach > 0 else 0.0
    return max(by_error, beyond)


_EMPTY = Pool(_NONE, _NONE.astype(np.int64), 0)
NO_QUANTILE = PooledQuantile(math.nan, 0, math.nan, _EMPTY, np.zeros((2, 0)), _NONE, np.full(DRAWS, math.nan))
"""The quantile of a scenario that has no such part."""
