"""The horizon is a filter: when the simulation stops to look changes nothing of what was seen before."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.ground.errors import InputError
from sim.ground.time_units import DAY_S
from sim.model.observation import Observation
from sim.replication import flights as sampling
from sim.replication import prepare
from sim.scenario.load import apply
from sim.scenario.scenario import Scenario
from tests.model.replicated import ONE_DAY, run
from tests.model.test_random_scenarios import random_changes
from tests.policies.observed import scenario
from tests.shipped import shipped

BUSY = ["baseline", "growth-6x", "filing-three-days", "june-rain", "dogs-forecast", "passengers-and-cargo"]
SHORT, LONG = {"study.cool_down": "12 h"}, {"study.cool_down": "12 d"}
TWO_DAYS = ("study.days=2", "study.warm_up=1 d")
# Both look at flights in the order of their planned departures, not at the instant at which something is known.
IN_ORDER_OF_DEPARTURE = {"policy.operator_watch.factor": 1.0, "world.compliance.displacement": "0%"}


def numbers(observation: Observation) -> NDArray[np.int64]:
    """Shape (n,): the flight's route, direction and number among those drawn, as one number."""
    flights = observation.flights
    return (flights.route.astype(np.int64) * 2 + flights.outward) * 1_000_000 + flights.number


def before(horizon_s: float, instants_s: Floats) -> Floats:
    """The instants before the horizon; NaN for all others."""
    return np.where(instants_s < horizon_s, instants_s, np.nan)


def instants_of(observation: Observation) -> dict[str, Floats]:
    """Shape (n,) each: queueing, start and end of every stage, and end of the flight. A stage without visitors may be absent."""
    timeline = observation.timeline
    instants_s = {"ended": timeline.ended_s}
    for number, step in enumerate(observation.plan.steps):
        for name in ("queued_s", "start_s", "end_s"):
            instants_s[f"{step.stage.key} {name}"] = getattr(timeline, name)[:, number]
    return instants_s


def seen_otherwise(short: Observation, long: Observation) -> int:
    """How many instants before the shorter horizon are not the same in both."""
    mine, theirs = numbers(short), numbers(long)
    in_order = np.argsort(theirs)
    place = in_order[np.searchsorted(theirs[in_order], mine)]
    assert np.array_equal(theirs[place], mine), "a flight that was seen is missing"
    others = np.setdiff1d(np.arange(len(theirs)), place)
    assert np.all(long.flights.ordered_s[others] > short.horizon_s), "a flight that was ordered in time was not seen"
    nothing, count = np.full(len(theirs), np.nan), 0
    one, other = instants_of(short), instants_of(long)
    for key in one.keys() | other.keys():
        first = before(short.horizon_s, one.get(key, nothing[: len(mine)]))
        second = before(short.horizon_s, other.get(key, nothing)[place])
        count += int(np.sum(~((first == second) | (np.isnan(first) & np.isnan(second)))))
    return count


def looked_at_twice(made: Scenario, seed: int = 1) -> tuple[Observation, Observation]:
    """The same replication, observed for half a day and for twelve days after the measured days."""
    short, long = (run(apply(made, cool_down), seed) for cool_down in (SHORT, LONG))
    return short, long


@pytest.mark.parametrize("name", BUSY)
def test_a_longer_cool_down_changes_nothing_that_was_seen(name: str) -> None:
    made = shipped(name, *TWO_DAYS)
    short, long = looked_at_twice(made)
    assert np.sum(short.timeline.ended_s < short.horizon_s) > 40
    assert seen_otherwise(short, long) == 0


def test_it_would_be_noticed_if_demand_ended_with_the_horizon(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a busy scenario the desks have less to do: what was wrong before flights were drawn beyond the horizon."""
    made = shipped("growth-6x", *TWO_DAYS, "policy.flight_authorisation.mode=noon_day_before")
    long = run(apply(made, LONG))
    monkeypatch.setattr(sampling, "BEYOND_HORIZON_S", 0.0)
    short = run(apply(made, SHORT))
    horizon_s, n = short.horizon_s, len(short.flights)
    assert np.array_equal(short.flights.planned_departure_s, long.flights.planned_departure_s[:n])
    one, other = (before(horizon_s, observation.timeline.ended_s[:n]) for observation in (short, long))
    assert np.sum(np.isfinite(one) & np.isfinite(other) & (one != other)) > 10


@settings(max_examples=12, deadline=None, print_blob=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_longer_cool_down_changes_nothing_whatever_the_settings(seed: int) -> None:
    check(seed)


@pytest.mark.slow
@settings(max_examples=100, deadline=None, print_blob=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_longer_cool_down_changes_nothing_in_many_worlds(seed: int) -> None:
    check(seed)


def check(seed: int) -> None:
    changes: dict[str, Any] = {**random_changes(np.random.default_rng(seed)), **IN_ORDER_OF_DEPARTURE}
    note(f"seed {seed}, changes {changes}")
    try:
        made = apply(scenario(ONE_DAY), changes)
        short, long = looked_at_twice(made, seed)
    except InputError:
        assume(False)
    assert seen_otherwise(short, long) == 0


def test_flights_are_planned_after_the_horizon_if_they_are_ordered_by_then() -> None:
    made = shipped("growth-6x", "study.days=1", "study.warm_up=0 s", "study.cool_down=1 d")
    prepared = prepare(made, 1, 0)
    flights, horizon_s = prepared.flights, prepared.horizon_s
    later = flights.planned_departure_s >= horizon_s
    assert np.all(flights.ordered_s <= horizon_s)
    assert np.all(np.diff(flights.planned_departure_s) >= 0)
    # By the law, mean notice days' worth of flights: 50 a day each way, 48 h on average.
    assert 150 < later.sum() < 250
    assert flights.planned_departure_s[later].max() > horizon_s + 4 * DAY_S
