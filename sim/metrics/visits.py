"""Every visit of a flight to a pool: its time in the queue and at the server."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.stage_completion import left_s
from sim.ground.arrays import Bools, Floats, Ints32
from sim.metrics.accounts import Accounts, account_of_pool, account_of_stage
from sim.metrics.cached import cached_per_observation
from sim.metrics.derived import stage_completion
from sim.model.observation import Observation
from sim.model.plan import NEVER, NO_POOL

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True)
class PoolVisits:
    """k visits, sorted by pool, that entered a queue by the horizon; every array has shape (k,).

    flight, stage, pool: numbers · queued_s: entry · left_s: left the queue: served, given up, or the
    flight ended, at the latest the horizon · start_s: inf where never served · served_s: end of the
    service, or the flight's end if that cut it off · leave_s: the server is left, at the end of the
    hold if there is one · free_s: the server is free again, after the cooldown (the last three inf where
    it never came) · account: number in ACCOUNTS.
    """

    flight: Ints32
    stage: Ints32
    pool: Ints32
    queued_s: Floats
    left_s: Floats
    start_s: Floats
    served_s: Floats
    leave_s: Floats
    free_s: Floats
    account: Accounts

    def of_pool(self, number: int) -> slice:
        """The positions of one pool's visits."""
        first, last = np.searchsorted(self.pool, (number, number + 1))
        return slice(int(first), int(last))

    @property
    def wait_s(self) -> Floats:
        """Shape (k,): seconds in the queue, counted up to the horizon."""
        return self.left_s - self.queued_s

    @property
    def served(self) -> Bools:
        """Shape (k,): a server was taken."""
        return np.isfinite(self.start_s)


@cached_per_observation
def pools_by_key(observation: Observation) -> dict[str, int]:
    """The number of every pool under the key by which measures name it; markers (`NEVER`) are left out.

    Raises ValueError where two pools have the same key.
    """
    pools = [(pool.key, number) for number, pool in enumerate(observation.plan.pools) if pool != NEVER]
    keys = [key for key, _ in pools]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"pools of the same key can't be told apart: {', '.join(twice)}")
    return dict(pools)


@cached_per_observation
def pool_visits(observation: Observation) -> PoolVisits:
    """All visits to pools, of measured flights and of the others."""
    plan, timeline = observation.plan, observation.timeline
    inside = plan.visits & (plan.pool != NO_POOL) & (timeline.queued_s <= observation.horizon_s)
    cells = np.flatnonzero(inside.ravel("F"))  # stage by stage, as the cells lie in memory

    def of_cells(grid: NDArray[T]) -> NDArray[T]:
        return grid.ravel("F")[cells]

    cells = cells[np.argsort(of_cells(plan.pool).astype(np.int16), kind="stable")]  # 16 bits: sorted by counting
    stage, flight = np.divmod(cells, len(plan.visits))
    ended = _or_inf(timeline.ended_s)[flight]
    start = _or_inf(of_cells(timeline.start_s))
    end = _or_inf(of_cells(timeline.end_s))
    leave = _or_inf(of_cells(left_s(plan, timeline, stage_completion(observation))))
    of_pool = of_cells(account_of_pool(observation))
    return PoolVisits(
        flight=flight.astype(np.int32),
        stage=stage.astype(np.int32),
        pool=of_cells(plan.pool),
        queued_s=of_cells(timeline.queued_s),
        left_s=np.minimum.reduce([start, end, ended, np.full(len(ended), observation.horizon_s)]),
        start_s=start,
        served_s=np.where(np.isfinite(start), np.minimum(end, ended), np.inf),
        leave_s=leave,
        free_s=leave + of_cells(plan.cooldown_s),
        account=np.where(of_pool >= 0, of_pool, of_cells(account_of_stage(observation))).astype(np.int8),
    )


@cached_per_observation
def in_queues_s(observation: Observation) -> Floats:
    """Shape (n,): seconds in the queues of all pools up to the release, if any; waits that run side by side all count."""
    visits = pool_visits(observation)
    waits_s = np.maximum(np.fmin(visits.left_s, observation.released_s[visits.flight]) - visits.queued_s, 0.0)
    return np.bincount(visits.flight, weights=waits_s, minlength=len(observation.flights)).astype(np.float64)


def _or_inf(instants_s: Floats) -> Floats:
    return np.where(np.isnan(instants_s), np.inf, instants_s)
