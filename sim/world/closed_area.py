"""Closed areas: polygons that close the routes that cross them, at stated times or always."""

from functools import lru_cache
from typing import Annotated

from annotated_types import Len

from sim.ground.geodesy import LonLat, to_metres
from sim.ground.parameter import Group
from sim.ground.text import Text
from sim.world.closures import Closure
from sim.world.own_route import DatumKey, Point, to_wgs84
from sim.world.routes import Route
from sim.world.sites import check_datum

MOST_CORNERS = 2000
_OF_AREA = Text("{area}: {fault}", "{area}：{fault}", "{area}：{fault}")
_CROSSES = Text("the outline crosses itself", "邊線自相交叉", "边线自相交叉")


class ClosedArea(Group):
    """A polygon, its corners (longitude, latitude) in degrees of `datum`, the last one not repeated.

    `closed`: when it is closed, as closures of the corridor are written; nothing is always.
    """

    outline: Annotated[tuple[Point, ...], Len(3, MOST_CORNERS)]
    closed: tuple[Closure, ...] | None = None
    datum: DatumKey = "wgs84"


def corners(area: ClosedArea) -> tuple[LonLat, ...]:
    """The corners in WGS84 degrees."""
    return tuple(to_wgs84(lon, lat, area.datum) for lon, lat in area.outline)


def crosses(route: Route, area: ClosedArea) -> bool:
    """Whether a route, straight in EPSG:4547 between its waypoints, has any point in the area."""
    return _crosses(route.waypoints, corners(area))


@lru_cache(maxsize=1024)
def _crosses(waypoints: tuple[LonLat, ...], ring: tuple[LonLat, ...]) -> bool:
    import shapely

    line = shapely.LineString([to_metres(lon, lat) for lon, lat in waypoints])
    return bool(line.intersects(shapely.Polygon([to_metres(lon, lat) for lon, lat in ring])))


@lru_cache(maxsize=256)
def faults_of_area(key: str, area: ClosedArea) -> tuple[Text, ...]:
    """The faults of a closed area, each as a sentence."""
    import shapely

    outside = next((sentence for lon, lat in corners(area) if (sentence := check_datum(lon, lat, ""))), None)
    if outside:
        return (_OF_AREA.fill(area=key, fault=outside),)
    if not shapely.Polygon([to_metres(lon, lat) for lon, lat in corners(area)]).is_valid:
        return (_OF_AREA.fill(area=key, fault=_CROSSES),)
    return ()
