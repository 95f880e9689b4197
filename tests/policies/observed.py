"""Scenarios made for one question each, run once, and what is read from them."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.execution.replicate import Task, observe
from sim.ground.sides import SIDE_KEYS
from sim.metrics import all_metrics
from sim.model.examination import PLANNED_STEPS
from sim.model.fact_catalogue import AMBER, ILLICIT, RED_CONSIGNMENT
from sim.model.flights import Priority
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.model.plan import Pool
from sim.model.stage import ENDS
from sim.policies import FEATURES
from sim.replication import Prepared, prepare
from sim.scenario.load import apply, load_scenario
from sim.scenario.scenario import Scenario
from sim.world.sites import sites

DECLARED = {fact.name: fact for feature in FEATURES for fact in feature.writes}

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
Changes = Mapping[str, Any]
Measure = Callable[[Observation], float]


@cache
def baseline() -> Scenario:
    """The shipped baseline."""
    return load_scenario(BASELINE)


@cache
def _scenario(changes: str) -> Scenario:
    return apply(baseline(), json.loads(changes))


def scenario(changes: Changes) -> Scenario:
    """The baseline with changes, values as in a scenario file."""
    return _scenario(json.dumps(changes, sort_keys=True))


@cache
def _observed(changes: str, replication: int) -> Observation:
    task = Task(_scenario(changes), seed=1, replication=replication)
    return observe(task, prepare(task.scenario, task.seed, replication))


def observed(changes: Changes, replication: int) -> Observation:
    """One replication of the baseline with changes; runs once however often it is asked for."""
    return _observed(json.dumps(changes, sort_keys=True), replication)


def prepared(changes: Changes) -> Prepared:
    """The first replication of the baseline with changes, before its clock runs."""
    return prepare(scenario(changes), seed=1, replication=0)


# ------------------------------------------------------------------------------------------- measures


def measured(key: str, part: str = "") -> Measure:
    """The number of a measure of the catalogue."""

    def read(observation: Observation) -> float:
        found = METRICS[key].compute(observation)
        return float(found[part] if isinstance(found, Mapping) else found)

    return read


def of_pools(key: str, kind: str, side: str = "") -> Measure:
    """The mean over the pools of a kind, of one side if one is named, of a measure that is given by pool."""

    def read(observation: Observation) -> float:
        found = METRICS[key].compute(observation)
        assert isinstance(found, Mapping)
        asked = [p.key for p in observation.plan.pools if p.kind.key == kind and side in ("", _side_of(p))]
        return float(np.nanmean([found[pool] for pool in asked]))

    return read


def _side_of(pool: Pool) -> str:
    """The side of a pool, else that of the site its place ends with: fleets and slots belong to no customs."""
    return pool.side or sites()[pool.place.split(".")[-1].removeprefix("from_")].side


def wait_s(kind: str, side: str = "") -> Measure:
    """Mean wait at the pools of a kind, s."""
    return of_pools("wait_mean", kind, side)


def outcome_share(outcome: Outcome) -> Measure:
    """Share of planned flights with that outcome."""
    return measured("flight_outcome_share", outcome.name.lower())


def departure_delay_s(observation: Observation, of: np.ndarray | None = None) -> float:
    """Mean take-off after the planned departure over measured flights, or those of them in `of`, s."""
    number = observation.plan.takeoff
    assert number is not None
    delay_s = observation.timeline.start_s[:, number] - observation.flights.planned_departure_s
    return float(np.nanmean(delay_s[observation.measured & (True if of is None else of)]))


def aeo_departure_delay_s(observation: Observation) -> float:
    """The same over flights of authorised economic operators, s."""
    return departure_delay_s(observation, observation.flights.aeo)


def aeo_relative_wait(stage: str) -> Measure:
    """Mean wait of flights of authorised economic operators / of all, at the stages whose keys begin so."""

    def read(observation: Observation) -> float:
        numbers = [s for s, step in enumerate(observation.plan.steps) if step.stage.key.startswith(stage)]
        wait_s = (observation.timeline.start_s - observation.timeline.queued_s)[:, numbers]
        aeo, measured_flights = observation.flights.aeo, observation.measured
        return float(np.nanmean(wait_s[aeo & measured_flights]) / np.nanmean(wait_s[measured_flights]))

    return read


def relative_wait(stage: str, of: Priority) -> Measure:
    """Mean wait of flights of a class / of all, at the stages whose keys begin so."""

    def read(observation: Observation) -> float:
        numbers = [s for s, step in enumerate(observation.plan.steps) if step.stage.key.startswith(stage)]
        wait_s = (observation.timeline.start_s - observation.timeline.queued_s)[:, numbers]
        chosen = observation.flights.priority == of
        return float(np.nanmean(wait_s[chosen & observation.measured]) / np.nanmean(wait_s[observation.measured]))

    return read


def mean_fact(name: str) -> Measure:
    """Mean over flights of a fact."""
    return lambda observation: float(np.mean(observation.facts[DECLARED[name]]))


def amber_share(side: str = "") -> Measure:
    """Share of the flights' ends (at that side, if one is named) that are on the amber channel."""
    asked = (side,) if side else SIDE_KEYS

    def read(observation: Observation) -> float:
        counted = {role: np.isin(observation.flights.side(role), [SIDE_KEYS.index(key) for key in asked]) for role in ENDS}
        return float(np.concatenate([observation.facts[AMBER[role]][counted[role]] for role in ENDS]).mean())

    return read


