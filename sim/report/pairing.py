"""A printed line: what pairing by common random numbers was worth."""

from typing import TYPE_CHECKING

import numpy as np
from rich.console import RenderableType
from rich.text import Text as Line

from sim.charts.headlines import headline_rows
from sim.charts.quantity import number

if TYPE_CHECKING:
    from sim.study.study import Study

PAIRING = (
    "Pairing by common random numbers was worth a factor of {low} to {high} in replications for half of these measures (median "
    "{middle})."
)
HUGE = 1000.0


def pairing_parts(study: "Study", name: str) -> list[RenderableType]:
    """The line on one scenario and the baseline; none where no headline measure differs between them.

    Its figures are the quartiles, for a measure that hardly moves makes it a factor of millions.
    """
    rows = headline_rows(study, study.comparison[study.comparison["scenario"] == name])
    factors = rows["variance_reduction"].to_numpy(dtype=float)
    factors = factors[np.isfinite(factors)]
    if not len(factors):
        return []
    low, middle, high = (_told(float(factor)) for factor in np.quantile(factors, (0.25, 0.5, 0.75)))
    return [Line(PAIRING.format(low=low, high=high, middle=middle), style="dim")]


def _told(factor: float) -> str:
    return f"over {HUGE:,.0f}" if factor > HUGE else number(factor)
