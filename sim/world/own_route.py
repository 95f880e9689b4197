"""Routes of one's own: two sites or points, and waypoints, with the datum of their coordinates."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from annotated_types import Len
from pydantic import Field

from sim.ground.geodesy import DATUMS
from sim.ground.parameter import Group
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text
from sim.world.routes import Route, make_route, route_catalogue
from sim.world.sites import Site, check_datum, sites

DatumKey = Literal["wgs84", "gcj02", "hk80"]
Point = Annotated[tuple[float, ...], Len(2, 2)]


class OwnSite(Group):
    """A vertiport that the catalogue of sites does not have."""

    lon: float
    lat: float
    side: str
    near: str | None = Field(default=None, description="key of the catalogue's site that it is, or lies beside: checks the datum")


class OwnRoute(Group):
    """A route of one's own; `via` are waypoints (longitude, latitude) in degrees of `datum`."""

    start: str | OwnSite
    end: str | OwnSite
    via: tuple[Point, ...] = ()
    datum: DatumKey = "wgs84"


def routes_of(keys: Sequence[str], own_routes: Mapping[str, OwnRoute]) -> tuple[Route, ...]:
    """The routes of those keys; a key of `own_routes` goes before the catalogue's. Raises KeyError for an unknown key."""
    return tuple(_built(key, own_routes[key]) if key in own_routes else route_catalogue()[key] for key in keys)


def faults(key: str, route: OwnRoute) -> list[str]:
    """The faults of a route of one's own, each as a sentence."""
    sentences = []
    for end in (route.start, route.end):
        if isinstance(end, str):
            sentences += [] if end in sites() else [f"{key}: no site is called {end}; the sites are {', '.join(sites())}"]
        elif end.side not in SIDE_KEYS:
            sentences.append(f"{key}: unknown side {end.side}; the sides are {', '.join(SIDE_KEYS)}")
        elif end.near is not None and end.near not in sites():
            sentences.append(f"{key}: no site is called {end.near}; the sites are {', '.join(sites())}")
        else:
            lon, lat = _to_wgs84(end.lon, end.lat, route.datum)
            sentences += _prefixed(key, check_datum(lon, lat, end.side, sites()[end.near] if end.near else None))
    for lon, lat in route.via:
        sentences += _prefixed(key, check_datum(*_to_wgs84(lon, lat, route.datum), ""))
    if not sentences and len({_site(key, end, route.datum).side for end in (route.start, route.end)}) == 1:
        sentences.append(f"{key}: both ends are on one side; a route crosses a boundary")
    return sentences


def _prefixed(key: str, sentence: str | None) -> list[str]:
    return [f"{key}: {sentence}"] if sentence else []


def _to_wgs84(lon: float, lat: float, datum: DatumKey) -> tuple[float, float]:
    if datum == "wgs84":
        return lon, lat
    lon_wgs84, lat_wgs84 = DATUMS[datum].to_wgs84(lon, lat)
    return float(lon_wgs84), float(lat_wgs84)


def _site(key: str, end: str | OwnSite, datum: DatumKey) -> Site:
    if isinstance(end, str):
        return sites()[end]
    lon, lat = _to_wgs84(end.lon, end.lat, datum)
    name = f"{key}_{end.side}"
    return Site(name, Text(name, name, name), end.side, lon, lat, "site", "the scenario", "the scenario's own", "")


def _built(key: str, route: OwnRoute) -> Route:
    via = [_to_wgs84(lon, lat, route.datum) for lon, lat in route.via]
    ends = [_site(key, end, route.datum) for end in (route.start, route.end)]
    return make_route(key, Text(key, key, key), ends[0], ends[1], via, source="the scenario")
