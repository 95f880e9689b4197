"""The looks at consignments that took place: those whose stage the flight went through by the horizon."""

from dataclasses import dataclass

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.metrics.accounts import Accounts, account_of_pool, account_of_role
from sim.metrics.cached import remembered
from sim.model.examination import Look, Sight
from sim.model.observation import Observation


@dataclass(frozen=True)
class LookTaken:
    """One look, as it came about; every array has shape (m,).

    examined, alarmed, found: as in `Look`, False where the flight did not go through the stage ·
    end_s: the end of that stage, NaN where not gone through · account: number in WHOSE of the officers · sight: as in
    `Look`.
    """

    examined: Bools
    alarmed: Bools
    found: Bools
    end_s: Floats
    account: Accounts
    sight: Sight


@remembered
def looks_gone_through(observation: Observation) -> tuple[LookTaken, ...]:
    """Every look of the plan, in process order, restricted to the flights that went through it."""
    if "looks" not in observation.facts:
        return ()
    planned: tuple[Look, ...] = observation.facts["looks"]
    return tuple(_taken(observation, look) for look in planned if observation.plan.stage_number(look.stage_key) is not None)


def _taken(observation: Observation, look: Look) -> LookTaken:
    flight = observation.consignments.flight
    end = observation.end_of(look.stage_key)
    end = np.where(end <= observation.horizon_s, end, np.nan)[flight]
    took_place = look.examined & ~np.isnan(end)
    return LookTaken(
        examined=took_place,
        alarmed=look.alarmed & took_place,
        found=look.found & took_place,
        end_s=end,
        account=_officers(observation, look)[flight],
        sight=look.sight,
    )


def _officers(observation: Observation, look: Look) -> Accounts:
    """Shape (n,): the side of the stage's pool, else that of the look's role."""
    number = observation.plan.stage_number(look.stage_key)
    of_pool = account_of_pool(observation)[:, number]
    return np.where(of_pool >= 0, of_pool, account_of_role(observation, look.role)).astype(np.int8)
