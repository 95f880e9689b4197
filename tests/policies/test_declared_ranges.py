"""Every parameter matters within the range that it declares; a new feature needs no row of settings by hand.

Rows by hand (levers.py, test_world_parameters.py) say more, of features that need a particular world or that have an
effect of a known size. What has no row, or a row without a setting, is tried here.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.ground.sides import SIDE_KEYS
from sim.ground.time_units import HOUR_S
from sim.metrics import measure
from sim.model.observation import Observation
from sim.scenario.parameters import Parameter, catalogue
from tests.policies.declared import OF_FEATURE, values, world_of
from tests.policies.levers import LEVERS, SIDED
from tests.policies.observed import METRICS, observed, prepared
from tests.policies.test_world_parameters import CASES, REFUSING, hashes

PARAMETERS = {path: parameter for path, parameter in catalogue().items() if parameter.branch != "study"}
ROWS = {row.path for row in (*LEVERS, *CASES)} | set(REFUSING)
WITH_A_SETTING = {row.path for row in (*LEVERS, *CASES) if row.setting} | set(REFUSING)
# These stand alone in their rows, but between the values tried here there is no difference, or a combination is refused.
APART = {
    "policy.risk_screening.export_rate",  # not below the random share
    "policy.risk_screening.import_rate",
    "policy.corridor.floor",  # not above the ceiling
    "policy.corridor.cancel_after",
    "world.demand.energy_reserve",
}
TRIED = [
    path
    for path, parameter in PARAMETERS.items()
    if path not in {*WITH_A_SETTING, *APART} and (path not in ROWS or values(parameter))
]
MEANS = [path for path, parameter in PARAMETERS.items() if parameter.feature == "xray"]


def results(observation: Observation) -> tuple[bytes, bytes, str]:
    """The times of all stages, and every measure."""
    timeline = observation.timeline
    return timeline.start_s.tobytes(), timeline.end_s.tobytes(), repr(measure(observation, METRICS.values()))


def moves(parameter: Parameter, before: Any, after: Any) -> bool:
    """Whether anything moves: of a policy parameter, a time or a measure; of one of the world, what is simulated."""
    setting = world_of(parameter)
    one, other = ({**setting, parameter.path: value} for value in (before, after))
    if parameter.branch == "world":
        return hashes(prepared(one)) != hashes(prepared(other))
    return results(observed(one, 0)) != results(observed(other, 0))


def faults(parameter: Parameter) -> list[str]:
    """Between which of its values nothing moves; or that the declaration names fewer than two values."""
    tried = values(parameter)
    if len(tried) < 2:
        return ["no choices and no range are declared"]
    return [f"nothing moves from {one} to {other}" for one, other in pairwise(tried) if not moves(parameter, one, other)]


@pytest.mark.parametrize("path", dict.fromkeys([*TRIED, *MEANS]))
def test_the_parameter_matters_within_its_range(path: str) -> None:
    """Where it matters only under other settings, its declaration names them: `parameter(..., needs=...)`."""
    assert faults(PARAMETERS[path]) == []


def is_of_means(parameter: Parameter) -> bool:
    return parameter.feature in OF_FEATURE and bool(OF_FEATURE[parameter.feature].means)


SERVERS = [
    path
    for path in dict.fromkeys([*TRIED, *MEANS])
    if is_of_means(PARAMETERS[path]) and "numbers by clock time" in PARAMETERS[path].kind.en
]


@pytest.mark.parametrize("path", SERVERS)
def test_more_servers_are_there_and_nobody_waits_longer(path: str) -> None:
    parameter = PARAMETERS[path]
    fewer, more = values(parameter)
    kinds = {kind.key for kind in OF_FEATURE[parameter.feature].pools}
    one, other = (observed({**world_of(parameter), path: value}, 0) for value in (max(fewer, 1), more))
    assert waits_s(one, kinds) >= waits_s(other, kinds)
    assert scheduled(one, kinds) < scheduled(other, kinds)


@pytest.mark.parametrize("side", ["hong_kong", "mainland"])
@pytest.mark.parametrize("path", SERVERS)
def test_the_servers_of_one_side_are_those_of_its_own_pools(path: str, side: str) -> None:
    parameter = PARAMETERS[path]
    low, high = values(parameter)
    before = prepared({**world_of(parameter), path: dict.fromkeys(SIDE_KEYS, low)}).plan.pools
    after = prepared({**world_of(parameter), path: {**dict.fromkeys(SIDE_KEYS, low), side: high}}).plan.pools
    differ = {pool.side for pool, other in zip(before, after, strict=True) if pool != other}
    assert differ == {side}


def waits_s(observation: Observation, kinds: set[str]) -> float:
    """The mean wait at pools of these kinds, s."""
    of_pool = METRICS["wait_mean"].compute(observation)
    return float(np.nanmean([of_pool[pool.key] for pool in observation.plan.pools if pool.kind.key in kinds]))


def scheduled(observation: Observation, kinds: set[str]) -> float:
    """Server hours in the rosters of these kinds of pools."""
    end_s = observation.horizon_s
    return sum(pool.calendar.server_seconds(0.0, end_s) / HOUR_S for pool in observation.plan.pools if pool.kind.key in kinds)


def test_every_parameter_has_a_row_or_declares_what_to_try() -> None:
    assert [path for path, parameter in PARAMETERS.items() if path not in ROWS and len(values(parameter)) < 2] == []
    assert {row.path for row in SIDED} <= set(PARAMETERS)


def test_a_parameter_that_moves_nothing_is_noticed() -> None:
    """At the pad nothing is carried to a yard; where the declaration names the yard, the way to it counts."""
    in_the_yard = PARAMETERS["world.inspection.yard_transfer"]
    at_the_pad = replace(in_the_yard, needs=None)
    assert faults(at_the_pad) == ["nothing moves from 5 min to 60 min"]
    assert faults(in_the_yard) == []
    assert faults(replace(at_the_pad, bounds=None, plausible=None)) == ["no choices and no range are declared"]
