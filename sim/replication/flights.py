"""The flights of one replication: sampled from demand, or read from a schedule."""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.ground import arguments
from sim.ground.arrays import Floats
from sim.ground.errors import RunError
from sim.ground.streams import draw
from sim.ground.time_units import HOUR_S, HOURS_A_DAY
from sim.ground.tolerance import nearest_whole
from sim.model.feature import Feature
from sim.model.flights import Consignments, Flights
from sim.replication.arrivals import planned_departures
from sim.replication.attributes import Columns, drawn_attributes, drawn_goods
from sim.replication.scheduled import STREAM, scheduled
from sim.scenario.scenario import Scenario
from sim.world.aircraft import nominal_flight_time_s
from sim.world.demand import Demand, aircraft_on, no_demand, per_day
from sim.world.routes import Route

T = TypeVar("T")


def make_flights(scenario: Scenario, seed: int, replication: int, days: float) -> tuple[Flights, Consignments]:
    """The flights planned in the first `days` days, and their consignments.

    Raises InputError where there is no demand, or a schedule does not fit the scenario.
    """
    demand: Demand = scenario.world.demand
    routes = _declared_by_one(scenario, "routes", lambda feature: feature.routes)
    if demand.schedule is None:
        columns, goods = _sample(demand, routes, seed, replication, days)
    else:
        columns = scheduled(demand, demand.schedule, routes, seed, replication)
        goods = drawn_goods(demand, seed, replication, STREAM, int(columns["consignments"].sum()))
    rank = _ranks(seed, replication, demand.operators)[columns["operator"].astype(np.int64)]
    member = rank < aeo_operators(scenario)[1] / demand.operators
    aeo = np.where(np.isnan(columns["aeo"]), member, columns["aeo"] == 1)
    return _flights(demand, routes, columns, rank, aeo), Consignments(_flight_of_consignment(columns), goods)


def aeo_operators(scenario: Scenario) -> tuple[float, int]:
    """The share of operators that the AEO programme is to have, and the number of operators nearest to it."""
    share = _declared_by_one(scenario, "aeo_share", lambda feature: feature.aeo_share)
    return share, nearest_whole(share, scenario.world.demand.operators)


def _declared_by_one(scenario: Scenario, name: str, function_of: Callable[[Feature], Callable[[Any], T] | None]) -> T:
    """What the one feature that declares it says by its policy. Raises RunError where no feature does, or several."""
    declared = [(feature, function) for feature in scenario.assembly.features if (function := function_of(feature)) is not None]
    if len(declared) != 1:
        keys = ", ".join(feature.key for feature, _ in declared) or "none"
        raise RunError(f"flights need one feature of the scenario that declares {name}; declared by: {keys}")
    ((feature, function),) = declared
    return function(getattr(scenario.policy, feature.key))


