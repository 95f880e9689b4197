"""The ledger of assumptions: each end is what a study with that value finds."""

from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.assumptions import LISTING, MOVES, PLACES, STILL, Trial, assumptions
from sim.analysis.ranges import ranges
from sim.ground.errors import InputError
from sim.metrics.measure_ref import read_measure
from sim.report.as_terminal import terminal_text
from sim.report.assumption_effects import assumption_effects
from sim.report.assumptions import finding, not_reached, pages, read_ledger
from sim.scenario.parameters import catalogue
from sim.statistics.pooled_quantiles import PooledQuantile, cluster_counts, pooled_quantile
from tests.analysis.conftest import BASE, EARLY, FEW
from tests.analysis.made_up import made_up
from tests.analysis.test_ranges import DEFAULT
from tests.conftest import write_scenarios
from tests.tiers import slow

CHECK, PAPER = "world.document_check.service_time", "world.data_interface.paper_time"
MEASURE = "delay_mean"


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
    row = ledger.set_index("path").loc[CHECK]
    for column, value in (("at_low", "2 min"), ("at_own", "10 min"), ("at_high", "30 min")):
        study = sim.run([base, early], set=[f"{CHECK}={{lognormal: {{mean: {value}, cv: 0.6}}}}"], replications=2)
        expected = study.comparison.set_index(["metric", "part"]).loc[(MEASURE, ""), "difference"]
        assert row[column] == pytest.approx(expected, rel=1e-12, abs=1e-12)
    levels = row[["at_low", "at_own", "at_high"]].to_numpy(dtype=float)
    assert abs(row["moves"]) == pytest.approx(np.ptp(levels))
    assert row["ci_low"] <= row["moves"] <= row["ci_high"]


@pytest.mark.parametrize(
    ("low", "own", "high", "moves"),
    [
        ([605.0] * 3, [606.0] * 3, [np.inf] * 3, np.nan),
        ([np.inf] * 3, [606.0] * 3, [600.0] * 3, np.nan),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0], 3.0),
        ([1.0, np.nan, 3.0], [2.0, 9.0, 4.0], [2.0, 9.0, 4.0], 1.0),
        ([np.inf] * 3, [np.inf] * 3, [np.inf] * 3, np.nan),
    ],
)
def test_moves_worked_by_hand(low: list[float], own: list[float], high: list[float], moves: float) -> None:
    trial = Trial(ranges(DEFAULT)[0], np.array(low), np.array(own), np.array(high), True)
    assert trial.moves(0.95)[0] == moves or (np.isnan(moves) and np.isnan(trial.moves(0.95)[0]))


def quantile(value: float) -> tuple[PooledQuantile, ...]:
    """The median of ten flights of each of two replications; infinite: all are never released."""
    values, counts = np.array([value, value + 5.0]), np.array([10, 10])
    pool, of_each = cluster_counts(np.arange(2), np.where(np.isinf(value), np.inf, values), counts, 2)
    return (pooled_quantile(pool, of_each, 0.5),)


@pytest.mark.parametrize("missing", ["", "high", "own high", "low own high"])
def test_a_quantile_that_is_not_reached_is_no_number(missing: str) -> None:
    levels = [np.inf if place in missing.split() else 100.0 * i for i, place in enumerate(PLACES, start=1)]
    trial = Trial(ranges(DEFAULT)[0], *map(quantile, levels), True)
    assert " ".join(trial.not_reached) == missing
    assert not np.isinf([*trial.levels, *trial.moves(0.95)]).any()
    assert list(np.isnan(trial.levels)) == list(np.isinf(levels))
    assert np.isnan(trial.moves(0.95)[0]) == bool(missing)


def of_places(own: float, *places: str) -> pd.DataFrame:
    """A ledger of parameters, each with the places where the answer is not reached; the first moves it from 60 to 180 s."""
    paths = list(catalogue())[: len(places)]
    rows = []
    for path, missing in zip(paths, places, strict=True):
        levels = {f"at_{place}": np.nan if place in missing.split() else 60.0 for place in PLACES}
        rows.append({"rank": 0, "path": path, "label": path, "own": "1", "low": "0", "high": "2", "status": "guess"} | levels)
        rows[-1] |= {"moves": np.nan if missing else 0.0, "ci_low": np.nan, "ci_high": np.nan, "moves_any": MOVES}
        rows[-1] |= {"not_reached": missing}
    if not places[0]:
        rows[0] |= {"rank": 1, "at_high": 180.0, "moves": 120.0, "ci_low": 100.0, "ci_high": 140.0}
    return pd.DataFrame(rows).assign(at_own=own)


