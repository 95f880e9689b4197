"""Tracks flown by coordinates in the wrong datum, against hand-worked numbers."""

import pytest

from sim.ground.geodesy import DATUMS, geodesic_m, to_lonlat
from sim.world.displaced import STEP_M, displaced, guided
from sim.world.routes import route_catalogue
from sim.world.sites import sites

ROUTES = (
    "hetao",
    "wenjindu_sheung_shui",
    "wenjindu_tuen_mun",
    "shenzhen_bay_tuen_mun",
    "nansha_hzmb_hong_kong",
    "shun_tak_macao",
)
WAYS = [(key, way) for key in ROUTES for way in (1, -1)]


NAMED = ("wenjindu", "sheung_shui", "shenzhen_bay", "tuen_mun", "nansha", "hzmb_hong_kong")


@pytest.mark.parametrize(("datum", "near", "anywhere"), [("gcj02", (600, 618), (590, 630)), ("hk80", (301, 305), (300, 305))])
def test_the_displacement_is_what_it_is_said_to_be(datum: str, near: tuple[float, float], anywhere: tuple[float, float]) -> None:
    """GCJ-02: 600 to 617 m at the named pads; Hong Kong 1980: 302 to 304 m; elsewhere 590 to 629, 300 to 304."""
    for site in sites().values():
        low, high = near if site.key in NAMED else anywhere
        assert low <= geodesic_m(site.lon, site.lat, *DATUMS[datum].from_wgs84(site.lon, site.lat)) <= high, site.key


def test_a_straight_flight_into_the_displaced_pad_and_back_worked_by_hand() -> None:
    """20 km due north to a pad whose plan reads d m off: sqrt of the legs' squares, then d back."""
    waypoints = (to_lonlat(500_000.0, 2_480_000.0), to_lonlat(500_000.0, 2_500_000.0))
    read = DATUMS["gcj02"].from_wgs84(*waypoints[1])
    found = displaced(waypoints, "gcj02")
    there, over = geodesic_m(*waypoints[0], *read), geodesic_m(*read, *waypoints[1])
    assert found.detour_m == pytest.approx(there + over - 20_000, abs=2.5)  # the plane's scale error: 1 in 10,000


@pytest.mark.parametrize(("key", "way"), WAYS)
@pytest.mark.parametrize("datum", DATUMS)
def test_no_track_is_off_by_more_than_the_displacement_nor_longer_than_there_and_back(key: str, way: int, datum: str) -> None:
    waypoints = route_catalogue()[key].waypoints[::way]
    shift_m = max(geodesic_m(*point, *DATUMS[datum].from_wgs84(*point)) for point in waypoints)
    found = displaced(waypoints, datum)
    assert 0 < found.off_m <= shift_m + 1
    assert 0 <= found.detour_m <= 2 * shift_m * (len(waypoints) - 1) + 1
    assert found.wrong_side_m >= 0


@pytest.mark.parametrize(("key", "way"), WAYS)
@pytest.mark.parametrize("datum", DATUMS)
def test_guided_back_it_stays_within_the_corridor_and_flies_no_further(key: str, way: int, datum: str) -> None:
    waypoints = route_catalogue()[key].waypoints[::way]
    whole, back = displaced(waypoints, datum), guided(waypoints, datum, 100.0)
    assert back.off_m <= min(whole.off_m, 100 + STEP_M)
    assert back.detour_m <= max(whole.detour_m, 150)
    assert guided(waypoints, datum, 10_000.0) == whole


def test_sheung_shui_to_wenjindu_in_gcj02_ends_on_the_wrong_side_of_the_river() -> None:
    """The pad lies 353 m beyond the boundary and is displaced by 602 m to the south-east: the plan ends in Hong Kong."""
    found = displaced(route_catalogue()["wenjindu_sheung_shui"].waypoints[::-1], "gcj02")
    assert found.off_m > 500 and 300 < found.wrong_side_m < 602 and found.crossing_shift_m > 200


def test_a_route_of_one_side_has_no_crossing_to_shift() -> None:
    found = displaced(route_catalogue()["cyberport_cheung_chau"].waypoints, "hk80")
    assert found.crossing_shift_m == 0 and found.wrong_side_m == 0 and found.detour_m > 0
