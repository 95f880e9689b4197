"""The measure that a question is about, and quantities in its unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sim.ground.errors import InputError, Problem
from sim.ground.units import parse_quantity
from sim.metrics import all_metrics
from sim.nouns.metric import Better, Metric
from sim.policies import FEATURES
from sim.scenario.scenario import Scenario

USUAL = "delay_quantile/p50"
_DIMENSIONS = {"s": "time", "share": "share"}


@dataclass(frozen=True)
class Measured:
    """A measure by the name a user gives it, "key" or "key/part"."""

    name: str
    metric: Metric

    @property
    def better(self) -> Better:
        """Which direction is better: "lower", "higher" or "neither"."""
        return self.metric.better

    def quantity(self, written: str, path: str) -> float:
        """A quantity in the unit of the measure ("30 min", "5%" or "5 pp", "12"). Raises InputError that names `path`."""
        dimension = _DIMENSIONS.get(self.metric.unit)
        if dimension == "share" and written.rstrip().endswith("pp"):
            written = f"{written.rstrip().removesuffix('pp').rstrip()}%"  # percentage points
        try:
            return parse_quantity(written, dimension) if dimension else float(written)
        except ValueError as error:
            allowed = f"a quantity of {self.name}" + ("" if dimension else f", a plain number (unit: {self.metric.unit})")
            raise InputError(Problem(str(error), path=path, found=written, allowed=allowed)) from None


def read_measure(name: str, path: str = "measure") -> Measured:
    """The measure of that name. Raises InputError with the nearest names where there is none."""
    metrics = {metric.key: metric for metric in all_metrics(FEATURES)}
    key = name.partition("/")[0]
    if key not in metrics:
        near = ", ".join(get_close_matches(key, metrics))
        allowed = f"{near}; see docs/measures.md" if near else "a measure of docs/measures.md"
        raise InputError(Problem("there is no such measure", path=path, found=name, allowed=allowed))
    return Measured(name, metrics[key])


def directed(measured: Measured, path: str = "measure") -> Measured:
    """The same measure. Raises InputError where neither direction of it is better, so that nothing can win by it."""
    if measured.better == "neither":
        told = f"neither direction of {measured.name} is better, so that no policy can win by it"
        raise InputError(Problem(told, path=path, found=measured.name, allowed=f"a measure with a direction, such as {USUAL}"))
    return measured


def headline_of(scenarios: Sequence[Scenario]) -> str:
    """The measure that the last scenario says answers its question, or the median delay."""
    return next((scenario.answered_by[0] for scenario in reversed(scenarios) if scenario.answered_by), USUAL)
