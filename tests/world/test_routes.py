"""Routes: leg lengths and crossings against an independent table, the strip, declared sides at the ends."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from sim.ground.geodesy import geodesic_m, length_m
from sim.ground.text import Text
from sim.world.boundary import side_at
from sim.world.routes import make_route, route_catalogue
from sim.world.sites import sites

ROUTES = route_catalogue()
SITES = sites()
NAME = Text("custom", "自訂", "自订")

# Straight lines measured independently on the boundary before it was simplified (by up to 40 m):
# km in all, in Hong Kong, in Macao, on the Mainland; crossings as (lat, lon).
TABLE = {
    "hetao": (2.12, 0.52, 0, 1.60, [(22.5201, 114.0745)]),
    "wenjindu_sheung_shui": (4.54, 4.16, 0, 0.38, [(22.5396, 114.1271)]),
    "qianhai_tuen_mun": (19.31, 10.92, 0, 8.39, [(22.4561, 113.9185)]),
    "hetao_science_park": (18.64, 18.04, 0, 0.60, [(22.5160, 114.0639)]),
    "liantang_tai_po": (11.46, 11.15, 0, 0.31, [(22.5545, 114.1544)]),
    "futian_san_tin": (4.88, 1.65, 0, 3.24, [(22.5145, 114.0615)]),
    "shenzhen_bay_yuen_long": (10.61, 7.70, 0, 2.92, [(22.4878, 113.9671)]),
    "qianhai_cyberport": (38.17, 29.97, 0, 8.21, [(22.4716, 113.9464)]),
    "shekou_shun_tak": (32.54, 30.03, 0, 2.51, [(22.4603, 113.9259)]),
    "shekou_macau_airport": (48.45, 0, 4.47, 43.98, [(22.1796, 113.6210)]),
    "baoan_hkia": (38.12, 14.28, 0, 23.84, [(22.4327, 113.8761)]),
    "baoan_shun_tak": (52.31, 29.11, 0, 23.20, [(22.4842, 113.9627)]),
    "shun_tak_macao": (62.03, 34.09, 4.71, 23.23, [(22.2389, 113.8262), (22.2041, 113.6040)]),
    "hzmb_zhuhai_hong_kong": (40.03, 10.53, 0, 29.50, [(22.2902, 113.8536)]),
    "dongguan_hkia": (73.49, 10.41, 0, 63.08, [(22.3927, 113.8691)]),
    "guangzhou_macau_airport": (110.91, 0, 6.23, 104.68, [(22.2041, 113.5769)]),
    "shekou_jiuzhou": (41.96, 0, 0, 41.96, []),
    "cyberport_cheung_chau": (11.96, 11.96, 0, 0, []),
}


@pytest.mark.parametrize("key", TABLE)
def test_lengths_and_crossings_agree_with_the_table(key):
    route = ROUTES[key]
    km, *by_side, crossings = TABLE[key]
    assert route.length_m / 1000 == pytest.approx(km, abs=0.005)
    for side, side_km in zip(("hong_kong", "macao", "mainland"), by_side, strict=True):
        flown_km = sum(leg.length_m for leg in route.legs if leg.side == side) / 1000
        assert flown_km == pytest.approx(side_km, abs=0.045), side
    assert len(route.crossings) == len(crossings)
    for (lon, lat), (table_lat, table_lon) in zip(route.crossings, crossings, strict=True):
        assert geodesic_m(lon, lat, table_lon, table_lat) < 50


@pytest.mark.parametrize("key", ROUTES)
def test_legs_of_every_route(key):
    route = ROUTES[key]
    assert route.sides[0] == route.sites[0].side
    assert route.sides[-1] == route.sites[1].side
    assert all(one != other for one, other in pairwise(route.sides))
    assert len(route.crossings) == len(route.legs) - 1
    assert route.length_m == pytest.approx(length_m(route.waypoints), rel=1e-4)
    assert 0 <= route.strip_m <= sum(leg.length_m for leg in route.legs if leg.side == "mainland") + 1e-6
    assert route.reversed_legs() == tuple(reversed(route.legs))
    assert route.source
    assert route.status in {"stated", "derived", "recalled", "guess"}


@pytest.mark.parametrize("key", [key for key in ROUTES if {s.side for s in ROUTES[key].sites} == {"hong_kong", "mainland"}])
def test_hong_kong_corridors_start_on_the_mainland_and_cross_once(key):
    assert ROUTES[key].sides == ("mainland", "hong_kong")
    (crossing,) = ROUTES[key].crossings
    around = {side_at(crossing[0] + dx, crossing[1] + dy) for dx in (-0.0005, 0, 0.0005) for dy in (-0.0005, 0, 0.0005)}
    assert around == {"mainland", "hong_kong"}


@pytest.mark.parametrize("key", ["hetao", "wenjindu_sheung_shui", "qianhai_tuen_mun", "shekou_shun_tak", "futian_san_tin"])
def test_every_shenzhen_corridor_ends_in_the_strip(key):
    assert 290 <= ROUTES[key].strip_m <= 1500


def test_other_waters_have_no_strip():
    assert ROUTES["hzmb_zhuhai_hong_kong"].strip_m == 0
    assert ROUTES["shun_tak_macao"].strip_m == 0


def test_hong_kong_to_macao_has_three_legs_over_the_mainland():
    assert ROUTES["shun_tak_macao"].sides == ("hong_kong", "mainland", "macao")
    assert ROUTES["shun_tak_macao"].touches("mainland")
    assert not ROUTES["hetao"].touches("macao")


def test_the_way_back_mirrors_the_way_out():
    out = ROUTES["wenjindu_tuen_mun"]
    back = make_route("back", NAME, out.sites[1], out.sites[0], via=out.waypoints[-2:0:-1])
    assert back.sides == tuple(leg.side for leg in out.reversed_legs())
    assert [leg.length_m for leg in back.legs] == pytest.approx([leg.length_m for leg in out.reversed_legs()], abs=0.01)
    assert back.strip_m == pytest.approx(out.strip_m, abs=0.01)


def test_the_straight_line_from_wenjindu_to_tuen_mun_would_cross_three_times():
    straight = make_route("straight", NAME, SITES["wenjindu"], SITES["tuen_mun"])
    assert straight.sides == ("mainland", "hong_kong", "mainland", "hong_kong")
    assert straight.length_m < ROUTES["wenjindu_tuen_mun"].length_m


def test_waypoints_lengthen_a_route():
    via = [(113.98, 22.47)]
    route = make_route("via", NAME, SITES["shenzhen_bay"], SITES["yuen_long"], via)
    assert route.waypoints[1] == via[0]
    assert route.length_m == pytest.approx(length_m([(113.9447, 22.5039), via[0], (114.02621, 22.44518)]), rel=1e-4)


def test_a_port_area_under_the_other_sides_law_gives_its_end_leg_its_side():
    port = SITES["shenzhen_bay_hk_port_area"]
    home = make_route("home", NAME, port, SITES["yuen_long"])
    assert home.sides == ("hong_kong",)  # Hong Kong law at both ends: no customs boundary between them
    assert make_route("back", NAME, SITES["yuen_long"], port).sides == ("hong_kong",)
    away = make_route("away", NAME, port, SITES["qianhai"])
    assert away.sides == ("hong_kong", "mainland")  # all drawn on the Mainland: a leg of length 0 stands for the port
    assert away.legs[0].length_m == 0
    assert away.crossings[0] == pytest.approx((port.lon, port.lat), abs=1e-8)
    macao = make_route("macao", NAME, SITES["jiuzhou"], SITES["hzmb_macao"])
    assert macao.sides == ("mainland", "macao")


def test_two_equal_ends_are_refused():
    with pytest.raises(ValueError, match="same point"):
        make_route("nowhere", NAME, SITES["hkia"], SITES["hkia"])


def test_an_unknown_route_is_a_key_error():
    with pytest.raises(KeyError):
        ROUTES["atlantis"]


def test_the_page_shows_what_is_computed():
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "geography.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| ([^|]+?) \| (\d+) \|", page, flags=re.MULTILINE)
    shown = {key: (km, legs, strip) for key, km, legs, strip in rows}
    assert shown == {key: shown_row(ROUTES[key]) for key in ROUTES}


def shown_row(route):
    legs = ", ".join(f"{leg.side} {leg.length_m / 1000:.2f}" for leg in route.legs)
    return f"{route.length_m / 1000:.2f}", legs, f"{route.strip_m:.0f}"
