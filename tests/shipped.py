"""The scenarios that the project ships: each is read once in a process of the tests."""

from functools import cache
from pathlib import Path

from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.write import write_resolved

FOLDER = Path(__file__).parents[1] / "scenarios"
FILES = sorted(FOLDER.rglob("*.yaml"))


@cache
def shipped(name: str, *settings: str) -> Scenario:
    """A shipped scenario by its name, with settings as `--set` takes them."""
    return load_scenario(FOLDER / f"{name}.yaml", settings)


def whole(name: str) -> str:
    """The text of a shipped scenario with all of its values, which needs no other file beside it."""
    return write_resolved(shipped(name))
