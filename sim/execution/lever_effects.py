"""Levers that never bind: put back, they change a plan, and no instant of any flight."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.execution.replicate import Task, observe
from sim.ground.arrays import Floats
from sim.metrics import all_metrics, measure
from sim.model.metric import Topic
from sim.model.observation import Observation
from sim.replication import Prepared, prepare
from sim.replication.levers import Lever, Unchanged, levers
from sim.scenario.scenario import Scenario

Effect = Literal["dead", "never binding", "alive"]
OF_CAPACITY: tuple[Topic, ...] = ("workload", "waiting")
"""Servers whom nobody needs are on duty and idle all the same: where no instant differs, that alone does in these."""
INSTANTS = ("queued_s", "start_s", "end_s")


@dataclass(frozen=True, slots=True)
class LeverEffect:
    """A lever, and what becomes of the replications tried when it is put back; one that others must go with is dead or alive."""

    lever: Lever
    effect: Effect


def lever_effects(
    scenario: Scenario, base: Scenario, unchanged: Unchanged | None = None, engine: str | None = None
) -> tuple[LeverEffect, ...]:
    """The levers in which a scenario differs from `base` (see `sim.replication.levers`), each with its effect.

    A lever never binds if no instant of any flight is another, and no measure but of servers and of how busy they are.
    """
    unchanged = unchanged or Unchanged(scenario)
    runs = _Runs(scenario, unchanged, engine)
    return tuple(LeverEffect(lever, _effect(lever, runs)) for lever in levers(scenario, base, unchanged))


def _effect(lever: Lever, runs: "_Runs") -> Effect:
    if lever.is_dead:
        return "dead"
    return "never binding" if not lever.together and runs.are_same(lever.put_back) else "alive"


class _Runs:
    """The replications of a scenario, each run once, to hold those of others against."""

    def __init__(self, scenario: Scenario, unchanged: Unchanged, engine: str | None) -> None:
        self._scenario, self._unchanged, self._engine = scenario, unchanged, engine
        self._made: dict[int, Observation] = {}

    def of(self, replication: int) -> Observation:
        if replication not in self._made:
            self._made[replication] = self._run(self._scenario, replication, self._unchanged.of(replication))
        return self._made[replication]

    def _run(self, scenario: Scenario, replication: int, prepared: Prepared) -> Observation:
        return observe(Task(scenario, self._unchanged.seed, replication, self._engine), prepared)

    def are_same(self, other: Scenario) -> bool:
        """Whether another has the same flights, at the same instants, and the same measures but of capacity."""
        return all(self._is_same(other, replication) for replication in self._unchanged.replications)

    def _is_same(self, other: Scenario, replication: int) -> bool:
        first, prepared = self._unchanged.of(replication), prepare(other, self._unchanged.seed, replication)
        if first.flight_table_key != prepared.flight_table_key:
            return False
        run, other_run = self.of(replication), self._run(other, replication, prepared)
        return same_instants(run, other_run) and _same_measures(run, other_run)


def same_instants(first: Observation, second: Observation) -> bool:
    """Whether every stage of every flight has the same instants, and every flight the same end.

    A stage that only one of the plans has must be one that nobody comes to.
    """
    if not np.array_equal(first.timeline.outcome, second.timeline.outcome):
        return False
    if not np.array_equal(first.timeline.ended_s, second.timeline.ended_s, equal_nan=True):
        return False
    instants, other_instants = _instants(first), _instants(second)
    return all(_are_same(instants.get(key), other_instants.get(key)) for key in instants.keys() | other_instants.keys())


def _instants(observation: Observation) -> dict[str, Floats]:
    """By stage: shape (3, n), its instants."""
    timeline = observation.timeline
    return {
        step.stage.key: np.stack([getattr(timeline, name)[:, number] for name in INSTANTS])
        for number, step in enumerate(observation.plan.steps)
    }


def _are_same(first: Floats | None, second: Floats | None) -> bool:
    if first is None or second is None:
        present = first if second is None else second
        return present is None or bool(np.isnan(present).all())
    return np.array_equal(first, second, equal_nan=True)


def _same_measures(first: Observation, second: Observation) -> bool:
    """Whether all measures agree but those of servers: what no instant shows, such as contraband found, may still differ."""
    metrics = [metric for metric in all_metrics(first.scenario.assembly.features) if metric.topic not in OF_CAPACITY]
    values, other_values = ({row[:2]: row[2] for row in measure(run, metrics)} for run in (first, second))
    same_parts = values.keys() == other_values.keys()
    return same_parts and np.array_equal(list(values.values()), list(other_values.values()), equal_nan=True)
