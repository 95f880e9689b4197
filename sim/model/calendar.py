"""Capacity calendars: the number of servers of a pool by time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.ground.roster import Roster, Turn, is_weekly, turns_of_weekday
from sim.ground.time_units import DAY_S

PLENTY = 1_000_000_000  # "everything that waits leaves": a capacity no queue exceeds
DAYS_PAST_END = 31  # so that no queue is shut in by a calendar's end
LEAD_IN_S = -120 * DAY_S  # calendars begin here, before nearly every order; earlier where an order is earlier


@dataclass(frozen=True, slots=True)
class Calendar:
    """Servers by time: `capacities[i]` from `times_s[i]` until the next; the last value holds for ever.

    Before the first instant the capacity is 0. Times are seconds from midnight of the first day.
    """

    times_s: tuple[float, ...]
    capacities: tuple[int, ...]

    @staticmethod
    def always(capacity: int, begin_s: float = LEAD_IN_S) -> "Calendar":
        """The same capacity from `begin_s` on."""
        return Calendar((begin_s,), (capacity,))

    @staticmethod
    def daily(capacity: int, opens_s: float, closes_s: float, end_s: float, begin_s: float = LEAD_IN_S) -> "Calendar":
        """`capacity` between two clock times every day, else 0; closing before opening spans midnight.

        Opening 00:00 and closing 24:00 (or the same clock time twice) is all day.
        """
        opens_s, closes_s = opens_s % DAY_S, closes_s % DAY_S
        if opens_s == closes_s:
            return Calendar.always(capacity, begin_s)
        return Calendar.roster(tuple(sorted([Turn(opens_s, capacity), Turn(closes_s, 0)])), end_s, begin_s)

    @staticmethod
    def roster(
        roster: Roster, end_s: float, begin_s: float = LEAD_IN_S, weekday: Callable[[int], int] = lambda day: day % 7
    ) -> "Calendar":
        """Servers by clock time; `weekday` gives the weekday (0 is Monday) as which a day, counted from 0, counts.

        A turn holds until the next, over midnight too. The calendar begins with the day of `begin_s` and runs a month past
        `end_s`, so that no queue is shut in by its end.
        """
        if len({servers for _, servers in roster}) == 1:
            return Calendar.always(roster[0][1], begin_s)
        days = range(int(np.floor(begin_s / DAY_S)), int(np.ceil(end_s / DAY_S)) + DAYS_PAST_END)
        of_weekday = [turns_of_weekday(roster, number) for number in range(7)]
        numbers = [weekday(day) for day in days] if is_weekly(roster) else [0] * len(days)
        turns = [
            (day * DAY_S + clock_s, servers)
            for day, number in zip(days, numbers, strict=True)
            for clock_s, servers in of_weekday[number]
        ]
        return Calendar(tuple(t for t, _ in turns), tuple(c for _, c in turns)).merged()

    @staticmethod
    def joined(calendars: Sequence["Calendar"]) -> "Calendar":
        """The calendar of all servers together."""
        instants = np.unique(np.concatenate([calendar.times_s for calendar in calendars]))
        capacities = np.sum([calendar._at_all(instants) for calendar in calendars], axis=0)
        return Calendar(tuple(instants.tolist()), tuple(capacities.tolist())).merged()

    def closed(self, spells: Iterable[tuple[float, float]]) -> "Calendar":
        """This calendar with capacity 0 in each spell [from, to), which may overlap."""
        shut = np.array([spell for spell in spells if spell[1] > spell[0]], dtype=np.float64)
        if not len(shut):
            return self
        starts, ends = np.sort(shut, axis=0).T
        instants = np.unique(np.concatenate([self.times_s, starts, ends]))
        begun, over = (np.searchsorted(edges, instants, side="right") for edges in (starts, ends))
        capacities = np.where(begun > over, 0, self._at_all(instants))
        return Calendar(tuple(instants.tolist()), tuple(capacities.tolist())).merged()

    def within(self, hours: "Calendar") -> "Calendar":
        """This calendar with capacity 0 wherever `hours` has 0."""
        instants = np.unique(np.concatenate([self.times_s, hours.times_s]))
        capacities = np.where(hours._at_all(instants) > 0, self._at_all(instants), 0)
        return Calendar(tuple(instants.tolist()), tuple(capacities.tolist())).merged()

    def merged(self) -> "Calendar":
        """The same calendar without instants at which nothing changes."""
        kept = [i for i, c in enumerate(self.capacities) if i == 0 or c != self.capacities[i - 1]]
        return Calendar(tuple(self.times_s[i] for i in kept), tuple(self.capacities[i] for i in kept))

    def at(self, instant_s: float) -> int:
        """The capacity at an instant."""
        return int(self._at_all(np.array([instant_s]))[0])

    def _at_all(self, instants_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """The capacities at instants, shape of `instants_s`."""
        from_none = np.array([0, *self.capacities], dtype=np.int64)
        return from_none[np.searchsorted(self.times_s, instants_s, side="right")]

    def server_seconds(self, start_s: float, end_s: float) -> float:
        """The integral of the capacity over [start_s, end_s): the server time on duty."""
        edges = np.clip(np.array([*self.times_s, np.inf]), start_s, end_s)
        return float(np.sum(np.diff(edges) * np.array(self.capacities, dtype=np.float64)))


def next_opening(instant_s: np.ndarray, opens_s: float, closes_s: float) -> np.ndarray:
    """Seconds from each instant (shape (n,), s) until a daily window is next open; 0 within it."""
    length = (closes_s - opens_s) % DAY_S or DAY_S
    since_opening = (instant_s - opens_s) % DAY_S
    return np.where(since_opening < length, 0.0, DAY_S - since_opening)
