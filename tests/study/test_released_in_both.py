"""The difference over the flights released under both, worked out again from the table of flights."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.ground.text import LANGUAGES
from sim.metrics import all_metrics
from sim.metrics.per_flight import FLIGHT_QUANTITIES
from sim.policies import FEATURES
from sim.report.printed import comparison_text
from sim.report.same_flights import same_flight_sentence
from sim.statistics.multiple_comparisons import holm
from sim.statistics.paired import paired_difference
from sim.study import released_in_both
from sim.study.released_in_both import RELEASED_IN_BOTH_COLUMNS, released_in_both_table
from sim.study.shown_names import names_in
from tests.conftest import MakeStudy
from tests.shipped import FOLDER, whole

TEXTS = {
    **{name: whole(name) for name in ("baseline", "filing-three-days", "one-stop")},
    "same": "extends: baseline.yaml\nname: same\n",
    "others": "extends: baseline.yaml\nname: others\nworld: {demand: {flights_per_day: 12/d}}\n",
}
PAIRED = ("filing-three-days", "one-stop", "same")
HOURS_A_THOUSAND = dict.fromkeys(("officer_s", "aviation_s", "quarantine_s", "immigration_s", "machine_s", "dog_s"), 1000 / 3600)
FACTORS = {"order_to_release_s": 1.0, "delay_s": 1.0, "in_queues_s": 1.0, **HOURS_A_THOUSAND, "expected_missed": 1000.0}


@pytest.fixture(scope="module")
def study(make_study: MakeStudy) -> sim.Study:
    return sim.load(make_study(TEXTS, replications=3))


def pairs_of(study: sim.Study, name: str) -> pd.DataFrame:
    """The measured flights side by side: the columns of the baseline end in _1, those of the scenario in _2."""
    flights = study.flights[study.flights["measured"]]
    first, second = (flights[flights["scenario"] == scenario] for scenario in (study.baseline, name))
    pairs = first.merge(second, on=["replication", "flight"], suffixes=("_1", "_2"))
    assert len(pairs) == len(first) == len(second)
    return pairs


def shifts_by_hand(study: sim.Study, name: str) -> pd.DataFrame:
    """By replication, the mean shift of each quantity over the flights released under both."""
    pairs = pairs_of(study, name)
    both = pairs[pairs["released_s_1"].notna() & pairs["released_s_2"].notna()]
    shifts = pd.DataFrame({key: (both[f"{key}_2"] - both[f"{key}_1"]) * factor for key, factor in FACTORS.items()})
    return shifts.groupby(both["replication"]).mean()


def test_the_differences_are_those_of_the_flights_released_under_both(study: sim.Study) -> None:
    table = study.released_in_both
    assert tuple(table.columns) == RELEASED_IN_BOTH_COLUMNS
    assert list(zip(table["scenario"], table["quantity"], strict=True)) == [(name, key) for name in PAIRED for key in FACTORS]
    rows = table.set_index(["scenario", "quantity"])
    by_hand = {name: shifts_by_hand(study, name) for name in PAIRED}
    for key in FACTORS:
        shifts = [paired_difference(np.zeros(3), by_hand[name][key]) for name in PAIRED]
        adjusted = holm([shift.p_value for shift in shifts])
        for name, shift, p_adjusted, factor in zip(PAIRED, shifts, adjusted.p_values, adjusted.factors, strict=True):
            row = rows.loc[name, key]
            expected = [shift.mean, *shift.interval(0.05 / factor), shift.p_value, p_adjusted]
            given = row[["difference", "ci_low", "ci_high", "p", "p_adjusted"]].to_numpy(float)
            np.testing.assert_allclose(given, expected, rtol=1e-9, atol=1e-9, err_msg=f"{name} {key}")
            assert (row["n"], row["differ"]) == (3, np.count_nonzero(shift.values)), f"{name} {key}"


def test_flights_released_under_one_alone_are_counted(study: sim.Study) -> None:
    table = study.released_in_both
    for name in PAIRED:
        pairs = pairs_of(study, name)
        was, is_now = pairs["released_s_1"].notna(), pairs["released_s_2"].notna()
        flights = [(was & is_now).sum() / 3, (was & ~is_now).sum() / 3, (~was & is_now).sum() / 3]
        rows = table.loc[table["scenario"] == name, ["in_both", "only_baseline", "only_scenario"]]
        assert (rows.to_numpy() == flights).all(), name


def test_the_example_says_something(study: sim.Study) -> None:
    """Three days' notice loses most flights; of those that it does not lose, none comes earlier by the mean."""
    row = study.released_in_both.set_index(["scenario", "quantity"]).loc["filing-three-days", "delay_s"]
    assert row["only_baseline"] > row["in_both"] > 20
    assert row["difference"] > 3600


