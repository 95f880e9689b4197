"""How long the servers of each pool were busy and on duty, hour by hour of the window."""

from dataclasses import dataclass

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.time_units import HOUR_S, HOURS_A_DAY
from sim.metrics.cached import cached_per_observation
from sim.metrics.visits import pool_visits
from sim.model.calendar import PLENTY, Calendar
from sim.model.observation import Observation


@dataclass(frozen=True)
class Occupancy:
    """Server seconds within the window, shape (pools, 24), by hour of the day.

    busy_s: from the start of the service to the end of hold and cooldown · on_duty_s: by the calendar,
    NaN for a pool that takes all that comes.
    """

    busy_s: Floats
    on_duty_s: Floats

    @property
    def utilisation(self) -> Floats:
        """Shape (pools,): busy / on duty; NaN with nobody on duty or plenty. Above 1 only where servers
        finish, hold or cool down after their shift."""
        return _ratio(self.busy_s.sum(axis=1), self.on_duty_s.sum(axis=1))

    @property
    def utilisation_by_hour(self) -> Floats:
        """Shape (pools, 24): the same for each hour of the day."""
        return _ratio(self.busy_s, self.on_duty_s)


@cached_per_observation
def occupancy(observation: Observation) -> Occupancy:
    """Busy and scheduled server time of every pool, of all flights, measured or not."""
    edges = _hour_edges(observation.window_start_s, observation.window_end_s)
    hour = ((edges[:-1] + edges[1:]) / 2 // HOUR_S % HOURS_A_DAY).astype(np.int64)
    visits, pools = pool_visits(observation), observation.plan.pools
    busy, on_duty = np.zeros((len(pools), HOURS_A_DAY)), np.zeros((len(pools), HOURS_A_DAY))
    for number, pool in enumerate(pools):
        of_pool = visits.of_pool(number)
        spent = np.diff(covered_until(edges, visits.start_s[of_pool], visits.free_s[of_pool]))
        busy[number] = np.bincount(hour, weights=spent, minlength=HOURS_A_DAY)
        scheduled = np.diff(server_seconds_until(pool.calendar, edges))
        on_duty[number] = np.bincount(hour, weights=scheduled, minlength=HOURS_A_DAY) if is_counted(pool.calendar) else np.nan
    return Occupancy(busy, on_duty)


def is_counted(calendar: Calendar) -> bool:
    """Whether a calendar's servers can be counted: false for a pool that takes all that comes."""
    return max(calendar.capacities) < PLENTY


def server_seconds_until(calendar: Calendar, instants_s: Floats) -> Floats:
    """Shape of `instants_s` (not decreasing): server seconds on duty since the first of them."""
    times, capacities = np.array(calendar.times_s), np.array(calendar.capacities, dtype=np.float64)
    at_change = np.concatenate([[0.0], np.cumsum(np.diff(times) * capacities[:-1])])
    spell = np.searchsorted(times, instants_s, side="right") - 1
    inside = at_change[spell] + capacities[spell] * (instants_s - times[spell])
    total = np.where(spell >= 0, inside, 0.0)
    return np.asarray(total - total[0])


def _hour_edges(start_s: float, end_s: float) -> Floats:
    """The window's start, every full hour within it, and its end."""
    hours = np.arange(np.floor(start_s / HOUR_S) + 1, np.ceil(end_s / HOUR_S)) * HOUR_S
    return np.array([start_s, *hours, end_s])


def covered_until(edges_s: Floats, from_s: Floats, to_s: Floats) -> Floats:
    """Shape of `edges_s`: the summed length of the intervals [from, to) between the first edge and each."""
    first, last = edges_s[0], edges_s[-1]
    begun, ended = (np.clip(instants_s, first, last) - first for instants_s in (from_s, to_s))
    return _elapsed(begun, edges_s - first) - _elapsed(ended, edges_s - first)


def most_at_once(from_s: Floats, to_s: Floats) -> float:
    """The most intervals [from, to) that overlap."""
    change = np.repeat([1, -1], len(from_s))
    in_time = np.lexsort((change, np.concatenate([from_s, to_s])))  # at one instant, exits first
    return float(np.cumsum(change[in_time]).max(initial=0))


def _elapsed(since_s: Floats, edges_s: Floats) -> Floats:
    """Shape of `edges_s`: the sum over `since_s` of the time passed since then."""
    ordered = np.sort(since_s)
    summed = np.concatenate([[0.0], np.cumsum(ordered)])
    passed = np.searchsorted(ordered, edges_s)
    return np.asarray(passed * edges_s - summed[passed])


def _ratio(busy_s: Floats, on_duty_s: Floats) -> Floats:
    ratio = np.full(busy_s.shape, np.nan)
    np.divide(busy_s, on_duty_s, out=ratio, where=on_duty_s > 0)
    return ratio
