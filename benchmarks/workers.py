"""What a second worker brings, for a study of large replications and for one of small ones."""

import os
from collections.abc import Callable
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
        "The time of the processor is that of the first run of each. Where others use the machine, or workers wait for each "
        f"other, two workers get less than two cores. Load of the machine before: {_load()}.",
        ("study", "replications", "flights", "1 worker", "2 workers", "processor, 1", "processor, 2", "quicker by"),
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
    racers = {str(workers): partial(_processor_s, partial(study, workers=workers)) for workers in (1, 2)}
    timed = race(racers, rounds, WALL)
    wall_s, processor_s = [timed[workers].best_s for workers in "12"], [timed[workers].result for workers in "12"]
    ratio = wall_s[0] / wall_s[1]
    row = (name, str(replications), f"{flights[0]:,}", *map(seconds, wall_s), *map(seconds, processor_s), figure(ratio, "×"))
    section.rows.append(row)
    section.targets.append(Target(f"2 workers against 1, {name}", ratio, WANTED))
    section.figures[name] = {
        "flights": flights[0],
        "processor_s": processor_s,
        **{f"{workers}_workers_s": found.times_s for workers, found in timed.items()},
    }


def _processor_s(run: Callable[[], object]) -> float:
    """The time of the processor that it took, all threads and ended processes together."""
    before = os.times()
    run()
    return sum(os.times()[:4]) - sum(before[:4])


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
