"""Questions and answers: every question has scenarios, every measure exists, and the answer is the tables' numbers."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.experiment.design import design_study
from sim.ground.errors import InputError
from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.report.answers import answer, asked
from sim.report.questions import QUESTIONS, question_of
from sim.scenario.load import load_scenario

SCENARIOS = {path.stem: load_scenario(path) for path in sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))}
METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
COLUMNS = ("scenario", "metric", "part", "unit", "n", "mean", "sd", "ci_low", "ci_high")


def test_there_are_fifteen_questions_in_three_languages() -> None:
    assert [question.key for question in QUESTIONS] == [f"Q{number}" for number in range(1, 16)]
    for question in QUESTIONS:
        assert all((question.text.en, question.text.zh_hant, question.text.zh_hans))
        assert question.text.en.endswith("?") and question.answered_by


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_the_answering_measures_are_declared_and_scenarios_ask(question: Any) -> None:
    assert {measure.partition("/")[0] for measure in question.answered_by} <= set(METRICS)
    asking = [name for name, scenario in SCENARIOS.items() if question_of(scenario.question) is question]
    assert asking, "no scenario asks it"


def test_every_shipped_scenario_asks_a_known_question_or_one_in_words() -> None:
    for name, scenario in SCENARIOS.items():
        calibration = name.startswith("calibration-")
        assert calibration or question_of(scenario.question) or scenario.question.endswith("?"), name
        assert not scenario.compare_with or scenario.compare_with in SCENARIOS, name


def study(verdict: str = "better", question: str = "Q10", scale: float = 1.0) -> Any:
    """Two scenarios, of which the second asks a question."""
    names = ("base", "other")
    summary = [
        (name, "delay_by_priority", part, "s", 20, level * scale, 1.0, level * scale - 6, level * scale + 6)
        for name, levels in zip(names, ((600.0, 660.0), (120.0, 690.0)), strict=True)
        for part, level in zip(("medical", "general"), levels, strict=True)
    ]
    comparison = [
        ("base", "other", "delay_by_priority", "medical", "s", 20, -480.0 * scale, -500.0, -460.0, 0.0, 0.0, verdict),
        ("base", "other", "delay_by_priority", "general", "s", 20, 30.0 * scale, -5.0, 65.0, 0.1, 0.2, "no clear difference"),
    ]
    columns = ("baseline", "scenario", "metric", "part", "unit", "n", "difference", "ci_low", "ci_high", "p", "p_adjusted")
    return SimpleNamespace(
        names=list(names),
        baseline="base",
        scenarios=[
            SimpleNamespace(name="base", question="Q1", answered_by=()),
            SimpleNamespace(name="other", question=question, answered_by=()),
        ],
        metrics=METRICS,
        summary=pd.DataFrame(summary, columns=COLUMNS),
        comparison=pd.DataFrame(comparison, columns=(*columns, "verdict")),
    )


def test_an_answer_is_the_levels_the_difference_and_the_verdict() -> None:
    told = answer(study(), "other")
    assert "medical 2.0 min against 10.0: −8.00 min [−8.33, −7.67], better" in told
    assert "general 11.5 min against 11.0: no clear difference" in told
    assert told.index("edical") < told.index("eneral"), "in the question's order"


def test_where_numbers_would_mislead_the_verdict_stands_alone() -> None:
    told = answer(study("too few events"), "other")
    assert "too few events" in told and "−8.00" not in told


def test_a_question_is_written_out_and_the_baselines_own_is_left_out() -> None:
    assert asked(study()) == [(f"Q10. {question_of('Q10').text}", ["other"])]  # type: ignore[union-attr]
    assert asked(study(question="What if?")) == [("What if?", ["other"])]
    alone = study()
    alone.scenarios, alone.names = alone.scenarios[:1], ["base"]
    assert asked(alone) == [(f"Q1. {question_of('Q1').text}", ["base"])]  # type: ignore[union-attr]


def test_a_scenario_may_name_the_measures_itself() -> None:
    own = study(question="What if?")
    own.scenarios[1].answered_by = ("delay_by_priority/general",)
    assert "general" in answer(own, "other") and "medical" not in answer(own, "other")


def test_a_measure_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("answered_by: [ofizer_hours, delay_mean]\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        design_study([file])
    (problem,) = error.value.problems
    assert (problem.path, problem.found) == ("answered_by", "ofizer_hours") and "officer_hours" in problem.allowed
    assert str(file) in problem.file


def test_a_scenario_without_a_known_question_has_no_answer() -> None:
    assert answer(study(question="What if?"), "other") == ""
