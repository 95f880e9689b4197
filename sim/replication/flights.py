"""The flights of one replication: sampled from demand, or read from a schedule."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from sim.ground.errors import InputError, Problem
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Floats, draw
from sim.nouns.flights import Consignments, Flights
from sim.replication.arrivals import planned_departures
from sim.world.aircraft import Aircraft, aircraft_catalogue, block_time_s
from sim.world.demand import PRIORITY_KEYS, Demand
from sim.world.goods import GOODS_KEYS
from sim.world.own_route import routes_of
from sim.world.routes import Route
from sim.world.schedule import Schedule

ATTRIBUTES = ("notice", "max_shift", "operator", "priority", "consignments")
Columns = dict[str, np.ndarray]


def make_flights(scenario: Any, seed: int, replication: int, days: float) -> tuple[Flights, Consignments]:
    """The flights planned in the first `days` days, and their consignments.

    Raises InputError where a schedule does not fit the scenario.
    """
    demand: Demand = scenario.world.demand
    routes = routes_of(scenario.policy.corridor.routes, scenario.policy.corridor.own_routes)
    if demand.schedule is None:
        columns = _sample(demand, routes, seed, replication, days)
    else:
        columns = _scheduled(demand, demand.schedule, routes, seed, replication)
    member = _members(seed, replication, demand.operators, scenario.policy.pre_clearance.aeo_share)
    aeo = np.where(np.isnan(columns["aeo"]), member[columns["operator"].astype(np.int64)], columns["aeo"] == 1)
    flights = _flights(demand, routes, columns, aeo)
    return flights, _consignments(demand, columns["consignments"].astype(np.int64), seed, replication)


def flight_table_key(flights: Flights, consignments: Consignments) -> str:
    """A hash of what customers ask for: scenarios with equal keys can be paired flight by flight.

    Membership of the AEO programme is policy and no part of it.
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
    ):
        digest.update(np.ascontiguousarray(column).tobytes())
    digest.update(consignments.flight.tobytes() + consignments.goods.tobytes())
    return digest.hexdigest()


def _sample(demand: Demand, routes: Sequence[Route], seed: int, replication: int, days: float) -> Columns:
    parts: list[Columns] = []
    for number, route in enumerate(routes):
        for outward in (True, False):
            name = f"demand.{route.key}.{'outward' if outward else 'inward'}"
            planned_s = planned_departures(
                seed, replication, f"{name}.gap", demand.flights_per_day * 86400.0, demand.hourly_profile, days
            )
            part = _drawn_attributes(demand, seed, replication, name, len(planned_s))
            parts.append({**part, "planned_departure_s": planned_s, "ordered_s": planned_s - part.pop("notice")})
            parts[-1] |= {"route": np.full(len(planned_s), number), "outward": np.full(len(planned_s), outward)}
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0] if name != "notice"}
    order = np.argsort(columns["planned_departure_s"], kind="stable")
    return {name: column[order] for name, column in columns.items()}


def _drawn_attributes(demand: Demand, seed: int, replication: int, name: str, count: int) -> Columns:
    """What is drawn of each flight, shape (count,) each."""
    from scipy.stats import poisson

    u = {attribute: draw(seed, replication, f"{name}.{attribute}", "uniform", count) for attribute in ATTRIBUTES}
    return {
        "notice": demand.notice.quantile(u["notice"]),
        "max_shift_s": demand.max_shift.quantile(u["max_shift"]),
        "operator": np.floor(u["operator"] * demand.operators),
        "priority": _pick(u["priority"], demand.priority_mix, PRIORITY_KEYS),
        "consignments": 1 + poisson.ppf(u["consignments"], demand.consignments_per_flight - 1),
        "aeo": np.full(count, np.nan),
    }


def _pick(u: Floats, mix: Mapping[str, float], keys: Sequence[str]) -> np.ndarray:
    """The number of the class that each uniform falls into."""
    edges = np.cumsum([mix[key] for key in keys])
    return np.minimum(np.searchsorted(edges, u, side="right"), len(keys) - 1)


def _members(seed: int, replication: int, operators: int, share: float) -> np.ndarray:
    """Shape (operators,): in the AEO programme. A larger share keeps those that were in it."""
    rank = np.argsort(np.argsort(draw(seed, replication, "demand.aeo", "uniform", operators)))
    return rank < round(share * operators)


def _flights(demand: Demand, routes: tuple[Route, ...], columns: Columns, aeo: np.ndarray) -> Flights:
    by_route = [_aircraft(demand, route) for route in routes]
    types = tuple(dict.fromkeys(by_route))
    route = columns["route"].astype(np.int32)
    block_s = np.array([block_time_s(one.length_m, kind) for one, kind in zip(routes, by_route, strict=True)])[route]
    return Flights(
        routes=routes,
        aircraft_types=types,
        ordered_s=columns["ordered_s"],
        planned_departure_s=columns["planned_departure_s"],
        planned_release_s=columns["planned_departure_s"] + block_s + demand.release_allowance,
        max_shift_s=columns["max_shift_s"],
        route=route,
        outward=columns["outward"].astype(np.bool_),
        aircraft=np.array([types.index(kind) for kind in by_route], dtype=np.int32)[route],
        operator=columns["operator"].astype(np.int32),
        aeo=np.asarray(aeo, dtype=np.bool_),
        priority=columns["priority"].astype(np.int32),
    )


