"""The kernel of the compiled engine: one event loop over plain arrays, the same meaning as `reference`.

Read the reference first; the functions here have the names of its methods, and their order. All that
changes lives in arrays, so the loop can stop when its lists of events lack room (or now and then, to
let the interpreter breathe) and go on later.

A cell is one stage of one flight. Cells are laid out stage by stage: number stage * n + flight. Flights
come to a stage about in the order of their numbers, so neighbours in memory are needed together, and a
column that holds one value throughout is never read (`Stages.reads_*`).

Three lists hold what is still to happen; the next event is the least (instant, class, key) of all three:
`stream`, what was known before the clock started, sorted once; `now`, a heap of what is due at this very
instant; `soon`, a heap of what came up since and is due before long. What is due later than that waits,
unsorted, in buckets of equal length, the calendar (Brown 1988), or in the heap `far` beyond them; the next
bucket is opened, into `soon`, when `soon` is empty. So heaps stay small, and the order is exact all the same.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.engine import instants
from sim.ground.arrays import Bools, Floats, Ints, Ints32
from sim.model.plan import NO_POOL

Function = TypeVar("Function", bound=Callable[..., Any])
Records = NDArray[np.void]
Record = Any

# How far a flight has come at a stage.
AHEAD, WAITING, IN_SERVICE, PAST, SKIPPED = range(5)
# The classes of what happens at one instant, first to last; see clock.Rank.
ENTRY, END, VERDICT, CAPACITY, SERVER_FREE, HAND_OUT, GIVE_UP = range(7)
# A code orders what happens at one instant: class, flight, stage, or class, pool.
CLASS_BITS, FLIGHT_BITS = 60, 16
KEY = (1 << CLASS_BITS) - 1
STAGE = (1 << FLIGHT_BITS) - 1
NOBODY = -1
IN_SYSTEM, RELEASED = 0, 1
EVENTS_OF_A_STAGE = 5
# The lists of what is to come.
STREAM, SOON, NOW = range(3)
N_BUCKETS = 4096  # a power of two
LAST_BUCKET = 2.0**52
# Why the loop stopped.
OVER, NEEDS_ROOM, PAUSED = range(3)

COURSE = np.dtype([
    ("progress", np.uint8),
    ("has_server", np.bool_),
    ("given_up", np.bool_),
    ("settled", np.bool_),
    ("n_before", np.int16),  # how many have settled of the stages that this one waits for
    ("n_condition", np.int16),  # and of the stages of its condition
])  # fmt: skip
"""How far a flight has come at a stage, eight bytes a cell."""

POOL = np.dtype([
    ("period_s", np.float64),
    ("offset_s", np.float64),
    ("cycle_s", np.float64),
    ("change", np.int64),  # the next change of its calendar
    ("changes_end", np.int64),
    ("capacity", np.int64),
    ("busy", np.int64),
    ("n_queued", np.int64),
    ("first_queue", np.int64),
    ("n_queues", np.int64),  # one for each priority
    ("called", np.bool_),
], align=True)  # fmt: skip

EVENT = np.dtype([("due_s", np.float64), ("code", np.int64)])

QUEUE = np.dtype([("head", np.int64), ("tail", np.int64), ("tie", np.int64)])
"""One list for each pool and priority, in the order (entry, key). `tie`: the last in it who entered
before the latest instant at which anybody did, NOBODY if gone."""

CLOCK = np.dtype([
    ("now_s", np.float64),
    ("n_stream", np.int64),
    ("at_stream", np.int64),  # the next of the stream
    ("n_now", np.int64),
    ("n_soon", np.int64),
    ("n_far", np.int64),
    ("n_waiting", np.int64),  # in buckets
    ("origin_s", np.float64),  # where the first bucket begins
    ("buckets_per_s", np.float64),
    ("opened", np.int64),  # the last bucket whose events are in `soon`
    ("unused", np.int64),  # places of those who wait that are free again: the first, NOBODY if there is none
    ("n_numbers", np.int64),  # how many places have been used at all
])  # fmt: skip


class Cells(NamedTuple):
    """What the plan says of each cell, shape (s * n,), and each flight's course so far."""

    pool: Ints32
    service_s: Floats
    cooldown_s: Floats
    not_before_s: Floats
    patience_s: Floats
    deadline_s: Floats
    ends: NDArray[np.int8]
    priority: Ints32  # 0 to n_priorities - 1
    course: Records  # of COURSE
    behind: Ints  # the flight and stage, as in a code, that is next in the queue
    queued_s: Floats
    start_s: Floats
    end_s: Floats


