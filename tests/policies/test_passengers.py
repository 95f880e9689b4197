"""Passengers: the arithmetic of gates and counters, the places of the checks, the closing gate, three airspace legs."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from sim.engine import run as run_plan
from sim.ground.counts import binomial_quantile
from sim.model.flights import Priority
from sim.model.outcome import Outcome
from tests.engine.random_plans import same
from tests.policies.observed import Changes, departure_delay_s, measured, observed, outcome_share, prepared

HELICOPTERS: dict[str, Any] = {
    "study.days": 2,
    "study.warm_up": "0 s",
    "study.cool_down": "6 h",
    "world.demand.flights_per_day": "40/d",
    "world.demand.notice": "4 d",
    "world.demand.aircraft": "aw139",
    "policy.corridor.routes": ["shekou_shun_tak"],
    "policy.flight_authorisation.mode": "standing",
    "policy.vertiports.pads": 20,
    "policy.vertiports.fleet": 60,
    "world.passengers.gate_time": "7 s",
    "world.passengers.counter_time": "40 s",
}
CO_LOCATED = {"policy.passengers.arrangement": "co_located"}
COLLABORATIVE = {"policy.passengers.arrangement": "collaborative"}
AT_DESTINATION = {"policy.passengers.joint_place": "destination"}
TO_MACAO = {**HELICOPTERS, "policy.corridor.routes": ["shun_tak_macao"]}


def column(changes: Changes, key: str, name: str = "service_s") -> np.ndarray:
    plan = prepared({**HELICOPTERS, **changes}).plan
    number = plan.stage_number(key)
    assert number is not None, key
    return np.where(plan.visits[:, number], getattr(plan, name)[:, number], 0.0)


def test_passengers_are_a_binomial_share_of_the_seats_and_carry_no_consignments() -> None:
    made = prepared({**HELICOPTERS, "study.days": 20})
    taken = made.flights.passengers
    assert made.flights.cabin.all() and len(made.consignments) == 0
    assert np.all(made.flights.priority == Priority.PASSENGER)
    error = np.sqrt(12 * 0.7 * 0.3 / len(taken))
    assert abs(taken.mean() - 12 * 0.7) < 4 * error
    u = np.linspace(0.001, 0.999, 999)
    np.testing.assert_array_equal(binomial_quantile(u, np.full(999, 12), 0.7), binom.ppf(u, 12, 0.7))


def test_a_group_takes_as_many_turns_as_passengers_to_a_gate_and_the_rest_go_to_the_counter() -> None:
    made = prepared(HELICOPTERS)
    counter_s, gates_s = column({}, "counter_exit"), column({}, "gates_exit")
    at_counter = np.rint(counter_s / 40)
    np.testing.assert_allclose(counter_s, 40 * at_counter)
    np.testing.assert_allclose(gates_s, 7 * np.ceil((made.flights.passengers - at_counter) / 4))
    six = column({"policy.passengers.gates": 6}, "gates_exit")
    np.testing.assert_allclose(six, 7 * np.ceil((made.flights.passengers - at_counter) / 6))
    error = np.sqrt(0.15 * 0.85 / made.flights.passengers.sum())
    assert abs(at_counter.sum() / made.flights.passengers.sum() - 0.15) < 4 * error


def test_where_the_checks_are_and_whose() -> None:
    pools = {
        name: {pool.key for pool in prepared({**HELICOPTERS, **changes}).plan.pools if "gates" in pool.kind.key}
        for name, changes in {
            "separate": {},
            "co_located": CO_LOCATED,
            "collaborative": COLLABORATIVE,
        }.items()
    }
    assert len(pools["separate"]) == 2
    assert len(pools["co_located"]) == 4, "each side's own at home and with the other"
    assert all(key.startswith("joint_gates.") for key in pools["collaborative"])


@pytest.mark.parametrize("arrangement", [{}, CO_LOCATED, COLLABORATIVE, {**CO_LOCATED, **AT_DESTINATION}])
def test_every_passenger_passes_both_sides(arrangement: Changes) -> None:
    observation = observed({**HELICOPTERS, **arrangement}, 0)
    released = ~np.isnan(observation.released_s) & (observation.flights.passengers > 0)
    assert released.sum() > 20
    passed = [
        ~np.isnan(observation.end_of(f"gates_{key}")) | ~np.isnan(observation.end_of(f"counter_{key}"))
        for key in ("exit", "entry")
    ]
    joint = ~np.isnan(observation.end_of("gates_joint"))
    for check in passed:
        assert np.all((check | joint)[released])


def test_joint_checks_before_departure_shorten_the_way_out_and_at_the_destination_the_way_in() -> None:
    to_exit, to_seat = measured("landing_to_exit"), measured("port_to_seat")
    plain, origin = observed(HELICOPTERS, 0), observed({**HELICOPTERS, **CO_LOCATED}, 0)
    destination = observed({**HELICOPTERS, **CO_LOCATED, **AT_DESTINATION}, 0)
    assert to_exit(origin) < to_exit(plain) < to_exit(destination)
    assert to_seat(destination) < to_seat(plain) < to_seat(origin)
    # the baggage is examined last, wherever the checks are
    assert measured("officer_hours")(origin) == pytest.approx(measured("officer_hours")(plain), rel=0.05)


def test_one_passage_through_collaborative_gates_is_quicker_than_two() -> None:
    nobody_at_counters = {**HELICOPTERS, "world.passengers.counter_share": "0%"}
    two = observed({**nobody_at_counters, **CO_LOCATED}, 0)
    one = observed({**nobody_at_counters, **COLLABORATIVE}, 0)
    turns = np.ceil(two.flights.passengers / 4)
    free = ~np.isnan(two.end_of("board")) & ~np.isnan(one.end_of("board"))
    saved_s = (two.end_of("boarding_gate") - one.end_of("boarding_gate"))[free]
    assert np.mean(np.isclose(saved_s, 7 * turns[free])) > 0.8, "all but those who queue behind another group"


def test_a_closing_gate_leaves_late_groups_behind() -> None:
    late = {"world.passengers.last_at_port": {"uniform": {"low": "4 min", "high": "12 min"}}}
    waits = observed({**HELICOPTERS, **late}, 0)
    leaves = observed({**HELICOPTERS, **late, "policy.passengers.late_passengers": "leave"}, 0)
    cancelled = outcome_share(Outcome.CANCELLED)
    assert cancelled(waits) == 0 and cancelled(leaves) > 0.1
    earlier = observed({**HELICOPTERS, **late, "policy.passengers.late_passengers": "leave",
                        "policy.passengers.boarding_closes": "2 min"}, 0)  # fmt: skip
    assert cancelled(earlier) < cancelled(leaves)
    assert departure_delay_s(waits) > departure_delay_s(leaves)


def test_hong_kong_to_macao_flies_three_legs_and_asks_the_side_flown_over() -> None:
    observation = observed({**TO_MACAO, "policy.flight_authorisation.mode": "one_hour"}, 0)
    flown = [~np.isnan(observation.end_of(f"fly_{k}")) for k in (1, 2, 3)]
    assert flown[0].sum() > 20 and np.array_equal(flown[0], flown[2])
    authorised = observation.end_of("authorise_transit")
    assert np.all(~np.isnan(authorised[flown[0]]))
    used = {pool.key for pool in observation.plan.pools}
    assert {"authorisation_officers.mainland", "authorisation_officers.macao"} <= used
    assert not any(pool.side == "mainland" and pool.kind.workload == "officer" for pool in observation.plan.pools), (
        "the side flown over checks nobody"
    )
    assert measured("aviation_hours", "mainland")(observation) > 0
    crossings = measured("crossings_per_hour")(observation)
    n_seen = np.sum(observation.end_of("fly_3") <= observation.horizon_s)
    assert crossings == pytest.approx(2 * 2 * n_seen / 48, rel=0.3), "two boundaries out, two home"


def test_cargo_and_passengers_share_pads_but_no_desk() -> None:
    both = {
        **HELICOPTERS,
        "policy.corridor.routes": ["baoan_hkia", "baoan_shun_tak"],
        "world.demand.aircraft": {"baoan_hkia": "v2000cg", "baoan_shun_tak": "h135"},
        "world.demand.flights_on_route": {"baoan_shun_tak": "20/d"},
    }
    observation = observed(both, 0)
    cabin = observation.flights.cabin
    assert 0 < cabin.sum() < len(cabin)
    counts = np.bincount(observation.consignments.flight, minlength=len(cabin))
    assert np.all(counts[cabin] == 0) and np.all(counts[~cabin] > 0)
    cargo_only = ("prepare", "enter_origin", "screen_origin", "load", "unload")
    cabin_only = ("passengers_come", "boarding_gate", "board", "alight")
    for key in cargo_only:
        assert np.isnan(observation.end_of(key)[cabin]).all() and not np.isnan(observation.end_of(key)[~cabin]).all()
    for key in cabin_only:
        assert np.isnan(observation.end_of(key)[~cabin]).all() and not np.isnan(observation.end_of(key)[cabin]).all()
    per_day = np.bincount(observation.flights.route[observation.measured]) / 2
    assert 60 < per_day[0] < 100 and 25 < per_day[1] < 55


def test_both_engines_agree_on_passengers() -> None:
    for changes in (HELICOPTERS, {**HELICOPTERS, **COLLABORATIVE, "policy.passengers.late_passengers": "leave"}, TO_MACAO):
        plan = prepared(changes).plan
        assert same(run_plan(plan, "reference"), run_plan(plan, "compiled"))


def test_at_collaborative_gates_those_at_the_counter_wait_for_nobody_at_the_gates() -> None:
    slow_gates = {
        **HELICOPTERS,
        **COLLABORATIVE,
        "policy.passengers.gates": 1,
        "world.passengers.collaborative_gate_time": "60 s",
    }
    observation = observed(slow_gates, 0)
    plan, timeline = observation.plan, observation.timeline
    entry, exit_ = (plan.stage_number(key) for key in ("counter_entry", "counter_exit"))
    both = ~np.isnan(timeline.start_s[:, entry])
    assert both.sum() > 20
    np.testing.assert_allclose(timeline.queued_s[both, entry], timeline.end_s[both, exit_])


def test_collaborative_gates_are_booked_to_both_sides() -> None:
    plan = prepared({**HELICOPTERS, **COLLABORATIVE}).plan
    assert {pool.side for pool in plan.pools if pool.kind.key == "joint_gates"} == {""}


def test_a_pad_held_for_the_goods_is_not_held_for_passengers() -> None:
    busy = {**HELICOPTERS, "world.passengers.baggage_share": "80%"}
    free, held = observed(busy, 0), observed({**busy, "policy.inspection.hold_pad": True}, 0)
    np.testing.assert_array_equal(free.end_of("return_slot"), held.end_of("return_slot"))


def test_no_goods_vehicle_is_a_rival_of_passengers() -> None:
    assert np.isnan(measured("faster_than_road_share")(observed(HELICOPTERS, 0)))
