"""Confidence intervals of means of replications, and the method by which all of them are made."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sim.ground.arrays import Bools, Floats
from sim.ground.text import Text

BISECTIONS = 60
ROUNDING = 1e-9  # sums in another order differ in their last digits; that is no difference
FEWEST_NOT_0 = 5  # values of a level from which an interval is made


class IntervalMethod(Protocol):
    """How intervals of expectations, and the p-values that belong to them, follow from the numbers of replications.

    `rows` has shape (k, n): k measures of finite numbers, one a replication. `event` is the size of the largest rare event that
    may have come in none of them: by how much it moves the number of a replication, one for all or shape (k,); 0 where there is
    no such event. Results are NaN where n < 2.
    """

    @property
    def name(self) -> Text:
        """What the interval is called: "Student's t" of "a Student's t interval"; in Chinese with the word for interval."""

    @property
    def assumption(self) -> Text:
        """What the intervals lean on where the replications are few: "they lean on ..."."""

    def interval(self, rows: Floats, alpha: float | Floats, event: float | Floats = 0.0) -> tuple[Floats, Floats]:
        """The low and the high end of each interval, shape (k,) each.

        It misses with probability `alpha`: one for all, or one for each row, shape (k,).
        """

    def bounds(self, rows: Floats, alpha: float, event: float | Floats = 0.0) -> tuple[Floats, Floats]:
        """The lower and the upper one-sided bound, shape (k,) each; each of them misses with probability `alpha`."""

    def p_values(self, rows: Floats, event: float | Floats = 0.0) -> Floats:
        """The p-values of the test that the expectation is 0, shape (k,).

        They are dual to the intervals: p > alpha exactly where the interval that misses with probability `alpha` contains 0.
        Holm's adjustment leans on that.
        """

    def running_half_widths(self, values: Floats, alpha: float, event: float | Floats = 0.0) -> Floats:
        """Half the width of the interval of the first 1, 2, ... n values, shape (n,), from those values alone.

        event: one for all, or as known after each value, shape (n,).
        """

    def replications_needed(self, n: int, half_width: float, required: float, alpha: float) -> float:
        """With how many replications the interval seems to be as narrow as required, from its half width after n."""


class WidenedT:
    """Student's t interval, widened where the numbers are skew, and for a rare event that came in no replication.

    Three intervals are joined. Student's t: mean ± t s / √n with t = t(1 - alpha / 2; n - 1) (Law, Simulation Modeling and
    Analysis (2015), 4.5 and 9.4). Willink's (Communications in Statistics: Theory and Methods 34 (2005) 1-9), which shifts it by
    the skewness G1: from mean - W(t) s / √n to mean - W(-t) s / √n, W(t) = (cbrt(1 + 6 a (t - a)) - 1) / (2 a), a = G1 / (6 √n).
    The wider end of the two counts, on either side. In quadrature comes what a rare event of size g may still bring: t √2 g / n,
    which is what two replications more, at mean ± g, would add (after Agresti and Min, Statistics in Medicine 24 (2005) 729-740);
    at n = 20 it is 0.148 g where the exact bound of a share of which nothing was seen gives 0.139 g.

    Without a bound of the size of what was not seen no interval of a mean can hold (Bahadur and Savage, Annals of Mathematical
    Statistics 27 (1956) 1115-1122).
    """

    name = Text("skewness-widened t", "按偏度放寬的 t 置信區間", "按偏度放宽的 t 置信区间")
    assumption = Text("the skewness that these few numbers show", "由這少數數值估計所得的偏度", "由这少数数值估计所得的偏度")

    def interval(self, rows: Floats, alpha: float | Floats, event: float | Floats = 0.0) -> tuple[Floats, Floats]:
        """See the class."""
        mean, t = rows.mean(axis=1), critical_value(rows.shape[1], alpha)
        below, above = self._halves(t, rows.shape[1], standard_deviation(rows), skewness(rows), event)
        return mean - below, mean + above

    def bounds(self, rows: Floats, alpha: float, event: float | Floats = 0.0) -> tuple[Floats, Floats]:
        """Those of an interval that misses with probability 2 · alpha."""
        return self.interval(rows, 2 * alpha, event)

    def p_values(self, rows: Floats, event: float | Floats = 0.0) -> Floats:
        """The level at which the end nearer to 0 reaches it, by bisection; 1 where the mean is 0."""
        n = rows.shape[1]
        if n < 2:
            return np.full(len(rows), np.nan)
        mean, sd, skew = rows.mean(axis=1), standard_deviation(rows), skewness(rows)
        distance, is_above = np.abs(mean), mean > 0
        narrowest = np.hypot(sd / math.sqrt(n), math.sqrt(2) * np.asarray(event) / n)  # half the width for t = 1, at least
        is_steady = narrowest == 0
        low, high = np.zeros(len(rows)), distance / np.where(is_steady, 1.0, narrowest)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            below, above = self._halves(middle, n, sd, skew, event)
            is_inside = np.where(is_above, below, above) > distance  # 0 lies inside the interval of this t
            low, high = np.where(is_inside, low, middle), np.where(is_inside, middle, high)
        p = 2 * special.stdtr(n - 1, -high)
        return np.asarray(np.where(mean == 0, 1.0, np.where(is_steady, 0.0, p)))

    def running_half_widths(self, values: Floats, alpha: float, event: float | Floats = 0.0) -> Floats:
        """From sums about the first value, which keep their digits."""
        n = np.arange(1, len(values) + 1)
        about = values - values[0] if len(values) else values
        total, squares, cubes = (np.cumsum(about**power) for power in (1, 2, 3))
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = total / n
            variance = np.maximum(squares - total * mean, 0.0) / (n - 1)
            cubed = cubes - 3 * mean * squares + 2 * n * mean**3
            skew = np.where((n > 2) & (variance > 0), n / ((n - 1.0) * (n - 2.0)) * cubed / variance**1.5, 0.0)
        below, above = self._halves(critical_value(n, alpha), n, np.sqrt(variance), skew, event)
        return np.asarray((below + above) / 2)

    def replications_needed(self, n: int, half_width: float, required: float, alpha: float) -> float:
        """So many that the interval of the normal law, with the variance as it is, is as narrow as required."""
        normal = -float(special.ndtri(alpha / 2))
        ratio = half_width * (normal / float(critical_value(n, alpha))) / required
        return n * (ratio * ratio)  # a power of floats that is too large raises an error, a product is inf

    @staticmethod
    def _halves(t: Floats, n: ArrayLike, sd: Floats, skew: Floats, event: float | Floats) -> tuple[Floats, Floats]:
        """How far the interval reaches below and above the mean; the arguments have shapes that broadcast."""
        size = np.asarray(n, dtype=np.float64)
        below, above = (np.maximum(sign * _willink(sign * t, skew / (6 * np.sqrt(size))), t) for sign in (1.0, -1.0))
        unseen, error = t * math.sqrt(2) * np.asarray(event) / size, sd / np.sqrt(size)
        return np.hypot(below * error, unseen), np.hypot(above * error, unseen)


def critical_value(n: ArrayLike, alpha: float | Floats) -> Floats:
    """t(1 - alpha / 2; n - 1), of the shape that `n` and `alpha` have together; NaN for n < 2."""
    degrees = np.asarray(n, dtype=np.float64) - 1
    return np.where(degrees < 1, np.nan, -special.stdtrit(np.maximum(degrees, 1.0), alpha / 2))


def level_of_critical_value(n: int, t: float) -> float:
    """The alpha of which that is the critical value: 1 for t = 0."""
    return 2 * float(special.stdtr(n - 1, -t))


def _willink(t: Floats, a: Floats) -> Floats:
    """Willink's W(t), which goes over to t as a goes to 0."""
    is_even = np.abs(a) < 1e-9
    a = np.where(is_even, 1.0, a)
    return np.asarray(np.where(is_even, t, (np.cbrt(1 + 6 * a * (t - a)) - 1) / (2 * a)))


