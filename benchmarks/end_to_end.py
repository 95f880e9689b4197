"""From a scenario file to encoded tables: flights a second on one core, and where the time goes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.racing import PROCESSOR, stopped
from benchmarks.table import Section, Target, figure
from sim import engine as engines
from sim.execution import tables
from sim.execution.allocator import keep_freed_memory
from sim.execution.replicate import Task, observe, replicate
from sim.metrics import all_metrics, measure
from sim.metrics.derived import gridlock
from sim.model.observation import Observation
from sim.policies import FEATURES
from sim.replication import prepare
from sim.replication.flights import make_flights
from sim.scenario.load import load_scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"
FEW_STAGES = (
    "policy.vertiports.returns=false",
    "policy.flight_authorisation.confirmation=false",
    "policy.risk_screening.export_rate=0%",
    "policy.risk_screening.import_rate=0%",
    "policy.risk_screening.random_share=0%",
    "policy.risk_screening.amber_rate=0%",
    "world.data_interface.reject_share=0%",
)
"""What switches off as many stages of growth-35x-resourced as its features allow."""
WORLDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "growth-35x": ("growth-35x.yaml", ()),
    "growth-35x-resourced": ("growth-35x-resourced.yaml", ()),
    "the same with few stages": ("growth-35x-resourced.yaml", FEW_STAGES),
}
TARGETED = "the same with few stages"
STEPS = ("scenario", "flights", "draws and plan", "engine", "measures", "gridlock", "tables")
COUNTED = ("flights", "draws and plan", "engine", "measures")
WANTED_PER_S = 80_000
SEED = 1


def sections(quick: bool) -> list[Section]:
    """One table, one line a world."""
    engine, days, rounds = engines.default_engine(), 5 if quick else 30, 3 if quick else 5
    engines.get_ready(engine)
    keep_freed_memory()  # as a study does
    section = Section(
        "End to end, one core",
        f"One replication of {days} days, warm-up and cool-down besides, by the {engine} engine (check of the plan included), "
        f"time of the processor, best of {rounds} rounds. The shares are of the whole: reading the scenario file, flights and "
        "consignments, draws and plan, engine, measures, the look for gridlock, tables as bytes (flights, consignments "
        "and measures, no stages).",
        ("scenario", "flights", "visited", "entered", "flights/s, whole", "flights/s, flights to measures", *STEPS),
    )
    for name, (file, values) in WORLDS.items():
        _add(section, name, file, [*values, f"study.days={days}"], engine, rounds)
    section.notes.append(
        "Visited and entered: stages a flight. A stage that is visited may be skipped or never reached. "
        "The file is read once a study; its share is that of a study of one replication."
    )
    return [section]


def _add(section: Section, name: str, file: str, values: list[str], engine: str, rounds: int) -> None:
    runs = [_steps(file, values, engine) for _ in range(rounds)]
    observation = runs[0][1]
    times_s = min((times for times, _ in runs), key=lambda times: sum(times.values()))
    n, whole_s = len(observation.flights), sum(times_s.values())
    counted_s = sum(times_s[step] for step in COUNTED)
    shares = [figure(100 * times_s[step] / whole_s, "%") for step in STEPS]
    visited, entered = observation.plan.visits.sum() / n, np.count_nonzero(~np.isnan(observation.timeline.queued_s)) / n
    section.rows.append((name, f"{n:,}", figure(visited), figure(entered), figure(n / whole_s), figure(n / counted_s), *shares))
    section.figures[name] = {
        "flights": n, "visited": visited, "entered": entered, "steps_s": times_s, "all_steps_s": [times for times, _ in runs],
        "replicate_s": stopped(lambda: replicate(Task(observation.scenario, SEED, 0, engine)), PROCESSOR)[1],
    }  # fmt: skip
    if name == TARGETED:
        what = f"flights to measures, {figure(entered)} entered stages a flight"
        section.targets.append(Target(what, n / counted_s, WANTED_PER_S, "flights/s"))


def _steps(file: str, values: list[str], engine: str) -> tuple[dict[str, float], Observation]:
    """The seconds of each of STEPS, and what was observed."""
    times_s: dict[str, float] = {}

    def step(name: str, run: Callable[[], Any]) -> Any:
        result, times_s[name] = stopped(run, PROCESSOR)
        return result

    scenario = step("scenario", lambda: load_scenario(SCENARIOS / file, values))
    step("flights", lambda: make_flights(scenario, SEED, 0, scenario.study.horizon_s))
    prepared = step("prepare", lambda: prepare(scenario, SEED, 0))
    times_s["draws and plan"] = max(times_s.pop("prepare") - times_s["flights"], 0.0)  # prepare makes the flights again
    observation: Observation = step("engine", lambda: observe(Task(scenario, SEED, 0, engine), prepared))
    rows = step("measures", lambda: measure(observation, all_metrics(FEATURES)))
    step("gridlock", lambda: gridlock(observation))
    step("tables", lambda: _parts(scenario.name, observation, rows))
    return times_s, observation


def _parts(name: str, observation: Observation, rows: list[tuple[str, str, float]]) -> list[bytes]:
    made = (
        tables.measures_table(name, 0, rows),
        tables.flights_table(name, 0, observation),
        tables.consignments_table(name, 0, observation),
    )
    return [tables.arrow_bytes(table) for table in made]
