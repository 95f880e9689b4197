"""How time and memory grow with the number of flights in one replication, and with the number of replications.

`python -m benchmarks.growth FLIGHTS ROUNDS` measures one size and prints it as JSON.
"""

import json
import sys
from typing import Any

from benchmarks.child import MIB, in_child, peak_bytes
from benchmarks.racing import PROCESSOR, stopped
from benchmarks.table import Section, Target, figure, seconds
from benchmarks.tandem import draw_tandem, tandem_plan
from sim import engine as engines
from sim.engine.check import check_plan

ROUNDS = {10_000: 20, 100_000: 5, 1_000_000: 3, 10_000_000: 2}
SMALL, LARGE = 100_000, 10_000_000
WANTED = 1.4
ENGINE = "compiled"


def sections(quick: bool) -> list[Section]:
    """One table, one line a size; none without the compiled engine."""
    if ENGINE not in engines.ENGINES:
        return []
    engines.get_ready(ENGINE)
    sizes = [n for n in ROUNDS if n < LARGE or not quick]
    section = Section(
        "Growth of one replication",
        "The tandem by the compiled engine, the span growing with the number of flights; time of the processor. Memory is the "
        "peak of a process of its own, less what it had before anything was drawn: drawn arrays, plan and timeline together.",
        ("flights", "drawing and plan", "check", "engine", "check and engine, a flight", "memory", "memory a flight"),
    )
    found = {n: in_child("growth", n, ROUNDS[n]) for n in sizes}
    for n, one in found.items():
        per_flight_s = (one["check_s"] + one["engine_s"]) / n
        more = one["peak_bytes"] - one["bytes_before"]
        section.rows.append((
            f"{n:,}", seconds(one["plan_s"]), seconds(one["check_s"]), seconds(one["engine_s"]), seconds(per_flight_s),
            figure(more / MIB, "MiB"), figure(more / n, "B"),
        ))  # fmt: skip
    section.figures = {str(n): one for n, one in found.items()}
    if LARGE in found:
        cost = {n: (found[n]["check_s"] + found[n]["engine_s"]) / n for n in (SMALL, LARGE)}
        what = f"cost a flight at {LARGE:,} flights against {SMALL:,}"
        section.targets.append(Target(what, cost[LARGE] / cost[SMALL], WANTED, at_most=True))
    return [section]


def measured(n: int, rounds: int) -> dict[str, Any]:
    """Best seconds of each step and the peak of memory, in this process."""
    engines.get_ready(ENGINE)
    before = peak_bytes()
    plan, plan_s = stopped(lambda: tandem_plan(draw_tandem(n)), PROCESSOR)
    check_s = min(stopped(lambda: check_plan(plan), PROCESSOR)[1] for _ in range(rounds))
    engine_s = min(stopped(lambda: engines.ENGINES[ENGINE](plan), PROCESSOR)[1] for _ in range(rounds))
    return {"plan_s": plan_s, "check_s": check_s, "engine_s": engine_s, "bytes_before": before, "peak_bytes": peak_bytes()}


if __name__ == "__main__":
    print(json.dumps(measured(*map(int, sys.argv[1:]))))
