"""Control recomputed from the parquet tables: every measure of a boosted study by its weights; dogs' hours, finds and rest."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from tests.conftest import MakeStudy
from tests.shipped import whole
from tests.study import measures_by_hand
from tests.study.measures_by_hand import Numbers, Replication
from tests.study.test_boost import BOOSTED, assert_weights_are_those_of_units
from tests.study.test_recomputed import parquet

HOUR, DAY = 3600.0, 86400.0
SEED, STANDARD_ERRORS = 2, 3.0
DOGS = ["dogs-30-30", "dogs-earned-rest"]
TEXTS = {name: whole(name) for name in ("baseline", *DOGS)}
DOG_SETTINGS = [
    "study.warm_up=12 h", "study.days=2", "study.cool_down=1 d", "world.demand.flights_per_day=40/d",
    "world.compliance.prevalence=30%", "policy.detector_dogs.teams=1", 'policy.inspection.sequence=["dog", "open"]',
    "policy.opening.officers=20", "policy.detector_dogs.when_absent=wait",
    "policy.vertiports.pads=20", "policy.vertiports.fleet=60",
    "world.demand.goods_mix={parcel: 0.6, document: 0.05, food: 0.1, medical: 0.1, electronics: 0.15}",
]  # fmt: skip
DOG_WINDOW = 12 * HOUR, 60 * HOUR, 84 * HOUR
GOODS_FACTOR = {"parcel": 1.0, "document": 1.0, "medical": 0.95, "electronics": 0.72, "food": 0.66}
ONLY_EXPECTED = {"expected_carried", "illicit_passed_share", "expected_examinations", "expected_consignments_examined"}
"""Boostable measures that hang on probabilities which stand in no table."""


def assert_measured(folder: Path, window: tuple[float, float, float], means: str, scenarios: list[str]) -> set[str]:
    """That each number by hand is that of the table of replications; the measures that were held against each other."""
    tables = {name: parquet(folder, name) for name in ("flights", "consignments", "stages")}
    rows = []
    for scenario, number, replication in measures_by_hand.replications(tables, window):
        if scenario not in scenarios:
            continue
        by_hand: Numbers = measures_by_hand.of_control(replication) | measures_by_hand.of_examinations(replication, means)
        if means == "dog":
            by_hand |= measures_by_hand.of_work(replication)
        rows += [(scenario, number, *ref, float(value)) for ref, value in by_hand.items()]
    keys = ["scenario", "replication", "metric", "part"]
    both = pd.DataFrame(rows, columns=[*keys, "by_hand"]).merge(parquet(folder, "replications"), on=keys, how="left")
    not_boostable = ("selected_flight_share", "selected_declaration_share")
    both = both[~both["metric"].isin(not_boostable)]  # not shown in a boosted study
    alike = np.isclose(both["value"], both["by_hand"], rtol=1e-9, atol=1e-9, equal_nan=True)
    assert alike.all(), f"seed {SEED}:\n{both[~alike].head(20)}"
    return set(both["metric"])


def test_every_boostable_measure_is_a_sum_of_weights(make_study: MakeStudy) -> None:
    folder = make_study({"boosted": BOOSTED}, replications=6, keep_stages="all")
    recomputed = assert_measured(folder, (0.0, DAY, 2 * DAY), "xray", ["boosted"])
    boostable = {key for key, metric in sim.load(folder).metrics.items() if metric.boostable}
    assert boostable - recomputed <= ONLY_EXPECTED
    assert_weights_are_those_of_units(parquet(folder, "consignments"))


@pytest.fixture(scope="module")
def dogs(make_study: MakeStudy) -> Path:
    """One team at each port, with much to do and much to find, half of the time resting: by the roster, and after each search."""
    return make_study(TEXTS, replications=4, seed=SEED, keep_stages="all", set=DOG_SETTINGS)


def of_dogs(folder: Path) -> dict[str, list[Replication]]:
    tables = {name: parquet(folder, name) for name in ("flights", "consignments", "stages")}
    by_scenario: dict[str, list[Replication]] = {name: [] for name in DOGS}
    for scenario, _, replication in measures_by_hand.replications(tables, DOG_WINDOW):
        if scenario in by_scenario:
            by_scenario[scenario].append(replication)
    return by_scenario


@pytest.mark.takes(10)
def test_hours_searches_finds_and_alarms_of_dogs(dogs: Path) -> None:
    recomputed = assert_measured(dogs, DOG_WINDOW, "dog", DOGS)
    assert {"dog_time", "dog_hours", "examinations", "false_alarms", "illicit_found"} <= recomputed
    on_duty = parquet(dogs, "replications").set_index(["scenario", "metric", "part"]).sort_index()["value"]
    for name, hours_a_day in (("dogs-30-30", 4), ("dogs-earned-rest", 8)):  # of a shift of eight hours
        for side in ("hong_kong", "mainland"):
            assert on_duty[name, "dog_time_scheduled", side].to_numpy() == pytest.approx(2 * hours_a_day)


def searched_at_origin(replication: Replication) -> pd.DataFrame:
    goods, stages = replication.consignments, replication.stages
    flights = stages.loc[(stages["stage"] == "dog_origin") & stages["start_s"].notna(), "flight"]
    return goods[goods["flight"].isin(flights) & goods["red_consignment_origin"]]


def test_dogs_raise_alarms_as_often_as_they_are_said_to(dogs: Path) -> None:
    """Of consignments searched at the origin by a rested dog in moderate weather, by class of goods."""
    searched = pd.concat([searched_at_origin(replication) for replication in of_dogs(dogs)["dogs-30-30"]])
    for goods, factor in GOODS_FACTOR.items():
        alarms = searched.loc[searched["illicit"] & (searched["goods"] == goods), "alarm_origin"].astype(bool)
        chance = 0.877 * factor
        assert len(alarms) > 30, goods
        assert abs(alarms.mean() - chance) <= STANDARD_ERRORS * np.sqrt(chance * (1 - chance) / len(alarms)), (goods, SEED)
    alarms = searched.loc[~searched["illicit"], "alarm_origin"].astype(bool)
    assert abs(alarms.mean() - 0.05) <= STANDARD_ERRORS * np.sqrt(0.05 * 0.95 / len(alarms)), SEED


def test_a_team_rests_half_of_the_time(dogs: Path) -> None:
    """By the roster: searches begin in one half of each hour, within eight hours of each day. Earned: as long as the search."""
    for name, replications in of_dogs(dogs).items():
        for replication in replications:
            stages = replication.stages
            over = stages.groupby("flight")["end_s"].max()
            searches = stages[stages["pool"].str.startswith("dog_teams.") & stages["start_s"].notna()]
            for _, of_port in searches.sort_values("start_s").groupby("pool"):
                begun = of_port["start_s"].to_numpy()
                ended = of_port["end_s"].fillna(of_port["flight"].map(over)).to_numpy()  # a search is cut off with its flight
                spent = np.where(np.isnan(of_port["end_s"]), 0.0, ended - begun)
                rest = spent if name == "dogs-earned-rest" else np.zeros(len(spent))
                assert (begun[1:] >= (ended + rest)[:-1] - 1e-6).all(), "one team, one search at a time"
                assert circle_taken(begun, DAY) <= 8 * HOUR, "a shift"
                if name == "dogs-30-30":
                    assert circle_taken(begun, HOUR) <= HOUR / 2, "half an hour of duty, half an hour of rest"


def circle_taken(instants: np.ndarray, around: float) -> float:
    """The length of the shortest arc, on a clock that goes round in that time, that holds all of the instants."""
    places = np.sort(instants % around)
    return around - float(np.max(np.append(np.diff(places), places[0] + around - places[-1])))