def printed(ledger: pd.DataFrame) -> str:
    return terminal_text(pages(made_up([[60.0]]), read_measure("delay_quantile/p90"), ledger), 200)


def test_where_the_answer_is_not_reached_is_told_in_words_and_is_not_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.report.assumptions.answer_named", lambda *_: "delay")
    measured, run = read_measure("delay_quantile/p90"), made_up([[60.0]])
    ledger = of_places(60.0, "", "high", "low own high", "low own high")
    sentence = finding(run, measured, ledger)
    assert "1 of 4 assumptions tried move the answer clearly" in sentence
    assert "With 1 of those tried the answer is not reached at an end" in sentence
    assert "Of 2 of those tried nothing can be said" in sentence
    assert "其中 2 項無從說明" in finding(run, measured, ledger, "zh-Hant")
    text = printed(ledger)
    (line,) = [line for line in text.splitlines() if line.split()[-1:] == ["reached"]]
    assert line.split()[-6:] == ["60.0", "s", "60.0", "s", "not", "reached"]
    assert "\N{INFINITY}" not in text
    assert "inf" not in text
    as_is = of_places(np.nan, "own high", "low own")
    sentence = finding(run, measured, as_is)
    assert sentence.startswith("The answer has no value in the scenario as it is")
    assert "With 2 of those tried" in sentence
    labels = tuple(catalogue()[path].full_label.en for path in as_is["path"])
    assert [line.count("not reached") for line in printed(as_is).splitlines() if line.strip().startswith(labels)] == [2, 2]
    assert [not_reached(places) for places in ("", "high", "own high", "low own high")] == [
        "", "not reached at high", "not reached as is and at high", ""
    ]  # fmt: skip
    assert not_reached("low own", "zh-Hant") == "在下限及在原值未達到"


def test_the_report_tells_where_the_answer_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    run = made_up([[60.0]])
    run.manifest.asked = {"measure": "delay_quantile/p90"}  # type: ignore[misc]
    ledger = of_places(60.0, "", "high", "low own high")
    for name, value in (("assumption_study", run), ("read_ledger", ledger), ("answer_named", "delay")):
        monkeypatch.setattr(f"sim.report.assumption_effects.{name}", lambda *_, value=value: value)
    effects, _ = assumption_effects(Path(), cast(sim.Study, None), "en")
    assert [effects[path] for path in ledger["path"]] == ["+2.00 min [+1.67, +2.33]", "not reached at high", "can't be said"]


def test_a_listing_of_another_version_is_told(tmp_path: Path) -> None:
    (tmp_path / LISTING).write_text("rank,path,moves\n1,world.demand.notice,inf\n", encoding="utf-8")
    with pytest.raises(InputError, match="made by another version"):
        read_ledger(tmp_path)


@pytest.mark.parametrize("n", [400, slow(4000)])
def test_the_interval_of_the_largest_of_three_holds_no_less_often_than_it_says(n: int) -> None:
    rng = np.random.default_rng(12)
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
    assert ranked.iloc[0]["path"] == CHECK


def test_what_the_scenario_does_not_use_moves_nothing(ledger: pd.DataFrame) -> None:
    by_path = ledger.set_index("path")
    assert by_path.loc[PAPER, "moves_any"] == STILL  # the interface is a direct one, and falls back on nothing
    assert by_path.loc["world.demand.notice", "moves_any"] == ""  # left
    assert by_path.loc["policy.pre_clearance.lead", "moves_any"] == ""  # chosen, not assumed


@pytest.mark.takes(10)
def test_the_finding_names_what_matters_most(base: Path, tmp_path: Path) -> None:
    found = assumptions([base], measure=MEASURE, leave=FEW, out=tmp_path / "one", replications=2)
    ledger = read_ledger(tmp_path / "one")
    assert "Document check: Time of a document check (guess)" in finding(found, read_measure(MEASURE), ledger)
    assert "文件審核：文件審核用時" in finding(found, read_measure(MEASURE), ledger, "zh-Hant")
    assert (tmp_path / "one" / LISTING).is_file()
