"""Who goes first, stage by stage; and the emergency route of medical flights."""

import numpy as np
import pytest

from sim.engine.audit import audit
from sim.model.fact_catalogue import CUSTOMS_PRIORITY, DEPARTURE_TARGET_S
from sim.model.flights import Priority
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.policies.flight_authorisation import EMERGENCY_TASK
from tests.policies.levers import AMPLE, AUTH, BUSY_CUSTOMS, BUSY_DESKS, BUSY_PADS, BUSY_SLOTS, FIRST, THREE_CLASSES, TWO_CLASSES
from tests.policies.observed import Changes, measured, observed, prepared

EVERYWHERE = {f"{FIRST}.{place}": "class" for place in ("customs", "authorisation", "slots", "pads")}
BUSY = {**AMPLE, **BUSY_DESKS, **BUSY_SLOTS, **BUSY_CUSTOMS, **BUSY_PADS, **THREE_CLASSES}
URGENT = {f"{AUTH}.mode": "noon_day_before", "world.demand.notice": "6 h"}
URGENT |= {**AMPLE, **URGENT, "world.demand.priority_mix": {"medical": 0.3, "general": 0.7}}
EMERGENCY = {**URGENT, f"{AUTH}.medical_emergency": True}


def column(changes: Changes, stage: str) -> np.ndarray:
    """Shape (n,): the plan's priorities at a stage."""
    plan = prepared(changes).plan
    number = plan.stage_number(stage)
    assert number is not None
    return plan.priority[:, number]


def test_without_precedence_aeo_alone_go_first_and_only_at_customs() -> None:
    made = prepared({**AMPLE, "policy.pre_clearance.aeo_share": "50%"})
    assert np.array_equal(made.facts[CUSTOMS_PRIORITY], np.where(made.flights.aeo, 0, 1))
    for stage in ("slot", "confirm", "return_slot"):
        assert not made.plan.priority[:, made.plan.stage_number(stage)].any(), stage


@pytest.mark.parametrize("stage", ["slot", "land", "confirm"])
def test_by_class_the_priority_is_the_class(stage: str) -> None:
    changes = {**AMPLE, **THREE_CLASSES, **EVERYWHERE}
    assert np.array_equal(column(changes, stage), prepared(changes).flights.priority)


@pytest.mark.parametrize("stage", ["return_slot", "confirm_return", "home_pad"])
def test_an_empty_aircraft_counts_as_general_cargo_whatever_it_carried(stage: str) -> None:
    changes = {**AMPLE, **THREE_CLASSES, **EVERYWHERE}
    assert (column(changes, stage) == Priority.GENERAL).all()


def test_aeo_go_first_within_their_class_and_never_before_another() -> None:
    made = prepared({**AMPLE, **THREE_CLASSES, **EVERYWHERE, "policy.pre_clearance.aeo_share": "50%"})
    order = np.lexsort((~made.flights.aeo, made.flights.priority))
    assert (np.diff(made.facts[CUSTOMS_PRIORITY][order]) >= 0).all()
    assert set(made.facts[CUSTOMS_PRIORITY]) == {0, 1, 4, 5, 6, 7}


def test_whoever_waits_in_the_air_goes_before_whoever_waits_on_the_ground_whatever_the_class() -> None:
    changes = {**AMPLE, **THREE_CLASSES, **EVERYWHERE, "policy.vertiports.stands": 2}
    plan = prepared(changes).plan
    in_air = [plan.priority[:, plan.stage_number(stage)] for stage in ("land", "home_pad")]
    on_ground = [plan.priority[:, plan.stage_number(stage)] for stage in ("departure_pad", "return_pad")]
    assert max(column.max() for column in in_air) < min(column.min() for column in on_ground)


def test_nobody_with_a_worse_class_starts_while_a_better_one_waits_for_the_same_slots() -> None:
    observation = observed({**AMPLE, **BUSY_SLOTS, **THREE_CLASSES, **EVERYWHERE}, 0)
    number = observation.plan.stage_number("slot")
    queued_s, start_s = observation.timeline.queued_s[:, number], observation.timeline.start_s[:, number]
    pool, priority = observation.plan.pool[:, number], observation.flights.priority
    waiting = np.flatnonzero(start_s > queued_s)
    assert len(waiting) > 20
    for flight in waiting:
        waited = (
            (pool == pool[flight]) & (priority > priority[flight]) & (start_s > queued_s[flight]) & (start_s < start_s[flight])
        )
        assert not waited.any(), f"flight {flight} was overtaken by a worse class"


def test_timelines_with_queues_everywhere_keep_the_rules_of_the_engine() -> None:
    observation = observed({**BUSY, **EVERYWHERE}, 0)
    audit(observation.plan, observation.timeline)


def delay_s(observation: Observation, of: Priority | None = None) -> float:
    late = observation.released_s - observation.flights.planned_release_s
    return float(np.nanmean(late[observation.measured & ((observation.flights.priority == of) if of is not None else True)]))