class Flights(NamedTuple):
    """Each flight as a whole, shape (n,)."""

    n_unsettled: Ints32
    outcome: NDArray[np.int8]
    ended_s: Floats


class Stages(NamedTuple):
    """The stage graph, shape (s,) each; lists of stages are slices `list[list_at[s]:list_at[s + 1]]`."""

    n_before: Ints
    n_condition: Ints
    has_fallback: Bools
    on_give_up: NDArray[np.int8]
    hold_until: Ints  # NOBODY for none
    reads_cooldown: Bools
    reads_patience: Bools
    reads_deadline: Bools
    roots: Ints
    followers: Ints
    followers_at: Ints
    conditional: Ints
    conditional_at: Ints
    held: Ints  # the stages that are held until this one
    held_at: Ints
    if_given_up: Ints
    if_given_up_at: Ints
    unless_given_up: Ints
    unless_given_up_at: Ints
    settling: Ints  # scratch: the stages that settle in one go


class Pools(NamedTuple):
    """All pools, their queues (pool * n_priorities + priority) and the changes of their calendars, pool after pool."""

    pool: Records  # of POOL
    queue: Records  # of QUEUE
    change_s: Floats
    change_to: Ints


def _can_cache() -> bool:
    try:
        njit(cache=True)(instants.next_batch_s)
    except (RuntimeError, OSError):  # "no locator available": nothing can be written in any of the places
        return False
    return True


class Lists(NamedTuple):
    """What is still to happen, and `clock`, one record of CLOCK; see the module's text.

    bucket: shape (N_BUCKETS,), the place in `waiting` of one that is in it, NOBODY for none; of bucket b in place b modulo
    N_BUCKETS · after: for each place in `waiting` that of the next in the same bucket.
    """

    clock: Records
    stream_s: Floats
    stream_code: Ints
    now_code: Ints
    soon: Records  # of EVENT
    far: Records  # of EVENT
    waiting: Records  # of EVENT
    after: Ints
    bucket: Ints


CAN_CACHE = _can_cache()
"""Whether what is compiled can be kept for the next process: beside this file, in the user's cache or in NUMBA_CACHE_DIR."""

# Nothing is allocated here, so Numba need not count references to arrays (`_nrt`), which would take most of the time.
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": CAN_CACHE, "error_model": "numpy", "_nrt": False}
_entry_point: Callable[[Function], Function] = njit(**_OPTIONS)
_inlined: Callable[[Function], Function] = njit(forceinline=True, **_OPTIONS)
_next_batch_s = _inlined(instants.next_batch_s)


@_inlined
def _push_now(lists: Lists, code: int) -> None:
    heap, place = lists.now_code, lists.clock[0].n_now
    lists.clock[0].n_now = place + 1
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent] <= code:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = code


@_inlined
def _pop_now(lists: Lists) -> None:
    heap, n = lists.now_code, lists.clock[0].n_now - 1
    lists.clock[0].n_now = n
    code = heap[n]
    place, child = 0, 1
    while child < n:
        if child + 1 < n and heap[child + 1] < heap[child]:
            child += 1
        if code <= heap[child]:
            break
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = code


