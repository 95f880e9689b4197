"""Summary and comparison of made-up replication values whose statistics are known."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.ground.text import Text
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Better, EventSize, Metric
from sim.study.comparison import COMPARISON_COLUMNS, SUMMARY_COLUMNS, Terms, comparison_table, summary_table
from sim.study.held_against import against_first
from sim.study.replication_values import values_by_measure

N = 8
NAMES = ("base", "fast", "same", "noisy")


def metric(key: str, better: Better) -> Metric:
    return Metric(
        key=key,
        label=Text(key, key, key),
        unit="s",
        better=better,
        topic="delay",
        formula="made up",
        compute=lambda observation: math.nan,
    )


METRICS = {m.key: m for m in (metric("delay", "lower"), metric("crossings", "higher"), metric("share", "neither"))}


def made_up(seed: int = 3) -> pd.DataFrame:
    """The delay of `fast` is about 10 below the baseline's, of `same` equal, of `noisy` the same but for noise."""
    rng = np.random.default_rng(seed)
    base = rng.normal(100, 20, N)
    columns = {"base": base, "fast": base - 10 + rng.normal(0, 1, N), "same": base, "noisy": base + rng.normal(0, 5, N)}
    rows = [
        (name, replication, key, part, value)
        for name, column in columns.items()
        for replication, value in enumerate(column.tolist())
        for key, part in (("delay", ""), ("crossings", "hong_kong"), ("share", ""))
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "metric", "part", "value"])


