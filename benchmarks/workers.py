"""What a second worker brings, for a study of large replications and for one of small ones."""

import os
from functools import partial
from pathlib import Path

import sim
from benchmarks.racing import WALL, race
from benchmarks.table import Section, Target, figure, seconds
from sim.engine import default_engine, get_ready

SCENARIOS = Path(__file__).parents[1] / "scenarios"
STUDIES = {
    "a long one": ("growth-35x-resourced.yaml", 7, 360),
    "a short one of large replications": ("growth-35x-resourced.yaml", 60, 8),
    "a short one of small replications": ("baseline.yaml", 10, 80),
}
"""Scenario, days, replications. A long study goes on in processes, a short one stays with threads."""
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
    for name, (file, days, replications) in STUDIES.items():
        _add(section, name, file, max(days // 4, 5) if quick else days, replications // 6 if quick else replications, rounds)
    return [section]


def _add(section: Section, name: str, file: str, days: int, replications: int, rounds: int) -> None:
    flights = [0]

    def count(done: int, total: int, n_flights: int) -> None:
        flights[0] = n_flights

    study = partial(
        sim.run, SCENARIOS / file, replications=replications, engine=default_engine(), set=[f"study.days={days}"],
        keep_stages="none", progress=count,
    )  # fmt: skip
    timed = race({str(workers): partial(study, workers=workers) for workers in (1, 2)}, rounds, WALL)
    wall_s = [timed[workers].best_s for workers in "12"]
    ratio = wall_s[0] / wall_s[1]
    row = (name, str(replications), f"{flights[0]:,}", *map(seconds, wall_s), figure(ratio, "×"))
    section.rows.append(row)
    section.targets.append(Target(f"2 workers against 1, {name}", ratio, WANTED))
    section.figures[name] = {
        "flights": flights[0],
        **{f"{workers}_workers_s": found.times_s for workers, found in timed.items()},
    }


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