@_inlined
def _rise(heap: Records, place: int, due_s: float, code: int) -> None:
    """Put an event in the free last place, or above it, below all that are due before it."""
    while place > 0:
        parent = heap[(place - 1) >> 1]
        if (parent.due_s < due_s) | ((parent.due_s == due_s) & (parent.code <= code)):
            break
        heap[place].due_s = parent.due_s
        heap[place].code = parent.code
        place = (place - 1) >> 1
    heap[place].due_s = due_s
    heap[place].code = code


@_inlined
def _pop(heap: Records, n: int) -> None:
    """Take the first of n + 1 events away: the last one takes its place and sinks below all that are due before it."""
    due_s, code = heap[n].due_s, heap[n].code
    place, child = 0, 1
    while child < n:
        left, right = heap[child], heap[child + 1]  # the last event itself, if there is no right one
        child += (right.due_s < left.due_s) | ((right.due_s == left.due_s) & (right.code < left.code))
        first = heap[child]
        if (due_s < first.due_s) | ((due_s == first.due_s) & (code < first.code)):
            break
        heap[place].due_s = first.due_s
        heap[place].code = first.code
        place = child
        child = 2 * place + 1
    heap[place].due_s = due_s
    heap[place].code = code


@_inlined
def _bucket(clock: Record, due_s: float) -> float:
    """The bucket of an instant, not rounded down; never falls as the instant rises."""
    return float(min((due_s - clock.origin_s) * clock.buckets_per_s, LAST_BUCKET))


@_inlined
def _push_soon(lists: Lists, due_s: float, code: int) -> None:
    _rise(lists.soon, lists.clock[0].n_soon, due_s, code)
    lists.clock[0].n_soon += 1


@_inlined
def _push_later(lists: Lists, due_s: float, code: int) -> None:
    """Into the heap if its bucket has been opened, else into the bucket, or among those too far away for one."""
    clock = lists.clock[0]
    bucket = _bucket(clock, due_s)
    if bucket < clock.opened + 1:
        _push_soon(lists, due_s, code)
    elif bucket < clock.opened + N_BUCKETS:
        number = clock.unused
        if number == NOBODY:
            number = clock.n_numbers
            clock.n_numbers += 1
        else:
            clock.unused = lists.after[number]
        lists.waiting[number].due_s = due_s
        lists.waiting[number].code = code
        lists.after[number] = lists.bucket[int(bucket) & (N_BUCKETS - 1)]
        lists.bucket[int(bucket) & (N_BUCKETS - 1)] = number
        clock.n_waiting += 1
    else:
        _rise(lists.far, clock.n_far, due_s, code)
        clock.n_far += 1


@_inlined
def _open_next_bucket(lists: Lists) -> None:
    """With nothing left in the heap, put into it what the next bucket holds that holds anything."""
    clock = lists.clock[0]
    if clock.n_waiting + clock.n_far == 0:
        return
    farthest = int(_bucket(clock, lists.far[0].due_s)) if clock.n_far > 0 else clock.opened + N_BUCKETS
    if clock.n_waiting == 0:
        clock.opened = farthest
    else:
        clock.opened += 1
        while lists.bucket[clock.opened & (N_BUCKETS - 1)] == NOBODY and clock.opened < farthest:
            clock.opened += 1
    place = clock.opened & (N_BUCKETS - 1)
    while lists.bucket[place] != NOBODY:
        number = lists.bucket[place]
        _push_soon(lists, lists.waiting[number].due_s, lists.waiting[number].code)
        lists.bucket[place] = lists.after[number]
        lists.after[number] = clock.unused
        clock.unused = number
        clock.n_waiting -= 1
    while clock.n_far > 0 and _bucket(clock, lists.far[0].due_s) < clock.opened + 1:
        _push_soon(lists, lists.far[0].due_s, lists.far[0].code)
        clock.n_far -= 1
        _pop(lists.far, clock.n_far)


@_inlined
def _at(lists: Lists, due_s: float, rank: int, key: int) -> None:
    """Have it happen at `due_s`, or now if that is past."""
    code = (rank << CLASS_BITS) | key
    if due_s <= lists.clock[0].now_s:
        _push_now(lists, code)
    else:
        _push_later(lists, due_s, code)


