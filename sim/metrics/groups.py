"""The groups of flights by which measures are told apart: channel, tier, priority, side."""

from collections.abc import Mapping
from itertools import product
from typing import Literal

import numpy as np

from sim.ground.arrays import Bools
from sim.ground.sides import side_index
from sim.metrics.breakdown import join_part
from sim.model.fact_catalogue import AMBER, RED
from sim.model.facts import Fact
from sim.model.flights import Priority
from sim.model.observation import Observation
from sim.model.stage import ENDS, Role

PRIORITY_KEYS: tuple[str, ...] = tuple(priority.name.lower() for priority in Priority)
Direction = Literal["export", "import"]
DIRECTIONS: dict[Direction, Role] = {"export": "origin", "import": "destination"}
"""Goods are exports to the control of their side of origin, imports to that of their side of destination."""
TIERS: tuple[str, ...] = ("aeo", "other")


def channels(observation: Observation, roles: tuple[Role, ...] = ENDS) -> dict[str, Bools]:
    """By channel: the flights whose worst consignment, at any of the sides of those roles, is on it.

    Empty where no policy puts flights on channels.
    """
    if any(colour[role] not in observation.facts for colour in (RED, AMBER) for role in roles):
        return {}
    red, amber = (_at_any(observation, colour, roles) for colour in (RED, AMBER))
    return {"green": ~red & ~amber, "amber": amber & ~red, "red": red}


def _at_any(observation: Observation, colour: Mapping[Role, Fact[Bools]], roles: tuple[Role, ...]) -> Bools:
    return np.asarray(np.logical_or.reduce([observation.facts[colour[role]] for role in roles]))


def tiers(observation: Observation) -> dict[str, Bools]:
    """By tier: flights of authorised economic operators, and of others."""
    return dict(zip(TIERS, (observation.flights.aeo, ~observation.flights.aeo), strict=True))


def priorities(observation: Observation) -> dict[str, Bools]:
    """By class of priority, the most urgent first."""
    priority = observation.flights.priority
    return {key: priority == number for key, number in zip(PRIORITY_KEYS, Priority, strict=True)}


def apart(n: int, *groupings: Mapping[str, Bools]) -> dict[str, Bools]:
    """Those of n flights that are in one group of each grouping, by the groups' keys joined to a part.

    Of a grouping without groups the field of the part is empty.
    """
    choices = product(*((groups or {"": np.ones(n, dtype=np.bool_)}).items() for groups in groupings))
    return {join_part(*(key for key, _ in chosen)): np.logical_and.reduce([who for _, who in chosen]) for chosen in choices}


def sides(observation: Observation, role: Role) -> dict[str, Bools]:
    """By side on which flights begin or end: those that have it as their side of origin, or of destination."""
    side = observation.flights.side(role)
    return {key: side == side_index(key) for key in observation.flights.sides}


def destinations(observation: Observation) -> dict[str, Bools]:
    """By side of destination."""
    return sides(observation, "destination")
