"""One replication of one scenario: from its parameters to its measures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import engine as engines
from sim.execution import tables
from sim.ground.text import Text
from sim.metrics import all_metrics, distributions, measure, times
from sim.metrics.derived import gridlock
from sim.metrics.thirds import FlightCounts, thirds
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.replication import Prepared, prepare

if TYPE_CHECKING:
    import pyarrow as pa

_TASK = Text(
    "scenario {name}, replication {replication}, seed {seed}",
    "情景 {name}，編號 {replication} 的重複，種子 {seed}",
    "情景 {name}，编号 {replication} 的重复，种子 {seed}",
)


@dataclass(frozen=True, slots=True)
class Task:
    """One replication to be done: everything its result depends on.

    The engine, the default one where none is named, must not matter: all give the same timelines.
    `with_stages` keeps every visited stage, `only_measures` neither flights nor consignments.
    """

    scenario: Any
    seed: int
    replication: int
    engine: str | None = None
    with_stages: bool = False
    only_measures: bool = False

    def in_words(self) -> Text:
        """Which replication of which scenario it is."""
        return _TASK.fill(name=self.scenario.name, replication=self.replication, seed=self.seed)

    def __str__(self) -> str:
        return str(self.in_words())


@dataclass(frozen=True, slots=True)
class ReplicationResult:
    """The result of one replication.

    files: Arrow files as bytes, by name of the table: "replications" (the measures), "distributions",
    "flights", "consignments" and, if asked for, "stages"; made by the worker, so that what travels and
    is kept is small and the same everywhere · flight_table_key: equal for two scenarios whose flights can be
    paired one by one · n_flights: all planned flights · n_measured: those planned in the window ·
    n_in_system: measured flights that had not ended by the horizon · gridlock: the circles of flights
    that hold what the others wait for · thirds: what became of the flights of the first and of the last third
    of the measured days; empty where there is one day.
    """

    scenario: str
    replication: int
    files: dict[str, bytes]
    flight_table_key: str
    n_flights: int
    n_measured: int
    n_in_system: int
    gridlock: tuple[tuple[int, ...], ...]
    thirds: tuple[FlightCounts, ...] = ()


def replicate(task: Task) -> ReplicationResult:
    """The measures and tables of one replication; the same task always gives the same result."""
    prepared = prepare(task.scenario, task.seed, task.replication)
    observation = observe(task, prepared)
    measured = observation.measured
    return ReplicationResult(
        scenario=task.scenario.name,
        replication=task.replication,
        files={name: tables.arrow_bytes(table) for name, table in _tables(task, observation).items()},
        flight_table_key=prepared.flight_table_key,
        n_flights=len(observation.flights),
        n_measured=int(np.count_nonzero(measured)),
        n_in_system=int(np.count_nonzero(measured & (observation.outcome == Outcome.IN_SYSTEM))),
        gridlock=gridlock(observation),
        thirds=thirds(observation),
    )


def observe(task: Task, prepared: Prepared) -> Observation:
    """The prepared replication, run by the task's engine."""
    return Observation(
        scenario=task.scenario,
        flights=prepared.flights,
        consignments=prepared.consignments,
        facts=prepared.facts,
        plan=prepared.plan,
        timeline=engines.run(prepared.plan, task.engine),
        window_start_s=prepared.window_start_s,
        window_end_s=prepared.window_end_s,
        horizon_s=prepared.horizon_s,
    )


def _tables(task: Task, observation: Observation) -> "dict[str, pa.Table]":
    place = task.scenario.name, task.replication
    metrics = all_metrics(task.scenario.assembly.features)
    made = {
        "replications": tables.measures_table(*place, measure(observation, metrics)),
        "distributions": tables.distributions_table(*place, times(observation, distributions(metrics))),
    }
    if not task.only_measures:
        made["flights"] = tables.flights_table(*place, observation)
        made["consignments"] = tables.consignments_table(*place, observation)
    if task.with_stages:
        made["stages"] = tables.stages_table(*place, observation)
    return made
