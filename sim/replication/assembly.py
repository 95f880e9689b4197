"""Assembly: from the stages that features use to the arrays of a plan."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.ground.errors import RunError
from sim.ground.text import COMMA, Text
from sim.ground.topological_order import topological_order
from sim.model.feature import PoolChoice, StageUse
from sim.model.flights import Flights
from sim.model.plan import NO_POOL, Plan, Pool, Step
from sim.model.process import Milestone, Signal
from sim.model.stage import Mark, Stage

_TWO_POOLS = Text("two pools are called {pool}", "有兩個資源池同名：{pool}", "有两个资源池同名：{pool}")
_STAGE_TWICE = Text("a stage is used twice: {stages}", "環節重複使用：{stages}", "环节重复使用：{stages}")
_AFTER_ITSELF = Text("the stage {stage} comes after itself", "環節 {stage} 排在自身之後", "环节 {stage} 排在自身之后")
_CIRCLE = Text("the stages go in a circle: {stages}", "環節首尾相接成環：{stages}", "环节首尾相接成环：{stages}")
_NOT_HELD = Text(
    "{stage} can't be held until {until}, which several stages precede: {stages}",
    "{stage} 不能保留至 {until}，因其前有多個環節：{stages}",
    "{stage} 不能保留至 {until}，因其前有多个环节：{stages}",
)


def assemble(uses: Sequence[StageUse], flights: Flights, declared: Iterable[Stage] = ()) -> Plan:
    """The plan of the stages used: milestones and signals become sets of stage numbers, values become columns.

    `declared`: every stage that the features have, used here or not; a mark of theirs that no stage here has is left out.
    Raises RunError where features contradict each other: a stage used twice, a circle, a hold on a
    milestone that several stages precede.
    """
    uses = possible(uses)
    graph = _Graph(uses)
    order = graph.topological_order()
    steps = tuple(graph.step(number, order) for number in order)
    ordered = [uses[number] for number in order]
    pools: dict[str, Pool] = {}
    pool_columns = [_pool_column(use, len(flights), pools) for use in ordered]
    default_s = flights.ordered_s
    return Plan(
        steps=steps,
        pools=tuple(pools.values()),
        visits=_table(ordered, "visits", flights, np.bool_),
        pool=np.array(pool_columns, dtype=np.int32).T,
        service_s=_table(ordered, "service_s", flights, np.float64),
        cooldown_s=_table(ordered, "cooldown_s", flights, np.float64),
        not_before_s=_table(ordered, "not_before_s", flights, np.float64, default_s),
        patience_s=_table(ordered, "patience_s", flights, np.float64),
        deadline_s=_table(ordered, "deadline_s", flights, np.float64),
        ends=_table(ordered, "ends", flights, np.int8),
        priority=_table(ordered, "priority", flights, np.int32),
        closing=tuple(i for i, use in enumerate(ordered) if use.closing),
        takeoff=next((i for i, use in enumerate(ordered) if use.takeoff), None),
        left_out=_marks(declared) - _marks(use.stage for use in uses),
    )


def _marks(stages: Iterable[Stage]) -> frozenset[Mark]:
    return frozenset(mark for stage in stages for mark in stage.marks)


def possible(uses: Sequence[StageUse]) -> Sequence[StageUse]:
    """The uses without those on impossible fallback paths: no stage raises the signals that lead to them."""
    raised = {signal for use in uses for signal in use.raises}
    kept = {use.stage.key for use in uses}
    dropped = {
        use.stage.key
        for use in uses
        if use.if_given_up and not any(name in raised or getattr(name, "key", None) in kept for name in use.if_given_up)
    }
    if not dropped:
        return uses
    return possible([use for use in uses if use.stage.key not in dropped])


def _table(uses: Sequence[StageUse], name: str, flights: Flights, dtype: Any, default: ArrayLike | None = None) -> Any:
    """Shape (n, s): one column a stage, in column order, since most readers look at one stage of all flights."""
    table = np.empty((len(flights), len(uses)), dtype=dtype, order="F")
    for number, use in enumerate(uses):
        value = getattr(use, name)
        table[:, number] = default if value is None else value
    return table


def _pool_column(use: StageUse, n: int, pools: dict[str, Pool]) -> np.ndarray:
    """Shape (n,): the number of each flight's pool; pools are numbered in the order of first use, idle ones too."""
    if use.pool is None:
        return np.full(n, NO_POOL, dtype=np.int32)
    choice = use.pool if isinstance(use.pool, PoolChoice) else PoolChoice((use.pool,), np.zeros(n, dtype=np.int32))
    visits = np.broadcast_to(use.visits, n)
    for pool in choice.pools:
        if pools.setdefault(pool.key, pool) != pool:
            raise RunError(_TWO_POOLS.fill(pool=pool.key))
    keys = list(pools)
    numbers = np.array([keys.index(pool.key) for pool in choice.pools], dtype=np.int32)
    return np.where(visits, numbers[choice.choice], NO_POOL).astype(np.int32)


