"""Confidence intervals from replications, and the exact bound where events are rare."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sim.ground.arrays import Bools, Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean of n replications with its confidence interval; NaN where n is too small to say.

    n: replications that offered a number · sd: sample standard deviation (n >= 2) · low, high: ends of
    the interval (n >= 2).
    """

    n: int
    mean: float
    sd: float
    low: float
    high: float


def estimate_mean(values: ArrayLike, confidence: float) -> Estimate:
    """The mean of the replications' values, shape (r,): see `estimate_means`."""
    return estimate_means(np.asarray(values, dtype=np.float64)[None], confidence)[0]


def estimate_means(rows: Floats, confidence: float) -> list[Estimate]:
    """Of each of k rows of replications' values, shape (k, r) (NaN: nothing to measure), the mean with Student's t interval.

    A quantile that falls among the flights never released is inf; if that is so in any replication, the
    mean is inf and has no interval, for the other replications alone would be a choice of the good ones.
    mean ± t(1 - (1 - confidence)/2; n - 1) · sd / √n. Replications are independent, flights are not:
    what enters is one number a replication. Source: Law, Simulation Modeling and Analysis (2015), 9.4.
    """
    estimates = [Estimate(0, math.nan, math.nan, math.nan, math.nan)] * len(rows)
    for members, columns in of_one_presence(~np.isnan(rows)):
        kept, n = rows[np.ix_(members, columns)], len(columns)
        endless = np.asarray(np.isinf(kept).any(axis=1))
        finite = kept[~endless]
        mean, sd = finite.mean(axis=1), standard_deviation(finite)
        half = half_width(sd, n, 1 - confidence)
        told = zip(mean.tolist(), sd.tolist(), (mean - half).tolist(), (mean + half).tolist(), strict=True)
        for member, is_endless in zip(members, endless.tolist(), strict=True):
            estimates[member] = Estimate(n, math.inf, math.nan, math.nan, math.nan) if is_endless else Estimate(n, *next(told))
    return estimates


def of_one_presence(present: Bools) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
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


def critical_value(n: ArrayLike, alpha: float) -> Floats:
    """How many standard errors of a mean of n values its interval reaches to either side, shape of `n`; NaN for n < 2.

    The interval misses with probability `alpha`. It is Student's t with n - 1 degrees of freedom.
    """
    degrees = np.asarray(n, dtype=np.float64) - 1
    return np.where(degrees < 1, np.nan, -special.stdtrit(np.maximum(degrees, 1.0), alpha / 2))


def critical_value_of_many(alpha: float) -> float:
    """What `critical_value` comes to where n is large: that of the normal law."""
    return -float(special.ndtri(alpha / 2))


def two_sided_p(mean: Floats, sd: Floats, n: int) -> Floats:
    """Shape (k,): the p-values of the test that the expectation is 0; NaN for fewer than two values.

    They are dual to the intervals: p > alpha exactly where the interval that misses with probability alpha contains 0, which
    Holm's adjustment leans on. Values that are equal throughout have no variance: p is 1 if they are 0, else 0.
    """
    if n < 2:
        return np.full(len(mean), np.nan)
    steady = sd == 0
    t = -np.abs(mean) / np.where(steady, 1.0, sd / math.sqrt(n))
    return np.asarray(np.where(steady, np.where(mean == 0, 1.0, 0.0), 2 * special.stdtr(n - 1, t)))


def half_width(sd: Floats | float, n: int, alpha: float) -> Floats:
    """Half the width of the interval that misses with probability `alpha`, shape of `sd`; NaN for fewer than two values."""
    return np.asarray(float(critical_value(n, alpha)) * np.asarray(sd) / math.sqrt(n))
