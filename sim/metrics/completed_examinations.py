"""The examination steps that took place: those whose stage the flight went through by the horizon."""

from dataclasses import dataclass

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.metrics.accounts import Accounts, account_of_pool, account_of_role
from sim.metrics.cached import cached_per_observation
from sim.model.examination import PLANNED_STEPS, DetectionModel, ExaminationStep
from sim.model.observation import Observation


@dataclass(frozen=True)
class CompletedStep:
    """One examination step, as it came about; every array has shape (m,).

    examined, alarmed, found: as in `ExaminationStep`, False where the flight did not go through the stage ·
    end_s: the end of that stage, NaN where not gone through · account: number in ACCOUNTS of the officers · detection: as in
    `ExaminationStep`.
    """

    examined: Bools
    alarmed: Bools
    found: Bools
    end_s: Floats
    account: Accounts
    detection: DetectionModel


def completed_steps(observation: Observation) -> tuple[CompletedStep, ...]:
    """Every examination step of the plan, in process order, restricted to the flights that went through it."""
    return tuple(
        done for step, done in steps_and_completed(observation) if observation.plan.stage_number(step.stage_key) is not None
    )


@cached_per_observation
def steps_and_completed(observation: Observation) -> tuple[tuple[ExaminationStep, CompletedStep], ...]:
    """Every examination step that was decided, in process order, and what came of it; its stage may be in no flight's plan."""
    planned: tuple[ExaminationStep, ...] = observation.facts.get(PLANNED_STEPS, ())
    return tuple((step, _completed(observation, step)) for step in planned)


def _completed(observation: Observation, step: ExaminationStep) -> CompletedStep:
    """One step of the plan, restricted to the flights that went through it; to none where the plan has no such stage."""
    flight = observation.consignments.flight
    end = observation.end_of(step.stage_key)
    end = np.where(end <= observation.horizon_s, end, np.nan)[flight]
    took_place = step.examined & ~np.isnan(end)
    return CompletedStep(
        examined=took_place,
        alarmed=step.alarmed & took_place,
        found=step.found & took_place,
        end_s=end,
        account=_officers(observation, step)[flight],
        detection=step.detection,
    )


def _officers(observation: Observation, step: ExaminationStep) -> Accounts:
    """Shape (n,): the side of the stage's pool, else that of the step's role."""
    of_role = account_of_role(observation, step.role)
    number = observation.plan.stage_number(step.stage_key)
    if number is None:
        return of_role
    of_pool = account_of_pool(observation)[:, number]
    return np.where(of_pool >= 0, of_pool, of_role).astype(np.int8)
