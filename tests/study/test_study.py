"""Whole studies of the real model: their tables, their folder, and that nothing but the scenarios and the seed moves a number."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.archive import study_folder
from sim.execution.tables import STAGE_COLUMNS
from sim.ground.errors import InputError
from sim.study.comparison import COMPARISON_COLUMNS, SUMMARY_COLUMNS
from sim.study.design import default_folder, design_study
from tests.conftest import MakeStudy

OTHER_WINDOW = "extends: base.yaml\nname: longer\nstudy: {days: 2, warm_up: 6 h, cool_down: 12 h}\n"
OTHER_FLIGHTS = "extends: base.yaml\nname: busier\nstudy: {replications: 9}\nworld: {demand: {flights_per_day: 30/d}}\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study(make_study: MakeStudy) -> sim.Study:
    return sim.load(make_study())


def test_tables_have_the_promised_columns(study: sim.Study) -> None:
    assert list(study.replications.columns) == ["scenario", "replication", "metric", "part", "value"]
    assert tuple(study.summary.columns) == SUMMARY_COLUMNS
    assert tuple(study.comparison.columns) == COMPARISON_COLUMNS
    assert tuple(study.stages.columns) == STAGE_COLUMNS
    assert {"scenario", "replication", "flight", "measured", "route", "origin_side", "aircraft", "outcome", "delay_s"} <= set(
        study.flights.columns
    )
    assert {"scenario", "replication", "flight", "consignment", "goods", "outcome"} <= set(study.consignments.columns)


def test_study_knows_what_it_compared(study: sim.Study) -> None:
    assert study.names == ("base", "dense")
    assert [str(scenario.title) for scenario in study.scenarios] == ["Base", "Dense"]
    assert study.baseline == "base"
    assert study.differences["base"] == []
    assert len(study.differences["dense"]) == 1
    assert study.differences_in("zh-Hans", "policy")["dense"] != study.differences["dense"]
    assert study.differences_in("en", "world")["dense"] == []
    assert study.manifest.paired_by_flight == {"base": True, "dense": True}
    assert (study.manifest.seed, study.manifest.replications) == (7, 3)
    assert any("3 replications are few" in sentence for sentence in study.warnings)
    assert len(study.warnings_in("zh-Hant")) == len(study.warnings)


def test_flights_agree_with_the_measures(study: sim.Study) -> None:
    counted = study.flights[study.flights["measured"]].groupby(["scenario", "replication"])["outcome"]
    released = counted.apply(lambda outcome: (outcome == "released").mean())
    shares = study.replications.query("metric == 'released_share' and part == ''").set_index(["scenario", "replication"])["value"]
    pd.testing.assert_series_equal(released.sort_index(), shares.sort_index(), check_names=False)
    late = study.flights["released_s"] - study.flights["planned_release_s"]
    pd.testing.assert_series_equal(late, study.flights["delay_s"], check_names=False)


def test_same_flights_are_asked_for_in_both_scenarios(study: sim.Study) -> None:
    first, second = (study.flights[study.flights["scenario"] == name].reset_index(drop=True) for name in study.names)
    for column in ("replication", "flight", "route", "ordered_s", "planned_departure_s", "planned_release_s", "operator"):
        assert first[column].equals(second[column])
    assert not first["released_s"].equals(second["released_s"])


def test_stages_are_kept_of_the_first_replications_in_order(study: sim.Study) -> None:
    stages = study.stages
    assert set(stages["replication"]) == {0}
    assert set(stages["scenario"]) == {"base", "dense"}
    served = stages.dropna(subset=["queued_s", "start_s", "end_s"])
    assert len(served) > 100
    assert ((served["queued_s"] <= served["start_s"]) & (served["start_s"] <= served["end_s"])).all()
    assert stages.loc[stages["given_up"], "start_s"].isna().all()
    released = stages[(stages["stage"] == "release") & ~stages["given_up"]].set_index(["scenario", "flight"])["end_s"]
    flights = study.flights.query("replication == 0").set_index(["scenario", "flight"])["released_s"].dropna()
    assert np.array_equal(released.loc[flights.index], flights)


def test_common_random_numbers_make_differences_sharper(study: sim.Study) -> None:
    order = study.comparison.query("metric == 'order_to_release_mean' and part == ''").iloc[0]
    assert order["variance_reduction"] > 10


def test_longer_headway_makes_longer_waits_for_a_slot(study: sim.Study) -> None:
    slots = study.stages[study.stages["stage"] == "slot"]
    waits_s = (slots["start_s"] - slots["queued_s"]).groupby(slots["scenario"]).mean()
    assert waits_s["dense"] > waits_s["base"]


def test_load_gives_back_the_study(study: sim.Study) -> None:
    assert study.folder is not None
    loaded = sim.load(study.folder)
    assert loaded.scenarios == study.scenarios
    assert [scenario.hash for scenario in loaded.scenarios] == [scenario.hash for scenario in study.scenarios]
    assert loaded.warnings == study.warnings
    for table in ("replications", "flights", "consignments", "stages", "summary", "comparison"):
        pd.testing.assert_frame_equal(getattr(loaded, table), getattr(study, table))
    assert study_folder.changed_files(study.folder) == []


def test_summary_read_back_is_what_was_computed(study: sim.Study) -> None:
    values = study.replications.query("scenario == 'dense' and metric == 'released_share'")["value"]
    row = study.summary.query("scenario == 'dense' and metric == 'released_share'").iloc[0]
    assert (row["n"], row["part"], row["mean"]) == (3, "", np.mean(values.to_numpy()))


def test_table_shows_scenarios_side_by_side(study: sim.Study) -> None:
    table = study.table(["released_share"])
    assert list(table.columns) == ["base", "dense"]
    assert list(table.index) == [("released_share", "", "share")]
    headline = {key for key, metric in study.metrics.items() if metric.headline}
    assert set(study.table().index.get_level_values("metric")) <= headline


def test_parallel_study_is_byte_for_byte_the_serial_one(study: sim.Study, scenarios: list[Path], tmp_path: Path) -> None:
    parallel = sim.run(scenarios, workers=2, out=tmp_path / "parallel")
    assert study.folder is not None
    assert parallel.folder is not None
    names = study_folder.files_of(study.folder)
    assert names == study_folder.files_of(parallel.folder)
    assert {"replications.parquet", "flights.parquet", "summary.csv", "comparison.csv", "scenarios/base.yaml"} <= set(names)
    for name in names:
        assert (study.folder / name).read_bytes() == (parallel.folder / name).read_bytes(), name
    assert without_run(study.manifest) == without_run(parallel.manifest)
    assert study.manifest.run.workers != parallel.manifest.run.workers


def without_run(manifest: Any) -> str:
    """The manifest but for what may differ, as the file has it: the order of its keys counts."""
    return json.dumps({key: value for key, value in manifest.entries.items() if key != "run"})


def test_another_seed_gives_other_numbers(study: sim.Study, scenarios: list[Path]) -> None:
    other = sim.run(scenarios[:1], seed=8, replications=1)
    assert other.manifest.seed == 8
    first = study.flights.query("scenario == 'base' and replication == 0")["planned_departure_s"]
    assert not np.array_equal(other.flights["planned_departure_s"].to_numpy(), first.to_numpy())


def test_replication_does_not_depend_on_how_many_there_are(study: sim.Study, scenarios: list[Path]) -> None:
    alone = sim.run(scenarios[:1], replications=1)
    first = study.replications.query("scenario == 'base' and replication == 0").reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.replications, first)


def test_study_without_a_folder_goes_with_its_object(scenarios: list[Path]) -> None:
    unkept = sim.run(scenarios[:1], replications=1, keep_stages="none")
    assert unkept.folder is None
    files = unkept._files
    assert len(unkept.replications) > 0
    assert list(unkept.stages.columns) == list(STAGE_COLUMNS)
    assert unkept.comparison.empty
    del unkept
    assert not files.parent.exists()


def test_progress_and_finish_are_called(scenarios: list[Path], tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []

    def write_report(study: sim.Study, folder: Path) -> None:
        (folder / "report.txt").write_text(f"{len(study.summary)} rows")

    made = sim.run(
        scenarios[:1],
        replications=2,
        out=tmp_path / "out",
        keep_stages="all",
        progress=lambda *counts: told.append(counts),
        finish=write_report,
    )
    assert [(done, total) for done, total, _ in told] == [(0, 2), (1, 2), (2, 2)]
    assert told[-1][2] == len(made.flights)
    assert set(made.stages["replication"]) == {0, 1}
    assert "report.txt" in made.manifest.files
    assert (tmp_path / "out" / "report.txt").read_text() == f"{len(made.summary)} rows"


def test_scenarios_of_different_windows_are_refused(scenarios: list[Path]) -> None:
    (scenarios[0].parent / "longer.yaml").write_text(OTHER_WINDOW)
    with pytest.raises(InputError, match=r"study\.days") as refused:
        sim.run([scenarios[0], scenarios[0].parent / "longer.yaml"])
    assert (refused.value.problems[0].found.en, refused.value.problems[0].allowed.en) == ("2", "1")


def test_same_name_twice_is_refused(scenarios: list[Path]) -> None:
    with pytest.raises(InputError, match="name"):
        sim.run([scenarios[0], scenarios[0]])


@pytest.mark.parametrize(
    "wrong", [{"replications": 0}, {"seed": -1}, {"engine": "steam"}, {"keep_stages": "some"}, {"workers": 0}]
)
def test_impossible_settings_are_refused(scenarios: list[Path], wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        sim.run(scenarios, **wrong)


def test_no_scenario_is_no_study() -> None:
    with pytest.raises(InputError, match="at least one"):
        sim.run([])


def test_values_are_set_on_every_file(scenarios: list[Path]) -> None:
    design = design_study(scenarios, ["world.demand.flights_per_day=5/d"])
    assert len({scenario.world.demand.flights_per_day for scenario in design.scenarios}) == 1
    loaded = [sim.load_scenario(file) for file in scenarios]
    assert design_study(loaded, ["world.demand.flights_per_day=5/d"]).scenarios == design.scenarios
    assert design_study(loaded, {"world.demand.flights_per_day": "5/d"}).scenarios == design.scenarios


def test_loaded_scenarios_and_files_may_be_mixed(scenarios: list[Path]) -> None:
    design = design_study([sim.load_scenario(scenarios[1]), str(scenarios[0])])
    assert design.names == ("dense", "base")


def test_default_folder_is_named_by_what_is_compared(scenarios: list[Path]) -> None:
    (scenarios[0].parent / "busier.yaml").write_text(OTHER_FLIGHTS)
    files = [*scenarios, scenarios[0].parent / "busier.yaml"]
    folders = [default_folder(design_study(files[:n])).as_posix() for n in (1, 2, 3)]
    assert folders == ["out/base", "out/base-vs-dense", "out/base-vs-2-others"]


def test_other_flights_are_paired_by_replication_and_said_so(scenarios: list[Path]) -> None:
    (scenarios[0].parent / "busier.yaml").write_text(OTHER_FLIGHTS)
    made = sim.run([scenarios[0], scenarios[0].parent / "busier.yaml"], replications=2)
    assert made.manifest.paired_by_flight == {"base": True, "busier": False}
    assert any(" has other flights" in sentence for sentence in made.warnings)
    assert any(" asks for replications 9" in sentence for sentence in made.warnings)


def test_import_is_light() -> None:
    code = "import sys, sim; sys.exit(any(name in sys.modules for name in ('pandas', 'pyarrow', 'numpy', 'scipy')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
    with pytest.raises(AttributeError, match="no attribute 'walk'"):
        _ = sim.walk
    assert {"run", "load", "load_scenario", "Study"} <= set(dir(sim))


def test_what_a_scenario_does_not_tell_is_null_and_in_the_same_column(tmp_path: Path) -> None:
    """At a one-stop gate nobody finds anything at the destination, in a co-located one nobody at the origin."""
    files = [ROOT / "scenarios" / f"{name}.yaml" for name in ("one-stop", "co-located")]
    study = sim.run(files, replications=1, set=["study.days=1"], keep_stages="none")
    told = study.sql("select scenario, count(*) as n, count(found_origin) as origin, count(found_destination) as destination "
                     "from consignments group by scenario").set_index("scenario")  # fmt: skip
    assert list(told.loc["one-stop", ["origin", "destination"]]) == [told.loc["one-stop", "n"], 0]
    assert list(told.loc["co-located", ["origin", "destination"]]) == [0, told.loc["co-located", "n"]]
