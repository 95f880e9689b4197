"""What a second worker brings: for the study the project is measured by, and for two short ones."""

import os
from functools import partial
from pathlib import Path

import sim
from benchmarks.racing import WALL, race
from benchmarks.table import Section, Target, figure, seconds
from sim.engine import default_engine, get_ready
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"
GOAL = "the goal: 8 scenarios × 100 × a week at 300 flights a route a day"
STUDIES = {
    GOAL: ("growth-35x-resourced.yaml", 7, 8, 100),
    "a short one of large replications": ("growth-35x-resourced.yaml", 60, 1, 8),
    "a short one of small replications": ("baseline.yaml", 10, 1, 80),
}
"""Scenario, days, scenarios, replications. A long study goes on in processes, a short one stays with threads."""
WANTED = 1.8


def sections(quick: bool) -> list[Section]:
    """One table, one line a study."""
    engine, rounds = default_engine(), 1 if quick else 2
    get_ready(engine)
    section = Section(
        "One worker and two",
        f'`sim.run` by the {engine} engine with `keep_stages="none"`, tables and evaluation included; best of {rounds}, in turn. '
        f"Where others use the machine, two workers get less than two cores. Load of the machine before: {_load()}.",
        ("study", "replications", "flights", "1 worker", "2 workers", "quicker by"),
    )
    for name, (file, days, scenarios, replications) in STUDIES.items():
        small = max(days // 4, 5), max(replications // 6, 2)
        _add(section, name, file, *(small if quick else (days, replications)), scenarios, 1 if name == GOAL else rounds)
    return [section]


def _add(section: Section, name: str, file: str, days: int, replications: int, scenarios: int, rounds: int) -> None:
    flights = [0]

    def count(done: int, total: int, n_flights: int) -> None:
        flights[0] = n_flights

    study = partial(
        sim.run, _variants(file, days, scenarios), replications=replications, engine=default_engine(), keep_stages="none",
        progress=count,
    )  # fmt: skip
    timed = race({str(workers): partial(study, workers=workers) for workers in (1, 2)}, rounds, WALL)
    wall_s = [timed[workers].best_s for workers in "12"]
    ratio = wall_s[0] / wall_s[1]
    row = (name, str(scenarios * replications), f"{flights[0]:,}", *map(seconds, wall_s), figure(ratio, "×"))
    section.rows.append(row)
    if name == GOAL:
        section.targets.append(Target("2 workers against 1, the goal study", ratio, WANTED))
    section.figures[name] = {
        "flights": flights[0],
        **{f"{workers}_workers_s": found.times_s for workers, found in timed.items()},
    }


def _variants(file: str, days: int, count: int) -> list[Scenario]:
    """The scenario with as many different random shares."""
    shares = [f"policy.risk_screening.random_share={number / 2}%" for number in range(count)]
    made = [load_scenario(SCENARIOS / file, [f"study.days={days}", share]) for share in shares]
    return [scenario.model_copy(update={"name": f"{scenario.name}-{number}"}) for number, scenario in enumerate(made)]


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
