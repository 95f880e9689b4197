"""Where aircraft are drawn: the paths of legs, in whole metres of EPSG:4547 from the corner of the map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from sim.ground.arrays import Floats, Ints32
from sim.ground.geodesy import LonLat, to_metres
from sim.world.routes import Route
from sim.world.sites import Site

MARGIN_M = 60_000.0  # of land and boundary around the corridors: more than a window shows
OUT, BACK = 1, 0  # the way of a path, as `outward` numbers it


@dataclass(frozen=True)
class Path:
    """A polyline that an aircraft flies from its first point to its last; shape (k, 2), east and north in m."""

    points: Ints32

    @cached_property
    def _so_far_m(self) -> Floats:
        steps = np.hypot(*np.diff(self.points, axis=0).astype(np.float64).T)
        return np.concatenate([[0.0], np.cumsum(steps)])

    def at(self, share: Floats) -> Floats:
        """Shape (n, 2): the points at those shares of the length."""
        along = np.clip(share, 0.0, 1.0) * self._so_far_m[-1]
        return np.column_stack([np.interp(along, self._so_far_m, self.points[:, axis]) for axis in (0, 1)])

    def headings(self, share: Floats) -> Floats:
        """Shape (n,): the direction flown at those shares of the length, radians from east, anticlockwise."""
        along = np.clip(share, 0.0, 1.0) * self._so_far_m[-1]
        piece = np.clip(np.searchsorted(self._so_far_m, along) - 1, 0, len(self.points) - 2)
        east, north = (self.points[piece + 1] - self.points[piece]).T
        return np.asarray(np.arctan2(north, east))


@dataclass(frozen=True)
class Places:
    """The paths of all routes, and their numbers.

    legs: by (route, way), the numbers of the paths of its legs in the order flown · divert, home: by (route, way), from
    the destination to its alternate, and from there home.
    Nobody has published alternates: each is drawn beyond the destination, as far as the scenario says.
    """

    paths: tuple[Path, ...]
    legs: dict[tuple[int, int], tuple[int, ...]]
    divert: dict[tuple[int, int], int]
    home: dict[tuple[int, int], int]

    @staticmethod
    def of(routes: Sequence[Route], alternate_m: float, corner: tuple[int, int]) -> "Places":
        """The paths of those routes, with the alternates at that distance, on the map with that corner."""
        paths: list[Path] = []

        def number(points: Floats) -> int:
            paths.append(Path(points.round().astype(np.int32)))
            return len(paths) - 1

        legs, divert, home = {}, {}, {}
        for route_number, route in enumerate(routes):
            line = metres(route.waypoints) - corner
            out = _cut(line, [leg.length_m for leg in route.legs])
            for way, pieces in ((OUT, out), (BACK, [piece[::-1] for piece in out[::-1]])):
                key = route_number, way
                whole = line if way == OUT else line[::-1]
                alternate = _beyond(whole, alternate_m)
                legs[key] = tuple(number(piece) for piece in pieces)
                divert[key] = number(np.vstack([whole[-1], alternate]))
                home[key] = number(np.vstack([alternate, whole[::-1]]))
        return Places(tuple(paths), legs, divert, home)


def on_map(points: Iterable[LonLat], corner: tuple[int, int]) -> Ints32:
    """Shape (k, 2): WGS84 degrees as whole metres from the map's corner."""
    return (metres(points) - corner).round().astype(np.int32)


def metres(points: Iterable[LonLat]) -> Floats:
    """Shape (k, 2): east and north in EPSG:4547 metres."""
    lons, lats = zip(*points, strict=True)
    return np.column_stack(to_metres(np.array(lons), np.array(lats)))


def sites_of(routes: Sequence[Route]) -> tuple[Site, ...]:
    """The sites at the ends of the routes, each once."""
    return tuple(dict.fromkeys(site for route in routes for site in route.sites))


def corner_of(routes: Sequence[Route]) -> tuple[int, int]:
    """East and north, in whole metres of EPSG:4547, of the south-western corner of a map of those routes."""
    low = np.vstack([metres(route.waypoints) for route in routes]).min(axis=0) - MARGIN_M
    return int(low[0]), int(low[1])


def _cut(line: Floats, lengths_m: Sequence[float]) -> list[Floats]:
    """The line in pieces in the proportion of the legs' lengths: geodesic and drawn ones differ by less than 0.01%."""
    so_far = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    edges = np.concatenate([[0.0], np.cumsum(lengths_m)]) * (so_far[-1] / sum(lengths_m))
    pieces = []
    for begin, end in pairwise(edges):
        between = line[(so_far > begin) & (so_far < end)]
        ends = [[np.interp(at, so_far, line[:, axis]) for axis in (0, 1)] for at in (begin, end)]
        pieces.append(np.vstack([ends[0], between, ends[1]]))
    return pieces


def _beyond(line: Floats, distance_m: float) -> Floats:
    """The point that far past the end of a line, in its last direction."""
    ahead = line[-1] - line[-2]
    return np.asarray(line[-1] + ahead / np.hypot(*ahead) * distance_m)
