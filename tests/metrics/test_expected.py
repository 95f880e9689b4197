"""The expectation of what is missed, by hand."""

from itertools import product
from math import nan
from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from sim.metrics.control import METRICS
from sim.metrics.expected import expected_missed
from sim.metrics.outcomes import stopped_for_a_find
from sim.model.examination import DetectionModel, ExaminationStep
from sim.model.fact_catalogue import ILLICIT
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from tests.metrics.hand_made import NEVER, At, observe
from tests.policies.observed import observed

BY_KEY = {metric.key: metric.compute for metric in METRICS}
P, ODDS = 0.2, 0.5
CORRELATION = 0.5
YES, NO = np.array([True]), np.array([False])


def one_released(*steps: ExaminationStep, **facts: Any) -> Observation:
    """One flight with one consignment, released, that went through the stages of these steps."""
    stages = dict.fromkeys(step.stage_key for step in steps)
    told = {
        "illicit": NO,
        "prevalence": [P],
        "prevalence_drawn": [P],
        "screening_odds": [ODDS],
        "looks": steps,
        "exposure_correlation": CORRELATION,
        **facts,
    }
    return observe(
        *(At(stage, [(0, 0, 5)]) for stage in stages),
        At("release", [(9, 9, 9)]),
        outcome=[Outcome.RELEASED],
        ended_s=[9],
        consignments=[0],
        facts=told,
    )


def chance(observation: Observation) -> float:
    found = expected_missed(observation)
    assert found is not None
    return float(found[0])


def bayes(if_illicit: float, if_licit: float) -> float:
    return P * if_illicit / (P * if_illicit + (1 - P) * if_licit)


def planned_step(
    stage: str, image: str, sensitivity: float, false_alarm: float, alarmed: bool = False, found: bool = False
) -> ExaminationStep:
    return ExaminationStep(
        stage, "origin", "means", YES, np.array([alarmed]), np.array([found]), DetectionModel(sensitivity, false_alarm, image)
    )


def test_without_an_examination_the_channels_alone_tell() -> None:
    assert chance(one_released()) == pytest.approx(bayes(ODDS, 1))


def test_a_silent_look_and_one_that_alarmed() -> None:
    assert chance(one_released(planned_step("xray", "a", 0.75, 0.05))) == pytest.approx(bayes(ODDS * 0.25, 0.95))
    assert chance(one_released(planned_step("xray", "a", 0.75, 0.05, alarmed=True))) == pytest.approx(bayes(ODDS * 0.75, 0.05))


def test_two_steps_share_the_concealment() -> None:
    """An alarm, then nothing found on opening: P(first sees, second does not) of two normals correlated by half."""
    steps = planned_step("xray", "a", 0.75, 0.05, alarmed=True), planned_step("open", "b", 0.95, 0.0)
    neither = multivariate_normal.cdf([norm.isf(0.75), norm.isf(0.95)], cov=[[1, CORRELATION], [CORRELATION, 1]])
    assert chance(one_released(*steps)) == pytest.approx(bayes(ODDS * (0.05 - neither), 0.05), abs=1e-6)


def test_two_steps_with_one_image_tell_what_one_tells() -> None:
    once, again = planned_step("open_a", "a", 0.9, 0.0), planned_step("open_b", "a", 0.9, 0.0)
    assert chance(one_released(once, again)) == pytest.approx(chance(one_released(once)))


def test_an_alarm_that_no_licit_consignment_raises_is_certainty() -> None:
    assert chance(one_released(planned_step("scan", "a", 0.6, 0.0, alarmed=True))) == pytest.approx(1)


def of_a_unit(*steps: ExaminationStep, boost: float = 1.0, prevalence: tuple[float, ...] = (0.2, 0.4, 0.1)) -> Observation:
    """One flight with three consignments, selected as one and released."""
    drawn = [p * boost for p in prevalence]
    told = {
        "illicit": [False] * 3,
        "prevalence": prevalence,
        "prevalence_drawn": drawn,
        "screening_odds": [ODDS] * 3,
        "selection_unit": [0, 0, 0],
        "looks": steps,
        "exposure_correlation": CORRELATION,
    }
    return observe(
        *(At(step.stage_key, [(0, 0, 5)]) for step in steps),
        At("release", [(9, 9, 9)]),
        outcome=[Outcome.RELEASED],
        ended_s=[9],
        consignments=[0, 0, 0],
        facts=told,
    )


def by_cases(drawn: tuple[float, ...], prevalence: tuple[float, ...], seen: np.ndarray) -> np.ndarray:
    """The probability of each by adding up the eight cases; seen: shape (3, 2), how likely if licit and if illicit.

    Each case has the weight of the study without boost over that with it.
    """
    shown, each = 0.0, np.zeros(3)
    for case in product((0, 1), repeat=3):
        of = [np.prod([p if held else 1 - p for p, held in zip(ps, case, strict=True)]) for ps in (drawn, prevalence)]
        how = (ODDS if any(case) else 1.0) * np.prod([seen[i, held] for i, held in enumerate(case)])
        shown += of[0] * how
        each += of[1] * how * np.array(case)
    return each / shown


