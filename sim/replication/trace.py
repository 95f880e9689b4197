"""Traces: cells of a schedule that replace what the model draws or decides."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.ground.errors import InputError, Problem
from sim.nouns.plan import Plan
from sim.replication.flights import schedule_numbers
from sim.world.schedule import Schedule

QUANTITIES = ("visits", "service_s", "cooldown_s", "not_before_s", "patience_s", "deadline_s")


def traced_facts(schedule: Schedule | None, known: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """The columns `fact:<name>` of a schedule, shape (n,), NaN where a cell is open."""
    names = [] if schedule is None else [name for name in schedule.columns if name.startswith("fact:")]
    problems = [_unknown(name, "fact:" + ", fact:".join(known)) for name in names if name[5:] not in known]
    columns = {name[5:]: schedule_numbers(schedule, name, problems) for name in names if schedule is not None}
    if problems:
        raise InputError(*problems)
    return columns


def traced_plan(schedule: Schedule | None, plan: Plan) -> Plan:
    """The plan with the cells `<stage>:<quantity>` of a schedule put in place of what was drawn."""
    if schedule is None:
        return plan
    problems: list[Problem] = []
    tables = {quantity: getattr(plan, quantity).copy() for quantity in QUANTITIES}
    for name in schedule.columns:
        key, _, quantity = name.partition(":")
        if not quantity or key == "fact":
            continue
        number = plan.stage_number(key)
        if number is None or quantity not in QUANTITIES:
            stages = ", ".join(step.stage.key for step in plan.steps)
            problems.append(
                _unknown(name, f"<stage>:<quantity> with a stage of this policy ({stages}) and one of {', '.join(QUANTITIES)}")
            )
            continue
        given = schedule_numbers(schedule, name, problems)
        column = tables[quantity][:, number]
        tables[quantity][:, number] = np.where(np.isnan(given), column, given).astype(column.dtype)
    if problems:
        raise InputError(*problems)
    return replace(plan, **tables)


def _unknown(name: str, allowed: str) -> Problem:
    return Problem("unknown column of the schedule", path="world.demand.schedule", found=name, allowed=allowed)