class _Graph:
    """The stages used and how they follow each other."""

    def __init__(self, uses: Sequence[StageUse]) -> None:
        self.uses = uses
        self._implications: dict[int, frozenset[int]] = {}
        self.numbers = {use.stage.key: number for number, use in enumerate(uses)}
        if len(self.numbers) != len(uses):
            twice = sorted({use.stage.key for use in uses if sum(other.stage.key == use.stage.key for other in uses) > 1})
            raise RunError(_STAGE_TWICE.fill(stages=COMMA.join(twice)))
        self.raising = {signal: self._raising(signal) for signal in Signal}
        self._reached: dict[str, frozenset[int]] = {}
        self.if_given_up = [self._given_up(use.if_given_up) for use in uses]
        self.unless_given_up = [self._given_up(use.unless_given_up) for use in uses]
        self.after = [self._after(number) for number in range(len(uses))]

    def _raising(self, signal: Signal) -> frozenset[int]:
        return frozenset(number for number, use in enumerate(self.uses) if signal in use.raises)

    def _given_up(self, names: Iterable[Stage | Signal]) -> frozenset[int]:
        stages: set[int] = set()
        for name in names:
            if isinstance(name, Signal):
                stages |= self.raising[name]
            elif name.key in self.numbers:
                stages.add(self.numbers[name.key])
        return frozenset(stages)

    def reached(self, milestone: Milestone) -> frozenset[int]:
        """The stages that must have settled for the milestone: those that precede it or an earlier milestone."""
        if milestone.key not in self._reached:
            preceding = {number for number, use in enumerate(self.uses) if milestone in use.precedes}
            earlier = [self.reached(before) for before in milestone.after]
            self._reached[milestone.key] = frozenset(preceding.union(*earlier))
        return self._reached[milestone.key]

    def _after(self, number: int) -> frozenset[int]:
        use = self.uses[number]
        stages: set[int] = set(self.if_given_up[number] | self.unless_given_up[number])
        for before in use.after:
            if isinstance(before, Milestone):
                stages |= self.reached(before)
            elif before.key in self.numbers:  # a stage on an impossible path is not waited for
                stages.add(self.numbers[before.key])
        if number in stages:
            raise RunError(_AFTER_ITSELF.fill(stage=use.stage.key))
        return frozenset(stages)

    def topological_order(self) -> list[int]:
        """Stage numbers so that each stage stands behind all it is after; ties in the order of use."""
        try:
            return list(topological_order(self.after))
        except ValueError as circle:
            (numbers,) = circle.args
            raise RunError(_CIRCLE.fill(stages=COMMA.join(self.uses[number].stage.key for number in numbers))) from None

    def _implied(self, number: int) -> frozenset[int]:
        """The stages that have certainly settled once this stage has, if the flight still goes on.

        A stage with a deadline that others are conditional on implies nothing: given up, it settles before those it is after.
        """
        if number not in self._implications:
            named = any(number in conditions for conditions in self.if_given_up)
            if named and np.isfinite(np.min(self.uses[number].deadline_s, initial=np.inf)):
                self._implications[number] = frozenset()
            else:
                earlier = (self._implied(before) for before in self.after[number])
                self._implications[number] = self.after[number].union(*earlier)
        return self._implications[number]

    def reduced(self, numbers: frozenset[int]) -> frozenset[int]:
        """The members of a join that no other member implies (transitive reduction)."""
        implied = frozenset().union(*(self._implied(number) for number in numbers)) if numbers else frozenset()
        return numbers - implied

    def step(self, number: int, order: Sequence[int]) -> Step:
        """The graph of one stage, in the numbers of the plan."""
        place = {use: position for position, use in enumerate(order)}
        use = self.uses[number]
        conditions = self.if_given_up[number] | self.unless_given_up[number]
        joined = self.reduced(self.after[number]) | conditions
        return Step(
            stage=use.stage,
            after=tuple(sorted(place[before] for before in joined)),
            if_given_up=tuple(sorted(place[stage] for stage in self.if_given_up[number])),
            unless_given_up=tuple(sorted(place[stage] for stage in self.unless_given_up[number])),
            hold_until=None if use.hold_until is None else place[self._held_until(use.stage, use.hold_until)],
            on_give_up=use.on_give_up,
        )

    def _held_until(self, stage: Stage, hold_until: Stage | Milestone) -> int:
        """The number of the one stage at whose end the server of `stage` is left."""
        if isinstance(hold_until, Stage):
            return self.numbers[hold_until.key]
        last = self.reduced(self.reached(hold_until))
        if len(last) != 1:
            names = ", ".join(self.uses[number].stage.key for number in sorted(last))
            raise RunError(_NOT_HELD.fill(stage=stage.key, until=hold_until.key, stages=names))
        return next(iter(last))
