"""What plan and timeline say together, worked out once an observation for all measures that need it."""

from sim.engine.gridlock import find_gridlock
from sim.engine.stage_completion import Settling
from sim.metrics.cached import remembered
from sim.model.observation import Observation


@remembered
def settling(observation: Observation) -> Settling:
    """The settling of every stage; instants of shape (n, s), absolute seconds, inf for never."""
    return Settling.of(observation.plan, observation.timeline)


@remembered
def gridlock(observation: Observation) -> tuple[tuple[int, ...], ...]:
    """The circles of flights that hold what the others wait for: groups of flight numbers (see `sim.engine.gridlock`)."""
    return find_gridlock(observation.plan, observation.timeline)
