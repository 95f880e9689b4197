"""Student's t interval alone, beside which the interval in use and the rules that lean on one are held."""

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.text import Text
from sim.statistics.intervals import WidenedT


class StudentT(WidenedT):
    """mean ± t(1 - alpha / 2; n - 1) · s / √n, whatever the skewness and whatever may not have come."""

    name = Text("Student's t", "t 置信區間", "t 置信区间")

    def _halves(self, t: Floats, n: Floats, sd: Floats, skew: Floats, event: float | Floats) -> tuple[Floats, Floats]:  # type: ignore[override]
        half = t * sd / np.sqrt(np.asarray(n, dtype=np.float64))
        return half, half
