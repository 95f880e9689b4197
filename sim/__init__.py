"""Simulation of low-altitude flights across the boundaries of the Greater Bay Area, and of how they are cleared.

`sim.run(["baseline.yaml", "one-stop.yaml"]).comparison` is the table of what differs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.assumptions import assumptions
    from sim.analysis.design_run import Means
    from sim.analysis.frontier import frontier
    from sim.analysis.robust import robust
    from sim.analysis.saturation import saturation
    from sim.analysis.sensitivity import sensitivity
    from sim.analysis.sweep import sweep
    from sim.scenario.load import load_scenario
    from sim.study.study import Study, load, run

__all__ = [
    "Means", "Study", "__version__", "assumptions", "frontier", "load", "load_scenario", "robust", "run", "saturation",
    "sensitivity", "sweep",
]  # fmt: skip
__version__ = "0.1.0"
_HOME = {
    "run": "sim.study.study",
    "load": "sim.study.study",
    "Study": "sim.study.study",
    "load_scenario": "sim.scenario.load",
    "Means": "sim.analysis.design_run",
    **{name: f"sim.analysis.{name}" for name in ("assumptions", "frontier", "robust", "saturation", "sensitivity", "sweep")},
}


def __getattr__(name: str) -> Any:
    """The public name, imported when first asked for: `import sim` alone costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
