"""Datum faults: what is displaced by how much, who notices, what it costs."""

import numpy as np
import pytest

from sim.engine.audit import audit
from sim.model.fact_catalogue import BLOCK_S, DETOUR_M, RESERVE_USED_S
from sim.policies.datum_fault import GEOFENCE_HIT, GUIDANCE_S, IS_FAULTY
from sim.replication import Prepared
from tests.policies.levers import AMPLE, DATUM, WRONG_DATUM
from tests.policies.observed import measured, observed, prepared

FAULT = {**AMPLE, **WRONG_DATUM}
ROUTE = "wenjindu_sheung_shui"


def last_leg_s(made: Prepared) -> np.ndarray:
    return made.plan.service_s[:, made.plan.stage_number("fly_2")]


def test_without_a_fault_nothing_is_added() -> None:
    plain, checked = prepared(AMPLE), prepared({**AMPLE, f"{DATUM}.check": "in_flight"})
    for made in (plain, checked, prepared({**AMPLE, f"{DATUM}.check": "at_filing"})):
        assert [step.stage.key for step in made.plan.steps] == [step.stage.key for step in plain.plan.steps]
        assert not any(made.facts[fact].any() for fact in (IS_FAULTY, DETOUR_M, RESERVE_USED_S, GEOFENCE_HIT))


def test_half_of_the_plans_are_faulty_whatever_the_policy() -> None:
    faulty = [prepared({**FAULT, f"{DATUM}.check": check}).facts[IS_FAULTY] for check in ("none", "at_filing", "in_flight")]
    assert np.array_equal(faulty[0], faulty[1]) and np.array_equal(faulty[0], faulty[2])
    assert faulty[0].mean() == pytest.approx(0.5, abs=4.4 * 0.5 / np.sqrt(len(faulty[0])))


def test_unnoticed_the_detour_is_flown_on_the_last_leg() -> None:
    """Wenjindu to Sheung Shui overshoots by some 940 m, the other way by some 320 m; at 20 m/s, within 5% of variation."""
    plain, made = prepared(AMPLE), prepared(FAULT)
    added_s = last_leg_s(made) - last_leg_s(plain)
    detour_m, outward = made.facts[DETOUR_M], made.flights.outward
    assert set(np.round(detour_m[outward], -1)) == {0, 940} and set(np.round(detour_m[~outward], -1)) == {0, 320}
    assert np.allclose(added_s, detour_m / 20, rtol=0.25)
    assert np.array_equal(added_s > 0, made.facts[IS_FAULTY])
    assert np.array_equal(made.facts[BLOCK_S], plain.facts[BLOCK_S])


def test_caught_at_filing_it_is_corrected_before_the_application_and_flown_right() -> None:
    made = prepared({**FAULT, f"{DATUM}.check": "at_filing", "policy.flight_authorisation.mode": "one_hour"})
    plan = made.plan
    correct, apply = plan.stage_number("correct_flight_plan"), plan.stage_number("authorise_origin")
    assert np.array_equal(plan.visits[:, correct], made.facts[IS_FAULTY])
    assert correct in plan.steps[apply].after
    assert np.array_equal(plan.not_before_s[:, correct], plan.not_before_s[:, apply])
    assert np.array_equal(last_leg_s(made), last_leg_s(prepared({**AMPLE, "policy.flight_authorisation.mode": "one_hour"})))


@pytest.mark.parametrize("mode", ["three_days", "noon_day_before", "one_hour", "standing"])
@pytest.mark.parametrize("check", ["at_filing", "in_flight"])
def test_timelines_keep_the_rules_under_every_filing_mode(mode: str, check: str) -> None:
    changes = {**FAULT, f"{DATUM}.check": check, "policy.flight_authorisation.mode": mode}
    observation = observed(changes, 0)
    audit(observation.plan, observation.timeline)
    assert not np.isnan(observation.released_s).all()


def test_a_correction_delays_where_the_application_is_close_to_departure_and_not_where_it_is_days_ahead() -> None:
    def delays(mode: str) -> np.ndarray:
        changes = {**AMPLE, "policy.flight_authorisation.mode": mode, "world.datum_fault.correction_time": "40 min"}
        runs = [observed({**changes, **extra}, 0) for extra in ({}, {**WRONG_DATUM, f"{DATUM}.check": "at_filing"})]
        return runs[1].released_s - runs[0].released_s

    assert np.nanmean(np.abs(delays("noon_day_before"))) < 60
    assert np.nanmean(delays("one_hour")) > 300


def test_in_flight_only_who_leaves_the_corridor_is_stopped() -> None:
    near = prepared(
        {**FAULT, "world.datum_fault.fault": "hk80", f"{DATUM}.check": "in_flight", f"{DATUM}.geofence_half_width": "280 m"}
    )
    hit, faulty = near.facts[GEOFENCE_HIT], near.facts[IS_FAULTY]
    # 249 m off towards Sheung Shui, 304 m towards Wenjindu
    assert np.array_equal(hit, faulty & ~near.flights.outward)
    assert np.array_equal(near.plan.visits[:, near.plan.stage_number("guided_back")], hit)
    assert (near.facts[GUIDANCE_S] > 0)[hit].all() and not near.facts[GUIDANCE_S][~hit].any()
    assert (near.facts[DETOUR_M][faulty & ~hit] > 0).all()


def test_the_time_lost_in_the_air_is_taken_off_the_reserve() -> None:
    plain, made = prepared(AMPLE), prepared({**FAULT, f"{DATUM}.check": "in_flight"})
    patience = [one.plan.patience_s[:, one.plan.stage_number("land")] for one in (plain, made)]
    assert np.allclose(np.maximum(patience[0] - made.facts[RESERVE_USED_S], 0), patience[1])
    assert made.facts[RESERVE_USED_S][made.facts[IS_FAULTY]].min() > 5  # 100 m at 20 m/s


def test_the_measures_count_what_was_flown() -> None:
    observation = observed(FAULT, 0)
    flown = observation.measured & ~np.isnan(observation.timeline.start_s[:, observation.plan.takeoff])
    faulty = flown & observation.facts[IS_FAULTY]
    assert measured("datum_faults_flown", ROUTE)(observation) == faulty.sum() == measured("geofence_hits", ROUTE)(observation)
    inward = (faulty & ~observation.flights.outward).sum()
    assert measured("wrong_side_km", ROUTE)(observation) == pytest.approx(inward * 0.369, rel=0.02)
    assert measured("crossing_shift_m", ROUTE)(observation) == pytest.approx(315, abs=5)
    assert measured("wrong_side_km", ROUTE)(observed({**FAULT, f"{DATUM}.check": "at_filing"}, 0)) == 0


def test_pilots_do_not_fly_by_an_uploaded_plan() -> None:
    helicopters = {"policy.corridor.routes": ["shekou_shun_tak"], "world.demand.aircraft": "aw139"}
    assert not prepared({**FAULT, **helicopters}).facts[IS_FAULTY].any()


def test_a_route_over_three_sides_is_displaced_too() -> None:
    three = {"policy.corridor.routes": ["shun_tak_macao"], "world.demand.aircraft": "v2000cg"}
    made, plain = prepared({**FAULT, **three}), prepared({**AMPLE, **three})
    longer = [one.plan.service_s[:, one.plan.stage_number("fly_3")] for one in (made, plain)]
    assert np.array_equal(longer[0] > longer[1], made.facts[IS_FAULTY]) and made.facts[IS_FAULTY].any()
