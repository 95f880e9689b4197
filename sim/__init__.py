"""Simulation of low-altitude flights across the boundaries of the Greater Bay Area, and of how they are cleared.

`sim.run(["baseline.yaml", "one-stop.yaml"]).comparison` is the table of what differs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.analysis.assumptions import assumptions
    from sim.analysis.attribution import attribute
    from sim.analysis.frontier import frontier
    from sim.analysis.robust import robust
    from sim.analysis.saturation import saturate
    from sim.analysis.sensitivity import sensitivity
    from sim.analysis.sweep import sweep
    from sim.execution.options import RunOptions
    from sim.ground.errors import InputError, Interrupted, RunError
    from sim.scenario.load import apply, load_scenario
    from sim.scenario.scenario import Scenario
    from sim.study.study import Study, load, run
    from sim.study.warm_up import warm_up

__all__ = [
    "InputError", "Interrupted", "RunError", "RunOptions", "Scenario", "Study", "__version__", "apply", "assumptions",
    "attribute", "frontier", "load", "load_scenario", "robust", "run", "saturate", "sensitivity", "sweep", "warm_up",
]  # fmt: skip
__version__ = "0.1.0"
_MODULES = {
    "sim.analysis.assumptions": ("assumptions",),
    "sim.analysis.attribution": ("attribute",),
    "sim.analysis.frontier": ("frontier",),
    "sim.analysis.robust": ("robust",),
    "sim.analysis.saturation": ("saturate",),
    "sim.analysis.sensitivity": ("sensitivity",),
    "sim.analysis.sweep": ("sweep",),
    "sim.execution.options": ("RunOptions",),
    "sim.ground.errors": ("InputError", "Interrupted", "RunError"),
    "sim.scenario.load": ("apply", "load_scenario"),
    "sim.scenario.scenario": ("Scenario",),
    "sim.study.study": ("Study", "load", "run"),
    "sim.study.warm_up": ("warm_up",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would take every name for one of the module

    def __getattr__(name: str) -> object:
        """The public name, imported when first used: `import sim` alone costs nothing."""
        if name not in _MODULE_OF:
            raise AttributeError(f"module 'sim' has no attribute '{name}'")
        from importlib import import_module

        return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
