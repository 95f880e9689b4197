"""Every listing of a study recomputed from its parquet tables with pandas and SciPy: see `by_hand` and `measures_by_hand`."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.study.csv_files import ADDED
from tests.conftest import MakeStudy
from tests.shipped import whole
from tests.study import by_hand, measures_by_hand, quantiles_by_hand

AGAINST = {
    "pre-clearance-60": "baseline", "one-stop": "pre-clearance-60", "filing-three-days": "baseline", "weather-june": "baseline",
}  # fmt: skip
"""What each scenario is held against; one-stop stands on pre-clearance-60."""
TOGETHER = {"one-stop": "baseline"}
SCENARIOS = ["baseline", *AGAINST]
STRANGER = {"weather-june"}
HOUR = 3600.0
WINDOW = 12 * HOUR, 36 * HOUR, 60 * HOUR
SETTINGS = [
    "study.warm_up=12 h", "study.days=1", "study.cool_down=1 d", "world.demand.flights_per_day=30/d",
    "world.compliance.prevalence=1%",
]  # fmt: skip
STATED = {"on_time_share": 0.3}
"""A margin that the study names: 30 pp."""
REPLICATIONS, SEED = 11, 5
TEXTS = {name: whole(name) for name in SCENARIOS}
MEASURE = ["scenario", "metric", "part"]
QUANTILE = r"(?:^|/)p\d\d$"
"""Parts that are quantiles."""
TABLES = ("flights", "consignments", "stages")
ENDED = ("refused", "diverted", "cancelled", "lost")


@pytest.fixture(scope="module")
def folder(make_study: MakeStudy) -> Path:
    """Eleven replications of a busy day; one scenario stands in another world, one releases far fewer flights, one is a step on
    top of another.
    """
    return make_study(TEXTS, replications=REPLICATIONS, seed=SEED, keep_stages="all", set=SETTINGS, matters="on_time_share=30 pp")


@pytest.fixture(scope="module")
def declared(folder: Path) -> dict[str, Any]:
    """The declarations of the measures."""
    return dict(sim.load(folder).metrics)


def listing(folder: Path, name: str) -> pd.DataFrame:
    """The table as it stands in the folder, without the columns of words for readers of spreadsheets."""
    table = pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    table = table.drop(columns=[column for column in table.columns if column in ADDED])
    for column in table.select_dtypes(exclude="number"):
        table[column] = table[column].fillna("").astype(str)
    for column in {"part", "note", "verdict", "group", "tfa"} & set(table.columns):
        table[column] = table[column].fillna("").astype(str)
    return table


def parquet(folder: Path, name: str) -> pd.DataFrame:
    table = pd.read_parquet(folder / f"{name}.parquet")
    return table.astype(dict.fromkeys(table.select_dtypes("category"), str))


@pytest.fixture(scope="module")
def values(folder: Path, declared: dict[str, Any]) -> by_hand.Values:
    return by_hand.values_of(parquet(folder, "replications"), REPLICATIONS, declared)


def headlines(values: by_hand.Values, declared: dict[str, Any]) -> set[by_hand.Ref]:
    return {ref for ref in values if declared[ref[0]].headline}


def assert_alike(table: pd.DataFrame, recomputed: pd.DataFrame, keys: list[str]) -> None:
    """`assert_rows_alike`, but for the rows of quantiles, which are recomputed by themselves."""
    if "part" in keys:
        table, recomputed = (one[~one["part"].str.contains(QUANTILE)] for one in (table, recomputed))
    assert_rows_alike(table, recomputed, keys)


def assert_rows_alike(table: pd.DataFrame, recomputed: pd.DataFrame, keys: list[str]) -> None:
    """The same rows and columns, and in each row the same text and the same numbers up to the last digits."""
    assert set(table.columns) == set(recomputed.columns)
    joined = table.merge(recomputed, on=keys, how="outer", suffixes=("", "_by_hand"), indicator=True)
    only_one = joined.loc[joined["_merge"] != "both", keys]
    assert only_one.empty, f"rows in one of the two only:\n{only_one}"
    for column in table.columns.difference(keys):
        both = joined[column], joined[f"{column}_by_hand"]
        if both[1].dtype.kind in "fi":
            alike = np.isclose(*(one.astype(float) for one in both), rtol=1e-6, atol=1e-9, equal_nan=True)
        else:
            alike = (both[0].fillna("").astype(str) == both[1]).to_numpy()
        different = joined.loc[~alike, [*keys, column, f"{column}_by_hand"]]
        assert different.empty, f"{column}, seed {SEED}:\n{different.head(20)}"


# ------------------------------------------------------------------------------------------- listings


def test_summary_of_the_headline_measures(folder: Path, values: by_hand.Values, declared: dict[str, Any]) -> None:
    recomputed = by_hand.summary(values, SCENARIOS, declared, 0.95, headlines(values, declared))
    table = listing(folder, "summary")
    assert_alike(table[table["metric"].map(lambda key: declared[key].headline)], recomputed, MEASURE)


def test_comparison_and_best_of_the_headline_measures(folder: Path, values: by_hand.Values, declared: dict[str, Any]) -> None:
    terms = declared, 0.95, STATED, STRANGER, headlines(values, declared)
    recomputed = {
        "comparison": by_hand.comparison(values, AGAINST, *terms),
        "together": by_hand.comparison(values, TOGETHER, *terms),
        "best": by_hand.best(values, AGAINST, *terms),
    }
    for name, by_pandas in recomputed.items():
        table = listing(folder, name)
        assert_alike(table[table["metric"].map(lambda key: declared[key].headline)], by_pandas, MEASURE)


@pytest.mark.slow
def test_summary(folder: Path, values: by_hand.Values, declared: dict[str, Any]) -> None:
    recomputed = by_hand.summary(values, SCENARIOS, declared, 0.95)
    assert {"", "seldom", "skew"} == set(recomputed["note"])
    assert_alike(listing(folder, "summary"), recomputed, MEASURE)


@pytest.mark.slow
def test_comparison(folder: Path, values: by_hand.Values, declared: dict[str, Any]) -> None:
    recomputed = by_hand.comparison(values, AGAINST, declared, 0.95, STATED, STRANGER)
    assert_alike(listing(folder, "comparison"), recomputed, MEASURE)
    together = by_hand.comparison(values, TOGETHER, declared, 0.95, STATED, STRANGER)
    assert_alike(listing(folder, "together"), together, MEASURE)
    seen = recomputed["verdict"].value_counts()
    assert {
        "better_perhaps_small", "worse", "too_small", "same", "undecided", "larger", "smaller", "fewer_flights", "other_world",
        "too_few_events", "not_comparable",
    } <= set(seen.index), seen  # fmt: skip
    of_on_time = recomputed[recomputed["metric"] == "on_time_share"]
    assert (of_on_time["matters"] == STATED["on_time_share"]).all()


@pytest.mark.slow
def test_best(folder: Path, values: by_hand.Values, declared: dict[str, Any]) -> None:
    recomputed = by_hand.best(values, AGAINST, declared, 0.95, STATED, STRANGER)
    assert_alike(listing(folder, "best"), recomputed, MEASURE)
    assert {"yes", "no", "fewer_flights", "other_world"} <= set(recomputed["may_be_best"])


def test_ledger(folder: Path) -> None:
    """The rows of the accounts, the level beside the difference; accounts with nothing in them are left out."""
    accounts = ("hong_kong", "mainland", "macao", "air", "operator", "shared", "schedule")
    booked = {
        "ledger", "officer_hours", "officer_hours_scheduled", "officer_people", "officer_pay_per_released", "dog_hours",
        "quarantine_hours", "immigration_hours", "aviation_hours", "machine_hours",
        "false_alarms", "illicit_found", "illicit_missed_by_side", "missed_per_million_by_side",
    }  # fmt: skip
    summary, comparison = (
        table[table["metric"].isin(booked) & table["part"].isin(accounts)]
        for table in (listing(folder, name) for name in ("summary", "comparison"))
    )
    used = summary.loc[summary["mean"].fillna(0) != 0, "part"].unique()
    renamed = {"ci_low": "difference_low", "ci_high": "difference_high"}
    differences = comparison[[*MEASURE, "baseline", "difference", "ci_low", "ci_high", "p_adjusted", "verdict"]].rename(
        columns=renamed
    )
    levels = summary.loc[summary["part"].isin(used), [*MEASURE, "unit", "n", "mean", "ci_low", "ci_high"]]
    recomputed = levels.merge(differences, on=MEASURE, how="left").rename(columns={"part": "account"})
    recomputed[["baseline", "verdict"]] = recomputed[["baseline", "verdict"]].fillna("")
    assert_alike(listing(folder, "ledger"), recomputed, ["scenario", "account", "metric"])


@pytest.mark.takes(5)
def test_winners(folder: Path) -> None:
    tables = {name: parquet(folder, name) for name in ("flights", "consignments")}
    recomputed = by_hand.winners(tables, AGAINST, REPLICATIONS, 0.95)
    assert recomputed.loc[recomputed["measure"] == "newly_missed", "mean"].any()
    assert_alike(listing(folder, "winners"), recomputed, ["scenario", "by", "group", "measure"])


def test_released_in_both(folder: Path) -> None:
    recomputed = by_hand.released_in_both(parquet(folder, "flights"), AGAINST, REPLICATIONS, 0.95, STRANGER)
    assert_alike(listing(folder, "released_in_both"), recomputed, ["scenario", "quantity"])


def test_limits(folder: Path) -> None:
    """What can be told from flights alone: time up to the planned departure and to the permitted one, and lost orders."""
    flights = parquet(folder, "flights")
    flights = flights[flights["measured"]]
    released = flights[flights["outcome"] == "released"]
    begin, end = released["ordered_s"], released["released_s"]
    planned, permitted = (released[name].clip(begin, end) for name in ("planned_departure_s", "departure_target_s"))
    minutes = released.assign(before=(planned - begin) / 60, rules=(permitted - planned) / 60)
    by_replication = minutes.groupby(["scenario", "replication"])[["before", "rules"]].mean().groupby("scenario").mean()
    is_lost = flights.assign(lost=100.0 * (flights["outcome"] == "lost"), ended=100.0 * flights["outcome"].isin(ENDED))
    of_hundred = is_lost.groupby(["scenario", "replication"])[["lost", "ended"]].mean().groupby("scenario").mean()
    table = listing(folder, "limits").set_index(["scenario", "limit"])
    assert of_hundred.loc["filing-three-days", "lost"] > 10
    for name in SCENARIOS:
        rows = table.loc[name]
        of_departure = rows[rows.index.isin(["filing_lead", "three_days_ahead", "standing_approval", "emergency_notice"])]
        assert rows.loc["before_departure", "minutes"] == pytest.approx(by_replication.loc[name, "before"])
        assert of_departure["minutes"].sum() == pytest.approx(by_replication.loc[name, "rules"])
        assert of_departure["lost"].sum() == pytest.approx(of_hundred.loc[name, "lost"])
        assert rows.loc["", "lost"] == pytest.approx(of_hundred.loc[name, "ended"])


def test_trs(folder: Path) -> None:
    """The lines of the measure `time_release` in minutes, where any flight went through the step."""
    summary = listing(folder, "summary")
    flights = summary[summary["metric"] == "time_release_flights"].set_index(["scenario", "part"])["mean"]
    words = {"mean": "mean", "p50": "median", "p95": "p95"}
    rows = []
    for row in summary[summary["metric"] == "time_release"].itertuples():
        line, statistic = row.part.rsplit("/", 1)
        direction, side, group, step = line.split("/")
        if flights[row.scenario, line]:
            is_tier = group in ("aeo", "other")
            published = "7.6 average release time" if step == "arrival_to_release" and statistic == "mean" else ""
            place = direction, side, *(("all", group) if is_tier else (group, "all")), step, words[statistic]
            minutes = row.mean / 60, row.ci_low / 60, row.ci_high / 60
            rows.append((row.scenario, *place, *minutes, row.n, flights[row.scenario, line], published))
    keys = ["scenario", "direction", "side", "channel", "tier", "step", "statistic"]
    recomputed = pd.DataFrame(rows, columns=[*keys, "minutes", "ci_low", "ci_high", "n", "flights", "tfa"])
    assert_alike(listing(folder, "trs").drop(columns=["term", "term_zh_hant", "term_zh_hans"]), recomputed, keys)


# ------------------------------------------------------------------------------------------- measures


def assert_measured(folder: Path, only: int | None = None) -> None:
    """Each number of the table of replications of which there is one by hand; `only`: of that replication alone."""
    tables = {name: parquet(folder, name) for name in TABLES}
    measured = parquet(folder, "replications")
    if only is not None:
        tables = {name: table[table["replication"] == only] for name, table in tables.items()}
        measured = measured[measured["replication"] == only]
    rows = [
        (scenario, number, *ref, float(value))
        for scenario, number, replication in measures_by_hand.replications(tables, WINDOW)
        for ref, value in measures_by_hand.all_measures(replication).items()
    ]
    keys = ["scenario", "replication", "metric", "part"]
    both = measured.merge(pd.DataFrame(rows, columns=[*keys, "by_hand"]), on=keys, how="outer")
    recomputed = set(both.loc[both["by_hand"].notna(), "metric"])
    assert len(recomputed) >= FEWEST_MEASURES, recomputed
    both = both[both["metric"].isin(recomputed)]
    is_there = both["by_hand"].notna()
    alike = np.isclose(both["value"], both["by_hand"], rtol=1e-9, atol=1e-7, equal_nan=True)
    different = both[is_there & ~alike]
    assert different.empty, f"seed {SEED}:\n{different.head(20)}"
    left_out = both[~is_there & (both["value"].fillna(0) != 0) & ~both["part"].str.contains(r"(?:^|/)p\d\d$")]
    assert set(left_out["metric"]) <= {"illicit_found"}, left_out.head(20)


FEWEST_MEASURES = 70


@pytest.mark.takes(10)
def test_measures_of_the_first_replication(folder: Path) -> None:
    assert_measured(folder, only=0)


@pytest.mark.slow
def test_measures(folder: Path) -> None:
    assert_measured(folder)


# ------------------------------------------------------------------------------------------- quantiles


def assert_quantiles(folder: Path, values: by_hand.Values, declared: dict[str, Any], keys: set[str]) -> None:
    """The rows of pooled quantiles of these measures in the listings that have them."""
    distributions = parquet(folder, "distributions")
    some = {key: declared[key] for key in keys}
    quantiles = quantiles_by_hand.quantiles_of(distributions, REPLICATIONS, some)
    fewer, fewer_together = (quantiles_by_hand.fewer_flights(values, bases, declared, STRANGER) for bases in (AGAINST, TOGETHER))
    fewer_than_first = by_hand.fewer_than_first(values, AGAINST, declared, STRANGER)
    recomputed = {
        "summary": quantiles_by_hand.summary_of(quantiles, declared, 0.95),
        "comparison": quantiles_by_hand.comparison_of(quantiles, AGAINST, declared, 0.95, STRANGER, fewer),
        "together": quantiles_by_hand.comparison_of(quantiles, TOGETHER, declared, 0.95, STRANGER, fewer_together),
        "best": quantiles_by_hand.best_of(quantiles, SCENARIOS, declared, 0.95, STRANGER, fewer_than_first),
    }
    for name, by_pandas in recomputed.items():
        table = listing(folder, name)
        table = table[table["metric"].isin(keys) & table["part"].str.contains(QUANTILE)]
        assert len(table) == len(by_pandas)
        assert_rows_alike(table, by_pandas, MEASURE)


def test_quantiles_of_delay_and_order_to_release(folder: Path, values: by_hand.Values, declared: dict[str, Any]) -> None:
    assert_quantiles(folder, values, declared, {"delay_quantile", "delay_quantile_released", "order_to_release_quantile"})
    flights = parquet(folder, "flights")
    came = flights[flights["measured"] & flights["released_s"].notna()]
    by_second = came.groupby(["scenario", "replication", came["delay_s"].round()]).size()
    counts = parquet(folder, "distributions").query("metric == 'delay' and value == value")
    assert by_second.to_dict() == counts.set_index(["scenario", "replication", "value"])["count"].to_dict()


@pytest.mark.slow
def test_all_quantiles(folder: Path, values: by_hand.Values, declared: dict[str, Any]) -> None:
    assert_quantiles(folder, values, declared, {key for key, metric in declared.items() if metric.quantiles})
