"""Paired differences under common random numbers."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.arrays import Floats
from sim.statistics import intervals
from sim.statistics.intervals import ROUNDING, rows_by_presence, skewness, standard_deviation

FEWEST_THAT_DIFFER = 10  # replications from which their differences alone tell an interval


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The mean paired difference "compared minus baseline"; NaN where n is too small to say.

    n: replications in which both offered a number · p_value: two-sided, of "no difference" · variance_reduction: what
    pairing is worth (see `paired_differences`) · values: the differences, shape (n,), none where they can't be compared ·
    event: by how much the largest rare event moves a replication's value, NaN where that is not known.

    Where some replications differ, but fewer than FEWEST_THAT_DIFFER, and no event is known, there is neither interval nor
    p-value: one more replication that differs could change everything. Where none differs and no event is known, there is no
    interval, and p is 1.
    """

    n: int
    mean: float
    standard_deviation: float
    p_value: float
    variance_reduction: float
    values: Floats = field(repr=False, compare=False)
    event: float

    @property
    def differ(self) -> int:
        """How many replications differ."""
        return int(np.count_nonzero(self.values))

    @property
    def skewness(self) -> float:
        """That of the differences; NaN where there are none."""
        return float(skewness(self.values[None])[0]) if len(self.values) else math.nan

    @property
    def has_interval(self) -> bool:
        """Whether enough is known for an interval: enough replications differ, or the size of a rare event is known."""
        n = len(self.values)
        return n > 1 and (not math.isnan(self.event) or self.differ >= min(FEWEST_THAT_DIFFER, n))

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the interval of the mean difference that misses with probability `alpha`."""
        return intervals_of([self], np.array([alpha]))[0]

    def ends(self, low: float, high: float, alpha: float) -> tuple[float, float]:
        """The ends of that interval, from those that the method for means gives."""
        return low, high


def paired_difference(baseline: ArrayLike, compared: ArrayLike, event: float = math.nan) -> PairedDifference:
    """The difference of two scenarios' values, both of shape (r,) in the order of replications: see `paired_differences`."""
    first, second = (np.asarray(values, dtype=np.float64) for values in (baseline, compared))
    return paired_differences(first[None], second[None], np.array([event]))[0]


def paired_differences(baseline: Floats, compared: Floats, events: Floats | None = None) -> list[PairedDifference]:
    """The difference of two scenarios' values in each of k measures; both of shape (k, r) in the order of replications.

    events: shape (k,), by how much the largest rare event moves a replication's value; NaN where that is not known.

    A replication in which either value is NaN is left out, and n says so. Where any value is inf (a
    quantile among the flights never released), nothing is compared: the finite replications are a
    selection. variance_reduction is (var baseline + var compared) / var of the differences: how many
    times more replications would be needed for the same width without common random numbers. Values
    equal within ROUNDING differ by 0.
    Equal differences throughout have no variance: variance_reduction is inf (NaN where nothing varies).
    Source: Law, Simulation Modeling and Analysis (2015), 10.2.1 and 11.2.
    """
    apart = differences(baseline, compared)
    sizes = np.full(len(apart), np.nan) if events is None else events
    results = [_not_comparable(0)] * len(apart)
    for members, columns in rows_by_presence(~np.isnan(apart)):
        cells = np.ix_(members, columns)
        is_infinite = np.asarray(np.isinf(apart[cells]).any(axis=1))
        first, second, between = (values[cells][~is_infinite] for values in (baseline, compared, apart))
        finite = _of_finite(first, second, between, sizes[members][~is_infinite])
        for member, no_end in zip(members, is_infinite.tolist(), strict=True):
            results[member] = _not_comparable(len(columns)) if no_end else next(finite)
    return results


def intervals_of(differences: Sequence[PairedDifference], alpha: Floats) -> list[tuple[float, float]]:
    """The ends of the interval of each mean difference, that misses with its own probability `alpha`, shape (k,).

    NaN where the two can't be compared, or where there is no interval.
    """
    ends = [(math.nan, math.nan)] * len(differences)
    with_interval = [place for place, difference in enumerate(differences) if difference.has_interval]
    for n in {len(differences[place].values) for place in with_interval}:
        members = [place for place in with_interval if len(differences[place].values) == n]
        events = np.nan_to_num([differences[place].event for place in members])
        rows = np.array([differences[place].values for place in members])
        low, high = intervals.METHOD.interval(rows, alpha[members], events)
        for place, low_end, high_end in zip(members, low.tolist(), high.tolist(), strict=True):
            ends[place] = differences[place].ends(low_end, high_end, float(alpha[place]))
    return ends


def _not_comparable(n: int) -> PairedDifference:
    return PairedDifference(n, math.nan, math.nan, math.nan, math.nan, np.zeros(0), math.nan)


def _of_finite(baseline: Floats, compared: Floats, apart: Floats, events: Floats) -> Iterator[PairedDifference]:
    """The results of rows of finite values, shape (k, n) each, with the event of each, shape (k,)."""
    n, sd, differ = apart.shape[1], standard_deviation(apart), np.count_nonzero(apart, axis=1)
    p_values = intervals.METHOD.p_values(apart, np.nan_to_num(events))
    says_too_little = (differ > 0) & (differ < min(FEWEST_THAT_DIFFER, n)) & np.isnan(events)
    columns = (apart.mean(axis=1), sd, np.where(says_too_little, np.nan, p_values), _variance_reduction(baseline, compared, sd))
    numbers = zip(*(column.tolist() for column in columns), apart, events.tolist(), strict=True)
    return (PairedDifference(n, *row) for row in numbers)


def differences(baseline: Floats, compared: Floats) -> Floats:
    """Compared minus baseline, replication by replication, both of one shape.

    NaN where either is, else inf where either is; 0 for values equal within ROUNDING.
    """
    if baseline.shape != compared.shape:
        raise ValueError(f"replications can't be paired: {baseline.shape} against {compared.shape}")
    with np.errstate(invalid="ignore"):
        apart = differences_of(baseline, compared)
    apart[np.isinf(baseline) | np.isinf(compared)] = np.inf
    apart[np.isnan(baseline) | np.isnan(compared)] = np.nan
    return apart


def differences_of(baseline: Floats, compared: Floats) -> Floats:
    """Compared minus baseline (finite, of shapes that broadcast); 0 where the two are equal within ROUNDING."""
    apart = compared - baseline
    return np.where(np.abs(apart) <= ROUNDING + ROUNDING * np.abs(compared), 0.0, apart)


def _variance_reduction(first: Floats, second: Floats, sd: Floats) -> Floats:
    unpaired = standard_deviation(first) ** 2 + standard_deviation(second) ** 2
    steady = sd == 0
    return np.where(steady, np.where(unpaired > 0, math.inf, math.nan), unpaired / np.where(steady, 1.0, sd) ** 2)
