"""How long servers were taken up by each visit: hours of officers, of machines, of dogs."""

from dataclasses import dataclass

import numpy as np

from sim.ground.arrays import Floats, Ints32
from sim.metrics.accounts import Accounts
from sim.metrics.visits import pool_visits
from sim.model.observation import Observation
from sim.model.plan import Pool
from sim.model.stage import Workload

_FREE_IN_A_HOLD = ("machine",)  # people and dogs wait through a hold; a machine is free for another


@dataclass(frozen=True)
class TimeSpent:
    """k visits that were served, sorted by pool; every array has shape (k,).

    flight: its number · account: number in ACCOUNTS · seconds: from the start of the service to its end, holds included but for
    machines, up to the horizon.
    """

    flight: Ints32
    account: Accounts
    seconds: Floats


def costs(pool: Pool, workload: Workload) -> bool:
    """Whether an hour of that pool's servers is an hour of that workload: theirs, or of whoever stands beside them."""
    return workload in (pool.kind.workload, pool.kind.staffed_by)


def time_spent(observation: Observation, workload: Workload) -> TimeSpent:
    """The services of all flights, measured or not, at pools of that workload."""
    visits, pools = pool_visits(observation), observation.plan.pools
    of_kind = np.array([costs(pool, workload) for pool in pools], dtype=bool)
    counted = np.flatnonzero(visits.served & (of_kind[visits.pool] if len(pools) else False))
    until = (visits.served_s if workload in _FREE_IN_A_HOLD else visits.leave_s)[counted]
    begun = np.minimum(visits.start_s[counted], observation.horizon_s)
    seconds = np.minimum(until, observation.horizon_s) - begun
    return TimeSpent(visits.flight[counted], visits.account[counted], seconds)