METHOD: IntervalMethod = WidenedT()
"""The method in use: every interval and p-value of means of replications is made by it."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean of n replications with its confidence interval; NaN where n is too small to say.

    n: replications that offered a number · standard_deviation: of the sample (n >= 2) · low, high: ends of
    the interval (n >= 2).
    """

    n: int
    mean: float
    standard_deviation: float
    low: float
    high: float


def estimate_mean(values: ArrayLike, confidence: float) -> Estimate:
    """The mean of the replications' values, shape (r,): see `estimate_means`."""
    return estimate_means(np.asarray(values, dtype=np.float64)[None], confidence)[0]


def estimate_means(rows: Floats, confidence: float, events: Floats | None = None) -> list[Estimate]:
    """The mean and its interval by `METHOD`, of each of k rows of replications' values, shape (k, r); NaN: nothing to measure.

    events: shape (k,), the size of the largest rare event of each row, NaN where none is known. Where fewer than FEWEST_NOT_0
    values are not 0, and others are, and no event is known, there is no interval: the numbers seen say too little of those that
    were not.

    Where the value of any replication is inf, the mean is inf and has no interval, for the other replications
    alone would be a choice of the good ones; quantiles that may never be reached are pooled instead.
    Replications are independent, flights are not: what enters is one number a replication.
    """
    events = np.full(len(rows), np.nan) if events is None else events
    estimates = [Estimate(0, math.nan, math.nan, math.nan, math.nan)] * len(rows)
    for members, columns in rows_by_presence(~np.isnan(rows)):
        present_values, n = rows[np.ix_(members, columns)], len(columns)
        is_infinite = np.asarray(np.isinf(present_values).any(axis=1))
        finite, sizes = present_values[~is_infinite], events[members][~is_infinite]
        low, high = METHOD.interval(finite, 1 - confidence, np.nan_to_num(sizes))
        says_too_little = is_seldom(finite) & np.isnan(sizes)
        low, high = (np.where(says_too_little, np.nan, end) for end in (low, high))
        numbers = (finite.mean(axis=1), standard_deviation(finite), low, high)
        estimates_of_finite = (Estimate(n, *row) for row in zip(*(column.tolist() for column in numbers), strict=True))
        infinite = Estimate(n, math.inf, math.nan, math.nan, math.nan)
        for member, no_end in zip(members, is_infinite.tolist(), strict=True):
            estimates[member] = infinite if no_end else next(estimates_of_finite)
    return estimates


