"""Detector dogs: what is found, how often, at whose cost in time, beside hand-worked numbers and closed forms."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine import run as run_plan
from sim.engine.audit import audit
from sim.ground.errors import InputError
from sim.model.examination import ALARM, FOUND, PLANNED_STEPS
from sim.model.fact_catalogue import ILLICIT
from sim.model.observation import Observation
from sim.policies.detector_dogs import DetectorDogsWorld, average_over_spell, sensitivities
from sim.statistics.rostering import is_within
from sim.world.goods import GOODS_KEYS
from tests.engine.random_plans import same
from tests.model.replicated import ONE_DAY
from tests.policies.observed import Changes, measured, observed, of_pools, prepared, scenario

H, MIN = 3600.0, 60.0
DOGS, WORLD = "policy.detector_dogs", "world.detector_dogs"
RATE = {"policy.risk_screening.export_rate": "40%", "policy.risk_screening.import_rate": "40%"}
AMPLE: dict[str, Any] = {
    **ONE_DAY,
    **RATE,
    "policy.flight_authorisation.mode": "standing",
    "policy.data_interface.mode": "api",
    "policy.opening.officers": 50,
    "policy.vertiports.pads": 50,
    "policy.vertiports.fleet": 100,
    "policy.inspection.sequence": ["dog", "open"],
    "policy.detector_dogs.sharing": "each_port",
}
MANY = {
    **AMPLE,
    "world.demand.flights_per_day": "800/d",
    "world.demand.goods_mix": {"parcel": 0.6, "document": 0.05, "food": 0.1, "medical": 0.1, "electronics": 0.15},
    "world.compliance.prevalence": "50%",
}
STANDARD_ERRORS = 4.5


# ------------------------------------------------------------------------------------------- decline over a spell


def test_a_spell_within_the_onset_has_the_rested_sensitivity() -> None:
    assert average_over_spell(90 * MIN, 91 * MIN, 0.2 / H) == 1.0


def test_the_average_of_a_long_spell_by_hand() -> None:
    """Three hours, the first without decline, then 20% an hour: 1, 0.8 and 0.6 at its hours; mean (1 + 0.9 + 0.7) / 3."""
    assert average_over_spell(3 * H, 1 * H, 0.2 / H) == pytest.approx(2.6 / 3)


def test_a_sensitivity_does_not_fall_below_nothing() -> None:
    """From 1 to 0 within the first hour, and nothing for the three that follow."""
    assert average_over_spell(4 * H, 0, 1 / H) == pytest.approx(0.5 / 4)


@given(st.floats(5 * MIN, 8 * H), st.floats(0, 4 * H), st.floats(0, 2 / H))
def test_the_closed_form_is_the_integral(duty_s: float, onset_s: float, per_s: float) -> None:
    middles = (np.arange(20_000) + 0.5) / 20_000 * duty_s
    value = np.maximum(0, 1 - per_s * np.maximum(0, middles - onset_s)).mean()
    assert average_over_spell(duty_s, onset_s, per_s) == pytest.approx(value, abs=1e-4)


@given(st.floats(5 * MIN, 4 * H), st.floats(1 * MIN, 4 * H), st.floats(0, 4 * H), st.floats(0, 2 / H))
def test_a_longer_spell_is_no_better_a_search_and_no_less_work(
    duty_s: float, more_s: float, onset_s: float, per_s: float
) -> None:
    short, long = (average_over_spell(length_s, onset_s, per_s) for length_s in (duty_s, duty_s + more_s))
    assert long <= short + 1e-12
    assert long * (duty_s + more_s) >= short * duty_s - 1e-6


# ------------------------------------------------------------------------------------------- what is found


def test_heat_and_training_by_hand() -> None:
    """0.877 of parcels: 12.3% missed, 8.61% after training; six degrees too many take 12% of what is left."""
    hot = DetectorDogsWorld.model_validate({"temperature": 33.0, "hot_from": 27.0, "heat_loss": "2%", "training_misses": "70%"})
    parcel = GOODS_KEYS.index("parcel")
    assert sensitivities(hot, "basic", 30 * MIN)[parcel] == pytest.approx(0.877 * 0.88)
    assert sensitivities(hot, "advanced", 30 * MIN)[parcel] == pytest.approx((1 - 0.123 * 0.7) * 0.88)


@cache
def _looked(setting: tuple[tuple[str, Any], ...]) -> tuple[np.ndarray, ...]:
    """(goods, illicit, alarm) of every consignment that a dog looks at, at origin or destination."""
    case = prepared({**MANY, **dict(setting)})
    looks = [look for look in case.facts[PLANNED_STEPS] if look.means == "dog" and "late" not in look.stage_key]
    columns = case.consignments.goods, case.facts[ILLICIT]
    return tuple(
        np.concatenate(parts)
        for parts in zip(*((*(c[look.examined] for c in columns), look.alarmed[look.examined]) for look in looks), strict=True)
    )


@pytest.mark.parametrize(
    "setting", [(), ((f"{DOGS}.training", "advanced"), (f"{WORLD}.temperature", 33.0), (f"{DOGS}.duty", "4 h"))]
)
def test_alarms_are_as_frequent_as_the_sensitivity_of_each_class(setting: tuple[tuple[str, Any], ...]) -> None:
    made = scenario({**MANY, **dict(setting)})
    policy, world = made.policy.detector_dogs, made.world.detector_dogs
    exact = sensitivities(world, policy.training, policy.duty["hong_kong"])
    goods, illicit, alarm = _looked(setting)
    for number, key in enumerate(GOODS_KEYS):
        found = alarm[illicit & (goods == number)]
        assert len(found) > 100
        error = np.sqrt(exact[number] * (1 - exact[number]) / len(found))
        assert abs(found.mean() - exact[number]) < STANDARD_ERRORS * error, key
    false = world.false_alarm * (world.training_false_alarms if policy.training == "advanced" else 1)
    error = np.sqrt(false * (1 - false) / (~illicit).sum())
    assert abs(alarm[~illicit].mean() - false) < STANDARD_ERRORS * error


def test_the_order_of_dog_and_xray_finds_the_same_and_takes_other_minutes() -> None:
    crowded = {**AMPLE, "world.compliance.prevalence": "10%", "policy.xray.machines": 1, "world.demand.flights_per_day": "60/d"}
    dog_first, xray_first = (
        observed({**crowded, "policy.inspection.sequence": sequence}, 0)
        for sequence in (["dog", "xray", "open"], ["xray", "dog", "open"])
    )
    for fact in (ALARM["origin"], ALARM["destination"], FOUND["origin"], FOUND["destination"]):
        assert np.array_equal(dog_first.facts[fact], xray_first.facts[fact])
    machines = of_pools("wait_mean", "xray_machines")
    assert machines(dog_first) != machines(xray_first)


# ------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("training", "celsius", "factor"), [("basic", 23.0, 1.0), ("advanced", 23.0, 0.85), ("basic", 33.0, 1.18)]
)
def test_the_time_of_a_search(training: str, celsius: float, factor: float) -> None:
    """Fixed 100 s a consignment, three hundredths longer for each degree above 27."""
    setting = {**AMPLE, f"{WORLD}.search_time": "100 s", f"{DOGS}.training": training, f"{WORLD}.temperature": celsius}
    case = prepared(setting)
    number = case.plan.stage_number("dog_origin")
    assert number is not None
    examined = next(look.examined for look in case.facts[PLANNED_STEPS] if look.stage_key == "dog_origin")
    count = case.consignments.count_of_flight(examined, len(case.flights))
    assert np.allclose(case.plan.service_s[:, number][count > 0], 100 * factor * count[count > 0])
    assert np.array_equal(case.plan.visits[:, number], count > 0)


def test_a_search_is_broken_off_at_the_cap_and_a_line_is_laid_out_once() -> None:
    capped = prepared({**AMPLE, f"{WORLD}.search_time": "1 h", f"{WORLD}.search_cap": "10 min"})
    line = prepared({**AMPLE, f"{DOGS}.search": "line", f"{WORLD}.line_time": "4 s", f"{WORLD}.line_setup": "3 min"})
    for case, each_s, once_s in ((capped, 600, 0), (line, 4, 180)):
        number = case.plan.stage_number("dog_origin")
        examined = next(look.examined for look in case.facts[PLANNED_STEPS] if look.stage_key == "dog_origin")
        count = case.consignments.count_of_flight(examined, len(case.flights))
        assert np.allclose(case.plan.service_s[:, number][count > 0], (each_s * count + once_s)[count > 0])


def test_earned_rest_costs_the_teams_what_the_roster_would() -> None:
    """Half of the time is rest under both rules: busy / on duty agree, though the earned one has twice the hours on duty."""
    rules = {rule: {**AMPLE, f"{DOGS}.rest_rule": rule} for rule in ("roster", "earned")}
    used, hours = (
        {rule: np.mean([measure(observed(changes, k)) for k in range(3)]) for rule, changes in rules.items()}
        for measure in (of_pools("utilisation", "dog_teams"), measured("dog_hours_scheduled", "hong_kong"))
    )
    assert used["earned"] == pytest.approx(used["roster"], rel=0.05)
    assert hours["earned"] == pytest.approx(2 * hours["roster"], rel=0.01)


def test_nobody_searches_while_the_calendar_has_no_team_but_to_finish() -> None:
    observation = observed(AMPLE, 0)
    plan, timeline = observation.plan, observation.timeline
    for pool in (p for p in plan.pools if p.kind.key == "dog_teams"):
        for stage in (s for s, step in enumerate(plan.steps) if step.stage.key.startswith("dog_")):
            begun = timeline.start_s[(plan.pool[:, stage] == plan.pools.index(pool)) & plan.visits[:, stage], stage]
            assert all(pool.calendar.at(instant) > 0 for instant in begun[~np.isnan(begun)].tolist())
            # two teams of eight hours from 07:00 to 23:00, half an hour's cycles: nobody at night
            assert is_within(begun[~np.isnan(begun)], [(7 * H, 23 * H)]).all()


def test_goods_planned_while_no_team_is_there_go_without() -> None:
    one_team = {**AMPLE, f"{DOGS}.teams": 1}
    waiting, without = (prepared({**one_team, f"{DOGS}.when_absent": rule}) for rule in ("wait", "without"))
    number = waiting.plan.stage_number("dog_origin")
    fewer = waiting.plan.visits[:, number] & ~without.plan.visits[:, without.plan.stage_number("dog_origin")]
    assert 0.2 < fewer.sum() / waiting.plan.visits[:, number].sum() < 0.8
    hour = waiting.flights.planned_departure_s // H % 24
    assert (hour[~fewer & waiting.plan.visits[:, number]] >= 7).all()  # what is searched is planned within the dogs' hours


def test_a_schedule_is_its_own_forecast() -> None:
    """Mornings at Sheung Shui, evenings at Tuen Mun: one pooled team moves from one to the other."""
    rows = [("wenjindu_sheung_shui", 9), ("wenjindu_tuen_mun", 14)]
    text = "route,from_side,planned_departure\n"
    text += "".join(f"{route},hong_kong,{hour * H + 300 * k}\n" for route, hour in rows for k in range(12))
    case = prepared(
        {
            **AMPLE,
            "world.demand.schedule": {"csv": text},
            "world.demand.aircraft": "phoenix_vtol",
            "policy.corridor.routes": ["wenjindu_sheung_shui", "wenjindu_tuen_mun"],
            f"{DOGS}.sharing": "pooled",
            f"{DOGS}.roster": "by_forecast",
            f"{DOGS}.teams": 1,
        }
    )
    on_s = {
        p.place: [p.calendar.server_seconds(a * H, b * H) for a, b in ((7, 13), (13, 24))]
        for p in case.plan.pools
        if p.kind.key == "dog_teams"
    }
    assert on_s["sheung_shui"][0] >= 2 * H and on_s["sheung_shui"][1] == 0
    assert on_s["tuen_mun"][1] >= 1 * H and on_s["tuen_mun"][0] <= 0.5 * H


def test_pooled_teams_that_can_not_come_to_every_port_are_refused() -> None:
    lone = {
        **AMPLE,
        "world.demand.aircraft": "phoenix_vtol",
        "policy.corridor.routes": ["wenjindu_sheung_shui", "wenjindu_tuen_mun"],
        f"{DOGS}.sharing": "pooled",
        f"{DOGS}.teams": 1,
        f"{DOGS}.moves": 0,
    }
    with pytest.raises(InputError, match="don't come to every vertiport"):
        scenario(lone)
    scenario({**lone, f"{DOGS}.moves": 1})
    scenario({**lone, "policy.inspection.sequence": ["open"]})


# ------------------------------------------------------------------------------------------- on call

TRAVEL_S, SEARCH_S = 45 * MIN, 100.0
ON_CALL: dict[str, Any] = {
    **AMPLE,
    f"{DOGS}.sharing": "on_call",
    f"{DOGS}.rest": "0 s",
    f"{DOGS}.teams": 1,
    f"{DOGS}.shift": "16 h",
    f"{WORLD}.search_time": f"{SEARCH_S:g} s",
}
AT_TEN = {
    **ON_CALL,
    "world.demand.schedule": {"csv": "route,from_side,planned_departure\n" + 3 * "wenjindu_sheung_shui,hong_kong,day 1 10:00\n"},
    "policy.risk_screening.export_rate": "100%",
    "policy.risk_screening.import_rate": "2.5%",
    "policy.pre_clearance.lead": "4 h",
    "policy.vertiports.loading_lead": "30 min",
}


def column(made: Observation, stage: str, what: str) -> np.ndarray:
    """Shape (n,): the starts or ends of a stage."""
    number = made.plan.stage_number(stage)
    assert number is not None
    return np.asarray(getattr(made.timeline, f"{what}_s")[:, number])


def searches_s(made: Observation) -> np.ndarray:
    """Shape (n,): the time of the search at the origin, by the number of consignments searched."""
    examined = next(step.examined for step in made.facts[PLANNED_STEPS] if step.stage_key == "dog_origin")
    return SEARCH_S * made.consignments.count_of_flight(examined, len(made.flights))


def test_one_team_on_call_goes_out_to_three_flights_in_turn() -> None:
    """Loading begins at 09:30 and the team is there by then; the next leaves when it is back: 90 min and the search later."""
    made = observed(AT_TEN, 0)
    left_s, back_s = column(made, "dog_way_origin", "start"), column(made, "dog_back_origin", "end")
    begun_s = column(made, "dog_origin", "start")
    order = np.argsort(left_s)
    assert left_s[order[0]] == 9.5 * H - TRAVEL_S
    assert np.all(begun_s >= left_s + TRAVEL_S)
    assert begun_s[order[1:]] == pytest.approx(left_s[order[1:]] + TRAVEL_S), "the goods of the others are there before the team"
    assert back_s == pytest.approx(begun_s + searches_s(made) + TRAVEL_S)
    assert left_s[order[1:]] == pytest.approx(back_s[order[:-1]])


def test_a_team_is_busy_on_both_ways() -> None:
    """Dog-hours are from leaving to being back, for one way a flight, whatever its consignments; officers stand beside them."""
    made = observed(AT_TEN, 0)
    away_s = column(made, "dog_back_origin", "end") - column(made, "dog_way_origin", "start")
    assert measured("dog_time", "hong_kong")(made) == pytest.approx(away_s.sum() / H)
    assert measured("examination_hours", "hong_kong")(made) >= away_s.sum() / H
    assert np.all(away_s >= 2 * TRAVEL_S + searches_s(made) - 1e-6)


def test_a_side_on_call_has_one_place_and_far_fewer_hours_on_duty_than_each_port_of_its_own() -> None:
    two_ports = {
        **AMPLE,
        "world.demand.aircraft": "phoenix_vtol",
        "policy.corridor.routes": ["wenjindu_sheung_shui", "wenjindu_tuen_mun"],
    }
    alone, on_call = (observed({**two_ports, f"{DOGS}.sharing": sharing}, 0) for sharing in ("each_port", "on_call"))
    places = [[pool.place for pool in made.plan.pools if pool.kind.key == "dog_teams"] for made in (alone, on_call)]
    assert sorted(places[1]) == ["hong_kong", "mainland"] and len(places[0]) == 3
    hours = [measured("dog_hours_scheduled", "hong_kong")(made) for made in (alone, on_call)]
    assert hours[0] == pytest.approx(2 * hours[1])


def test_the_load_of_teams_on_call_is_their_ways() -> None:
    """Each is away for two ways, the search, and as long as its goods come after it; half as many teams keep more waiting."""
    busy = {**ON_CALL, f"{DOGS}.teams": 12, "policy.risk_screening.import_rate": "2.5%"}
    made = observed(busy, 0)
    left_s, back_s = column(made, "dog_way_origin", "start"), column(made, "dog_back_origin", "end")
    waited_s = column(made, "dog_origin", "start") - left_s - TRAVEL_S
    away_s = 2 * TRAVEL_S + searches_s(made) + waited_s
    gone = ~np.isnan(back_s)
    assert gone.sum() > 20
    assert (back_s - left_s)[gone] == pytest.approx(away_s[gone])
    fewer = observed({**busy, f"{DOGS}.teams": 6}, 0)
    assert of_pools("wait_mean", "dog_teams")(fewer) > of_pools("wait_mean", "dog_teams")(made)


def test_a_team_goes_out_to_a_flight_that_is_diverted_and_comes_home() -> None:
    """No pad for long: its goods are not searched there, and the team that was sent is home after two ways."""
    diverting = {**ON_CALL, f"{DOGS}.teams": 20, "policy.vertiports.pads": 1, "world.vertiports.unload_time": "40 min",
                 "policy.vertiports.reservation": False, "world.demand.flights_per_day": "60/d"}  # fmt: skip
    made = observed(diverting, 0)
    sent, searched = (column(made, stage, "start") for stage in ("dog_way_destination", "dog_destination"))
    for_nothing = ~np.isnan(sent) & np.isnan(searched) & ~np.isnan(column(made, "dog_back_destination", "end"))
    assert for_nothing.any()


# ------------------------------------------------------------------------------------------- engines, baseline


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {f"{DOGS}.rest_rule": "earned", f"{DOGS}.teams": 1},
        {f"{DOGS}.sharing": "on_call", f"{DOGS}.rest_rule": "earned"},
        {
            f"{DOGS}.sharing": "on_call",
            "policy.inspection.site": "yard",
            "policy.pre_clearance.decision": "before_departure",
            "policy.pre_clearance.late_rule": "inspect_on_arrival",
            "world.pre_clearance.late_share": "30%",
        },
        {"policy.inspection.site": "yard", f"{DOGS}.roster": "by_forecast", f"{DOGS}.when_absent": "without"},
        {"policy.pre_clearance.decision": "before_departure", "policy.inspection.regime": "one_stop"},
    ],
)
def test_both_engines_agree_and_the_checker_with_them(setting: Changes) -> None:
    plan = prepared({**AMPLE, **setting}).plan
    reference, compiled = (run_plan(plan, engine) for engine in ("reference", "compiled"))
    assert same(reference, compiled)
    audit(plan, reference)


def test_without_a_dog_in_the_sequence_nothing_of_it_is_planned() -> None:
    observation: Observation = observed(ONE_DAY, 0)
    assert not [pool for pool in observation.plan.pools if pool.kind.key == "dog_teams"]
    assert not [step for step in observation.plan.steps if step.stage.key.startswith("dog_")]
    assert measured("dog_hours", "")(observation) == measured("dog_hours_scheduled", "")(observation) == 0
