"""Arrivals: planned departures as a Poisson process with a daily profile, from a stream of unit gaps.

The process is the unit-rate Poisson process with its time changed by the cumulative rate (Cinlar 1975),
so that a scenario with twice the demand sees twice the rate on the same underlying numbers.
"""

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.streams import draw
from sim.ground.time_units import DAY_S, HOUR_S


def planned_departures(
    seed: int, replication: int, name: str, per_day: float, profile: tuple[float, ...], days: float, factors: Floats
) -> Floats:
    """Departures in [0, days) in rising order, s; shape (k,) with k Poisson.

    `factors`: shape (whole days around `days`,), the demand of each day as a multiple of `per_day`.
    """
    hours = np.arange(int(np.ceil(days)) * 24 + 1)
    hourly = np.array(profile) / sum(profile) * per_day
    cumulative = np.concatenate([[0.0], np.cumsum(np.outer(factors, hourly))])
    expected = cumulative[-1]
    n_gaps = int(expected + 10 * np.sqrt(expected) + 50)  # ten standard deviations and 50 above the mean
    unit_s = np.cumsum(-np.log1p(-draw(seed, replication, name, "uniform", n_gaps)))
    instants = _inverse(unit_s[unit_s < expected], cumulative, (hours * HOUR_S).astype(np.float64))
    return instants[instants < days * DAY_S]


def _inverse(values: Floats, cumulative: Floats, times_s: Floats) -> Floats:
    """The instants at which the cumulative rate reaches each value; a value on a flat stretch belongs to the end of it."""
    # From the right, so that a value on a flat stretch gets the rising piece behind it and no slope is 0.
    position = np.searchsorted(cumulative, values, side="right") - 1
    slope = np.diff(cumulative)[position]
    return times_s[position] + (values - cumulative[position]) / slope * np.diff(times_s)[position]
