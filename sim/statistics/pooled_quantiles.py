"""Quantiles of the values of all replications together, with intervals of levels and of paired differences.

Values of one replication depend on each other, replications do not: they are the clusters of a sample of clusters. Values that
never came stand behind all others; a quantile that falls among them has no value.

Sources: Woodruff, Journal of the American Statistical Association 47 (1952) 635-646; Francisco and Fuller, Annals of Statistics
19 (1991) 454-469 (clusters); Efron and Tibshirani, An Introduction to the Bootstrap (1993), 8 and 13 (whole clusters, in pairs).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.ground.arrays import Floats
from sim.ground.streams import draw
from sim.statistics import intervals

STREAM = "bootstrap of replications"
DRAWS = 999
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

    values: shape (k,), rising · at_most: shape (k, r) · sizes: shape (r,), with those that never came. Between two neighbours of
    `values` there may be others in the pool where no quantile of it, or of a draw of its replications, is looked for.
    """

    values: Floats
    at_most: Floats
    sizes: Floats

    @property
    def of_those_that_came(self) -> "ClusterCounts":
        """The same without the values that never came; the last of `values` is the last of the pool."""
        came = self.at_most[-1] if len(self.at_most) else np.zeros_like(self.sizes)
        return ClusterCounts(self.values, self.at_most, came)


@dataclass(frozen=True, slots=True)
class PooledQuantile:
    """A quantile of the values of all replications, with its interval.

    share: which quantile, 0.95 of the 95th percentile · n: replications with a value · value: the smallest value that at least
    that share does not exceed, as every quantile of this package (Hyndman and Fan 1996, definition 1); NaN where it falls among
    those that never came, or there are none · influences: shape (r,), of each replication on the share at most the value, less
    that share · draws: shape (DRAWS,), the quantile of as many samples of r replications, drawn with replacement, which are the
    same for all quantiles of r replications; inf where it falls among those that never came, NaN where nothing was drawn, and
    everywhere if fewer than FEWEST_BEYOND values are expected on one side of the quantile: no difference is told from so few.
    """

    share: float
    n: int
    value: float
    pool: Pool = field(repr=False)
    influences: Floats = field(repr=False, compare=False)
    draws: Floats = field(repr=False, compare=False)

    @property
    def never(self) -> float:
        """The share of values that never came; NaN where there are no values."""
        return self.pool.never

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the interval that misses the quantile with probability `alpha`; NaN for an end that there is not.

        Woodruff's: where the share of values that are at most the quantile may be, by the method in use, is where in the pool
        the quantile may be. It is taken to be no narrower than for as many values that are independent of each other. Without
        an upper end the quantile may fall among those that never came, or the values are too few to say.
        """
        if self.n < 2 or not self.pool.size:
            return math.nan, math.nan
        low, high = (float(end[0]) for end in intervals.METHOD.interval(self.influences[None], alpha))
        least = _critical_value(self.n, alpha) * math.sqrt(self.share * (1 - self.share) / self.pool.size)
        ends = self.share - max(high, least), self.share - min(low, -least)
        return self.pool.value(ends[0]), self.pool.value(ends[1]) if ends[1] <= 1 else math.nan


@dataclass(frozen=True, slots=True)
class QuantileDifference:
    """The difference of two pooled quantiles, "compared minus baseline"; NaN where either has no value, or too few values.

    Fields as those of `PairedDifference`; n: the least number of replications with a value · standard_deviation: sqrt(n) times
    the standard error, which is that of the draws of the bootstrap · upward: shape (DRAWS,), the draws of the difference in
    rising order; -inf or inf where only the baseline's or only the compared quantile falls among those that never came, and -inf
    where both do · downward: minus the draws in rising order, with the same meaning.
    """

    n: int
    mean: float
    standard_deviation: float
    p_value: float
    variance_reduction: float
    upward: Floats = field(repr=False, compare=False)
    downward: Floats = field(repr=False, compare=False)

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the interval that misses with probability `alpha`.

        They are NaN where nothing is compared, and -inf or inf where there is none on that side. The hull of two: t(n - 1) times
        the standard error by the bootstrap, and its percentiles. The p-value is above alpha exactly where it contains 0.
        """
        if math.isnan(self.mean):
            return math.nan, math.nan
        half = _critical_value(self.n, alpha) * self.standard_deviation / math.sqrt(self.n)
        low, below = _percentile(self.upward, self.mean, self.n, alpha), _percentile(self.downward, -self.mean, self.n, alpha)
        return min(self.mean - half, low), max(self.mean + half, -below)


