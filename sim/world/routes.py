"""Routes: polylines between two sites, cut into legs where they cross a boundary.

A route is straight in EPSG:4547 between its waypoints and is cut there; the lengths of the pieces are
geodesic on WGS84. The two ways of measuring differ by less than 0.01% in the area.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.ground.geodesy import LonLat, length_m, to_lonlat, to_metres
from sim.ground.text import Text
from sim.world.boundary import in_degrees, jurisdictions, shenzhen_strip, side_at_metres
from sim.world.geography import GeoFeature, features
from sim.world.sites import Site, sites

if TYPE_CHECKING:
    from shapely import LineString
    from shapely.geometry.base import BaseGeometry

CUT_TOLERANCE_M = 0.01  # a piece shorter than this is a rounding error of the cut, not a leg


@dataclass(frozen=True, slots=True)
class Leg:
    """A piece of a route on one side."""

    side: str
    length_m: float


@dataclass(frozen=True, slots=True)
class Route:
    """A route from its first site to its last.

    waypoints: WGS84 (longitude, latitude), the two sites included · legs: from the first site on; the
    first and last leg have the sides of their sites · crossings: where leg follows leg, one fewer than
    the legs · strip_m: length inside the 500 m strip on the Shenzhen side of the Hong Kong boundary ·
    status: how well the pairing of the two sites is evidenced (stated, derived, recalled, guess).
    """

    key: str
    name: Text
    sites: tuple[Site, Site]
    waypoints: tuple[LonLat, ...]
    legs: tuple[Leg, ...]
    crossings: tuple[LonLat, ...]
    strip_m: float
    source: str
    status: str

    @property
    def length_m(self) -> float:
        """The whole length in metres: the sum of the legs."""
        return sum(leg.length_m for leg in self.legs)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides of the legs, in order."""
        return tuple(leg.side for leg in self.legs)

    def reversed_legs(self) -> tuple[Leg, ...]:
        """The legs as flown from the last site to the first."""
        return self.legs[::-1]

    def touches(self, side: str) -> bool:
        """Whether any leg, or either site, is on that side."""
        return side in self.sides or side in {site.side for site in self.sites}


def make_route(
    key: str,
    name: Text,
    from_site: Site,
    to_site: Site,
    via: Sequence[LonLat] = (),
    source: str = "",
    status: str = "guess",
) -> Route:
    """The route from one site to another by way of the WGS84 (longitude, latitude) points `via`.

    Customs law follows the site, airspace the drawn boundary. Where a site's declared side is not the
    one its place is drawn on (a port area under the other side's law), the end piece up to the first
    crossing counts to the declared side; if there is no crossing, a leg of length 0 stands for it.
    Raises ValueError if the two ends are the same point.
    """
    waypoints = ((from_site.lon, from_site.lat), *((lon, lat) for lon, lat in via), (to_site.lon, to_site.lat))
    if waypoints[0] == waypoints[-1]:
        raise ValueError(f"route {key}: both ends are the same point")
    line = _line(waypoints)
    pieces = _declared_ends(_pieces(line), from_site.side, to_site.side)
    legs, cuts_m = _legs(line, pieces)
    strip_m = _geodesic_m(line.intersection(shenzhen_strip()))
    crossings = tuple(_lonlat_at(line, cut_m) for cut_m in cuts_m)
    return Route(key, name, (from_site, to_site), waypoints, legs, crossings, strip_m, source, status)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line on one side: where it begins and ends, in EPSG:4547 metres along the line."""

    side: str
    start_m: float
    end_m: float


def _line(waypoints: Sequence[LonLat]) -> "LineString":
    import shapely

    return shapely.LineString([to_metres(lon, lat) for lon, lat in waypoints])


def _pieces(line: "LineString") -> list[_Piece]:
    """The stretches of the line by the side they are drawn on, in order."""
    cuts_m = [0.0, *_cuts_m(line), float(line.length)]
    stretches = [(start, end) for start, end in pairwise(cuts_m) if end - start > CUT_TOLERANCE_M]
    pieces: list[_Piece] = []
    for start_m, end_m in stretches:
        middle = line.interpolate((start_m + end_m) / 2)
        pieces.append(_Piece(side_at_metres(middle.x, middle.y), start_m, end_m))
    return _merged(pieces)


def _cuts_m(line: "LineString") -> list[float]:
    """Where the line meets the outline of any side's area, in metres along the line, in order."""
    import shapely

    cuts, passed_m = [], 0.0
    for start, end in pairwise(line.coords):  # segment by segment, so that a line may cross itself
        segment = shapely.LineString([start, end])
        met = shapely.get_coordinates(segment.intersection(_outlines()))
        cuts += sorted(passed_m + float(segment.project(shapely.Point(point))) for point in met)
        passed_m += float(segment.length)
    return cuts


