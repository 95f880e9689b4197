"""Properties of single levers that a difference in one number does not show."""

from typing import Any

import numpy as np
import pytest

from sim.engine.audit import audit
from sim.ground.errors import InputError
from sim.model.disruption import DISRUPTIONS, without
from sim.model.examination import ALARM, PLANNED_STEPS
from sim.model.fact_catalogue import DEPARTURE_TARGET_S, ILLICIT, RED_CONSIGNMENT
from sim.model.outcome import Outcome
from tests.policies.levers import (
    AIR,
    ALL_INSPECTED,
    AMPLE,
    AT_TAKE_OFF,
    AUTH,
    BATCHES,
    CLOSED_AT_NOON,
    CONTRABAND,
    DATA,
    DECIDED_BEFORE,
    FILE,
    INSPECT,
    ON_THE_DAY,
    ONE_STOP,
    OUTAGES,
    PORT,
    WITH_DOGS,
)  # fmt: skip
from tests.policies.observed import Changes, gone_through, measured, observed, outcome_share, scenario, wait_s

CROWDED = {**AMPLE, f"{PORT}.pads": 2, f"{PORT}.fleet": 4}
EVERY_PATH: tuple[dict[str, Any], ...] = (
    {**CROWDED, f"{PORT}.stands": 1},
    {**CROWDED, f"{PORT}.stands": {"hong_kong": 2, "mainland": 0}, f"{PORT}.reservation": True},
    {**CROWDED, f"{PORT}.returns": False, f"{INSPECT}.hold_pad": True},
    {**AMPLE, **ON_THE_DAY, **CLOSED_AT_NOON, f"{AUTH}.validity": "15 min"},
    {**AMPLE, **OUTAGES, f"{DATA}.fallback": "paper", f"{DATA}.single_submission": True},
    {**AMPLE, **OUTAGES, **BATCHES, f"{DATA}.fallback": "inspect_on_arrival", f"{INSPECT}.on_find": "hold_flight"},
    {**AMPLE, **ONE_STOP, **ALL_INSPECTED, "policy.opening.officers_abroad": 1, f"{INSPECT}.site": "yard"},
    {**AMPLE, **AT_TAKE_OFF, f"{FILE}.late_rule": "inspect_on_arrival", f"{INSPECT}.regime": "co_located"},
)


@pytest.mark.parametrize("changes", EVERY_PATH, ids=range(len(EVERY_PATH)))
def test_the_timelines_of_the_rarer_paths_keep_the_rules_of_the_engine(changes: Changes) -> None:
    observation = observed(changes, 0)
    audit(observation.plan, observation.timeline)


@pytest.mark.parametrize(
    "stands", [{"hong_kong": 1, "mainland": 1}, {"hong_kong": 6, "mainland": 0}, {"hong_kong": 0, "mainland": 6}]
)
def test_stands_never_release_fewer_flights(stands: dict[str, int]) -> None:
    without, with_stands = (
        sum(measured("flights_released")(observed({**CROWDED, f"{PORT}.stands": n}, k)) for k in range(3)) for n in (0, stands)
    )
    assert with_stands >= without


def test_stands_of_one_side_leave_aircraft_of_the_other_on_their_pads() -> None:
    observation = observed({**CROWDED, f"{PORT}.stands": {"hong_kong": 20, "mainland": 0}}, 0)
    to_mainland = observation.flights.side("destination") == 1
    stayed, moved = (~np.isnan(observation.end_of(key)) for key in ("stay", "stand"))
    assert (stayed & to_mainland).any()
    assert (moved & ~to_mainland).any()
    assert not (stayed & ~to_mainland).any()
    assert not (moved & to_mainland).any()


def test_an_aircraft_that_finds_no_stand_keeps_its_pad_without_a_wait() -> None:
    observation = observed({**CROWDED, f"{PORT}.stands": 1}, 0)
    number = observation.plan.stage_number("stay")
    assert number is not None
    queued_s, start_s = observation.timeline.queued_s[:, number], observation.timeline.start_s[:, number]
    entered = ~np.isnan(queued_s)
    assert entered.sum() > 10
    np.testing.assert_array_equal(start_s[entered], queued_s[entered])


@pytest.mark.parametrize("pads", [2, 4])
def test_reserved_pads_end_in_no_standstill(pads: int) -> None:
    observation = observed({**AMPLE, f"{PORT}.pads": pads, f"{PORT}.fleet": 8, f"{PORT}.reservation": True}, 0)
    assert outcome_share(Outcome.DIVERTED)(observation) == 0
    assert measured("released_share")(observation) > 0.9


