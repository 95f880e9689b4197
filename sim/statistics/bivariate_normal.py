"""Two standard normal numbers with a correlation: the probability that both lie below bounds, or within."""

import numpy as np

from sim.ground.arrays import Floats

FAR = 38.0  # standard deviations beyond which nothing is left, in place of infinity
NEXT_TO_0 = 1e-200
LARGEST_CORRELATION = 1.0 - 1e-9


def below_both(first: Floats, second: Floats, correlation: float) -> Floats:
    """P(X <= first, Y <= second), shape of both, for a correlation from 0 to 1; bounds may be infinite.

    By Owen's T function: Owen, Annals of Mathematical Statistics 27 (1956) 1075-1090, equation 2.1. A correlation of 1
    is taken as one minus a billionth.
    """
    from scipy.special import ndtr, owens_t

    h, k = _finite(first), _finite(second)
    rho = min(correlation, LARGEST_CORRELATION)
    root = np.sqrt(1.0 - rho**2)
    apart = np.where((h < 0) != (k < 0), 0.5, 0.0)
    sum_of_t = owens_t(h, (k - rho * h) / (h * root)) + owens_t(k, (h - rho * k) / (k * root))
    return np.asarray((ndtr(h) + ndtr(k)) / 2 - sum_of_t - apart)


def within_both(low: Floats, high: Floats, other_low: Floats, other_high: Floats, correlation: float) -> Floats:
    """P(low < X <= high, other_low < Y <= other_high), shape of the bounds, which may be infinite; never below 0."""
    upper = below_both(high, other_high, correlation) - below_both(low, other_high, correlation)
    lower = below_both(high, other_low, correlation) - below_both(low, other_low, correlation)
    return np.maximum(upper - lower, 0.0)


def _finite(bound: Floats) -> Floats:
    clipped = np.clip(bound, -FAR, FAR)
    return np.where(clipped == 0.0, NEXT_TO_0, clipped)
