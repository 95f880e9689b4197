"""Dead levers: put back to their value in another scenario, they leave every plan as it is. What never binds, too."""

from typing import Any

from sim.execution.lever_effects import lever_effects
from sim.replication.levers import Unchanged, dead_parameters, levers
from sim.scenario.load import with_values
from sim.scenario.parameters import catalogue, written_at
from sim.scenario.scenario import Scenario
from tests.model.replicated import ONE_DAY
from tests.policies.observed import scenario

DOGS = "policy.detector_dogs"
SEQUENCE, REGIME, BEFORE = "policy.inspection.sequence", "policy.inspection.regime", "policy.pre_clearance.decision"
RISK = "policy.risk_screening"


def base() -> Scenario:
    return scenario({**ONE_DAY, BEFORE: "on_arrival", REGIME: "check_twice", SEQUENCE: ["xray", "open"]})


def of(changes: dict[str, Any]) -> Scenario:
    return with_values(base(), changes)


def dead(changes: dict[str, Any]) -> list[str]:
    return [lever.path for lever in levers(of(changes), base()) if lever.is_dead]


def test_a_lever_that_nothing_reads_is_dead_and_one_that_is_read_is_not() -> None:
    assert dead({f"{DOGS}.teams": 4, "policy.corridor.headway": "5 min"}) == [f"{DOGS}.teams"]
    assert dead({f"{DOGS}.teams": 4, SEQUENCE: ["xray", "dog", "open"]}) == []


def test_a_scenario_without_differences_has_no_levers() -> None:
    assert levers(base(), base()) == ()


def test_of_two_that_stand_in_for_each_other_one_is_dead() -> None:
    """Two levels of the corridor become one, by the ceiling or by the separation: either would do, and both together don't."""
    levels = {"policy.corridor.ceiling": "110 m", "policy.corridor.vertical_separation": "50 m"}
    one_level = {"policy.corridor.ceiling": "90 m", "policy.corridor.vertical_separation": "60 m"}
    two = with_values(base(), levels)
    tried = {lever.path: lever.is_dead for lever in levers(with_values(two, one_level), two)}
    assert tried == {"policy.corridor.ceiling": True, "policy.corridor.vertical_separation": False}


def test_the_dead_levers_can_all_be_put_back_at_once() -> None:
    changed = of({f"{DOGS}.teams": 4, f"{DOGS}.rest": "1 h", "policy.corridor.closures": [["day 41 00:00", "day 42 00:00"]]})
    tried = levers(changed, base())
    gone = {lever.path: written_at(base(), lever.path) for lever in tried if lever.is_dead}
    assert gone.keys() >= {f"{DOGS}.teams", f"{DOGS}.rest"}
    assert Unchanged(changed).is_same(with_values(changed, gone))


def test_a_side_without_an_effect_is_named_where_it_is_flown() -> None:
    """An outage in thousands of days is none in one, at either interval; nobody flies to Macao, which goes without saying."""
    rare = with_values(base(), {"world.data_interface.outage_interval": "3000 d"})
    interval = {"hong_kong": "3600 d", "mainland": "3 h", "macao": "3600 d"}
    changed = with_values(rare, {"world.data_interface.outage_interval": interval})
    assert [lever.path for lever in levers(changed, rare) if lever.is_dead] == ["world.data_interface.outage_interval.hong_kong"]


def test_officers_of_one_desk_may_come_from_either_side() -> None:
    of_one_desk = {"policy.flight_authorisation.agencies": "single_desk", "policy.flight_authorisation.mode": "one_hour"}
    desk = with_values(base(), {**of_one_desk, "policy.flight_authorisation.officers": 2})
    moved = with_values(desk, {"policy.flight_authorisation.officers": {"hong_kong": 3, "mainland": 1, "macao": 7}})
    assert [lever.path for lever in levers(moved, desk) if lever.is_dead] == ["policy.flight_authorisation.officers"]


def test_a_key_without_an_effect_is_named() -> None:
    """No consignment of food is carried, so that its factor alone does nothing."""
    no_food = with_values(base(), {"world.demand.goods_mix": {"parcel": 1.0}})
    after = with_values(no_food, {f"{RISK}.goods_factor": {"parcel": 3.0, "food": 3.0}})
    assert [lever.path for lever in levers(after, no_food) if lever.is_dead] == [f"{RISK}.goods_factor.food"]


def test_a_lever_that_would_be_refused_alone_is_put_back_with_those_it_takes() -> None:
    tried = {
        lever.path: lever for lever in levers(of({BEFORE: "before_departure", REGIME: "one_stop", f"{DOGS}.teams": 4}), base())
    }
    assert tried[BEFORE].together == (REGIME,) and not tried[BEFORE].is_dead
    assert tried[REGIME].together == () and not tried[REGIME].is_dead
    assert tried[f"{DOGS}.teams"].is_dead


def test_what_is_dead_together_is_said_to_be_so() -> None:
    """The random share is bound by both rates; where no cargo is carried, none of the three does anything."""
    cabin = with_values(
        base(), {"policy.corridor.routes": ["shekou_shun_tak"], "world.demand.aircraft": "aw139", f"{RISK}.random_share": 0.0}
    )
    changed = with_values(cabin, {f"{RISK}.export_rate": 0.5, f"{RISK}.import_rate": 0.5, f"{RISK}.random_share": 0.3})
    tried = {lever.path: lever for lever in levers(changed, cabin)}
    assert tried and all(lever.is_dead for lever in tried.values())


def test_servers_that_nobody_waits_for_never_bind() -> None:
    before = with_values(base(), {"policy.vertiports.fleet": 60})
    after = with_values(before, {"policy.vertiports.fleet": 80, f"{DOGS}.teams": 4, "policy.corridor.headway": "10 min"})
    effects = {effect.lever.path: effect.effect for effect in lever_effects(after, before)}
    assert effects == {
        "policy.vertiports.fleet": "never binding",
        f"{DOGS}.teams": "dead",
        "policy.corridor.headway": "alive",
    }


def test_what_a_means_finds_is_no_instant_and_yet_alive() -> None:
    setting = {"world.compliance.prevalence": 0.2, f"{RISK}.export_rate": 0.5, f"{RISK}.import_rate": 0.5}
    before = with_values(base(), setting)
    after = with_values(before, {"world.opening.sensitivity": "10%"})
    assert [effect.effect for effect in lever_effects(after, before)] == ["alive"]


def test_parameters_that_move_nothing_at_any_value() -> None:
    values = {f"{DOGS}.teams": [1, 4], "policy.corridor.headway": ["60 s", "5 min"], f"{RISK}.random_share": ["90%"]}
    assert dead_parameters(base(), values) == (f"{DOGS}.teams", f"{RISK}.random_share")  # the last is refused: nothing moves


def test_every_value_can_be_put_in_the_place_of_itself() -> None:
    paths = [path for path, parameter in catalogue().items() if parameter.branch != "study"]
    assert with_values(base(), {path: written_at(base(), path) for path in paths}) == base()
