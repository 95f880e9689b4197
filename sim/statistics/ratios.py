"""Ratios of sums over replications."""

import numpy as np

from sim.ground.arrays import Floats


def linearised(numerator: Floats, denominator: Floats, scale: float = 1.0) -> Floats:
    """Shape (r,): values whose mean is the ratio of the sums, and whose spread is that of the ratio over such studies.

    R + (x_i - R y_i) / mean(y), with R = sum(x) / sum(y), times `scale`; x, y of shape (r,). A replication in which either is NaN
    is left out (NaN); all are NaN where the denominators add up to 0. The mean of the replications' ratios would be another
    number, that of a replication chosen at random, and has none where a denominator is 0. Source: Cochran, Sampling Techniques
    (1977), 2.11 and 6.
    """
    is_present = ~(np.isnan(numerator) | np.isnan(denominator))
    x, y = numerator[is_present], denominator[is_present]
    result = np.full(len(numerator), np.nan)
    if len(y) and y.sum() != 0:
        ratio = x.sum() / y.sum()
        result[is_present] = scale * (ratio + (x - ratio * y) / y.mean())
    return result
