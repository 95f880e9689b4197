"""Routes of one's own: two sites or points, and waypoints, with the datum they are given in."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from annotated_types import Len
from pydantic import Field

from sim.ground.parameter import Group
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import Text
from sim.world.routes import Route, make_route, route_catalogue
from sim.world.sites import SUSPECTED_DATUMS, Site, check_datum, sites

Datum = Literal["wgs84", "gcj02", "hk80"]
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
    datum: Datum = "wgs84"


def routes_of(keys: Sequence[str], own: Mapping[str, OwnRoute]) -> tuple[Route, ...]:
    """The routes of those keys, one's own first; unknown keys raise KeyError."""
    return tuple(_built(key, own[key]) if key in own else route_catalogue()[key] for key in keys)


def faults(key: str, route: OwnRoute) -> list[str]:
    """What is wrong with a route of one's own, each in a sentence."""
    told = []
    for end in (route.start, route.end):
        if isinstance(end, str):
            told += [] if end in sites() else [f"{key}: no site is called {end}; the sites are {', '.join(sites())}"]
        elif end.side not in SIDE_KEYS:
            told.append(f"{key}: unknown side {end.side}; the sides are {', '.join(SIDE_KEYS)}")
        elif end.near is not None and end.near not in sites():
            told.append(f"{key}: no site is called {end.near}; the sites are {', '.join(sites())}")
        else:
            lon, lat = _to_wgs84(end.lon, end.lat, route.datum)
            told += _told(key, check_datum(lon, lat, end.side, sites()[end.near] if end.near else None))
    for lon, lat in route.via:
        told += _told(key, check_datum(*_to_wgs84(lon, lat, route.datum), ""))
    if not told and len({_site(key, end, route.datum).side for end in (route.start, route.end)}) == 1:
        told.append(f"{key}: both ends are on one side; a route crosses a boundary")
    return told


def _told(key: str, sentence: str | None) -> list[str]:
    return [f"{key}: {sentence}"] if sentence else []


def _to_wgs84(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    by_name = {"gcj02": "GCJ-02", "hk80": "Hong Kong 1980"}
    if datum == "wgs84":
        return lon, lat
    lon_wgs84, lat_wgs84 = SUSPECTED_DATUMS[by_name[datum]](lon, lat)
    return float(lon_wgs84), float(lat_wgs84)


def _site(key: str, end: str | OwnSite, datum: Datum) -> Site:
    if isinstance(end, str):
        return sites()[end]
    lon, lat = _to_wgs84(end.lon, end.lat, datum)
    name = f"{key}_{end.side}"
    return Site(name, Text(name, name, name), end.side, lon, lat, "site", "the scenario", "the scenario's own", "")


def _built(key: str, own: OwnRoute) -> Route:
    via = [_to_wgs84(lon, lat, own.datum) for lon, lat in own.via]
    ends = [_site(key, end, own.datum) for end in (own.start, own.end)]
    return make_route(key, Text(key, key, key), ends[0], ends[1], via, source="the scenario")
