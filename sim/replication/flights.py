"""The flights of one replication: sampled from demand, or read from a schedule."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.ground import arguments
from sim.ground.arrays import Floats
from sim.ground.errors import RunError
from sim.ground.streams import draw
from sim.ground.text import COMMA, Text
from sim.ground.time_units import DAY_S, HOUR_S, HOURS_A_DAY
from sim.ground.tolerance import nearest_whole
from sim.model.feature import Feature
from sim.model.flights import Consignments, Flights
from sim.replication.arrivals import planned_departures
from sim.replication.attributes import Columns, drawn_attributes, drawn_goods, drawn_notice_s
from sim.replication.scheduled import STREAM, schedule_of, scheduled
from sim.scenario.scenario import Scenario
from sim.world.aircraft import nominal_flight_time_s
from sim.world.demand import Demand, aircraft_on, no_demand, per_day
from sim.world.routes import Route
from sim.world.run_days import RunDays

T = TypeVar("T")
Cargo = dict[str, NDArray[np.int32]]
BEYOND_HORIZON_S = 60 * DAY_S
"""How far after the horizon flights are drawn, the same for all scenarios; orders are seldom placed further ahead."""


def make_flights(scenario: Scenario, seed: int, replication: int, horizon_s: float) -> tuple[Flights, Consignments]:
    """The flights ordered by the horizon, whenever they are planned, and their consignments; of a schedule all its flights.

    Demand goes on after the horizon: an order for a later day takes desks and files before it. What is ordered after the
    horizon can't be seen by then and is left out; that changes no number of the other flights. Flights are drawn up to
    `BEYOND_HORIZON_S` after the horizon: an order with a longer notice than that is missed.

    Raises InputError where there is no demand, or a schedule does not fit the scenario.
    """
    demand: Demand = scenario.world.demand
    routes = flown_routes(scenario)
    schedule = schedule_of(scenario)
    if schedule is None:
        columns, cargo = _sample(demand, scenario.study.run_days, routes, seed, replication, horizon_s)
    else:
        columns = scheduled(demand, schedule, scenario.study.run_days, routes, seed, replication)
        cargo = {"goods": drawn_goods(demand, seed, replication, STREAM, int(columns["consignments"].sum()))}
        way = columns["route"].astype(np.int64) * 2 + columns["outward"].astype(np.int64)
        columns["number"] = _place_among_alike(way)
        cargo["number"] = _place_among_alike(way[_flight_of_consignment(columns)])
    rank = _ranks(seed, replication, demand.operators)[columns["operator"].astype(np.int64)]
    member = rank < aeo_operators(scenario)[1] / demand.operators
    aeo = np.where(np.isnan(columns["aeo"]), member, columns["aeo"] == 1)
    return _flights(demand, routes, columns, rank, aeo), Consignments(_flight_of_consignment(columns), **cargo)


def flown_routes(scenario: Scenario) -> tuple[Route, ...]:
    """The routes that are flown under the scenario's policy."""
    return _declared_by_one(scenario, "routes", lambda feature: feature.routes)


def aeo_operators(scenario: Scenario) -> tuple[float, int]:
    """The share of operators that the AEO programme is to have, and the number of operators nearest to it."""
    share = _declared_by_one(scenario, "aeo_share", lambda feature: feature.aeo_share)
    return share, nearest_whole(share, scenario.world.demand.operators)


_ONE_FEATURE = Text(
    "flights need one feature of the scenario that declares {name}; declared by: {features}",
    "情景須有一項功能宣告 {name}，方可安排航班；現由 {features} 宣告",
    "情景须有一项功能声明 {name}，才可安排航班；现由 {features} 声明",
)
_NO_FEATURE = Text("none", "無", "无")


