"""Checks of a plan before any engine runs it: a plan without a meaning is refused."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isfinite

import numpy as np

from sim.engine.graph import predecessors
from sim.ground.arrays import Bools
from sim.ground.errors import WordsError
from sim.ground.text import COMMA, Text
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

_NO_STAGE = Text("a plan needs at least one stage", "計劃至少須有一個環節", "计划至少须有一个环节")
_SHAPE = Text(
    "{name} has shape {shape} and type {type}; {needed} and {needed_type} are needed",
    "{name} 的形狀為 {shape}、型別為 {type}；應為 {needed}、{needed_type}",
    "{name} 的形状为 {shape}、类型为 {type}；应为 {needed}、{needed_type}",
)
_NO_NUMBER = Text(
    "there is no stage number {stage}; the plan has {n} stages",
    "沒有第 {stage} 號環節；計劃共有 {n} 個環節",
    "没有第 {stage} 号环节；计划共有 {n} 个环节",
)
_CALENDAR = Text(
    "pool '{pool}': the times of its calendar must be finite and rise, one for each capacity",
    "資源池 {pool}：時間表的時刻須為有限數值並遞增，每個容量一個",
    "资源池 {pool}：时间表的时刻须为有限数值并递增，每个容量一个",
)
_CAPACITY = Text("pool '{pool}': a capacity is negative", "資源池 {pool}：容量不可為負數", "资源池 {pool}：容量不可为负数")
_PERIOD = Text(
    "pool '{pool}': its period and its cycle must be finite and not negative, its offset finite",
    "資源池 {pool}：批次間隔及週期須為有限數值，不可為負數，偏移須為有限數值",
    "资源池 {pool}：批次间隔及周期须为有限数值，不可为负数，偏移须为有限数值",
)
_CIRCLE = Text(
    "the stages {stages} wait for each other in a circle, or for one that does",
    "環節 {stages} 互相等候成環，或等候其中之一",
    "环节 {stages} 互相等待成环，或等待其中之一",
)
_HELD = Text(
    "stage '{stage}' is held until {later}, which does not come after it",
    "環節 {stage} 保留至 {later}，但後者並不在其後",
    "环节 {stage} 保留至 {later}，但后者并不在其后",
)
_NO_OUTCOME = Text(
    "stage '{stage}': giving it up must have an outcome", "環節 {stage}：放棄後須有結果", "环节 {stage}：放弃后须有结果"
)
_OF_FLIGHT = Text(
    "stage '{stage}' of flight {flight}: {fault}",
    "航班 {flight} 的環節 {stage}：{fault}",
    "航班 {flight} 的环节 {stage}：{fault}",
)
_SERVICE = Text(
    "its service must be finite and not negative",
    "處理時間須為有限數值，不可為負數",
    "处理时间须为有限数值，不可为负数",
)
_COOLDOWN = Text(
    "its cooldown must be finite and not negative",
    "收尾時間須為有限數值，不可為負數",
    "收尾时间须为有限数值，不可为负数",
)
_PATIENCE = Text("its patience must not be negative or missing", "等候上限不可為負數或從缺", "等待上限不可为负数或缺失")
_NOT_BEFORE = Text("its not_before_s must be finite", "not_before_s 須為有限數值", "not_before_s 须为有限数值")
_DEADLINE = Text("its deadline must be an instant, or inf for none", "期限須為時間；不設則為 inf", "期限须为时间；不设则为 inf")
_NO_POOL = Text("there is no pool of that number", "沒有該編號的資源池", "没有该编号的资源池")
_NO_OUTCOME_OF_NUMBER = Text("there is no outcome of that number", "沒有該編號的結果", "没有该编号的结果")
_VERDICT = Text("its verdict", "其決定", "其决定")
_GIVING_UP = Text("giving it up", "放棄該環節", "放弃该环节")
_IN_THE_AIR = Text(
    "stage '{stage}' of flight {flight}: {what} ends the flight, so the stage must come before the take-off {takeoff} or be one "
    "of the closing stages",
    "航班 {flight} 的環節 {stage}：{what}會令航班終止，故須排在起飛 {takeoff} 之前，或屬終止環節",
    "航班 {flight} 的环节 {stage}：{what}会令航班终止，故须排在起飞 {takeoff} 之前，或属终止环节",
)


def check_plan(plan: Plan) -> None:
    """Nothing, if every engine gives the plan the one meaning of docs/reference/engine.md.

    Raises WordsError that names the stage, and the flight or the pool, of the first fault found. Cells
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
        raise WordsError(_NO_STAGE)
    for name, dtype in CELLS.items():
        cells = getattr(plan, name)
        if cells.shape != shape or cells.dtype != dtype:
            needed = {"shape": cells.shape, "type": cells.dtype, "needed": shape, "needed_type": np.dtype(dtype)}
            raise WordsError(_SHAPE.fill(name=name, **needed))
    named = [s for step in plan.steps for s in (*predecessors(step), *_listed(step.hold_until))]
    for stage in (*named, *plan.closing, *_listed(plan.takeoff)):
        if not 0 <= stage < plan.n_stages:
            raise WordsError(_NO_NUMBER.fill(stage=stage, n=plan.n_stages))


