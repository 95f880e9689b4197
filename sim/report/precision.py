"""Printed lines on precision: the targets of a study and what was reached, and the worth of pairing."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from rich.console import RenderableType
from rich.text import Text as Line

from sim.charts.chart import headline_rows
from sim.charts.quantity import number

if TYPE_CHECKING:
    from sim.study.manifest import ReachedPrecision
    from sim.study.study import Study

PAIRING = (
    "Pairing by common random numbers was worth a factor of {low} to {high} in replications for half of these measures (median "
    "{middle})."
)
HUGE = 1000.0


def precision_lines(study: "Study") -> Iterator[str]:
    """A line a target, in English, with its widest interval over the scenarios; none where the study has no targets."""
    precision = study.manifest.precision
    if not precision:
        return
    for written, rows in groupby(precision.reached, key=lambda row: row.target):
        yield _line(written, list(rows), study.manifest.replications)
    yield (
        f"Simulated: {precision.simulated} replications of each scenario, those included that were looked ahead to. "
        f"Asked for: {precision.asked.replications} at least and {precision.asked.max_replications} at most."
    )


def _line(written: str, rows: list["ReachedPrecision"], replications: int) -> str:
    measure, _, target = (word.strip() for word in written.rpartition("="))
    widest = max(rows, key=_width)
    of = " of the mean" if target.endswith("%") and widest.half_width is not None else ""
    where = f" (widest: {widest.scenario})" if len(rows) > 1 else ""
    short = "" if all(row.is_reached for row in rows) else ": NOT REACHED"
    return f"{measure}: half width {widest.shown}{of}{where}, asked {target}, with {replications} replications{short}"


def _width(row: "ReachedPrecision") -> tuple[bool, bool, float]:
    """A key by which targets not reached go last, and among them those without a half width."""
    half, mean = row.half_width, row.mean
    is_relative = row.target.rstrip().endswith("%")
    return not row.is_reached, half is None, (half or 0.0) / (abs(mean or 1.0) if is_relative else 1.0)


def pairing_parts(study: "Study", name: str) -> list[RenderableType]:
    """The line on one scenario and the one it is held against; none where no headline measure differs between them.

    It gives quartiles, since the factor of a measure that hardly differs goes into the millions.
    """
    rows = headline_rows(study, study.comparison[study.comparison["scenario"] == name])
    factors = rows["variance_reduction"].to_numpy(dtype=float)
    factors = factors[np.isfinite(factors)]
    if not len(factors):
        return []
    low, middle, high = (_factor_in_words(float(factor)) for factor in np.quantile(factors, (0.25, 0.5, 0.75)))
    return [Line(PAIRING.format(low=low, high=high, middle=middle), style="dim")]


def _factor_in_words(factor: float) -> str:
    return f"over {HUGE:,.0f}" if factor > HUGE else number(factor)
