"""The circles of flights that hold what the others wait for, found once an observation."""

from sim.engine.gridlock import find_gridlock
from sim.metrics.remembered import remembered
from sim.nouns.observation import Observation


@remembered
def gridlock(observation: Observation) -> tuple[tuple[int, ...], ...]:
    """Groups of flight numbers (see `sim.engine.gridlock`)."""
    return find_gridlock(observation.plan, observation.timeline)
