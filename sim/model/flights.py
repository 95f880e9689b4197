"""The entities: flights and their consignments, as arrays."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Bools, Floats, Ints32
from sim.ground.sides import SIDE_KEYS, side_index
from sim.ground.text import Text
from sim.world.aircraft import Aircraft
from sim.world.routes import Route


class Priority(IntEnum):
    """A flight's class; smaller goes first where a stage grants priority."""

    MEDICAL = 0
    PASSENGER = 1
    EXPRESS = 2
    GENERAL = 3


PRIORITY_LABELS: dict[Priority, Text] = {
    Priority.MEDICAL: Text("medical", "醫療", "医疗"),
    Priority.PASSENGER: Text("passenger", "載客", "载客"),
    Priority.EXPRESS: Text("express", "速遞", "快递"),
    Priority.GENERAL: Text("general", "一般貨物", "一般货物"),
}


NO_SIDE = -1


def _flown_over(route: Route) -> int:
    ends = {site.side for site in route.sites}
    return next((side_index(side) for side in route.sides if side not in ends), NO_SIDE)


def _unchangeable(numbers: Ints32) -> Ints32:
    """The same, so that nobody writes into what all who ask are given."""
    numbers.setflags(write=False)
    return numbers


@dataclass(frozen=True)
class Flights:
    """n planned flights, in order of planned departure; every array has shape (n,).

    ordered_s: instant of the order · planned_departure_s: the departure asked for, the same in all
    compared scenarios · planned_release_s: planned departure + nominal flight time + fixed allowance ·
    max_shift_s: the longest shift of the departure that the customer accepts · route: number in
    `routes` · outward: flies from the route's first site to its last · aircraft: number in
    `aircraft_types` · operator: number of the operator · rank: the operator's place among all, in [0, 1), the
    most trusted first · aeo: the operator is an authorised economic operator · priority: Priority ·
    passengers: on board, 0 on cargo flights · number: the flight's number among all that were drawn of its route and
    direction, by which it has its random numbers; some that were drawn are not here (see `make_flights`).
    """

    routes: tuple[Route, ...]
    aircraft_types: tuple[Aircraft, ...]
    ordered_s: Floats
    planned_departure_s: Floats
    planned_release_s: Floats
    max_shift_s: Floats
    route: Ints32
    outward: Bools
    aircraft: Ints32
    operator: Ints32
    rank: Floats
    aeo: Bools
    priority: Ints32
    passengers: Ints32
    number: Ints32

    def __len__(self) -> int:
        return len(self.ordered_s)

    def side(self, role: str) -> Ints32:
        """Shape (n,): number in SIDES of the side of origin or destination, or of the side that is only flown over.

        Role "transit" is the side of a middle leg that is neither end's; NO_SIDE (-1) where there is none.
        """
        return self._side_of_role[role]

    @cached_property
    def _side_of_role(self) -> dict[str, Ints32]:
        side_of_site = np.array([side_index(side) for side in self.site_sides], dtype=np.int32)
        transit = np.array([_flown_over(route) for route in self.routes], dtype=np.int32)[self.route]
        sides = {"transit": transit, **{role: side_of_site[sites] for role, sites in self._site_of_role.items()}}
        return {role: _unchangeable(numbers) for role, numbers in sides.items()}

    @property
    def sides(self) -> tuple[str, ...]:
        """Keys of the sides on which flights begin or end, in the order of SIDES."""
        return tuple(key for key in SIDE_KEYS if key in self.site_sides)

    @property
    def sides_flown_over(self) -> tuple[str, ...]:
        """Keys of the sides whose airspace some route crosses without touching ground there, in the order of SIDES."""
        flown_over = {_flown_over(route) for route in self.routes}
        return tuple(key for number, key in enumerate(SIDE_KEYS) if number in flown_over)

    @property
    def cabin(self) -> Bools:
        """Shape (n,): the flight carries passengers, as types with seats do, and no consignments."""
        return np.array([kind.seats > 0 for kind in self.aircraft_types], dtype=np.bool_)[self.aircraft]

    def site(self, role: str) -> Ints32:
        """Shape (n,): number in `sites` of the site of origin or destination."""
        return self._site_of_role[role]

    @cached_property
    def _site_of_role(self) -> dict[str, Ints32]:
        numbers = {key: number for number, key in enumerate(self.sites)}
        ends = np.array([[numbers[site.key] for site in route.sites] for route in self.routes], dtype=np.int32)[self.route]
        towards = {"origin": (0, 1), "destination": (1, 0)}
        return {
            role: _unchangeable(np.where(self.outward, ends[:, outward], ends[:, inward]))
            for role, (outward, inward) in towards.items()
        }

    @property
    def sites(self) -> tuple[str, ...]:
        """Keys of the sites at the ends of the routes, each once, in order of first use."""
        return tuple(dict.fromkeys(site.key for route in self.routes for site in route.sites))

    @property
    def site_sides(self) -> tuple[str, ...]:
        """The side key of each of `sites`."""
        side_of = {site.key: site.side for route in self.routes for site in route.sites}
        return tuple(side_of[key] for key in self.sites)

    def by_side(self, values: dict[str, float], role: str) -> Floats:
        """Shape (n,): the value of each flight's side of origin or destination."""
        return np.array([values[side] for side in SIDE_KEYS], dtype=np.float64)[self.side(role)]


@dataclass(frozen=True)
class Consignments:
    """m consignments, sorted by flight; every array has shape (m,).

    flight: number of the flight · goods: number in GOODS · number: the consignment's number among all that were drawn of its
    route and direction, by which it has its random numbers.
    """

    flight: Ints32
    goods: Ints32
    number: Ints32

    def __len__(self) -> int:
        return len(self.flight)

    def any_of_flight(self, which: Bools, n_flights: int) -> Bools:
        """Shape (n,): whether any consignment of the flight is in `which` (shape (m,))."""
        return self.count_of_flight(which, n_flights) > 0

    def count_of_flight(self, which: Bools, n_flights: int) -> NDArray[np.int64]:
        """Shape (n,): how many consignments of the flight are in `which`."""
        return np.bincount(self.flight[which], minlength=n_flights)

    def sum_of_flight(self, values: Floats, n_flights: int) -> Floats:
        """Shape (n,): the sum over the flight's consignments of `values` (shape (m,))."""
        return np.bincount(self.flight, weights=values, minlength=n_flights).astype(np.float64)