@_inlined
def _expect_change(pools: Pools, lists: Lists, number: int) -> None:
    pool = pools.pool[number]
    if pool.change < pool.changes_end:
        _at(lists, pools.change_s[pool.change], CAPACITY, number)


@_inlined
def _change_capacity(pools: Pools, lists: Lists, number: int) -> None:
    pool = pools.pool[number]
    pool.capacity = pools.change_to[pool.change]
    pool.change += 1
    _expect_change(pools, lists, number)
    _call_hand_out(pools, lists, number)


@_inlined
def _call_hand_out(pools: Pools, lists: Lists, number: int) -> None:
    pool = pools.pool[number]
    if pool.called or pool.n_queued == 0 or pool.busy >= pool.capacity:
        return
    pool.called = True
    due_s = lists.clock[0].now_s
    if pool.period_s > 0:
        due_s = _next_batch_s(due_s, pool.offset_s, pool.period_s, pool.cycle_s)
    _at(lists, due_s, HAND_OUT, number)


@_inlined
def _cell(flights: Flights, key: int) -> np.uint64:
    """The cell of a flight and stage, as in a code. Without a sign, so that it is not taken for a place from the end."""
    return np.uint64((key & STAGE) * len(flights.outcome) + (key >> FLIGHT_BITS))


@_inlined
def _join(cells: Cells, flights: Flights, pools: Pools, lists: Lists, key: int, cell: np.uint64) -> None:
    """Into the list of its priority: at its end, but by key among those who entered at this instant."""
    number, now_s, behind = int(cells.pool[cell]), lists.clock[0].now_s, cells.behind
    pool = pools.pool[number]
    pool.n_queued += 1
    queue = pools.queue[pool.first_queue + cells.priority[cell]]
    tail = queue.tail
    if queue.head == NOBODY:
        behind[cell] = NOBODY
        queue.head = queue.tail = key
        queue.tie = NOBODY
    elif tail < key or cells.queued_s[_cell(flights, tail)] < now_s:
        if cells.queued_s[_cell(flights, tail)] < now_s:
            queue.tie = tail
        behind[cell] = NOBODY
        behind[_cell(flights, tail)] = key
        queue.tail = key
    else:
        before = queue.tie
        after = queue.head if before == NOBODY else behind[_cell(flights, before)]
        while after < key:
            before = after
            after = behind[_cell(flights, after)]
        behind[cell] = after
        if before == NOBODY:
            queue.head = key
        else:
            behind[_cell(flights, before)] = key
    _call_hand_out(pools, lists, number)


@_inlined
def _free(pools: Pools, lists: Lists, number: int) -> None:
    pools.pool[number].busy -= 1
    _call_hand_out(pools, lists, number)


@_inlined
def _hand_out(cells: Cells, flights: Flights, pools: Pools, lists: Lists, number: int) -> None:
    pool = pools.pool[number]
    pool.called = False
    for place in range(pool.first_queue, pool.first_queue + pool.n_queues):
        queue = pools.queue[place]
        while queue.head != NOBODY and pool.busy < pool.capacity:
            key = queue.head
            cell = _cell(flights, key)
            queue.head = cells.behind[cell]
            if queue.tie == key:
                queue.tie = NOBODY
            pool.n_queued -= 1
            if cells.course[cell].progress == WAITING:
                pool.busy += 1
                cells.course[cell].has_server = True
                _start(cells, lists, key, cell)


@_inlined
def _expect_deadline(cells: Cells, stages: Stages, lists: Lists, key: int, cell: np.uint64) -> None:
    if stages.reads_deadline[key & STAGE] and cells.deadline_s[cell] < np.inf:
        _at(lists, cells.deadline_s[cell], GIVE_UP, key)


