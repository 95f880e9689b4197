"""Run by test_add_a_side.py in the tree in which the page has been followed: the side is one among others."""

from pathlib import Path

from sim.charts.style import WHOSE_COLOURS
from sim.engine import run
from sim.engine.audit import audit
from sim.ground.sides import SIDE_KEYS, SIDES
from sim.replication import prepare
from sim.scenario.load import load_scenario
from sim.world.boundary import side_at
from sim.world.sites import sites

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_it_has_a_place_on_the_map() -> None:
    assert side_at(113.4, 22.3) == "zhuhai" and side_at(114.06, 22.55) == "mainland" and side_at(113.55, 22.19) == "macao"
    assert {site.side for site in sites().values() if site.key == "jiuzhou_port"} <= {"zhuhai"}
    assert "zhuhai" in {site.side for site in sites().values()}


def test_values_by_side_reach_it() -> None:
    scenario = load_scenario(SCENARIOS / "zhuhai.yaml")
    assert dict(scenario.policy.risk_screening.import_rate) == {"hong_kong": 0.05, "mainland": 0.1, "macao": 0.05, "zhuhai": 0.2}
    assert load_scenario(SCENARIOS / "baseline.yaml").policy.risk_screening.import_rate["zhuhai"] == 0.05


def test_its_flights_are_cleared_by_both_sides() -> None:
    prepared = prepare(load_scenario(SCENARIOS / "zhuhai.yaml", ["study.days=2"]), 1, 0)
    audit(prepared.plan, run(prepared.plan))
    assert {pool.side for pool in prepared.plan.pools} >= {"zhuhai", "hong_kong"}
    assert "mainland" not in {pool.side for pool in prepared.plan.pools if pool.kind.key == "document_officers"}


def test_it_has_a_colour_and_a_number_of_its_own() -> None:
    assert SIDE_KEYS[-1] == "zhuhai" and len({WHOSE_COLOURS[key] for key in SIDE_KEYS}) == len(SIDES)
