"""Paired differences under common random numbers."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.arrays import Floats
from sim.statistics import intervals
from sim.statistics.intervals import rows_by_presence, standard_deviation

ROUNDING = 1e-9  # sums in another order differ in their last digits; that is no difference of the scenarios


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The mean paired difference "compared minus baseline"; NaN where n is too small to say.

    n: replications in which both offered a number · p_value: two-sided, of "no difference" · variance_reduction: what
    pairing is worth (see `paired_differences`) · values: the differences, shape (n,), none where they can't be compared.
    """

    n: int
    mean: float
    standard_deviation: float
    p_value: float
    variance_reduction: float
    values: Floats = field(repr=False, compare=False)

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the interval of the mean difference that misses with probability `alpha`."""
        return intervals_of([self], np.array([alpha]))[0]

    def ends(self, low: float, high: float, alpha: float) -> tuple[float, float]:
        """The ends of that interval, from those that the method for means gives."""
        return low, high


def paired_difference(baseline: ArrayLike, compared: ArrayLike) -> PairedDifference:
    """The difference of two scenarios' values, both of shape (r,) in the order of replications: see `paired_differences`."""
    first, second = (np.asarray(values, dtype=np.float64) for values in (baseline, compared))
    return paired_differences(first[None], second[None])[0]


def paired_differences(baseline: Floats, compared: Floats) -> list[PairedDifference]:
    """The difference of two scenarios' values in each of k measures; both of shape (k, r) in the order of replications.

    A replication in which either value is NaN is left out, and n says so. Where any value is inf (a
    quantile among the flights never released), nothing is compared: the finite replications are a
    selection. variance_reduction is (var baseline + var compared) / var of the differences: how many
    times more replications would be needed for the same width without common random numbers. Values
    equal within ROUNDING differ by 0.
    Equal differences throughout have no variance: variance_reduction is inf (NaN where nothing varies).
    Source: Law, Simulation Modeling and Analysis (2015), 10.2.1 and 11.2.
    """
    apart = differences(baseline, compared)
    results = [_not_comparable(0)] * len(apart)
    for members, columns in rows_by_presence(~np.isnan(apart)):
        cells = np.ix_(members, columns)
        is_infinite = np.asarray(np.isinf(apart[cells]).any(axis=1))
        finite = _of_finite(baseline[cells][~is_infinite], compared[cells][~is_infinite], apart[cells][~is_infinite])
        for member, no_end in zip(members, is_infinite.tolist(), strict=True):
            results[member] = _not_comparable(len(columns)) if no_end else next(finite)
    return results


def intervals_of(differences: Sequence[PairedDifference], alpha: Floats) -> list[tuple[float, float]]:
    """The ends of the interval of each mean difference, that misses with its own probability `alpha`, shape (k,).

    NaN where the two can't be compared.
    """
    ends = [(math.nan, math.nan)] * len(differences)
    for n in {len(difference.values) for difference in differences} - {0}:
        members = [place for place, difference in enumerate(differences) if len(difference.values) == n]
        low, high = intervals.METHOD.interval(np.array([differences[place].values for place in members]), alpha[members])
        for place, low_end, high_end in zip(members, low.tolist(), high.tolist(), strict=True):
            ends[place] = differences[place].ends(low_end, high_end, float(alpha[place]))
    return ends


def _not_comparable(n: int) -> PairedDifference:
    return PairedDifference(n, math.nan, math.nan, math.nan, math.nan, np.zeros(0))


def _of_finite(baseline: Floats, compared: Floats, apart: Floats) -> Iterator[PairedDifference]:
    """The results of rows of finite values, shape (k, n) each."""
    n, sd = apart.shape[1], standard_deviation(apart)
    columns = (apart.mean(axis=1), sd, intervals.METHOD.p_values(apart), _variance_reduction(baseline, compared, sd))
    numbers = zip(*(column.tolist() for column in columns), apart, strict=True)
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
