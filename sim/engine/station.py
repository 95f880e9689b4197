"""A pool in motion: its queue, its capacity by the calendar, its count of busy servers."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Generic, Protocol, TypeVar

from sim.engine.clock import Clock, Rank
from sim.engine.instants import next_batch_s
from sim.model.plan import Pool


class Customer(Protocol):
    """What a station knows of those who queue: their place in the order, and whether they still wait."""

    priority: int
    key: int

    @property
    def waiting(self) -> bool: ...


C = TypeVar("C", bound=Customer)


class Station(Generic[C]):
    """Servers without identity: it hands out while fewer are busy than the capacity and someone waits.

    A server is busy from its start until it is free again: in service, held, or cooling down. `start`
    is called with each customer who gets one. Customers who no longer wait are passed over.
    """

    def __init__(self, clock: Clock, number: int, pool: Pool, start: Callable[[C], None]) -> None:
        self.clock = clock
        self.number = number
        self.pool = pool
        self.start = start
        self.capacity = 0
        self.busy = 0
        self.queue: list[tuple[int, float, int, C]] = []
        self.called = False
        self.expect_change(0)

    def expect_change(self, change: int) -> None:
        """Have the calendar's change number `change` happen at its instant."""
        if change < len(self.pool.calendar.times_s):
            # Keys below 0 keep apart from the servers that come free in the same rank.
            self.clock.at(self.pool.calendar.times_s[change], Rank.SERVERS, -1 - self.number, self.change_capacity, change)

    def change_capacity(self, change: int) -> None:
        """A fall touches no busy server: while busy >= capacity nothing is handed out."""
        self.capacity = self.pool.calendar.capacities[change]
        self.expect_change(change + 1)
        self.call_hand_out()

    def join(self, customer: C) -> None:
        """A customer enters the queue now."""
        heappush(self.queue, (customer.priority, self.clock.now, customer.key, customer))
        self.call_hand_out()

    def free(self) -> None:
        """A server comes free now."""
        self.busy -= 1
        self.call_hand_out()

    def call_hand_out(self) -> None:
        """Have a hand-out at this instant, or at the next batch instant, if there is anything to give."""
        if self.called or not self.queue or self.busy >= self.capacity:
            return
        self.called = True
        now, pool = self.clock.now, self.pool
        due_s = next_batch_s(now, pool.offset_s, pool.period_s, pool.cycle_s) if pool.period_s > 0 else now
        self.clock.at(due_s, Rank.HAND_OUT, self.number, Station.hand_out, self)

    def hand_out(self) -> None:
        """Give all there is to give, best (priority, entry, key) first, before anything follows from it."""
        self.called = False
        while self.queue and self.busy < self.capacity:
            customer = heappop(self.queue)[-1]
            if customer.waiting:
                self.busy += 1
                self.start(customer)
