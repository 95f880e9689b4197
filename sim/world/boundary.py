"""The boundaries between the sides, the areas they enclose, and the zones drawn on maps."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from sim.ground.geodesy import LonLat, to_lonlat, to_metres
from sim.ground.sides import SIDES, Side
from sim.ground.text import Text
from sim.world.geography import SIDE_OF_CODE, GeoFeature, features

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Ring = tuple[LonLat, ...]
ZoneKind = Literal["zone_no_fly", "zone_prohibited", "zone_nature"]

(REST,) = (side.key for side in SIDES if side.area == "rest")
"""The side of which the data have no area: it is everything outside the other sides' areas."""
STRIP_WIDTH_M = 500.0
"""Width of the strip along the boundary, on its Shenzhen side, closed to light unmanned aircraft by the
city's interim measures in force from 1 March 2019 (szbdw.cn/zixun/84.html; whether still in force: not checked)."""

CREDITS: tuple[str, ...] = (
    "Boundary of the HKSAR: the Government of the Hong Kong Special Administrative Region "
    "(Census and Statistics Department, 2001 District Council boundaries)",
    "River reaches and Macao: © OpenStreetMap contributors, ODbL",
    "Land: Natural Earth (public domain)",
)
"""To be printed on, or beside, every map that shows these lines."""


@dataclass(frozen=True, slots=True)
class BoundaryLine:
    """A section of a boundary: the keys of the sides it parts, its line in WGS84 degrees.

    `codes` are the place codes of the data, which also tell which Mainland city adjoins.
    """

    key: str
    name: Text
    sides: tuple[str, str]
    codes: tuple[str, str]
    line: Ring
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A numbered turning point of the HKSAR boundary (State Council Order No. 221 of 1 July 1997)."""

    number: int
    lon: float
    lat: float
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Zone:
    """An area in which flying is restricted, as maps show it; many shapes are drawn by hand (see `confidence`)."""

    key: str
    name: Text
    kind: ZoneKind
    side: str
    ring: Ring
    source: str
    confidence: str


@cache
def boundary_lines() -> tuple[BoundaryLine, ...]:
    """The sections of the boundaries between sides."""
    return tuple(_boundary_line(feature) for feature in features("boundary"))


def _boundary_line(feature: GeoFeature) -> BoundaryLine:
    first, second = feature.properties["side"].split("|")
    sides = SIDE_OF_CODE[first], SIDE_OF_CODE[second]
    line = _ring(feature.coordinates)
    return BoundaryLine(feature.key, feature.name, sides, (first, second), line, feature.source, feature.confidence)


@cache
def turning_points() -> tuple[TurningPoint, ...]:
    """The 31 turning points of the HKSAR boundary, by number."""
    points = [
        TurningPoint(f.properties["number"], f.coordinates[0], f.coordinates[1], f.source, f.confidence)
        for f in features("boundary_point")
    ]
    return tuple(sorted(points, key=lambda point: point.number))


@cache
def zones() -> tuple[Zone, ...]:
    """The restricted areas of the data file. They are shown on maps and restrict nothing in the model."""
    return tuple(
        Zone(f.key, f.name, kind, SIDE_OF_CODE[f.properties["side"]], _ring(f.coordinates[0]), f.source, f.confidence)
        for kind in ("zone_no_fly", "zone_prohibited", "zone_nature")
        for f in features(kind)
    )


@cache
def land() -> tuple[tuple[Ring, ...], ...]:
    """The land of the map area as polygons, each its outer ring and then its holes, in WGS84 degrees."""
    (feature,) = features("land", file="land.geojson")
    return tuple(tuple(_ring(ring) for ring in polygon) for polygon in feature.coordinates)


def _ring(coordinates: list[list[float]]) -> Ring:
    return tuple((lon, lat) for lon, lat in coordinates)


@cache
def jurisdictions() -> "dict[str, BaseGeometry]":
    """The area of each side but the rest, in EPSG:4547 metres, by side key."""
    import shapely

    areas = {side.key: _enclosed(side) if side.area == "enclosed" else _polygons(side) for side in SIDES if side.key != REST}
    shapely.prepare(list(areas.values()))  # an index, for they are asked about many points
    return areas


def _enclosed(side: Side) -> "BaseGeometry":
    import shapely

    # Joined in degrees, where the sections share their end points to the last digit.
    lines = [shapely.LineString(line.line) for line in boundary_lines() if set(side.codes) & set(line.codes)]
    return in_metres(shapely.union_all(list(shapely.polygonize(lines).geoms)))


def _polygons(side: Side) -> "BaseGeometry":
    import shapely

    areas = [area for area in features("jurisdiction", "jurisdiction_enclave") if area.properties["side"] in side.codes]
    return in_metres(shapely.union_all([shapely.Polygon(area.coordinates[0]) for area in areas]))


def in_metres(geometry: "BaseGeometry") -> "BaseGeometry":
    """A geometry in WGS84 degrees, turned into EPSG:4547 metres vertex by vertex."""
    import numpy as np
    import shapely

    return shapely.transform(geometry, lambda points: np.column_stack(to_metres(points[:, 0], points[:, 1])))


def in_degrees(geometry: "BaseGeometry") -> "BaseGeometry":
    """A geometry in EPSG:4547 metres, turned into WGS84 degrees vertex by vertex."""
    import numpy as np
    import shapely

    return shapely.transform(geometry, lambda points: np.column_stack(to_lonlat(points[:, 0], points[:, 1])))


def side_at(lon: float, lat: float) -> str:
    """The key of the side whose drawn area holds a point in WGS84 degrees.

    Geometry only: the law of a *site* is an attribute of the site (see `sim.world.sites`).
    A point in no side's area is that of the rest, the Mainland.
    """
    return side_at_metres(*to_metres(lon, lat))


def side_at_metres(x_m: float, y_m: float) -> str:
    """The key of the side whose drawn area holds a point in EPSG:4547 metres; see `side_at`."""
    import shapely

    held = (side for side, area in jurisdictions().items() if shapely.intersects_xy(area, x_m, y_m))
    return next(held, REST)


@cache
def shenzhen_strip() -> "BaseGeometry":
    """The strip of STRIP_WIDTH_M along the Hong Kong boundary on its Shenzhen side, in EPSG:4547 metres."""
    import shapely

    lines = [shapely.LineString(line.line) for line in boundary_lines() if set(line.codes) == {"HK", "SZ"}]
    near = in_metres(shapely.union_all(lines)).buffer(STRIP_WIDTH_M)
    return near.difference(jurisdictions()["hong_kong"])
