"""Folders that an earlier version of the package left, kept as fixtures: nothing in them is lost, and what they say stays."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import sim
from sim.archive import study_folder
from sim.archive.checkpoint import unfinished_in
from sim.archive.layout import SUMMARY_TABLES, TABLES
from sim.cli import main
from sim.execution import replicate
from sim.ground.errors import InputError, Interrupted
from sim.ground.text import LANGUAGES, Language
from sim.report.write import write_report
from sim.study.csv_files import read_csv
from tests.fixtures.report_text import report_text

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "format-2"
TABLES_OF_BEFORE = [name for name in TABLES if name != "distributions"]
STOPPED = ".stopped.unfinished-8a37b68f3c75bc78"
COMMAND = {  # that which was stopped after four of six replications
    "seed": 7,
    "replications": 3,
    "set": ["study.days=1", "study.warm_up=0 h", "study.cool_down=12 h"],
}
DEMAND_OF_BEFORE = [
    "world.demand.operators=24",
    "world.demand.hourly_profile=[0, 0, 0, 0, 0, 0, 0.5, 1, 2, 3, 4, 6, 7, 6, 4, 4, 4, 5, 5, 4, 3, 2, 1, 0.5]",
    "world.demand.goods_mix={parcel: 0.6, document: 0.05, food: 0.1, medical: 0.1, electronics: 0.15}",
]
"""What the baseline asked for when the folders were made."""
SUMMARY_TABLES_OF_BEFORE = [
    name for name in SUMMARY_TABLES if name not in ("released_in_both", "together", "limits")
]  # they came later
SCENARIOS = [ROOT / "scenarios" / f"{name}.yaml" for name in ("baseline", "one-stop")]


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A copy of the folders, so that the fixtures stay as they are."""
    return copytree(FIXTURES, tmp_path / "before")


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_finished_study_opens_whole(before: Path) -> None:
    study = sim.load(before / "finished")
    assert study.names == ("baseline", "one-stop")
    assert study_folder.changed_files(before / "finished") == []
    assert study.distributions.empty and study.sql("select * from distributions").empty  # it kept none
    for name in TABLES_OF_BEFORE:
        assert len(getattr(study, name)) == pq.read_metadata(before / "finished" / f"{name}.parquet").num_rows > 0
    for name in SUMMARY_TABLES_OF_BEFORE:
        stored = pd.read_csv(before / "finished" / f"{name}.csv")
        table = study.sql(f"select * from {name}")
        assert len(table) == len(stored) and set(stored.columns) <= set(table.columns)
    assert study.sql("select count(*) as n from flights where measured")["n"].tolist() == [study.flights["measured"].sum()]


def test_its_summary_is_the_stored_one(before: Path) -> None:
    study = sim.load(before / "finished")
    with (before / "finished" / "summary.csv").open(encoding="utf-8", newline="") as file:
        stored = list(csv.DictReader(file))
    for name in ("scenario", "metric", "part", "unit"):
        assert study.summary[name].tolist() == [row[name] for row in stored]
    for name in ("mean", "sd", "ci_low", "ci_high"):
        np.testing.assert_array_equal(study.summary[name], [float(row[name] or "nan") for row in stored])


def words_of_report(study: sim.Study, folder: Path, language: Language) -> str:
    """The brief and every annex, in the order of their names."""
    files = sorted(path for path in write_report(study, folder, [language], ["html"]) if path.suffix == ".html")
    return "\n".join(report_text(file.read_text(encoding="utf-8")) for file in files)


@pytest.mark.takes(20)
@pytest.mark.parametrize(
    "language", ["en", *(pytest.param(language, marks=pytest.mark.slow) for language in LANGUAGES if language != "en")]
)
def test_its_report_says_what_it_said(before: Path, tmp_path: Path, language: Language) -> None:
    words = words_of_report(sim.load(before / "finished"), tmp_path / "report", language)
    assert words.splitlines() == (FIXTURES / f"report.{language}.txt").read_text(encoding="utf-8").splitlines()


def test_the_analysis_is_what_it_was_and_no_study_of_scenarios(before: Path) -> None:
    manifest = study_folder.read_manifest(before / "sweep")
    assert manifest[study_folder.HOLDS] == "sweep"
    assert study_folder.changed_files(before / "sweep") == []
    with pytest.raises(InputError, match="no study of scenarios"):
        sim.load(before / "sweep")


