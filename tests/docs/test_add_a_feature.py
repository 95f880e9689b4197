"""The page "how to add a policy feature" is true: its file, line and scenario are taken from the page and run."""

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.ranges import ranges
from sim.engine import run
from sim.engine.audit import audit
from sim.model.examination import FOUND
from sim.model.fact_catalogue import DEPARTURE_TARGET_S, ILLICIT, RED
from sim.policies import FEATURES, OPENING, XRAY_FEATURE
from sim.replication import prepare
from sim.scenario.load import load_scenario
from sim.scenario.schema import build_schema, default_schema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "add-a-feature.md").read_text(encoding="utf-8")


def _block(language: str, number: int) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number]


@pytest.fixture
def ion_scan(tmp_path, monkeypatch):
    file = tmp_path / "ion_scan.py"
    file.write_text(_block("python", 0), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("ion_scan_of_the_page", file)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module.ION_SCAN


@pytest.fixture
def schema(ion_scan):
    at = FEATURES.index(XRAY_FEATURE) + 1
    assert [line.strip(" ,") for line in _block("python", 1).split("\n") if line] == ["XRAY_FEATURE", "ION_SCAN", "OPENING"]
    assert FEATURES[at] is OPENING
    return build_schema((*FEATURES[:at], ion_scan, *FEATURES[at:]), default_schema().core)


def _scenario(tmp_path, schema, text):
    file = tmp_path / "ion-scan.yaml"
    file.write_text(text.replace("extends: baseline.yaml", f"extends: {ROOT / 'scenarios' / 'baseline.yaml'}"), encoding="utf-8")
    settings = ["world.compliance.prevalence=30%", "policy.risk_screening.import_rate=50%", "study.days=3"]
    return load_scenario(file, settings, schema)


def test_the_analyses_walk_the_ranges_of_the_pages_feature(tmp_path, schema):
    scenario = _scenario(tmp_path, schema, _block("yaml", 0))
    walked = {each.path for each in ranges(scenario)}
    assert {"world.ion_scan.scan_time", "world.ion_scan.sensitivity"} <= walked


def test_the_pages_feature_runs_from_its_scenario(tmp_path, schema):
    prepared = prepare(_scenario(tmp_path, schema, _block("yaml", 0)), 1, 0)
    timeline = run(prepared.plan)
    audit(prepared.plan, timeline)
    number = prepared.plan.stage_number("ion_scan_destination")
    assert timeline.done()[:, number].sum() > 0
    assert {"ion_scanners.wenjindu", "ion_scanners.sheung_shui"} <= {pool.key for pool in prepared.plan.pools}


def test_the_feature_finds_more_and_moves_no_other_draw(tmp_path, schema):
    with_scan = prepare(_scenario(tmp_path, schema, _block("yaml", 0)), 1, 0)
    without = prepare(_scenario(tmp_path, schema, _block("yaml", 0).replace("xray, ion_scan, open", "xray, open")), 1, 0)
    plain = prepare(load_scenario(ROOT / "scenarios" / "baseline.yaml", _plain_settings()), 1, 0)
    assert with_scan.facts[FOUND["destination"]].sum() > without.facts[FOUND["destination"]].sum()
    for fact in (ILLICIT, RED["destination"], DEPARTURE_TARGET_S):
        np.testing.assert_array_equal(with_scan.facts[fact], plain.facts[fact])
    np.testing.assert_array_equal(without.plan.service_s, plain.plan.service_s)


def _plain_settings():
    return ["world.compliance.prevalence=30%", "policy.risk_screening.import_rate=50%", "study.days=3"]
