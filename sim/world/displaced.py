"""Routes flown by coordinates in the wrong datum: the displaced track, and what it does to the flight.

A flight plan in GCJ-02 or Hong Kong 1980 degrees that is read as WGS84 displaces every waypoint and the
destination, not the pad that the aircraft stands on. The aircraft flies from its pad along the displaced
waypoints to the displaced destination and, the pad not being there, hops over to the real one. Lengths are
in EPSG:4547 metres, as the routes' own cuts are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.ground.geodesy import DATUMS, LonLat, to_metres
from sim.world.boundary import jurisdictions

if TYPE_CHECKING:
    from shapely import LineString

STEP_M = 5.0  # spacing of the points of a track: sides and distances are right to this


@dataclass(frozen=True, slots=True)
class Displaced:
    """How a track departs from the route it should follow, in metres.

    detour_m: its length - the route's · off_m: its largest distance from the route · wrong_side_m: its
    length over a side other than that of the nearest point of the route · crossing_shift_m: distance between its
    first crossing of a boundary and the route's; 0 where either has none.
    """

    detour_m: float
    off_m: float
    wrong_side_m: float
    crossing_shift_m: float


@lru_cache(maxsize=1024)
def displaced(waypoints: tuple[LonLat, ...], datum: str) -> Displaced:
    """The departure from WGS84 (longitude, latitude) `waypoints` of a flight whose plan is in `datum` and read as WGS84."""
    true = _line(waypoints)
    return _compared(_track(waypoints, datum), true)


@lru_cache(maxsize=1024)
def guided(waypoints: tuple[LonLat, ...], datum: str, half_width_m: float) -> Displaced:
    """The departure of such a flight (see `displaced`) that is guided back as soon as it is `half_width_m` off the route.

    It flies the whole displaced track if it is never so far off.
    """
    import shapely

    true, track = _line(waypoints), _track(waypoints, datum)
    points = _points(track)
    off = np.flatnonzero(_off_m(points, true) > half_width_m)
    if not len(off):
        return _compared(track, true)
    flown = points[: off[0] + 1]
    back_m = float(true.project(shapely.Point(flown[-1])))
    rest = [xy for xy in true.coords if true.project(shapely.Point(xy)) > back_m]
    back = true.interpolate(back_m)
    return _compared(shapely.LineString([*flown, (back.x, back.y), *rest]), true)


def _line(waypoints: Sequence[LonLat]) -> "LineString":
    import shapely

    return shapely.LineString([to_metres(lon, lat) for lon, lat in waypoints])


def _track(waypoints: Sequence[LonLat], datum: str) -> "LineString":
    """From the pad along the displaced waypoints to the displaced destination, and over to the real one."""
    start, *others = waypoints
    return _line([start, *(DATUMS[datum].from_wgs84(lon, lat) for lon, lat in others), others[-1]])


def _compared(track: "LineString", true: "LineString") -> Displaced:
    points = _points(track)
    middles = (points[1:] + points[:-1]) / 2
    pieces_m = np.hypot(*np.diff(points, axis=0).T)
    wrong = _sides(middles) != _sides(_nearest(middles, true))
    return Displaced(
        detour_m=float(track.length - true.length),
        off_m=float(_off_m(points, true).max()),
        wrong_side_m=float(pieces_m[wrong].sum()),
        crossing_shift_m=_shift_m(points, _points(true)),
    )


def _points(line: "LineString") -> Floats:
    """Shape (k, 2): the line's vertices, and points at most STEP_M apart between them."""
    import shapely

    return shapely.get_coordinates(shapely.segmentize(line, STEP_M))


def _nearest(points: Floats, true: "LineString") -> Floats:
    import shapely

    return shapely.get_coordinates(shapely.line_interpolate_point(true, shapely.line_locate_point(true, shapely.points(points))))


def _off_m(points: Floats, true: "LineString") -> Floats:
    import shapely

    return np.asarray(shapely.distance(shapely.points(points), true))


def _sides(points: Floats) -> NDArray[np.int64]:
    """Shape (k,): the drawn side of each point, 0 for the Mainland."""
    import shapely

    side = np.zeros(len(points), dtype=np.int64)
    for number, area in enumerate(_areas(), start=1):
        side[(side == 0) & shapely.intersects_xy(area, points[:, 0], points[:, 1])] = number
    return side


@cache
def _areas() -> tuple[Any, ...]:
    import shapely

    areas = tuple(jurisdictions().values())
    shapely.prepare(areas)
    return areas


def _shift_m(track: Floats, true: Floats) -> float:
    """Distance in metres between the first changes of side along two lines, shape (k, 2) each; 0 where either has none."""
    changes = [(points, np.flatnonzero(np.diff(_sides(points)))) for points in (track, true)]
    if not all(len(change) for _, change in changes):
        return 0.0
    (first, second) = (points[change[0] : change[0] + 2].mean(axis=0) for points, change in changes)
    return float(np.hypot(*(first - second)))
