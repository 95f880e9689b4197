"""Observations written by hand: every instant is stated, no engine is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from typing import Any

import numpy as np

from sim.ground.text import Text
from sim.model.calendar import Calendar
from sim.model.facts import Facts
from sim.model.flights import Consignments, Flights
from sim.model.observation import Observation
from sim.model.plan import NO_POOL, Plan, Pool, Step
from sim.model.stage import Mark, PoolKind, Stage
from sim.model.timeline import Timeline
from sim.policies import FEATURES
from sim.world.aircraft import aircraft_catalogue
from sim.world.routes import Leg, Route
from sim.world.sites import Site

MARKS = {stage.key: stage.marks for feature in FEATURES for stage in feature.stages}
POOL_MARKS = {kind.key: kind.mark for feature in FEATURES for kind in feature.pools}
DECLARED = {fact.name: fact for feature in FEATURES for fact in feature.writes}

SKIPPED = None  # the flight does not visit the stage
NEVER = (nan, nan, nan)  # visited by plan, but the flight never came there, or the condition failed
Instants = tuple[float, float, float] | None


@dataclass(frozen=True)
class At:
    """One stage with (queued, start, end) of each flight; other stages by key, several in one string."""

    key: str
    times: Sequence[Instants]
    after: str = ""
    role: Any = "shared"
    step: Any = "ground"
    pool: str = ""
    hold_until: str = ""
    cooldown_s: float = 0.0
    patience_s: float = inf
    takeoff: bool = False
    if_given_up: str = ""
    unless_given_up: str = ""


LEGS = (Leg("mainland", 1000.0), Leg("hong_kong", 1000.0))


def site(key: str, side: str) -> Site:
    return Site(key, Text(key, key, key), side, 114.0, 22.5, "site", "", "guess")


ROUTE = Route(
    "test", Text("", "", ""), (site("shenzhen", "mainland"), site("sheung_wan", "hong_kong")), (), LEGS, (), 0.0, "", "guess"
)


def servers(key: str, capacity: int = 1, workload: Any = "none", side: str = "", place: str = "") -> Pool:
    return Pool(PoolKind(key, Text(key, key, key), workload, mark=POOL_MARKS.get(key)), Calendar.always(capacity), place, side)


def flights_of(ordered_s: Sequence[float], **columns: Any) -> Flights:
    """Flights from the Mainland to Hong Kong unless `outward` says otherwise, planned for their order's instant."""
    n = len(ordered_s)
    given = {
        "planned_departure_s": ordered_s,
        "planned_release_s": ordered_s,
        "max_shift_s": 0.0,
        "route": 0,
        "outward": True,
        "aircraft": 0,
        "operator": 0,
        "rank": 0.5,
        "aeo": False,
        "priority": 3,
        "passengers": 0,
        "number": np.arange(n),
        **columns,
    }
    dtypes = {
        "outward": np.bool_,
        "aeo": np.bool_,
        "route": np.int32,
        "aircraft": np.int32,
        "operator": np.int32,
        "priority": np.int32,
        "passengers": np.int32,
        "number": np.int32,
    }
    arrays = {key: np.broadcast_to(np.asarray(value, dtype=dtypes.get(key, np.float64)), n) for key, value in given.items()}
    return Flights(
        routes=(ROUTE,),
        aircraft_types=(aircraft_catalogue()["meituan_fy4"],),
        ordered_s=np.asarray(ordered_s, dtype=np.float64),
        **arrays,
    )


def facts_of(values: Mapping[str, Any]) -> Facts:
    """Facts of those names, as the features declare them."""
    facts = Facts()
    for name, value in values.items():
        facts.write(DECLARED[name], value)
    return facts


def observe(
    *stages: At,
    pools: Sequence[Pool] = (),
    ordered_s: Sequence[float] = (0.0,),
    outcome: Sequence[int] = (),
    ended_s: Sequence[float] = (),
    consignments: Sequence[int] = (),
    facts: Mapping[str, Any] | None = None,
    window: tuple[float, float] = (0.0, 3600.0),
    horizon_s: float = 1e6,
    **columns: Any,
) -> Observation:
    """One observation of len(ordered_s) flights; `columns` are those of the flights."""
    n = len(ordered_s)
    plan, times = plan_of(stages, pools, n)
    timeline = Timeline(
        *(times[..., i] for i in range(3)),
        outcome=np.asarray(outcome or [0] * n, dtype=np.int8),
        ended_s=np.asarray(ended_s or [nan] * n, dtype=np.float64),
    )
    flights = flights_of(ordered_s, **columns)
    of_flight, none = np.asarray(consignments, dtype=np.int32), np.zeros(len(consignments), dtype=np.int32)
    cargo = Consignments(of_flight, goods=none, number=none)
    return Observation(None, flights, cargo, facts_of(facts or {}), plan, timeline, *window, horizon_s)


def plan_of(stages: Sequence[At], pools: Sequence[Pool], n: int) -> tuple[Plan, np.ndarray]:
    """The plan, and the stated instants, shape (n, s, 3)."""
    keys, pool_keys = [stage.key for stage in stages], [pool.key for pool in pools]

    def numbers(named: str) -> tuple[int, ...]:
        return tuple(keys.index(key) for key in named.split())

    steps = tuple(
        Step(
            Stage(s.key, Text(s.key, s.key, s.key), s.role, s.step, MARKS.get(s.key, ())),
            numbers(s.after),
            numbers(s.if_given_up),
            numbers(s.unless_given_up),
            keys.index(s.hold_until) if s.hold_until else None,
        )
        for s in stages
    )
    shape = (n, len(stages))
    visits = np.array([[times is not SKIPPED for times in s.times] for s in stages], dtype=bool).T.reshape(shape)
    times = (
        np.array([[t or NEVER for t in s.times] for s in stages], dtype=np.float64).reshape(len(stages), n, 3).transpose(1, 0, 2)
    )
    pool_row = np.array([pool_keys.index(s.pool) if s.pool else NO_POOL for s in stages], dtype=np.int32)
    plan = Plan(
        steps=steps,
        pools=tuple(pools),
        visits=visits,
        pool=np.broadcast_to(pool_row, shape).copy(),
        service_s=np.zeros(shape),
        cooldown_s=np.broadcast_to(np.array([s.cooldown_s for s in stages]), shape).copy(),
        not_before_s=np.zeros(shape),
        patience_s=np.broadcast_to(np.array([s.patience_s for s in stages]), shape).copy(),
        deadline_s=np.full(shape, inf),
        left_out=frozenset(Mark) - {mark for stage in stages for mark in MARKS.get(stage.key, ())},
        ends=np.zeros(shape, dtype=np.int8),
        priority=np.zeros(shape, dtype=np.int32),
        takeoff=next((number for number, s in enumerate(stages) if s.takeoff), None),
    )
    return plan, times
