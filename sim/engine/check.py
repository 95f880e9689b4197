"""Checks of a plan before any engine runs it: a plan without a meaning is refused."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isfinite

import numpy as np

from sim.engine.graph import predecessors
from sim.ground.arrays import Bools
from sim.model.outcome import Outcome
from sim.model.plan import NO_POOL, Plan, Pool

CELLS = {
    "visits": np.bool_,
    "pool": np.int32,
    "service_s": np.float64,
    "cooldown_s": np.float64,
    "not_before_s": np.float64,
    "patience_s": np.float64,
    "deadline_s": np.float64,
    "ends": np.int8,
    "priority": np.int32,
}


def check_plan(plan: Plan) -> None:
    """Nothing, if every engine gives the plan the one meaning of docs/reference/engine.md.

    Raises ValueError that names the stage, and the flight or the pool, of the first fault found. Cells
    that are not visited are not read.
    """
    _check_shapes(plan)
    for pool in plan.pools:
        _check_pool(pool)
    ancestors = _ancestors(plan)
    _check_holds(plan, ancestors)
    _check_cells(plan)
    _check_takeoff(plan, ancestors)


def _check_shapes(plan: Plan) -> None:
    shape = (plan.n_flights, plan.n_stages)
    if not plan.steps:
        raise ValueError("a plan needs at least one stage")
    for name, dtype in CELLS.items():
        cells = getattr(plan, name)
        if cells.shape != shape or cells.dtype != dtype:
            raise ValueError(f"{name} has shape {cells.shape} and type {cells.dtype}; {shape} and {np.dtype(dtype)} are needed")
    named = [s for step in plan.steps for s in (*predecessors(step), *_listed(step.hold_until))]
    for stage in (*named, *plan.closing, *_listed(plan.takeoff)):
        if not 0 <= stage < plan.n_stages:
            raise ValueError(f"there is no stage number {stage}; the plan has {plan.n_stages} stages")


def _check_pool(pool: Pool) -> None:
    times, capacities = pool.calendar.times_s, pool.calendar.capacities
    if len(times) != len(capacities) or not all(map(isfinite, times)) or any(b <= a for a, b in pairwise(times)):
        raise ValueError(f"pool '{pool.key}': the times of its calendar must be finite and rise, one for each capacity")
    if any(capacity < 0 for capacity in capacities):
        raise ValueError(f"pool '{pool.key}': a capacity is negative")
    if not all(isfinite(length_s) and length_s >= 0 for length_s in (pool.period_s, pool.cycle_s)) or not isfinite(pool.offset_s):
        raise ValueError(f"pool '{pool.key}': its period and its cycle must be finite and not negative, its offset finite")


def _ancestors(plan: Plan) -> list[set[int]]:
    """For each stage all that come before it. Raises ValueError if a stage comes before itself."""
    ancestors: dict[int, set[int]] = {}
    waiting = {stage: predecessors(step) for stage, step in enumerate(plan.steps)}
    while waiting:
        ready = [stage for stage, before in waiting.items() if before <= ancestors.keys()]
        if not ready:
            raise ValueError(f"the stages {_names(plan, waiting)} wait for each other in a circle, or for one that does")
        for stage in ready:
            before = waiting.pop(stage)
            ancestors[stage] = set(before).union(*(ancestors[earlier] for earlier in before))
    return [ancestors[stage] for stage in range(plan.n_stages)]


def _check_holds(plan: Plan, ancestors: list[set[int]]) -> None:
    for stage, step in enumerate(plan.steps):
        if step.hold_until is not None and stage not in ancestors[step.hold_until]:
            later = _names(plan, [step.hold_until])
            raise ValueError(f"stage '{step.stage.key}' is held until {later}, which does not come after it")
        if step.on_give_up == Outcome.IN_SYSTEM:
            raise ValueError(f"stage '{step.stage.key}': giving it up must have an outcome")


def _check_cells(plan: Plan) -> None:
    most = np.finfo(np.float64).max
    for fault, cells, least_allowed, most_allowed in (
        ("its service must be finite and not negative", plan.service_s, 0, most),
        ("its cooldown must be finite and not negative", plan.cooldown_s, 0, most),
        ("its patience must not be negative or missing", plan.patience_s, 0, np.inf),
        ("its not_before_s must be finite", plan.not_before_s, -most, most),
        ("its deadline must be an instant, or inf for none", plan.deadline_s, -most, np.inf),
        ("there is no pool of that number", plan.pool, NO_POOL, len(plan.pools) - 1),
        ("there is no outcome of that number", plan.ends, min(Outcome), max(Outcome)),
    ):
        if not cells.size or (cells.min() >= least_allowed and cells.max() <= most_allowed):
            continue  # true of all cells, so the visited ones need not be picked out; false where there is a NaN
        for flight, stage in np.argwhere(~((cells >= least_allowed) & (cells <= most_allowed)) & plan.visits)[:1]:
            raise ValueError(f"stage '{plan.steps[stage].stage.key}' of flight {flight}: {fault}")


def _check_takeoff(plan: Plan, ancestors: list[set[int]]) -> None:
    """Once airborne, a flight ends only by completing, or by one of its closing stages."""
    if plan.takeoff is None:
        return
    grounded = {*ancestors[plan.takeoff], *plan.closing}
    fallbacks = {stage for step in plan.steps for stage in step.if_given_up}
    for stage in range(plan.n_stages):
        if stage not in grounded:
            _refuse_end_in_the_air(plan, stage, "its verdict", plan.ends[:, stage] != 0)
        if stage not in grounded | fallbacks | {plan.takeoff}:  # a take-off that is given up has not happened
            _refuse_end_in_the_air(plan, stage, "giving it up", _may_be_given_up(plan, stage))


def _refuse_end_in_the_air(plan: Plan, stage: int, what: str, ends: Bools) -> None:
    for flight in np.flatnonzero(ends & plan.visits[:, stage])[:1]:
        raise ValueError(
            f"stage '{plan.steps[stage].stage.key}' of flight {flight}: {what} ends the flight, so the stage must come "
            f"before the take-off {_names(plan, [plan.takeoff or 0])} or be one of the closing stages"
        )


def _may_be_given_up(plan: Plan, stage: int) -> Bools:
    """Shape (n,)."""
    waits = plan.pool[:, stage] != NO_POOL
    return np.asarray(np.isfinite(plan.deadline_s[:, stage]) | (np.isfinite(plan.patience_s[:, stage]) & waits))


def _names(plan: Plan, stages: Iterable[int]) -> str:
    return ", ".join(f"'{plan.steps[stage].stage.key}'" for stage in stages)


def _listed(stage: int | None) -> Iterator[int]:
    if stage is not None:
        yield stage