def expected_departures(scenario: Scenario, flights: Flights) -> Floats:
    """Shape (2 * routes, 24): planned departures by way (2 * route + outward) and hour of the day, to scale.

    The demand's profile, to the scale of each route; with a schedule, which is known beforehand, its own count.
    """
    demand: Demand = scenario.world.demand
    ways = 2 * len(flights.routes)
    if demand.schedule is None:
        by_way = np.repeat([per_day(demand, route.key) for route in flights.routes], 2)
        return np.asarray(by_way[:, None] * np.array(demand.hourly_profile))
    hour = (flights.planned_departure_s // HOUR_S % HOURS_A_DAY).astype(np.int64)
    number = (flights.route * 2 + flights.outward) * 24 + hour
    return np.bincount(number, minlength=24 * ways).reshape(ways, 24).astype(np.float64)


def flight_table_key(flights: Flights, consignments: Consignments) -> str:
    """A hash of the orders of customers: scenarios with equal keys can be paired flight by flight.

    Membership of the AEO programme is policy and not part of it.
    """
    digest = blake2b(digest_size=16)
    digest.update("|".join(route.key for route in flights.routes).encode())
    for column in (
        flights.ordered_s,
        flights.planned_departure_s,
        flights.route,
        flights.outward,
        flights.priority,
        flights.operator,
        flights.passengers,
    ):
        digest.update(np.ascontiguousarray(column).tobytes())
    digest.update(consignments.flight.tobytes() + consignments.goods.tobytes())
    return digest.hexdigest()


def _sample(
    demand: Demand, routes: Sequence[Route], seed: int, replication: int, days: float
) -> tuple[Columns, NDArray[np.int32]]:
    """The flights of every route and direction, each from streams of its own, and the goods they carry."""
    arguments.check(no_demand(demand, [route.key for route in routes]))
    parts: list[Columns] = []
    goods: list[NDArray[np.int32]] = []
    for number, route in enumerate(routes):
        for outward in (True, False):
            name = f"demand.{route.key}.{'outward' if outward else 'inward'}"
            part = _sample_one_way(demand, route, seed, replication, name, days)
            n = len(part["planned_departure_s"])
            parts.append({**part, "route": np.full(n, number), "outward": np.full(n, outward)})
            goods.append(drawn_goods(demand, seed, replication, name, int(part["consignments"].sum())))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _by_departure(columns, np.concatenate(goods))


def _sample_one_way(demand: Demand, route: Route, seed: int, replication: int, name: str, days: float) -> Columns:
    flights = per_day(demand, route.key)
    planned_s = planned_departures(seed, replication, f"{name}.gap", flights, demand.hourly_profile, days)
    seats = np.full(len(planned_s), aircraft_on(demand, route).seats)
    drawn = drawn_attributes(demand, seats, seed, replication, name, len(planned_s))
    ordered_s = planned_s - drawn.pop("notice_s")
    return {**drawn, "planned_departure_s": planned_s, "ordered_s": ordered_s, "aeo": np.full(len(planned_s), np.nan)}


def _by_departure(columns: Columns, goods: NDArray[np.int32]) -> tuple[Columns, NDArray[np.int32]]:
    """The flights in the order of planned departure, and the goods of their consignments in the order of the flights."""
    order = np.argsort(columns["planned_departure_s"], kind="stable")
    place = np.argsort(order)
    regrouped = np.argsort(place[_flight_of_consignment(columns)], kind="stable")
    return {name: column[order] for name, column in columns.items()}, goods[regrouped]


def _flight_of_consignment(columns: Columns) -> NDArray[np.int32]:
    counts = columns["consignments"].astype(np.int64)
    return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


def _ranks(seed: int, replication: int, operators: int) -> Floats:
    """Shape (operators,): the place of each operator among all, in [0, 1); the AEO programme takes them in this order."""
    drawn = draw(seed, replication, "demand.rank", "uniform", operators)
    return np.argsort(np.argsort(drawn)).astype(np.float64) / operators


def _flights(demand: Demand, routes: tuple[Route, ...], columns: Columns, rank: Floats, aeo: NDArray[np.bool_]) -> Flights:
    by_route = [aircraft_on(demand, route) for route in routes]
    types = tuple(dict.fromkeys(by_route))
    route = columns["route"].astype(np.int32)
    planned_s = columns["planned_departure_s"].astype(np.float64)
    nominal_s = np.array([nominal_flight_time_s(route.length_m, kind) for route, kind in zip(routes, by_route, strict=True)])[
        route
    ]
    return Flights(
        routes=routes,
        aircraft_types=types,
        ordered_s=columns["ordered_s"].astype(np.float64),
        planned_departure_s=planned_s,
        planned_release_s=planned_s + nominal_s + demand.release_allowance,
        max_shift_s=columns["max_shift_s"].astype(np.float64),
        route=route,
        outward=columns["outward"].astype(np.bool_),
        aircraft=np.array([types.index(kind) for kind in by_route], dtype=np.int32)[route],
        operator=columns["operator"].astype(np.int32),
        rank=rank,
        aeo=aeo,
        priority=columns["priority"].astype(np.int32),
        passengers=columns["passengers"].astype(np.int32),
    )
