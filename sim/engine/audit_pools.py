"""The independent checker, pool by pool: capacities, queue discipline, and that no server idles while someone waits."""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from sim.engine.stage_completion import StageCompletion, left_s
from sim.ground.arrays import Bools, Floats
from sim.model.plan import Plan, Pool
from sim.model.timeline import Timeline


def audit_pools(plan: Plan, timeline: Timeline) -> None:
    """Nothing, if every pool served as it should. Raises AssertionError that names the pool and the instant."""
    completion = StageCompletion.of(plan, timeline)
    left, early = left_s(plan, timeline, completion), entered_early(plan, timeline, completion)
    held = _held_past_its_end(plan, timeline, completion)
    for number, pool in enumerate(plan.pools):
        where = (plan.pool == number) & plan.visits & ~np.isnan(timeline.queued_s)
        if where.any():
            _check_pool(pool, _Customers.of(plan, timeline, completion, left, early, held, where))


def entered_early(plan: Plan, timeline: Timeline, completion: StageCompletion) -> Bools:
    """Shape (n, s): the entry came before every hand-out of its instant.

    It did where it was due to not_before_s, or to ends of services that began before that instant:
    both go first, and before verdicts. Other entries may have come after a hand-out of the same instant.
    """
    shape = plan.visits.shape
    early_entry, early_settling = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for s in completion.order:
        step = plan.steps[s]
        caused_early = np.ones(shape[0], dtype=np.bool_)
        for before in {*step.after, *step.if_given_up, *step.unless_given_up}:
            caused_early &= (completion.settled_s[:, before] < completion.ready_s[:, s]) | early_settling[:, before]
        early_entry[:, s] = caused_early | (plan.not_before_s[:, s] > completion.ready_s[:, s])
        at_once = early_entry[:, s] & (plan.pool[:, s] < 0)
        ended = (timeline.start_s[:, s] < timeline.end_s[:, s]) | ((timeline.start_s[:, s] == timeline.end_s[:, s]) & at_once)
        ended &= plan.ends[:, s] == 0  # after a verdict nothing is entered
        early_settling[:, s] = np.where(completion.wanted[:, s], ended, caused_early)
    return early_entry


def _held_past_its_end(plan: Plan, timeline: Timeline, completion: StageCompletion) -> Bools:
    """Shape (n, s): at the end of the stage, `hold_until` had not settled at an earlier instant."""
    held = np.zeros(plan.visits.shape, dtype=np.bool_)
    for s, step in enumerate(plan.steps):
        if step.hold_until is not None:
            held[:, s] = completion.settled_s[:, step.hold_until] >= timeline.end_s[:, s]
    return held


@dataclass(frozen=True)
class _Customers:
    """Everyone who queued in one pool; arrays of shape (m,), inf for never.

    key: (priority, entry, flight, stage) as a rank · gone_s: no longer in the queue · free_s: the server
    taken is free again · surely_free: it came free before every giving up of that instant ·
    gave_up: left the queue by patience or deadline.
    """

    names: list[str]
    key: NDArray[np.int64]
    entered_s: Floats
    early: Bools
    started: Bools
    gone_s: Floats
    free_s: Floats
    surely_free: Bools
    gave_up: Bools

    @staticmethod
    def of(
        plan: Plan, timeline: Timeline, completion: StageCompletion, left: Floats, early: Bools, held: Bools, where: Bools
    ) -> "_Customers":
        flight, stage = np.nonzero(where)
        entered_s, start_s, end_s = (cells[where] for cells in (timeline.queued_s, timeline.start_s, timeline.end_s))
        started, gave_up = ~np.isnan(start_s), np.isnan(start_s) & ~np.isnan(end_s)
        gone_s = np.where(started, start_s, np.where(gave_up, end_s, completion.limit_s[flight]))
        free_s = left[where] + plan.cooldown_s[where]
        by_its_own_end = (start_s < end_s) & (free_s == end_s) & ~held[where]
        surely_free = started & ((left[where] < free_s) | by_its_own_end)
        rank = np.empty(len(flight), dtype=np.int64)
        rank[np.lexsort((stage, flight, entered_s, plan.priority[where]))] = np.arange(len(flight))
        names = [f"flight {n}, stage '{plan.steps[s].stage.key}'" for n, s in zip(flight.tolist(), stage.tolist(), strict=True)]
        return _Customers(names, rank, entered_s, early[where], started, gone_s, free_s, surely_free, gave_up)


class _Counts:
    """Counts of events up to an instant, from their sorted instants."""

    def __init__(self, instants_s: Floats) -> None:
        self.sorted_s = np.sort(instants_s)

    def by(self, instant_s: Floats) -> NDArray[np.int64]:
        """Up to and including the instant."""
        return np.searchsorted(self.sorted_s, instant_s, side="right")

    def before(self, instant_s: Floats) -> NDArray[np.int64]:
        """Before the instant."""
        return np.searchsorted(self.sorted_s, instant_s, side="left")


def _check_pool(pool: Pool, customers: _Customers) -> None:
    _check_capacity(pool, customers)
    _check_no_idle_server(pool, customers)
    _check_last_chance(pool, customers)
    _check_discipline(pool, customers)
    if pool.period_s > 0:
        _check_batch_instants(pool, customers)


def _refuse(pool: Pool, wrong: Bools, instants_s: Floats, rule: str) -> None:
    if wrong.any():
        raise AssertionError(f"{rule}: pool '{pool.key}' at {instants_s[wrong][0]}")