def _declared_by_one(scenario: Scenario, name: str, function_of: Callable[[Feature], Callable[[Any], T] | None]) -> T:
    """What the one feature that declares it says by its policy. Raises RunError where no feature does, or several."""
    declared = [(feature, function) for feature in scenario.assembly.features if (function := function_of(feature)) is not None]
    if len(declared) != 1:
        keys = COMMA.join(feature.key for feature, _ in declared) or _NO_FEATURE
        raise RunError(_ONE_FEATURE.fill(name=name, features=keys))
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
    demand: Demand, run_days: RunDays, routes: Sequence[Route], seed: int, replication: int, horizon_s: float
) -> tuple[Columns, Cargo]:
    """The flights of every route and direction, each from streams of its own, and what they carry, by column."""
    arguments.check(no_demand(demand, [route.key for route in routes]))
    parts: list[Columns] = []
    cargo_parts: list[Cargo] = []
    for number, route in enumerate(routes):
        for outward in (True, False):
            part, cargo = _sample_one_way(demand, run_days, route, outward, seed, replication, horizon_s)
            n = len(part["planned_departure_s"])
            parts.append({**part, "route": np.full(n, number), "outward": np.full(n, outward)})
            cargo_parts.append(cargo)
    return _by_departure(_joined(parts), _joined(cargo_parts))


def _sample_one_way(
    demand: Demand, run_days: RunDays, route: Route, outward: bool, seed: int, replication: int, horizon_s: float
) -> tuple[Columns, Cargo]:
    """The flights of one route and direction that are ordered by the horizon, and what they carry."""
    name = f"demand.{route.key}.{'outward' if outward else 'inward'}"
    days = (horizon_s + BEYOND_HORIZON_S) / DAY_S
    factors = _factors(demand, run_days, route.sites[0 if outward else -1].side, int(np.ceil(days)))
    rate, hours = per_day(demand, route.key), demand.hourly_profile
    planned_s = planned_departures(seed, replication, f"{name}.gap", rate, hours, days, factors)
    ordered_s = planned_s - drawn_notice_s(demand, seed, replication, name, len(planned_s))
    number = np.flatnonzero(ordered_s <= horizon_s)
    n_drawn = int(np.max(number, initial=-1)) + 1  # flights behind the last that is kept need no attributes
    seats = np.full(n_drawn, aircraft_on(demand, route).seats)
    drawn = drawn_attributes(demand, seats, seed, replication, name, n_drawn)
    kept = {name: column[number] for name, column in drawn.items()}
    times = {"planned_departure_s": planned_s[number], "ordered_s": ordered_s[number], "aeo": np.full(len(number), np.nan)}
    flight = _flight_of_consignment(drawn)
    goods = drawn_goods(demand, seed, replication, name, len(flight))
    number_of_consignment = np.flatnonzero(np.isin(flight, number))
    cargo = {"goods": goods[number_of_consignment], "number": number_of_consignment.astype(np.int32)}
    return {**kept, **times, "number": number}, cargo


def _factors(demand: Demand, run_days: RunDays, side: str, days: int) -> Floats:
    """Shape (days,): the demand of each day of the run, of flights that leave that side, as a multiple of a week's mean day."""
    of_weekday = np.array(demand.weekday_profile, dtype=np.float64) / (sum(demand.weekday_profile) / 7)
    return of_weekday[[run_days.counts_as(day, side) for day in range(days)]]


def _joined(parts: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _by_departure(columns: Columns, cargo: Cargo) -> tuple[Columns, Cargo]:
    """The flights in the order of planned departure, and what they carry in the order of the flights."""
    order = np.argsort(columns["planned_departure_s"], kind="stable")
    place = np.argsort(order)
    regrouped = np.argsort(place[_flight_of_consignment(columns)], kind="stable")
    by_flight = {name: column[regrouped] for name, column in cargo.items()}
    return {name: column[order] for name, column in columns.items()}, by_flight


def _place_among_alike(way: NDArray[np.int64]) -> NDArray[np.int32]:
    """Shape of `way`: how many of the same number stand before each."""
    place = np.empty(len(way), dtype=np.int32)
    for number in np.unique(way):
        alike = np.flatnonzero(way == number)
        place[alike] = np.arange(len(alike))
    return place


def _flight_of_consignment(columns: Mapping[str, NDArray[Any]]) -> NDArray[np.int32]:
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
        number=columns["number"].astype(np.int32),
    )