def test_a_flight_takes_its_two_pads_in_the_order_of_sites() -> None:
    observation = observed({**CROWDED, f"{PORT}.reservation": True}, 0)
    at = {key: observation.plan.stage_number(key) for key in ("reserve_pad", "reserve_pad_later", "departure_pad")}
    start_s = {key: observation.timeline.start_s[:, number] for key, number in at.items()}
    before, after = (~np.isnan(start_s[key]) for key in ("reserve_pad", "reserve_pad_later"))
    assert not (before & after).any()
    from_first = observation.flights.site("origin") < observation.flights.site("destination")
    assert not before[from_first].any()
    assert not after[~from_first].any()
    assert (start_s["departure_pad"] >= start_s["reserve_pad"])[before & ~np.isnan(start_s["departure_pad"])].all()
    assert (start_s["reserve_pad_later"] >= start_s["departure_pad"])[after].all()


@pytest.mark.parametrize("validity", ["15 min", "12 h"])
def test_no_flight_waits_for_its_slot_longer_than_until_it_is_cancelled(validity: str) -> None:
    changes = {**AMPLE, **ON_THE_DAY, **CLOSED_AT_NOON, f"{AUTH}.validity": validity, f"{AIR}.cancel_after": "1 h"}
    observation = observed(changes, 0)
    cancelled = observation.timeline.outcome == Outcome.CANCELLED
    waited_s = observation.timeline.ended_s - observation.facts[DEPARTURE_TARGET_S]
    assert cancelled.sum() > 10
    np.testing.assert_allclose(waited_s[cancelled], 3600)


def test_a_file_entered_after_closing_time_is_not_given_up_before_the_service_opens() -> None:
    """Filed before closing, entered after it: the night is no outage."""
    changes = {
        **AMPLE, f"{DATA}.fallback": "paper", f"{DATA}.patience": "10 min", f"{DATA}.opens": "06:00", f"{DATA}.closes": "12:00",
        "world.data_interface.entry_time": "5 min", "world.data_interface.reject_share": "0%",
        "world.data_interface.outage_interval": "3650 d", "world.pre_clearance.late_share": "0%",
    }  # fmt: skip
    observation = observed(changes, 0)
    assert wait_s("interface")(observation) > 3600
    assert gone_through("paper_")(observation) == 0


def test_both_sides_may_not_inspect_at_the_origin_on_a_decision_on_arrival() -> None:
    with pytest.raises(InputError, match="decide before departure"):
        scenario({f"{INSPECT}.regime": "one_stop"})


def test_under_one_stop_nothing_is_inspected_at_the_destination_but_what_was_not_cleared() -> None:
    observation = observed({**AMPLE, **ONE_STOP, **ALL_INSPECTED}, 0)
    assert gone_through("present_destination")(observation) == 0
    assert gone_through("present_late")(observation) == 0
    assert gone_through("open_joint")(observation) > 0


def test_recognition_only_spares_what_the_origin_inspected() -> None:
    nothing_at_origin = {f"policy.risk_screening.{key}": "0%" for key in ("export_rate", "random_share")}
    changes = {**AMPLE, **nothing_at_origin, f"{INSPECT}.recognition": "100%"}
    twice, recognised = (
        measured("examinations")(observed({**changes, f"{INSPECT}.regime": regime}, 0)) for regime in ("check_twice", "recognise")
    )
    assert twice == recognised > 0


def test_a_decision_before_departure_holds_every_flight_until_it_is_cleared() -> None:
    observation = observed({**AMPLE, **DECIDED_BEFORE, f"{FILE}.lead": "0 s"}, 0)
    number = observation.plan.takeoff
    assert number is not None
    flown = ~np.isnan(observation.timeline.start_s[:, number])
    assert (observation.timeline.start_s[:, number] >= observation.end_of("clear"))[flown].all()


def test_an_order_waits_whole_days_only_under_the_noon_rule() -> None:
    on_demand = {"world.demand.notice": "20 min", "world.demand.max_shift": "7 d", f"{FILE}.lead": "0 min"}
    for mode, longest_h in (("one_hour", 1), ("noon_day_before", 49)):
        seen = observed({**on_demand, f"{AUTH}.mode": mode}, 0)
        shift_h = (seen.facts[DEPARTURE_TARGET_S] - seen.flights.planned_departure_s) / 3600
        assert 0 < shift_h.max() < longest_h, mode


