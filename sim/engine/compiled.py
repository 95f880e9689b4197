"""The compiled engine: a plan laid out as plain arrays for the kernel, and its timeline read back."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from sim.engine import kernel
from sim.engine.graph import Graph
from sim.engine.instants import clock_start_s
from sim.ground.arrays import Floats
from sim.ground.text import Text
from sim.model.calendar import Calendar
from sim.model.plan import NO_POOL, Plan, Pool, Step
from sim.model.stage import PoolKind, Stage
from sim.model.timeline import Timeline

EVENTS_AT_A_TIME = 1_000_000  # then the interpreter may look to its signals
FEW_PRIORITIES = 64  # each has a list of its own in every pool
LEAST_ROOM = 1024
EVENTS_A_VISIT = 1.0
_NO_TEXT = Text("", "", "")


def simulate(plan: Plan) -> Timeline:
    """The timeline of a checked plan; see `sim.engine.run`."""
    return Run(plan).timeline()


def get_ready() -> None:
    """Compile the kernel, or load it from Numba's cache on disk: some seconds the first time on a machine."""
    simulate(_smallest_plan())


def can_cache() -> bool:
    """Whether the compiled kernel can be kept on disk for the next process."""
    return kernel.CAN_CACHE


class Run:
    """One plan in the kernel's arrays, run once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        priority, n_priorities = _dense_priorities(plan)
        self.cells = _cells(plan, priority)
        self.flights = _flights(plan)
        self.stages = _stages(plan)
        self.pools = _pools(plan.pools, n_priorities)
        self.lists = _lists(clock_start_s(plan), LEAST_ROOM)

    def timeline(self) -> Timeline:
        """What becomes of the plan."""
        self.begin()
        self.go_on()
        shape, cells = self.plan.visits.T.shape, self.cells
        queued_s, start_s, end_s = (column.reshape(shape).T for column in (cells.queued_s, cells.start_s, cells.end_s))
        return Timeline(queued_s, start_s, end_s, self.flights.outcome, self.flights.ended_s)

    def begin(self) -> None:
        """Everything known before the clock starts is noted, and then sorted."""
        flight = 0
        while (flight := kernel.begin(*self._arrays(), flight)) < self.plan.n_flights:
            self._make_room()
        self.lists = _stream_sorted(self.lists)
        self.lists.clock["buckets_per_s"] = self._buckets_per_s()

    def _buckets_per_s(self) -> float:
        """About one bucket an event, over the time that the stream spans; until it is set, all go into the heap."""
        stream_s = self.lists.stream_s
        span_s = float(stream_s[-1] - stream_s[0]) if len(stream_s) else 0.0
        return EVENTS_A_VISIT * float(np.count_nonzero(self.plan.visits)) / span_s if 0 < span_s < np.inf else 1.0

    def go_on(self) -> None:
        """Until nothing is left to happen."""
        while (why := kernel.advance(*self._arrays(), EVENTS_AT_A_TIME)) != kernel.OVER:
            if why == kernel.NEEDS_ROOM:
                self._make_room()

    def _arrays(self) -> tuple[kernel.Cells, kernel.Flights, kernel.Stages, kernel.Pools, kernel.Lists]:
        return self.cells, self.flights, self.stages, self.pools, self.lists

    def _make_room(self) -> None:
        """Twice as much, and enough for any one event."""
        held = self.lists
        for_one_event = kernel.EVENTS_OF_A_STAGE * self.plan.n_stages + len(self.plan.pools) + 2
        handed_out = int(self.pools.pool["n_queued"].max(initial=0))
        more = 2 * len(held.now_code) + for_one_event + handed_out
        grown = {name: _grown(getattr(held, name), more) for name in ("now_code", "soon", "far", "waiting", "after")}
        self.lists = held._replace(**grown)


def _cells(plan: Plan, priority: NDArray[np.int32]) -> kernel.Cells:
    n = plan.visits.size
    course = np.zeros(n, kernel.COURSE).view(np.recarray)
    course["progress"][~_flat(plan.visits, np.bool_)] = kernel.SKIPPED
    return kernel.Cells(
        pool=_flat(plan.pool, np.int32),
        service_s=_flat(plan.service_s, np.float64),
        cooldown_s=_flat(plan.cooldown_s, np.float64),
        not_before_s=_flat(plan.not_before_s, np.float64),
        patience_s=_flat(plan.patience_s, np.float64),
        deadline_s=_flat(plan.deadline_s, np.float64),
        ends=_flat(plan.ends, np.int8),
        priority=_flat(priority, np.int32),
        course=course,
        behind=np.empty(n, np.int64),
        queued_s=np.full(n, np.nan),
        start_s=np.full(n, np.nan),
        end_s=np.full(n, np.nan),
    )


def _flights(plan: Plan) -> kernel.Flights:
    n = plan.n_flights
    return kernel.Flights(np.full(n, plan.n_stages, np.int32), np.zeros(n, np.int8), np.full(n, np.nan))


def _stages(plan: Plan) -> kernel.Stages:
    steps, n = plan.steps, plan.n_stages
    graph = Graph.of(steps)
    hold_until = [kernel.NOBODY if step.hold_until is None else step.hold_until for step in steps]
    followers, followers_at = _slices(graph.followers)
    conditional, conditional_at = _slices(graph.conditional)
    held, held_at = _slices([[s for s in range(n) if hold_until[s] == later] for later in range(n)])
    if_given_up, if_given_up_at = _slices([step.if_given_up for step in steps])
    unless_given_up, unless_given_up_at = _slices([step.unless_given_up for step in steps])
    return kernel.Stages(
        n_before=np.array(graph.n_predecessors, np.int64),
        n_condition=np.array(graph.n_conditions, np.int64),
        has_fallback=np.array(graph.has_fallback, np.bool_),
        on_give_up=np.array([step.on_give_up for step in steps], np.int8),
        hold_until=np.array(hold_until, np.int64),
        reads_cooldown=_some_other_than(plan.cooldown_s, 0.0),
        reads_patience=_some_other_than(plan.patience_s, np.inf),
        reads_deadline=_some_other_than(plan.deadline_s, np.inf),
        roots=np.array(graph.roots, np.int64),
        followers=followers,
        followers_at=followers_at,
        conditional=conditional,
        conditional_at=conditional_at,
        held=held,
        held_at=held_at,
        if_given_up=if_given_up,
        if_given_up_at=if_given_up_at,
        unless_given_up=unless_given_up,
        unless_given_up_at=unless_given_up_at,
        settling=np.empty(n, np.int64),
    )


def _some_other_than(cells: Floats, value: float) -> NDArray[np.bool_]:
    """Shape (s,): some flight's cell is another; cells that are not visited may say so in vain."""
    if not len(cells):
        return np.zeros(cells.shape[1], np.bool_)
    return np.asarray(~((cells.min(axis=0) == value) & (cells.max(axis=0) == value)))


