"""A boosted study: contraband drawn more often than it occurs, every consignment weighted back by its likelihood ratio.

That needs a miss to depend on nobody else's contraband. What makes it depend is refused by whoever owns it.
"""

from typing import Any

from sim.ground.errors import Problem


def not_boosted(scenario: Any, path: str, at_fault: bool, allowed: str) -> list[Problem]:
    """The problem that a scenario with a boost has at `path`, if what stands there is `at_fault` with it."""
    boost = scenario.study.boost
    if boost == 1 or not at_fault:
        return []
    return [
        Problem(
            "in a boosted study no consignment may depend on the contraband of another",
            path=path,
            found=f"with study.boost: {boost:g}",
            allowed=f"{allowed}; or study.boost: 1",
        )
    ]
