"""Instants that every engine computes by the same expressions, so that they agree bit for bit."""

from math import ceil, floor, inf

from sim.model.plan import Plan


def next_batch_s(instant_s: float, offset_s: float, period_s: float, cycle_s: float) -> float:
    """The first batch that is not before `instant_s`: offset_s + k * period_s (k a whole number).

    With a cycle, batches are counted from the last offset_s + d * cycle_s that is not after `instant_s`, and the beginning of
    the next cycle is a batch too.
    """
    first_s, next_s = offset_s, inf
    if cycle_s > 0:
        d = floor((instant_s - offset_s) / cycle_s)
        while offset_s + d * cycle_s > instant_s:  # the quotient may be rounded to either side of a whole number
            d -= 1
        while offset_s + (d + 1) * cycle_s <= instant_s:
            d += 1
        first_s, next_s = offset_s + d * cycle_s, offset_s + (d + 1) * cycle_s
    k = ceil((instant_s - first_s) / period_s)
    while first_s + k * period_s < instant_s:
        k += 1
    while first_s + (k - 1) * period_s >= instant_s:
        k -= 1
    return min(first_s + k * period_s, next_s)


def clock_start_s(plan: Plan) -> float:
    """The earliest finite instant of a checked plan: of visited cells (not_before_s, deadline_s) and calendars; 0 if none."""
    cells = [column.min(where=plan.visits, initial=inf) for column in (plan.not_before_s, plan.deadline_s)]
    changes = [time_s for pool in plan.pools for time_s in pool.calendar.times_s[:1]]
    earliest_s = float(min([*cells, *changes]))
    return earliest_s if earliest_s < inf else 0.0
