"""The memory of a long study, which must not grow with the number of its replications.

`python -m benchmarks.memory REPLICATIONS` runs one study and prints what it took as JSON.
"""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import sim
from benchmarks.child import MIB, in_child, peak_bytes
from benchmarks.end_to_end import FEW_STAGES
from benchmarks.racing import WALL, stopped
from benchmarks.table import Section, Target, figure, seconds
from sim.engine import default_engine

SCENARIO = Path(__file__).parents[1] / "scenarios" / "growth-35x-resourced.yaml"
DAYS = 161  # with warm-up and cool-down some 100,000 flights
REPLICATIONS, QUICK_REPLICATIONS = 100, 5
WANTED_MIB = 2048


def sections(quick: bool) -> list[Section]:
    """A study of few replications beside the long one, which the quick benchmark leaves out."""
    section = Section(
        "Memory of a long study",
        '`sim.run` with `keep_stages="none"` and one worker, growth-35x-resourced with few stages, some 100,000 flights a '
        "replication; the peak of a process of its own.",
        ("replications", "flights", "time", "flights/s", "peak of memory"),
    )
    for replications in (QUICK_REPLICATIONS,) if quick else (QUICK_REPLICATIONS, REPLICATIONS):
        found = in_child("memory", replications)
        n, took_s, peak_mib = found["flights"], found["seconds"], found["peak_bytes"] / MIB
        section.rows.append((str(replications), f"{n:,}", seconds(took_s), figure(n / took_s), figure(peak_mib, "MiB")))
        section.figures[str(replications)] = found
    what = f"peak of memory, {replications} replications"
    section.targets.append(Target(what, peak_mib, WANTED_MIB, "MiB", at_most=True))
    return [section]


def measured(replications: int) -> dict[str, Any]:
    """What a study takes, in this process."""
    flights = [0]

    def count(done: int, total: int, n_flights: int) -> None:
        flights[0] = n_flights

    values = [*FEW_STAGES, f"study.days={DAYS}"]
    study = partial(sim.run, SCENARIO, replications=replications, engine=default_engine(), set=values, keep_stages="none")
    _, took_s = stopped(lambda: study(progress=count), WALL)
    return {"flights": flights[0], "seconds": took_s, "peak_bytes": peak_bytes()}


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
