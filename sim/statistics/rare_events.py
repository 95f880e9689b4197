"""Counts: when events are too few for an interval of their mean, exact bounds of expectations, intervals of shares."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from sim.ground.arrays import Bools
from sim.statistics.intervals import present

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
    """The exact one-sided upper bound of the expectation of a Poisson count, from the count observed.

    In a boosted study the bound is that of the events seen, weighted back as the count itself is.
    Half the chi-squared quantile with 2(count + 1) degrees of freedom; for a count of 0 at 95% it is
    3.00, the "rule of three". Source: Garwood, Biometrika 28 (1936) 437-442.
    """
    return float(special.chdtri(2 * (events_seen(observed, boost) + 1), 1 - confidence)) / 2 / boost


def interval_of_share(count: int, n: int, confidence: float) -> tuple[float, float]:
    """Wilson's interval of a probability, from `count` of `n` independent trials, n >= 1 (JASA 22 (1927) 209-212)."""
    from scipy.stats import binomtest

    ends = binomtest(count, n).proportion_ci(confidence, method="wilson")
    return float(ends.low), float(ends.high)


def many_events(counts: ArrayLike, boost: float = 1.0) -> Bools:
    """After which replications there were events enough for an interval of rare counts to mean anything, shape (r,)."""
    return np.nancumsum(np.asarray(counts, dtype=np.float64)) * boost >= FEW_EVENTS