@cache
def _outlines() -> "BaseGeometry":
    """The outlines of all sides' areas, in EPSG:4547 metres."""
    import shapely

    return shapely.union_all([area.boundary for area in jurisdictions().values()])


def _merged(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces with neighbours of one side made into one."""
    kept: list[_Piece] = []
    for piece in pieces:
        if kept and kept[-1].side == piece.side:
            kept[-1] = _Piece(piece.side, kept[-1].start_m, piece.end_m)
        else:
            kept.append(piece)
    return kept


def _declared_ends(pieces: list[_Piece], from_side: str, to_side: str) -> list[_Piece]:
    """The pieces with the ends' declared sides; see `make_route`."""
    first, *_ = pieces
    *_, last = pieces
    if first.side == from_side and last.side == to_side:
        return pieces
    if len(pieces) > 1:
        ends = [_Piece(from_side, first.start_m, first.end_m), *pieces[1:-1], _Piece(to_side, last.start_m, last.end_m)]
        return _merged(ends)
    whole = _Piece(first.side, 0.0, last.end_m)
    return _merged([_Piece(from_side, 0.0, 0.0), whole, _Piece(to_side, last.end_m, last.end_m)])


def _legs(line: "LineString", pieces: list[_Piece]) -> tuple[tuple[Leg, ...], list[float]]:
    """The legs, and the cuts between them in metres along the line."""
    from shapely.ops import substring

    legs = tuple(Leg(piece.side, _geodesic_m(substring(line, piece.start_m, piece.end_m))) for piece in pieces)
    return legs, [piece.end_m for piece in pieces[:-1]]


def _geodesic_m(geometry: "BaseGeometry") -> float:
    """The geodesic length in metres of the lines of a geometry in EPSG:4547; points have none."""
    import shapely

    parts = shapely.get_parts(in_degrees(geometry))
    return sum(length_m(part.coords) for part in parts if part.geom_type == "LineString" and not part.is_empty)


def _lonlat_at(line: "LineString", distance_m: float) -> LonLat:
    point = line.interpolate(distance_m)
    return to_lonlat(point.x, point.y)


# -------------------------------------------------------------------------------------- catalogue


class _Catalogue(Mapping[str, Route]):
    """The routes of the data file: keys are free, geometry is computed for a route when it is asked for."""

    def __getitem__(self, key: str) -> Route:
        return _catalogue_route(_candidates()[key].key)

    def __iter__(self) -> Iterator[str]:
        return iter(_candidates())

    def __len__(self) -> int:
        return len(_candidates())


@cache
def route_catalogue() -> Mapping[str, Route]:
    """The candidate corridors by key; between the Mainland and another side, the first site is the Mainland's."""
    return _Catalogue()


@cache
def _candidates() -> Mapping[str, GeoFeature]:
    return {feature.key: feature for feature in features("corridor_candidate")}


@cache
def _catalogue_route(key: str) -> Route:
    feature = _candidates()[key]
    from_site, to_site = (sites()[feature.properties[name]] for name in ("from", "to"))
    via = [(lon, lat) for lon, lat in feature.coordinates[1:-1]]
    return make_route(key, feature.name, from_site, to_site, via, feature.source, feature.properties["status"])
