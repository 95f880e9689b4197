"""Shares of a variance among its inputs (Sobol indices), without the noise of the simulation."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.ground.arrays import Floats
from sim.ground.streams import draw

RESAMPLES = 200
RESAMPLING = "sensitivity.resampling"  # name of the stream


@dataclass(frozen=True, slots=True)
class VarianceShares:
    """First-order and total indices, shape (d,) each, and half the widths of their intervals.

    noise: the share of the variance of one replication over the points that is its own noise; it is part of no index. All are NaN
    where the mean does not vary.
    """

    first_order: Floats
    first_order_ci: Floats
    total: Floats
    total_ci: Floats
    noise: float


def variance_shares(y: Floats, confidence: float, seed: int) -> VarianceShares:
    """The indices of the expectation of y from at least two replications at each point.

    y: shape (n, d + 2, r): for each of n base points its values at A, at A with each of d inputs taken from B, and at B, in r
    replications (the order of SALib's sample without second order). The estimators are those of Saltelli et al., Computer
    Physics Communications 181 (2010) 259-270, table 2 (b) and (f), but every product is one of two *different* replications,
    on average over all pairs of them. Replications are independent, so that the noise of one drops out of the expectation of
    each product; in a mean over replications its square would stay, and be called interaction. Intervals: normal, from base
    points drawn anew RESAMPLES times; they do not hold what is common to all points of a replication.
    """
    n, inputs, _ = y.shape
    inputs -= 2
    centred = y - y[:, (0, -1)].mean(axis=(0, 1))
    a, b, moved = centred[:, :1], centred[:, -1:], centred[:, 1:-1]
    terms = (
        _products(b, moved - a),  # n x d
        _products(a - moved, a - moved) / 2,
        _products(centred[:, (0, -1)], centred[:, (0, -1)]).mean(axis=1, keepdims=True),
    )
    first_order, total = _shares(*(term.mean(axis=0) for term in terms))
    picks = (n * draw(seed, 0, RESAMPLING, "uniform", n * RESAMPLES)).astype(np.int64).reshape(RESAMPLES, n)
    resampled = _shares(*(np.array([term[pick].mean(axis=0) for pick in picks]) for term in terms))
    z = float(special.ndtri(0.5 + confidence / 2))
    first_order_ci, total_ci = (z * np.std(shares, axis=0, ddof=1) for shares in resampled)
    noise, variance = float(np.var(centred, axis=2, ddof=1).mean()), float(terms[2].mean())
    return VarianceShares(first_order, first_order_ci, total, total_ci, noise / (noise + variance) if variance > 0 else np.nan)


def _products(u: Floats, v: Floats) -> Floats:
    """The mean product of two different replications, over all pairs of them; shape (n, k, r) each, of the result (n, k)."""
    r = u.shape[2]
    return np.asarray((u.sum(axis=2) * v.sum(axis=2) - (u * v).sum(axis=2)) / (r * (r - 1)))


def _shares(first_order: Floats, total: Floats, variance: Floats) -> tuple[Floats, Floats]:
    positive = np.where(variance > 0, variance, np.nan)
    return first_order / positive, total / positive
