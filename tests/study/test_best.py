"""The table of comparisons with the best: what can't be compared, and the listing of a study."""

import math

import numpy as np

import sim
from sim.ground.text import Text
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Better, Metric
from sim.statistics.multiple_comparisons import compare_quantiles_with_best
from sim.study.best import BEST_COLUMNS, best_table
from sim.study.comparison import Terms

NAN, INF = math.nan, math.inf


def metric(key: str, better: Better, rare: bool = False) -> Metric:
    return Metric(
        key=key,
        label=Text(key, key, key),
        unit="s",
        better=better,
        topic="delay",
        formula="made up",
        compute=lambda observation: NAN,
        rare=rare,
    )


METRICS = {m.key: m for m in (metric("delay", "lower"), metric("crossings", "higher"), metric("mean", "neither"))}
METRICS["missed"] = metric("missed", "lower", rare=True)


def test_the_table_tells_each_scenario_and_why_one_is_not_compared() -> None:
    names = ["a", "b", "c", "d"]
    steps, apart = np.arange(4.0), np.array([5.0, 6.0, 5.0, 6.0])
    values = {
        MeasureRef("delay", "p90"): {"a": steps, "b": steps + apart, "c": np.array([0.0, 1.0, INF, 2.0]), "d": np.full(4, NAN)},
        MeasureRef("mean"): dict.fromkeys(names, steps),
        MeasureRef("crossings"): {"a": steps, "c": steps + apart},
        MeasureRef("missed"): {"a": np.eye(4)[0], "b": np.eye(4)[1], "c": steps + 9},
    }
    table = best_table(values, names, METRICS, Terms(0.95))
    assert tuple(table.columns) == BEST_COLUMNS
    told = {key: dict(zip(rows["scenario"], rows["may_be_best"], strict=True)) for key, rows in table.groupby("metric")}
    assert told == {
        "delay": {"a": "yes", "b": "no", "c": "not_comparable", "d": "not_comparable"},
        "crossings": {"a": "no", "c": "yes"},
        "missed": dict.fromkeys("abc", "too_few_events"),
    }
    rows = table.set_index(["metric", "scenario"])
    assert rows.loc[("delay", "a"), ["n", "difference"]].tolist() == [4, -5.5]
    assert rows.loc[("crossings", "c"), "difference"] == 5.5
    assert rows.loc[("delay", "c"), ["difference", "ci_low", "ci_high"]].isna().all()
    assert rows.loc[("delay", "d"), "n"] == 0
    assert best_table(values, ["a"], METRICS, Terms(0.95)).empty
    one = {MeasureRef("delay"): {name: np.array([1.0]) for name in names}}
    assert set(best_table(one, names, METRICS, Terms(0.95))["may_be_best"]) == {"not_comparable"}


def test_one_scenario_with_few_events_is_compared_with_those_that_have_enough() -> None:
    values = {MeasureRef("missed"): {"a": np.eye(4)[0], "b": np.arange(4.0) + 40, "c": np.arange(4.0) + 60}}
    assert best_table(values, ["a", "b", "c"], METRICS, Terms(0.95))["may_be_best"].tolist() == ["yes", "no", "no"]


def test_the_listing_of_a_study_is_that_of_its_replications(scenarios, tmp_path) -> None:
    (scenarios[0].parent / "sparse.yaml").write_text(
        "extends: base.yaml\nname: sparse\npolicy:\n  corridor: {headway: 12 min}\n", encoding="utf-8"
    )
    study = sim.run([*scenarios, scenarios[0].parent / "sparse.yaml"], out=tmp_path / "out" / "three")
    table = study.best
    measures = set(zip(study.summary["metric"], study.summary["part"], strict=True))
    directed = {(key, part) for key, part in measures if study.metrics[key].direction(part) != "neither"}
    assert set(zip(table["metric"], table["part"], strict=True)) == directed
    rows = table.query("metric == 'order_to_release_quantile' and part == 'p50'")
    assert rows["scenario"].tolist() == ["base", "dense", "sparse"]
    of_measure = study.quantiles[MeasureRef("order_to_release_quantile", "p50")]
    expected = compare_quantiles_with_best([of_measure[name] for name in study.names], "lower", 0.95)
    assert rows["ci_high"].tolist() == expected.high.tolist()
    assert rows["may_be_best"].tolist() == ["yes" if may else "no" for may in expected.may_be_best]
    assert study.sql("select count(*) as n from best where may_be_best = 'yes'")["n"].tolist() == [
        (table["may_be_best"] == "yes").sum()
    ]
