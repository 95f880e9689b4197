"""Numbers as people read them: seconds as minutes, shares as per cent, differences with their sign."""

import math
from dataclasses import dataclass

import numpy as np

from sim.ground.text import Language, Text
from sim.ground.time_units import DAY_S, HOUR_S, MINUTE_S
from sim.ground.units import CURRENCIES, UNIT_LABELS, amount_in_words
from sim.model.metric import Metric

NOT_KNOWN = "\N{EN DASH}"
_MINUS = "\N{MINUS SIGN}"
_MOST_DECIMALS = 6
_UNITS: dict[str, Text] = {
    "": Text("", "", ""),
    "1": Text("", "", ""),
    "%": UNIT_LABELS["%"],
    "points": Text("percentage points", "個百分點", "个百分点"),
    **{key: UNIT_LABELS[key] for key in ("s", "min", "h", "d")},
    "h/1000": UNIT_LABELS["h"],
    "1/1000": Text("", "", ""),
    "/h": Text("per hour", "每小時", "每小时"),
    "/d": Text("a day", "每日", "每日"),
    **{currency: UNIT_LABELS[currency] for currency in CURRENCIES},
}


_CURRENCIES = {UNIT_LABELS[currency]: currency for currency in CURRENCIES}


@dataclass(frozen=True, slots=True)
class Scale:
    """How the numbers of one measure are written: times `factor`, in `unit`, differences in `difference_unit`."""

    factor: float
    unit: Text
    difference_unit: Text

    def level(self, value: float, language: Language = "en") -> str:
        """ "12.4 min", "87.5%"; an en dash for NaN."""
        if self.unit in _CURRENCIES:
            return amount_in_words(number(value * self.factor), _CURRENCIES[self.unit], language)
        return _with_unit(number(value * self.factor), self.unit.in_language(language))

    def change(self, value: float, language: Language = "en") -> str:
        """ "+3.2 min", "−2.1 percentage points"; an en dash for NaN."""
        return _with_unit(signed(value * self.factor), self.difference_unit.in_language(language))

    def levels(self, *values: float) -> tuple[str, ...]:
        """The scaled numbers alone, with the decimals that the largest of them needs."""
        scaled = [value * self.factor for value in values]
        return _alike(scaled, sign=False, least=_short_of_all(scaled) if self.unit == _UNITS["%"] else 0)

    def changes(self, *values: float, level: float = 0.0) -> tuple[str, ...]:
        """The scaled differences alone, signed; no finer than a hundredth of the last digit shown of `level`.

        None hides its sign: see `signed`.
        """
        return _alike([value * self.factor for value in values], sign=True, level=level * self.factor)


def measure_scale(metric: Metric, part: str, *values: float) -> Scale:
    """The scale for numbers of a measure, the same in every table: times in the unit in which the measure is said."""
    unit = metric.unit_in(part)
    if unit not in ("s", "min"):
        return scale_for(unit, *values)
    shown_in = metric.phrase.unit if metric.phrase else "min"
    factor = (MINUTE_S if unit == "min" else 1.0) / {"min": MINUTE_S, "h": HOUR_S, "d": DAY_S}[shown_in]
    return Scale(factor, _UNITS[shown_in], _UNITS[shown_in])


def scale_for(unit: str, *values: float) -> Scale:
    """The scale for numbers of `unit` ("s", "share", "/h", "1", or any other) as large as the largest of `values`."""
    if unit == "share":
        return Scale(100.0, _UNITS["%"], _UNITS["points"])
    if unit == "min":
        seconds = scale_for("s", *(60 * v for v in values))
        return Scale(60 * seconds.factor, seconds.unit, seconds.difference_unit)
    if unit == "s":
        largest = max((abs(v) for v in values if np.isfinite(v)), default=0.0)
        name = "h" if largest >= 4 * HOUR_S else "min" if largest >= 90 else "s"
        return Scale({"h": 1 / HOUR_S, "min": 1 / MINUTE_S, "s": 1.0}[name], _UNITS[name], _UNITS[name])
    text = _UNITS.get(unit, Text(unit, unit, unit))
    return Scale(1.0, text, text)


def number(value: float) -> str:
    """The number with two or three significant digits; an en dash for NaN."""
    return _alike([value], sign=False)[0]


def signed(value: float) -> str:
    """`number` with its sign; zero has none.

    A number that its decimals would show as 0 though it is not, the end of an interval on which a verdict rests, has as many as
    its first digit needs, or is as small as can be shown.
    """
    return _alike([value], sign=True)[0]


def _short_of_all(percentages: list[float]) -> int:
    """The decimals with which no share below 100% is written as 100%; 0 where none comes near, 3 at most."""
    near = [value for value in percentages if 99.5 <= value < 100]
    return next((decimals for decimals in range(3) if all(round(value, decimals) < 100 for value in near)), 3)


def _alike(values: list[float], sign: bool, level: float = 0.0, least: int = 0) -> tuple[str, ...]:
    decimals = max(least, _decimals(max((abs(v) for v in values if np.isfinite(v)), default=0.0)))
    if np.isfinite(level) and level != 0:
        decimals = min(decimals, _decimals(abs(level)) + 2)
    return tuple(_written(value, decimals, sign) for value in values)


def _decimals(largest: float) -> int:
    """Three significant digits of numbers from 1 on, two of smaller ones."""
    if largest == 0 or largest >= 100:
        return 0
    magnitude = int(np.floor(np.log10(largest)))
    return 2 - magnitude if magnitude >= 0 else min(1 - magnitude, _MOST_DECIMALS)


def _written(value: float, decimals: int, sign: bool) -> str:
    if np.isnan(value):
        return NOT_KNOWN
    if np.isinf(value):
        return "\N{INFINITY}" if value > 0 else f"{_MINUS}\N{INFINITY}"
    rounded = round(value, decimals)
    if rounded == 0 and value != 0 and sign:
        decimals = min(-int(np.floor(np.log10(abs(value)))), _MOST_DECIMALS)
        rounded = round(value, decimals) or math.copysign(10.0**-decimals, value)
    if rounded == 0:
        return f"{0:.{decimals}f}"
    return f"{rounded:{'+' if sign else ''},.{decimals}f}".replace("-", _MINUS)


def _with_unit(text: str, unit: str) -> str:
    return f"{text}%" if unit == "%" else f"{text} {unit}".strip()
