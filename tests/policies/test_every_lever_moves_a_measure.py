"""Every parameter of policy and world moves a declared measure in one world at least, by hand or as declared."""

from collections.abc import Iterator
from itertools import pairwise
from math import isnan
from typing import Any

import pytest

from sim.ground.errors import InputError
from sim.metrics import measure
from sim.scenario.conditions import why_dead
from sim.scenario.parameters import catalogue
from tests.policies.declared import values, world_of
from tests.policies.levers import AMPLE, HELICOPTERS, LEVERS
from tests.policies.observed import METRICS, Changes, observed, scenario
from tests.policies.test_world_parameters import CASES, REFUSING, SMALL

PARAMETERS = {path: parameter for path, parameter in catalogue().items() if parameter.branch != "study"}
REPLICATIONS = 3
# Worlds for parameters that the rows and declarations leave without a measure.
EXTRA: dict[str, tuple[Changes, Any, Any]] = {
    "world.weather.month": ({**SMALL, "world.weather.mode": "sampled", "world.weather.frequency": 20.0}, 3, 9),
    "world.posts.immigration_pay": ({**SMALL, **HELICOPTERS}, {}, {"hong_kong": "30000 HKD"}),
}


def worlds(path: str) -> Iterator[tuple[Changes, Changes]]:
    """Pairs of settings that differ in the parameter alone."""
    for lever in LEVERS:
        if lever.path == path:
            setting = {**AMPLE, **lever.setting}
            yield {**setting, path: lever.before}, {**setting, path: lever.after}
    for case in CASES:
        if case.path == path:
            setting = {**SMALL, **case.setting}
            yield setting, {**setting, path: case.changed}
    if path in EXTRA:
        setting, before, after = EXTRA[path]
        yield {**setting, path: before}, {**setting, path: after}
    for low, high in pairwise(values(PARAMETERS[path])):
        setting = world_of(PARAMETERS[path])
        yield {**setting, path: low}, {**setting, path: high}


def moved(before: Changes, after: Changes) -> str | None:
    """The first declared measure that differs in one of the first replications."""
    for replication in range(REPLICATIONS):
        first, second = observed(before, replication), observed(after, replication)
        for metric in METRICS.values():
            if not _same(measure(first, [metric]), measure(second, [metric])):
                return metric.key
    return None


def _same(first: list[tuple[str, str, float]], second: list[tuple[str, str, float]]) -> bool:
    """Of the same parts the same numbers, NaN being NaN."""
    numbers, others = ({part: value for _, part, value in rows} for rows in (first, second))
    return numbers.keys() == others.keys() and all(
        value == others[part] or (isnan(value) and isnan(others[part])) for part, value in numbers.items()
    )


def some_measure(path: str) -> bool:
    for before, after in worlds(path):
        try:
            if moved(before, after) is not None:
                return True
        except InputError:  # ends that bind each other are refused together; another world is tried
            continue
    return False


@pytest.mark.parametrize("path", [path for path in PARAMETERS if path not in REFUSING])
def test_some_measure_moves(path: str) -> None:
    assert some_measure(path)


def test_only_a_limit_moves_no_measure() -> None:
    """What decides whether a scenario may run at all (test_world_parameters.py) says so, wherever it may."""
    never = [path for path in REFUSING if why_dead(scenario(AMPLE), path) is not None]
    assert never == list(REFUSING) == ["world.demand.energy_reserve"]


def test_nothing_moves_where_nothing_is_changed() -> None:
    assert moved(AMPLE, AMPLE) is None
    assert moved(AMPLE, {**AMPLE, "policy.detector_dogs.teams": 5}) is None
