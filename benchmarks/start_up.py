"""How long commands take to start."""

import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.racing import WALL, race
from benchmarks.table import Section, Target, seconds

ROOT = Path(__file__).parents[1]
SIM = Path(sys.executable).with_name("sim")
WANTED_S = 0.3


def sections(quick: bool) -> list[Section]:
    """One table, one line a command."""
    rounds = 3 if quick else 7
    section = Section(
        "Starting up",
        f"Each command in a process of its own, best of {rounds}, in turn. "
        "The least that can be run is one replication of one day of the baseline.",
        ("command", "best", "median"),
    )
    with TemporaryDirectory() as folder:
        racers = {name: partial(_run, command) for name, command in _commands(folder).items()}
        timed = race(racers, rounds, WALL)
    for name, found in timed.items():
        section.rows.append((f"`{name}`", seconds(found.best_s), seconds(sorted(found.times_s)[len(found.times_s) // 2])))
        section.figures[name] = found.times_s
    section.targets.append(Target("`sim --help`", timed["sim --help"].best_s, WANTED_S, "s", at_most=True))
    return [section]


def _commands(folder: str) -> dict[str, Sequence[str | Path]]:
    least = ["--replications", "1", "--set", "study.days=1", "--out", Path(folder) / "least"]
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        'python -c "import sim"': [sys.executable, "-c", "import sim"],
        "sim --help": [SIM, "--help"],
        "sim check scenarios/baseline.yaml": [SIM, "check", "scenarios/baseline.yaml"],
        "sim run scenarios/baseline.yaml (the least)": [SIM, "run", "scenarios/baseline.yaml", *least],
    }


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
