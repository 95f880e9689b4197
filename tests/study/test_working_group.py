"""The ledger, the winners and losers and the time release study of whole studies, worked out again in another way."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.archive.study_folder import files_of
from sim.statistics.intervals import estimate_mean
from sim.study import winners
from sim.study.ledger import LEDGER_COLUMNS
from sim.study.trs import STATISTICS, TFA, TRS_COLUMNS
from sim.study.winners import GROUPS, OF_CONTRABAND, OF_FLIGHTS, OTHER_FLIGHTS, WINNERS_COLUMNS, winners_table
from tests.conftest import BASE, MakeStudy

SPREAD = """
extends: base.yaml
name: spread
policy: {corridor: {headway: 6 min}, inspection: {regime: recognise}, pre_clearance: {aeo_share: 60%}}
"""
OTHERS = "extends: base.yaml\nname: others\nworld: {demand: {flights_per_day: 30/d}}\n"
RISKY = "world: {demand: {flights_per_day: 60/d}, compliance: {prevalence: 5%}}\n"


def median(values: np.ndarray) -> float:
    """The smallest value that at least half of them do not exceed; NaN where there are none."""
    return float(np.sort(values)[(len(values) + 1) // 2 - 1]) if len(values) else np.nan


@pytest.fixture(scope="module")
def study(make_study: MakeStudy) -> sim.Study:
    """Much contraband, so that some of it changes hands; the third scenario has other flights."""
    base = BASE.replace("world:\n  demand: {flights_per_day: 24/d}\n", RISKY)
    assert base != BASE
    return sim.load(make_study({"base": base, "spread": SPREAD, "others": OTHERS}))


def by_group(flights: pd.DataFrame) -> Mapping[str, pd.Series]:
    """By what flights are told apart by: each flight's group."""
    tier = pd.Series(np.where(flights["aeo"], "aeo", "other"), index=flights.index)
    return {
        "all": pd.Series("", index=flights.index),
        "priority": flights["priority"],
        "tier": tier,
        "destination": flights["destination_side"],
    }


def told_by_hand(study: sim.Study) -> dict[tuple[str, str, str], list[float]]:
    """By (by, group, measure): the number of each replication, from the two tables of flights and of consignments, row by row."""
    told: dict[tuple[str, str, str], list[float]] = {}
    for replication in range(study.manifest.replications):
        before, after = (of(study.flights, name, replication) for name in ("base", "spread"))
        goods_before, goods_after = (of(study.consignments, name, replication) for name in ("base", "spread"))
        assert before["flight"].tolist() == after["flight"].tolist()
        was, now = goods_before["outcome"].astype(str), goods_after["outcome"].astype(str)
        illicit = goods_after["illicit"]
        for by, groups in by_group(after).items():
            for group in GROUPS[by]:
                here = (groups == group) & after["measured"]
                if not here.any():
                    continue
                first, second = before.loc[here, "released_s"], after.loc[here, "released_s"]
                gain = (first - second).to_numpy()
                carried = illicit & here.to_numpy()[goods_after["flight"]]
                numbers = {
                    "planned": len(gain),
                    "sooner": (gain > 60).sum(),
                    "same": (abs(gain) <= 60).sum(),
                    "later": (gain < -60).sum(),
                    "newly_released": (first.isna() & second.notna()).sum(),
                    "no_longer_released": (first.notna() & second.isna()).sum(),
                    "never_released": (first.isna() & second.isna()).sum(),
                    "median_gain": median(gain[gain > 60]),
                    "median_loss": median(-gain[gain < -60]),
                    "newly_found": (carried & (now == "seized") & (was != "seized")).sum(),
                    "no_longer_found": (carried & (now != "seized") & (was == "seized")).sum(),
                    "newly_missed": (carried & (now == "released") & (was != "released")).sum(),
                    "no_longer_missed": (carried & (now != "released") & (was == "released")).sum(),
                }
                for measure, number in numbers.items():
                    told.setdefault((by, group, measure), []).append(float(number))
    return told


