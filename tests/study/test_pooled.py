"""The quantiles of a study, recomputed from its flights in pandas."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.metrics.measure_ref import MeasureRef
from sim.statistics.pooled_quantiles import PooledQuantile
from sim.study import pooled
from sim.study.pooled import Pooled, pooled_quantiles
from tests.conftest import MakeStudy

SHARES = {"p50": 0.5, "p90": 0.9, "p95": 0.95}


@pytest.fixture
def study(make_study: MakeStudy) -> sim.Study:
    return sim.load(make_study(keep_stages="all", set={"policy.pre_clearance.aeo_share": "50%"}))


def of_study(study: sim.Study, *keys: str) -> Pooled:
    assert study.folder is not None
    file = study.folder / "distributions.parquet"
    return pooled_quantiles(file, study.names, study.metrics, study.manifest.replications, keys)


def order_statistic(values: pd.Series, share: float) -> float:
    """The smallest value that at least the share does not exceed; NaN among those that never came, which are NaN and last."""
    in_order = np.sort(np.rint(values.to_numpy()))  # NaN comes last
    return float(in_order[max(math.ceil(share * len(in_order) - 1e-9), 1) - 1])


@pytest.mark.parametrize(("key", "column"), [("delay_quantile", "delay_s"), ("order_to_release_quantile", "order_to_release_s")])
def test_quantiles_are_those_of_all_flights(study: sim.Study, key: str, column: str) -> None:
    measured = study.flights[study.flights["measured"]]
    quantiles = of_study(study, key)
    assert [str(ref) for ref in quantiles] == [f"{key}/{name}" for name in SHARES]
    for name in study.names:
        values = measured.loc[measured["scenario"] == name, column]
        for quantile, share in SHARES.items():
            of_all = quantiles[MeasureRef(key, quantile)][name]
            np.testing.assert_equal(of_all.value, order_statistic(values, share))
            assert of_all.never == values.isna().mean()
            assert of_all.n == study.manifest.replications


def test_clocks_by_tier_are_those_of_all_released_flights(study: sim.Study) -> None:
    landed = study.stages[study.stages["stage"] == "land"].set_index(["scenario", "replication", "flight"])["end_s"]
    flights = study.flights[study.flights["measured"]].set_index(["scenario", "replication", "flight"])
    flights = flights.assign(clock=flights["released_s"] - landed.reindex(flights.index))
    flights = flights[flights["clock"].notna()].reset_index()
    quantiles = of_study(study, "arrival_to_release", "arrival_to_release_by_tier")
    for name in study.names:
        here = flights[flights["scenario"] == name]
        for tier, members in (("", here), ("aeo", here[here["aeo"]]), ("other", here[~here["aeo"]])):
            key, prefix = ("arrival_to_release_by_tier", f"{tier}/") if tier else ("arrival_to_release", "")
            for quantile in ("p50", "p95"):
                of_all = quantiles[MeasureRef(key, prefix + quantile)][name]
                assert of_all.value == order_statistic(members["clock"], SHARES[quantile])
                assert of_all.never == 0


def test_a_table_that_is_read_in_pieces_gives_the_same(study: sim.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = of_study(study)
    monkeypatch.setattr(pooled, "ROWS", 1000)
    pieces = of_study(study)
    assert list(whole) == list(pieces) and len(whole) > 200
    for ref, by_scenario in whole.items():
        assert list(pieces[ref]) == list(by_scenario)
        for name, quantile in by_scenario.items():
            assert_same(quantile, pieces[ref][name])


def assert_same(first: PooledQuantile, second: PooledQuantile) -> None:
    np.testing.assert_equal((first.n, first.value, first.never), (second.n, second.value, second.never))
    np.testing.assert_array_equal(first.draws, second.draws)
    np.testing.assert_array_equal(first.influences, second.influences)
    np.testing.assert_equal(first.interval(0.05), second.interval(0.05))


def test_measures_stand_in_the_order_of_their_declaration(study: sim.Study) -> None:
    keys = list(dict.fromkeys(ref.metric for ref in of_study(study)))
    assert keys == [key for key, metric in study.metrics.items() if metric.quantiles]


def test_a_part_that_one_scenario_lacks_is_that_of_the_others(tmp_path: Path) -> None:
    base = Path(__file__).parents[2] / "scenarios"
    short = {"study.days": 1, "study.warm_up": "0 h", "study.cool_down": "6 h"}
    study = sim.run(
        [base / "baseline.yaml", base / "co-located.yaml"], set=short, replications=2, out=tmp_path / "out", workers=1
    )
    lacking = [ref for ref, by_scenario in of_study(study, "wait_quantile").items() if len(by_scenario) < 2]
    assert lacking
