"""Instants that every engine computes by the same expressions, so that they agree bit for bit."""

from math import ceil

import numpy as np

from sim.nouns.plan import Plan


def next_batch_s(instant_s: float, offset_s: float, period_s: float) -> float:
    """The first offset_s + k * period_s (k a whole number) that is not before `instant_s`."""
    k = ceil((instant_s - offset_s) / period_s)
    while offset_s + k * period_s < instant_s:
        k += 1
    while offset_s + (k - 1) * period_s >= instant_s:
        k -= 1
    return offset_s + k * period_s


def clock_start_s(plan: Plan) -> float:
    """The earliest finite instant of the plan: of visited cells (not_before_s, deadline_s) and calendars; 0 if none."""
    written = [plan.not_before_s[plan.visits], plan.deadline_s[plan.visits], *(pool.calendar.times_s for pool in plan.pools)]
    instants = np.concatenate([np.asarray(some, dtype=np.float64) for some in written])
    instants = instants[np.isfinite(instants)]
    return float(instants.min()) if len(instants) else 0.0
