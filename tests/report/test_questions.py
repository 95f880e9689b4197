"""Questions and answers: every question has scenarios, every measure exists, and the answer is the tables' numbers."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES, Language, Text
from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.report.answers import Answer, answers
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


def asking(name: str, question: str, *measures: str) -> Any:
    return SimpleNamespace(name=name, title=Text.same(name), question=Text.same(question), answered_by=measures)


class MadeUp(SimpleNamespace):
    """Scenarios with what they are held against: `bases` by name, the first unless told."""

    @property
    def against(self) -> dict[str, str]:
        return {name: self.bases.get(name, self.baseline) for name in self.names[1:]}


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
        ("base", "other", "delay_by_priority", "general", "s", 20, 30.0 * scale, -5.0, 65.0, 0.1, 0.2, "undecided"),
    ]
    columns = ("baseline", "scenario", "metric", "part", "unit", "n", "difference", "ci_low", "ci_high", "p", "p_adjusted")
    scenarios = [asking("base", "Q1"), asking("other", question)]
    return MadeUp(
        features=FEATURES,
        names=list(names),
        bases={},
        baseline="base",
        scenarios=scenarios,
        manifest=SimpleNamespace(scenarios=scenarios),
        metrics=METRICS,
        summary=pd.DataFrame(summary, columns=COLUMNS),
        comparison=pd.DataFrame(comparison, columns=(*columns, "verdict")),
        together=pd.DataFrame(columns=(*columns, "verdict")),
    )


def only(made: Any) -> Answer:
    (found,) = answers(made)
    return found


def test_an_answer_has_the_levels_and_the_differences_that_are_clear() -> None:
    found = only(study())
    assert found.question == f"Q10. {question_of('Q10').text}"  # type: ignore[union-attr]
    assert [heading.split(": ")[-1] for heading in found.columns] == ["medical (min)", "general (min)"], "in the question's order"
    assert found.rows == {"base": ("10.0", "11.0"), "other": ("2.00 (−8.00+)", "11.5")}
    assert found.sentences == (
        f"{found.columns[0].removesuffix(' (min)')} in base: 10.0 min [9.9, 10.1].",
        "It differs only in other: 2.00 min, −8.00 min [−8.33, −7.67], better.",
        "No other measure of this question is shown to differ by as much as matters.",
    )


def test_where_numbers_would_mislead_no_difference_is_told() -> None:
    found = only(study("too_few_events"))
    assert found.rows["other"][0] == "2.00 (few)"
    assert found.sentences[1] == "There are too few events to compare."
    assert only(study("undecided")).sentences[1] == "No scenario is shown to differ in this by as much as matters."
    assert only(study("not_comparable")).rows["other"][0] == "2.00"


def test_the_baselines_question_counts_where_it_stands_alone() -> None:
    alone = study()
    alone.scenarios, alone.names = alone.scenarios[:1], ["base"]
    alone.scenarios[0].question = Text.same("Q10")
    found = only(alone)
    assert found.rows == {"base": ("10.0", "11.0")} and found.sentences[-1].endswith("10.0 min [9.9, 10.1].")


def test_a_question_in_ones_own_words_is_answered_by_the_measures_named() -> None:
    own = study(question="What if?")
    assert only(own).rows == {} and only(own).question == "What if?"
    own.scenarios[1].answered_by = ("delay_by_priority/general",)
    assert only(own).rows == {"base": ("11.0",), "other": ("11.5",)}


def test_what_nobody_measured_has_no_column() -> None:
    own = study()
    own.scenarios[1].answered_by = ("illicit_found", "delay_by_priority/medical")
    assert len(only(own).columns) == 1


def test_the_longest_wait_is_named_where_servers_can_be_counted() -> None:
    own = study(question="Q12")
    waits = [
        ("pads.sheung_shui", 60.0, 0.5),
        ("fleet.wenjindu_sheung_shui.sheung_shui", 600.0, 0.9),
        ("interface.mainland", 900.0, float("nan")),
    ]
    rows = [("other", key, pool, "s", 20, value, 1.0, value, value)
            for pool, wait, busy in waits for key, value in (("wait_mean", wait), ("utilisation", busy))]  # fmt: skip
    shares = [(name, "released_share", "", "share", 20, 0.8, 0.1, 0.7, 0.9) for name in own.names]
    own.summary = pd.concat([own.summary, pd.DataFrame(rows + shares, columns=COLUMNS)])
    found = only(own)
    assert found.columns[-1] == "longest wait at"
    assert "10.0 min" in found.rows["other"][-1] and found.rows["base"][-1] == "–"


def test_scenarios_of_one_question_share_a_table_and_others_have_their_own() -> None:
    made = study()
    made.scenarios.append(asking("third", "Q10", "delay_by_priority/medical"))
    made.names.append("third")
    assert [tuple(found.rows) for found in answers(made)] == [("base", "other"), ("base", "third")]


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


def test_the_second_sentence_names_the_extremes_on_either_side_of_the_baseline() -> None:
    made = study()
    extra = [("third", 300.0), ("fourth", 900.0)]
    for name, level in extra:
        made.names.append(name)
        made.scenarios.append(asking(name, "Q10"))
        row = (name, "delay_by_priority", "medical", "s", 20, level, 1.0, level - 6, level + 6)
        made.summary.loc[len(made.summary)] = row
        made.comparison.loc[len(made.comparison)] = (
            "base", name, "delay_by_priority", "medical", "s", 20, level - 600, level - 620, level - 580, 0.0, 0.0, "larger",
        )  # fmt: skip
    sentence = only(made).sentences[1]
    assert "Lowest in other: 2.00 min" in sentence and "highest in fourth: 15.0 min, +5.00 min" in sentence
    made.comparison = made.comparison[made.comparison["scenario"] != "fourth"]
    assert "highest" not in only(made).sentences[1], "third lies below the baseline"


def test_an_interval_that_may_fall_short_is_marked_in_the_sentences_too() -> None:
    made = study()
    made.summary["note"], made.comparison["note"] = "skew", "short"
    sentences = only(made).sentences
    assert "10.0 min [9.9, 10.1]^." in sentences[0] and "[−8.33, −7.67]^, better" in sentences[1]


def of_steps(verdict_of_all: str = "better") -> Any:
    """A package: base > other > third, each a step on top of the one before; third takes 60 s off other, 540 s off the base."""
    made = study()
    made.names.append("third")
    made.bases["third"] = "other"
    made.scenarios[1].question = Text.same("Q1")
    made.scenarios.append(asking("third", "Q10"))
    for part, level in (("medical", 60.0), ("general", 690.0)):
        made.summary.loc[len(made.summary)] = ("third", "delay_by_priority", part, "s", 20, level, 1.0, level - 6, level + 6)
    step, whole = (-60.0, -66.0, -54.0), (-540.0, -560.0, -520.0)
    row = ("delay_by_priority", "medical", "s", 20)
    made.comparison.loc[len(made.comparison)] = ("other", "third", *row, *step, 0.0, 0.0, "better_perhaps_small")
    made.together.loc[0] = ("base", "third", *row, *whole, 0.0, 0.0, verdict_of_all)
    return made


def test_a_step_on_top_of_another_is_told_against_that_and_all_steps_together_against_the_baseline() -> None:
    found = [found for found in answers(of_steps()) if found.question.startswith("Q10")]
    (answer,) = found
    assert answer.rows == {
        "base": ("10.0", "11.0"),
        "other": ("2.00 (−8.00+)", "11.5"),
        "third": ("1.00 (−1.00+?)", "11.5"),
        "third, all steps together": ("1.00 (−9.00+)", "11.5"),
    }
    assert answer.bases == {"base": "", "other": "base", "third": "other", "third, all steps together": "base"}
    level, difference, together, besides = answer.sentences
    assert level.endswith(" in base: 10.0 min [9.9, 10.1]; in other: 2.00 min [1.90, 2.10].")
    assert difference == "Differences: third against other: 1.00 min, −1.00 min [−1.10, −0.90], better, perhaps slightly."
    assert together == ("All steps together (base > other > third), third against base: −9.00 min [−9.33, −8.67], better.")
    assert (
        besides == "No other measure of this question is shown to differ, from the scenario held against, by as much as matters."
    )
    assert "differs only" not in " ".join(answer.sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_difference_of_a_package_names_what_it_is_from(language: Language) -> None:
    """In each language a sentence with a difference of the last step names the scenario before it."""
    made = of_steps()
    made.comparison.loc[len(made.comparison)] = (
        "other", "third", "delay_by_priority", "general", "s", 20, 120.0, 100.0, 140.0, 0.0, 0.0, "worse",
    )  # fmt: skip
    made.scenarios[2].answered_by = ("delay_by_priority/medical", "delay_by_priority/general")
    (answer,) = [found for found in answers(made, language) if len(found.rows) == 4]
    _, difference, together, besides = answer.sentences
    assert "other" in difference and "other" in besides and "base" in together
