"""Measures, declared once each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sim.ground.arrays import Floats
from sim.ground.parameter import Status
from sim.ground.text import Text
from sim.ground.units import CURRENCIES, UNIT_LABELS
from sim.model.phrase import Phrase

if TYPE_CHECKING:
    from sim.model.observation import Observation

Better = Literal["lower", "higher", "neither"]
Topic = Literal["throughput", "delay", "release time", "control", "workload", "waiting", "outcome", "recovery"]

TOPIC_LABELS: dict[Topic, Text] = {
    "throughput": Text("throughput", "通過量", "通过量"),
    "delay": Text("delay", "延誤", "延误"),
    "release time": Text("release time", "放行時間", "放行时间"),
    "control": Text("control", "監管", "监管"),
    "workload": Text("workload", "工作量", "工作量"),
    "waiting": Text("waiting", "等候", "等候"),
    "outcome": Text("outcome", "結果", "结果"),
    "recovery": Text("recovery", "恢復", "恢复"),
}

CURRENCY = "currency"
"""The unit of a measure that is money, whose parts by side have the unit of their side."""
METRIC_UNIT_LABELS: dict[str, Text] = {
    **{unit: UNIT_LABELS[unit] for unit in ("s", "min", "h", "d", "m", "km")},
    "1": Text("1", "數目", "个数"),
    "share": Text("share", "比例", "比例"),
    "/h": Text("/h", "每小時", "每小时"),
    "/d": Text("/d", "每日", "每日"),
    CURRENCY: Text("currency of the side", "該方貨幣", "该方货币"),
    **{currency: UNIT_LABELS[currency] for currency in CURRENCIES},
    "h/1000": Text("h/1000", "每 1,000 班小時", "每 1,000 班小时"),
}
BETTER_LABELS: dict[Better, Text] = {
    "lower": Text("lower", "越低越好", "越低越好"),
    "higher": Text("higher", "越高越好", "越高越好"),
    "neither": Text("neither", "不分高低", "不分高低"),
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure that is one measure over another: their sums over all replications, divided once, times `scale`.

    numerator, denominator: keys of the two measures, each read for the ratio's part where it has that part, else as a whole.
    """

    numerator: str
    denominator: str
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class EventSize:
    """By how much one event, such as one flight or one examination, moves the value of a replication.

    It is `size`, times the mean of the measure `times`, over the mean of the measure `per`; each of them read for the part where
    it has that part, else as a whole, and over the replications of the scenarios compared.
    """

    size: float = 1.0
    times: str = ""
    per: str = ""


@dataclass(frozen=True, slots=True)
class Margin:
    """The smallest difference of a measure that matters, as a scenario would write it ("1 pp", "2 min"), and who says so.

    source, status: as those of a parameter · plausible: the least and the largest that a reader may reasonably take instead.
    """

    value: str
    source: str
    status: Status
    plausible: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Times of which a study keeps how often each came, to the second, so that quantiles are those of all replications together.

    formula: what one value is, in words · never: what may have become of a flight whose time never came, None where all come ·
    compute: shape (k,) by part, the times in seconds, inf for those that never came. The parts are the finest that any measure is
    told by, and every part that the scenario has is there, if only without times.
    """

    key: str
    label: Text
    formula: str
    compute: "Callable[[Observation], Mapping[str, Floats]]"
    never: Text | None = None


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Which quantiles a measure has of a distribution: its parts end with the name of the quantile, as in "aeo/p95".

    shares: name and share of each · parts: to which parts of the measure, before that name, the times of a part of the
    distribution belong; the empty part is all of them · came_only: those that never came are left out.
    """

    distribution: Distribution
    shares: tuple[tuple[str, float], ...]
    parts: Callable[[str], Iterable[str]] = lambda part: (part,)
    came_only: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure of one replication: a declared value, with the function that computes it.

    `compute` returns one number, or numbers by part (a side, a pool, a stage: the key of the mapping).
    NaN means that the replication offers nothing to measure. `formula` is the definition in words.
    `headline` measures are printed by default; `unit` is that of the number ("s", "/h", "share", "1").
    `rare` names the measure as a count of rare events, flagged where few are expected; of a rate of such events `counted_by` is
    the key of the measure that counts them. `expectation` is the key of a measure
    that has the mean of a count and less noise. `boostable` measures hold under
    importance sampling (`study.boost`) too: consignments count by their weights; the others are not shown there.

    `better_of_part`: the direction of parts that have another than `better`. `unit_of_part`: the same of the unit.
    `matters`: the smallest difference that matters, in the unit of the measure; every measure with a direction has one.
    `event`: how much one event moves the value, where a rare event may do so. `ratio`: what the measure is the ratio of, if it is
    one; `compute` then gives that of one replication.
    `quantiles`: those parts of the measure that are quantiles of all replications together.
    `same_flights`: the key of the flight's quantity that speaks of it over the flights released under both scenarios.
    `adds_up`: over the days measured, so that the number says nothing without how many there are.
    `phrase`: how it is said in a sentence; without one, a sentence has its label and its number.
    """

    key: str
    label: Text
    unit: str
    better: Better
    topic: Topic
    formula: str
    compute: "Callable[[Observation], float | Mapping[str, float]]"
    headline: bool = False
    rare: bool = False
    counted_by: str = ""
    expectation: str = ""
    boostable: bool = False
    better_of_part: Mapping[str, Better] = field(default_factory=dict, hash=False)
    unit_of_part: Mapping[str, str] = field(default_factory=dict, hash=False)
    matters: Margin | None = None
    event: EventSize | None = None
    ratio: Ratio | None = None
    quantiles: Quantiles | None = None
    same_flights: str = ""
    phrase: Phrase | None = None
    adds_up: bool = False

    def direction(self, part: str) -> Better:
        """Which direction of that part is better."""
        return self.better_of_part.get(part, self.better)

    def unit_in(self, part: str) -> str:
        """The unit of that part."""
        return self.unit_of_part.get(part, self.unit)
