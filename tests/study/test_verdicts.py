"""What verdicts say: against the smallest difference that matters, for as many flights, in the same world."""

import math

import numpy as np
import pandas as pd
import pytest

from sim.ground.parameter import Status
from sim.ground.text import Text
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Better, EventSize, Margin, Metric, Ratio, Topic
from sim.statistics.ratios import linearised
from sim.study.best import best_table
from sim.study.comparison import Terms, comparison_table, releasing_fewer, summary_table
from sim.study.held_against import against_first
from sim.study.replication_values import event_size, with_ratios
from sim.study.verdict import VERDICT_LABELS, Verdict, half_width_to_decide, verdict_of

N = 20
RANDOM = np.random.default_rng(17)
NOISE = RANDOM.normal(0, 1, N)
BASE = RANDOM.normal(100, 5, N)


def metric(key: str, better: Better, topic: Topic = "delay", **more: object) -> Metric:
    label = Text(key, key, key)
    margin = None if better == "neither" else Margin("10 s", "made up", Status.GUESS, ("5 s", "20 s"))
    return Metric(
        key=key, label=label, unit="s", better=better, topic=topic, formula="", compute=lambda _: math.nan, matters=margin, **more
    )  # type: ignore[arg-type]


METRICS = {
    "delay": metric("delay", "lower"),
    "count": metric("count", "neither", event=EventSize(1.0)),
    "share_of_one": metric("share_of_one", "lower", event=EventSize(per="planned")),
    "planned": metric("planned", "neither"),
    "released_share": metric("released_share", "higher", topic="throughput"),
    "crossings": metric("crossings", "higher", topic="throughput"),
    "rate": metric("rate", "lower", ratio=Ratio("count", "planned", 1000.0)),
}


def compared(measure: str, shift: np.ndarray | float, **terms: object) -> pd.Series:
    values = {MeasureRef(measure): {"a": BASE, "b": BASE + shift}}
    return comparison_table(values, against_first(["a", "b"]), METRICS, Terms(0.95, **terms)).iloc[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "better", "verdict"),
    [
        (-30.0, -11.0, "lower", "better"),
        (-30.0, -11.0, "higher", "worse"),
        (11.0, 30.0, "lower", "worse"),
        (11.0, 30.0, "higher", "better"),
        (-30.0, -1.0, "lower", "better_perhaps_small"),
        (-30.0, -10.0, "lower", "better_perhaps_small"),
        (1.0, 30.0, "lower", "worse_perhaps_small"),
        (1.0, 9.0, "lower", "too_small"),
        (-9.0, -1.0, "lower", "too_small"),
        (-9.0, 9.0, "lower", "same"),
        (-9.0, 30.0, "lower", "undecided"),
        (0.0, 30.0, "lower", "undecided"),
        (math.nan, math.nan, "lower", "not_comparable"),
    ],
)
def test_the_verdict_on_an_interval(low: float, high: float, better: Better, verdict: str) -> None:
    assert verdict_of(low, high, better, 10.0) == verdict


def test_without_a_direction_it_is_larger_or_smaller_and_never_the_same() -> None:
    assert [verdict_of(low, high, "neither", math.nan) for low, high in ((1, 2), (-2, -1), (-1, 1))] == [
        Verdict.LARGER,
        Verdict.SMALLER,
        Verdict.UNDECIDED,
    ]


def test_every_verdict_has_a_label() -> None:
    assert set(VERDICT_LABELS) == set(Verdict)


def test_how_narrow_an_interval_must_be_to_decide_four_times_in_five() -> None:
    share = 1.959964 / (1.959964 + 0.841621)
    assert half_width_to_decide(3.0, 10.0, 0.05) == pytest.approx(7.0 * share)  # all within the margin
    assert half_width_to_decide(-8.0, 10.0, 0.05) == pytest.approx(8.0 * share)  # without 0
    assert half_width_to_decide(-8.0, math.nan, 0.05) == pytest.approx(8.0 * share)


def test_the_study_that_is_named_decides_four_times_in_five() -> None:
    row = compared("count", 4 + 30 * (NOISE - NOISE.mean()))
    assert row["verdict"] == "undecided" and row["replications_to_decide"] > N
    needed, random = int(row["replications_to_decide"]), np.random.default_rng(5)
    apart = random.normal(4, 30 * NOISE.std(ddof=1), (400, needed))
    values = {MeasureRef("count", str(study)): {"a": np.zeros(needed), "b": apart[study]} for study in range(400)}
    verdicts = comparison_table(values, against_first(["a", "b"]), METRICS, Terms(0.95))["verdict"]
    assert 0.72 < (verdicts != "undecided").mean() < 0.88, "seed 5"


