"""How many replications an interval needs to be as narrow as required: the sequential rule of Hoad, Robinson and Davies.

After each replication the mean of those so far has a half width d. The number of replications is the least n by which every
half width is as narrow as required, and stays so over the next `look_ahead(n)` replications: one that is narrow by luck widens
again soon. Source: K. Hoad, S. Robinson, R. Davies, Automated selection of the number of replications for a discrete-event
simulation, Journal of the Operational Research Society 61 (2010) 1632-1644. Theirs is one measure, relative to its mean; here
all requirements must hold at once, and a half width may be required in the measure's own unit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.arrays import Bools, Floats, Ints
from sim.statistics import intervals

LOOK_AHEAD = 5
FEWEST = 3  # values by which a half width is judged


@dataclass(frozen=True, slots=True)
class Running:
    """The mean and its half width after each replication, all of shape (r,); NaN where there are too few values."""

    n: Ints
    mean: Floats
    half: Floats


def look_ahead(n: ArrayLike) -> Ints:
    """How many more replications have to agree that n were enough: 5, beyond a hundred a twentieth of n."""
    return LOOK_AHEAD * np.maximum(np.asarray(n, dtype=np.int64), 100) // 100


def running(values: ArrayLike, alpha: float, events: float | Floats = np.nan, fewest: int = 0) -> Running:
    """Mean and half width of the interval, that misses with probability `alpha`, of the first 1, 2, … r values.

    events: by how much the largest rare event moves a value, one for all or as known after each value, shape (r,); NaN where that
    is not known, and there is no half width then before `fewest` values, or all, are not 0.
    NaN is left out (n counts the others), as in a study's summary. From the first inf on, which is a quantile among the flights
    never released, the mean is inf and has no half width. What stands at a place depends on the values up to it alone.
    """
    series = np.asarray(values, dtype=np.float64)
    n, never = np.cumsum(~np.isnan(series)), np.logical_or.accumulate(np.isinf(series))
    is_finite = np.isfinite(series)
    finite, sizes = series[is_finite], np.broadcast_to(np.asarray(events, dtype=np.float64), series.shape)[is_finite]
    origin = finite[0] if len(finite) else 0.0  # sums about the first value keep their digits
    before = np.cumsum(is_finite)  # finite values up to each place
    halves = intervals.METHOD.running_half_widths(finite, alpha, np.nan_to_num(sizes))
    says_too_little = (np.cumsum(finite != 0) < np.minimum(fewest, np.arange(1, len(finite) + 1))) & np.isnan(sizes)
    halves = np.concatenate(([np.nan], np.where(says_too_little, np.nan, halves)))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = origin + np.concatenate(([0.0], np.cumsum(finite - origin)))[before] / n
    mean, half = np.where(n < 1, np.nan, mean), np.where(n < 2, np.nan, halves[before])
    return Running(n, np.where(never, np.inf, mean), np.where(never, np.nan, half))


def running_anew(values_of_first: Callable[[int], Floats], r: int, alpha: float, fewest: int = 0) -> Running:
    """The same where the values follow from all replications so far, as those of a ratio of sums do.

    values_of_first(n): the values of the first n replications, shape (n,).
    """
    after = [running(values_of_first(n), alpha, fewest=fewest) for n in range(1, r + 1)]
    return Running(*(np.array([getattr(run, name)[-1] for run in after]) for name in ("n", "mean", "half")))


def stopping_time(holds: Bools, least: int, most: int) -> int | None:
    """The number of replications by the rule; None while it is not known.

    holds: whether everything required is precise after 1, 2, … r replications · least, most: bounds of the number; none are
    looked ahead to beyond `most`.
    """
    r = len(holds)
    n = np.arange(least, min(r, most) + 1)
    last = np.minimum(n + look_ahead(n), most)
    broken = np.concatenate(([0], np.cumsum(~holds)))
    good = (last <= r) & (broken[np.minimum(last, r)] == broken[n - 1])
    return int(n[np.argmax(good)]) if good.any() else None


def earliest_stop(holds: Bools, least: int, most: int) -> int:
    """How many replications the rule needs at least to come to its end, if all that follow hold."""
    broken = np.flatnonzero(~holds)
    after = int(broken[-1]) + 2 if len(broken) else 1
    n = max(least, FEWEST, after)
    return min(n + int(look_ahead(n)), most)
