"""Aircraft: evidence for every figure, classes by mass, nominal flight times, the range rule."""

from dataclasses import replace

import numpy as np
import pytest

from sim.world.aircraft import FIGURES, aircraft_catalogue, check_range, needed_range_m, nominal_flight_time_s
from sim.world.routes import Leg, route_catalogue

AIRCRAFT = aircraft_catalogue()
ROUTES = route_catalogue()


@pytest.mark.parametrize("key", AIRCRAFT)
def test_every_figure_has_its_evidence(key):
    aircraft = AIRCRAFT[key]
    assert [item.field for item in aircraft.evidence] == list(FIGURES)
    for item in aircraft.evidence:
        assert item.status in {"stated", "derived", "recalled", "guess"}
        assert item.source or item.status in {"recalled", "guess"}, item
    for field in set(FIGURES) - {"seats"}:
        assert getattr(aircraft, field) > 0


@pytest.mark.parametrize(
    ("key", "expected"),
    [("meituan_fy4", "B"), ("ark_40", "C"), ("flycart_30", "C"), ("v2000cg", "trial"), ("eh216_s", "trial"), ("aw139", "crewed")],
)
def test_regulatory_class_follows_from_mass(key, expected):
    assert AIRCRAFT[key].regulatory_class == expected


def test_block_time_is_overhead_plus_cruise_for_numbers_and_arrays():
    flycart = AIRCRAFT["flycart_30"]
    assert nominal_flight_time_s(15_000.0, flycart) == pytest.approx(240 + 1000)
    np.testing.assert_allclose(nominal_flight_time_s(np.array([[0.0, 15_000.0]]), flycart), [[240, 1240]])


@pytest.mark.parametrize(
    ("key", "km", "minutes", "tolerance"),
    [
        ("meituan_fy4", 1.8, 5, 1),  # Science Park to Ma On Shan
        ("ark_40", 11.96, 18, 1),  # Cyberport to Cheung Chau, flown by an Ark 20
        ("phoenix_vtol", 70, 45, 1),  # Nanshan to Xiaolan
        ("v2000cg", 22, 8, 0.5),
        ("prosperity", 50, 20, 0.5),
        ("aw139", 62.03, 15, 0.5),  # Hong Kong to Macao
        ("h135", 52.31, 15, 0.5),  # Shenzhen airport to Hong Kong
    ],
)
def test_block_times_against_reported_flights(key, km, minutes, tolerance):
    assert nominal_flight_time_s(km * 1000, AIRCRAFT[key]) / 60 == pytest.approx(minutes, abs=tolerance)


@pytest.mark.parametrize(
    ("route", "aircraft", "reserve", "round_trip", "flies"),
    [
        ("wenjindu_tuen_mun", "flycart_30", 0.0, False, False),
        ("wenjindu_sheung_shui", "flycart_30", 0.2, True, True),
        ("shekou_shun_tak", "eh216_s", 0.0, False, False),
        ("wenjindu_sheung_shui", "meituan_fy4", 0.2, False, True),
        ("wenjindu_sheung_shui", "meituan_fy4", 0.2, True, False),
        ("qianhai_tuen_mun", "meituan_fy4", 0.0, False, False),
        ("qianhai_tuen_mun", "ark_40", 0.0, False, True),
        ("qianhai_tuen_mun", "ark_40", 0.1, False, False),
        ("wenjindu_tuen_mun", "phoenix_vtol", 0.2, True, True),
        ("shun_tak_macao", "aw139", 0.2, True, True),
    ],
)
def test_the_range_rule(route, aircraft, reserve, round_trip, flies):
    assert (check_range(ROUTES[route], AIRCRAFT[aircraft], reserve, round_trip) is None) == flies


def test_the_refusal_names_what_is_needed_and_what_helps():
    refusal = check_range(ROUTES["wenjindu_sheung_shui"], AIRCRAFT["meituan_fy4"], 0.2, True)
    assert refusal is not None
    for part in ("Wenjindu – Sheung Shui", "(FY4)", "10.9 km", "10 km", "2 × 4.5 km", "20%", "swapping batteries", "at most 10%"):
        assert part in refusal.en


def test_the_reserve_that_is_said_to_help_does_help():
    route, aircraft = ROUTES["wenjindu_sheung_shui"], AIRCRAFT["meituan_fy4"]
    assert "a reserve of at most 10%" in str(check_range(route, aircraft, 0.2, True))
    assert check_range(route, aircraft, 0.10, True) is None
    assert check_range(route, aircraft, 0.11, True) is not None


def test_the_aircraft_that_is_said_to_help_carries_as_much_and_reaches():
    route, aircraft = ROUTES["shekou_shun_tak"], AIRCRAFT["eh216_s"]
    refusal = str(check_range(route, aircraft, 0.2, False))
    named = next(other for key, other in AIRCRAFT.items() if key in refusal)
    assert named.seats >= aircraft.seats
    assert named.range_m >= needed_range_m(route, 0.2, False)


def test_where_nothing_helps_it_says_so():
    longest = max(AIRCRAFT.values(), key=lambda aircraft: aircraft.range_m)
    far = replace(ROUTES["guangzhou_macau_airport"], legs=(Leg("mainland", longest.range_m + 1),))
    assert "no aircraft that carries as much reaches so far" in str(check_range(far, longest, 0.0, False))