def test_the_same_difference_means_more_or_less_by_its_margin() -> None:
    shift = -20 + NOISE
    assert compared("delay", shift)["verdict"] == "better"
    assert compared("delay", shift, margins={MeasureRef("delay"): 20.0})["verdict"] == "better_perhaps_small"
    assert compared("delay", shift, margins={MeasureRef("delay"): 30.0})["verdict"] == "too_small"
    assert compared("delay", NOISE - NOISE.mean())["verdict"] == "same"


def test_no_difference_seen_is_not_a_difference_of_nought() -> None:
    row = compared("count", 0.0)
    assert (row["differ"], row["verdict"], row["difference"]) == (0, "undecided", 0)
    assert row["ci_low"] == -row["ci_high"] and 0.13 < row["ci_high"] < 0.16
    row = compared("delay", 0.0)
    assert (row["differ"], row["verdict"]) == (0, "undecided") and math.isnan(row["ci_low"]) and math.isnan(row["ci_high"])


def test_few_that_differ_say_too_little_unless_the_size_of_an_event_is_known() -> None:
    few = np.where(np.arange(N) < 3, 1.0, 0.0)
    row = compared("delay", few)
    assert (row["differ"], row["verdict"]) == (3, "too_few_events") and math.isnan(row["ci_low"]) and math.isnan(row["p"])
    row = compared("count", few)
    assert row["differ"] == 3 and row["ci_low"] < 0 < row["ci_high"] and row["verdict"] == "undecided"


def test_a_skew_difference_is_marked() -> None:
    skew = np.where(np.arange(N) < 2, 300.0, NOISE)
    assert compared("delay", skew)["note"] == "skew" and compared("delay", NOISE)["note"] == ""
    assert compared("count", skew)["note"] == ""


def of_fewer(lost: float) -> pd.DataFrame:
    planned = np.full(N, 100.0)
    released = 90 + RANDOM.normal(0, 1, N)
    values = {
        MeasureRef("released_share"): {"a": released, "b": released - lost + 0.1 * NOISE},
        MeasureRef("delay"): {"a": BASE, "b": BASE - 30 + NOISE},
        MeasureRef("crossings"): {"a": BASE, "b": BASE + 30 + NOISE},
        MeasureRef("count"): {"a": planned, "b": planned - 50 + NOISE},
    }
    return comparison_table(values, against_first(["a", "b"]), METRICS, Terms(0.95)).set_index("metric")["verdict"]


def test_a_margin_of_a_measure_is_none_of_its_parts_without_a_direction() -> None:
    outcomes = metric("outcomes", "neither", better_of_part={"lost": "lower"})
    terms = Terms(0.95, margins={MeasureRef("outcomes"): 0.5, MeasureRef("delay", "p50"): 2.0})
    assert terms.margin(MeasureRef("outcomes", "lost"), outcomes) == 0.5
    assert math.isnan(terms.margin(MeasureRef("outcomes", "in_system"), outcomes))
    assert terms.margin(MeasureRef("delay", "p50"), METRICS["delay"]) == 2.0
    assert terms.margin(MeasureRef("delay", "p90"), METRICS["delay"]) == 10.0


def test_nothing_but_throughput_is_better_where_clearly_fewer_flights_are_released() -> None:
    assert of_fewer(40.0).to_dict() == {
        "released_share": "worse",
        "delay": "fewer_flights",
        "crossings": "better",
        "count": "smaller",
    }


def test_a_few_flights_fewer_than_matter_change_nothing() -> None:
    assert of_fewer(4.0)["delay"] == "better"


def test_a_scenario_of_another_world_gets_no_verdict_and_widens_no_family() -> None:
    values = {MeasureRef("delay"): {"a": BASE, "b": BASE - 30 + NOISE, "c": BASE - 60 + NOISE[::-1]}}
    table = comparison_table(values, against_first(list("abc")), METRICS, Terms(0.95, other_world=["c"])).set_index("scenario")
    alone = comparison_table(
        {MeasureRef("delay"): {name: values[MeasureRef("delay")][name] for name in "ab"}},
        against_first(["a", "b"]),
        METRICS,
        Terms(0.95),
    )
    assert table.loc["c", "verdict"] == "other_world" and math.isnan(table.loc["c", "p_adjusted"])
    assert table.loc["b", "ci_low"] == alone.iloc[0]["ci_low"] and table.loc["b", "verdict"] == "better"
    best = best_table(values, list("abc"), METRICS, Terms(0.95, other_world=["c"])).set_index("scenario")["may_be_best"]
    assert best.to_dict() == {"a": "no", "b": "yes", "c": "other_world"}


