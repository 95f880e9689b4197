"""A measure as a user names it, and quantities in its unit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple, Self

from sim.ground import arguments
from sim.ground.errors import InputError, Problem, WordsError
from sim.ground.text import COMMA, Text
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
_PLAIN: dict[str, tuple[Text, dict[str, float]]] = {
    "share": (
        Text("0.02, or 2 pp (percentage points)", "0.02，或 2 pp（百分點）", "0.02，或 2 pp（百分点）"),
        {"": 1.0, "%": 0.01, "pp": 0.01},
    ),
    **{unit: (Text.same("3"), {"": 1.0}) for unit in ("1", CURRENCY)},
    **{
        currency: (Text("50, or 50 {c}", "50，或 50 {c}", "50，或 50 {c}").fill(c=currency), {"": 1.0, currency: 1.0})
        for currency in CURRENCIES
    },
}
_A_QUANTITY = Text(
    "a quantity of {measure}, such as {example}", "{measure} 的數量，例如 {example}", "{measure} 的数量，例如 {example}"
)
_SEE = Text(
    "{near}; see docs/reference/measures.md", "{near}；參閱 docs/reference/measures.md", "{near}；参阅 docs/reference/measures.md"
)
_ANY = Text(
    "a measure of docs/reference/measures.md", "docs/reference/measures.md 所列的指標", "docs/reference/measures.md 所列的指标"
)
_NO_MEASURE = Text("there is no such measure", "沒有這項指標", "没有这项指标")
_NO_DIRECTION = Text(
    "neither direction of {measure} is better, so that no policy can win by it",
    "{measure} 無優劣之分，不能用來定優勝者",
    "{measure} 无优劣之分，不能用来定优胜者",
)
_DIRECTED = Text(
    "a measure with a direction, such as {example}", "有優劣方向的指標，例如 {example}", "有优劣方向的指标，例如 {example}"
)
_PLAIN_NUMBER = Text("a plain number is needed, such as {example}", "須填純數字，例如 {example}", "须填纯数字，例如 {example}")


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
        except WordsError as error:
            allowed = _A_QUANTITY.fill(measure=self.name, example=example_in(self.unit))
            raise InputError(Problem(error.words, path=path, found=Text.same(written), allowed=allowed)) from None


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
    allowed = _SEE.fill(near=COMMA.join(near)) if near else _ANY
    return Problem(_NO_MEASURE, path=path, found=Text.same(name), allowed=allowed)


def directed(measured: Measure, path: str = "measure") -> Measure:
    """The measure itself. Raises InputError where neither direction of it is better, so that nothing can win by it."""
    if measured.better == "neither":
        message, allowed = _NO_DIRECTION.fill(measure=measured.name), _DIRECTED.fill(example=USUAL)
        raise InputError(Problem(message, path=path, found=Text.same(measured.name), allowed=allowed))
    return measured


def headline_of(scenarios: Sequence[Scenario], otherwise: str = USUAL) -> str:
    """The measure that the last scenario says answers its question, or another one."""
    return next((scenario.answered_by[0] for scenario in reversed(scenarios) if scenario.answered_by), otherwise)


@cache
def margin_of(metric: Metric) -> float:
    """The smallest difference of a measure that matters, in its unit; 0 where it states none."""
    return quantity_in(metric.unit, metric.matters.value) if metric.matters else 0.0


def quantity_in(unit: str, written: str) -> float:
    """A quantity in the unit of a measure. Raises WordsError that says what is allowed."""
    if unit in _DIMENSION:
        dimension, size = _DIMENSION[unit]
        return parse_quantity(written, dimension) / size
    example, units = _PLAIN[unit]
    match = NUMBER.fullmatch(written.strip())
    if match is None or match[2] not in units:
        raise WordsError(_PLAIN_NUMBER.fill(example=example))
    return parse_quantity(match[1], "share") * units[match[2]]


def example_in(unit: str) -> Text:
    """How a quantity in that unit may be written."""
    return Text.same(_EXAMPLE[_DIMENSION[unit][0]]) if unit in _DIMENSION else _PLAIN[unit][0]
