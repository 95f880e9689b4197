"""The road between the two ends of a route: how long a goods vehicle drives, and through how many boundaries' controls."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sim.ground.geodesy import geodesic_m
from sim.world.geography import DATA
from sim.world.routes import Route

DETOUR_FACTOR = 1.4  # road / straight distance; a guess
TOWN_S = 600.0  # to and from the trunk road; a guess
TRUNK_MPS = 60 / 3.6  # a guess


@dataclass(frozen=True, slots=True)
class RoadTrip:
    """A drive from one site of a route to the other: driving time without stops, and number of boundaries with controls."""

    length_m: float
    driving_s: float
    controls: int
    source: str
    status: str


@cache
def road_catalogue() -> Mapping[str, RoadTrip]:
    """The road trips of the data file by the key of the route they stand beside."""
    trips = tomllib.loads((DATA / "road.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            key: RoadTrip(1000.0 * trip["km"], 60.0 * trip["minutes"], trip["controls"], trip["source"], trip["status"])
            for key, trip in trips.items()
        }
    )


def road_trip(route: Route) -> RoadTrip:
    """The road beside a route: the data file's, or `estimated` for a route that the file does not have."""
    return road_catalogue().get(route.key) or estimated(route)


def estimated(route: Route) -> RoadTrip:
    """1.4 x the straight distance; 10 minutes and the rest at 60 km/h; one control if the two ends' sides differ."""
    length_m = DETOUR_FACTOR * geodesic_m(*route.waypoints[0], *route.waypoints[-1])
    controls = int(route.sites[0].side != route.sites[1].side)
    return RoadTrip(length_m, TOWN_S + length_m / TRUNK_MPS, controls, "1.4 x the straight distance", "guess")
