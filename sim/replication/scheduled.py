"""Flights of a schedule: its cells checked and turned into numbers; open cells are drawn."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.ground import arguments
from sim.ground.arrays import Floats
from sim.ground.csv_table import plain_number
from sim.ground.errors import InputError, Problem
from sim.ground.instants import parse_instant
from sim.ground.odd_characters import named
from sim.ground.sides import SIDE_KEYS
from sim.ground.text import COLON, COMMA, NOTHING, Text
from sim.ground.time_units import DAY_S
from sim.ground.units import parse_clock
from sim.replication.attributes import Columns, drawn_attributes, drawn_notice_s
from sim.scenario.scenario import Scenario
from sim.world.demand import PRIORITY_KEYS, Demand, aircraft_on
from sim.world.routes import Route
from sim.world.run_days import RunDays
from sim.world.schedule import Schedule

LARGEST_INSTANT_S = 1e14  # milliseconds since 1970 are fewer, and are told as such
STREAM = "demand.schedule"
PATH = "world.demand.schedule"
NUMBERS = ("max_shift_s", "operator", "aeo", "consignments", "passengers")
CLOCK = re.compile(r"\s*([01]?[0-9]|2[0-3]):[0-5][0-9]\s*")
AN_INSTANT = Text(
    'an instant such as "day 1 07:30", "Mon 07:30" or "2026-06-01 07:30", or seconds from 00:00 of day 1',
    '時間，例如 "day 1 07:30"、"Mon 07:30" 或 "2026-06-01 07:30"，或由 day 1 00:00 起計的秒數',
    '时间，例如 "day 1 07:30"、"Mon 07:30" 或 "2026-06-01 07:30"，或由 day 1 00:00 起计的秒数',
)
_OF_EVERY_DAY = Text("nothing, for the flight is one of every day", "留空，因為該航班每日都有", "留空，因为该航班每日都有")
_DIGITS = Text("a number in digits, or nothing", "數字，或留空", "数字，或留空")
_CELL = Text("row {row} of the schedule, column {column}", "班次表第 {row} 行 {column} 欄", "班次表第 {row} 行 {column} 列")
_OPEN = Text("nothing", "留空", "留空")
_OF = Text("{values} ({path})", "{values}（{path}）", "{values}（{path}）")
_OR = Text(" or ", "或", "或")
_RISING = Text("{instant}, not before the row above", "{instant}，不早於上一行", "{instant}，不早于上一行")
_ORDERED = Text(
    "{instant}, no later than planned_departure and no more than ten years before the run",
    "{instant}，不遲於 planned_departure，亦不早於模擬開始前十年",
    "{instant}，不晚于 planned_departure，也不早于模拟开始前十年",
)
_OR_MORE = Text("0 or more", "0 或以上", "0 或以上")
ZERO_OR_ONE = Text("0 or 1", "0 或 1", "0 或 1")
_RANGE = Text("{low} to {high} ({path})", "{low} 至 {high}（{path}）", "{low} 至 {high}（{path}）")
_CONSIGNMENTS = Text(
    "a whole number of at least 1, and 0 on aircraft with seats",
    "不少於 1 的整數；設客座的機型為 0",
    "不少于 1 的整数；设客座的机型为 0",
)
_PASSENGERS = Text("a whole number, no more than the aircraft has seats", "整數，不多於該機型的座位", "整数，不多于该机型的座位")
INSTANTS = ("not_before_s", "deadline_s")
FACT = "fact"
EARLIEST_ORDER_S = -3653 * DAY_S
Allowed = Callable[[Floats], NDArray[np.bool_]]


@lru_cache(maxsize=16)
def _laid_out(schedule: Schedule, file: str, days: RunDays, horizon_s: float, instant_facts: frozenset[str]) -> Schedule:
    """The schedule with a row for each day of the run in place of a row whose departure is a clock time alone.

    Raises InputError where such a row gives an instant of a trace, which is that of one day.
    """
    cells = schedule.columns["planned_departure"]
    every_day = [row for row, cell in enumerate(cells) if is_clock(cell)]
    if not every_day:
        return schedule
    instants = [name for name in schedule.columns if name.rpartition(":")[2] in INSTANTS or name in instant_facts]
    once = [(name, row) for name in instants for row in every_day if schedule.columns[name][row]]
    arguments.check(*(cell_at_fault(schedule, name, row, _OF_EVERY_DAY) for name, row in once[:1]))
    first = 1 - round(days.day_1_s / DAY_S)
    numbers = range(first, first + int(np.ceil(horizon_s / DAY_S)))
    flights = [(row, cell) for row, cell in enumerate(cells) if not is_clock(cell)]
    flights += [(row, f"day {number} {cells[row].strip()}") for number in numbers for row in every_day]
    placed = sorted((float(np.nan_to_num(_since_day_1_s(cell, days), nan=-np.inf)), row, cell) for row, cell in flights)
    columns = {name: tuple(column[row] for _, row, _ in placed) for name, column in schedule.columns.items()}
    columns["planned_departure"] = tuple(cell for *_, cell in placed)
    return Schedule(schedule.text, schedule.file, columns, tuple(schedule.lines[row] for _, row, _ in placed))


def schedule_of(scenario: Scenario) -> Schedule | None:
    """The schedule of a scenario, if there is one, with a row for each flight.

    Raises InputError where a flight of every day gives an instant of a trace.
    """
    schedule = getattr(getattr(scenario.world, "demand", None), "schedule", None)
    if schedule is None:
        return None
    facts = (fact for feature in scenario.assembly.features for fact in feature.writes if fact.is_instant)
    instants = frozenset(f"{FACT}:{fact.name}" for fact in facts)
    return _laid_out(schedule, schedule.file, scenario.study.run_days, scenario.study.horizon_s, instants)


def is_clock(cell: str) -> bool:
    """Whether a cell is a clock time alone."""
    return CLOCK.fullmatch(cell) is not None


def _since_day_1_s(cell: str, days: RunDays) -> float:
    """Seconds from 00:00 of day 1 of a cell with an instant or a number; NaN for anything else."""
    number = plain_number(cell)
    if not np.isnan(number):
        return number
    try:
        return parse_instant(cell).since_day_1_s(days.first_day)
    except ValueError:
        return float("nan")


def schedule_instants(schedule: Schedule, name: str, days: RunDays, problems: list[Problem]) -> Floats:
    """Shape (n,): a column of instants, s from the first midnight of the run; NaN where a cell is open or the column is missing.

    A clock time alone is the last one before the departure. Cells that are no instants join `problems`.
    """
    values = np.full(len(schedule), np.nan)
    for row, cell in enumerate(schedule.columns.get(name, ())):
        if not cell:
            continue
        if is_clock(cell) and name != "planned_departure":
            departs_s = _since_day_1_s(schedule.columns["planned_departure"][row], days)
            values[row] = days.day_1_s + departs_s - (departs_s - parse_clock(cell.strip())) % DAY_S
            continue
        values[row] = days.day_1_s + _since_day_1_s(cell, days)
        if np.isnan(values[row]):
            problems.append(cell_at_fault(schedule, name, row, AN_INSTANT))
    return values


def scheduled(demand: Demand, schedule: Schedule, days: RunDays, routes: Sequence[Route], seed: int, replication: int) -> Columns:
    """The flights of a schedule, shape (n,) each, in its order, which must be that of planned departure.

    Raises InputError that names row and column of each cell at fault.
    """
    problems: list[Problem] = []
    instants = {f"{name}_s": schedule_instants(schedule, name, days, problems) for name in ("planned_departure", "ordered")}
    numbers = instants | {name: schedule_numbers(schedule, name, problems) for name in NUMBERS}
    route, outward = _directions(schedule, routes, problems)
    priority = _priorities(schedule, problems)
    seats = np.array([aircraft_on(demand, way).seats for way in routes], dtype=np.int64)[route]
    if not problems:
        problems += _contradictions(schedule, demand, seats, numbers)
    if problems:
        raise InputError(*problems)
    drawn = drawn_attributes(demand, seats, seed, replication, STREAM, len(schedule))
    planned_s, notice_s = numbers.pop("planned_departure_s"), drawn_notice_s(demand, seed, replication, STREAM, len(schedule))
    drawn |= {"ordered_s": planned_s - notice_s, "aeo": np.full(len(schedule), np.nan)}
    written = {**numbers, "priority": priority}
    filled = {name: np.where(np.isnan(value), drawn[name], value) for name, value in written.items()}
    return {**filled, "planned_departure_s": planned_s, "route": route, "outward": outward}


def schedule_numbers(schedule: Schedule, name: str, problems: list[Problem]) -> Floats:
    """Shape (n,): a column of a schedule as numbers, NaN where a cell is open or there is no such column.

    Cells that are no numbers join `problems`.
    """
    values = np.full(len(schedule), np.nan)
    for row, cell in enumerate(schedule.columns.get(name, ())):
        if cell:
            values[row] = number = plain_number(cell)
            if np.isnan(number):
                problems.append(cell_at_fault(schedule, name, row, _DIGITS))
    return values


def cell_at_fault(schedule: Schedule, name: str, row: int, allowed: Text) -> Problem:
    """A problem that names the line, the row, counted from 1 below the header, and the column of a cell."""
    odd = named(schedule.columns[name][row])
    return Problem(
        _CELL.fill(row=row + 1, column=name) + (COLON + odd if odd else NOTHING),
        file=schedule.file or "schedule",
        line=schedule.lines[row],
        path=PATH,
        found=Text.same(schedule.columns[name][row]) or _OPEN,
        allowed=allowed,
    )


def cells_at_fault(schedule: Schedule, name: str, values: Floats, right: Allowed, allowed: Text) -> list[Problem]:
    """A problem for each cell of a column whose value is not right; NaN is an open cell and no problem."""
    wrong = ~np.isnan(values) & ~right(values)
    return [cell_at_fault(schedule, name, int(row), allowed) for row in np.flatnonzero(wrong)]


def _directions(
    schedule: Schedule, routes: Sequence[Route], problems: list[Problem]
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Shape (n,) each: number of the route, and whether the flight goes from its first site to its last."""
    keys = {route.key: number for number, route in enumerate(routes)}
    route, outward = np.zeros(len(schedule), dtype=np.int32), np.zeros(len(schedule), dtype=np.bool_)
    for row, (key, side) in enumerate(zip(schedule.columns["route"], schedule.columns["from_side"], strict=True)):
        if key not in keys:
            problems.append(
                cell_at_fault(schedule, "route", row, _OF.fill(values=COMMA.join(keys), path="policy.corridor.routes"))
            )
            continue
        ends = [site.side for site in routes[keys[key]].sites]
        if side not in SIDE_KEYS or side not in (ends[0], ends[-1]):
            problems.append(cell_at_fault(schedule, "from_side", row, _OR.join([ends[0], ends[-1]])))
        route[row], outward[row] = keys[key], ends[0] == side
    return route, outward


