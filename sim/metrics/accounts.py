"""Accounts: to whom the time of a stage is booked."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Floats
from sim.ground.sides import SIDE_KEYS, SIDES
from sim.ground.text import Text
from sim.metrics.breakdown import TOTAL
from sim.metrics.cached import cached_per_observation
from sim.model.observation import Observation
from sim.model.stage import ROLE_LABELS

Accounts = NDArray[np.int8]
ACCOUNTS: tuple[str, ...] = (*SIDE_KEYS, "air", "operator", "shared")
SCHEDULE = "schedule"
ACCOUNT_LABELS: dict[str, Text] = {
    **{side.key: side.name for side in SIDES},
    "air": ROLE_LABELS["air"],
    "operator": ROLE_LABELS["operator"],
    "shared": ROLE_LABELS["shared"],
    SCHEDULE: Text("waiting by schedule", "按時間表等候", "按时间表等候"),
}
_KEEPS_ITS_ROLE = ("air", "operator")


@cached_per_observation
def account_of_stage(observation: Observation) -> Accounts:
    """Shape (n, s), int8: number in ACCOUNTS of the account that each stage of each flight is booked to.

    A stage of origin or destination is booked to that side of the flight, another to its role. Where
    the stage queues for a pool that belongs to a side, it is booked to the pool's side, unless it is
    the air's or the operator's time (a pad stands on one side, yet the minute is not customs').
    """
    steps = observation.plan.steps
    columns = [account_of_role(observation, step.stage.role) for step in steps]
    by_role = np.array(columns, dtype=np.int8).T if columns else np.zeros(observation.plan.visits.shape, dtype=np.int8)
    stays = np.array([step.stage.role in _KEEPS_ITS_ROLE for step in steps], dtype=bool)
    of_pool = account_of_pool(observation)
    return np.where((of_pool >= 0) & ~stays, of_pool, by_role)


def account_of_role(observation: Observation, role: str) -> Accounts:
    """Shape (n,), int8: number in ACCOUNTS of a role, flight by flight."""
    if role in ("origin", "destination"):
        return observation.flights.side(role).astype(np.int8)
    return np.full(len(observation.flights), ACCOUNTS.index(role), dtype=np.int8)


@cached_per_observation
def account_of_pool(observation: Observation) -> Accounts:
    """Shape (n, s), int8: number in ACCOUNTS of the side of the stage's pool; -1 without such a side."""
    plan = observation.plan
    sides = [SIDE_KEYS.index(pool.side) if pool.side else -1 for pool in plan.pools]
    of_number = np.array([*sides, -1], dtype=np.int8)  # NO_POOL (-1) reads the last entry
    return np.where(plan.visits, of_number[plan.pool], np.int8(-1))


def accounts_of(observation: Observation) -> tuple[str, ...]:
    """The accounts that flights of these routes can book to, in the order of ACCOUNTS: without sides that no route passes."""
    passed = {*observation.flights.sides, *observation.flights.sides_flown_over}
    return tuple(key for key in ACCOUNTS if key in passed or key not in SIDE_KEYS)


def sum_by_account(observation: Observation, account: Accounts, amount: Floats) -> dict[str, float]:
    """The sum of `amount` (shape (k,)) by account, and of all under TOTAL.

    The sides on which flights begin or end and "shared" are always there; others only where they have something.
    """
    sums = np.bincount(account, weights=amount, minlength=len(ACCOUNTS))
    always = (*observation.flights.sides, "shared")
    kept = {key: float(sums[i]) for i, key in enumerate(ACCOUNTS) if key in always or sums[i]}
    return {TOTAL: float(sums.sum()), **kept}


def scaled(values: Mapping[str, float], factor: float) -> dict[str, float]:
    """Every value times `factor`."""
    return {key: value * factor for key, value in values.items()}
