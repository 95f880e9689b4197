"""A quantile that falls among the flights never released is told as not reached, with how many those are, nowhere as a number."""

import numpy as np
import pytest

import sim
from sim.ground.text import LANGUAGES, Language
from sim.metrics import of_those_that_came
from sim.report.comparing import difference_rows, level_rows
from sim.report.printed import comparison_text
from tests.conftest import EACH_FLIGHT_APPROVED, MakeStudy


@pytest.fixture
def study(make_study: MakeStudy) -> sim.Study:
    """More than a tenth of its flights are lost, so that the 90th percentile of delay is not reached."""
    return sim.load(make_study(keep_stages="all", set=EACH_FLIGHT_APPROVED))


def test_no_table_holds_an_infinite_number(study: sim.Study) -> None:
    for table in (study.summary, study.comparison, study.best, study.time_release, study.ledger):
        assert not np.isinf(table.select_dtypes("number").to_numpy(dtype=float)).any()


def test_the_summary_says_which_share_never_came(study: sim.Study) -> None:
    rows = study.summary.set_index(["scenario", "metric", "part"])
    for name in study.names:
        row = rows.loc[(name, "delay_quantile", "p95")]
        assert np.isnan(row["mean"]) and row["note"] == "not_reached"
        flights = study.flights[(study.flights["scenario"] == name) & study.flights["measured"]]
        assert row["never"] == pytest.approx(flights["delay_s"].isna().mean())
        released = rows.loc[(name, "delay_quantile_released", "p95")]
        assert released["mean"] > 0 and released["never"] == 0
    compared = study.comparison.set_index(["metric", "part"]).loc[("delay_quantile", "p95")]
    assert (compared["verdict"], compared["note"]) == ("not_comparable", "not_reached")


@pytest.mark.parametrize("language", LANGUAGES)
def test_beneath_it_stands_the_quantile_of_the_flights_released(study: sim.Study, language: Language) -> None:
    texts = {"en": "not reached", "zh-Hant": "未達到", "zh-Hans": "未达到"}
    for rows in (level_rows(study, "base", language), difference_rows(study, "dense", language)):
        places = [place for place, row in enumerate(rows) if row.cells and row.cells[0].startswith(texts[language])]
        assert places
        for place in places:
            assert rows[place + 1].depth == 3 and rows[place + 1].cells[0][0].isdigit()


def test_the_print_tells_how_many_are_never_released(study: sim.Study) -> None:
    text = comparison_text(study)
    share = study.summary.set_index(["scenario", "metric", "part"])["never"]["base", "delay_quantile", "p95"]
    assert f"not reached: {share:.1%} never released" in text
    assert "\N{INFINITY}" not in text and " inf" not in text


def test_the_quantile_of_those_that_came_is_a_measure_beside_it(study: sim.Study) -> None:
    assert of_those_that_came(study.metrics, "delay_quantile") == "delay_quantile_released"
    assert of_those_that_came(study.metrics, "delay_quantile_released") == ""
    assert of_those_that_came(study.metrics, "wait_quantile") == of_those_that_came(study.metrics, "delay_mean") == ""
