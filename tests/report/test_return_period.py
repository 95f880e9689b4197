"""How seldom a consignment is missed, over the plausible range of the prevalence."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.ground.text import LANGUAGES, Text
from sim.report.return_period import period_in_words, return_period_of_difference, return_period_of_level
from tests.shipped import shipped

DAYS, RELEASED = 10, 980.0


def study(mean: float, difference: float, verdict: str = "worse", prevalence: float | None = None) -> Any:
    base = shipped("baseline")
    world = (
        base.world
        if prevalence is None
        else base.world.model_copy(update={"compliance": base.world.compliance.model_copy(update={"prevalence": prevalence})})
    )
    summary = [
        ("baseline", "expected_missed", "", mean),
        ("baseline", "expected_missed", "hong_kong", 99.0),
        ("baseline", "consignments_released", "", RELEASED),
        ("one-stop", "consignments_released", "", 0.4 * RELEASED),
    ]
    comparison = [
        ("one-stop", "missed_per_million", "", 1e6 * difference / RELEASED, verdict),
        ("one-stop", "expected_missed", "", -0.6 * mean, "smaller"),
    ]
    records = [SimpleNamespace(name=name, title=Text.same(name)) for name in ("baseline", "one-stop")]
    return SimpleNamespace(
        baseline="baseline",
        against={"one-stop": "baseline", "other": "baseline"},
        scenarios=[base.model_copy(update={"world": world})],
        manifest=SimpleNamespace(window=SimpleNamespace(days=DAYS), scenarios=records),
        summary=pd.DataFrame(summary, columns=["scenario", "metric", "part", "mean"]),
        comparison=pd.DataFrame(comparison, columns=["scenario", "metric", "part", "difference", "verdict"]),
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [(365.25 * 31, "31 years"), (365.25 * 3114, "3,100 years"), (365.25 * 2.5, "2.5 years"), (152, "5 months"), (59, "59 days"),
     (3, "3 days"), (1.5, "36 hours"), (0.1, "2.4 hours")],
)  # fmt: skip
def test_a_period_in_words(days: float, words: str) -> None:
    assert period_in_words(days) == words


def test_worked_by_hand() -> None:
    # 0.0509 in ten days: one in 196 days at 0.01%; ten times as often at 0.1%, a tenth at 0.001%
    sentence = return_period_of_level(study(0.0509, 0.000872), "baseline")
    assert "0.01% (guess)" in sentence and "one consignment in 6.5 months" in sentence
    assert "(0.001% to 0.1%), one in 20 days to 5.4 years" in sentence
    # the review's own figure: +0.000872 per ten days is one more in 31 years
    sentence = return_period_of_difference(study(0.0509, 0.000872), "one-stop")
    assert "one-stop, if as many consignments were released, would miss one more than baseline in 31 years" in sentence
    assert "one more in 3.1 years to 310 years" in sentence
    assert "would miss one fewer" in return_period_of_difference(study(0.0509, -0.000872, "better"), "one-stop")


def test_at_another_prevalence_the_range_stays_that_of_the_world() -> None:
    sentence = return_period_of_level(study(0.509, 0.0, prevalence=0.001), "baseline")
    assert "one consignment in 20 days" in sentence and "one in 20 days to 5.4 years" in sentence


@pytest.mark.parametrize("verdict", ["undecided", "same", "too_few_events", "not_comparable", "other_world"])
def test_of_no_difference_that_is_shown_nothing_is_told(verdict: str) -> None:
    assert return_period_of_difference(study(0.05, 0.001, verdict), "one-stop") == ""


def test_fewer_missed_of_fewer_flights_is_no_gain() -> None:
    """The scenario carries 40% of what the baseline does, and misses as many of a million."""
    assert return_period_of_difference(study(0.05, 0.0, "same"), "one-stop") == ""


def test_nothing_missed_or_a_scenario_without_the_measure_has_no_period() -> None:
    assert return_period_of_level(study(0.0, 0.0), "baseline") == ""
    assert return_period_of_level(study(0.05, 0.0), "other") == return_period_of_difference(study(0.05, 0.0), "other") == ""


def test_every_language_has_the_sentence() -> None:
    sentences = {return_period_of_level(study(0.0509, 0.001), "baseline", language) for language in LANGUAGES}
    assert len(sentences) == 3 and all("{" not in sentence for sentence in sentences)