@pytest.mark.parametrize("boost", [1.0, 2.0])
def test_what_is_selected_with_others_shares_their_channel_and_what_was_seen_of_them(boost: float) -> None:
    prevalence = (0.2, 0.4, 0.1)
    drawn = tuple(p * boost for p in prevalence)
    nothing = np.ones((3, 2))
    assert expected_missed(of_a_unit(boost=boost)) == pytest.approx(by_cases(drawn, prevalence, nothing))
    examined, alarmed = np.array([True, True, False]), np.array([False, True, False])
    look = ExaminationStep("xray", "origin", "means", examined, alarmed, np.zeros(3, dtype=bool), DetectionModel(0.75, 0.05, "a"))
    seen = np.array([[0.95, 0.25], [0.05, 0.75], [1.0, 1.0]])
    assert expected_missed(of_a_unit(look, boost=boost)) == pytest.approx(by_cases(drawn, prevalence, seen))


def test_a_find_explains_the_channel_of_its_unit() -> None:
    """Opened without a false alarm: the first is contraband for sure, and the channel says nothing of the others any more."""
    opened = np.array([True, False, False])
    look = ExaminationStep("open", "origin", "open", opened, opened, opened, DetectionModel(0.9, 0.0, "b"))
    found = expected_missed(of_a_unit(look))
    assert found == pytest.approx([0.0, 0.4, 0.1])


def test_a_boosted_consignment_is_weighted_back() -> None:
    boosted = one_released(prevalence=[P / 100], prevalence_drawn=[P])
    assert chance(boosted) == pytest.approx(bayes(ODDS, 1) / 100)


def test_what_is_found_or_not_released_is_not_missed() -> None:
    assert chance(one_released(planned_step("open", "a", 0.9, 0.0, alarmed=True, found=True))) == 0
    held = observe(
        At("release", [NEVER]),
        outcome=[Outcome.IN_SYSTEM],
        ended_s=[nan],
        consignments=[0],
        facts={"illicit": NO, "prevalence": [P], "prevalence_drawn": [P], "exposure_correlation": CORRELATION},
    )
    assert chance(held) == 0


def test_where_nothing_is_ever_illicit_nothing_is_expected() -> None:
    assert chance(one_released(prevalence=[0.0], prevalence_drawn=[0.0])) == 0


def test_the_expected_count_at_both_sides_and_by_tier() -> None:
    observation, expected = one_released(), pytest.approx(bayes(ODDS, 1))
    assert BY_KEY["expected_missed"](observation) == expected
    by_side = BY_KEY["expected_missed_by_side"](observation)
    assert (by_side["mainland/export"], by_side["hong_kong/import"]) == (expected, expected)
    assert BY_KEY["expected_missed_by_tier"](observation) == {"aeo": 0, "other": expected}


def test_without_the_facts_there_is_nothing_to_expect() -> None:
    bare = observe(At("release", [(0, 0, 5)]), consignments=[0])
    assert np.isnan(BY_KEY["expected_missed"](bare))
    assert BY_KEY["expected_missed_by_side"](bare) == BY_KEY["expected_missed_by_tier"](bare) == {}


def test_what_is_carried_is_told_before_any_look() -> None:
    """By the channels alone, whatever the looks then show, and whether it is released or seized."""
    carried = bayes(ODDS, 1)
    for step in (planned_step("xray", "a", 0.75, 0.05), planned_step("xray", "a", 0.75, 0.05, alarmed=True, found=True)):
        assert BY_KEY["expected_carried"](one_released(step)) == pytest.approx(carried)
    passed = one_released(planned_step("xray", "a", 0.75, 0.05))
    assert BY_KEY["illicit_passed_share"](passed) == pytest.approx(bayes(ODDS * 0.25, 0.95) / carried)
    assert BY_KEY["illicit_passed_share"](one_released()) == 1.0
    assert BY_KEY["missed_per_million"](passed) == pytest.approx(1e6 * bayes(ODDS * 0.25, 0.95))


def test_what_is_stopped_for_a_find_was_carried_and_what_was_lost_was_not() -> None:
    facts = {"illicit": [True] * 3, "prevalence": [P] * 3, "prevalence_drawn": [P] * 3, "exposure_correlation": 0.0}
    observation = observe(
        At("open", [(0, 0, 5), (0, 0, 5), NEVER]),
        At("detain_origin", [(5, 5, 5), NEVER, NEVER], after="open"),
        At("release", [NEVER, (9, 9, 9), NEVER]),
        ordered_s=[0, 0, 0],
        outcome=[Outcome.REFUSED, Outcome.RELEASED, Outcome.LOST],
        ended_s=[5, 9, 0],
        consignments=[0, 1, 2],
        facts=facts,
    )
    assert BY_KEY["expected_carried"](observation) == pytest.approx(2 * P)


def test_the_mean_of_what_is_expected_to_be_carried_is_that_of_the_count() -> None:
    """Within three standard errors, in forty busy replications."""
    busy = {"study.days": 2, "study.warm_up": "6 h", "study.cool_down": "1 d", "world.demand.flights_per_day": "30/d"}
    apart = []
    for number in range(40):
        observation = observed({**busy, "world.compliance.prevalence": "5%"}, number)
        carried = (observation.outcome == Outcome.RELEASED) | stopped_for_a_find(observation)
        count = (observation.facts[ILLICIT] & (carried & observation.measured)[observation.consignments.flight]).sum()
        apart.append(count - BY_KEY["expected_carried"](observation))
    assert abs(np.mean(apart)) < 3 * np.std(apart) / np.sqrt(len(apart))
