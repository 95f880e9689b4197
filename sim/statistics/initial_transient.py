"""Where the transient of a series ends: the marginal standard error rule, MSER-5.

Sources: White, Simulation 69 (1997) 323-334 (the rule); Spratt (1998), and White, Cobb and Spratt, Proceedings of the
Winter Simulation Conference (2000) 755-760 (batches of five); Hoad, Robinson and Davies, Journal of the Operational
Research Society 61 (2010) 1389-1403 (a truncation in the second half means that the run is too short).
"""

import numpy as np

from sim.ground.arrays import Floats
from sim.statistics.intervals import ROUNDING

BATCH = 5
FEWEST_LEFT = 5  # batches behind a truncation: of fewer, the error is small by luck


def mser_5(series: Floats) -> int | None:
    """How many observations to leave out at the beginning of `series` (shape (n,), finite), a multiple of five.

    The series is averaged in batches of five (an incomplete last one is dropped). With m batches, leaving out the first d
    gives the squared standard error sum((x - mean)²)/(m - d)² of the rest; the least d with the smallest one is the
    truncation. None: it lies in the second half, or there are fewer than ten batches: the run is too short.
    """
    n_batches = len(series) // BATCH
    if n_batches < 2 * FEWEST_LEFT:
        return None
    batches = series[: n_batches * BATCH].reshape(n_batches, BATCH).mean(axis=1)
    left = np.arange(n_batches, FEWEST_LEFT - 1, -1)
    variances = np.array([np.var(batches[n_batches - n :]) for n in left])
    variances[variances < (ROUNDING * np.abs(batches).max()) ** 2] = 0.0  # what is level but for rounding is level
    best = int(np.argmin(variances / left))
    return best * BATCH if best <= n_batches // 2 else None
