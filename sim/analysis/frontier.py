"""The frontier: which policies are not beaten in two measures at once, such as delay and missed contraband."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.measure import Measured
from sim.experiment.difference import paired_difference
from sim.experiment.intervals import estimate_mean

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

COLUMNS = (
    "scenario", "x_measure", "x", "x_low", "x_high", "y_measure", "y", "y_low", "y_high", "is_on_frontier", "dominated_by",
    "clearly_dominated_by",
)  # fmt: skip


def frontier_table(
    names: Sequence[str], x: Mapping[str, Floats], y: Mapping[str, Floats], of_x: Measured, of_y: Measured, confidence: float
) -> "pd.DataFrame":
    """One row a scenario: both measures with the intervals of their means, and which scenarios dominate it.

    x, y: by scenario, shape (replications,), paired by replication · dominated_by: scenarios whose means are no worse in both
    measures and better in one (names, parted by a blank) · clearly_dominated_by: of these, those whose paired differences are
    better in one beyond its interval, widened (Bonferroni) over all pairs and both measures, and not worse in the other beyond
    its own. A mean that is NaN or infinite is dominated by none and dominates none.
    """
    import pandas as pd

    family = max(2 * len(names) * (len(names) - 1), 1)
    rows = []
    for name in names:
        e, f = estimate_mean(x[name], confidence), estimate_mean(y[name], confidence)
        others = [other for other in names if other != name]
        gains = {other: (_gain(x, other, name, of_x), _gain(y, other, name, of_y)) for other in others}
        better = [other for other, both in gains.items() if _dominates([float(np.mean(values)) for values in both])]
        clearly = [other for other in better if _clearly(gains[other], (1 - confidence) / family)]
        levels = (of_x.name, e.mean, e.low, e.high, of_y.name, f.mean, f.low, f.high)
        is_known = bool(np.isfinite([e.mean, f.mean]).all())
        rows.append((name, *levels, is_known and not better, " ".join(better), " ".join(clearly)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _gain(values: Mapping[str, Floats], other: str, name: str, measured: Measured) -> Floats:
    """By how much `other` is better than `name`, replication by replication."""
    with np.errstate(invalid="ignore"):
        gain = values[name] - values[other]
    return np.asarray(gain if measured.better == "lower" else -gain)


def _dominates(gains: Sequence[float]) -> bool:
    return all(np.isfinite(gains)) and min(gains) >= 0 and max(gains) > 0


def _clearly(gains: Sequence[Floats], alpha: float) -> bool:
    """Whether one gain is above 0 beyond its interval, and none is below 0 beyond its own."""
    zero = [np.zeros(len(values)) for values in gains]
    ends = [paired_difference(*pair).interval(alpha) for pair in zip(zero, gains, strict=True)]
    return any(low > 0 for low, _ in ends) and all(high >= 0 for _, high in ends)
