"""Paired differences under common random numbers."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from sim.experiment.intervals import Floats, half_width, standard_deviation

ROUNDING = 1e-9  # sums in another order differ in their last digits; that is no difference of the scenarios


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean paired difference "compared minus baseline"; NaN where n is too small to say.

    n: replications in which both offered a number · p: two-sided p-value of "no difference" ·
    variance_reduction: what pairing is worth (see `paired_difference`).
    """

    n: int
    mean: float
    sd: float
    p: float
    variance_reduction: float

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the t interval of the mean difference that misses with probability `alpha`."""
        half = half_width(self.sd, self.n, alpha)
        return self.mean - half, self.mean + half


def paired_difference(baseline: ArrayLike, compared: ArrayLike) -> Difference:
    """The difference of two scenarios' values, both of shape (r,) in the order of replications.

    A replication in which either value is NaN is left out, and n says so. Where any value is inf (a
    quantile among the flights never released), nothing is compared: the finite replications are a
    selection. variance_reduction is (var baseline + var compared) / var of the differences: how many
    times more replications would be needed for the same width without common random numbers. Values
    equal within ROUNDING differ by 0.
    Equal differences throughout have no variance: p is 1 if they are 0, else 0, and variance_reduction
    is inf (NaN where nothing varies).
    Source: Law, Simulation Modeling and Analysis (2015), 10.2.1 and 11.2.
    """
    first, second = np.asarray(baseline, dtype=np.float64), np.asarray(compared, dtype=np.float64)
    paired = differences(first, second)
    both = ~np.isnan(paired)
    first, second, paired = first[both], second[both], paired[both]
    if np.isinf(paired).any():
        return Difference(len(first), math.nan, math.nan, math.nan, math.nan)
    n, sd = len(paired), standard_deviation(paired)
    mean = float(np.mean(paired)) if n else math.nan
    return Difference(n, mean, sd, two_sided_p(mean, sd, n), _variance_reduction(first, second, sd))


def differences(baseline: Floats, compared: Floats) -> Floats:
    """Compared minus baseline, replication by replication, both of shape (r,).

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


def two_sided_p(mean: float, sd: float, n: int) -> float:
    """The p-value of Student's t test that the expectation is 0; NaN for fewer than two values."""
    if n < 2 or math.isnan(sd):
        return math.nan
    if sd == 0:
        return 1.0 if mean == 0 else 0.0
    return 2 * float(special.stdtr(n - 1, -abs(mean) / (sd / math.sqrt(n))))


def _variance_reduction(first: Floats, second: Floats, sd: float) -> float:
    unpaired = standard_deviation(first) ** 2 + standard_deviation(second) ** 2
    if sd == 0:
        return math.inf if unpaired > 0 else math.nan
    return unpaired / sd**2