def test_one_that_releases_clearly_fewer_flights_is_best_at_nothing_but_throughput() -> None:
    values = {
        MeasureRef("released_share"): {"a": BASE, "b": BASE + NOISE, "c": BASE - 50 + NOISE},
        MeasureRef("delay"): {"a": BASE, "b": BASE - 30 + NOISE, "c": BASE - 60 + NOISE[::-1]},
        MeasureRef("crossings"): {"a": BASE, "b": BASE - 30 + NOISE, "c": BASE + 60 + NOISE[::-1]},
    }
    fewer = releasing_fewer(comparison_table(values, against_first(list("abc")), METRICS, Terms(0.95)))
    assert fewer == ["c"]
    best = best_table(values, list("abc"), METRICS, Terms(0.95), fewer=fewer).set_index(["metric", "scenario"])["may_be_best"]
    assert best["delay"].to_dict() == {"a": "no", "b": "yes", "c": "fewer_flights"}
    assert best["crossings"].to_dict() == {"a": "no", "b": "no", "c": "yes"}
    assert best["released_share", "c"] == "no"


def test_one_that_is_less_than_matters_from_the_best_is_near() -> None:
    values = {MeasureRef("delay"): {"a": BASE, "b": BASE + 5 + NOISE, "c": BASE + 50 + NOISE[::-1]}}
    best = best_table(values, list("abc"), METRICS, Terms(0.95)).set_index("scenario")["may_be_best"]
    assert best.to_dict() == {"a": "yes", "b": "near", "c": "no"}


def test_a_ratio_is_one_sum_over_another() -> None:
    count, planned = RANDOM.poisson(3, N) * 1.0, RANDOM.poisson(40, N) * 1.0
    values = {
        MeasureRef("count"): {"a": count},
        MeasureRef("planned"): {"a": planned},
        MeasureRef("rate"): {"a": 1000 * count / planned},
    }
    row = summary_table(with_ratios(values, METRICS), ["a"], METRICS, 0.95).set_index("metric").loc["rate"]
    assert row["mean"] == pytest.approx(1000 * count.sum() / planned.sum())
    influence = 1000 * (count - count.sum() / planned.sum() * planned) / planned.mean()
    assert row["sd"] == pytest.approx(influence.std(ddof=1))


def test_a_ratio_without_denominator_has_no_value_and_one_of_parts_takes_the_whole() -> None:
    assert np.isnan(linearised(np.ones(4), np.zeros(4))).all()
    values = {
        MeasureRef("count", "hk"): {"a": np.arange(4.0)},
        MeasureRef("planned"): {"a": np.full(4, 8.0)},
        MeasureRef("rate", "hk"): {"a": np.zeros(4)},
    }
    assert with_ratios(values, METRICS)[MeasureRef("rate", "hk")]["a"].mean() == pytest.approx(1000 * 6 / 32)


def test_the_size_of_an_event_is_that_of_the_scenarios_compared() -> None:
    values = {MeasureRef("planned"): {"a": np.full(4, 50.0), "b": np.full(4, 150.0), "c": np.full(4, 1e9)}}
    assert event_size(METRICS["share_of_one"].event, "", values, ["a", "b"]) == pytest.approx(1 / 100)
    assert event_size(METRICS["count"].event, "", values, ["a"]) == 1
    assert math.isnan(event_size(None, "", values, ["a"]))


def test_intervals_and_adjusted_p_values_never_clash() -> None:
    random = np.random.default_rng(29)
    for _ in range(150):
        base = random.normal(0, 1, N)
        values = {
            MeasureRef(key): {
                name: base if name == "a" else base + random.poisson(0.2, N) - random.choice([0.0, 0.1, 0.4]) for name in "abcd"
            }
            for key in ("count", "delay", "share_of_one")
        }
        values[MeasureRef("planned")] = {name: np.full(N, 100.0) for name in "abcd"}
        table = comparison_table(values, against_first(list("abcd")), METRICS, Terms(0.95)).dropna(subset=["ci_low"])
        holds_0 = (table["ci_low"] <= 0) & (table["ci_high"] >= 0)
        assert (holds_0 == (table["p_adjusted"] > 0.05)).all()
