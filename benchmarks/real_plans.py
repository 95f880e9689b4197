"""The compiled engine against the reference on plans of shipped scenarios."""

from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.racing import PROCESSOR, race
from benchmarks.table import Section, Target, figure, seconds
from sim import engine as engines
from sim.model.plan import Plan
from sim.replication import prepare
from sim.scenario.load import load_scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SEED = 1
PLANS = {"baseline": 300, "growth-35x-resourced": 10}
"""Days of each scenario: more than 5,000 flights of the first, some 9,500 of the second."""
WANTED = 50.0


def sections(quick: bool) -> list[Section]:
    """One table, one line a plan and engine."""
    for name in engines.ENGINES:
        engines.get_ready(name)
    section = Section(
        "Plans of shipped scenarios",
        "From the plan to the timeline, without the check of the plan; time of the processor. Every timeline is the same to "
        "the last bit.",
        ("plan", "flights", "visited stages a flight", "engine", "runs", "best", "flights/s", "against reference"),
    )
    for name, days in PLANS.items():
        _add(section, name, real_plan(name, max(days // 10, 2) if quick else days), rounds=2 if quick else 3)
    return [section]


def real_plan(name: str, days: int) -> Plan:
    """The plan of the first replication of a shipped scenario."""
    return prepare(load_scenario(SCENARIOS / f"{name}.yaml", [f"study.days={days}"]), SEED, 0).plan


def _add(section: Section, name: str, plan: Plan, rounds: int) -> None:
    racers = {engine: partial(simulate, plan) for engine, simulate in engines.ENGINES.items()}
    timed = race(racers, rounds, PROCESSOR)
    reference = timed["reference"]
    for engine, found in timed.items():
        for column in ("queued_s", "start_s", "end_s", "outcome", "ended_s"):
            agree = np.array_equal(getattr(found.result, column), getattr(reference.result, column), equal_nan=True)
            assert agree, f"{engine} differs from the reference in {column} of {name}"
        ratio = reference.best_s / found.best_s
        section.rows.append((
            name, f"{plan.n_flights:,}", figure(plan.visits.sum() / plan.n_flights), engine, str(len(found.times_s)),
            seconds(found.best_s), figure(plan.n_flights / found.best_s), figure(ratio, "×"),
        ))  # fmt: skip
        section.figures[f"{name}, {engine}"] = {"flights": plan.n_flights, "times_s": found.times_s}
        if engine == "compiled":
            section.targets.append(Target(f"compiled against reference, {name}", ratio, WANTED))