@_inlined
def _reach(cells: Cells, flights: Flights, stages: Stages, pools: Pools, lists: Lists, key: int, cell: np.uint64) -> None:
    """A visited stage is ready: it is entered as soon as it may be."""
    now_s = lists.clock[0].now_s
    if cells.course[cell].progress != AHEAD or (stages.reads_deadline[key & STAGE] and cells.deadline_s[cell] < now_s):
        return
    if cells.not_before_s[cell] > now_s:
        _at(lists, cells.not_before_s[cell], ENTRY, key)
    else:
        _enter(cells, flights, stages, pools, lists, key, cell)


@_inlined
def _enter(cells: Cells, flights: Flights, stages: Stages, pools: Pools, lists: Lists, key: int, cell: np.uint64) -> None:
    cells.queued_s[cell] = lists.clock[0].now_s
    if cells.pool[cell] == NO_POOL:
        _start(cells, lists, key, cell)
        return
    cells.course[cell].progress = WAITING
    _join(cells, flights, pools, lists, key, cell)
    if stages.reads_patience[key & STAGE]:
        patience_ends_s = lists.clock[0].now_s + cells.patience_s[cell]
        if patience_ends_s < cells.deadline_s[cell]:
            _at(lists, patience_ends_s, GIVE_UP, key)


@_inlined
def _start(cells: Cells, lists: Lists, key: int, cell: np.uint64) -> None:
    cells.course[cell].progress = IN_SERVICE
    cells.start_s[cell] = lists.clock[0].now_s
    _at(lists, lists.clock[0].now_s + cells.service_s[cell], END, key)


@_inlined
def _end(cells: Cells, flights: Flights, stages: Stages, pools: Pools, lists: Lists, key: int, cell: np.uint64) -> bool:
    """Service ends. True: the stage settles; a verdict ends the flight before anything follows."""
    course = cells.course[cell]
    if course.progress != IN_SERVICE:
        return False
    course.progress = PAST
    cells.end_s[cell] = lists.clock[0].now_s
    if cells.ends[cell] != 0:
        _at(lists, lists.clock[0].now_s, VERDICT, key)
        return False
    if course.has_server:
        hold_until = stages.hold_until[key & STAGE]
        if hold_until == NOBODY or cells.course[_cell(flights, (key & ~STAGE) | hold_until)].settled:
            _leave(cells, stages, pools, lists, key, cell)
    return True


@_inlined
def _leave(cells: Cells, stages: Stages, pools: Pools, lists: Lists, key: int, cell: np.uint64) -> None:
    cells.course[cell].has_server = False
    if stages.reads_cooldown[key & STAGE] and cells.cooldown_s[cell] > 0:
        _at(lists, lists.clock[0].now_s + cells.cooldown_s[cell], SERVER_FREE, key)
    else:
        _free(pools, lists, int(cells.pool[cell]))


@_inlined
def _settle(cells: Cells, flights: Flights, stages: Stages, pools: Pools, lists: Lists, key: int) -> bool:
    """The stage settles, and with it every stage that is skipped and waited for nothing else. True: that was all."""
    settling, course, flight = stages.settling, cells.course, key & ~STAGE
    settling[0] = key & STAGE
    n, i = 1, 0
    while i < n:
        settled = settling[i]
        i += 1
        course[_cell(flights, flight | settled)].settled = True
        for at in range(stages.held_at[settled], stages.held_at[settled + 1]):
            held = flight | stages.held[at]
            cell = _cell(flights, held)
            if course[cell].has_server and course[cell].progress == PAST:
                _leave(cells, stages, pools, lists, held, cell)
        for at in range(stages.conditional_at[settled], stages.conditional_at[settled + 1]):
            following = stages.conditional[at]
            cell = _cell(flights, flight | following)
            course[cell].n_condition += 1
            if course[cell].n_condition == stages.n_condition[following]:
                _decide(cells, flights, stages, lists, flight | following, cell)
        for at in range(stages.followers_at[settled], stages.followers_at[settled + 1]):
            following = stages.followers[at]
            cell = _cell(flights, flight | following)
            course[cell].n_before += 1
            if course[cell].n_before == stages.n_before[following]:
                if course[cell].progress == SKIPPED:
                    settling[n] = following
                    n += 1
                else:
                    _reach(cells, flights, stages, pools, lists, flight | following, cell)
    flights.n_unsettled[key >> FLIGHT_BITS] -= n
    return bool(flights.n_unsettled[key >> FLIGHT_BITS] == 0)