def illicit_selected(side: str) -> Measure:
    """Number of times that side's screening selects an illicit consignment."""

    def read(observation: Observation) -> float:
        of_flight, side_of = observation.consignments.flight, observation.flights.by_side
        marks = dict.fromkeys(SIDE_KEYS, 0.0) | {side: 1.0}
        selected = [observation.facts[RED_CONSIGNMENT[role]] & (side_of(marks, role)[of_flight] == 1) for role in ENDS]
        return float(sum((red & observation.facts[ILLICIT]).sum() for red in selected))

    return read


def alarms(means: str, illicit: bool) -> Measure:
    """Number of alarms of a means on illicit, or on licit, consignments, whether or not the look came about."""

    def read(observation: Observation) -> float:
        asked = observation.facts[ILLICIT] == illicit
        return float(sum((look.alarmed & asked).sum() for look in observation.facts[PLANNED_STEPS] if look.means == means))

    return read


def stays_on_pad(side: str) -> Measure:
    """Number of aircraft that stay on a pad of that side until they fly home."""

    def read(observation: Observation) -> float:
        keys = [step.stage.key for step in observation.plan.steps]
        last = "stay" if "stay" in keys else "unload"
        there = observation.flights.side("destination") == SIDE_KEYS.index(side)
        return float((there & ~np.isnan(observation.end_of(last))).sum())

    return read


def gone_through(prefix: str) -> Measure:
    """Number of measured flights' visits to stages whose keys begin so, gone through to their end."""

    def read(observation: Observation) -> float:
        numbers = [s for s, step in enumerate(observation.plan.steps) if step.stage.key.startswith(prefix)]
        return float(observation.timeline.done()[observation.measured][:, numbers].sum())

    return read


def stage_service_s(prefix: str) -> Measure:
    """Mean seconds of service per measured flight at stages whose keys begin so."""

    def read(observation: Observation) -> float:
        numbers = [s for s, step in enumerate(observation.plan.steps) if step.stage.key.startswith(prefix)]
        spent = (observation.timeline.end_s - observation.timeline.start_s)[observation.measured][:, numbers]
        return float(np.nansum(spent) / observation.measured.sum())

    return read


def service_at(kind: str) -> Callable[[str], Measure]:
    """By side: the mean service of its pools of that kind, s."""

    def of_side(side: str) -> Measure:
        def read(observation: Observation) -> float:
            plan = observation.plan
            asked = [i for i, p in enumerate(plan.pools) if p.kind.key == kind and p.side == side]
            return float(plan.service_s[plan.visits & np.isin(plan.pool, asked)].mean())

        return read

    return of_side


def cycle_s(observation: Observation) -> float:
    """Mean time for which an aircraft is bound, from its being taken until its turnaround is over, s."""
    bound = observation.end_of("turnaround") - observation.end_of("vehicle")
    return float(np.nanmean(bound[observation.measured]))


def weather_h(part: str) -> Measure:
    """Hours lost to the weather, for the slots or a type of aircraft."""
    return measured("weather_hours", part)
