"""The finding and the screen: the answer is the tables' numbers, both sides are told, and it fits where it is read."""

import re
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from sim.ground.text import LANGUAGES, Language, Text
from sim.report.as_terminal import lines_of, terminal_text
from sim.report.finding import NO_QUESTION, Finding
from sim.report.printed import comparison_text, printed_blocks
from sim.report.screen import HEIGHT
from tests.charts.fake_study import fake_study, study_of


def judged(study: Any, name: str, metric: str, verdict: str, part: str = "", **columns: float) -> None:
    of = (study.comparison["scenario"] == name) & (study.comparison["metric"] == metric) & (study.comparison["part"] == part)
    assert of.any()
    study.comparison.loc[of, ["verdict", *columns]] = [verdict, *columns.values()]


def calm(study: Any) -> Any:
    """The study with nothing that differs."""
    study.comparison["verdict"] = "same"
    return study


def test_the_first_measure_of_the_question_that_clearly_differs_speaks_for_it() -> None:
    study: Any = calm(fake_study(2))
    name = study.names[1]
    judged(study, name, "on_time_share", "worse", difference=-0.03, ci_low=-0.04, ci_high=-0.02)
    study.scenarios[1].question, study.scenarios[1].answered_by = Text.same("Is it quicker?"), ("released_share", "on_time_share")
    finding = Finding(study, "en")
    assert list(finding.questions) == ["Is it quicker?"]
    head, price, verdict = finding.sentences()
    assert "flights planned are on time, 3" in head and "fewer than" in head
    assert price == "Nothing else that was asked about is shown to get worse by as much as matters."
    assert verdict == f"Worse in something and better in nothing (quicker steps aside): “{name}”."


def test_what_cannot_be_told_is_not_called_no_difference() -> None:
    study: Any = calm(fake_study(3))
    judged(study, study.names[2], "on_time_share", "undecided", differ=3.0)
    verdict = Finding(study, "en").verdict()
    assert f"No difference that matters: “{study.names[1]}”." in verdict
    assert f"No difference shown, but not all can be told: “{study.names[2]}”." in verdict


def test_a_study_without_a_question_has_an_answer() -> None:
    study: Any = calm(fake_study(3))
    for scenario in study.scenarios:
        scenario.question, scenario.answered_by = Text.same(""), ()
    name = study.names[2]
    judged(study, name, "officer_hours", "worse", difference=20.0, ci_low=15.0, ci_high=25.0)
    judged(study, name, "on_time_share", "better", difference=0.05, ci_low=0.04, ci_high=0.06)
    finding = Finding(study, "en")
    assert list(finding.questions) == [NO_QUESTION.en]
    head, price, verdict = finding.sentences()
    assert "on time, 5" in head and "more than" in head
    assert "customs officer-hours go into every 1,000 flights filed, 20 h more" in price
    assert verdict.startswith("No policy here gains without a price. Gains at a price: ") and study.names[1] in verdict


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_screen_fits_the_page(language: Language, width: int, count: int) -> None:
    study: Any = fake_study(count) if count > 1 else study_of(["alone"], n_replications=3)
    text = comparison_text(study, Path("out/study"), language, width, full=False)
    lines = text.splitlines()
    assert len(lines) <= HEIGHT and max(map(cell_len, lines)) <= width
    assert "sim report out" in text and "\x1b" not in text and "nan" not in text


def test_each_side_is_told_in_the_order_of_their_english_names() -> None:
    study: Any = calm(fake_study(2))
    name = study.names[1]
    for part in ("mainland", "hong_kong"):
        judged(study, name, "officer_hours", "worse", part, difference=20.0, ci_low=15.0, ci_high=25.0)
    assert list(Finding(study, "en").by_side()) == ["hong_kong", "mainland"]
    text = " ".join(comparison_text(study, full=False).split())
    assert "Hong Kong, Mainland: officer-hours per 1,000 flights ↑ 20 h." in text


def test_the_full_print_is_the_same_in_every_language_but_for_the_words() -> None:
    study: Any = fake_study(4)
    counts = {language: len(re.findall(r"\d+", comparison_text(study, language=language))) for language in LANGUAGES}
    assert max(counts.values()) - min(counts.values()) < 0.1 * max(counts.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_lost_in_a_narrow_terminal(language: Language) -> None:
    study: Any = fake_study(3)
    blocks = printed_blocks(study, language, None, 80, full=True)
    wide, narrow = (terminal_text(blocks, width) for width in (400, 80))
    assert max(cell_len(line.text) for line in lines_of(blocks, 80)) <= 80
    assert sorted(wide.replace(" ", "").replace("\n", "")) == sorted(narrow.replace(" ", "").replace("\n", ""))