def is_seldom(rows: Floats) -> Bools:
    """Shape (k,): whether fewer than FEWEST_NOT_0 values of each row, shape (k, n), are not 0, while others are 0."""
    return np.asarray(np.count_nonzero(rows, axis=1) < min(FEWEST_NOT_0, rows.shape[1]))


def mean_of_present(values: ArrayLike) -> float:
    """The mean of the replications' values that are not NaN, shape (r,): inf if any is inf, NaN where there is none."""
    numbers = present(values)
    return math.nan if not len(numbers) else math.inf if np.isinf(numbers).any() else float(numbers.mean())


def rows_by_presence(present: Bools) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """The rows that have something in the same columns, and those columns; rows with nothing anywhere are left out."""
    alike: dict[bytes, list[int]] = {}
    for row, pattern in enumerate(np.packbits(present, axis=1)):
        alike.setdefault(pattern.tobytes(), []).append(row)
    for members in alike.values():
        columns = np.flatnonzero(present[members[0]])
        if len(columns):
            yield np.array(members), columns


def present(values: ArrayLike) -> Floats:
    """The values that are not NaN, shape (n,)."""
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[~np.isnan(numbers)]


def standard_deviation(rows: Floats) -> Floats:
    """Shape (k,): the sample standard deviation of each row of finite values, shape (k, n), with divisor n - 1.

    Exactly 0 for values equal within ROUNDING of the largest; NaN for fewer than two.
    """
    if rows.shape[1] < 2:
        return np.full(len(rows), np.nan)
    is_constant = np.ptp(rows, axis=1) <= ROUNDING * np.abs(rows).max(axis=1)
    return np.where(is_constant, 0.0, np.std(rows, axis=1, ddof=1))


def skewness(rows: Floats) -> Floats:
    """Shape (k,): the sample skewness G1 of each row of finite values, shape (k, n); 0 for equal values or fewer than three.

    n / ((n - 1)(n - 2)) · Σ((x - mean) / s)³. Source: Joanes and Gill, The Statistician 47 (1998) 183-189.
    """
    n, sd = rows.shape[1], standard_deviation(rows)
    if n < 3:
        return np.zeros(len(rows))
    varies = sd > 0
    standardised = (rows - rows.mean(axis=1, keepdims=True)) / np.where(varies, sd, 1.0)[:, None]
    return np.where(varies, n / ((n - 1.0) * (n - 2.0)) * (standardised**3).sum(axis=1), 0.0)
