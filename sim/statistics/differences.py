"""Differences from a baseline: of means of replications, of quantiles of all replications together, or of independent levels."""

import math
from collections.abc import Sequence

from sim.ground.arrays import Floats
from sim.statistics.independent import IndependentDifference
from sim.statistics.paired import PairedDifference, intervals_of
from sim.statistics.pooled_quantiles import QuantileDifference

Difference = PairedDifference | QuantileDifference | IndependentDifference


def ends_of(differences: Sequence[Difference], alpha: Floats) -> list[tuple[float, float]]:
    """The ends of the interval of each difference, that misses with its own probability `alpha`, shape (k,).

    NaN where there is no interval; of quantiles -inf or inf where there is none on that side.
    """
    ends = [(math.nan, math.nan)] * len(differences)
    means = [(place, one) for place, one in enumerate(differences) if isinstance(one, PairedDifference)]
    of_means = intervals_of([one for _, one in means], alpha[[place for place, _ in means]]) if means else []
    for (place, _), of_mean in zip(means, of_means, strict=True):
        ends[place] = of_mean
    for place, one in enumerate(differences):
        if not isinstance(one, PairedDifference) and one.has_interval:
            ends[place] = one.interval(float(alpha[place]))
    return ends


def is_without_difference(difference: Difference) -> bool:
    """Whether the two were compared, and no replication differs."""
    if isinstance(difference, PairedDifference):
        return len(difference.values) > 1 and not difference.values.any()
    return not math.isnan(difference.mean) and difference.differ == 0
