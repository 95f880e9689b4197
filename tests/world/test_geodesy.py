"""Coordinates: there and back, the two datum shifts, and the short cut that must not be taken."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from sim.ground import geodesy
from sim.ground.geodesy import azimuth_deg, geodesic_m

LOK_MA_CHAU = (114.07405, 22.50938)
SOURCES = Path(geodesy.__file__).parents[1]
points = st.tuples(st.floats(112.6, 115.4), st.floats(21.6, 23.9))


@given(points)
def test_metres_and_back(point):
    assert geodesy.to_lonlat(*geodesy.to_metres(*point)) == pytest.approx(point, abs=1e-9)


@given(points)
def test_gcj02_and_back_to_a_millimetre(point):
    back = geodesy.wgs84_from_gcj02(*geodesy.gcj02_from_wgs84(*point))
    assert geodesic_m(*point, *back) < 0.001


@given(points)
def test_hong_kong_1980_and_back_to_a_centimetre(point):
    back = geodesy.wgs84_from_hk80(*geodesy.hk80_from_wgs84(*point))
    assert geodesic_m(*point, *back) < 0.01


def test_arrays_and_numbers_give_the_same():
    lons, lats = np.array([113.5, 114.07405]), np.array([22.2, 22.50938])
    for function in (geodesy.to_metres, geodesy.gcj02_from_wgs84, geodesy.wgs84_from_gcj02, geodesy.hk80_from_wgs84):
        together = np.column_stack(function(lons, lats))
        singly = [function(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]
        np.testing.assert_allclose(together, singly, rtol=0, atol=1e-9)


def test_hong_kong_1980_is_304_m_off_to_the_north_west():
    read = geodesy.hk80_from_wgs84(*LOK_MA_CHAU)
    assert geodesic_m(*LOK_MA_CHAU, *read) == pytest.approx(304.0, abs=0.5)
    assert azimuth_deg(*LOK_MA_CHAU, *read) == pytest.approx(304, abs=1)
    assert (read[1] - LOK_MA_CHAU[1]) * 3600 == pytest.approx(5.49, abs=0.01)
    assert (read[0] - LOK_MA_CHAU[0]) * 3600 == pytest.approx(-8.84, abs=0.01)


@pytest.mark.parametrize(
    ("lon", "lat", "offset_m"),
    [
        (*LOK_MA_CHAU, 606),
        (114.22329, 22.54908, 591),
        (113.915, 22.3089, 601),
    ],
)
def test_gcj02_is_about_600_m_off_to_the_south_east(lon, lat, offset_m):
    read = geodesy.gcj02_from_wgs84(lon, lat)
    assert geodesic_m(lon, lat, *read) == pytest.approx(offset_m, abs=1)
    assert 115 < azimuth_deg(lon, lat, *read) < 127


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02_agrees_with_the_reference_points_of_eviltransform(wgs84, gcj02):
    assert geodesy.gcj02_from_wgs84(*wgs84) == pytest.approx(gcj02, abs=1e-12, rel=0)


def test_the_short_cut_between_two_systems_drops_the_datum_shift():
    metres = geodesy.to_metres(*LOK_MA_CHAU)
    short = Transformer.from_crs(4547, 2326, always_xy=True).transform(*metres)
    by_the_hub = Transformer.from_crs(4326, 2326, always_xy=True).transform(*LOK_MA_CHAU)
    assert np.hypot(*np.subtract(short, by_the_hub)) == pytest.approx(304.0, abs=0.5)
    with pytest.raises(ValueError, match="4326 is the hub"):
        geodesy._transformer(4547, 2326)


def test_only_geodesy_transforms_coordinates():
    offenders = [
        path.name
        for path in SOURCES.rglob("*.py")
        if path.name != "geodesy.py" and any(word in path.read_text(encoding="utf-8") for word in ("from_crs", "2326"))
    ]
    assert offenders == []
    own = Path(geodesy.__file__).read_text(encoding="utf-8")
    assert own.count("from_crs") == own.count("always_xy=True") == 1
    assert "2326" not in own


def test_metric_lengths_differ_from_geodesic_ones_by_less_than_one_in_ten_thousand():
    for ends in [((114.127, 22.543), (114.128, 22.502)), ((113.321, 23.119), (113.592, 22.1496))]:
        plane_m = np.hypot(*np.subtract(geodesy.to_metres(*ends[0]), geodesy.to_metres(*ends[1])))
        assert plane_m / geodesy.length_m(ends) == pytest.approx(1, abs=1e-4)