def _check_pool(pool: Pool) -> None:
    times, capacities = pool.calendar.times_s, pool.calendar.capacities
    if len(times) != len(capacities) or not all(map(isfinite, times)) or any(b <= a for a, b in pairwise(times)):
        raise WordsError(_CALENDAR.fill(pool=pool.key))
    if any(capacity < 0 for capacity in capacities):
        raise WordsError(_CAPACITY.fill(pool=pool.key))
    if not all(isfinite(length_s) and length_s >= 0 for length_s in (pool.period_s, pool.cycle_s)) or not isfinite(pool.offset_s):
        raise WordsError(_PERIOD.fill(pool=pool.key))


def _ancestors(plan: Plan) -> list[set[int]]:
    """For each stage all that come before it. Raises WordsError if a stage comes before itself."""
    ancestors: dict[int, set[int]] = {}
    waiting = {stage: predecessors(step) for stage, step in enumerate(plan.steps)}
    while waiting:
        ready = [stage for stage, before in waiting.items() if before <= ancestors.keys()]
        if not ready:
            raise WordsError(_CIRCLE.fill(stages=_names(plan, waiting)))
        for stage in ready:
            before = waiting.pop(stage)
            ancestors[stage] = set(before).union(*(ancestors[earlier] for earlier in before))
    return [ancestors[stage] for stage in range(plan.n_stages)]


def _check_holds(plan: Plan, ancestors: list[set[int]]) -> None:
    for stage, step in enumerate(plan.steps):
        if step.hold_until is not None and stage not in ancestors[step.hold_until]:
            later = _names(plan, [step.hold_until])
            raise WordsError(_HELD.fill(stage=step.stage.key, later=later))
        if step.on_give_up == Outcome.IN_SYSTEM:
            raise WordsError(_NO_OUTCOME.fill(stage=step.stage.key))


def _check_cells(plan: Plan) -> None:
    most = np.finfo(np.float64).max
    for fault, cells, least_allowed, most_allowed in (
        (_SERVICE, plan.service_s, 0, most),
        (_COOLDOWN, plan.cooldown_s, 0, most),
        (_PATIENCE, plan.patience_s, 0, np.inf),
        (_NOT_BEFORE, plan.not_before_s, -most, most),
        (_DEADLINE, plan.deadline_s, -most, np.inf),
        (_NO_POOL, plan.pool, NO_POOL, len(plan.pools) - 1),
        (_NO_OUTCOME_OF_NUMBER, plan.ends, min(Outcome), max(Outcome)),
    ):
        if not cells.size or (cells.min() >= least_allowed and cells.max() <= most_allowed):
            continue  # true of all cells, so the visited ones need not be picked out; false where there is a NaN
        for flight, stage in np.argwhere(~((cells >= least_allowed) & (cells <= most_allowed)) & plan.visits)[:1]:
            raise WordsError(_OF_FLIGHT.fill(stage=plan.steps[stage].stage.key, flight=flight, fault=fault))


def _check_takeoff(plan: Plan, ancestors: list[set[int]]) -> None:
    """Once airborne, a flight ends only by completing, or by one of its closing stages."""
    if plan.takeoff is None:
        return
    grounded = {*ancestors[plan.takeoff], *plan.closing}
    fallbacks = {stage for step in plan.steps for stage in step.if_given_up}
    for stage in range(plan.n_stages):
        if stage not in grounded:
            _refuse_end_in_the_air(plan, stage, _VERDICT, plan.ends[:, stage] != 0)
        if stage not in grounded | fallbacks | {plan.takeoff}:  # a take-off that is given up has not happened
            _refuse_end_in_the_air(plan, stage, _GIVING_UP, _may_be_given_up(plan, stage))


def _refuse_end_in_the_air(plan: Plan, stage: int, what: Text, ends: Bools) -> None:
    for flight in np.flatnonzero(ends & plan.visits[:, stage])[:1]:
        takeoff = _names(plan, [plan.takeoff or 0])
        raise WordsError(_IN_THE_AIR.fill(stage=plan.steps[stage].stage.key, flight=flight, what=what, takeoff=takeoff))


def _may_be_given_up(plan: Plan, stage: int) -> Bools:
    """Shape (n,)."""
    waits = plan.pool[:, stage] != NO_POOL
    return np.asarray(np.isfinite(plan.deadline_s[:, stage]) | (np.isfinite(plan.patience_s[:, stage]) & waits))


def _names(plan: Plan, stages: Iterable[int]) -> Text:
    return COMMA.join(f"'{plan.steps[stage].stage.key}'" for stage in stages)


def _listed(stage: int | None) -> Iterator[int]:
    if stage is not None:
        yield stage
