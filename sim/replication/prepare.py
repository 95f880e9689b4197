"""Preparing a replication: from a scenario and a seed to a plan, with no randomness left."""

from dataclasses import dataclass
from typing import Any

from sim.nouns.calendar import DAY_S
from sim.nouns.draws import Draws
from sim.nouns.facts import Facts
from sim.nouns.feature import Case
from sim.nouns.flights import Consignments, Flights
from sim.nouns.plan import Plan
from sim.replication.assembly import assemble, possible
from sim.replication.flights import expected_departures, flight_table_key, make_flights
from sim.replication.trace import traced_facts, traced_uses


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


def prepare(scenario: Any, seed: int, replication: int) -> Prepared:
    """The plan of one replication of a scenario. Raises InputError where there is no demand, or a schedule does not fit."""
    study, schedule = scenario.study, scenario.world.demand.schedule
    window_start_s = study.warm_up
    window_end_s = window_start_s + study.days * DAY_S
    horizon_s = window_end_s + study.cool_down
    flights, consignments = make_flights(scenario, seed, replication, horizon_s / DAY_S)
    features = scenario.assembly.features
    facts = Facts(traced_facts(schedule, [fact for feature in features for fact in feature.writes]))
    streams = [stream for feature in features for stream in feature.streams]
    draws = Draws(seed, replication, streams, flights, consignments)
    plan = _plan(scenario, Case(flights, consignments, draws, facts, horizon_s, expected_departures(scenario, flights)))
    key = flight_table_key(flights, consignments)
    return Prepared(flights, consignments, facts, plan, window_start_s, window_end_s, horizon_s, key)


def _plan(scenario: Any, case: Case) -> Plan:
    """First every feature decides, then every feature builds."""
    features = scenario.assembly.features
    groups = [(f, getattr(scenario.policy, f.key, None), getattr(scenario.world, f.key, None)) for f in features]
    for feature, policy, world in groups:
        for fact, value in feature.decide(case, policy, world).items():
            case.facts.write(fact, value)
    uses = possible([use for feature, policy, world in groups for use in feature.build(case, policy, world)])
    declared = [stage.key for feature in features for stage in feature.stages]
    return assemble(traced_uses(scenario.world.demand.schedule, uses, declared, case.flights.ordered_s), case.flights)
