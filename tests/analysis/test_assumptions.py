"""The ledger of assumptions: each end is what a study with that value finds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.assumptions import LISTING, MOVES, STILL, Trial, assumptions
from sim.analysis.ranges import ranges
from sim.metrics.measure_ref import read_measure
from sim.report.assumptions import finding, read_ledger
from sim.scenario.parameters import catalogue
from tests.analysis.conftest import BASE, EARLY, FEW
from tests.analysis.test_ranges import DEFAULT
from tests.conftest import write_scenarios

ENTRY, PAPER = "world.data_interface.entry_time", "world.data_interface.paper_time"
MEASURE = "on_time_share"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    home = tmp_path_factory.mktemp("ledger")
    files = write_scenarios(home, {"base": BASE, "early": EARLY})
    assumptions(files, measure=MEASURE, leave=FEW, out=home / "out", replications=2)
    return read_ledger(home / "out")


def test_every_parameter_stands_in_the_ledger_with_what_it_rests_on(ledger: pd.DataFrame) -> None:
    declared = {path: p for path, p in catalogue().items() if p.branch != "study"}
    assert set(ledger["path"]) == set(declared)
    for row in ledger.to_dict("records"):
        assert (row["source"], row["status"]) == (declared[row["path"]].source, declared[row["path"]].status.value)


@pytest.mark.takes(10)
def test_an_end_is_the_study_with_that_value(base: Path, early: Path, ledger: pd.DataFrame) -> None:
    row = ledger.set_index("path").loc[ENTRY]
    for column, value in (("at_low", "1 min"), ("at_own", "6 min"), ("at_high", "20 min")):
        study = sim.run([base, early], set=[f"{ENTRY}={{lognormal: {{mean: {value}, cv: 0.5}}}}"], replications=2)
        expected = study.comparison.set_index(["metric", "part"]).loc[(MEASURE, ""), "difference"]
        assert row[column] == pytest.approx(expected, abs=1e-12)
    levels = row[["at_low", "at_own", "at_high"]].to_numpy(dtype=float)
    assert abs(row["moves"]) == pytest.approx(np.ptp(levels))
    assert row["ci_low"] <= row["moves"] <= row["ci_high"]


@pytest.mark.parametrize(
    ("low", "own", "high", "moves"),
    [
        ([605.0] * 3, [606.0] * 3, [np.inf] * 3, np.inf),
        ([np.inf] * 3, [606.0] * 3, [600.0] * 3, -np.inf),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0], 3.0),
        ([1.0, np.nan, 3.0], [2.0, 9.0, 4.0], [2.0, 9.0, 4.0], 1.0),
        ([np.inf] * 3, [np.inf] * 3, [np.inf] * 3, np.nan),
    ],
)
def test_moves_worked_by_hand(low: list[float], own: list[float], high: list[float], moves: float) -> None:
    trial = Trial(ranges(DEFAULT)[0], np.array(low), np.array(own), np.array(high), True)
    assert trial.moves(0.95)[0] == moves or (np.isnan(moves) and np.isnan(trial.moves(0.95)[0]))


def test_the_interval_of_the_largest_of_three_holds_no_less_often_than_it_says() -> None:
    rng, n = np.random.default_rng(12), 2000
    any_range = ranges(DEFAULT)[0]
    wrong = 0
    for sample in rng.normal(size=(n, 3, 12)):
        _, lowest, highest = Trial(any_range, *sample, True).moves(0.95)
        wrong += lowest > 0 or highest < 0
    assert wrong / n <= 0.05 + 3 * (0.05 * 0.95 / n) ** 0.5, "seed 12"


def test_ranks_follow_the_size_of_the_move(ledger: pd.DataFrame) -> None:
    ranked = ledger[ledger["rank"] > 0].sort_values("rank")
    assert list(ranked["moves"].abs()) == sorted(ranked["moves"].abs(), reverse=True)
    assert (ranked["moves_any"] == MOVES).all()
    assert ranked.iloc[0]["path"] == ENTRY


def test_what_the_scenario_does_not_use_moves_nothing(ledger: pd.DataFrame) -> None:
    by_path = ledger.set_index("path")
    assert by_path.loc[PAPER, "moves_any"] == STILL  # the interface sends batches, and falls back on nothing
    assert by_path.loc["world.demand.notice", "moves_any"] == ""  # left
    assert by_path.loc["policy.pre_clearance.lead", "moves_any"] == ""  # chosen, not assumed


@pytest.mark.takes(10)
def test_the_finding_names_what_matters_most(base: Path, tmp_path: Path) -> None:
    found = assumptions([base], measure=MEASURE, leave=FEW, out=tmp_path / "one", replications=2)
    ledger = read_ledger(tmp_path / "one")
    assert "Data interface: Data entry (guess)" in finding(found, read_measure(MEASURE), ledger)
    assert "數據接口：資料輸入" in finding(found, read_measure(MEASURE), ledger, "zh-Hant")
    assert (tmp_path / "one" / LISTING).is_file()
