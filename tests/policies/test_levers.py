"""Every policy parameter moves what it is for, in the right direction, where it binds."""

from typing import Any

import numpy as np
import pytest

from sim.ground.sides import SIDE_KEYS
from sim.scenario.parameters import catalogue
from sim.world.routes import route_catalogue
from tests.policies.levers import AMPLE, HELICOPTERS, LEVERS, SIDED, Lever, SidedLever
from tests.policies.observed import Changes, Measure, observed

REPLICATIONS = 3
REPLICATIONS_OF_A_SIDE = 6  # a side has half of the visits
STANDARD_ERRORS = 2
POLICY = {path: parameter for path, parameter in catalogue().items() if parameter.branch == "policy"}


def differences(measure: Measure, before: Changes, after: Changes, replications: int = REPLICATIONS) -> np.ndarray:
    """Shape (replications,): after - before, replication by replication on the same random numbers."""
    return np.array([measure(observed(after, k)) - measure(observed(before, k)) for k in range(replications)])


def assert_moves(difference: np.ndarray, moves: str, least: float) -> None:
    """The mean is at least `least` in the direction, also when some standard errors are taken off it."""
    gain = difference if moves == "up" else -difference
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    assert gain.mean() >= least, f"moved {gain.mean():.4g} {moves}, at least {least:g} was due"
    assert gain.mean() > STANDARD_ERRORS * error, f"moved {gain.mean():.4g} {moves}, standard error {error:.3g}"


@pytest.mark.parametrize("lever", LEVERS, ids=str)
def test_the_lever_moves_its_measure(lever: Lever) -> None:
    setting = {**AMPLE, **lever.setting}
    found = differences(lever.measure, {**setting, lever.path: lever.before}, {**setting, lever.path: lever.after})
    assert_moves(found, lever.moves, lever.least)


# Where each side is tried: the other side there, with cargo and with passengers.
CARGO, CABIN = {"world.demand.aircraft": "v2000cg"}, {"world.demand.aircraft": "aw139"}
BY_HAND: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "hong_kong": ("mainland", {}, HELICOPTERS),
    "mainland": ("hong_kong", {}, HELICOPTERS),
}


def on_its_first_route(side: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The other end of the first route of the catalogue that leads to another side, and that route."""
    ends = {key: {route.sites[0].side, route.sites[-1].side} for key, route in route_catalogue().items()}
    key = next(key for key in ends if side in ends[key] and len(ends[key]) == 2)
    routes = {"policy.corridor.routes": [key]}
    return next(iter(ends[key] - {side})), {**routes, **CARGO}, {**routes, **CABIN}


TRIED = {side: BY_HAND.get(side) or on_its_first_route(side) for side in SIDE_KEYS}


MACAO_CABIN = {"policy.corridor.routes": ["shekou_macau_airport"], **CABIN}


def test_a_side_is_tried_on_a_route_of_its_own() -> None:
    assert TRIED["macao"] == ("mainland", {"policy.corridor.routes": ["shekou_macau_airport"], **CARGO}, MACAO_CABIN)


@pytest.mark.parametrize("side", TRIED)
@pytest.mark.parametrize("lever", SIDED, ids=lambda lever: lever.path.removeprefix("policy."))
def test_the_value_of_one_side_moves_that_side(lever: SidedLever, side: str) -> None:
    other, cargo, cabin = TRIED[side]
    setting = {**AMPLE, **(cabin if lever.cabin else cargo), **lever.setting}
    before = {**setting, lever.path: dict.fromkeys(SIDE_KEYS, lever.before)}
    after = {**setting, lever.path: {**dict.fromkeys(SIDE_KEYS, lever.before), side: lever.after}}
    here = differences(lever.measure(side), before, after, REPLICATIONS_OF_A_SIDE)
    assert_moves(here, lever.moves, lever.least)
    there = differences(lever.measure(other), before, after, REPLICATIONS_OF_A_SIDE)
    assert abs(there.mean()) < abs(here.mean()) / 2, f"the other side moved {there.mean():.4g}, this one {here.mean():.4g}"


def test_the_cases_are_of_policy_parameters() -> None:
    """Those without a case are tried by what they declare (test_declared_ranges.py)."""
    assert {lever.path for lever in LEVERS} <= set(POLICY)


def test_every_choice_of_a_policy_parameter_with_a_case_is_taken() -> None:
    with_a_case = {lever.path for lever in LEVERS if POLICY[lever.path].choices}
    taken = {path: {lever.before for lever in LEVERS if lever.path == path} for path in with_a_case}
    for lever in LEVERS:
        if lever.path in taken:
            taken[lever.path].add(lever.after)
    assert taken == {path: set(POLICY[path].choices) for path in taken}


def test_every_parameter_by_side_with_a_case_has_one_for_each_side() -> None:
    by_side = {lever.path for lever in LEVERS if POLICY[lever.path].by_side}
    assert {lever.path for lever in SIDED} == by_side