def _aircraft(demand: Demand, route: Route) -> Aircraft:
    key = demand.aircraft[route.key] if isinstance(demand.aircraft, dict) else demand.aircraft
    return aircraft_catalogue()[key]


def _consignments(demand: Demand, counts: np.ndarray, seed: int, replication: int) -> Consignments:
    flight = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    u = draw(seed, replication, "demand.goods", "uniform", len(flight))
    return Consignments(flight, _pick(u, demand.goods_mix, GOODS_KEYS).astype(np.int32))


def _scheduled(demand: Demand, schedule: Schedule, routes: Sequence[Route], seed: int, replication: int) -> Columns:
    """The columns of a schedule; cells left open are drawn."""
    n = len(schedule)
    problems: list[Problem] = []
    numbers = {key: schedule_numbers(schedule, key, problems) for key in schedule.columns if _is_number_column(key)}
    route, outward = _directions(schedule, routes, problems)
    priority = _named(schedule, "priority", PRIORITY_KEYS, problems)
    if np.isnan(numbers["planned_departure_s"]).any():
        problems.append(
            _at_fault(
                schedule, "planned_departure_s", int(np.argmax(np.isnan(numbers["planned_departure_s"]))), "an instant in s"
            )
        )
    if problems:
        raise InputError(*problems)
    drawn = _drawn_attributes(demand, seed, replication, "demand.schedule", n)
    drawn["ordered_s"] = numbers["planned_departure_s"] - drawn.pop("notice")
    drawn["priority"] = np.where(np.isnan(priority), drawn["priority"], priority)
    given = {key: numbers.get(key, np.full(n, np.nan)) for key in ("ordered_s", "max_shift_s", "operator", "aeo", "consignments")}
    filled = {key: np.where(np.isnan(value), drawn[key], value) for key, value in given.items()}
    columns = {**drawn, **filled, "planned_departure_s": numbers["planned_departure_s"], "route": route, "outward": outward}
    _check_scheduled(schedule, demand, columns)
    return columns


def _is_number_column(name: str) -> bool:
    return name not in ("route", "from_side", "priority")


def schedule_numbers(schedule: Schedule, name: str, problems: list[Problem]) -> Floats:
    """Shape (n,): a column of a schedule as numbers, NaN where the cell is open; faults join `problems`."""
    values = np.full(len(schedule), np.nan)
    for row, cell in enumerate(schedule.columns[name]):
        if cell:
            try:
                values[row] = float(cell)
            except ValueError:
                problems.append(_at_fault(schedule, name, row, "a number, or nothing"))
    return values


def _at_fault(schedule: Schedule, name: str, row: int, allowed: str) -> Problem:
    place = schedule.file or "schedule"
    return Problem(
        f"row {row + 1} of the schedule, column {name}",
        file=place,
        path="world.demand.schedule",
        found=schedule.columns[name][row] or "nothing",
        allowed=allowed,
    )


def _directions(schedule: Schedule, routes: Sequence[Route], problems: list[Problem]) -> tuple[np.ndarray, np.ndarray]:
    keys = {route.key: number for number, route in enumerate(routes)}
    route, outward = np.zeros(len(schedule), dtype=np.int32), np.zeros(len(schedule), dtype=np.bool_)
    for row, (key, side) in enumerate(zip(schedule.columns["route"], schedule.columns["from_side"], strict=True)):
        if key not in keys:
            problems.append(_at_fault(schedule, "route", row, ", ".join(keys)))
        elif side not in SIDE_KEYS:
            problems.append(_at_fault(schedule, "from_side", row, ", ".join(SIDE_KEYS)))
        else:
            route[row], outward[row] = keys[key], routes[keys[key]].sites[0].side == side
    return route, outward


def _named(schedule: Schedule, name: str, keys: Sequence[str], problems: list[Problem]) -> Floats:
    cells = schedule.columns.get(name, ("",) * len(schedule))
    for row, cell in enumerate(cells):
        if cell and cell not in keys:
            problems.append(_at_fault(schedule, name, row, ", ".join(keys)))
    return np.array([keys.index(cell) if cell in keys else np.nan for cell in cells])


def _check_scheduled(schedule: Schedule, demand: Demand, columns: Columns) -> None:
    operator, count, aeo = columns["operator"], columns["consignments"], columns["aeo"]
    wrong = {
        "ordered_s": (columns["ordered_s"] > columns["planned_departure_s"], "no later than planned_departure_s"),
        "max_shift_s": (columns["max_shift_s"] < 0, "0 or more"),
        "operator": (_not_whole(operator, 0, demand.operators - 1), f"0 to {demand.operators - 1} (world.demand.operators)"),
        "consignments": (_not_whole(count, 1, np.inf), "a whole number of at least 1"),
        "aeo": (~np.isnan(aeo) & _not_whole(aeo, 0, 1), "0 or 1"),
    }
    problems = [
        _at_fault(schedule, name, int(np.argmax(bad)), allowed)
        for name, (bad, allowed) in wrong.items()
        if bad.any() and name in schedule.columns
    ]
    if problems:
        raise InputError(*problems)


def _not_whole(values: Floats, low: float, high: float) -> np.ndarray:
    return np.asarray((values < low) | (values > high) | (values % 1 != 0))
