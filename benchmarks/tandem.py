"""The clearance tandem: a small world of six stages that every implementation simulates on the same numbers.

A flight is validated (several servers), scored (no queue), one in ten inspected (a few servers), takes a
slot of the corridor (one server, no service, busy for a headway), flies (no queue) and is on a pad
(several servers). Two priorities hold in every queue. There are 24,000 flights a day.

All that is drawn is a whole number of 2^-20 s, about a microsecond. Sums of such numbers are exact in any
order of adding, so that implementations which add up differently must still agree on every instant.
"""

from dataclasses import dataclass, replace
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim.ground.arrays import Floats
from sim.ground.streams import draw
from sim.ground.text import Text
from sim.model.calendar import Calendar
from sim.model.plan import NO_POOL, Plan, Pool, Step
from sim.model.stage import PoolKind, Stage

SEED = 24_000
FLIGHTS_OF_A_DAY = 24_000
GAP_S = 86_400 / FLIGHTS_OF_A_DAY
HEADWAY_S = 3.0
LONG_QUEUE_HEADWAY_S = 6.0  # more than the gap between flights: by the end of the day nearly ten thousand wait
GRID_S = 2.0**-20
URGENT_SHARE = 0.3
INSPECTED_SHARE = 0.1

STAGES = ("validate", "score", "inspect", "slot", "fly", "pad")
VALIDATE, SCORE, INSPECT, SLOT, FLY, PAD = range(len(STAGES))
SERVERS = {VALIDATE: 30, INSPECT: 10, SLOT: 1, PAD: 60}
"""Servers of the stages that queue; five in six are busy, but for the slot where the headway is long."""


@dataclass(frozen=True)
class Tandem:
    """What was drawn for n flights: arrays of shape (n,), seconds.

    urgent: whether the flight goes first in every queue · inspected: whether it goes through `inspect`.
    """

    arrives_s: Floats
    urgent: NDArray[np.bool_]
    validation_s: Floats
    scoring_s: Floats
    inspected: NDArray[np.bool_]
    inspection_s: Floats
    flight_s: Floats
    pad_s: Floats
    headway_s: float

    @property
    def n(self) -> int:
        return len(self.arrives_s)

    @property
    def priority(self) -> NDArray[np.int32]:
        """0 for the urgent, 1 for the others."""
        return np.where(self.urgent, 0, 1).astype(np.int32)

    @property
    def services_s(self) -> dict[int, Floats]:
        """By stage, how long it takes; the slot takes no time."""
        return {
            VALIDATE: self.validation_s,
            SCORE: self.scoring_s,
            INSPECT: self.inspection_s,
            FLY: self.flight_s,
            PAD: self.pad_s,
        }

    def with_headway(self, headway_s: float) -> "Tandem":
        """The same flights with another headway."""
        return replace(self, headway_s=headway_s)


def draw_tandem(n: int, headway_s: float = HEADWAY_S) -> Tandem:
    """n flights at the rate of 24,000 a day; the first m of them are those of a tandem of m."""
    inspected = _uniform("inspected", n) < INSPECTED_SHARE
    inspection_s = np.zeros(n)
    inspection_s[inspected] = _gamma("inspection", n, inspected, mean_s=300, cv=0.7)
    gaps_s = np.maximum(_on_grid(-GAP_S * np.log1p(-_uniform("gap", n))), GRID_S)  # no two arrive at once
    return Tandem(
        arrives_s=np.cumsum(gaps_s, out=gaps_s),
        urgent=_uniform("urgent", n) < URGENT_SHARE,
        validation_s=_lognormal("validation", n, mean_s=90, cv=0.8),
        scoring_s=_lognormal("scoring", n, mean_s=5, cv=0.3),
        inspected=inspected,
        inspection_s=inspection_s,
        flight_s=_lognormal("flight", n, mean_s=600, cv=0.2),
        pad_s=_lognormal("pad", n, mean_s=180, cv=0.5),
        headway_s=headway_s,
    )


def tandem_plan(tandem: Tandem) -> Plan:
    """The tandem as an ordinary plan."""
    shape = tandem.n, len(STAGES)
    plan = Plan(
        steps=tuple(Step(_stage(key), after=(number - 1,) if number else ()) for number, key in enumerate(STAGES)),
        pools=tuple(_pool(stage) for stage in SERVERS),
        visits=_cells(shape, np.bool_, True),
        pool=_cells(shape, np.int32, NO_POOL),
        service_s=_cells(shape, np.float64, 0.0),
        cooldown_s=_cells(shape, np.float64, 0.0),
        not_before_s=_cells(shape, np.float64, 0.0),
        patience_s=_cells(shape, np.float64, np.inf),
        deadline_s=_cells(shape, np.float64, np.inf),
        ends=_cells(shape, np.int8, 0),
        priority=_cells(shape, np.int32, 0),
    )
    plan.visits[:, INSPECT] = tandem.inspected
    plan.not_before_s[:, VALIDATE] = tandem.arrives_s
    plan.cooldown_s[:, SLOT] = tandem.headway_s
    plan.priority[:] = tandem.priority[:, None]
    for stage, service_s in tandem.services_s.items():
        plan.service_s[:, stage] = service_s
    for number, stage in enumerate(SERVERS):
        plan.pool[:, stage] = number
    return plan


def _stage(key: str) -> Stage:
    return Stage(key, Text(key, key, key), "shared", "ground")


def _pool(stage: int) -> Pool:
    key = STAGES[stage]
    return Pool(PoolKind(key, Text(key, key, key)), Calendar.always(SERVERS[stage]))


def _cells(shape: tuple[int, int], dtype: type, value: float) -> NDArray:
    return np.full(shape, value, dtype, order="F")


def _uniform(name: str, n: int) -> Floats:
    return draw(SEED, 0, f"tandem.{name}", "uniform", n)


def _lognormal(name: str, n: int, mean_s: float, cv: float) -> Floats:
    spread = log(1 + cv * cv)
    drawn = draw(SEED, 0, f"tandem.{name}", "normal", n)
    return _on_grid(np.exp(log(mean_s) - spread / 2 + sqrt(spread) * drawn))


def _gamma(name: str, n: int, where: NDArray[np.bool_], mean_s: float, cv: float) -> Floats:
    shape = 1 / (cv * cv)
    return _on_grid(gammaincinv(shape, _uniform(name, n)[where]) * (mean_s / shape))


def _on_grid(drawn_s: Floats) -> Floats:
    """The nearest whole numbers of GRID_S."""
    return np.rint(drawn_s / GRID_S) * GRID_S
