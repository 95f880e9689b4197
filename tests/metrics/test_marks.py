"""Measures and the replay ask a plan for a stage by its mark: a key may change, a mark that nobody declares is an error."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.engine import run
from sim.ground.errors import RunError
from sim.metrics import CATALOGUE
from sim.model.observation import Observation
from sim.model.stage import MARK_MEANINGS, Mark, Stage
from sim.policies import FEATURES, VERTIPORTS, vertiports
from sim.replication import prepare
from sim.scenario.load import load_scenario
from sim.scenario.schema import build_schema, default_schema
from tests.metrics.hand_made import At, observe

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
SHORT = ["study.days=1", "study.warm_up=0 s", "study.cool_down=12 h"]
BY_KEY = {metric.key: metric.compute for metric in CATALOGUE}
ARRIVAL, TAKING_TURNS = BY_KEY["arrival_to_release"], BY_KEY["time_release"]


def observed(land: Stage, monkeypatch: pytest.MonkeyPatch) -> Observation:
    """A replication of a scenario whose vertiports land by that stage."""
    monkeypatch.setattr(vertiports, "LAND", land)
    stages = tuple(land if stage.key == "land" else stage for stage in VERTIPORTS.stages)
    features = tuple(replace(VERTIPORTS, stages=stages) if feature is VERTIPORTS else feature for feature in FEATURES)
    scenario = load_scenario(BASELINE, SHORT, build_schema(features, default_schema().core))
    made = prepare(scenario, 1, 0)
    window = made.window_start_s, made.window_end_s, made.horizon_s
    return Observation(scenario, made.flights, made.consignments, made.facts, made.plan, run(made.plan), *window)


def test_a_stage_may_have_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = observed(vertiports.LAND, monkeypatch)
    renamed = observed(replace(vertiports.LAND, key="touch_down"), monkeypatch)
    assert renamed.plan.stage_number("land") is None
    for measure in (ARRIVAL, TAKING_TURNS):
        assert not np.isnan(list(measure(plain).values())).all()
        np.testing.assert_equal(measure(renamed), measure(plain))


@pytest.mark.parametrize("measure", [ARRIVAL, TAKING_TURNS])
def test_a_mark_that_no_feature_declares_is_an_error(measure, monkeypatch: pytest.MonkeyPatch) -> None:
    unmarked = observed(replace(vertiports.LAND, marks=()), monkeypatch)
    with pytest.raises(RunError, match=r'no feature .* marks a stage as "landed" \(at its end the aircraft .*Mark\.LANDED'):
        measure(unmarked)


def test_a_stage_that_the_plan_leaves_out_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = observed(vertiports.LAND, monkeypatch).plan
    for mark, way in ((Mark.OUT, "fly"), (Mark.BACK, "return_fly")):
        keys = [plan.steps[number].stage.key for number in plan.marked(mark)]
        assert keys == [f"{way}_{number}" for number in range(1, len(keys) + 1)] and len(keys) > 1
    assert plan.marked(Mark.HELD_IN_FLIGHT) == () and Mark.HELD_IN_FLIGHT in plan.left_out  # no fault of the datum


def test_two_stages_where_one_is_meant_are_an_error() -> None:
    twice = observe(At("load", [(0, 0, 1)]), At("release", [(1, 1, 2)]))
    steps = [replace(step, stage=replace(step.stage, marks=(Mark.RELEASED,))) for step in twice.plan.steps]
    with pytest.raises(RunError, match='several stages are marked as "released": load, release'):
        replace(twice.plan, steps=tuple(steps)).the_marked(Mark.RELEASED)


def test_every_mark_has_a_meaning_and_a_stage() -> None:
    declared = {mark for feature in FEATURES for stage in feature.stages for mark in stage.marks}
    assert set(MARK_MEANINGS) == declared == set(Mark)