@_inlined
def _decide(cells: Cells, flights: Flights, stages: Stages, lists: Lists, key: int, cell: np.uint64) -> None:
    """The stage's condition is decided: a stage of which it fails is skipped."""
    course, flight, stage = cells.course, key & ~STAGE, key & STAGE
    if course[cell].progress == SKIPPED:
        return
    first, last = stages.if_given_up_at[stage], stages.if_given_up_at[stage + 1]
    wanted = first == last
    for at in range(first, last):
        wanted |= course[_cell(flights, flight | stages.if_given_up[at])].given_up
    for at in range(stages.unless_given_up_at[stage], stages.unless_given_up_at[stage + 1]):
        wanted &= not course[_cell(flights, flight | stages.unless_given_up[at])].given_up
    if wanted:
        _expect_deadline(cells, stages, lists, key, cell)
    else:
        course[cell].progress = SKIPPED


@_inlined
def _give_up(cells: Cells, lists: Lists, cell: np.uint64) -> bool:
    """Patience or deadline is over. True: the stage is given up, being neither in service nor past."""
    progress = cells.course[cell].progress
    if progress != AHEAD and progress != WAITING:
        return False
    cells.course[cell].progress = PAST
    cells.course[cell].given_up = True
    cells.end_s[cell] = lists.clock[0].now_s
    return True


@_inlined
def _end_flight(cells: Cells, flights: Flights, stages: Stages, pools: Pools, lists: Lists, key: int, outcome: int) -> None:
    """Every track of the flight stops: queues are left, services cut off, servers left."""
    flights.outcome[key >> FLIGHT_BITS] = outcome
    flights.ended_s[key >> FLIGHT_BITS] = lists.clock[0].now_s
    for stage in range(len(stages.n_before)):
        place = (key & ~STAGE) | stage
        cell = _cell(flights, place)
        if cells.course[cell].progress != SKIPPED:
            cells.course[cell].progress = PAST
            if cells.course[cell].has_server:
                _leave(cells, stages, pools, lists, place, cell)


@_inlined
def _has_room(stages: Stages, lists: Lists, n_more: int) -> bool:
    """Whether the lists can take what one event brings about: for each stage of its flight an entry or an end, patience,
    deadline, server and hand-out, and an end for each of `n_more` who are handed a server."""
    held = max(lists.clock[0].n_soon + lists.clock[0].n_waiting + lists.clock[0].n_far, lists.clock[0].n_now)
    return bool(len(lists.now_code) - held >= EVENTS_OF_A_STAGE * len(stages.n_before) + n_more + 2)


@_entry_point
def begin(cells: Cells, flights: Flights, stages: Stages, pools: Pools, lists: Lists, flight: int) -> int:
    """Before the clock moves, from `flight` on: deadlines are noted, and every flight is at its first stages.

    Returns the flight at which to go on, because the lists lacked room for it, or the number of flights.
    """
    n_flights = len(flights.outcome)
    while flight < n_flights and _has_room(stages, lists, len(pools.pool)):
        if flight == 0:
            for number in range(len(pools.pool)):
                _expect_change(pools, lists, number)
        for stage in range(len(stages.n_before)):
            key = (flight << FLIGHT_BITS) | stage
            if stages.n_condition[stage] == 0 and cells.course[_cell(flights, key)].progress != SKIPPED:
                _expect_deadline(cells, stages, lists, key, _cell(flights, key))
        for stage in stages.roots:
            key = (flight << FLIGHT_BITS) | stage
            if cells.course[_cell(flights, key)].progress != SKIPPED:
                _reach(cells, flights, stages, pools, lists, key, _cell(flights, key))
            elif _settle(cells, flights, stages, pools, lists, key):
                _end_flight(cells, flights, stages, pools, lists, key, RELEASED)
        flight += 1
    return flight


