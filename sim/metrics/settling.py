"""When each stage of each flight settled, worked out once an observation."""

from sim.engine.settling import Settling
from sim.metrics.remembered import remembered
from sim.nouns.observation import Observation


@remembered
def settling(observation: Observation) -> Settling:
    """The settling of every stage; instants of shape (n, s), absolute seconds, inf for never."""
    return Settling.of(observation.plan, observation.timeline)
