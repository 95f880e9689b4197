"""Simulation of low-altitude flights across the boundaries of the Greater Bay Area, and of how they are cleared.

`sim.run(["baseline.yaml", "one-stop.yaml"]).comparison` is the table of what differs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.study import Study, load, run
    from sim.scenario.load import load_scenario

__all__ = ["Study", "__version__", "load", "load_scenario", "run"]
__version__ = "0.1.0"
_HOME = {
    "run": "sim.experiment.study",
    "load": "sim.experiment.study",
    "Study": "sim.experiment.study",
    "load_scenario": "sim.scenario.load",
}


def __getattr__(name: str) -> Any:
    """The public name, imported when first asked for: `import sim` alone costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
