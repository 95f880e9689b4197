"""Comparisons that the last digits of a converted or added number don't decide.

300 ft / 100 ft is 2.9999999999999996 in metres, and an instant that is the sum of ten others misses its bound by a billionth
of a second. Bounds that are meant to be met are met here within a microsecond, and wholes within a billionth of one.
"""

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.arrays import Bools, Floats

TOLERANCE_S = 1e-6
OF_A_WHOLE = 1e-9


def at_most(value_s: ArrayLike, bound_s: ArrayLike) -> Bools:
    """Whether each duration or instant (s, shapes that broadcast) is no later than the bound; NaN is not."""
    return np.asarray(np.asarray(value_s) <= np.asarray(bound_s) + TOLERANCE_S)


def beyond(value_s: ArrayLike, bound_s: ArrayLike) -> Bools:
    """Whether each duration or instant (s, shapes that broadcast) is later than the bound; NaN is not."""
    return np.asarray(np.asarray(value_s) > np.asarray(bound_s) + TOLERANCE_S)


def wholes_within(length: ArrayLike, step: float) -> Floats:
    """How many whole steps a length holds, of its shape: its quotient rounded down."""
    return np.asarray(np.floor(np.asarray(length) / step + OF_A_WHOLE))


def wholes_around(length: ArrayLike, step: float) -> Floats:
    """How many whole steps it takes to cover a length, of its shape: its quotient rounded up."""
    return np.asarray(np.ceil(np.asarray(length) / step - OF_A_WHOLE))


def nearest_whole(share: float, of: int) -> int:
    """The whole number nearest to a share of a count; a half goes up, as in the rounding that people do."""
    return int(np.floor(share * of + 0.5 + OF_A_WHOLE))
