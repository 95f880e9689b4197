"""Floor 6: engines turn a plan into a timeline. They know stages, pools and clocks, and nothing of customs.

The exact meaning of a plan is in docs/engine.md; `reference` is its definition. Another engine is one
more entry in ENGINES and must give the same timelines bit for bit.
"""

from collections.abc import Callable

from sim.engine.check import check_plan
from sim.engine.reference import simulate
from sim.nouns.plan import Plan
from sim.nouns.timeline import Timeline

ENGINES: dict[str, Callable[[Plan], Timeline]] = {"reference": simulate}


def run(plan: Plan, engine: str = "reference") -> Timeline:
    """The timeline of a plan.

    Raises ValueError for an engine that is not in ENGINES and for a plan that has no meaning (see `check_plan`).
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown engine '{engine}'; the engines are {', '.join(ENGINES)}")
    check_plan(plan)
    return ENGINES[engine](plan)
