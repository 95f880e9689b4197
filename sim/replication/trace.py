"""Traces: cells of a schedule that replace what the model draws or decides."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.model.facts import LARGEST, Fact
from sim.model.feature import StageUse
from sim.replication.scheduled import FACT, INSTANTS, PATH, Allowed, cells_at_fault, schedule_numbers
from sim.world.schedule import Schedule

_TRUTH: tuple[Allowed, str] = (lambda v: (v == 0) | (v == 1), "0 or 1")
_DURATION: tuple[Allowed, str] = (lambda v: (v >= 0) & (v <= LARGEST), "a number of seconds, 0 or more")
_INSTANT: tuple[Allowed, str] = (lambda v: np.abs(v) <= LARGEST, "an instant in s from 00:00 of day 1")
QUANTITIES: dict[str, tuple[Allowed, str]] = {
    "visits": _TRUTH,
    "service_s": _DURATION,
    "cooldown_s": _DURATION,
    "not_before_s": _INSTANT,
    "patience_s": (lambda v: v >= 0, "a number of seconds, 0 or more, or inf for none"),
    "deadline_s": (lambda v: v > -np.inf, "an instant in s from 00:00 of day 1, or inf for none"),
}
INTEGERS = np.iinfo(np.int32)


def traced_facts(schedule: Schedule | None, facts: Iterable[Fact[Any]], day_1_s: float) -> dict[str, Floats]:
    """The columns `fact:<name>` of a schedule by name of the fact, shape (n,), NaN where a cell is open.

    Instants of the schedule count from 00:00 of day 1, which begins at `day_1_s` of the run.

    Raises InputError for names that are no fact of a flight, and for cells that the fact can't be.
    """
    if schedule is None:
        return {}
    known = {f"{FACT}:{fact.name}": fact for fact in facts if fact.per == "flight"}
    problems: list[Problem] = []
    columns: dict[str, Floats] = {}
    for name in _traced(schedule, facts=True):
        if name not in known:
            problems.append(_unknown(schedule, name, ", ".join(known)))
            continue
        values = columns[known[name].name] = schedule_numbers(schedule, name, problems)
        problems += cells_at_fault(schedule, name, values, *_possible(known[name]))
        if known[name].is_instant:
            columns[known[name].name] = values + day_1_s
    if problems:
        raise InputError(*problems)
    return columns


def _possible(fact: Fact[Any]) -> tuple[Allowed, str]:
    """What a cell of a fact may be, and in words."""
    if fact.dtype is bool:
        return _TRUTH
    low, high = fact.least, fact.most
    if fact.dtype is int:
        low, high = max(low, INTEGERS.min), min(high, INTEGERS.max)
        return lambda v: (v >= low) & (v <= high) & (np.floor(v) == v), f"a whole number from {low:.0f} to {high:.0f}"
    return lambda v: (v >= low) & (v <= high), f"a number from {low:g} to {high:g}"


def traced_uses(
    schedule: Schedule | None, uses: Sequence[StageUse], declared: Sequence[str], ordered_s: Floats, day_1_s: float
) -> Sequence[StageUse]:
    """The stages used, with the cells `<stage>:<quantity>` of a schedule in place of what was drawn or decided.

    A stage that is `declared` but not used by this policy is passed over: one trace may serve several policies.
    Raises InputError for columns that name no declared stage or no such quantity, and for impossible cells.
    """
    if schedule is None:
        return uses
    problems: list[Problem] = []
    traced = {use.stage.key: use for use in uses}
    for name in _traced(schedule, facts=False):
        key, _, quantity = name.partition(":")
        if key not in declared or quantity not in QUANTITIES:
            allowed = f"<stage>:<quantity> with one of the stages {', '.join(declared)} and one of {', '.join(QUANTITIES)}"
            problems.append(_unknown(schedule, name, allowed))
            continue
        values = schedule_numbers(schedule, name, problems)
        problems += cells_at_fault(schedule, name, values, *QUANTITIES[quantity])
        if key in traced:  # a stage that another compared policy uses is left to it
            cells = values + day_1_s if quantity in INSTANTS else values
            traced[key] = _with_cells(traced[key], quantity, cells, ordered_s)
    if problems:
        raise InputError(*problems)
    return [traced[use.stage.key] for use in uses]


def _traced(schedule: Schedule, facts: bool) -> list[str]:
    """The names of the columns that replace facts, or of those that replace cells of stages."""
    return [name for name in schedule.columns if ":" in name and (name.partition(":")[0] == FACT) == facts]


def _with_cells(use: StageUse, quantity: str, values: Floats, ordered_s: Floats) -> StageUse:
    value = getattr(use, quantity)
    cells = np.where(np.isnan(values), ordered_s if value is None else value, values)
    changes: dict[str, Any] = {quantity: cells != 0 if quantity == "visits" else cells}
    return replace(use, **changes)


def _unknown(schedule: Schedule, name: str, allowed: str) -> Problem:
    return Problem("unknown column of the schedule", file=schedule.file or "schedule", path=PATH, found=name, allowed=allowed)