def test_single_submission_waits_for_the_other_sides_interface_too() -> None:
    down = {**AMPLE, f"{DATA}.mode": "api", f"{DATA}.single_submission": True}
    down |= {"world.data_interface.outage_interval": {"hong_kong": "3650 d", "mainland": "4 h"}}
    down |= {"world.data_interface.outage_repair": "4 h"}
    seen = observed(down, 0)
    number = seen.plan.stage_number("relay")
    wait_s = seen.timeline.start_s[:, number] - seen.timeline.queued_s[:, number]
    wait_s[seen.timeline.queued_s[:, number] > seen.horizon_s] = np.nan  # outages are drawn until then
    to_hong_kong = seen.flights.side("destination") == 0
    assert np.nanmean(wait_s[~to_hong_kong]) > 600 > 1 > np.nanmean(wait_s[to_hong_kong])


def test_the_size_of_the_programme_changes_no_contraband() -> None:
    risky = {"world.compliance.prevalence": "20%"}
    illicit = [observed({**risky, f"{FILE}.aeo_share": share}, 0).facts[ILLICIT] for share in ("0%", "20%", "100%")]
    assert illicit[0].sum() > 20
    for other in illicit[1:]:
        np.testing.assert_array_equal(illicit[0], other)


def test_who_waits_in_the_air_lands_before_others_depart() -> None:
    crowded = observed({**CROWDED, f"{PORT}.pads": 1}, 0)
    queued, start = crowded.timeline.queued_s, crowded.timeline.start_s
    home, departure = (crowded.plan.stage_number(key) for key in ("home_pad", "departure_pad"))
    assert home is not None and departure is not None
    overtaken = 0
    for flight in np.flatnonzero(start[:, home] > queued[:, home]):
        same_pad = crowded.plan.pool[:, departure] == crowded.plan.pool[flight, home]
        earlier = same_pad & (queued[:, departure] < queued[flight, home]) & (start[:, departure] > start[flight, home])
        overtaken += int(earlier.sum())
        assert not np.any(same_pad & (start[:, departure] > queued[flight, home]) & (start[:, departure] < start[flight, home]))
    assert overtaken > 0


def test_goods_that_no_means_looked_at_are_opened() -> None:
    """Dogs that are not there leave their goods to the officers who open, not unexamined."""
    away = {
        "policy.detector_dogs.when_absent": "without",
        "policy.detector_dogs.opens": "09:00",
        "policy.detector_dogs.closes": "12:00",
    }
    observation = observed({**AMPLE, **WITH_DOGS, **CONTRABAND, **away}, 0)
    looked = {place: np.zeros(len(observation.consignments), dtype=bool) for place in ("origin", "destination")}
    searched = {place: np.zeros(len(observation.consignments), dtype=bool) for place in looked}
    for look in observation.facts[PLANNED_STEPS]:
        for place in looked:
            if f"_{place}" in look.stage_key:
                looked[place] |= look.examined
                searched[place] |= look.examined & (look.means == "dog")
    for place in looked:
        red = observation.facts[RED_CONSIGNMENT[place]]
        assert np.all(looked[place][red]) and not np.all(searched[place][red])


def test_a_team_without_rest_tires_as_over_its_whole_shift() -> None:
    tired = {**AMPLE, **WITH_DOGS, **CONTRABAND, "world.detector_dogs.decline": "50%", "policy.detector_dogs.rest": "0 s"}
    short, long = (observed({**tired, "policy.detector_dogs.duty": duty}, 0).facts for duty in ("30 min", "8 h"))
    np.testing.assert_array_equal(short[ALARM["destination"]], long[ALARM["destination"]])
    rested = observed({**tired, "policy.detector_dogs.rest": "30 min", "policy.detector_dogs.duty": "30 min"}, 0).facts
    illicit = short[ILLICIT]
    assert rested[ALARM["destination"]][illicit].sum() > short[ALARM["destination"]][illicit].sum()


def test_wind_around_a_closure_is_a_disruption_of_its_own() -> None:
    events = [
        {"kind": "wind", "start": "day 1 08:00", "end": "day 1 20:00", "speed": "15 m/s"},
        {"kind": "fog", "start": "day 1 19:00", "end": "day 1 21:00"},
    ]
    facts = observed({**AMPLE, "world.weather.events": events, "policy.weather.reopening_pause": "0 s"}, 0).facts
    found = {(one.kind, one.start_s / 3600, one.end_s / 3600) for one in facts[DISRUPTIONS]}
    assert {("fog", 19.0, 21.0), ("wind", 8.0, 19.0)} <= found


def test_what_spells_have_left_without_others() -> None:
    assert without([(0, 10), (12, 20)], [(3, 5), (9, 13)]) == ((0, 3), (5, 9), (13, 20))
    assert without([(0, 10)], [(0, 10)]) == () and without([(0, 10)], []) == ((0, 10),)