def test_the_analysis_made_anew_has_the_stored_points(before: Path, tmp_path: Path) -> None:
    """Its numbers are others: quantiles are those of all replications together now."""
    asked_for = study_folder.read_manifest(before / "sweep")["asked"]
    options = [f"--vary={axis}" for axis in asked_for["vary"]] + [f"--measure={measure}" for measure in asked_for["measures"]]
    options += ["--seed=7", "--replications=2", "--workers=1", f"--out={tmp_path / 'anew'}"]
    done = CliRunner().invoke(main, ["sweep", str(before / "sweep" / "scenarios" / "baseline.yaml"), *options])
    assert done.exit_code == 0, done.output
    points, points_of_before = (
        (folder / "points.csv").read_text("utf-8-sig") for folder in (tmp_path / "anew", before / "sweep")
    )
    assert points == points_of_before
    new, of_before = (read_csv(folder / "sweep.csv") for folder in (tmp_path / "anew", before / "sweep"))
    assert list(new.columns) == [*of_before.columns, "never"]  # it came later
    named = [name for name in of_before.columns if name not in ("n", "mean", "ci_low", "ci_high")]
    pd.testing.assert_frame_equal(new[named], of_before[named])


def test_the_list_of_studies_has_all_of_them(before: Path) -> None:
    rows = json.loads(CliRunner().invoke(main, ["runs", str(before), "--json"]).output)
    assert {(row["name"], row["state"]) for row in rows} == {
        ("finished", "other model"),
        ("stopped", "unfinished"),
        ("sweep", "other model"),
    }
    stopped = next(row for row in rows if row["name"] == "stopped")
    assert (stopped["replications_done"], stopped["replications_asked"], stopped["seed"]) == (2, 3, 7)


class Stop(KeyboardInterrupt):
    """Ctrl-C by the test."""


def run_stopped(out: Path, count: int, options: Mapping[str, Any]) -> None:
    """The command again, stopped after so many replications."""
    calls, prepare = iter(range(10**6)), replicate.prepare

    def stopped(*arguments: Any) -> Any:
        if next(calls) >= count:
            raise Stop
        return prepare(*arguments)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(replicate, "prepare", stopped)
        sim.run(SCENARIOS, out=out, **options)


def test_the_unfinished_study_is_refused_with_a_reason_and_kept(before: Path) -> None:
    """Its replications are those of another model, as far as the fingerprint can tell, so they are not mixed with today's."""
    old = content(before / STOPPED)
    with pytest.raises(InputError, match=r"belongs to another study: (.*, )?model") as refused:
        sim.run(SCENARIOS, out=before / "stopped", resume=True, **COMMAND)
    assert refused.value.problems[0].allowed.en == "the command as it was interrupted"
    assert content(before / STOPPED) == old


def test_the_same_command_begins_anew_beside_it_and_takes_nothing_of_it(before: Path, tmp_path: Path) -> None:
    old = content(before / STOPPED)
    run_stopped(before / "stopped", 1, COMMAND)
    assert content(before / STOPPED) == old
    assert {(study.path.name == STOPPED, study.n_saved) for study in unfinished_in(before)} == {(True, 4), (False, 1)}
    sim.run(SCENARIOS, out=before / "stopped", **COMMAND)
    assert content(before / STOPPED) == old
    elsewhere = tmp_path / "elsewhere"
    sim.run(SCENARIOS, out=elsewhere, **COMMAND)
    for name in [*(f"{name}.csv" for name in SUMMARY_TABLES), *(f"{name}.parquet" for name in TABLES)]:
        assert (before / "stopped" / name).read_bytes() == (elsewhere / name).read_bytes(), name


def test_its_flights_are_among_those_of_today(before: Path) -> None:
    """What customers ask for has not moved since in the world of before, flight by flight; more may have come, planned later."""
    run_stopped(before / "stopped", 4, COMMAND | {"set": [*COMMAND["set"], *DEMAND_OF_BEFORE]})
    (now,) = [study.path for study in unfinished_in(before) if study.path.name != STOPPED]
    names = {path.name for path in (before / STOPPED).glob("*.arrow")}
    assert len(names) >= 12
    assert {path.name for path in now.glob("*.arrow") if ".distributions." not in path.name} == names
    asked = ["flight", "ordered_s", "planned_departure_s", "route", "operator", "priority", "max_shift_s", "measured"]
    for name in names:
        with pa.ipc.open_file(now / name) as new, pa.ipc.open_file(before / STOPPED / name) as of_before:
            stored, today = of_before.read_all(), new.read_all()
        assert set(stored.column_names) <= set(today.column_names), name
        if ".flights." in name:
            assert today.num_rows > stored.num_rows > 0
            assert today.slice(0, stored.num_rows).select(asked).equals(stored.select(asked)), name