def of(table: pd.DataFrame, scenario: str, replication: int) -> pd.DataFrame:
    return table[(table["scenario"] == scenario) & (table["replication"] == replication)].reset_index(drop=True)


def test_winners_are_those_counted_by_hand(study: sim.Study) -> None:
    table = study.winners
    assert tuple(table.columns) == WINNERS_COLUMNS
    spread = table[table["scenario"] == "spread"].set_index(["by", "group", "measure"])
    told = told_by_hand(study)
    assert set(spread.index) == set(told)
    for key, numbers in told.items():
        assert len(numbers) == 3, key
        expected, row = estimate_mean(numbers, 0.95), spread.loc[key]
        assert row["n"] == expected.n, key
        np.testing.assert_allclose([row["mean"], row["ci_low"], row["ci_high"]], [expected.mean, expected.low, expected.high])
    assert {key[1] for key in told if key[0] == "tier"} == {"aeo", "other"}


def test_the_example_tells_something(study: sim.Study) -> None:
    whole = study.winners.query("scenario == 'spread' and by == 'all'").set_index("measure")["mean"]
    assert (whole[["sooner", "same", "later", "median_gain", "median_loss"]] > 0).all()
    assert whole[["newly_found", "no_longer_found"]].sum() > 1


def test_every_planned_flight_is_counted_once(study: sim.Study) -> None:
    table = study.winners.query("scenario == 'spread'").pivot_table("mean", ["by", "group"], "measure", sort=False)
    assert np.allclose(table[list(OF_FLIGHTS[1:])].sum(axis=1), table["planned"])
    groups = table["planned"].groupby("by").sum()
    assert np.allclose(groups, groups["all"])


def test_gains_less_losses_are_the_difference_of_the_comparison(study: sim.Study) -> None:
    whole = study.winners.query("scenario == 'spread' and by == 'all'").set_index("measure")["mean"]
    differences = study.comparison.query("scenario == 'spread' and part == ''").set_index("metric")["difference"]
    assert whole["newly_found"] - whole["no_longer_found"] == pytest.approx(differences["illicit_found"])
    assert whole["newly_missed"] - whole["no_longer_missed"] == pytest.approx(differences["illicit_missed"])
    assert whole["newly_released"] - whole["no_longer_released"] == pytest.approx(differences["flights_released"])


def test_other_flights_are_said_to_be_others(study: sim.Study) -> None:
    others = study.winners.query("scenario == 'others'")
    assert set(others["by"]) == {"all"}
    assert set(others["note"]) == {OTHER_FLIGHTS}
    assert others["mean"].isna().all()
    assert set(others["n"]) == {0}


def test_few_finds_are_too_few(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "spread.yaml").write_text(SPREAD)
    table = sim.run([tmp_path / "base.yaml", tmp_path / "spread.yaml"], replications=2).winners
    assert set(table.loc[table["measure"].isin(OF_CONTRABAND), "note"]) == {"too_few_events"}
    assert set(table.loc[~table["measure"].isin(OF_CONTRABAND), "note"]) == {""}


