"""The times of which studies keep counts: their parts, and that every flight stands in them where a measure looks for it."""

from math import inf, nan

import numpy as np
import pyarrow.compute as pc
import pytest

from sim.execution.replicate import Task, observe
from sim.execution.tables import DISTRIBUTION_COLUMNS, distributions_table
from sim.ground.arrays import Floats
from sim.metrics import CATALOGUE, all_metrics, distributions, times
from sim.metrics.groups import apart
from sim.model.metric import Distribution, Metric
from sim.model.observation import Observation
from sim.policies import FEATURES
from sim.replication import prepare
from sim.scenario.load import apply
from tests.metrics.hand_made import NEVER, At
from tests.metrics.hand_made import observe as observe_by_hand
from tests.shipped import shipped

BUSY = {"study.days": 1, "study.warm_up": "6 h", "study.cool_down": "12 h", "world.demand.flights_per_day": "30/d"}
BY_KEY = {distribution.key: distribution for distribution in distributions(CATALOGUE)}


def test_delays_are_of_all_planned_flights_and_never_where_not_released() -> None:
    release = At("release", [(t, t, t) for t in (100.0, 160.0)] + [NEVER])
    observation = observe_by_hand(release, ordered_s=[40] * 3, planned_release_s=[100] * 3)
    assert BY_KEY["delay"].compute(observation)[""].tolist() == [0, 60, inf]
    assert BY_KEY["order_to_release"].compute(observation)[""].tolist() == [60, 120, inf]


def test_apart_tells_the_flights_by_all_groupings_at_once() -> None:
    yes, no = np.array([True, False, True]), np.array([False, True, False])
    first = np.array([True, True, False])
    parts = apart(3, {"a": yes, "b": no}, {}, {"x": first, "y": ~first})
    assert {part: members.tolist() for part, members in parts.items()} == {
        "a//x": [True, False, False],
        "a//y": [False, False, True],
        "b//x": [False, True, False],
        "b//y": [False, False, False],
    }


def test_times_are_counted_to_the_second_and_each_part_says_how_many_never_came() -> None:
    declared = [("delay", "", np.array([0.4, -0.4, 1.6, 2.4, inf])), ("wait", "pads", np.zeros(0)), ("wait", "desk", np.ones(3))]
    table = distributions_table("base", 4, declared)
    assert tuple(table.column_names) == DISTRIBUTION_COLUMNS
    rows = [tuple(row.values()) for row in table.to_pylist()]
    assert rows == [
        ("base", 4, "delay", "", 0, 2),
        ("base", 4, "delay", "", 2, 2),
        ("base", 4, "delay", "", None, 1),
        ("base", 4, "wait", "pads", None, 0),
        ("base", 4, "wait", "desk", 1, 3),
        ("base", 4, "wait", "desk", None, 0),
    ]


@pytest.fixture(scope="module", params=["baseline", "one-stop", "passengers-co-located"])
def observation(request: pytest.FixtureRequest) -> Observation:
    scenario = apply(shipped(request.param), {**BUSY, "policy.flight_authorisation.mode": "one_hour"})
    return observe(Task(scenario, 5, 0), prepare(scenario, 5, 0))


def members(metric: Metric, observation: Observation) -> dict[str, Floats]:
    """The times behind each part of a measure but its quantile's name, rising."""
    assert metric.quantiles is not None
    by_part: dict[str, list[Floats]] = {}
    for part, times_s in metric.quantiles.distribution.compute(observation).items():
        for of_measure in metric.quantiles.parts(part):
            by_part.setdefault(of_measure, []).append(times_s)
    return {part: np.sort(np.concatenate(lists)) for part, lists in by_part.items()}


WITH_MEAN = [metric for metric in CATALOGUE if metric.quantiles and metric.key.startswith(("file_", "arrival_", "time_release"))]


def test_there_are_measures_with_a_mean_beside_their_quantiles() -> None:
    assert len(WITH_MEAN) == 9


@pytest.mark.parametrize("metric", WITH_MEAN, ids=lambda metric: metric.key)
def test_the_times_behind_a_quantile_are_those_behind_the_mean(metric: Metric, observation: Observation) -> None:
    means = {
        part.rpartition("/")[0]: value
        for part, value in metric.compute(observation).items()  # type: ignore[union-attr]
        if part.endswith("mean")
    }
    by_part = members(metric, observation)
    assert list(by_part) == list(means) or set(by_part) == set(means)
    of_times = [float(times_s.mean()) if len(times_s) else nan for times_s in by_part.values()]
    np.testing.assert_allclose(of_times, [means[part] for part in by_part], rtol=1e-12)


def test_every_visit_stands_in_the_waits(observation: Observation) -> None:
    of_metric = {metric.key: metric for metric in CATALOGUE}
    means, waits = of_metric["wait_mean"].compute(observation), BY_KEY["wait"].compute(observation)
    assert list(means) == list(waits)  # type: ignore[arg-type]
    np.testing.assert_allclose(
        [times_s.mean() if len(times_s) else nan for times_s in waits.values()],
        list(means.values()),  # type: ignore[union-attr]
    )


def test_a_boosted_study_has_the_parts_without_times() -> None:
    scenario = apply(shipped("baseline"), {**BUSY, "study.boost": 10})
    observation = observe(Task(scenario, 5, 0), prepare(scenario, 5, 0))
    table = distributions_table("x", 0, times(observation, distributions(all_metrics(FEATURES))))
    assert len(table) > 100
    assert pc.sum(table["count"]).as_py() == 0


def test_two_distributions_of_one_key_are_refused() -> None:
    def declared(key: str) -> Metric:
        metric = next(metric for metric in CATALOGUE if metric.quantiles)
        assert metric.quantiles is not None
        distribution = Distribution(key, metric.label, "made up", lambda observation: {})
        return Metric(
            key="x",
            label=metric.label,
            unit="s",
            better="lower",
            topic="delay",
            formula="made up",
            compute=lambda observation: {},
            quantiles=type(metric.quantiles)(distribution, ()),
        )

    assert [distribution.key for distribution in distributions([declared("a"), declared("b")])] == ["a", "b"]
    with pytest.raises(ValueError, match="declared twice: delay"):
        distributions([*CATALOGUE, declared("delay")])
