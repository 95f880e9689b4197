"""The clock of the reference engine: SimPy's, with a fixed order of what falls on the same instant."""

from collections.abc import Callable
from enum import IntEnum
from heapq import heappush
from typing import Generic, TypeVar

import simpy

Subject = TypeVar("Subject")


class Rank(IntEnum):
    """What goes first at one instant. After each single event the first rank that has one is next again."""

    ENTRY = 0
    END = 1
    VERDICT = 2
    SERVERS = 3  # a server comes free, a capacity changes
    HAND_OUT = 4
    GIVE_UP = 5  # last, so that no patience at all means "only if free at once"


class Appointment(simpy.Event, Generic[Subject]):
    """A SimPy event that does one thing, to one subject, when it is due."""

    def __init__(self, clock: "Clock", act: Callable[[Subject], None], subject: Subject) -> None:
        # As simpy.Timeout does: an event that is already triggered and only waits for its instant.
        self.env = clock
        self.callbacks = [self.keep]
        self._ok = True
        self._value = None
        self.act = act
        self.subject = subject

    def keep(self, _: simpy.Event) -> None:
        """Do it."""
        self.act(self.subject)


class Clock(simpy.Environment):
    """SimPy's environment, in which events are due at absolute instants and ordered by (instant, rank, key).

    SimPy itself schedules by now + delay, which rounds, and breaks ties by order of scheduling, which
    another engine could not follow.
    """

    _now: float

    def at(self, instant_s: float, rank: Rank, key: int, act: Callable[[Subject], None], subject: Subject) -> None:
        """Have `act(subject)` happen at `instant_s`. No two pending events have the same instant, rank and key."""
        heappush(self._queue, (instant_s, rank, key, Appointment(self, act, subject)))  # type: ignore[misc]
