"""A busy day under two policies: one pad a vertiport, an outage of the data interface, a closure, and contraband."""

from pathlib import Path

import pytest

import sim
from sim.replay.data import scenes_of
from sim.replay.scene import Scene
from sim.study.study import Study
from tests.conftest import MakeStudy

BASE = """
name: base
title: Base
study: {days: 1, warm_up: 6 h, cool_down: 12 h, replications: 2, seed: 5}
policy:
  flight_authorisation: {mode: standing}
  data_interface: {mode: api, opens: "00:00", closes: "24:00"}
  vertiports: {pads: 1, fleet: 12, reservation: false}
  corridor: {closures: [["day 1 14:00", "day 1 15:00"]]}
world:
  demand: {flights_per_day: 70/d}
  compliance: {prevalence: 5%}
  data_interface: {outage_events: [["day 1 17:00", "day 1 19:00"]]}
"""
ONE_STOP = """
extends: base.yaml
name: one-stop
title: One stop
policy:
  pre_clearance: {lead: 60 min, decision: before_departure}
  inspection: {regime: one_stop}
"""


@pytest.fixture(scope="session")
def folder(make_study: MakeStudy) -> Path:
    """The folder of the study."""
    return make_study({"base": BASE, "one-stop": ONE_STOP})


@pytest.fixture(scope="session")
def study(folder: Path) -> Study:
    return sim.load(folder)


@pytest.fixture(scope="session")
def scenes(study: Study) -> tuple[Scene, ...]:
    return scenes_of(study, study.names, 0)
