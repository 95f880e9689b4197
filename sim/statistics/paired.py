"""Paired differences under common random numbers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.arrays import Floats
from sim.statistics.intervals import half_width, of_one_presence, standard_deviation, two_sided_p

ROUNDING = 1e-9  # sums in another order differ in their last digits; that is no difference of the scenarios


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean paired difference "compared minus baseline"; NaN where n is too small to say.

    n: replications in which both offered a number · p: two-sided p-value of "no difference" ·
    variance_reduction: what pairing is worth (see `paired_differences`).
    """

    n: int
    mean: float
    sd: float
    p: float
    variance_reduction: float

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the t interval of the mean difference that misses with probability `alpha`."""
        half = float(half_width(self.sd, self.n, alpha))
        return self.mean - half, self.mean + half


def paired_difference(baseline: ArrayLike, compared: ArrayLike) -> Difference:
    """The difference of two scenarios' values, both of shape (r,) in the order of replications: see `paired_differences`."""
    first, second = (np.asarray(values, dtype=np.float64) for values in (baseline, compared))
    return paired_differences(first[None], second[None])[0]


def paired_differences(first: Floats, second: Floats) -> list[Difference]:
    """Of each of k measures the difference of two scenarios' values, both of shape (k, r) in the order of replications.

    first: of the baseline · second: of the compared scenario.

    A replication in which either value is NaN is left out, and n says so. Where any value is inf (a
    quantile among the flights never released), nothing is compared: the finite replications are a
    selection. variance_reduction is (var baseline + var compared) / var of the differences: how many
    times more replications would be needed for the same width without common random numbers. Values
    equal within ROUNDING differ by 0.
    Equal differences throughout have no variance: p is 1 if they are 0, else 0, and variance_reduction
    is inf (NaN where nothing varies).
    Source: Law, Simulation Modeling and Analysis (2015), 10.2.1 and 11.2.
    """
    paired = differences(first, second)
    found = [_incomparable(0)] * len(paired)
    for members, columns in of_one_presence(~np.isnan(paired)):
        own = np.ix_(members, columns)
        endless = np.asarray(np.isinf(paired[own]).any(axis=1))
        told = iter(_compared(first[own][~endless], second[own][~endless], paired[own][~endless]))
        for member, is_endless in zip(members, endless.tolist(), strict=True):
            found[member] = _incomparable(len(columns)) if is_endless else next(told)
    return found


def _incomparable(n: int) -> Difference:
    return Difference(n, math.nan, math.nan, math.nan, math.nan)


def _compared(first: Floats, second: Floats, paired: Floats) -> Iterator[Difference]:
    """Of each row of finite values, shape (k, n) each."""
    n, mean, sd = paired.shape[1], paired.mean(axis=1), standard_deviation(paired)
    columns = (mean, sd, two_sided_p(mean, sd, n), _variance_reduction(first, second, sd))
    return (Difference(n, *row) for row in zip(*(column.tolist() for column in columns), strict=True))


def differences(baseline: Floats, compared: Floats) -> Floats:
    """Compared minus baseline, replication by replication, both of one shape.

    NaN where either is, else inf where either is; 0 for values equal within ROUNDING.
    """
    if baseline.shape != compared.shape:
        raise ValueError(f"replications can't be paired: {baseline.shape} against {compared.shape}")
    with np.errstate(invalid="ignore"):
        found = differences_of(baseline, compared)
    found[np.isinf(baseline) | np.isinf(compared)] = np.inf
    found[np.isnan(baseline) | np.isnan(compared)] = np.nan
    return found


def differences_of(baseline: Floats, compared: Floats) -> Floats:
    """Compared minus baseline (finite, of shapes that broadcast); 0 where the two are equal within ROUNDING."""
    found = compared - baseline
    return np.where(np.abs(found) <= ROUNDING + ROUNDING * np.abs(compared), 0.0, found)


def _variance_reduction(first: Floats, second: Floats, sd: Floats) -> Floats:
    unpaired = standard_deviation(first) ** 2 + standard_deviation(second) ** 2
    steady = sd == 0
    return np.where(steady, np.where(unpaired > 0, math.inf, math.nan), unpaired / np.where(steady, 1.0, sd) ** 2)
