"""Quantiles by one definition, which bears values that never came."""

from collections.abc import Mapping

import numpy as np

from sim.ground.arrays import Bools, Floats

DELAY_QUANTILES = (("p50", 0.5), ("p90", 0.9), ("p95", 0.95))
RELEASE_TIME_QUANTILES = (("p50", 0.5), ("p95", 0.95))


def quantiles(values: Floats, shares: Mapping[str, float]) -> dict[str, float]:
    """The quantile of `values` (shape (k,), any order, inf for what never came) under each name.

    The quantile at q is the smallest value that at least the share q does not exceed: the inverse of
    the empirical distribution function (Hyndman and Fan 1996, definition 1). It never mixes two values,
    so it is a delay that some flight had; where it falls among the values that never came, it is inf.
    """
    if not len(values):
        return dict.fromkeys(shares, np.nan)
    # 1e-9: 0.95 * 20 must be the 19th value although its float may lie a hair above 19.
    places = {name: max(int(np.ceil(share * len(values) - 1e-9)), 1) - 1 for name, share in shares.items()}
    # At these places stands what sorting would put there. The least is asked for as well: with one place alone numpy
    # takes a way that is twenty times as slow where many values are equal.
    ordered = np.partition(values, [0, *places.values()])
    return {name: float(ordered[place]) for name, place in places.items()}


def mean(values: Floats | Bools) -> float:
    """The mean of `values` (shape (k,)), of truths their share; NaN where there are none."""
    return float(values.mean()) if len(values) else np.nan


def share(count: float, total: float) -> float:
    """`count` / `total`; NaN where the total is 0."""
    return float(count / total) if total else np.nan
