"""The boundary: areas, turning points, the river's new channel, the strip, the map's backdrop."""

import subprocess
import sys

import pytest
import shapely

from sim.ground.geodesy import geodesic_m, length_m
from sim.ground.sides import SIDE_KEYS
from sim.world import boundary
from sim.world.geography import SIDE_OF_CODE, features

# Order No. 221 prints 1 to 7; 8 to 31 are the corners of the 2001 district boundaries. Degrees, minutes, seconds.
PRINTED = """
1 22 32 37.21 114 13 34.85   2 22 32 45.42 114 13 32.40   3 22 32 52.26 114 13 36.91   4 22 32 52.83 114 13 36.86
5 22 33 23.49 114 12 24.25   6 22 30 36.23 113 59 42.20   7 22 28 20.49 113 56 52.10   8 22 25 43.72 113 52 08.83
9 22 20 00.00 113 52 08.80   10 22 16 23.23 113 50 50.60  11 22 16 03.82 113 50 20.40  12 22 14 21.41 113 49 35.00
13 22 13 02.38 113 49 02.02  14 22 11 01.91 113 49 56.58  15 22 08 33.10 113 53 47.61  16 22 08 12.19 113 55 20.58
17 22 08 54.51 113 56 22.42  18 22 08 54.48 114 14 09.63  19 22 08 18.78 114 15 18.64  20 22 08 54.45 114 17 02.45
21 22 08 54.45 114 30 08.87  22 22 21 54.46 114 30 08.89  23 22 28 07.37 114 27 17.70  24 22 32 41.88 114 27 18.60
25 22 33 43.19 114 26 02.42  26 22 34 05.99 114 19 58.80  27 22 33 59.99 114 18 32.79  28 22 33 55.78 114 16 33.78
29 22 33 20.59 114 14 55.26  30 22 33 02.60 114 14 13.50  31 22 32 37.18 114 14 01.17
"""


def printed_points():
    for number, d1, m1, s1, d2, m2, s2 in zip(*[iter(PRINTED.split())] * 7, strict=True):
        lat, lon = (float(d) + float(m) / 60 + float(s) / 3600 for d, m, s in ((d1, m1, s1), (d2, m2, s2)))
        yield int(number), lon, lat


def test_turning_points_are_those_printed():
    printed = list(printed_points())
    held = boundary.turning_points()
    assert [point.number for point in held] == [number for number, _, _ in printed] == list(range(1, 32))
    for point, (_, lon, lat) in zip(held, printed, strict=True):
        assert geodesic_m(point.lon, point.lat, lon, lat) < 0.5  # a hundredth of a second is 0.3 m


def test_every_turning_point_lies_on_the_boundary():
    outline = boundary.jurisdictions()["hong_kong"].boundary
    for point in boundary.turning_points():
        at = boundary.in_metres(shapely.Point(point.lon, point.lat))
        tolerance_m = 30 if 2 <= point.number <= 5 else 0.1  # the land section is simplified to 30 m
        assert outline.distance(at) < tolerance_m, point.number


def test_areas_of_the_sides():
    areas_km2 = {side: area.area / 1e6 for side, area in boundary.jurisdictions().items()}
    assert areas_km2["hong_kong"] == pytest.approx(2755.1, abs=0.1)
    assert areas_km2["macao"] == pytest.approx(115.3 + 1.04, abs=0.2)  # with the Hengqin campus
    assert all(area.is_valid for area in boundary.jurisdictions().values())


def test_lengths_of_the_sections():
    km = {line.key: length_m(line.line) / 1000 for line in boundary.boundary_lines()}
    assert km["hk_boundary_land"] == pytest.approx(33.2, abs=0.5)  # shortened by the simplification
    assert km["hk_boundary_deep_bay"] == pytest.approx(15.8, abs=0.1)
    assert km["hk_boundary_south"] == pytest.approx(100.2, abs=0.1)
    assert km["hk_boundary_mirs_bay"] == pytest.approx(70.0, abs=0.1)


def test_the_loop_is_in_hong_kong():
    assert boundary.side_at(114.0795, 22.5205) == "hong_kong"
    assert boundary.side_at(114.0795, 22.5350) == "mainland"


@pytest.mark.parametrize(
    ("lon", "lat", "side"),
    [(114.17, 22.30, "hong_kong"), (113.55, 22.19, "macao"), (114.06, 22.55, "mainland"), (113.5407, 22.1286, "macao")],
)
def test_side_at(lon, lat, side):
    assert boundary.side_at(lon, lat) == side


def test_a_boundary_parts_two_different_sides():
    known = {*SIDE_KEYS, "macao"}
    assert set(SIDE_OF_CODE.values()) == known
    assert all(line.sides[0] != line.sides[1] and set(line.sides) <= known for line in boundary.boundary_lines())


def test_the_strip_is_500_m_of_the_shenzhen_side():
    strip = boundary.shenzhen_strip()
    assert strip.intersection(boundary.jurisdictions()["hong_kong"]).area < 1
    futian_port, qianhai = (boundary.in_metres(shapely.Point(p)) for p in [(114.06526, 22.51875), (113.896, 22.529)])
    assert strip.contains(futian_port)
    assert not strip.contains(qianhai)
    # West of the meridian of point 8 it is Guangdong's waters, not Shenzhen's.
    assert not strip.contains(boundary.in_metres(shapely.Point(113.8670, 22.3800)))


def test_zones_are_closed_polygons_in_the_area():
    zones = boundary.zones()
    assert {zone.kind for zone in zones} == {"zone_no_fly", "zone_prohibited", "zone_nature"}
    assert all(shapely.Polygon(zone.ring).is_valid and zone.ring[0] == zone.ring[-1] for zone in zones)


def test_land_is_a_small_valid_backdrop():
    land = shapely.MultiPolygon([(outer, holes) for outer, *holes in boundary.land()])
    assert land.is_valid
    assert land.bounds == pytest.approx((113.0, 21.8811, 114.8, 23.3), abs=1e-3)  # no land south of 21.88
    assert land.contains(shapely.Point(114.0545, 22.5430))  # Futian
    assert land.contains(shapely.Point(114.12, 22.40))  # the New Territories
    assert not land.intersects(shapely.Point(113.75, 22.30))  # the mouth of the Pearl River


def test_every_feature_has_a_source_three_names_and_a_key_of_its_own():
    kinds = ("boundary", "boundary_point", "jurisdiction", "jurisdiction_enclave", "corridor_candidate")
    found = features(
        *kinds, "control_point", "port", "heliport", "airport", "site", "zone_no_fly", "zone_prohibited", "zone_nature"
    )
    assert len({feature.key for feature in found}) == len(found) >= 119
    assert all(f.source and f.confidence and f.name.en and f.name.zh_hant and f.name.zh_hans for f in found)


def test_credits_name_those_whose_data_ask_for_it():
    shown = " ".join(boundary.CREDITS)
    assert "Government of the Hong Kong Special Administrative Region" in shown
    assert "© OpenStreetMap contributors, ODbL" in shown
    sources = {line.source for line in boundary.boundary_lines()}
    assert any("Census & Statistics" in source for source in sources)
    assert any("OpenStreetMap" in source for source in sources)


def test_catalogues_load_no_geometry_library():
    code = (
        "import sys\n"
        "from sim.world.aircraft import aircraft_catalogue\n"
        "from sim.world.routes import route_catalogue\n"
        "from sim.world.sites import sites\n"
        "assert sites() and aircraft_catalogue() and list(route_catalogue())\n"
        "print(sorted({'numpy', 'shapely', 'pyproj'} & set(sys.modules)))\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
