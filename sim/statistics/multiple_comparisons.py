"""Several comparisons at once: with one baseline (Holm), and of each scenario with the best of the others (Hsu).

Sources: Holm, Scandinavian Journal of Statistics 6 (1979) 65-70. Hsu's constrained intervals, Annals of Statistics 12 (1984)
1136-1144, with the standard error of each paired difference (common random numbers: Nelson and Matejcik, Management
Science 41 (1995) 1935-1945) and Bonferroni's bound over the k - 1 one-sided comparisons with the best, which holds
however the scenarios depend on each other and however unequal their variances are (Law 2015, 10.3.3).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.arrays import Bools, Floats
from sim.statistics import intervals
from sim.statistics.paired import differences_of
from sim.statistics.pooled_quantiles import PooledQuantile, quantile_difference


@dataclass(frozen=True, slots=True)
class HolmResult:
    """Holm's adjustment of m p-values, shape (m,) each; NaN where there was no p-value.

    p_values: the adjusted ones, at most 1 · factors: what each p-value was multiplied with, 1 to m. The
    interval that misses with probability alpha / factor contains 0 exactly where the adjusted p > alpha: both ask
    whether the unadjusted p-value is above alpha / factor.
    """

    p_values: Floats
    factors: Floats


def holm(p_values: ArrayLike) -> HolmResult:
    """The step-down adjustment of one family of p-values, shape (m,); NaN is not in the family.

    In rising order, the k-th of m is multiplied by m - k + 1 and is never below the one before it.
    """
    p = np.asarray(p_values, dtype=np.float64)
    family = np.flatnonzero(~np.isnan(p))
    rising = family[np.argsort(p[family], kind="stable")]
    steps = np.arange(len(rising), 0, -1, dtype=np.float64)
    stepped = np.maximum.accumulate(steps * p[rising])
    adjusted, factor = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    adjusted[rising] = np.minimum(stepped, 1.0)
    factor[rising] = np.divide(stepped, p[rising], out=np.full(len(rising), float(len(rising))), where=p[rising] > 0)
    return HolmResult(adjusted, factor)


@dataclass(frozen=True, slots=True)
class ComparisonWithBest:
    """k scenarios held against the best of the others; shape (k,) each, NaN and False where n < 2.

    n: replications that count · difference: a scenario's mean less that of the best of the others; where lower is
    better, the one in front has the negative one · low, high: the simultaneous intervals, all of which hold at once with
    the confidence asked for; one end is 0 wherever nothing says that the scenario is ahead, or behind · may_be_best: the
    true best is among these with the same confidence · is_near_best: with the same confidence its mean is at most `margin` from
    that of the best.
    """

    n: int
    difference: Floats
    low: Floats
    high: Floats
    may_be_best: Bools
    is_near_best: Bools


def compare_with_best(
    values: Floats, better: Literal["lower", "higher", "neither"], confidence: float, margin: float = 0.0, event: float = 0.0
) -> ComparisonWithBest:
    """The comparison of `values`, shape (k, r) in the order of replications, k >= 2; `better` is "lower" or "higher".

    margin: the smallest difference that matters · event: by how much the largest rare event moves a replication's value.

    A replication in which any value is NaN is left out; values are finite otherwise. With l_ij and u_ij the one-sided bounds
    of the expected difference i - j where higher is better, each of which misses with probability (1 - confidence)/(k - 1),
    scenario i may be the best if u_ij >= 0 for all j; the interval reaches up to max(0, min_j u_ij), and down to the least
    l_ij over the others j that may be the best, or to 0 where there is none. Equal scenarios may both be the best.
    """
    if better == "neither" or len(values) < 2:
        raise ValueError(f"there is no best of {len(values)} scenarios where {better} is better")
    sign = 1.0 if better == "higher" else -1.0
    values = values[:, ~np.isnan(values).any(axis=0)]
    k, n = values.shape
    if n < 2:
        nothing = np.full(k, math.nan)
        return ComparisonWithBest(n, nothing, nothing, nothing, *np.zeros((2, k), dtype=np.bool_))
    apart = sign * differences_of(values[None, :, :], values[:, None, :])  # [i, j]: i less j, higher is better
    bounds = intervals.METHOD.bounds(apart.reshape(k * k, n), (1 - confidence) / (k - 1), event)
    lower, upper = (bound.reshape(k, k) for bound in bounds)
    return _compared(n, apart.mean(axis=2), lower, upper, better, margin)


def compare_quantiles_with_best(
    quantiles: Sequence[PooledQuantile], better: Literal["lower", "higher", "neither"], confidence: float, margin: float = 0.0
) -> ComparisonWithBest:
    """The same of pooled quantiles, of k >= 2 scenarios; all have a value, and draws.

    The one-sided bounds are the ends of the interval of each difference that misses with twice their probability; where one of
    them is not there, neither is the end that rests on it (-inf or inf).
    """
    if better == "neither" or len(quantiles) < 2:
        raise ValueError(f"there is no best of {len(quantiles)} scenarios where {better} is better")
    sign, k = 1.0 if better == "higher" else -1.0, len(quantiles)
    mean, lower, upper = np.zeros((3, k, k))
    for i, j in combinations(range(k), 2):
        difference = quantile_difference(quantiles[j], quantiles[i])
        low, high = (sign * end for end in difference.interval(2 * (1 - confidence) / (k - 1))[:: int(sign)])
        mean[i, j], lower[i, j], upper[i, j] = sign * difference.mean, low, high
        mean[j, i], lower[j, i], upper[j, i] = -sign * difference.mean, -high, -low
    return _compared(min(quantile.n for quantile in quantiles), mean, lower, upper, better, margin)


def _compared(n: int, mean: Floats, lower: Floats, upper: Floats, better: str, margin: float) -> ComparisonWithBest:
    """From the differences i - j and their one-sided bounds, shape (k, k) each, higher is better."""
    others = ~np.eye(len(mean), dtype=np.bool_)
    reach = np.where(others, upper, math.inf).min(axis=1)
    may_be_best = reach >= 0
    rivals = others & may_be_best[None, :]
    floor = np.where(rivals.any(axis=1), np.where(rivals, lower, math.inf).min(axis=1), 0.0)
    is_near_best = floor >= -margin
    difference = np.where(others, mean, math.inf).min(axis=1)
    low, high = floor, np.maximum(reach, 0.0)
    if better == "lower":
        difference, low, high = -difference, -high, -low
    return ComparisonWithBest(n, difference + 0.0, low + 0.0, high + 0.0, may_be_best, is_near_best)  # + 0.0: no minus nought
