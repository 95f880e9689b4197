"""Gridlock: flights that hold what the others wait for, in a circle. A result, not a crash."""

import numpy as np

from sim.engine.stage_completion import left_s
from sim.model.outcome import Outcome
from sim.model.plan import NO_POOL, Plan
from sim.model.timeline import Timeline


def find_gridlock(plan: Plan, timeline: Timeline) -> tuple[tuple[int, ...], ...]:
    """The circles left at the end of a run, as groups of rising flight numbers, in the order of their first flights.

    A group is a strongly connected set under "waits in a pool, whose last capacity is above 0, of which
    the other holds a server"; a flight that waits for what it holds itself is a circle of one. Flights
    that only wait behind a circle are not its members.
    """
    left_over = np.flatnonzero(timeline.outcome == Outcome.IN_SYSTEM)
    if not len(left_over):
        return ()
    from scipy.sparse import coo_array  # here: few need it, and it takes a sixth of a second to import
    from scipy.sparse.csgraph import connected_components

    plan, timeline = plan.of_flights(left_over), timeline.of_flights(left_over)
    queues = plan.visits & (plan.pool != NO_POOL)
    open_at_last = np.array([sum(pool.calendar.capacities[-1:]) > 0 for pool in plan.pools] + [False])  # [NO_POOL] is last
    waits = queues & ~np.isnan(timeline.queued_s) & np.isnan(timeline.start_s) & np.isnan(timeline.end_s)
    waiting, wait_stage = np.nonzero(waits & open_at_last[plan.pool])
    holding, hold_stage = np.nonzero(queues & np.isposinf(left_s(plan, timeline)))
    # Nodes are the flights, then the pools: a flight points to the pool it waits in, a pool to the flights that hold it.
    pool_waited = plan.n_flights + plan.pool[waiting, wait_stage]
    pool_held = plan.n_flights + plan.pool[holding, hold_stage]
    tails, heads = np.concatenate([waiting, pool_held]), np.concatenate([pool_waited, holding])
    n_nodes = plan.n_flights + len(plan.pools)
    edges = coo_array((np.ones(len(tails)), (tails, heads)), shape=(n_nodes, n_nodes))
    _, labels = connected_components(edges.tocsr(), connection="strong")
    return _groups(labels, left_over)


def _groups(labels: np.ndarray, flights: np.ndarray) -> tuple[tuple[int, ...], ...]:
    """The numbers of flights by label, for labels with more than one node: every circle passes a pool."""
    sizes = np.bincount(labels)
    groups: dict[int, list[int]] = {}
    for node in np.nonzero(sizes[labels[: len(flights)]] > 1)[0].tolist():
        groups.setdefault(int(labels[node]), []).append(int(flights[node]))
    return tuple(tuple(group) for group in groups.values())
