"""The plausible range of a parameter, walked by a number between 0 and 1."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from sim.ground.errors import InputError, Problem
from sim.ground.law import Law
from sim.ground.parameter import in_si
from sim.ground.roster import Turn
from sim.ground.text import COMMA, Text
from sim.ground.units import UNITS, format_clock, format_quantity
from sim.scenario.parameters import Parameter, catalogue, value_at
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Branch

_NOTHING_LEFT = Text("nothing is left to vary", "沒有可供變動的參數", "没有可供变动的参数")
_FEWER = Text("fewer of them", "減少保持原值的參數", "减少保持原值的参数")
_NO_PARAMETER = Text("there is no such parameter", "沒有這個參數", "没有这个参数")
_A_PATH = Text("a path that `sim explain` knows", "sim explain 所列的路徑", "sim explain 所列的路径")

DECADES = 20.0  # a range whose ends differ by more than this factor is walked by equal factors, not by equal steps
CLOCK = "clock"
_UNITS = {"rate": "/d", "share": "%"}
DIGITS = 3  # significant ones of a value that was sampled: so that a reader can write it into a file


@dataclass(frozen=True)
class Range:
    """The values that a parameter of one scenario plausibly takes; for a law, its mean; for a value by side, each side's.

    low, high: in SI units; the declared range, widened to hold the scenario's own value, if that lies outside · own: the
    scenario's own value, the mean of its parts · value: the scenario's own value as it holds it · by_factor: see DECADES.
    """

    parameter: Parameter
    low: float
    high: float
    own: float
    value: Any

    @property
    def path(self) -> str:
        """Path of the parameter."""
        return self.parameter.path

    @property
    def label(self) -> Text:
        """Name of the parameter, with its group's."""
        return self.parameter.full_label

    @property
    def by_factor(self) -> bool:
        """Whether equal steps of u are equal factors of the value."""
        return self.low > 0 and self.high / self.low > DECADES

    @property
    def is_whole(self) -> bool:
        """Whether the value is a whole number, or servers."""
        return isinstance(self.value, int | tuple) or _is_rosters(self.value)

    def at(self, u: float) -> float:
        """The value at u, from 0 (low) to 1 (high), in SI units, as it can be written; of whole numbers each is as likely."""
        if self.is_whole:
            return float(min(math.floor(self.low + u * (self.high - self.low + 1)), self.high))
        if self.by_factor:
            return self._rounded(float(self.low * (self.high / self.low) ** u))
        return self._rounded(float(self.low + u * (self.high - self.low)))

    def written(self, value: float) -> Any:
        """A value in SI units as a scenario file writes it: a law keeps its shape, sides keep their proportions."""
        return self._written(self.value, self._rounded(value))

    def in_words(self, value: float) -> str:
        """A value in SI units with its unit."""
        quantity = _quantity(self._rounded(value), self.parameter.dimension)
        return f"{quantity:.4g}" if isinstance(quantity, float) else quantity

    def _written(self, held: Any, value: float) -> Any:
        if isinstance(held, Mapping):
            parts = {key: _mean_of(part) for key, part in held.items()}
            factor = value / self.own if self.own else 0.0
            alike = len(set(parts.values())) == 1
            return {key: self._written(part, value if alike else self._inside(parts[key] * factor)) for key, part in held.items()}
        if isinstance(held, Law):
            return _law_with_mean(held, value)
        if isinstance(held, tuple) or (isinstance(held, int) and not isinstance(held, bool)):
            return round(value)
        return _quantity(value, self.parameter.dimension)

    def _inside(self, value: float) -> float:
        return self._rounded(min(max(value, self.low), self.high))

    def _rounded(self, value: float) -> float:
        """To DIGITS in a unit in which a person would write it. Ends and own value stay."""
        if value in (self.low, self.high, self.own):
            return value
        unit = _time_unit(value) if self.parameter.dimension == "time" else _UNITS.get(self.parameter.dimension, "")
        if not unit:
            return float(f"{value:.{DIGITS}g}")
        size = UNITS[self.parameter.dimension][unit]
        return float(Fraction(f"{value / float(size):.{DIGITS}g}") * size)


def _time_unit(seconds: float) -> str:
    """Hours for what lasts two of them, minutes for two minutes, else seconds."""
    return "h" if seconds >= 7200 else "min" if seconds >= 120 else "s"


def range_of(scenario: Scenario, path: str) -> Range | None:
    """The plausible range of a parameter around a scenario's own value; None where none is declared."""
    parameter = catalogue(scenario.assembly)[path]
    value = value_at(scenario, path)
    if parameter.plausible is None or value == {}:
        return None
    mean = _mean_of(value)
    low, high = (in_si(end) for end in parameter.plausible)
    return Range(parameter, min(low, mean), max(high, mean), mean, value)


def ranges(scenario: Scenario, branch: Branch = "world", leave: Sequence[str] = ()) -> tuple[Range, ...]:
    """Every parameter of a branch that has a plausible range, but for those to be left alone (paths, or beginnings of paths).

    Those of a feature that only puts a value on what happened are left alone too: no flight moves by them.
    Raises InputError where one of those to be left is no parameter, or nothing else is there.
    """
    schema = scenario.assembly
    known = [path for path, parameter in catalogue(schema).items() if parameter.branch == branch]
    unknown = [name for name in leave if not any(_is_at(path, name) for path in known)]
    if unknown:
        raise InputError(*(no_such_parameter(name, known) for name in unknown))
    left = (*leave, *(f"{branch}.{feature.key}" for feature in schema.features if feature.values_only))
    declared = (range_of(scenario, path) for path in known if not any(_is_at(path, name) for name in left))
    present = tuple(span for span in declared if span is not None)
    if not present:
        raise InputError(Problem(_NOTHING_LEFT, path="leave", found=Text.same(", ".join(leave)), allowed=_FEWER))
    return present


def no_such_parameter(name: str, known: Sequence[str]) -> Problem:
    """What to tell of a path that no parameter has."""
    near = get_close_matches(name, known, n=3) or [path for path in known if path.endswith(f".{name.rsplit('.', 1)[-1]}")]
    return Problem(_NO_PARAMETER, path=name, allowed=COMMA.join(near[:5]) or _A_PATH)


def _is_at(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.")


def _quantity(value: float, dimension: str) -> float | str:
    """A value in SI units as it is written; a number without a unit stays one."""
    if dimension == CLOCK:
        return format_clock(value)
    return format_quantity(value, dimension) if dimension else value


def _is_rosters(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(part, int | tuple) for part in value.values())


def _law_with_mean(law: Law, mean: float) -> Any:
    """A law of the same shape with another mean, as a scenario file writes it."""
    written = format_quantity(mean, law.dimension)
    parameters = dict(law.parameters)
    if law.kind == "fixed" or not law.mean:
        return written
    if "mean" in parameters:
        return {law.kind: {**parameters, "mean": written}}
    return law.scaled(mean / law.mean).as_written()


def _mean_of(value: Any) -> float:
    """A value in SI units as one number: of a law its mean, of sides and of turns of a roster the mean over them."""
    if isinstance(value, Law):
        return value.mean
    if isinstance(value, Mapping):
        return sum(map(_mean_of, value.values())) / len(value)
    if isinstance(value, Turn):
        return float(value.servers)
    if isinstance(value, tuple):
        return sum(map(_mean_of, value)) / len(value)
    return float(value)
