"""The distributions of a study, recounted from its flights and stages."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from tests.conftest import MakeStudy

KEY = ["scenario", "replication"]
HORIZON_S = 42 * 3600.0  # of the two small scenarios


@pytest.fixture
def study(make_study: MakeStudy) -> sim.Study:
    return sim.load(make_study(keep_stages="all"))


def counts_of(times: pd.DataFrame) -> pd.DataFrame:
    """Rows (scenario, replication, part, value) counted, value to the second and NaN for never."""
    rounded = times.assign(value=np.rint(times["value"]) + 0.0)
    table = rounded.groupby([*KEY, "part", "value"], dropna=False, observed=True).size()
    return table.rename("count").reset_index().astype({"scenario": str, "part": str})


def kept(study: sim.Study, key: str) -> pd.DataFrame:
    rows = study.distributions[(study.distributions["metric"] == key) & (study.distributions["count"] > 0)]
    return rows.drop(columns="metric").astype({"scenario": str, "part": str, "value": float, "count": "int64"})


def assert_same(kept_rows: pd.DataFrame, recounted: pd.DataFrame) -> None:
    by = [*KEY, "part", "value"]
    first, second = (rows[[*by, "count"]].sort_values(by, ignore_index=True) for rows in (kept_rows, recounted))
    assert len(first) > 100
    pd.testing.assert_frame_equal(first, second, check_dtype=False)


@pytest.mark.parametrize(("key", "column"), [("delay", "delay_s"), ("order_to_release", "order_to_release_s")])
def test_delays_are_those_of_the_flights(study: sim.Study, key: str, column: str) -> None:
    flights = study.flights[study.flights["measured"]]
    assert_same(kept(study, key), counts_of(flights[[*KEY, column]].rename(columns={column: "value"}).assign(part="")))


def test_import_times_are_those_of_the_flights_and_stages(study: sim.Study) -> None:
    """The clock from landing to release, by tier and side of destination."""
    landed = study.stages[study.stages["stage"] == "land"].set_index([*KEY, "flight"])["end_s"]
    flights = study.flights[study.flights["measured"] & study.flights["released_s"].notna()].set_index([*KEY, "flight"])
    tier, side = np.where(flights["aeo"], "aeo", "other"), flights["destination_side"].astype(str)
    times = flights.assign(value=flights["released_s"] - landed.reindex(flights.index), part=tier + "/" + side).reset_index()
    of_study = kept(study, "arrival_to_release")
    of_study["part"] = of_study["part"].str.partition("/")[2]
    of_study = of_study.groupby([*KEY, "part", "value"], as_index=False)["count"].sum()
    assert_same(of_study, counts_of(times[[*KEY, "part", "value"]]))


def test_waits_served_in_the_horizon_are_those_of_the_stages(study: sim.Study) -> None:
    """A visit cut off by the end of its flight shows in no column of the stages, so only pools without one are recounted."""
    measured = study.flights.set_index([*KEY, "flight"])["measured"]
    visits = study.stages[(study.stages["pool"] != "") & (study.stages["queued_s"] <= HORIZON_S)].set_index([*KEY, "flight"])
    visits = visits[measured.reindex(visits.index)].reset_index()
    cut_off = set(visits.loc[visits["start_s"].isna(), "pool"])
    visits = visits[~visits["pool"].isin(cut_off)]
    times = visits.assign(value=visits["start_s"].clip(upper=HORIZON_S) - visits["queued_s"], part=visits["pool"])
    of_study = kept(study, "wait")
    assert_same(of_study[of_study["part"].isin(set(times["part"].astype(str)))], counts_of(times[[*KEY, "part", "value"]]))


def test_every_part_of_every_replication_says_how_many_never_came(study: sim.Study) -> None:
    rows = study.distributions
    never = rows[rows["value"].isna()].groupby([*KEY, "metric", "part"], observed=True).size()
    assert (never == 1).all()
    assert len(never) == len(rows.groupby([*KEY, "metric", "part"], observed=True).size())
    assert sorted(rows["metric"].unique()) == [
        "arrival_to_release",
        "delay",
        "file_to_release",
        "order_to_release",
        "time_release",
        "wait",
    ]


def test_the_table_is_the_same_whoever_does_the_replications(tmp_path: Path, scenarios: list[Path]) -> None:
    bytes_of = []
    for number, (workers, engine) in enumerate([(1, "compiled"), (2, "compiled"), (2, "reference")]):
        out = tmp_path / str(number)
        sim.run(scenarios, out=out, workers=workers, engine=engine)
        bytes_of.append((out / "distributions.parquet").read_bytes())
    assert bytes_of[0] == bytes_of[1] == bytes_of[2]