def _critical_value(n: int, alpha: float) -> float:
    """t(1 - alpha / 2; n - 1)."""
    return -float(special.stdtrit(n - 1, alpha / 2))


def _percentile(rising: Floats, estimate: float, n: int, alpha: float) -> float:
    """The lower percentile end of the draws of an estimate. Beyond the outermost draw the end goes on as t(n - 1) does."""
    place = int((DRAWS + 1) * alpha / 2 + ROUNDING)
    if place:
        return float(rising[place - 1])
    reach = max(estimate - float(rising[0]), 0.0)
    return estimate - reach * (_critical_value(n, alpha) / _critical_value(n, _OUTERMOST))


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
    return pool, ClusterCounts(pool.values, np.cumsum(table, axis=0), sizes)


def pooled_quantile(pool: Pool, counts: ClusterCounts, share: float) -> PooledQuantile:
    """The quantile of the pool, whose replications have these counts."""
    n = int(np.count_nonzero(counts.sizes))
    if not len(counts.values):
        return PooledQuantile(share, n, math.nan, pool, np.zeros(len(counts.sizes)), np.full(DRAWS, math.nan))
    place = min(pool.place(share), len(pool.values) - 1)
    at_most = counts.at_most[int(np.searchsorted(counts.values, pool.values[place]))]
    influences = (at_most - at_most.sum() / pool.size * counts.sizes) / counts.sizes.mean()
    has_enough = pool.size * min(share, 1 - share) >= FEWEST_BEYOND - ROUNDING
    draws = _draws(counts, share) if has_enough else np.full(DRAWS, math.nan)
    return PooledQuantile(share, n, pool.value(share), pool, influences, draws)


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
    n, mean = min(baseline.n, compared.n), compared.value - baseline.value
    low, high = _differences(baseline.draws, compared.draws)
    known = np.isfinite(low) & np.isfinite(high)
    if n < 2 or math.isnan(mean) or np.count_nonzero(known) < 2:
        return QuantileDifference(n, math.nan, math.nan, math.nan, math.nan, np.zeros(0), np.zeros(0))
    per_draw = n / (n - 1)  # the variance of a draw is that of n values with divisor n
    error = math.sqrt(float(np.var(low[known], ddof=1)) * per_draw)
    unpaired = float(np.var(baseline.draws[known], ddof=1) + np.var(compared.draws[known], ddof=1)) * per_draw
    worth = unpaired / error**2 if error else math.inf if unpaired else math.nan
    upward, downward = np.sort(low), np.sort(-high)
    p_value = _p_value(n, abs(mean), error, upward if mean > 0 else downward)
    return QuantileDifference(n, mean, error * math.sqrt(n), p_value, worth, upward, downward)


def _differences(baseline: Floats, compared: Floats) -> tuple[Floats, Floats]:
    """The least and the largest that the difference of each draw may be; one number where both quantiles have a value."""
    both = np.isfinite(baseline) & np.isfinite(compared)
    difference = np.subtract(compared, baseline, out=np.zeros(len(both)), where=both)
    only_baseline, only_compared = np.isfinite(baseline) & ~both, np.isfinite(compared) & ~both
    low = np.where(both, difference, np.where(only_baseline, math.inf, -math.inf))
    high = np.where(both, difference, np.where(only_compared, -math.inf, math.inf))
    return low, high


def _p_value(n: int, distance: float, error: float, rising: Floats) -> float:
    """The level at which the end nearer to 0 touches it. rising: the draws of an estimate that is that far above 0."""
    if distance == 0:
        return 1.0
    by_error = 2 * float(special.stdtr(n - 1, -distance / error)) if error else 0.0
    n_crossed = int(np.count_nonzero(rising <= 0))
    if n_crossed:
        return max(by_error, min(1.0, 2 * (n_crossed + 1) / (DRAWS + 1)))
    reach = distance - float(rising[0])
    beyond = 2 * float(special.stdtr(n - 1, -_critical_value(n, _OUTERMOST) * distance / reach)) if reach > 0 else 0.0
    return max(by_error, beyond)