def test_some_replications_at_a_time_give_the_same(study: sim.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    assert study.folder is not None
    asked: list[str] = []
    asking = winners.query_session

    @contextmanager
    def counting(*given: Any) -> Iterator[Any]:
        with asking(*given) as answer:
            yield lambda query: (asked.append(query), answer(query))[1]

    monkeypatch.setattr(winners, "AT_A_TIME", 1)
    monkeypatch.setattr(winners, "query_session", counting)
    table = winners_table(study.folder, study.against, 3, study.manifest.paired_by_flight, 0.95)
    assert len(asked) == 1 + 2 * 3, "how many there are, and two questions a replication"
    pd.testing.assert_frame_equal(table, study.winners, check_dtype=False)


def test_the_ledger_is_summary_and_comparison_by_account(study: sim.Study) -> None:
    ledger = study.ledger
    assert tuple(ledger.columns) == LEDGER_COLUMNS
    summary = study.summary.set_index(["scenario", "metric", "part"])
    compared = study.comparison.set_index(["scenario", "metric", "part"])
    for row in ledger.to_dict("records"):
        key = row["scenario"], row["metric"], row["account"]
        assert row["unit"] == summary.loc[key, "unit"]
        names = ["n", "mean", "ci_low", "ci_high"]
        np.testing.assert_array_equal([row[name] for name in names], summary.loc[key, names].astype(float))
        if row["scenario"] == "base":
            assert row["baseline"] == row["verdict"] == ""
            assert np.isnan(row["difference"])
        else:
            names = {"difference": "difference", "difference_low": "ci_low", "difference_high": "ci_high", "verdict": "verdict"}
            for own, name in names.items():
                assert row[own] == compared.loc[key, name] or np.isnan(row[own])
    assert list(dict.fromkeys(ledger["scenario"])) == ["base", "spread", "others"]
    assert {"hong_kong", "mainland", "air", "operator", "schedule"} <= set(ledger["account"])
    assert "macao" not in set(ledger["account"])


def test_the_minutes_of_the_ledger_add_up(study: sim.Study) -> None:
    minutes = study.ledger.query("metric == 'ledger'").groupby("scenario")["mean"].sum()
    order = study.summary.query("metric == 'order_to_release_mean'").set_index("scenario")["mean"]
    np.testing.assert_allclose(minutes.sort_index() * 60, order.sort_index())


def test_time_release_study_is_the_summary_in_minutes(study: sim.Study) -> None:
    table = study.time_release
    assert tuple(table.columns) == TRS_COLUMNS
    assert (table["flights"] > 0).all()
    summary = study.summary.set_index(["scenario", "metric", "part"])
    names = {told: name for name, told in STATISTICS.items()}
    for row in table.to_dict("records"):
        group = row["tier"] if row["tier"] != "all" else row["channel"]
        line = f"{row['direction']}/{row['side']}/{group}/{row['step']}"
        key = row["scenario"], "time_release", f"{line}/{names[row['statistic']]}"
        expected = summary.loc[key, ["mean", "ci_low", "ci_high"]].to_numpy(float) / 60
        np.testing.assert_array_equal([row["minutes"], row["ci_low"], row["ci_high"]], expected)
        assert row["flights"] == summary.loc[(row["scenario"], "time_release_flights", line), "mean"]
    published = table[table["tfa"] != ""]
    assert set(published["tfa"]) == {TFA}
    assert {(row["step"], row["statistic"]) for row in published.to_dict("records")} == {("arrival_to_release", "mean")}


def test_average_release_times_are_those_by_destination(study: sim.Study) -> None:
    published = study.time_release.query("tfa != '' and channel == 'all' and tier == 'all' and scenario == 'base'")
    by_side = study.summary.query("scenario == 'base' and metric == 'arrival_to_release_by_destination'").set_index("part")[
        "mean"
    ]
    assert len(published) == 2
    for row in published.to_dict("records"):
        assert row["minutes"] == pytest.approx(by_side[f"{row['side']}/mean"] / 60)


def test_one_scenario_has_no_winners(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    study = sim.run(tmp_path / "base.yaml", replications=1)
    assert study.winners.empty
    assert set(study.ledger["verdict"]) == {""}
    assert len(study.time_release) > 50


@pytest.mark.parametrize("name", ["best", "ledger", "winners", "trs"])
def test_sql_asks_the_listings_too(study: sim.Study, name: str) -> None:
    assert study.folder is not None
    assert f"{name}.csv" in files_of(study.folder)
    tables = {"best": study.best, "ledger": study.ledger, "winners": study.winners, "trs": study.time_release}
    expected = tables[name]
    found = study.sql(f"select * from {name}")
    assert list(found.columns) == list(expected.columns)
    assert len(found) == len(expected)
