"""Finished replications from which flights are struck, the others' instants kept: traffic turned away, and nothing else."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from sim.ground.arrays import Bools
from sim.model.examination import EXAMINATIONS, PLANNED_STEPS, SELECTION_CHANCES, WITHHELD
from sim.model.fact_catalogue import PUT_OFF
from sim.model.facts import Fact, Facts
from sim.model.flights import Consignments, Flights
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from tests.policies.observed import DECLARED

OF_CONSIGNMENTS = (EXAMINATIONS, SELECTION_CHANCES, PLANNED_STEPS, WITHHELD)
"""The facts that hold columns of consignments without being one."""
OF_FLIGHTS = (PUT_OFF,)
"""The facts that hold columns of flights without being one."""


def removed(observation: Observation, kept: Bools) -> Observation:
    """Only the flights in `kept`, shape (n,), with their consignments: the others were never ordered."""
    numbers = np.flatnonzero(kept)
    of_consignment = kept[observation.consignments.flight]
    return Observation(
        scenario=observation.scenario,
        flights=_rows(observation.flights, kept),
        consignments=_consignments(observation.consignments, kept),
        facts=_facts(observation.facts, kept, of_consignment),
        plan=observation.plan.of_flights(numbers),
        timeline=observation.timeline.of_flights(numbers),
        window_start_s=observation.window_start_s,
        window_end_s=observation.window_end_s,
        horizon_s=observation.horizon_s,
    )


def turned_away(observation: Observation, kept: Bools) -> Observation:
    """All flights are planned, and those not in `kept`, shape (n,), are lost when they are ordered."""
    timeline, stays = observation.timeline, kept[:, None]
    first = np.array([not step.after for step in observation.plan.steps]) & (observation.plan.steps[0].stage.step == "order")
    goes_on = stays | first
    nothing = {name: np.where(goes_on, getattr(timeline, name), np.nan) for name in ("queued_s", "start_s", "end_s")}
    outcome = np.where(kept, timeline.outcome, Outcome.LOST).astype(np.int8)
    ended_s = np.where(kept, timeline.ended_s, observation.flights.ordered_s)
    # A fresh observation: what was computed of the old one is kept there.
    return replace(observation, timeline=replace(timeline, **nothing, outcome=outcome, ended_s=ended_s))


def _rows(flights: Flights, kept: Bools) -> Flights:
    columns = {field.name: getattr(flights, field.name) for field in fields(flights)}
    return replace(flights, **{name: column[kept] for name, column in columns.items() if isinstance(column, np.ndarray)})


def _consignments(consignments: Consignments, kept: Bools) -> Consignments:
    new_number = np.cumsum(kept) - 1
    which = kept[consignments.flight]
    columns = {field.name: getattr(consignments, field.name)[which] for field in fields(consignments)}
    return Consignments(**{**columns, "flight": new_number[columns["flight"]].astype(np.int32)})


def _facts(facts: Facts, kept: Bools, of_consignment: Bools) -> Facts:
    smaller = Facts()
    for name, value in facts.by_name():
        fact: Fact[Any] = DECLARED[name]
        has_rows = fact.per != "scenario" or fact in (*OF_CONSIGNMENTS, *OF_FLIGHTS)
        which = kept if fact.per == "flight" or fact in OF_FLIGHTS else of_consignment
        smaller.write(fact, _in(value, which) if has_rows else value)
    return smaller


def _in(value: Any, which: Bools) -> Any:
    """A column, or whatever holds columns, with the rows in `which`; all else as it is."""
    if isinstance(value, np.ndarray):
        return value[which]
    if isinstance(value, tuple):
        return tuple(_in(each, which) for each in value)
    if isinstance(value, Mapping):
        return {key: _in(each, which) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _in(getattr(value, field.name), which) for field in fields(value)})
    return value
