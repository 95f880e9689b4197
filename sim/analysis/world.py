"""Policies are compared in one world, over one window."""

from collections.abc import Sequence

from sim.ground.errors import InputError, Problem
from sim.scenario.differences import differences
from sim.scenario.scenario import Scenario
from sim.study.design import settings_apart


def check_same_world(scenarios: Sequence[Scenario]) -> None:
    """Raises InputError with every world parameter, and every setting all must share, in which one differs from the first."""
    first, *others = scenarios
    problems = settings_apart(scenarios) + [
        Problem(
            f"{other.name} stands in another world than {first.name}: the policies can't be told apart from it",
            str(other.file or ""), path=d.path, found=str(d.after), allowed=str(d.before),
        )
        for other in others
        for d in differences(first, other, "world")
    ]  # fmt: skip
    if problems:
        raise InputError(*problems)
