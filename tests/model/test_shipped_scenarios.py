"""Every shipped scenario runs, keeps the engine's rules, and is measured."""

import os
from pathlib import Path

import numpy as np
import pytest

from sim.engine import run as run_plan
from sim.engine.audit import audit
from sim.metrics import CATALOGUE, measure
from tests.engine.random_plans import same
from tests.model.replicated import run
from tests.shipped import FILES, shipped

PLAIN_PYTHON = os.environ.get("NUMBA_DISABLE_JIT") == "1"
SHORT = ("study.days=1", "study.warm_up=0 s", "study.cool_down=1 d")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_scenario_runs(file: Path) -> None:
    """And both engines agree on it."""
    scenario = shipped(file.stem, *SHORT)
    observation = run(scenario)
    audit(observation.plan, observation.timeline)
    if not PLAIN_PYTHON:  # which is the engine that is compiled
        assert same(run_plan(observation.plan, "reference"), observation.timeline)
    measured = {(key, part): value for key, part, value in measure(observation, CATALOGUE)}
    if scenario.study.boost > 1:
        assert np.isnan(measured["flights_planned", ""]) and measured["expected_missed", ""] > 0
        return
    shares = [value for (key, part), value in measured.items() if key == "flight_outcome_share" and part]
    assert measured["flights_planned", ""] > 0
    assert sum(shares) == pytest.approx(1)
    assert np.isfinite(measured["officer_hours", ""])


def test_the_named_scenarios_are_there() -> None:
    named = {"baseline", "pre-clearance-0", "pre-clearance-60", "pre-clearance-240", "recognition-e-lock", "one-stop"}
    named |= {
        "each-flight-approved",
        "pre-clearance-60",
        "one-stop",
        "recognition-e-lock",
        "pads-1",
        "pads-4",
        "growth-6x",
        "growth-35x",
    }
    named |= {"fifo", "medical-first", "class-first", "aeo-first", "medical-30-minutes", "door-to-door"}
    named |= {"datum-gcj02", "datum-hk80", "datum-gcj02-checked"}
    named |= {"misses-boosted", "misses-recognition", "misses-one-stop"}
    named |= {"screening-quality-70", "screening-quality-95", "random-share-0", "random-share-5"}
    assert named <= {file.stem for file in FILES}