def compared(replications: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    return comparison_table(values_by_measure(replications, N, METRICS), against_first(NAMES), METRICS, Terms(confidence))


def row(table: pd.DataFrame, scenario: str, key: str) -> pd.Series:
    return table[(table["scenario"] == scenario) & (table["metric"] == key)].iloc[0]


def test_values_stand_in_the_order_of_replications() -> None:
    replications = made_up()
    shuffled = replications.sample(frac=1, random_state=1)
    for scenario in NAMES:
        expected = replications.query("scenario == @scenario and metric == 'delay'")["value"].to_numpy()
        assert np.array_equal(values_by_measure(shuffled, N, METRICS)["delay", ""][scenario], expected)


def test_summary_has_a_row_a_scenario_and_measure() -> None:
    replications = made_up()
    table = summary_table(values_by_measure(replications, N, METRICS), NAMES, METRICS, 0.9)
    assert tuple(table.columns) == SUMMARY_COLUMNS
    assert list(table["scenario"]) == [name for name in NAMES for _ in METRICS]
    values = replications.query("scenario == 'fast' and metric == 'delay'")["value"]
    found = row(table, "fast", "delay")
    assert (found["n"], found["mean"], found["unit"]) == (N, pytest.approx(values.mean()), "s")
    low, high = stats.t.interval(0.9, N - 1, values.mean(), stats.sem(values))
    assert found["ci_low"] <= low and found["ci_high"] >= high
    assert found["ci_high"] - found["ci_low"] < 1.2 * (high - low)


def test_comparison_says_what_is_known() -> None:
    table = compared(made_up())
    assert tuple(table.columns) == COMPARISON_COLUMNS
    assert set(table["baseline"]) == {"base"}
    assert list(table["scenario"]) == [name for name in NAMES[1:] for _ in METRICS]
    assert row(table, "fast", "delay")["verdict"] == "better"
    assert row(table, "fast", "crossings")["verdict"] == "worse"
    assert row(table, "fast", "share")["verdict"] == "smaller"
    assert set(table.query("scenario == 'same'")["verdict"]) == {"undecided"}
    assert set(table.query("scenario == 'same'")["differ"]) == {0}
    assert set(table.query("scenario == 'noisy'")["verdict"]) == {"undecided"}
    assert row(table, "fast", "delay")["variance_reduction"] > 100


def test_family_is_one_measure_over_the_scenarios() -> None:
    table = compared(made_up())
    found = row(table, "fast", "delay")
    assert found["p_adjusted"] == pytest.approx(3 * found["p"])
    alone = comparison_table(values_by_measure(made_up(), N, METRICS), against_first(NAMES[:2]), METRICS, Terms(0.95))
    assert row(alone, "fast", "delay")["p_adjusted"] == row(alone, "fast", "delay")["p"]
    assert row(alone, "fast", "delay")["ci_high"] < found["ci_high"]


def test_interval_contains_zero_exactly_where_no_difference_is_clear() -> None:
    for seed in range(40):
        table = compared(made_up(seed))
        differing = table[table["differ"] > 0]
        contains = (differing["ci_low"] <= 0) & (differing["ci_high"] >= 0)
        assert list(contains) == list(differing["p_adjusted"] > 0.05)
        assert list(contains) == list(differing["verdict"] == "undecided")


def test_measure_of_one_scenario_alone_is_not_compared() -> None:
    replications = made_up()
    without = replications[~((replications["scenario"] == "fast") & (replications["metric"] == "share"))]
    found = row(compared(without), "fast", "share")
    assert (found["n"], found["verdict"]) == (0, "not_comparable")
    assert math.isnan(found["difference"])
    summary = summary_table(values_by_measure(without, N, METRICS), NAMES, METRICS, 0.95)
    assert summary.query("scenario == 'fast' and metric == 'share'").empty


def test_replications_with_nothing_to_measure_are_counted_out() -> None:
    replications = made_up()
    gone = (replications["scenario"] == "fast") & (replications["metric"] == "delay") & (replications["replication"] > 0)
    replications.loc[gone, "value"] = math.nan
    found = row(compared(replications), "fast", "delay")
    assert (found["n"], found["verdict"]) == (1, "not_comparable")
    assert row(compared(replications), "noisy", "delay")["n"] == N
    assert math.isnan(found["p_adjusted"])


def test_a_quantile_that_never_came_in_one_replication_is_neither_averaged_nor_compared() -> None:
    values = {MeasureRef("delay"): {"base": np.full(N, 50.0), "fast": np.array([10.0] * (N - 1) + [math.inf])}}
    summary = summary_table(values, ["base", "fast"], METRICS, 0.95).set_index("scenario")
    assert summary.loc["fast", "mean"] == math.inf and math.isnan(summary.loc["fast", "ci_low"])
    table = comparison_table(values, against_first(["base", "fast"]), METRICS, Terms(0.95))
    assert table["verdict"].tolist() == ["not_comparable"] and math.isnan(table["difference"].iloc[0])


@pytest.mark.parametrize(("events", "verdict"), [(1.0, "too_few_events"), (9.0, "undecided")])
def test_few_rare_events_are_not_compared(events: float, verdict: str) -> None:
    rare = Metric(
        key="missed",
        label=Text("m", "m", "m"),
        unit="1",
        better="lower",
        topic="control",
        formula="made up",
        compute=lambda observation: math.nan,
        rare=True,
        event=EventSize(1.0),
    )
    counts = {"base": np.array([events] + [0.0] * (N - 1)), "fast": np.array([0.0, events] + [0.0] * (N - 2))}
    assert comparison_table({MeasureRef("missed"): counts}, against_first(["base", "fast"]), {"missed": rare}, Terms(0.95))[
        "verdict"
    ].tolist() == [verdict]


def test_the_interval_of_a_share_stays_within_0_and_1() -> None:
    share = Metric(
        key="part",
        label=Text("p", "p", "p"),
        unit="share",
        better="higher",
        topic="delay",
        formula="made up",
        compute=lambda observation: math.nan,
    )
    table = summary_table({MeasureRef("part"): {"base": np.array([1.0, 0.2])}}, ["base"], {"part": share}, 0.95)
    assert (table["ci_low"].iloc[0], table["ci_high"].iloc[0]) == (0, 1)
