"""Confidence intervals from replications, and the exact bound where events are rare."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


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
    """The mean of the replications' values (shape (r,), NaN: nothing to measure) with Student's t interval.

    A quantile that falls among the flights never released is inf; if that is so in any replication, the
    mean is inf and has no interval, for the other replications alone would be a choice of the good ones.
    mean ± t(1 - (1 - confidence)/2; n - 1) · sd / √n. Replications are independent, flights are not:
    what enters is one number a replication. Source: Law, Simulation Modeling and Analysis (2015), 9.4.
    """
    kept = present(values)
    n = len(kept)
    if n == 0:
        return Estimate(0, math.nan, math.nan, math.nan, math.nan)
    if np.isinf(kept).any():
        return Estimate(n, math.inf, math.nan, math.nan, math.nan)
    mean, sd = float(np.mean(kept)), standard_deviation(kept)
    half = half_width(sd, n, 1 - confidence)
    return Estimate(n, mean, sd, mean - half, mean + half)


def present(values: ArrayLike) -> Floats:
    """The values that are not NaN, shape (n,)."""
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[~np.isnan(numbers)]


def standard_deviation(values: Floats) -> float:
    """The sample standard deviation (divisor n - 1), exactly 0 for equal values; NaN for fewer than two."""
    if len(values) < 2:
        return math.nan
    if np.all(values == values[0]):
        return 0.0
    return float(np.std(values, ddof=1))


def half_width(sd: float, n: int, alpha: float) -> float:
    """Half the width of the t interval that misses with probability `alpha`; NaN for fewer than two values."""
    if n < 2:
        return math.nan
    return -float(special.stdtrit(n - 1, alpha / 2)) * sd / math.sqrt(n)


FEW_EVENTS = 5


def few_events(values: ArrayLike, boost: float = 1.0) -> bool:
    """Whether the counts of all replications, shape (r,), are too few together to compare with others.

    The expected number of events is estimated by the number seen; below 5, normal intervals mislead. In a boosted study
    an event that was seen counts 1 / boost.
    """
    counts = present(values)
    return len(counts) > 0 and events_seen(float(np.sum(counts)), boost) < FEW_EVENTS


def events_seen(count: float, boost: float) -> float:
    """The events behind a count by weights, each of which is 1 / boost."""
    return round(count * boost, 6)


def upper_bound_of_count(observed: float, confidence: float, boost: float = 1.0) -> float:
    """The exact one-sided upper bound of the expectation of a Poisson count, given the count observed.

    In a boosted study the bound is that of the events seen, weighted back as the count itself is.
    Half the chi-squared quantile with 2(count + 1) degrees of freedom; for a count of 0 at 95% it is
    3.00, the "rule of three". Source: Garwood, Biometrika 28 (1936) 437-442.
    """
    return float(special.chdtri(2 * (events_seen(observed, boost) + 1), 1 - confidence)) / 2 / boost
