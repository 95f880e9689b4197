"""Which intervals were found to fall short: measured by `make coverage`, told wherever such an interval is printed."""

import csv
from functools import cache
from pathlib import Path
from typing import Literal

from sim.metrics.measure_ref import MeasureRef

COVERAGE = Path(__file__).with_name("coverage.csv")
JUDGED_AT, GOAL = 20, 0.93
"""At how many replications an interval is judged, and how often it is to hold there, less two standard errors of the count."""


@cache
def _short() -> frozenset[tuple[str, str]]:
    """Kind and name of the measures whose intervals fell short in any of the scenarios tried."""
    with COVERAGE.open(encoding="utf-8", newline="") as file:
        return frozenset((row["kind"], row["measure"]) for row in csv.DictReader(file) if row["short"] == "True")


def falls_short(ref: MeasureRef, kind: Literal["level", "difference"]) -> bool:
    """Whether the intervals of that measure held less often than GOAL in a trial with JUDGED_AT replications."""
    return (kind, str(ref)) in _short()
