"""What is expected of examinations, worked out by hand: what is selected, and what then is opened."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from sim.execution.replicate import Task, observe
from sim.metrics.control import METRICS as CONTROL
from sim.metrics.expected_examinations import METRICS
from sim.model.examination import PLANNED_STEPS, SELECTION_CHANCES, Chances
from sim.model.fact_catalogue import PREVALENCE, SELECTION_UNIT
from sim.model.observation import Observation
from sim.replication import prepare
from sim.scenario.scenario import Scenario
from tests.model.test_trace import EXAMPLE, with_schedule
from tests.policies.observed import scenario

BY_KEY: dict[str, Any] = {metric.key: metric.compute for metric in (*CONTROL, *METRICS)}
ALIKE: dict[str, Any] = {
    "world.demand.flights_per_day": "20/d",
    "policy.risk_screening.unit": "consignment",
    "world.compliance.prevalence": "20%",
    "world.compliance.trusted_factor": 1.0,
    "policy.pre_clearance.aeo_share": "0%",
    "policy.risk_screening.export_rate": "20%",
    "policy.risk_screening.import_rate": "30%",
    "policy.risk_screening.random_share": "10%",
    "world.risk_screening.auc": 0.8,
    "world.risk_screening.auc_without_personal": 0.8,
    "world.risk_screening.score_correlation": "40%",
    "world.xray.sensitivity": "70%",
    "world.xray.false_alarm": "6%",
}
"""All consignments alike: each has the same chances."""


def run(made: Scenario) -> Observation:
    return observe(Task(made, 1, 0), prepare(made, 1, 0))


def chance(column: Any) -> float:
    """The one value of a column."""
    assert np.ptp(column) < 1e-9
    return float(column[0])


def of(content: str, chances: Chances) -> float:
    return chance(getattr(chances, content))


@pytest.fixture(scope="module")
def alike() -> Observation:
    return run(scenario(ALIKE))


@pytest.mark.parametrize(("content", "distance"), [("licit", 0.0), ("illicit", np.sqrt(2) * norm.ppf(0.8))])
def test_chances_of_selection(alike: Observation, content: str, distance: float) -> None:
    """A tenth at random; of the rest by a score N(d', 1) above what a ninth, or two ninths, of licit ones exceed."""
    above = norm.isf([1 / 9, 2 / 9]) - distance
    flags = norm.sf(above)
    both_flag = multivariate_normal.cdf(-above, cov=[[1, 0.4], [0.4, 1]])
    both = 0.1**2 + 0.1 * 0.9 * flags.sum() + 0.9**2 * both_flag
    chances = alike.facts[SELECTION_CHANCES]
    for role, flag in zip(("origin", "destination"), flags, strict=True):
        assert of(content, chances.of_role[role]) == pytest.approx(0.1 + 0.9 * flag)
    assert of(content, chances.both) == pytest.approx(both, abs=1e-6)
    assert of(content, chances.either) == pytest.approx(0.2 + 0.9 * flags.sum() - both, abs=1e-6)


def test_chances_of_being_opened(alike: Observation) -> None:
    """Selected, and the x-ray has raised an alarm: 70% of illicit ones, 6% of licit ones."""
    chances = alike.facts[SELECTION_CHANCES].of_role["origin"]
    p = chance(alike.facts[PREVALENCE])
    steps = {step.stage_key: step.expectation for step in alike.facts[PLANNED_STEPS]}
    xray, opening = steps["xray_origin"], steps["open_origin_by_origin"]
    assert xray is not None and opening is not None
    assert chance(xray.chance) == pytest.approx((1 - p) * of("licit", chances) + p * of("illicit", chances))
    expected = (1 - p) * of("licit", chances) * 0.06 + p * of("illicit", chances) * 0.7
    assert chance(opening.chance) == pytest.approx(expected, rel=1e-6)
    assert (xray.mean_s, opening.mean_s) == (pytest.approx(20), pytest.approx(600))
    assert xray.officers == opening.officers == ("origin",)
    assert steps["xray_late"] is None and steps["open_late_by_destination"] is None


@pytest.mark.parametrize(("unit", "others"), [("declaration", 2), ("flight", 6)])
def test_a_licit_consignment_is_as_likely_to_be_selected_as_its_unit(alike: Observation, unit: str, others: int) -> None:
    """20% of units without contraband, as of consignments; that of a full declaration, or of a flight of seven, may hold some."""
    made = run(scenario({**ALIKE, "policy.risk_screening.unit": unit}))
    of_unit, alone = made.facts[SELECTION_CHANCES].of_role["origin"], alike.facts[SELECTION_CHANCES].of_role["origin"]
    p = chance(made.facts[PREVALENCE])
    size = np.bincount(made.facts[SELECTION_UNIT])[made.facts[SELECTION_UNIT]]
    here = size == others + 1
    assert here.any()
    another = 1 - (1 - p) ** others
    licit, illicit = of("licit", alone), of("illicit", alone)
    assert chance(of_unit.licit[here]) == pytest.approx((1 - another) * licit + another * illicit)
    assert chance(of_unit.illicit) == pytest.approx(illicit)
    assert np.array_equal(alike.facts[SELECTION_UNIT], np.arange(len(alike.consignments)))


def test_joint_teams_cost_an_officer_of_each_side() -> None:
    made = scenario({"policy.inspection.regime": "one_stop", "policy.pre_clearance.decision": "before_departure"})
    steps = {step.stage_key: step.expectation for step in run(made).facts[PLANNED_STEPS]}
    joint = steps["open_joint"]
    assert joint is not None and joint.officers == ("origin", "destination")


def test_where_nothing_is_selected_what_was_counted_stands() -> None:
    """No chance, no luck: examined is what came late."""
    none = dict.fromkeys(("export_rate", "import_rate", "random_share"), "0%")
    late = {"policy.pre_clearance.late_rule": "inspect_on_arrival", "policy.pre_clearance.decision": "before_departure"}
    made = {
        **{f"policy.risk_screening.{key}": rate for key, rate in none.items()},
        **late,
        "world.pre_clearance.late_share": "50%",
    }
    observation = run(scenario({**made, "world.demand.flights_per_day": "60/d"}))
    assert BY_KEY["consignments_examined"](observation) > 0
    for counted, expected in (
        ("consignments_examined", "expected_consignments_examined"),
        ("examination_hours", "expected_examination_hours"),
    ):
        assert BY_KEY[counted](observation) == pytest.approx(BY_KEY[expected](observation)), counted


def test_of_a_schedule_that_states_what_is_drawn_the_count_stands() -> None:
    observation = run(with_schedule(EXAMPLE.read_text(encoding="utf-8")))
    assert BY_KEY["examinations"](observation)[""] > 0
    assert BY_KEY["expected_examination_hours"](observation) == BY_KEY["examination_hours"](observation)
    assert BY_KEY["expected_consignments_examined"](observation) == BY_KEY["consignments_examined"](observation)
    expected = BY_KEY["expected_examinations"](observation)
    assert {part: expected[part] for part in BY_KEY["examinations"](observation)} == BY_KEY["examinations"](observation)
    assert expected["open"] == expected[""]


def test_the_parts_add_up(alike: Observation) -> None:
    expected = BY_KEY["expected_examinations"](alike)
    assert expected["xray"] + expected["open"] == pytest.approx(expected[""])
    assert sum(expected[side] for side in ("hong_kong", "mainland", "shared")) == pytest.approx(expected[""])
    hours = BY_KEY["expected_examination_hours"](alike)
    assert sum(value for part, value in hours.items() if part) == pytest.approx(hours[""])
