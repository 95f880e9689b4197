"""What can be said of every flight by itself: columns of the table of flights, which pair flight by flight."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.ground.arrays import Floats, Ints32
from sim.ground.text import Text
from sim.ground.time_units import HOUR_S
from sim.metrics.expected import expected_missed
from sim.metrics.time_spent import time_spent
from sim.metrics.visits import in_queues_s
from sim.model.observation import Observation
from sim.model.stage import Workload

FLIGHTS = 1000.0


@dataclass(frozen=True, slots=True)
class FlightQuantity:
    """A quantity of one flight: a column of flights.parquet, in SI units.

    key: name of the column · unit: in which its mean over flights is given, `factor` of which make one of the column's ·
    formula: the definition in words · compute: shape (n,), of every flight of an observation; NaN where there is nothing.
    """

    key: str
    label: Text
    unit: str
    formula: str
    compute: Callable[[Observation], Floats]
    factor: float = 1.0


def _spent_s(workload: Workload) -> Callable[[Observation], Floats]:
    """Seconds that servers of that workload spent on each flight, holds included but for machines, up to the horizon."""

    def compute(observation: Observation) -> Floats:
        spent = time_spent(observation)[workload]
        return _by_flight(observation, spent.flight, spent.seconds)

    return compute


def _expected_missed(observation: Observation) -> Floats:
    """Shape (n,): the sum of its consignments' probabilities; 0 of flights not measured, NaN where none is known."""
    probability = expected_missed(observation)
    if probability is None:
        return np.full(len(observation.flights), np.nan)
    return _by_flight(observation, observation.consignments.flight, probability)


def _by_flight(observation: Observation, flight: Ints32, amount: Floats) -> Floats:
    """Shape (n,): the sum of `amount` (shape (k,)) over each flight."""
    return np.asarray(np.bincount(flight, weights=amount, minlength=len(observation.flights)), dtype=np.float64)


def _hours(key: Workload, label: Text, whose: str) -> FlightQuantity:
    formula = f"Time of {whose} on the flight, as in the measure of their hours; told as hours per 1,000 flights."
    return FlightQuantity(f"{key}_s", label, "h/1000", formula, _spent_s(key), FLIGHTS / HOUR_S)


FLIGHT_QUANTITIES: tuple[FlightQuantity, ...] = (
    FlightQuantity(
        "order_to_release_s",
        Text("order to release", "下單至放行時間", "下单至放行时间"),
        "s",
        "Release - order.",
        lambda o: o.released_s - o.flights.ordered_s,
    ),
    FlightQuantity(
        "delay_s",
        Text("delay", "延誤", "延误"),
        "s",
        "Release - planned release; of the same flights under the same plan, this moves by what order to release moves by.",
        lambda o: o.released_s - o.flights.planned_release_s,
    ),
    FlightQuantity(
        "in_queues_s",
        Text("time in queues", "排隊時間", "排队时间"),
        "s",
        "Time in the queues of all pools up to the release, added up over waits that run side by side.",
        in_queues_s,
    ),
    _hours("officer", Text("customs officers, per 1,000 flights", "海關人員（每千班）", "关员（每千班）"), "customs officers"),
    _hours(
        "aviation",
        Text("aviation staff, per 1,000 flights", "飛行審批人員（每千班）", "飞行审批人员（每千班）"),
        "those who authorise flights",
    ),
    _hours(
        "quarantine",
        Text("quarantine officers, per 1,000 flights", "檢疫人員（每千班）", "检疫人员（每千班）"),
        "quarantine officers",
    ),
    _hours(
        "immigration",
        Text("immigration officers, per 1,000 flights", "入境事務人員（每千班）", "边检人员（每千班）"),
        "immigration officers",
    ),
    _hours("machine", Text("machines, per 1,000 flights", "X光檢查設備（每千班）", "机检设备（每千班）"), "machines"),
    _hours("dog", Text("dogs, per 1,000 flights", "緝毒犬（每千班）", "缉毒犬（每千班）"), "dog teams"),
    FlightQuantity(
        "expected_missed",
        Text("expected misses, per 1,000 flights", "預期漏檢（每千班）", "预期漏检（每千班）"),
        "1/1000",
        "Sum over its consignments of the probability of being contraband and released, as in the measure expected_missed; "
        "told per 1,000 flights.",
        _expected_missed,
        FLIGHTS,
    ),
)
"""In the order of the columns."""
