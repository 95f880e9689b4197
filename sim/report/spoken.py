"""Numbers of one measure as people say them: in one unit, with as many digits as the interval carries."""

import math
from dataclasses import dataclass

from sim.charts.quantity import NOT_KNOWN
from sim.ground.text import Language, Text
from sim.ground.time_units import HOUR_S, MINUTE_S
from sim.ground.units import CURRENCIES, UNIT_LABELS, amount_in_words
from sim.model.metric import Metric
from sim.model.phrase import NO_COUNTER

_SECONDS = {"s": 1.0, "min": MINUTE_S, "h": HOUR_S, "d": 24 * HOUR_S}
_OF_TIME = {"s": 1.0, "min": MINUTE_S, "h": HOUR_S, "h/1000": HOUR_S, "d": 24 * HOUR_S}
_A_HUNDRED, _MOST = 100, 1_000_000
_UNDER = Text("under {n}", "不足 {n}", "不足 {n}")
_PERIOD = Text("{n} days", "{n} 日", "{n} 天")
_ONE_DAY = Text("one day", "一日", "一天")


@dataclass(frozen=True, slots=True)
class Spoken:
    """How the numbers of one row are said: times `factor`, rounded to `step`, with `unit` or in Chinese `counter` behind them.

    of: of a share, the number of things that it is a share of, 100 or more; 0 of anything else · currency: of money.
    """

    factor: float
    step: float
    unit: Text
    counter: Text = NO_COUNTER
    of: int = 0
    currency: str = ""

    def rounded(self, value: float) -> float:
        """The value as it is said; NaN for none."""
        scaled = value * self.factor
        return round(scaled / self.step) * self.step if math.isfinite(scaled) else scaled

    @property
    def counts(self) -> bool:
        """Whether the number is of whole things, whose name the sentence has."""
        return self.of > 0 or self.counter is not NO_COUNTER

    def number_in_words(self, value: float, language: Language) -> str:
        """The number alone, without its sign: "97", "under 1"."""
        written = self.number(value)
        if not written.startswith(_UNDER_SIGN):
            return written
        return _UNDER.in_language(language).format(n=written.removeprefix(_UNDER_SIGN))

    def number(self, value: float) -> str:
        """The number alone, without its sign; with "<" before the smallest that is said, where it is smaller."""
        if not math.isfinite(value):
            return NOT_KNOWN
        size = abs(self.rounded(value))
        if size == 0 and value != 0:
            return _UNDER_SIGN + _written(self.step, self.step)
        return _written(size, self.step)

    def amount(self, value: float, language: Language) -> str:
        """The number with its unit or counter, without its sign: "2.4 min", "3 班", "under 1"."""
        written = self.number(value)
        under = written.startswith(_UNDER_SIGN)
        written = self._with_unit(written.removeprefix(_UNDER_SIGN), language)
        return _UNDER.in_language(language).format(n=written) if under else written

    def ends(self, low: float, high: float, language: Language) -> tuple[str, str]:
        """Both ends of a range as amounts, the smaller first; of ends on both sides of 0 neither has a sign."""
        least, most = sorted((low, high), key=abs)
        first, last = self.amount(least, language), self.amount(most, language)
        unit = self._with_unit("", language).strip()
        return (first.removesuffix(unit).rstrip() if unit and not self.currency else first), last

    def _with_unit(self, written: str, language: Language) -> str:
        if self.currency:
            return amount_in_words(written, self.currency, language)
        if self.counts and language == "en":
            return written  # what is counted stands in the sentence
        behind = (self.counter if self.counts else self.unit).in_language(language)
        return f"{written} {behind}".strip()


_UNDER_SIGN = "<"


def spoken(metric: Metric, part: str, half_width: float, *values: float) -> Spoken:
    """How numbers of a measure are said whose interval has this half width (NaN or 0: none); values: those to be said."""
    phrase, unit = metric.phrase, metric.unit_in(part)
    counter = phrase.counter if phrase else NO_COUNTER
    if unit == "share":
        of = _A_HUNDRED
        while of < _MOST and _step(half_width, *values) * of < 1:
            of *= 10
        return Spoken(float(of), 1.0, NO_COUNTER, counter, of)
    if unit in _OF_TIME:
        shown_in = phrase.unit if phrase else ("h" if unit in ("h", "h/1000") else "d" if unit == "d" else "min")
        factor = _OF_TIME[unit] / _SECONDS[shown_in]
        return Spoken(factor, _step(half_width * factor, *(value * factor for value in values)), UNIT_LABELS[shown_in])
    step = _step(half_width, *values)
    if unit in CURRENCIES:
        return Spoken(1.0, step, UNIT_LABELS[unit], currency=unit)
    return Spoken(1.0, step, UNIT_LABELS.get(unit, NO_COUNTER), counter)


def finer(scale: Spoken) -> Spoken:
    """The same with one digit more."""
    if scale.of:
        return Spoken(scale.factor * 10, 1.0, scale.unit, scale.counter, scale.of * 10)
    return Spoken(scale.factor, scale.step / 10, scale.unit, scale.counter, 0, scale.currency)


def coarser(scale: Spoken) -> Spoken:
    """The same with one digit less; of a share no fewer things than a hundred."""
    if scale.of:
        return scale if scale.of <= _A_HUNDRED else Spoken(scale.factor / 10, 1.0, scale.unit, scale.counter, scale.of // 10)
    return Spoken(scale.factor, scale.step * 10, scale.unit, scale.counter, 0, scale.currency)


def period_in_words(days: int, language: Language) -> str:
    """How long a replication counts: "10 days"."""
    return (_ONE_DAY if days == 1 else _PERIOD).in_language(language).format(n=days)


def _step(half_width: float, *values: float) -> float:
    """To what a number with such an interval is rounded: its first digit; without an interval, two digits of the value."""
    if math.isfinite(half_width) and half_width > 0:
        return float(10.0 ** math.floor(math.log10(half_width)))
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return float(10.0 ** (math.floor(math.log10(largest)) - 1)) if largest > 0 else 1.0


def _written(size: float, step: float) -> str:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{size:,.{decimals}f}"
