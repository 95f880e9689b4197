"""Holm's step-down adjustment for several comparisons with one baseline.

Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.arrays import Floats


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Holm's adjustment of m p-values, shape (m,) each; NaN where there was no p-value.

    p: the adjusted p-values, at most 1 · factor: what each p-value was multiplied with, 1 to m. The
    interval that misses with probability alpha / factor contains 0 exactly where p > alpha: both ask
    whether the unadjusted p-value is above alpha / factor.
    """

    p: Floats
    factor: Floats


def holm(p_values: ArrayLike) -> Adjustment:
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
    return Adjustment(adjusted, factor)
