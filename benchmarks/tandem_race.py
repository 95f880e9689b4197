"""The tandem, raced: this project's engines against SimPy, Ciw, salabim and a C loop, on the same numbers."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.implementations import get_ready, implementations, missing
from benchmarks.instants import Instants, from_timeline, largest_difference_s
from benchmarks.racing import PROCESSOR, Timed, race
from benchmarks.table import Section, Target, figure, seconds
from benchmarks.tandem import FLIGHTS_OF_A_DAY, HEADWAY_S, LONG_QUEUE_HEADWAY_S, SLOT, Tandem, draw_tandem, tandem_plan
from sim import engine as engines

ENGINE_ALONE = "{} (engine alone)"
COMPILED, COMPILED_ALONE = "compiled", ENGINE_ALONE.format("compiled")
SECTIONS = {
    "Clearance tandem": HEADWAY_S,
    "Clearance tandem, long headway queue": LONG_QUEUE_HEADWAY_S,
}
WANTED: dict[str, dict[str, float]] = {
    "Clearance tandem": {"SimPy": 40, "Ciw": 250, "salabim": 250, "C": 0.5},
    "Clearance tandem, long headway queue": {"SimPy": 400, "Ciw": 250, "salabim": 250, "C": 0.5},
}
"""How many times as quick as each the compiled engine is to be."""


def sections(quick: bool) -> list[Section]:
    """Both cases of the load."""
    get_ready()
    n, rounds = (FLIGHTS_OF_A_DAY // 6, 3) if quick else (FLIGHTS_OF_A_DAY, 5)
    return [_section(title, draw_tandem(n, headway_s), rounds) for title, headway_s in SECTIONS.items()]


def _section(title: str, tandem: Tandem, rounds: int) -> Section:
    timed = race(_racers(tandem), rounds, PROCESSOR)
    instants = _agreed(tandem, timed)
    rates = {name: tandem.n / found.best_s for name, found in timed.items()}
    section = Section(
        title,
        f"{tandem.n:,} flights of six stages; at most {longest_queue(instants):,} wait for the slot. All instants of all stages "
        "are the same to the last bit in every implementation. Timed: from the arrays that were drawn to all instants, the "
        "making of processes, networks and plans and the check of the plan included; for an engine alone, from plan to timeline. "
        f"Time of the processor, best of up to {rounds} rounds.",
        ("implementation", "runs", "best", "flights/s", "compiled is quicker by", "its engine alone by"),
        notes=missing(),
    )
    for name, found in sorted(timed.items(), key=lambda item: item[1].best_s):
        by = [figure(rates[quick] / rates[name], "×") if quick in rates else "-" for quick in (COMPILED, COMPILED_ALONE)]
        section.rows.append((name, str(len(found.times_s)), seconds(found.best_s), figure(rates[name]), *by))
    section.targets = _targets(title, rates)
    section.figures = {
        name: {"flights": tandem.n, "times_s": found.times_s, "flights_per_s": rates[name]} for name, found in timed.items()
    }
    return section


def _racers(tandem: Tandem) -> dict[str, Callable[[], Any]]:
    plan = tandem_plan(tandem)
    racers: dict[str, Callable[[], Any]] = {name: partial(one.simulate, tandem) for name, one in implementations().items()}
    return racers | {ENGINE_ALONE.format(name): partial(engine, plan) for name, engine in engines.ENGINES.items()}


def _agreed(tandem: Tandem, timed: dict[str, Timed]) -> Instants:
    """The instants that all gave. Raises AssertionError where one differs in any."""
    agreed = from_timeline(timed["reference"].result)
    for name, one in implementations().items():
        difference_s = largest_difference_s(agreed, one.instants(tandem, timed[name].result))
        assert difference_s == 0, f"{name} differs from the reference by up to {difference_s} s"
    return agreed


def longest_queue(instants: Instants) -> int:
    """How many waited for the slot at most, counting whoever has just queued and not those who start then."""
    queued_s, started_s = np.sort(instants[0, :, SLOT]), np.sort(instants[1, :, SLOT])
    return int(np.max(np.arange(1, len(queued_s) + 1) - np.searchsorted(started_s, queued_s, side="right")))


def _targets(title: str, rates: dict[str, float]) -> list[Target]:
    """Against the C loop, which is given all it needs, the engine alone; against all else, plan and check too."""
    if COMPILED not in rates:
        return []
    quick = {name: rates[COMPILED_ALONE if name == "C" else COMPILED] for name in rates}
    wanted = {name: times for name, times in WANTED[title].items() if name in rates}
    return [Target(f"compiled against {name}", quick[name] / rates[name], times) for name, times in wanted.items()]