@_entry_point
def sort_ties(times_s: Floats, codes: Ints) -> None:
    """Put the codes of one instant in order; `times_s` is in order already."""
    for i in range(1, len(codes)):
        code, place = codes[i], i
        while place > 0 and times_s[place - 1] == times_s[i] and codes[place - 1] > code:
            codes[place] = codes[place - 1]
            place -= 1
        codes[place] = code


@_inlined
def _next(lists: Lists) -> tuple[int, int]:
    """In which of the lists the next event of this instant is, and its code; NOBODY if there is none."""
    clock = lists.clock[0]
    source, code = NOBODY, 0
    if clock.n_now > 0:
        source, code = NOW, lists.now_code[0]
    if clock.n_soon > 0 and lists.soon[0].due_s == clock.now_s and (source == NOBODY or lists.soon[0].code < code):
        source, code = SOON, lists.soon[0].code
    at = clock.at_stream
    if at < clock.n_stream and lists.stream_s[at] == clock.now_s and (source == NOBODY or lists.stream_code[at] < code):
        source, code = STREAM, lists.stream_code[at]
    return source, code


@_inlined
def _take(lists: Lists, source: int) -> None:
    """The first event of that list is no longer to come."""
    if source == NOW:
        _pop_now(lists)
    elif source == SOON:
        lists.clock[0].n_soon -= 1
        _pop(lists.soon, lists.clock[0].n_soon)
    else:
        lists.clock[0].at_stream += 1


@_inlined
def _move_on(lists: Lists) -> bool:
    """The clock moves to the next instant at which anything happens. False: there is none."""
    clock = lists.clock[0]
    if clock.n_soon == 0:
        _open_next_bucket(lists)
    next_s = lists.soon[0].due_s if clock.n_soon > 0 else np.inf
    if clock.at_stream < clock.n_stream:
        next_s = min(next_s, lists.stream_s[clock.at_stream])
    clock.now_s = next_s
    return bool(next_s < np.inf)


@_entry_point
def advance(cells: Cells, flights: Flights, stages: Stages, pools: Pools, lists: Lists, n_events: int) -> int:
    """Let things happen in order: OVER when nothing is left, NEEDS_ROOM, or PAUSED after `n_events`."""
    for _ in range(n_events):
        source, code = _next(lists)
        if source == NOBODY:
            if _move_on(lists):
                continue
            return OVER
        rank, key = code >> CLASS_BITS, code & KEY
        if not _has_room(stages, lists, pools.pool[key].n_queued if rank == HAND_OUT else 0):
            return NEEDS_ROOM
        _take(lists, source)
        if rank == HAND_OUT:
            _hand_out(cells, flights, pools, lists, key)
            continue
        if rank == CAPACITY:
            _change_capacity(pools, lists, key)
            continue
        stage, cell = key & STAGE, _cell(flights, key)
        settles, outcome = False, IN_SYSTEM
        if rank == END:
            settles = _end(cells, flights, stages, pools, lists, key, cell)
        elif rank == SERVER_FREE:
            _free(pools, lists, int(cells.pool[cell]))
        elif rank == ENTRY:
            if cells.course[cell].progress == AHEAD:
                _enter(cells, flights, stages, pools, lists, key, cell)
        elif rank == GIVE_UP:
            if _give_up(cells, lists, cell):
                settles = stages.has_fallback[stage]
                outcome = IN_SYSTEM if settles else stages.on_give_up[stage]
        elif flights.outcome[key >> FLIGHT_BITS] == IN_SYSTEM:
            outcome = cells.ends[cell]
        if settles and _settle(cells, flights, stages, pools, lists, key):
            outcome = RELEASED
        if outcome != IN_SYSTEM:
            _end_flight(cells, flights, stages, pools, lists, key, outcome)
    return PAUSED
