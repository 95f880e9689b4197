"""Coordinates: WGS84 longitude and latitude outside, EPSG:4547 metres inside, EPSG:4326 the only hub.

Every transformation goes to or from EPSG:4326. None goes directly between two of the other systems: pyproj's
short cut leaves out the shift between the data (304 m at Lok Ma Chau).
EPSG:4547 (CGCS2000, central meridian 114° E) is used between 112.5° E and 115.5° E; its scale error is
below 0.7 in 10,000 throughout the area. CGCS2000 and WGS84 agree within decimetres and count as equal.
Functions of coordinates take numbers or arrays of one shape and return the same.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import Geod, Transformer

Coordinate = TypeVar("Coordinate", float, "NDArray[np.float64]")
LonLat = tuple[float, float]

HUB = 4326
METRIC = 4547
HK80 = 4611

# The ellipsoid and eccentricity of the GCJ-02 formula (Krasovsky 1940), not those of WGS84.
_GCJ_AXIS_M = 6378245.0
_GCJ_E2 = 0.00669342162296594323


@cache
def _transformer(source: int, target: int) -> "Transformer":
    from pyproj import Transformer, network

    if HUB not in (source, target):
        raise ValueError(f"no transformation from EPSG:{source} to EPSG:{target}: EPSG:{HUB} is the hub")
    # The same numbers on every machine: no grids fetched on the way.
    network.set_network_enabled(False)  # type: ignore[attr-defined]
    return Transformer.from_crs(source, target, always_xy=True)


@cache
def _ellipsoid() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="WGS84")


def to_metres(lon: Coordinate, lat: Coordinate) -> tuple[Coordinate, Coordinate]:
    """East and north in EPSG:4547 metres of WGS84 degrees."""
    first, second = _transformer(HUB, METRIC).transform(lon, lat)
    return first, second


def to_lonlat(x_m: Coordinate, y_m: Coordinate) -> tuple[Coordinate, Coordinate]:
    """WGS84 longitude and latitude in degrees of EPSG:4547 east and north in metres."""
    first, second = _transformer(METRIC, HUB).transform(x_m, y_m)
    return first, second


def hk80_from_wgs84(lon: Coordinate, lat: Coordinate) -> tuple[Coordinate, Coordinate]:
    """Longitude and latitude in the Hong Kong 1980 datum (EPSG:4611) of WGS84 degrees, accuracy 1 m."""
    first, second = _transformer(HUB, HK80).transform(lon, lat)
    return first, second


def wgs84_from_hk80(lon: Coordinate, lat: Coordinate) -> tuple[Coordinate, Coordinate]:
    """WGS84 longitude and latitude of degrees in the Hong Kong 1980 datum (EPSG:4611), accuracy 1 m."""
    first, second = _transformer(HK80, HUB).transform(lon, lat)
    return first, second


def geodesic_m(from_lon: float, from_lat: float, to_lon: float, to_lat: float) -> float:
    """The geodesic distance in metres between two points on the WGS84 ellipsoid."""
    return float(_ellipsoid().inv(from_lon, from_lat, to_lon, to_lat)[2])


def azimuth_deg(from_lon: float, from_lat: float, to_lon: float, to_lat: float) -> float:
    """The direction of the geodesic at its start, degrees clockwise from north, in [0, 360)."""
    return float(_ellipsoid().inv(from_lon, from_lat, to_lon, to_lat)[0]) % 360


def length_m(points: Sequence[LonLat]) -> float:
    """The geodesic length in metres of a polyline of WGS84 (longitude, latitude) points."""
    lons, lats = zip(*points, strict=True)
    return float(_ellipsoid().line_length(lons, lats))


def gcj02_from_wgs84(lon: Coordinate, lat: Coordinate) -> tuple[Coordinate, Coordinate]:
    """GCJ-02 longitude and latitude, as Mainland public maps show them, of WGS84 degrees.

    Unofficial: the publicly circulated, reverse-engineered formula. The law of the datum is not
    published; offsets near the boundary come out as 590 m to 620 m.
    """
    import numpy as np

    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20 * np.sin(6 * math.pi * x) + 20 * np.sin(2 * math.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + (ripple + _north_waves(y)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + (ripple + _east_waves(x)) * 2 / 3
    radians = lat * (math.pi / 180)
    flattening = 1 - _GCJ_E2 * np.sin(radians) ** 2
    meridian_m = _GCJ_AXIS_M * (1 - _GCJ_E2) / flattening**1.5
    parallel_m = _GCJ_AXIS_M / np.sqrt(flattening) * np.cos(radians)
    return lon + east / parallel_m * (180 / math.pi), lat + north / meridian_m * (180 / math.pi)


def _north_waves(y: Any) -> Any:
    import numpy as np

    wave = 20 * np.sin(math.pi * y) + 40 * np.sin(math.pi / 3 * y)
    return wave + 160 * np.sin(math.pi / 12 * y) + 320 * np.sin(math.pi / 30 * y)


def _east_waves(x: Any) -> Any:
    import numpy as np

    wave = 20 * np.sin(math.pi * x) + 40 * np.sin(math.pi / 3 * x)
    return wave + 150 * np.sin(math.pi / 12 * x) + 300 * np.sin(math.pi / 30 * x)


def wgs84_from_gcj02(lon: Coordinate, lat: Coordinate) -> tuple[Coordinate, Coordinate]:
    """WGS84 longitude and latitude of GCJ-02 degrees: the fixed point of `gcj02_from_wgs84` (unofficial)."""
    wgs84 = lon, lat
    for _ in range(6):  # each round takes three to four digits off the error
        shifted = gcj02_from_wgs84(*wgs84)
        wgs84 = wgs84[0] + lon - shifted[0], wgs84[1] + lat - shifted[1]
    return wgs84


@dataclass(frozen=True, slots=True)
class Datum:
    """A geodetic datum beside WGS84: its name, and the transformations of (longitude, latitude) in degrees."""

    name: str
    from_wgs84: Callable[[float, float], LonLat]
    to_wgs84: Callable[[float, float], LonLat]


DATUMS: Mapping[str, Datum] = MappingProxyType(
    {
        "gcj02": Datum("GCJ-02", gcj02_from_wgs84, wgs84_from_gcj02),
        "hk80": Datum("Hong Kong 1980", hk80_from_wgs84, wgs84_from_hk80),
    }
)
"""By the keys of scenario files: the datums that coordinates of the area may be written in instead of WGS84."""
