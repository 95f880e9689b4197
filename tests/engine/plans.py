"""Plans written by hand, and plans made by chance, for the tests of the engines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from sim.ground.text import Text
from sim.model.calendar import PLENTY, Calendar
from sim.model.outcome import Outcome
from sim.model.plan import NO_POOL, Plan, Pool, Step
from sim.model.stage import PoolKind, Stage
from sim.model.timeline import Timeline

Engine = Callable[[Plan], Timeline]
Values = Any  # one value for every flight, or a list with one for each


@dataclass(frozen=True)
class At:
    """One stage as a test writes it: other stages by key, several of them in one string."""

    key: str
    after: str = ""
    pool: Values = None  # key of a pool, or a list of keys
    service: Values = 0.0
    hold_until: str = ""
    cooldown: Values = 0.0
    not_before: Values = 0.0
    patience: Values = inf
    deadline: Values = inf
    ends: Values = 0
    priority: Values = 0
    visits: Values = True
    if_given_up: str = ""
    unless_given_up: str = ""
    on_give_up: Outcome = Outcome.CANCELLED


def servers(*changes: tuple[float, int] | int, period: float = 0.0, offset: float = 0.0, cycle: float = 0.0) -> Pool:
    """A pool of constant capacity from instant 0, or with a calendar of (instant, capacity)."""
    calendar = [(0.0, change) if isinstance(change, int) else change for change in changes]
    times, capacities = zip(*calendar, strict=True)
    kind = PoolKind("pool", Text("pool", "", ""))
    return Pool(kind, Calendar(times, capacities), period_s=period, offset_s=offset, cycle_s=cycle)


def batch(period: float, offset: float = 0.0, *calendar: tuple[float, int], cycle: float = 0.0) -> Pool:
    """A batch pool from which everything that waits leaves."""
    return servers(*(calendar or (PLENTY,)), period=period, offset=offset, cycle=cycle)


def plan_of(
    *stages: At, n: int = 1, pools: Mapping[str, Pool] | None = None, closing: str = "", takeoff: str | None = None
) -> Plan:
    """The plan of n flights through the stages."""
    keys, pools = [stage.key for stage in stages], dict(pools or {})
    pool_numbers = {None: NO_POOL, **{key: number for number, key in enumerate(pools)}}

    def numbers(named: str) -> tuple[int, ...]:
        return tuple(keys.index(key) for key in named.split())

    def cells(values: Sequence[Values], dtype: type) -> Any:
        rows = [value if isinstance(value, list) else [value] * n for value in values]
        return np.array(rows, dtype=dtype).reshape(len(rows), n).T.copy()

    def pool_of(values: Values) -> Values:
        return [pool_numbers[key] for key in values] if isinstance(values, list) else pool_numbers[values]

    return Plan(
        steps=tuple(
            Step(
                Stage(s.key, Text(s.key, "", ""), "shared", "ground"),
                numbers(s.after),
                numbers(s.if_given_up),
                numbers(s.unless_given_up),
                keys.index(s.hold_until) if s.hold_until else None,
                s.on_give_up,
            )
            for s in stages
        ),
        pools=tuple(pools.values()),
        visits=cells([s.visits for s in stages], np.bool_),
        pool=cells([pool_of(s.pool) for s in stages], np.int32),
        service_s=cells([s.service for s in stages], np.float64),
        cooldown_s=cells([s.cooldown for s in stages], np.float64),
        not_before_s=cells([s.not_before for s in stages], np.float64),
        patience_s=cells([s.patience for s in stages], np.float64),
        deadline_s=cells([s.deadline for s in stages], np.float64),
        ends=cells([s.ends for s in stages], np.int8),
        priority=cells([s.priority for s in stages], np.int32),
        closing=numbers(closing),
        takeoff=None if takeoff is None else keys.index(takeoff),
    )


def instants(plan: Plan, timeline: Timeline, flight: int, key: str) -> str:
    """queued, start and end of a flight at a stage as a test reads them: "0 5 8", "0 - 5", "- - -"."""
    stage = plan.stage_number(key)
    cells = (timeline.queued_s[flight, stage], timeline.start_s[flight, stage], timeline.end_s[flight, stage])
    return " ".join("-" if np.isnan(cell) else f"{cell:.12g}" for cell in cells)


class Worked:
    """A plan that has been run; `w("load")` are the instants of every flight at a stage."""

    def __init__(self, engine: Engine, *stages: At, **rest: object) -> None:
        self.plan = plan_of(*stages, **rest)  # type: ignore[arg-type]
        self.timeline = engine(self.plan)

    def __call__(self, key: str) -> list[str]:
        return [instants(self.plan, self.timeline, flight, key) for flight in range(self.plan.n_flights)]

    @property
    def ends(self) -> list[tuple[str, float | None]]:
        """Outcome and instant of every flight, None while in the system."""
        outcome, ended_s = self.timeline.outcome.tolist(), self.timeline.ended_s.tolist()
        return [(Outcome(o).name, None if np.isnan(t) else t) for o, t in zip(outcome, ended_s, strict=True)]
