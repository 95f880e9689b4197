"""Floor 5: one replication of a scenario, up to the plan: flights, draws, decisions, stages."""

from sim.replication.prepare import Prepared, prepare

__all__ = ["Prepared", "prepare"]
