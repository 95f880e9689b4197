"""Counts by inverse: the quantiles of Poisson and binomial laws, from tables, as scipy.stats takes a second to load."""

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats

Counts = NDArray[np.int64]


def poisson_quantile(u: Floats, mean: float) -> Counts:
    """The least k with P(X <= k) >= u for X Poisson, shape of `u`."""
    from scipy.special import pdtr

    enough = np.arange(int(mean + 12 * np.sqrt(mean) + 40))
    return np.searchsorted(pdtr(enough, mean), u, side="left")


def binomial_quantile(u: Floats, trials: NDArray[np.integer], share: float) -> Counts:
    """The least k with P(X <= k) >= u for X binomial of `trials` (shape of `u`) and `share`; 0 without trials."""
    from scipy.special import bdtr

    quantiles = np.zeros(len(u), dtype=np.int64)
    for number in np.unique(trials[trials > 0]).tolist():
        here = trials == number
        quantiles[here] = np.searchsorted(bdtr(np.arange(number), number, share), u[here], side="left")
    return quantiles