def _priorities(schedule: Schedule, problems: list[Problem]) -> Floats:
    """Shape (n,): number of the priority class, NaN where the cell is open."""
    cells = schedule.columns.get("priority", ("",) * len(schedule))
    for row, cell in enumerate(cells):
        if cell and cell not in PRIORITY_KEYS:
            problems.append(cell_at_fault(schedule, "priority", row, COMMA.join(PRIORITY_KEYS)))
    return np.array([PRIORITY_KEYS.index(cell) if cell in PRIORITY_KEYS else np.nan for cell in cells])


def _contradictions(schedule: Schedule, demand: Demand, seats: NDArray[np.int64], numbers: dict[str, Floats]) -> list[Problem]:
    """Problems of numbers that no flight can have. Rows must rise: flights are numbered by planned departure."""
    planned_s = numbers["planned_departure_s"]
    before_s = np.concatenate([[-np.inf], planned_s[:-1]])
    rules: dict[str, tuple[Allowed, Text]] = {
        "planned_departure": (
            lambda v: (np.abs(v) <= LARGEST_INSTANT_S) & ~(v < before_s),
            _RISING.fill(instant=AN_INSTANT),
        ),
        "ordered": (
            lambda v: (v >= EARLIEST_ORDER_S) & ~(v > planned_s),
            _ORDERED.fill(instant=AN_INSTANT),
        ),
        "max_shift_s": (lambda v: (v >= 0) & (v <= LARGEST_INSTANT_S), _OR_MORE),
        "operator": (
            _whole(0, demand.operators - 1),
            _RANGE.fill(low=0, high=demand.operators - 1, path="world.demand.operators"),
        ),
        "aeo": (_whole(0, 1), ZERO_OR_ONE),
        "consignments": (
            lambda v: _whole(0, 1_000_000)(v) & ((v > 0) == (seats == 0)),
            _CONSIGNMENTS,
        ),
        "passengers": (lambda v: _whole(0, np.inf)(v) & (v <= seats), _PASSENGERS),
    }
    open_rows = np.flatnonzero(np.isnan(planned_s))
    missing = [cell_at_fault(schedule, "planned_departure", int(row), AN_INSTANT) for row in open_rows]
    of_column = {**numbers, "planned_departure": planned_s, "ordered": numbers["ordered_s"]}
    checked = (cells_at_fault(schedule, name, of_column[name], *rule) for name, rule in rules.items())
    return [*missing, *(problem for problems in checked for problem in problems)]


def _whole(low: float, high: float) -> Allowed:
    return lambda values: np.asarray((values >= low) & (values <= high) & (np.floor(values) == values))
