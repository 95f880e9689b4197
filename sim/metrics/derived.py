"""Results of plan and timeline together, computed once an observation for all measures that need them."""

from sim.engine.gridlock import find_gridlock
from sim.engine.stage_completion import StageCompletion
from sim.metrics.cached import cached_per_observation
from sim.model.observation import Observation


@cached_per_observation
def stage_completion(observation: Observation) -> StageCompletion:
    """When every stage of every flight was completed; instants of shape (n, s), absolute seconds, inf for never."""
    return StageCompletion.of(observation.plan, observation.timeline)


@cached_per_observation
def gridlock(observation: Observation) -> tuple[tuple[int, ...], ...]:
    """The circles of flights that hold what the others wait for: groups of flight numbers (see `sim.engine.gridlock`)."""
    return find_gridlock(observation.plan, observation.timeline)
