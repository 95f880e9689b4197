"""Counts: when events are too few for an interval of their mean, exact bounds and tests, intervals of shares."""

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from sim.ground.arrays import Bools, Floats
from sim.statistics.intervals import present
from sim.statistics.paired import PairedDifference

FEW_EVENTS = 5
SMALL_COUNT = 30  # events in two scenarios together, of which an exact test is made
BISECTIONS = 60


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


def judged_exactly(difference: PairedDifference, baseline: ArrayLike, compared: ArrayLike) -> PairedDifference:
    """The paired difference of two scenarios' counts of rare events, shape (r,) each, by an exact test where they are small.

    Small are at most 30 events in both together, unweighted. Where no count differs, or they are many, it is returned as it is.
    """
    counts = np.concatenate([present(baseline), present(compared)])
    is_small = counts.sum() <= SMALL_COUNT and bool((counts == np.rint(counts)).all())
    return DifferenceOfCounts.of(difference) if is_small and np.any(difference.values) else difference


@dataclass(frozen=True, slots=True)
class DifferenceOfCounts(PairedDifference):
    """The mean paired difference of small counts, tested by the exact conditional test of the replications that differ.

    Given how much each of them differs by, and if the scenarios are alike, each is as likely to differ up as down: the p-value is
    twice the chance, at most 1, of a sum at least as far out as that seen. Where each differs by one event it is that of
    McNemar's exact test (Psychometrika 12 (1947) 153-157); the general one is Fisher's randomization test (The Design of
    Experiments, 1935, 21).
    ways_up, ways_down: shape (m + 1,), in how many ways k of the m that differ can be up and their sum be at least, at most, as
    large as that seen · total: the sum of what they differ by, without signs.
    """

    ways_up: Floats = field(repr=False, compare=False)
    ways_down: Floats = field(repr=False, compare=False)
    total: int = field(repr=False, compare=False)

    @classmethod
    def of(cls, difference: PairedDifference) -> "DifferenceOfCounts":
        """The difference of counts, whose values are whole and not all 0."""
        apart = np.rint(difference.values).astype(np.int64)
        sizes, up = np.abs(apart[apart != 0]), int(apart[apart > 0].sum())
        ways = np.zeros((len(sizes) + 1, int(sizes.sum()) + 1))
        ways[0, 0] = 1
        for size in sizes.tolist():
            ways[1:, size:] += ways[:-1, :-size].copy()
        ways_up, ways_down = ways[:, up:].sum(axis=1), ways[:, : up + 1].sum(axis=1)
        p_value = min(1.0, 2 * min(_chance(ways_up, 0.5), _chance(ways_down, 0.5)))
        columns = {column.name: getattr(difference, column.name) for column in fields(difference)}
        return cls(**{**columns, "p_value": p_value, "event": 1.0}, ways_up=ways_up, ways_down=ways_down, total=int(sizes.sum()))

    def ends(self, low: float, high: float, alpha: float) -> tuple[float, float]:
        """The ends of an interval that misses with a probability of about `alpha`, and contains 0 exactly where p_value > alpha.

        The chance that a replication which differs does so upwards has the exact interval of Clopper and Pearson (Biometrika 26
        (1934) 404-413), here of the sum: it is dual to the test, but takes the number of those that differ as known. The wider of
        its end and that of the interval of the mean is taken on either side, except where only the test finds a difference: the
        end near 0 is then its own.
        """
        per_share = self.total / self.n
        exact_low = per_share * (2 * _share(self.ways_up, alpha / 2) - 1)
        exact_high = per_share * (1 - 2 * _share(self.ways_down[::-1], alpha / 2))
        if exact_low > 0:
            return exact_low if low <= 0 else min(low, exact_low), max(high, exact_high)
        if exact_high < 0:
            return min(low, exact_low), exact_high if high >= 0 else max(high, exact_high)
        return min(low, exact_low), max(high, exact_high)


def _chance(ways: Floats, share: float) -> float:
    """The chance of a sum as described by `ways`, shape (m + 1,), where each of m is up with the probability `share`."""
    k = np.arange(len(ways))
    return float(np.sum(ways * share**k * (1 - share) ** k[::-1]))


def _share(ways: Floats, chance: float) -> float:
    """The least share at which the chance, which rises with the share, is above `chance`; 0 where it is above it everywhere."""
    low, high = 0.0, 1.0
    if _chance(ways, low) > chance:
        return low
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (low, middle) if _chance(ways, middle) > chance else (middle, high)
    return high
