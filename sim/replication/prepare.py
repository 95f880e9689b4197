"""Preparing a replication: from a scenario and a seed to a plan, with no randomness left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.ground.arrays import Floats
from sim.model.draws import Draws
from sim.model.facts import Fact, Facts
from sim.model.feature import Feature, PlanningContext
from sim.model.flights import Consignments, Flights
from sim.model.plan import Plan
from sim.replication.assembly import assemble, possible
from sim.replication.flights import expected_departures, flight_table_key, make_flights
from sim.replication.scheduled import schedule_of
from sim.replication.trace import traced_facts, traced_uses
from sim.scenario.scenario import Scenario
from sim.world.schedule import Schedule


@dataclass(frozen=True)
class Prepared:
    """One replication before its clock runs, with the window that the measures look at (s)."""

    flights: Flights
    consignments: Consignments
    facts: Facts
    plan: Plan
    window_start_s: float
    window_end_s: float
    horizon_s: float
    flight_table_key: str


def prepare(scenario: Scenario, seed: int, replication: int) -> Prepared:
    """The plan of one replication of a scenario. Raises InputError where there is no demand, or a schedule does not fit."""
    study, schedule = scenario.study, schedule_of(scenario)
    (window_start_s, window_end_s), horizon_s = study.window_s, study.horizon_s
    flights, consignments = make_flights(scenario, seed, replication, horizon_s)
    features = scenario.assembly.features
    traced = traced_facts(schedule, [fact for feature in features for fact in feature.writes], study.run_days.day_1_s)
    streams = [stream for feature in features for stream in feature.streams]
    draws = Draws(seed, replication, streams, flights, consignments)
    expected = expected_departures(scenario, flights)
    context = _decided(
        scenario,
        lambda facts: PlanningContext(flights, consignments, draws, facts, horizon_s, expected, study.run_days, study.boost),
        traced,
    )
    facts, plan = context.facts, _plan(scenario, schedule, context)
    key = flight_table_key(flights, consignments)
    return Prepared(flights, consignments, facts, plan, window_start_s, window_end_s, horizon_s, key)


def _decided(scenario: Scenario, context_of: Callable[[Facts], PlanningContext], traced: Mapping[str, Floats]) -> PlanningContext:
    """The context after every feature has decided, in rounds until no feature learns anything new from the round before."""
    groups = _groups(scenario)
    learned: dict[Fact[Any], Any] = {}
    while True:
        context = context_of(Facts(traced))
        for fact, value in learned.items():
            context.facts.write(fact, value)
        for feature, policy, world in groups:
            for fact, value in feature.decide(context, policy, world).items():
                context.facts.write(fact, value)
        learned_now = {
            fact: value for feature, policy, world in groups for fact, value in feature.learn(context, policy, world).items()
        }
        if learned_now.keys() == learned.keys() and all(np.array_equal(learned_now[fact], learned[fact]) for fact in learned_now):
            return context
        learned = learned_now


def _groups(scenario: Scenario) -> list[tuple[Feature, Any, Any]]:
    features = scenario.assembly.features
    return [(f, getattr(scenario.policy, f.key, None), getattr(scenario.world, f.key, None)) for f in features]


def _plan(scenario: Scenario, schedule: Schedule | None, context: PlanningContext) -> Plan:
    """What every feature builds on all that was decided."""
    uses = possible([use for feature, policy, world in _groups(scenario) for use in feature.build(context, policy, world)])
    declared = [stage for feature in scenario.assembly.features for stage in feature.stages]
    keys = [stage.key for stage in declared]
    uses = traced_uses(schedule, uses, keys, context.flights.ordered_s, context.days.day_1_s)
    return assemble(uses, context.flights, declared)
