"""Routes of one's own: two sites or points, and waypoints, with the datum of their coordinates."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Literal

from annotated_types import Len
from pydantic import Field

from sim.ground.geodesy import DATUMS, geodesic_m
from sim.ground.names import NAME_PATTERN
from sim.ground.parameter import Group
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import COMMA, Text
from sim.world.routes import Route, make_route, route_catalogue
from sim.world.sites import Site, check_datum, sites

DatumKey = Literal["wgs84", "gcj02", "hk80"]
Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-180, le=180)]
Point = Annotated[tuple[Degrees, ...], Len(2, 2)]
RouteName = Annotated[str, Field(pattern=NAME_PATTERN)]
_OF_ROUTE = Text("{route}: {fault}", "{route}：{fault}", "{route}：{fault}")
_NO_SITE = Text(
    "{route}: no site is called {site}; the sites are {sites}",
    "{route}：沒有地點 {site}；可用 {sites}",
    "{route}：没有地点 {site}；可用 {sites}",
)
_NO_SIDE = Text(
    "{route}: unknown side {side}; the sides are {sides}",
    "{route}：沒有 {side} 這一方；可用 {sides}",
    "{route}：没有 {side} 这一方；可用 {sides}",
)
_ONE_SIDE = Text(
    "{route}: both ends are on one side; a route crosses a boundary",
    "{route}：兩端同屬一方；航線須跨越關境",
    "{route}：两端同属一方；航线须跨越关境",
)
_ONE_POINT = Text("{route}: both ends are at the same point", "{route}：兩端為同一點", "{route}：两端为同一点")
MOST_WAYPOINTS = 500  # each is held against the outlines of all sides
LEAST_LENGTH_M = 1.0


class OwnSite(Group):
    """A vertiport that the catalogue of sites does not have."""

    lon: Degrees
    lat: Degrees
    side: str
    near: str | None = Field(default=None, description="key of the catalogue's site that it is, or lies beside: checks the datum")


class OwnRoute(Group):
    """A route of one's own; `via` are waypoints (longitude, latitude) in degrees of `datum`."""

    start: str | OwnSite
    end: str | OwnSite
    via: Annotated[tuple[Point, ...], Len(0, MOST_WAYPOINTS)] = ()
    datum: DatumKey = "wgs84"


def routes_of(keys: Sequence[str], own_routes: Mapping[str, OwnRoute]) -> tuple[Route, ...]:
    """The routes of those keys; a key of `own_routes` goes before the catalogue's. Raises KeyError for an unknown key."""
    return tuple(_built(key, own_routes[key]) if key in own_routes else route_catalogue()[key] for key in keys)


def sound_routes(keys: Sequence[str], own_routes: Mapping[str, OwnRoute]) -> tuple[Route, ...]:
    """The routes of those keys that are known and have no faults: the others are told by the check of the corridor."""
    known = (key for key in keys if key in route_catalogue() or key in own_routes)
    return routes_of([key for key in known if key not in own_routes or not faults(key, own_routes[key])], own_routes)


@lru_cache(maxsize=256)
def faults(key: str, route: OwnRoute) -> tuple[Text, ...]:
    """The faults of a route of one's own, each as a sentence."""
    sentences: list[Text] = []
    for end in (route.start, route.end):
        if isinstance(end, str):
            sentences += [] if end in sites() else [_NO_SITE.fill(route=key, site=end, sites=COMMA.join(sites()))]
        elif end.side not in SIDE_KEYS:
            sentences.append(_NO_SIDE.fill(route=key, side=end.side, sides=COMMA.join(SIDE_KEYS)))
        elif end.near is not None and end.near not in sites():
            sentences.append(_NO_SITE.fill(route=key, site=end.near, sites=COMMA.join(sites())))
        else:
            lon, lat = to_wgs84(end.lon, end.lat, route.datum)
            sentences += _prefixed(key, check_datum(lon, lat, end.side, sites()[end.near] if end.near else None))
    for lon, lat in route.via:
        sentences += _prefixed(key, check_datum(*to_wgs84(lon, lat, route.datum), ""))
    if sentences:
        return tuple(sentences)
    first, last = (_site(key, end, route.datum) for end in (route.start, route.end))
    if first.side == last.side:
        return (_ONE_SIDE.fill(route=key),)
    if geodesic_m(first.lon, first.lat, last.lon, last.lat) < LEAST_LENGTH_M:
        return (_ONE_POINT.fill(route=key),)
    return ()


def _prefixed(key: str, sentence: Text | None) -> list[Text]:
    return [_OF_ROUTE.fill(route=key, fault=sentence)] if sentence else []


def to_wgs84(lon: float, lat: float, datum: DatumKey) -> tuple[float, float]:
    """WGS84 longitude and latitude of degrees of `datum`."""
    if datum == "wgs84":
        return lon, lat
    lon_wgs84, lat_wgs84 = DATUMS[datum].to_wgs84(lon, lat)
    return float(lon_wgs84), float(lat_wgs84)


def _site(key: str, end: str | OwnSite, datum: DatumKey) -> Site:
    if isinstance(end, str):
        return sites()[end]
    lon, lat = to_wgs84(end.lon, end.lat, datum)
    name = f"{key}_{end.side}"
    return Site(name, Text(name, name, name), end.side, lon, lat, "site", "the scenario", "the scenario's own", "")


@lru_cache(maxsize=256)
def _built(key: str, route: OwnRoute) -> Route:
    via = [to_wgs84(lon, lat, route.datum) for lon, lat in route.via]
    ends = [_site(key, end, route.datum) for end in (route.start, route.end)]
    return make_route(key, Text(key, key, key), ends[0], ends[1], via, source="the scenario")
