"""Every implementation of the tandem that this machine can run."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from benchmarks import tandem_c
from benchmarks.instants import Instants, from_timeline
from benchmarks.tandem import Tandem, tandem_plan
from sim import engine as engines

OTHERS = {"SimPy": "tandem_simpy", "Ciw": "tandem_ciw", "salabim": "tandem_salabim", "C": "tandem_c"}
NEEDS = {"Ciw": "ciw", "salabim": "salabim"}


@dataclass(frozen=True)
class Implementation:
    """simulate: from what was drawn to all that happened, in whatever form is natural; it is what is timed ·
    instants: that result in the common form."""

    name: str
    simulate: Callable[[Tandem], Any]
    instants: Callable[[Tandem, Any], Instants]


@cache
def implementations() -> dict[str, Implementation]:
    """Those present, by name: SimPy, Ciw, salabim, C, then this project's engines by their own names."""
    written = {name: _module(name) for name in OTHERS if lacks(name) is None}
    found = {name: Implementation(name, module.simulate, module.instants) for name, module in written.items()}
    return found | {name: Implementation(name, partial(_by_engine, name), _of_timeline) for name in engines.ENGINES}


def missing() -> list[str]:
    """One sentence for each implementation that can't be run here."""
    return [sentence for name in OTHERS if (sentence := lacks(name))]


def lacks(name: str) -> str | None:
    """Why an implementation can't be run here, None if it can."""
    if name == "C" and not tandem_c.has_compiler():
        return "The C loop was left out: there is no C compiler called `cc`."
    if name in NEEDS and not find_spec(NEEDS[name]):
        return f"{name} was left out: it is not installed (`pip install -e '.[bench]'` does it)."
    return None


def get_ready() -> None:
    """Do what is done once and not timed: compile the kernel and the C loop."""
    for name in engines.ENGINES:
        engines.get_ready(name)
    if lacks("C") is None:
        tandem_c.library()


def _module(name: str) -> ModuleType:
    return import_module(f"benchmarks.{OTHERS[name]}")


def _by_engine(name: str, tandem: Tandem) -> Any:
    return engines.run(tandem_plan(tandem), name)


def _of_timeline(_: Tandem, timeline: Any) -> Instants:
    return from_timeline(timeline)
