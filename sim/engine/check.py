"""What is refused before any engine runs: plans that have no meaning."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from sim.engine.graph import predecessors
from sim.nouns.outcome import Outcome
from sim.nouns.plan import NO_POOL, Plan, Pool

Bools = NDArray[np.bool_]
CELLS = {"visits": np.bool_, "pool": np.int32, "service_s": np.float64, "cooldown_s": np.float64, "not_before_s": np.float64,
         "patience_s": np.float64, "deadline_s": np.float64, "ends": np.int8, "priority": np.int32}  # fmt: skip


def check_plan(plan: Plan) -> None:
    """Nothing, if every engine gives the plan the one meaning of docs/engine.md.

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
    if not (isfinite(pool.period_s) and pool.period_s >= 0 and isfinite(pool.offset_s)):
        raise ValueError(f"pool '{pool.key}': its period must be finite and not negative, its offset finite")


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
    outcomes = [int(outcome) for outcome in Outcome]
    for fault, cells in (
        ("its service must be finite and not negative", ~_is_duration(plan.service_s)),
        ("its cooldown must be finite and not negative", ~_is_duration(plan.cooldown_s)),
        ("its patience must not be negative or missing", ~(plan.patience_s >= 0)),
        ("its not_before_s must be finite", ~np.isfinite(plan.not_before_s)),
        ("its deadline must be an instant, or inf for none", np.isnan(plan.deadline_s) | np.isneginf(plan.deadline_s)),
        ("there is no pool of that number", (plan.pool < NO_POOL) | (plan.pool >= len(plan.pools))),
        ("there is no outcome of that number", ~np.isin(plan.ends, outcomes)),
    ):
        for flight, stage in np.argwhere(cells & plan.visits)[:1]:
            raise ValueError(f"stage '{plan.steps[stage].stage.key}' of flight {flight}: {fault}")


def _check_takeoff(plan: Plan, ancestors: list[set[int]]) -> None:
    """Once airborne, a flight ends only by completing, or by one of its closing stages."""
    if plan.takeoff is None:
        return
    grounded = {*ancestors[plan.takeoff], *plan.closing}
    for what, cells, allowed in (
        ("its verdict", plan.visits & (plan.ends != 0), grounded),
        ("giving it up", _may_end_by_giving_up(plan), grounded | {plan.takeoff}),  # given up, it has not taken off
    ):
        for flight, stage in np.argwhere(cells):
            if stage not in allowed:
                raise ValueError(
                    f"stage '{plan.steps[stage].stage.key}' of flight {flight}: {what} ends the flight, so the stage must come "
                    f"before the take-off {_names(plan, [plan.takeoff])} or be one of the closing stages"
                )


def _may_end_by_giving_up(plan: Plan) -> Bools:
    fallbacks = {stage for step in plan.steps for stage in step.if_given_up}
    ends: Bools = np.array([stage not in fallbacks for stage in range(plan.n_stages)], dtype=np.bool_)
    limited: Bools = np.isfinite(plan.deadline_s) | (np.isfinite(plan.patience_s) & (plan.pool != NO_POOL))
    return np.logical_and(plan.visits & limited, ends)


def _is_duration(durations_s: NDArray[np.float64]) -> Bools:
    return np.isfinite(durations_s) & (durations_s >= 0)


def _names(plan: Plan, stages: Iterable[int]) -> str:
    return ", ".join(f"'{plan.steps[stage].stage.key}'" for stage in stages)


def _listed(stage: int | None) -> Iterator[int]:
    if stage is not None:
        yield stage