def _pools(pools: tuple[Pool, ...], n_priorities: int) -> kernel.Pools:
    change_s, changes_at = _slices([pool.calendar.times_s for pool in pools], np.float64)
    change_to, _ = _slices([pool.calendar.capacities for pool in pools], np.int64)
    records = np.zeros(len(pools), kernel.POOL).view(np.recarray)
    records["period_s"] = [pool.period_s for pool in pools]
    records["offset_s"] = [pool.offset_s for pool in pools]
    records["cycle_s"] = [pool.cycle_s for pool in pools]
    records["change"], records["changes_end"] = changes_at[:-1], changes_at[1:]
    records["first_queue"], records["n_queues"] = np.arange(len(pools)) * n_priorities, n_priorities
    queues = np.full(len(pools) * n_priorities, kernel.NOBODY, kernel.QUEUE).view(np.recarray)
    return kernel.Pools(records, queues, change_s, change_to)


def _lists(clock_s: float, room: int) -> kernel.Lists:
    clock = np.zeros(1, kernel.CLOCK).view(np.recarray)
    clock["now_s"] = clock_s
    instants, codes = np.empty(0), np.empty(0, np.int64)
    clock["origin_s"], clock["unused"] = clock_s, kernel.NOBODY
    none = np.empty(0, kernel.EVENT).view(np.recarray)
    soon, far, waiting = (_grown(none, room) for _ in range(3))
    bucket = np.full(kernel.N_BUCKETS, kernel.NOBODY)
    return kernel.Lists(clock, instants, codes, _grown(codes, room), soon, far, waiting, _grown(codes, room), bucket)


def _grown(items: NDArray[Any], room: int) -> NDArray[Any]:
    """The items with `room` more places behind them; their content is arbitrary."""
    more = np.empty(room, items.dtype).view(type(items))
    more[: len(items)] = items
    return more


def _stream_sorted(lists: kernel.Lists) -> kernel.Lists:
    """All that is known goes from the heap into the stream, where it costs less to come to."""
    n = lists.clock[0]["n_soon"]
    known = lists.soon[:n].view(np.ndarray)
    order = np.argsort(known["due_s"], kind="stable")
    stream_s, stream_code = known["due_s"][order], known["code"][order]
    kernel.sort_ties(stream_s, stream_code)
    lists.clock["n_stream"], lists.clock["n_soon"] = n, 0
    return lists._replace(stream_s=stream_s, stream_code=stream_code)


def _dense_priorities(plan: Plan) -> tuple[NDArray[np.int32], int]:
    """Priorities from 0 on in the same order, shape (n, s), and how many there may be."""
    if not plan.priority.size:
        return plan.priority, 1
    low, high = int(plan.priority.min()), int(plan.priority.max())
    if high - low < FEW_PRIORITIES:
        return plan.priority if low == 0 else plan.priority - np.int32(low), high - low + 1
    classes = np.unique(plan.priority[plan.visits & (plan.pool != NO_POOL)])
    return np.searchsorted(classes, plan.priority).astype(np.int32), max(len(classes), 1)


def _flat(cells: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """Shape (s * n,), stage by stage, of the one kind for which the kernel is compiled: contiguous and writeable."""
    return np.require(cells.T, dtype, ["C_CONTIGUOUS", "WRITEABLE"]).reshape(-1)


def _slices(lists: Iterable[Sequence[Any]], dtype: DTypeLike = np.int64) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """All lists in one array, and where each of them begins in it (with the end of the last)."""
    lists = list(lists)
    at = np.concatenate([[0], np.cumsum([len(items) for items in lists])]).astype(np.int64)
    return np.array([item for items in lists for item in items], dtype), at


def _smallest_plan() -> Plan:
    """One flight through one stage."""
    kind, stage = PoolKind("pool", _NO_TEXT), Stage("stage", _NO_TEXT, "shared", "ground")
    cell = (1, 1)
    zero: Floats = np.zeros(cell)
    return Plan(
        steps=(Step(stage),),
        pools=(Pool(kind, Calendar.always(1)),),
        visits=np.ones(cell, np.bool_),
        pool=np.zeros(cell, np.int32),
        service_s=zero,
        cooldown_s=zero,
        not_before_s=zero,
        patience_s=np.full(cell, np.inf),
        deadline_s=np.full(cell, np.inf),
        ends=np.zeros(cell, np.int8),
        priority=np.zeros(cell, np.int32),
    )
