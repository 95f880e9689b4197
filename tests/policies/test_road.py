"""The road comparison: times by road, break-even, margin."""

import numpy as np
import pytest

from sim.ground.errors import InputError
from sim.ground.geodesy import geodesic_m
from sim.policies.road import METRICS, ROAD_S, _break_even_s, _margin_s
from sim.world.road import estimated, road_catalogue, road_trip
from sim.world.routes import route_catalogue
from tests.policies.levers import AIR, AMPLE
from tests.policies.observed import measured, observed, prepared, scenario

ROUTE, OTHER = "wenjindu_sheung_shui", "hetao"
TWO = {**AMPLE, f"{AIR}.routes": [ROUTE, OTHER]}


def test_every_route_of_the_catalogue_has_a_road() -> None:
    assert set(road_catalogue()) == set(route_catalogue())
    assert all(trip.source and trip.status in ("stated", "derived", "recalled", "guess") for trip in road_catalogue().values())


@pytest.mark.parametrize("key", [key for key, trip in road_catalogue().items() if trip.source.startswith("1.4 x")])
def test_what_the_file_calls_a_rule_follows_it(key: str) -> None:
    trip, rule = road_catalogue()[key], estimated(route_catalogue()[key])
    assert trip.length_m == pytest.approx(rule.length_m, abs=51)
    assert trip.driving_s == pytest.approx(rule.driving_s, abs=31 + 51 / 16)
    assert trip.controls == rule.controls == 1


def test_a_road_is_never_shorter_than_the_straight_line() -> None:
    for key, trip in road_catalogue().items():
        ends = route_catalogue()[key].waypoints
        assert trip.length_m > geodesic_m(*ends[0], *ends[-1]), key


def test_shenzhen_airport_to_hong_kong_takes_two_to_three_hours_by_road() -> None:
    """The one stated anchor (SCMP, 8 Jul 2019), with the default clearance and handling."""
    world = scenario({}).world.road
    trip = road_trip(route_catalogue()["baoan_shun_tak"])
    assert 2 * 3600 <= trip.driving_s + trip.controls * world.clearance + world.handling <= 3 * 3600


def test_the_time_by_road_worked_by_hand() -> None:
    """Wenjindu to Sheung Shui: 16 min of driving, 10 of clearance, 30 of loading and unloading."""
    assert set(prepared(AMPLE).facts[ROAD_S]) == {60 * (16 + 10 + 30)}
    facts = prepared({**TWO, "world.road.times": {OTHER: "50 min"}}).facts
    assert set(facts[ROAD_S]) == {60 * 56, 60 * 50}


def test_a_time_of_an_unknown_route_is_refused() -> None:
    with pytest.raises(InputError, match="unknown route"):
        scenario({"world.road.times": {"nowhere": "1 h"}})


def test_a_route_of_ones_own_has_a_road_by_the_rule() -> None:
    own = {"mine": {"start": "wenjindu", "end": "sheung_shui", "via": [[114.13, 22.52]]}}
    made = prepared({**AMPLE, f"{AIR}.own_routes": own, f"{AIR}.routes": ["mine"]})
    straight_m = route_catalogue()[ROUTE].length_m
    assert made.facts[ROAD_S][0] == pytest.approx(600 + 1.4 * straight_m / (60 / 3.6) + 60 * 40, abs=1)


def test_the_margin_is_the_break_even_less_what_clearance_and_waits_took() -> None:
    """margin = break-even - (release - planned departure - legs, touchdown, unloading), flight by flight."""
    observation = observed(TWO, 0)
    plan, timeline = observation.plan, observation.timeline
    stages = [plan.stage_number(key) for key in ("fly_1", "fly_2", "land", "unload")]
    moving_s = np.nansum((timeline.end_s - timeline.start_s)[:, stages], axis=1)
    rest_s = observation.released_s - observation.flights.planned_departure_s - moving_s
    released = ~np.isnan(observation.released_s)
    assert np.allclose((_break_even_s(observation) - rest_s)[released], _margin_s(observation)[released], atol=1e-5)


def test_what_is_not_released_is_not_faster() -> None:
    closed = {**AMPLE, f"{AIR}.boundary_exemption": "none", "world.road.times": {ROUTE: "7 d"}}
    assert measured("faster_than_road_share")(observed(closed, 0)) == 0
    open_to_all = {**AMPLE, "world.road.times": {ROUTE: "7 d"}}
    share, released = (measured(key)(observed(open_to_all, 0)) for key in ("faster_than_road_share", "released_share"))
    assert share == released > 0.9


def test_the_share_falls_as_the_road_gets_quicker() -> None:
    shares = [
        measured("faster_than_road_share")(observed({**AMPLE, "world.road.times": {ROUTE: time}}, 0))
        for time in ("2 h", "55 min", "40 min", "10 min")
    ]
    assert shares == sorted(shares, reverse=True) and shares[0] > 0.9 and shares[-1] == 0


def test_measures_by_route_have_their_whole() -> None:
    observation = observed(TWO, 0)
    for metric in METRICS:
        found = metric.compute(observation)
        assert set(found) == {"", ROUTE, OTHER}
        assert min(found[ROUTE], found[OTHER]) <= found[""] <= max(found[ROUTE], found[OTHER])
