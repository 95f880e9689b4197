"""Traces: cells of a schedule that replace what the model draws or decides."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text
from sim.model.facts import LARGEST, Fact
from sim.model.feature import StageUse
from sim.replication.scheduled import FACT, INSTANTS, PATH, ZERO_OR_ONE, Allowed, cells_at_fault, schedule_numbers
from sim.world.schedule import Schedule

_SECONDS = Text("a number of seconds, 0 or more", "秒數，0 或以上", "秒数，0 或以上")
_FROM_DAY_1 = Text("an instant in s from 00:00 of day 1", "由 day 1 00:00 起計的秒數", "由 day 1 00:00 起计的秒数")
_OR_INF = Text("{allowed}, or inf for none", "{allowed}；不設則填 inf", "{allowed}；不设则填 inf")
_WHOLE = Text("a whole number from {low} to {high}", "{low} 至 {high} 的整數", "{low} 至 {high} 的整数")
_NUMBER = Text("a number from {low} to {high}", "{low} 至 {high} 的數字", "{low} 至 {high} 的数字")
_COLUMNS = Text(
    "<stage>:<quantity> with one of the stages {stages} and one of {quantities}",
    "<stage>:<quantity>，其中 stage 為 {stages} 之一，quantity 為 {quantities} 之一",
    "<stage>:<quantity>，其中 stage 为 {stages} 之一，quantity 为 {quantities} 之一",
)
_UNKNOWN = Text("unknown column of the schedule", "班次表沒有這一欄", "班次表没有这一列")
_TRUTH: tuple[Allowed, Text] = (lambda v: (v == 0) | (v == 1), ZERO_OR_ONE)
_DURATION: tuple[Allowed, Text] = (lambda v: (v >= 0) & (v <= LARGEST), _SECONDS)
_INSTANT: tuple[Allowed, Text] = (lambda v: np.abs(v) <= LARGEST, _FROM_DAY_1)
QUANTITIES: dict[str, tuple[Allowed, Text]] = {
    "visits": _TRUTH,
    "service_s": _DURATION,
    "cooldown_s": _DURATION,
    "not_before_s": _INSTANT,
    "patience_s": (lambda v: v >= 0, _OR_INF.fill(allowed=_SECONDS)),
    "deadline_s": (lambda v: v > -np.inf, _OR_INF.fill(allowed=_FROM_DAY_1)),
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
            problems.append(_unknown(schedule, name, COMMA.join(known)))
            continue
        values = columns[known[name].name] = schedule_numbers(schedule, name, problems)
        problems += cells_at_fault(schedule, name, values, *_possible(known[name]))
        if known[name].is_instant:
            columns[known[name].name] = values + day_1_s
    if problems:
        raise InputError(*problems)
    return columns


def _possible(fact: Fact[Any]) -> tuple[Allowed, Text]:
    """What a cell of a fact may be, and in words."""
    if fact.dtype is bool:
        return _TRUTH
    low, high = fact.least, fact.most
    if fact.dtype is int:
        low, high = max(low, INTEGERS.min), min(high, INTEGERS.max)
        return lambda v: (v >= low) & (v <= high) & (np.floor(v) == v), _WHOLE.fill(low=f"{low:.0f}", high=f"{high:.0f}")
    return lambda v: (v >= low) & (v <= high), _NUMBER.fill(low=f"{low:g}", high=f"{high:g}")


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
            allowed = _COLUMNS.fill(stages=COMMA.join(declared), quantities=COMMA.join(QUANTITIES))
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


def _unknown(schedule: Schedule, name: str, allowed: Text) -> Problem:
    return Problem(_UNKNOWN, file=schedule.file or "schedule", path=PATH, found=Text.same(name), allowed=allowed)
