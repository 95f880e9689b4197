"""Runs the command line with another method of intervals: from the least to the largest of the replications' numbers."""

import sys

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.text import Text
from sim.statistics import intervals

NAME = Text("extremes of the replications", "重複極值區間", "重复极值区间")


class Extremes:
    """The interval holds every replication's number, whatever alpha is; p is 1 where 0 is among them, else 0."""

    name = NAME
    assumption = Text("the extremes alone", "極值", "极值")

    def interval(self, rows: Floats, alpha: float | Floats, event: float | Floats = 0.0) -> tuple[Floats, Floats]:
        return rows.min(axis=1), rows.max(axis=1)

    bounds = interval

    def p_values(self, rows: Floats, event: float | Floats = 0.0) -> Floats:
        low, high = self.interval(rows, 0.05)
        return np.where((low <= 0) & (high >= 0), 1.0, 0.0)

    def running_half_widths(self, values: Floats, alpha: float, event: float | Floats = 0.0) -> Floats:
        return np.asarray(np.maximum.accumulate(values) - np.minimum.accumulate(values)) / 2

    def replications_needed(self, n: int, half_width: float, required: float, alpha: float) -> float:
        return n + 1.0


if __name__ == "__main__":
    intervals.METHOD = Extremes()
    from sim.cli.main import main

    main(sys.argv[1:], prog_name="sim")
