"""Instants that every engine computes by the same expressions, so that they agree bit for bit."""

from math import ceil, inf

from sim.model.plan import Plan


def next_batch_s(instant_s: float, offset_s: float, period_s: float) -> float:
    """The first offset_s + k * period_s (k a whole number) that is not before `instant_s`."""
    k = ceil((instant_s - offset_s) / period_s)
    while offset_s + k * period_s < instant_s:
        k += 1
    while offset_s + (k - 1) * period_s >= instant_s:
        k -= 1
    return offset_s + k * period_s


def clock_start_s(plan: Plan) -> float:
    """The earliest finite instant of a checked plan: of visited cells (not_before_s, deadline_s) and calendars; 0 if none."""
    cells = [column.min(where=plan.visits, initial=inf) for column in (plan.not_before_s, plan.deadline_s)]
    changes = [time_s for pool in plan.pools for time_s in pool.calendar.times_s[:1]]
    earliest_s = float(min([*cells, *changes]))
    return earliest_s if earliest_s < inf else 0.0
