"""Run by test_add_a_feature.py in the tree in which the page has been followed: its feature does what it is for."""

from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.ranges import ranges
from sim.engine import run
from sim.engine.audit import audit
from sim.model.examination import FOUND
from sim.model.fact_catalogue import DEPARTURE_TARGET_S, ILLICIT, RED
from sim.replication import Prepared, prepare
from sim.scenario.choices import word
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MANY = ["world.compliance.prevalence=30%", "policy.risk_screening.import_rate=50%", "study.days=3"]


def loaded(name: str, *settings: str) -> Scenario:
    return load_scenario(SCENARIOS / f"{name}.yaml", [*MANY, *settings])


def prepared(name: str, *settings: str) -> Prepared:
    return prepare(loaded(name, *settings), 1, 0)


def test_the_analyses_walk_its_ranges() -> None:
    walked: set[Any] = {each.path for each in ranges(loaded("ion-scan"))}
    assert {"world.ion_scan.scan_time", "world.ion_scan.sensitivity"} <= walked


def test_it_runs_from_its_scenario() -> None:
    plan = prepared("ion-scan").plan
    timeline = run(plan)
    audit(plan, timeline)
    assert timeline.done()[:, plan.stage_number("ion_scan_destination")].sum() > 0
    assert {"ion_scanners.wenjindu", "ion_scanners.sheung_shui"} <= {pool.key for pool in plan.pools}


def test_it_finds_more_and_moves_no_other_draw() -> None:
    with_scan, without = prepared("ion-scan"), prepared("ion-scan", "policy.inspection.sequence=[xray, open]")
    plain = prepared("baseline")
    assert with_scan.facts[FOUND["destination"]].sum() > without.facts[FOUND["destination"]].sum()
    for fact in (ILLICIT, RED["destination"], DEPARTURE_TARGET_S):
        np.testing.assert_array_equal(with_scan.facts[fact], plain.facts[fact])
    np.testing.assert_array_equal(without.plan.service_s, plain.plan.service_s)


def test_it_has_a_name_in_the_sequence() -> None:
    assert word("ion_scan", "zh-Hant") == "離子掃描"
