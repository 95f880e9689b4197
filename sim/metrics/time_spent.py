"""How long servers were taken up by each visit: hours of officers, of machines, of dogs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np

from sim.ground.arrays import Floats, Ints32
from sim.metrics.accounts import Accounts
from sim.metrics.cached import cached_per_observation
from sim.metrics.visits import pool_visits
from sim.model.observation import Observation
from sim.model.plan import Pool
from sim.model.stage import Workload

_FREE_IN_A_HOLD = ("machine",)  # people and dogs wait through a hold; a machine is free for another


@dataclass(frozen=True)
class TimeSpent:
    """k visits that were served, sorted by pool; every array has shape (k,).

    flight, stage, pool: their numbers · account: number in ACCOUNTS · seconds: from the start of the service to its end, holds
    included but for machines, up to the horizon.
    """

    flight: Ints32
    stage: Ints32
    pool: Ints32
    account: Accounts
    seconds: Floats


def costs(pool: Pool, workload: Workload) -> bool:
    """Whether an hour of that pool's servers is an hour of that workload: theirs, or of whoever stands beside them."""
    return workload in (pool.kind.workload, pool.kind.staffed_by)


@cached_per_observation
def time_spent(observation: Observation) -> Mapping[Workload, TimeSpent]:
    """By kind of work: the services of all flights, measured or not, at pools of that workload."""
    visits, pools = pool_visits(observation), observation.plan.pools
    begun_s = np.minimum(visits.start_s, observation.horizon_s)
    of_kind: dict[Workload, TimeSpent] = {}
    for workload in get_args(Workload):
        is_of_kind = np.array([costs(pool, workload) for pool in pools], dtype=bool)
        which = np.flatnonzero(visits.served & (is_of_kind[visits.pool] if len(pools) else False))
        until_s = (visits.served_s if workload in _FREE_IN_A_HOLD else visits.leave_s)[which]
        seconds = np.minimum(until_s, observation.horizon_s) - begun_s[which]
        of_kind[workload] = TimeSpent(
            visits.flight[which], visits.stage[which], visits.pool[which], visits.account[which], seconds
        )
    return of_kind
