"""Importance sampling of contraband (`study.boost`): drawn more often than it occurs, weighted back by likelihood ratios.

A miss must then depend on no other consignment's contraband. Features refuse their parameters that would make it depend.
"""

from typing import Any

from sim.ground.errors import Problem, contradiction
from sim.ground.text import Text

_NO_DEPENDENCE = Text(
    "in a boosted study no consignment may depend on the contraband of another",
    "設有違禁品加強倍數的研究中，貨件不得受其他貨件的違禁品影響",
    "设有违禁品加强倍数的研究中，货件不得受其他货件的违禁品影响",
)


_WITH_BOOST = Text("with study.boost: {boost}", "連同 study.boost: {boost}", "连同 study.boost: {boost}")
_NO_BOOST = Text("{allowed}; or study.boost: 1", "{allowed}；或 study.boost: 1", "{allowed}；或 study.boost: 1")


def not_boosted(scenario: Any, path: str, at_fault: bool, allowed: str) -> list[Problem]:
    """The problem at `path` of a scenario with importance sampling, if the value there is `at_fault` with it; else none."""
    boost = scenario.study.boost
    if boost == 1 or not at_fault:
        return []
    return [
        contradiction(
            _NO_DEPENDENCE,
            path,
            ("study.boost",),
            value=_WITH_BOOST.fill(boost=f"{boost:g}"),
            allowed=_NO_BOOST.fill(allowed=allowed),
        )
    ]
