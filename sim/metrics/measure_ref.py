"""A measure as a user names it, and quantities in its unit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple, Self

from sim.ground import arguments
from sim.ground.errors import InputError, Problem
from sim.ground.time_units import DAY_S, HOUR_S, MINUTE_S
from sim.ground.units import CURRENCIES, parse_quantity
from sim.metrics import all_metrics
from sim.metrics.breakdown import TOTAL
from sim.model.feature import Feature
from sim.model.metric import CURRENCY, Better, Metric
from sim.policies import FEATURES
from sim.scenario.scenario import Scenario

USUAL = "delay_quantile/p50"
EVERYWHERE = "on_time_share"
"""A measure that, unlike a median delay, has a finite value in every world."""
NUMBER = re.compile(r"([0-9.eE+-]+)\s*(.*)")
_DIMENSION: dict[str, tuple[str, float]] = {  # of a measure's unit: its dimension and how many SI units it is
    "s": ("time", 1.0), "min": ("time", MINUTE_S), "h": ("time", HOUR_S), "h/1000": ("time", HOUR_S), "d": ("time", DAY_S),
    "/h": ("rate", 1 / HOUR_S), "/d": ("rate", 1 / DAY_S), "km": ("length", 1000.0), "m": ("length", 1.0),
}  # fmt: skip
_EXAMPLE = {"time": "'2 min'", "rate": "'3 /h'", "length": "'200 m'"}
_PLAIN = {
    "share": ("0.02, or 2 pp (percentage points)", {"": 1.0, "%": 0.01, "pp": 0.01}),
    **{unit: ("3", {"": 1.0}) for unit in ("1", CURRENCY)},
    **{currency: (f"50, or 50 {currency}", {"": 1.0, currency: 1.0}) for currency in CURRENCIES},
}


class MeasureRef(NamedTuple):
    """Which measure: the key of a metric, and a part of it; the empty part is the whole. Written "key" or "key/part"."""

    metric: str
    part: str = TOTAL

    @classmethod
    def parse(cls, name: str) -> Self:
        """The measure of a name; what stands behind the first "/" is the part, which may hold more of them."""
        metric, _, part = name.partition("/")
        return cls(metric.strip(), part.strip())

    def __str__(self) -> str:
        return f"{self.metric}/{self.part}" if self.part else self.metric


@dataclass(frozen=True)
class Measure:
    """A measure and the declaration of its metric."""

    ref: MeasureRef
    metric: Metric

    @property
    def name(self) -> str:
        """How a user writes it: "key" or "key/part"."""
        return str(self.ref)

    @property
    def better(self) -> Better:
        """Which direction is better: "lower", "higher" or "neither"."""
        return self.metric.direction(self.ref.part)

    @property
    def unit(self) -> str:
        """The unit of its numbers."""
        return self.metric.unit_in(self.ref.part)

    def quantity(self, written: str, path: str) -> float:
        """A quantity in the unit of the measure ("30 min", "5%" or "5 pp", "12"). Raises InputError that names `path`."""
        try:
            return quantity_in(self.unit, written)
        except ValueError as error:
            allowed = f"a quantity of {self.name}, such as {example_in(self.unit)}"
            raise InputError(Problem(str(error), path=path, found=written, allowed=allowed)) from None


@cache
def measures(features: tuple[Feature, ...] = FEATURES) -> dict[str, Metric]:
    """Every measure that these features have, and the general ones, by key."""
    return {metric.key: metric for metric in all_metrics(features)}


def measures_of(scenarios: Iterable[Scenario]) -> dict[str, Metric]:
    """Every measure of these scenarios by key: the general ones, and those of their own features."""
    return measures(tuple(dict.fromkeys(feature for scenario in scenarios for feature in scenario.assembly.features)))


def read_measure(name: str, path: str = "measure", known: Mapping[str, Metric] | None = None) -> Measure:
    """The measure of that name, of those `known` (None: those of the package). Raises InputError with the nearest names."""
    arguments.check(arguments.text(path, name))
    ref, known = MeasureRef.parse(name), measures() if known is None else known
    if ref.metric not in known:
        raise InputError(no_such_measure(name, path, known))
    return Measure(ref, known[ref.metric])


def no_such_measure(name: str, path: str, known: Iterable[str]) -> Problem:
    """What to tell of a measure that nobody declared: with the nearest names, by their letters, else by their words."""
    key, known = MeasureRef.parse(name).metric, sorted(known)
    words = set(key.split("_"))
    near = get_close_matches(key, known) or [other for other in known if words & set(other.split("_"))][:3]
    allowed = f"{', '.join(near)}; see docs/reference/measures.md" if near else "a measure of docs/reference/measures.md"
    return Problem("there is no such measure", path=path, found=name, allowed=allowed)


def directed(measured: Measure, path: str = "measure") -> Measure:
    """The measure itself. Raises InputError where neither direction of it is better, so that nothing can win by it."""
    if measured.better == "neither":
        message = f"neither direction of {measured.name} is better, so that no policy can win by it"
        raise InputError(Problem(message, path=path, found=measured.name, allowed=f"a measure with a direction, such as {USUAL}"))
    return measured


def headline_of(scenarios: Sequence[Scenario], otherwise: str = USUAL) -> str:
    """The measure that the last scenario says answers its question, or another one."""
    return next((scenario.answered_by[0] for scenario in reversed(scenarios) if scenario.answered_by), otherwise)


@cache
def margin_of(metric: Metric) -> float:
    """The smallest difference of a measure that matters, in its unit; 0 where it states none."""
    return quantity_in(metric.unit, metric.matters.value) if metric.matters else 0.0


def quantity_in(unit: str, written: str) -> float:
    """A quantity in the unit of a measure. Raises ValueError that says what is allowed."""
    if unit in _DIMENSION:
        dimension, size = _DIMENSION[unit]
        return parse_quantity(written, dimension) / size
    example, units = _PLAIN[unit]
    match = NUMBER.fullmatch(written.strip())
    if match is None or match[2] not in units:
        raise ValueError(f"a plain number is needed, such as {example}")
    return parse_quantity(match[1], "share") * units[match[2]]


def example_in(unit: str) -> str:
    """How a quantity in that unit may be written."""
    return _EXAMPLE[_DIMENSION[unit][0]] if unit in _DIMENSION else _PLAIN[unit][0]
