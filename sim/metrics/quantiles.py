"""Which quantiles measures have, and means and shares that bear that there is nothing."""

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.model.observation import Observation

DELAY_QUANTILES = (("p50", 0.5), ("p90", 0.9), ("p95", 0.95))
RELEASE_TIME_QUANTILES = (("p50", 0.5), ("p95", 0.95))


def pooled_only(observation: Observation) -> dict[str, float]:
    """No part: a replication by itself has no number of a measure whose parts are quantiles of all replications together."""
    return {}


def mean(values: Floats | Bools) -> float:
    """The mean of `values` (shape (k,)), of truths their share; NaN where there are none."""
    return float(values.mean()) if len(values) else np.nan


def share(count: float, total: float) -> float:
    """`count` / `total`; NaN where the total is 0."""
    return float(count / total) if total else np.nan