def test_medical_flights_gain_and_the_others_lose_little() -> None:
    """One flight in five goes first: each gains, and what the others lose is a fraction of it."""
    busy = {**AMPLE, **BUSY_SLOTS, **TWO_CLASSES}
    first = {**busy, f"{FIRST}.slots": "medical"}
    gained = np.array(
        [delay_s(observed(busy, k), Priority.MEDICAL) - delay_s(observed(first, k), Priority.MEDICAL) for k in range(4)]
    )
    lost = np.array(
        [delay_s(observed(first, k), Priority.GENERAL) - delay_s(observed(busy, k), Priority.GENERAL) for k in range(4)]
    )
    assert gained.mean() > 60 and 0 < lost.mean() < gained.mean() / 2


def test_slots_are_equal_services_so_the_mean_wait_for_them_stays_what_it_was() -> None:
    """Headways are all alike: whoever goes first, the slots are given at the same instants (work conservation)."""
    busy = {**AMPLE, **BUSY_SLOTS, **TWO_CLASSES, "policy.vertiports.returns": False}
    waits = []
    for changes in (busy, {**busy, f"{FIRST}.slots": "medical"}):
        observation = observed(changes, 0)
        number = observation.plan.stage_number("slot")
        timeline, horizon_s = observation.timeline, observation.horizon_s
        queued_s, start_s = (np.minimum(at[:, number], horizon_s) for at in (timeline.queued_s, timeline.start_s))
        waits.append(np.nansum(start_s - queued_s))
        waits.append(np.nansum(start_s))
    assert waits[0] == pytest.approx(waits[2]) and waits[1] == pytest.approx(waits[3])


# ------------------------------------------------------------------------------------------- emergencies


def test_an_emergency_is_a_medical_flight_that_the_noon_rule_would_put_off() -> None:
    made = prepared(EMERGENCY)
    task, flights = made.facts[EMERGENCY_TASK], made.flights
    assert task.any() and (flights.priority[task] == Priority.MEDICAL).all()
    early_enough = np.floor(flights.ordered_s / 86400) < np.floor(flights.planned_departure_s / 86400)
    before_noon = flights.ordered_s % 86400 < 43200
    assert not (task & early_enough & before_noon).any()
    assert not prepared(URGENT).facts[EMERGENCY_TASK].any()


@pytest.mark.parametrize("mode", ["three_days", "noon_day_before", "one_hour", "standing"])
def test_the_emergency_route_never_puts_a_flight_off_further(mode: str) -> None:
    targets = [prepared({**changes, f"{AUTH}.mode": mode}).facts[DEPARTURE_TARGET_S] for changes in (URGENT, EMERGENCY)]
    assert (targets[1] <= targets[0]).all()


def test_it_is_applied_for_thirty_minutes_ahead_and_needs_no_evening_answer() -> None:
    made = prepared(EMERGENCY)
    task, plan = made.facts[EMERGENCY_TASK], made.plan
    applied_s = plan.not_before_s[:, plan.stage_number("authorise_origin")]
    assert np.array_equal(applied_s[task], np.maximum(made.flights.ordered_s, made.facts[DEPARTURE_TARGET_S] - 1800)[task])
    assert np.array_equal(plan.visits[:, plan.stage_number("evening_decision")], ~task)


def test_the_answer_is_owed_and_not_assumed() -> None:
    """Two decisions of 6 min fit into 20 nearly always; of 12 min hardly ever, and then the flight waits for the answer."""
    no_rework = {**EMERGENCY, "world.flight_authorisation.rework_share": "0%"}
    in_time = measured("emergency_answered_in_time_share")
    quick, slow = (observed({**no_rework, "world.flight_authorisation.emergency_time": law}, 0) for law in ("6 min", "12 min"))
    assert in_time(quick) == 1 and in_time(slow) == 0
    late = slow.facts[EMERGENCY_TASK] & (slow.outcome != Outcome.LOST)
    taken_off_s = slow.timeline.start_s[:, slow.plan.takeoff]
    assert (taken_off_s[late] >= slow.facts[DEPARTURE_TARGET_S][late] - 360).all() and not np.isnan(taken_off_s[late]).all()


def test_desks_take_an_emergency_before_everything_else() -> None:
    changes = {**EMERGENCY, **EVERYWHERE}
    task = prepared(changes).facts[EMERGENCY_TASK]
    column_of = column(changes, "authorise_origin")
    assert column_of[task].max() < column_of[~task].min()


def test_over_three_sides_the_answer_is_owed_by_all_of_them() -> None:
    three = {**EMERGENCY, "policy.corridor.routes": ["shun_tak_macao"], "world.demand.aircraft": "v2000cg"}
    three |= {"world.flight_authorisation.rework_share": "0%"}
    in_time = measured("emergency_answered_in_time_share")
    quick, slow = (observed({**three, "world.flight_authorisation.emergency_time": law}, 0) for law in ("6 min", "7 min"))
    assert in_time(quick) == 1 and in_time(slow) == 0
