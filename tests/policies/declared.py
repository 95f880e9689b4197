"""How to try a parameter by its declaration alone: which values, and in what world it matters."""

from collections.abc import Mapping
from typing import Any

from sim.policies import FEATURES
from sim.scenario.parameters import Parameter

CLOCKS = ["06:00", "18:00"]
# Contraband, many examinations and more flights than usual, so that what a means detects and how long it takes are seen.
BUSY: dict[str, Any] = {
    "study.days": 1,
    "study.warm_up": "0 s",
    "study.cool_down": "6 h",
    "world.demand.flights_per_day": "60/d",
    "world.demand.notice": "4 d",
    "world.compliance.prevalence": "10%",
    "policy.risk_screening.export_rate": "50%",
    "policy.risk_screening.import_rate": "50%",
    "policy.data_interface.mode": "api",
}
OF_FEATURE = {feature.key: feature for feature in FEATURES}


def values(parameter: Parameter) -> list[Any]:
    """What a parameter may take, as a scenario writes it: all choices, or the ends of the plausible range; else of its bounds.

    Empty where the declaration doesn't say, as of a list or of numbers by key.
    """
    if parameter.choices:
        return list(parameter.choices)
    if parameter.kind.en == "true or false":
        return [True, False]
    if parameter.dimension == "clock":
        return list(CLOCKS)
    if parameter.kind.en.startswith(("keys,", "a list,")):
        return []
    ends = parameter.plausible or parameter.bounds or ()
    return [end for end in ends if end is not None]


def in_use(feature: str) -> dict[str, Any]:
    """The settings that put a feature's means of examination to work; none for other features."""
    means = OF_FEATURE[feature].means if feature in OF_FEATURE else ""
    return {"policy.inspection.sequence": [means] if means == "open" else [means, "open"]} if means else {}


def world_of(parameter: Parameter) -> Mapping[str, Any]:
    """The world in which a parameter is tried: busy, its means in use, and what its declaration says besides."""
    return {**BUSY, **(parameter.needs.example() if parameter.needs else {}), **in_use(parameter.feature)}
