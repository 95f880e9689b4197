"""Differences of two levels that have nothing in common, such as those of two studies with other random numbers."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.ground.arrays import Floats
from sim.statistics import intervals
from sim.statistics.intervals import is_seldom, present

BISECTIONS = 40
_LEAST = 1e-9  # of a p-value; what is smaller counts as 0


@dataclass(frozen=True, slots=True)
class Level:
    """A level with its intervals.

    value: NaN where there is none · n: replications with a value · interval: its ends at an alpha, NaN where there is
    none.
    """

    value: float
    n: int
    interval: Callable[[float], tuple[float, float]] = field(compare=False)


def mean_level(values: Floats, event: float = math.nan) -> Level:
    """The mean of the replications' values, shape (r,), NaN: nothing to measure; event: as in `paired_difference`.

    Without interval where fewer than two have a value, or too few are not 0.
    """
    numbers = present(values)
    if not len(numbers) or not np.isfinite(numbers).all():
        return Level(math.nan, len(numbers), lambda alpha: (math.nan, math.nan))
    says_too_little = len(numbers) < 2 or (math.isnan(event) and bool(is_seldom(numbers[None])[0]))

    def interval(alpha: float) -> tuple[float, float]:
        if says_too_little:
            return math.nan, math.nan
        low, high = intervals.METHOD.interval(numbers[None], alpha, np.nan_to_num(event))
        return float(low[0]), float(high[0])

    return Level(float(numbers.mean()), len(numbers), interval)


@dataclass(frozen=True, slots=True)
class IndependentDifference:
    """The difference "compared minus baseline" of two levels; NaN where either has no value.

    n: the lesser number of replications · p_value: two-sided, of "no difference"; NaN without an interval.

    The ends of the interval are got from those of the two levels: of m1 in [l1, u1] and m2 in [l2, u2], the lower end of m2 - m1
    is m2 - m1 - √((m2 - l2)² + (u1 - m1)²), the upper one likewise (Zou and Donner, Statistics in Medicine 27 (2008) 1693-1702).
    So it is as skew as they are, and holds for quantiles too.
    """

    baseline: Level
    compared: Level
    n: int
    mean: float
    p_value: float
    variance_reduction: float = math.nan

    @property
    def differ(self) -> int:
        """How many replications differ: none is the same as another."""
        return self.n

    @property
    def has_interval(self) -> bool:
        """Whether each of the two has an interval."""
        return not any(math.isnan(end) for end in self.interval(0.5))

    def interval(self, alpha: float) -> tuple[float, float]:
        """The ends of the interval that misses with probability `alpha`; NaN where there is none."""
        return _interval(self.baseline, self.compared, alpha)


def independent_difference(baseline: Level, compared: Level) -> IndependentDifference:
    """The difference of two levels that have nothing in common."""
    mean = compared.value - baseline.value
    return IndependentDifference(baseline, compared, min(baseline.n, compared.n), mean, _p_value(baseline, compared))


def _interval(baseline: Level, compared: Level, alpha: float) -> tuple[float, float]:
    (low_1, high_1), (low_2, high_2) = baseline.interval(alpha), compared.interval(alpha)
    mean = compared.value - baseline.value
    below, above = (
        math.hypot(compared.value - low_2, high_1 - baseline.value),
        math.hypot(high_2 - compared.value, baseline.value - low_1),
    )
    return mean - below, mean + above


def _p_value(baseline: Level, compared: Level) -> float:
    """The alpha at which the end nearer to 0 reaches it, by bisection."""
    if any(math.isnan(end) for end in _interval(baseline, compared, 0.5)):
        return math.nan
    if compared.value == baseline.value:
        return 1.0
    outside, inside = 1.0, _LEAST  # an interval of the first leaves 0 out, one of the second may hold it
    if not _holds_0(baseline, compared, inside):
        return 0.0
    for _ in range(BISECTIONS):
        middle = math.sqrt(outside * inside)
        if _holds_0(baseline, compared, middle):
            inside = middle
        else:
            outside = middle
    return inside


def _holds_0(baseline: Level, compared: Level, alpha: float) -> bool:
    low, high = _interval(baseline, compared, alpha)
    return low <= 0 <= high
