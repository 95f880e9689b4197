"""Sites: the side is declared; the drawn boundary disagrees for exactly two; datum faults are found."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ground.geodesy import DATUMS, gcj02_from_wgs84, hk80_from_wgs84, wgs84_from_hk80
from sim.world.boundary import side_at
from sim.world.own_route import DatumKey
from sim.world.sites import check_datum, sites

SITES = sites()
MISREADINGS = {"GCJ-02": gcj02_from_wgs84, "Hong Kong 1980": hk80_from_wgs84}


def test_49_sites_of_three_sides():
    assert len(SITES) == 49
    assert {site.side for site in SITES.values()} == {"hong_kong", "mainland", "macao"}


def test_the_drawn_boundary_disagrees_with_two_sites_and_both_say_why():
    disagreeing = {key for key, site in SITES.items() if side_at(site.lon, site.lat) != site.side}
    assert disagreeing == {"shenzhen_bay_hk_port_area", "hzmb_macao"}
    assert {key for key, site in SITES.items() if site.side_reason} == disagreeing


def flipped(to_datum):
    """Sites whose point falls on another side when its coordinates in that datum are read as WGS84."""
    return {key for key, s in SITES.items() if side_at(*to_datum(s.lon, s.lat)) != side_at(s.lon, s.lat)}


def test_gcj02_flips_six_sites_at_the_hong_kong_boundary_and_two_at_macao():
    hong_kong = {"sha_tau_kok", "huanggang", "futian_port", "luohu", "wenjindu", "liantang"}
    assert flipped(gcj02_from_wgs84) == hong_kong | {"gongbei", "hzmb_macao"}


def test_hong_kong_1980_flips_three_sites():
    assert flipped(hk80_from_wgs84) == {"lok_ma_chau_spur_line", "lo_wu", "heung_yuen_wai"}


def test_no_site_is_suspected_of_a_datum_fault():
    assert [key for key, s in SITES.items() if check_datum(s.lon, s.lat, s.side) or check_datum(s.lon, s.lat, s.side, s)] == []


@pytest.mark.parametrize("datum", MISREADINGS)
@pytest.mark.parametrize("key", SITES)
def test_a_misread_site_is_recognised_by_its_name(key, datum):
    site = SITES[key]
    found = check_datum(*MISREADINGS[datum](site.lon, site.lat), site.side, site)
    assert found
    found = found.en
    assert datum in found
    assert site.name.en in found
    assert f"{site.lon:.5f}, {site.lat:.5f}" in found
    assert not any(other in found for other in MISREADINGS if other != datum)


@pytest.mark.parametrize(("datum", "offset"), [("GCJ-02", "606 m off"), ("Hong Kong 1980", "304 m off")])
def test_the_offset_is_told(datum, offset):
    site = SITES["lok_ma_chau"]
    assert offset in str(check_datum(*MISREADINGS[datum](site.lon, site.lat), site.side, site))


@pytest.mark.parametrize("datum", MISREADINGS)
def test_a_point_on_the_wrong_side_is_recognised_without_a_name(datum):
    for key in flipped(MISREADINGS[datum]):
        site = SITES[key]
        found = check_datum(*MISREADINGS[datum](site.lon, site.lat), site.side)
        if site.side_reason:
            assert found is None  # its law is not that of the drawn area, so the side proves nothing
        else:
            assert datum in str(found), key


def test_a_place_that_no_datum_explains_is_let_pass():
    assert check_datum(114.0545, 22.5430, "hong_kong") is None  # Futian under Hong Kong law: for the user to say


def test_a_point_beside_a_site_but_not_shifted_is_let_pass():
    site = SITES["tuen_mun"]
    assert check_datum(site.lon - 0.004, site.lat - 0.004, site.side, site) is None


def test_a_point_that_another_datum_only_brings_nearer_is_let_pass():
    site = SITES["tuen_mun"]
    lon, lat = gcj02_from_wgs84(site.lon, site.lat)
    assert check_datum(lon + 0.0010, lat, site.side, site)  # as GCJ-02 about 100 m from the site
    assert check_datum(lon + 0.0025, lat, site.side, site) is None  # as GCJ-02 about 260 m from it


def test_a_pad_on_ground_under_the_other_sides_law_is_not_suspected():
    lon, lat = 113.5810, 22.2051  # on the artificial island of the Macao port, drawn on the Mainland
    assert side_at(lon, lat) == "mainland"
    assert side_at(*wgs84_from_hk80(lon, lat)) == "macao"
    assert check_datum(lon, lat, "macao") is None


def test_a_point_outside_the_area_is_refused():
    assert "outside the area" in str(check_datum(116.4, 39.9, "mainland"))


@given(st.floats(112.6, 115.4), st.floats(21.6, 23.9))
def test_swapped_coordinates_are_recognised(lon, lat):
    assert "swapped" in str(check_datum(lat, lon, "mainland"))


def test_a_datum_that_is_suspected_is_one_that_a_route_may_be_written_in():
    assert {"wgs84", *DATUMS} == set(get_args(DatumKey))
    assert [datum.name for datum in DATUMS.values()] == list(MISREADINGS)
