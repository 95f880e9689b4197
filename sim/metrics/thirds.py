"""The first and the last third of the measured days: what became of the flights planned in each."""

from typing import NamedTuple

import numpy as np

from sim.ground.arrays import Bools
from sim.ground.time_units import DAY_S
from sim.ground.tolerance import at_most
from sim.metrics.delay import ON_TIME_S
from sim.model.observation import Observation
from sim.model.outcome import Outcome


class FlightCounts(NamedTuple):
    """Numbers of flights: planned, and of them released by the horizon, released on time, and not ended by the horizon."""

    planned: int
    released: int
    on_time: int
    in_system: int


def days_of_third(days: int) -> int:
    """Whole days in each of the two parts that are compared: a third of the measured days, and one at least."""
    return max(days // 3, 1)


def thirds(observation: Observation) -> tuple[FlightCounts, ...]:
    """The first and the last third of the measured days, by planned departure; none where fewer than two days are measured."""
    start_s, end_s = observation.window_start_s, observation.window_end_s
    days = round((end_s - start_s) / DAY_S)
    if days < 2:
        return ()
    planned_s, length_s = observation.flights.planned_departure_s, days_of_third(days) * DAY_S
    first = observation.measured & (planned_s < start_s + length_s)
    last = observation.measured & (planned_s >= end_s - length_s)
    return _counts(observation, first), _counts(observation, last)


def _counts(observation: Observation, flights: Bools) -> FlightCounts:
    delay_s = (observation.released_s - observation.flights.planned_release_s)[flights]
    in_system = observation.outcome[flights] == Outcome.IN_SYSTEM
    released = ~np.isnan(delay_s)
    on_time = at_most(delay_s[released], ON_TIME_S)
    return FlightCounts(*(int(np.count_nonzero(which)) for which in (flights, released, on_time, in_system)))
