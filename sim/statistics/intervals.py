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


class IntervalMethod(Protocol):
    """How intervals of expectations, and the p-values that belong to them, follow from the numbers of replications.

    `rows` has shape (k, n): k measures of finite numbers, one a replication. Results are NaN where n < 2.
    """

    @property
    def name(self) -> Text:
        """What the interval is called: "Student's t" of "a Student's t interval"; in Chinese with the word for interval."""

    @property
    def assumption(self) -> Text:
        """What the intervals lean on where the replications are few: "they lean on ..."."""

    def interval(self, rows: Floats, alpha: float | Floats) -> tuple[Floats, Floats]:
        """The low and the high end of each interval, shape (k,) each.

        It misses with probability `alpha`: one for all, or one for each row, shape (k,).
        """

    def bounds(self, rows: Floats, alpha: float) -> tuple[Floats, Floats]:
        """The lower and the upper one-sided bound, shape (k,) each; each of them misses with probability `alpha`."""

    def p_values(self, rows: Floats) -> Floats:
        """The p-values of the test that the expectation is 0, shape (k,).

        They are dual to the intervals: p > alpha exactly where the interval that misses with probability `alpha` contains 0.
        Holm's adjustment leans on that.
        """

    def running_half_widths(self, values: Floats, alpha: float) -> Floats:
        """Half the width of the interval of the first 1, 2, ... n values, shape (n,), from those values alone."""

    def replications_needed(self, n: int, half_width: float, required: float, alpha: float) -> float:
        """With how many replications the interval seems to be as narrow as required, from its half width after n."""


class StudentT:
    """mean ± t(1 - alpha / 2; n - 1) · s / √n. Source: Law, Simulation Modeling and Analysis (2015), 4.5 and 9.4.

    Exact for normal numbers. Means over the flights of a replication are nearly normal where the flights are many.
    """

    name = Text("Student's t", "t 置信區間", "t 置信区间")
    assumption = Text("the normality of the replication means", "各次重複均值近似常態分佈", "各次重复均值近似正态分布")

    def interval(self, rows: Floats, alpha: float | Floats) -> tuple[Floats, Floats]:
        """The mean less and plus the half width."""
        mean, n = rows.mean(axis=1), rows.shape[1]
        half = self.critical_value(n, alpha) * standard_deviation(rows) / math.sqrt(n)
        return mean - half, mean + half

    def bounds(self, rows: Floats, alpha: float) -> tuple[Floats, Floats]:
        """Those of an interval that misses with probability 2 · alpha."""
        mean, n = rows.mean(axis=1), rows.shape[1]
        half = float(self.critical_value(n, 2 * alpha)) / math.sqrt(n) * standard_deviation(rows)
        return mean - half, mean + half

    def p_values(self, rows: Floats) -> Floats:
        """Of the t test. Equal numbers throughout have no variance: p is 1 if they are 0, else 0."""
        n, mean, sd = rows.shape[1], rows.mean(axis=1), standard_deviation(rows)
        if n < 2:
            return np.full(len(rows), np.nan)
        steady = sd == 0
        t = -np.abs(mean) / np.where(steady, 1.0, sd / math.sqrt(n))
        return np.asarray(np.where(steady, np.where(mean == 0, 1.0, 0.0), 2 * special.stdtr(n - 1, t)))

    def running_half_widths(self, values: Floats, alpha: float) -> Floats:
        """From sums about the first value, which keep their digits."""
        n = np.arange(1, len(values) + 1)
        about = values - values[0] if len(values) else values
        total, squares = np.cumsum(about), np.cumsum(about**2)
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = np.maximum(squares - total**2 / n, 0.0) / (n - 1)
            return np.asarray(self.critical_value(n, alpha) * np.sqrt(variance / n))

    def replications_needed(self, n: int, half_width: float, required: float, alpha: float) -> float:
        """So many that the interval of the normal law, with the variance as it is, is as narrow as required."""
        normal = -float(special.ndtri(alpha / 2))
        ratio = half_width * (normal / float(self.critical_value(n, alpha))) / required
        return n * (ratio * ratio)  # a power of floats that is too large raises an error, a product is inf

    @staticmethod
    def critical_value(n: ArrayLike, alpha: float | Floats) -> Floats:
        """t(1 - alpha / 2; n - 1), of the shape that `n` and `alpha` have together; NaN for n < 2."""
        degrees = np.asarray(n, dtype=np.float64) - 1
        return np.where(degrees < 1, np.nan, -special.stdtrit(np.maximum(degrees, 1.0), alpha / 2))


METHOD: IntervalMethod = StudentT()
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


def estimate_means(rows: Floats, confidence: float) -> list[Estimate]:
    """The mean and its interval by `METHOD`, of each of k rows of replications' values, shape (k, r); NaN: nothing to measure.

    A quantile that falls among the flights never released is inf; if that is so in any replication, the
    mean is inf and has no interval, for the other replications alone would be a choice of the good ones.
    Replications are independent, flights are not: what enters is one number a replication.
    """
    estimates = [Estimate(0, math.nan, math.nan, math.nan, math.nan)] * len(rows)
    for members, columns in rows_by_presence(~np.isnan(rows)):
        present_values, n = rows[np.ix_(members, columns)], len(columns)
        is_infinite = np.asarray(np.isinf(present_values).any(axis=1))
        finite = present_values[~is_infinite]
        low, high = METHOD.interval(finite, 1 - confidence)
        numbers = (finite.mean(axis=1), standard_deviation(finite), low, high)
        estimates_of_finite = (Estimate(n, *row) for row in zip(*(column.tolist() for column in numbers), strict=True))
        infinite = Estimate(n, math.inf, math.nan, math.nan, math.nan)
        for member, no_end in zip(members, is_infinite.tolist(), strict=True):
            estimates[member] = infinite if no_end else next(estimates_of_finite)
    return estimates


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

    Exactly 0 for equal values; NaN for fewer than two.
    """
    if rows.shape[1] < 2:
        return np.full(len(rows), np.nan)
    return np.where((rows == rows[:, :1]).all(axis=1), 0.0, np.std(rows, axis=1, ddof=1))
