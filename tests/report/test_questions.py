"""Questions and answers: every question has scenarios, every measure exists, and the answer is the tables' numbers."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.ground.errors import InputError
from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.scenario.load import load_scenario
from sim.scenario.study_settings import QUESTION_KEYS
from sim.study.design import design_study
from sim.study.questions import LONGEST_WAIT, QUESTIONS, question_of
from tests.shipped import FILES, shipped

METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
COLUMNS = ("scenario", "metric", "part", "unit", "n", "mean", "sd", "ci_low", "ci_high")


def test_there_are_fifteen_questions_in_three_languages() -> None:
    assert tuple(question.key for question in QUESTIONS) == QUESTION_KEYS == tuple(f"Q{number}" for number in range(1, 16))
    for question in QUESTIONS:
        assert all((question.text.en, question.text.zh_hant, question.text.zh_hans))
        assert question.text.en.endswith("?") and question.answered_by


@pytest.mark.takes(20)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_the_answering_measures_are_declared_and_scenarios_ask(question: Any) -> None:
    assert {measure.partition("/")[0] for measure in question.answered_by} <= {*METRICS, LONGEST_WAIT}
    asking = [file.stem for file in FILES if question_of(shipped(file.stem).question) is question]
    assert asking, "no scenario asks it"


def test_every_shipped_scenario_asks_a_known_question_or_one_in_words() -> None:
    names = {file.stem for file in FILES}
    for name in names:
        scenario = shipped(name)
        calibration = name.startswith("calibration-")
        assert calibration or question_of(scenario.question) or str(scenario.question).endswith("?"), name
        assert not scenario.compare_with or scenario.compare_with in names, name


def test_a_measure_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("title: Mine\nanswered_by: [ofizer_hours, delay_mean]\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        design_study([file])
    (problem,) = error.value.problems
    assert (problem.path, problem.found.en) == ("answered_by", "ofizer_hours") and "officer_hours" in problem.allowed.en
    assert (problem.file, problem.line) == (str(file), 2)


def test_a_question_that_does_not_exist_is_refused_by_check_and_run(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("question: Q99\n", encoding="utf-8")
    with pytest.raises(InputError, match="no such question"):
        design_study([file])
    failed = CliRunner().invoke(main, ["check", str(file)])
    assert failed.exit_code == 2 and "Q1 to Q15" in failed.output
    assert f"{file}:1:" in failed.output
    with pytest.raises(InputError, match=r"^--set question=Q77: question: there is"):
        design_study([file], ["question=Q77"])
    scenario = load_scenario(file)
    with pytest.raises(InputError, match=r"^question: there is no such question"):
        design_study([scenario.assembly.rebuilt(scenario.resolved(), None)])