def _capacity(pool: Pool, instants_s: Floats) -> NDArray[np.int64]:
    position = np.searchsorted(pool.calendar.times_s, instants_s, side="right")
    return np.array([0, *pool.calendar.capacities], dtype=np.int64)[position]


def _check_capacity(pool: Pool, customers: _Customers) -> None:
    """Where someone starts, the servers busy do not exceed the capacity; a fall alone may leave more of them."""
    start_s, free_s = customers.gone_s[customers.started], customers.free_s[customers.started]
    instants_s = np.unique(start_s)
    begun, freed = _Counts(start_s), _Counts(free_s)
    _refuse(pool, begun.by(instants_s) - freed.by(instants_s) > _capacity(pool, instants_s), instants_s, "capacity is kept")
    in_passing = _Counts(start_s[start_s == free_s])  # taken and free again within one instant
    throughout = begun.before(instants_s) - freed.by(instants_s) + in_passing.by(instants_s) - in_passing.before(instants_s)
    _refuse(pool, throughout >= _capacity(pool, instants_s), instants_s, "nobody starts without a free server")


def _check_no_idle_server(pool: Pool, customers: _Customers) -> None:
    """After each instant of a hand-out, someone waits only where all servers are busy."""
    start_s, free_s = customers.gone_s[customers.started], customers.free_s[customers.started]
    changes_s = np.unique(np.concatenate([customers.entered_s, customers.gone_s, free_s, pool.calendar.times_s]))
    changes_s = changes_s[np.isfinite(changes_s)]
    waiting = _Counts(customers.entered_s).by(changes_s) - _Counts(customers.gone_s).by(changes_s)
    busy = _Counts(start_s).by(changes_s) - _Counts(free_s).by(changes_s)
    idle = (waiting > 0) & (busy < _capacity(pool, changes_s))
    lasts_to_hand_out = _first_hand_out_s(pool, changes_s) < np.append(changes_s[1:], np.inf)
    _refuse(pool, idle & lasts_to_hand_out, changes_s, "nobody waits while a server is free")


def _check_last_chance(pool: Pool, customers: _Customers) -> None:
    """At an instant of a hand-out, nobody gives up while a server is free that surely came free before."""
    start_s, free_s = customers.gone_s[customers.started], customers.free_s[customers.started]
    instants_s = np.unique(customers.gone_s[customers.gave_up])
    instants_s = instants_s[_first_hand_out_s(pool, instants_s) == instants_s]
    surely = _Counts(customers.free_s[customers.surely_free])
    busy = _Counts(start_s).by(instants_s) - _Counts(free_s).before(instants_s)
    busy -= surely.by(instants_s) - surely.before(instants_s)
    _refuse(pool, busy < _capacity(pool, instants_s), instants_s, "what can start at the last instant starts")


def _check_discipline(pool: Pool, customers: _Customers) -> None:
    """Nobody starts while one with a better key was in the queue before the instant's hand-outs and stays in it."""
    arrivals = np.lexsort((~customers.early, customers.entered_s)).tolist()
    started = np.nonzero(customers.started)[0]
    starts = started[np.argsort(customers.gone_s[started], kind="stable")].tolist()
    key, entered_s, early, gone_s = (a.tolist() for a in (customers.key, customers.entered_s, customers.early, customers.gone_s))
    waiting: list[tuple[int, int]] = []
    arrived = 0
    for starter in starts:
        now_s = gone_s[starter]
        while arrived < len(arrivals) and (entered_s[(a := arrivals[arrived])] < now_s or (entered_s[a] == now_s and early[a])):
            heappush(waiting, (key[a], a))
            arrived += 1
        while waiting and gone_s[waiting[0][1]] <= now_s:
            heappop(waiting)
        if waiting and waiting[0][0] < key[starter]:
            order = f"{customers.names[starter]} before {customers.names[waiting[0][1]]}"
            raise AssertionError(f"the best key goes first: pool '{pool.key}' at {now_s}: {order}")


def _check_batch_instants(pool: Pool, customers: _Customers) -> None:
    start_s = customers.gone_s[customers.started]
    _refuse(pool, _first_hand_out_s(pool, start_s) != start_s, start_s, "a batch leaves at its instants only")


def _first_hand_out_s(pool: Pool, instants_s: Floats) -> Floats:
    """The first instant, not before each, at which the pool may hand out: any, or a batch of its cycle."""
    if pool.period_s == 0:
        return instants_s
    if pool.cycle_s == 0:
        return _first_of(instants_s, np.full(len(instants_s), pool.offset_s), pool.period_s)
    about = np.round((instants_s - pool.offset_s) / pool.cycle_s)
    begins_s = pool.offset_s + (about[:, None] + np.arange(-2, 3)) * pool.cycle_s
    first_s = np.where(begins_s <= instants_s[:, None], begins_s, -np.inf).max(axis=1)
    next_s = np.where(begins_s > instants_s[:, None], begins_s, np.inf).min(axis=1)
    return np.asarray(np.minimum(_first_of(instants_s, first_s, pool.period_s), next_s))


def _first_of(instants_s: Floats, first_s: Floats, period_s: float) -> Floats:
    """The first first_s + k * period_s that is not before each instant; all of shape (k,)."""
    about = np.round((instants_s - first_s) / period_s)
    candidates = first_s[:, None] + (about[:, None] + np.arange(-2, 3)) * period_s
    return np.asarray(np.where(candidates >= instants_s[:, None], candidates, np.inf).min(axis=1))