def test_the_same_policy_gives_exactly_nothing(study: sim.Study) -> None:
    rows = study.released_in_both.query("scenario == 'same'")
    assert (rows["difference"] == 0).all() and (rows["differ"] == 0).all() and (rows["p"] == 1).all()
    assert (rows[["only_baseline", "only_scenario"]] == 0).all(axis=None)
    assert "the mean delay is the same in all 3 replications" in same_flight_sentence(study, "same")


def test_other_flights_have_no_rows_and_the_print_says_so(study: sim.Study) -> None:
    assert "others" not in set(study.released_in_both["scenario"])
    titles = {scenario.name: scenario.title.en or scenario.name for scenario in study.scenarios}
    start = f"{titles['others']} has other flights than {titles['baseline']}: how much later or earlier"
    sentence = f"{start} the same flight is released can't be told."
    assert sentence in " ".join(comparison_text(study).split())
    for language in LANGUAGES:
        assert names_in(study, language)["others"] in same_flight_sentence(study, "others", language)


def test_the_print_says_how_much_later_the_same_flight_is(study: sim.Study) -> None:
    words = " ".join(comparison_text(study).split())
    assert words.count("The same flight: of the") == len(PAIRED)
    assert words.count(f"Released under {names_in(study, 'en')['baseline']} alone:") == len(PAIRED)


def test_some_replications_at_a_time_give_the_same_to_the_last_bit(study: sim.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    assert study.folder is not None
    queries: list[str] = []
    session = released_in_both.query_session

    @contextmanager
    def counting(*arguments: Any) -> Iterator[Any]:
        with session(*arguments) as answer:
            yield lambda query: (queries.append(query), answer(query))[1]

    monkeypatch.setattr(released_in_both, "AT_A_TIME", 1)
    monkeypatch.setattr(released_in_both, "query_session", counting)
    table = released_in_both_table(study.folder, study.against, 3, study.manifest.paired_by_flight, 0.95)
    assert len(queries) == 1 + 2 * 3, "how many there are, and two questions a replication"
    pd.testing.assert_frame_equal(table, study.released_in_both, check_dtype=False, rtol=0, atol=0)


def test_the_study_of_misses_says_nothing_of_flights(study: sim.Study) -> None:
    assert study.folder is not None
    assert released_in_both_table(study.folder, study.against, 3, study.manifest.paired_by_flight, 0.95, boosted=True).empty


def test_queries_ask_it_too(study: sim.Study) -> None:
    assert len(study.sql("select * from released_in_both where quantity = 'delay_s'")) == len(PAIRED)


def test_the_quantities_of_flights_add_up_to_the_measures(study: sim.Study) -> None:
    """The hours and the expected misses of the measured flights are those of the measures, replication by replication."""
    flights = study.flights[study.flights["measured"]].groupby(["scenario", "replication"], observed=True)
    of_measure = study.replications.set_index(["metric", "part", "scenario", "replication"])["value"].sort_index()
    for key in ("officer", "aviation", "machine"):
        hours = flights[f"{key}_s"].sum() / 3600
        np.testing.assert_allclose(hours, of_measure[f"{key}_time", ""].loc[hours.index], rtol=1e-9)
        assert (hours > 0).any(), key
    missed = flights["expected_missed"].sum()
    np.testing.assert_allclose(missed, of_measure["expected_missed", ""].loc[missed.index], rtol=1e-9)
    assert (flights["in_queues_s"].min() >= 0).all()


def test_a_measure_names_a_quantity_that_there_is() -> None:
    keys = {quantity.key for quantity in FLIGHT_QUANTITIES}
    named = {metric.key: metric.same_flights for metric in all_metrics(FEATURES) if metric.same_flights}
    assert set(named.values()) <= keys
    assert {
        "delay_quantile",
        "on_time_share",
        "order_to_release_quantile",
        "wait_mean",
        "officer_hours",
        "missed_per_million",
    } <= set(named)


@pytest.mark.parametrize("quantity", FLIGHT_QUANTITIES, ids=lambda quantity: quantity.key)
def test_a_quantity_is_named_in_three_languages(quantity: Any) -> None:
    assert len({quantity.label.in_language(language) for language in LANGUAGES}) >= 2
    assert quantity.label.en.isascii() and quantity.formula.endswith(".")
    page = (FOLDER.parent / "docs" / "reference" / "studies.md").read_text(encoding="utf-8")
    assert f"`{quantity.key}`" in page
