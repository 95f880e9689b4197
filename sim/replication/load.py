"""What a plan asks of its pools before any clock runs: the work of the flights against the servers on duty."""

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.model.calendar import PLENTY
from sim.model.plan import NEVER, Plan, Pool
from sim.replication.prepare import Prepared


def load_of_pools(prepared: Prepared, counted: Bools) -> dict[Pool, float]:
    """By pool: the time for which the counted flights (shape (n,)) would keep its servers / the time of servers on duty.

    As if nobody had to wait: a server that is held is so until the stage it is held until would end, and cools down. Fallback
    paths are left out, so that the load is at least this; above 1 the queue grows as long as flights come. inf where there is
    work and never a server. Numerator: flights planned in the window; denominator: servers over the window. Pools without work,
    batch pools and those that nobody can fill are left out.
    """
    plan = prepared.plan
    started_s, settled_s = uncontended(plan)
    load = {}
    for number, pool in enumerate(plan.pools):
        if pool == NEVER or pool.period_s > 0 or max(pool.calendar.capacities) >= PLENTY:
            continue
        work_s = sum(_kept_s(plan, s, number, started_s, settled_s, counted) for s in range(plan.n_stages))
        on_duty_s = pool.calendar.server_seconds(prepared.window_start_s, prepared.window_end_s)
        if work_s > 0:
            load[pool] = work_s / on_duty_s if on_duty_s else np.inf
    return load


def uncontended(plan: Plan) -> tuple[Floats, Floats]:
    """Shape (n, s) each: when every stage would start, and when it would have settled, if every pool had a server at once.

    Stages of fallback paths settle as soon as they are ready.
    """
    started_s = np.full(plan.service_s.shape, -np.inf)
    settled_s = np.full_like(started_s, -np.inf)
    for s, step in enumerate(plan.steps):
        ready_s = np.max(settled_s[:, list(step.after)], axis=1, initial=-np.inf)
        visited = plan.visits[:, s] & (not step.if_given_up)
        started_s[:, s] = np.where(visited, np.maximum(ready_s, plan.not_before_s[:, s]), ready_s)
        settled_s[:, s] = started_s[:, s] + np.where(visited, plan.service_s[:, s], 0.0)
    return started_s, settled_s


def _kept_s(plan: Plan, s: int, pool: int, started_s: Floats, settled_s: Floats, counted: Bools) -> float:
    """For how long a stage of the counted flights keeps servers of a pool, s."""
    step = plan.steps[s]
    here = counted & plan.visits[:, s] & (plan.pool[:, s] == pool)
    if step.if_given_up or not here.any():
        return 0.0
    left_s = settled_s[:, s] if step.hold_until is None else np.maximum(settled_s[:, s], settled_s[:, step.hold_until])
    return float(np.sum((left_s - started_s[:, s] + plan.cooldown_s[:, s])[here]))
