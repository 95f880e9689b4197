"""Floor 6: engines turn a plan into a timeline. They know stages, pools and clocks, and nothing of customs.

The exact meaning of a plan is in docs/reference/engine.md; `reference` is its definition, `compiled` is the same
meaning for studies. Another engine is one more entry in ENGINES and must give the same timelines bit for bit.
"""

from collections.abc import Callable
from importlib.util import find_spec

from sim.engine import reference
from sim.engine.check import check_plan
from sim.model.plan import Plan
from sim.model.timeline import Timeline


def _compiled(plan: Plan) -> Timeline:
    from sim.engine import compiled  # Numba takes a while to import

    return compiled.simulate(plan)


ENGINES: dict[str, Callable[[Plan], Timeline]] = {"reference": reference.simulate}
if find_spec("numba"):
    ENGINES["compiled"] = _compiled


def default_engine() -> str:
    """The quickest engine that this installation has."""
    return "compiled" if "compiled" in ENGINES else "reference"


def get_ready(engine: str | None = None) -> None:
    """Prepare the engine (the default one unless named) for this process: the compiled one compiles or loads its kernel.

    That takes some seconds, once on a machine. `run` does it by itself if nobody did before.
    """
    if (engine or default_engine()) == "compiled":
        from sim.engine import compiled

        compiled.get_ready()


def is_compiled_anew(engine: str | None = None) -> bool:
    """Whether the engine is compiled in every process, because its result can't be kept on disk."""
    if (engine or default_engine()) != "compiled":
        return False
    from sim.engine import compiled

    return not compiled.can_cache()


def run(plan: Plan, engine: str | None = None) -> Timeline:
    """The timeline of a plan, by the default engine unless one is named.

    Raises ValueError for an engine that is not in ENGINES and for a plan that has no meaning (see `check_plan`).
    """
    engine = engine or default_engine()
    if engine not in ENGINES:
        raise ValueError(f"unknown engine '{engine}'; the engines are {', '.join(ENGINES)}")
    check_plan(plan)
    return ENGINES[engine](plan)
