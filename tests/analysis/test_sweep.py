"""Sweeps: every point is what a study of the same values finds, and nothing is simulated twice."""

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.analysis.sweep import sweep
from sim.archive import layout, study_folder
from sim.execution import replicate
from sim.execution.options import RunOptions
from sim.ground.errors import InputError, Interrupted
from sim.report.sweep import write_answer
from sim.study.identity import study_fingerprint
from sim.study.inventory import StudyRow, list_studies
from tests.conftest import EACH_FLIGHT_APPROVED


def rows_in(folder: Path) -> list[StudyRow]:
    return list_studies(folder, study_fingerprint())


LEADS = "policy.pre_clearance.lead=0 min,60 min"


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the points simulated, one a replication."""
    names: list[str] = []
    prepare = replicate.prepare

    def counted(scenario: object, *others: object) -> object:
        names.append(scenario.name)  # type: ignore[attr-defined]
        return prepare(scenario, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(replicate, "prepare", counted)
    return names


def test_a_point_is_the_study_of_its_values(base: Path, tmp_path: Path) -> None:
    found = sweep(base, vary=[LEADS], measures=["delay_quantile/p50", "on_time_share"], out=tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / "sweep.csv", keep_default_na=False)
    for point, lead in zip(found.names, ("0 min", "60 min"), strict=True):
        alone = sim.run(base, set=[f"policy.pre_clearance.lead={lead}"]).summary.set_index(["metric", "part"])
        for measure in (("delay_quantile", "p50"), ("on_time_share", "")):
            row = table[(table["point"] == point) & (table["metric"] == measure[0])].iloc[0]
            assert [row["mean"], row["ci_low"], row["ci_high"]] == list(alone.loc[measure][["mean", "ci_low", "ci_high"]])


def test_a_quantile_that_is_not_reached_is_printed_as_that(base: Path, tmp_path: Path) -> None:
    measures = ["delay_quantile/p50", "delay_quantile/p95", "on_time_share"]
    found = sweep(base, vary=[LEADS], measures=measures, set=EACH_FLIGHT_APPROVED, out=tmp_path / "out", finish=write_answer)
    table = pd.read_csv(tmp_path / "out" / "sweep.csv").set_index(["metric", "part"])
    for quantile in found.quantiles("delay_quantile/p95"):
        assert quantile.is_not_reached
    assert list(table.loc[("delay_quantile", "p95"), "never"]) == [one.never for one in found.quantiles("delay_quantile/p95")]
    assert table.loc[("delay_quantile", "p95"), "mean"].isna().all() and table.loc["on_time_share", "never"].isna().all()
    median, late, share, how, *_ = (tmp_path / "out" / "report" / "answer.txt").read_text(encoding="utf-8").strip().split("\n\n")
    assert "quantile (min)" in median and "not reached" not in median and "mean" in share
    assert late.count("not reached") == len(found.names) and "\N{EN DASH}" not in late
    sentence = " ".join(how.split())
    assert (
        "Shown are means over 3 replications and quantiles of all 3 replications together, with their 95% intervals." in sentence
    )
    assert "Not reached: the quantile falls among what never came" in sentence


def test_workers_change_no_byte(base: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        sweep(base, vary=[LEADS], out=tmp_path / str(workers), workers=workers)
    for name in ("sweep.csv", "points.csv", "replications.parquet"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_another_measure_is_read_from_what_stands_there(base: Path, tmp_path: Path, simulated: list[str]) -> None:
    options = RunOptions(out=tmp_path / "out")
    first = sweep(base, vary=[LEADS], measures=["on_time_share"], options=options)
    assert (len(simulated), first.reused) == (6, False)
    again = sweep(base, vary=[LEADS], measures=["delay_quantile/p90"], options=options)
    assert (len(simulated), again.reused) == (6, True)
    assert set(pd.read_csv(tmp_path / "out" / "sweep.csv")["metric"]) == {"delay_quantile"}
    assert study_folder.changed_files(tmp_path / "out") == []
    asked_in_a_notebook = {"vary": [LEADS], "measures": ["delay_quantile/p90"], "options": options}
    printed = sweep(base, **asked_in_a_notebook, finish=write_answer)  # type: ignore[arg-type]
    assert (printed.files / layout.ANSWER).is_file() and len(simulated) == 6
    sweep(base, vary=[LEADS], out=tmp_path / "out", again=True)
    assert len(simulated) == 12


def test_an_interrupted_sweep_goes_on(base: Path, tmp_path: Path, simulated: list[str]) -> None:
    def stop(done: int, total: int, flights: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="4 of 6 replications are finished and kept"):
        sweep(base, vary=[LEADS], out=tmp_path / "out", progress=stop)
    assert [row.state for row in rows_in(tmp_path)] == ["unfinished"]
    sweep(base, vary=[LEADS], out=tmp_path / "out")
    assert len(simulated) == 6
    sweep(base, vary=[LEADS], out=tmp_path / "whole")
    assert (tmp_path / "out" / "sweep.csv").read_bytes() == (tmp_path / "whole" / "sweep.csv").read_bytes()
    assert [(row.state, row.holds, row.scenarios) for row in rows_in(tmp_path)] == [("done", "sweep", ["base"])] * 2


def test_a_failed_evaluation_leaves_the_replications(base: Path, tmp_path: Path, simulated: list[str]) -> None:
    with pytest.raises(InputError, match="delay_quantile/p90"):
        sweep(base, vary=[LEADS], measures=["delay_quantile/p91"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    sweep(base, vary=[LEADS], measures=["delay_quantile/p90"], out=tmp_path / "out")
    assert len(simulated) == 6


def test_what_is_said_to_have_been_set_is_what_was_asked(base: Path, tmp_path: Path) -> None:
    """Two parameters set to the scenario's own values give the same points by number, and are another table."""
    options = RunOptions(out=tmp_path / "out", replications=1)
    sweep(base, vary=["policy.pre_clearance.lead=30 min"], options=options)
    found = sweep(base, vary=["policy.corridor.headway=1 min"], options=options)
    assert list(found.points.columns) == ["point", "base", "policy.corridor.headway"]
    assert "policy.corridor.headway" in pd.read_csv(tmp_path / "out" / "sweep.csv").columns


def test_the_folder_of_a_sweep_is_no_study(base: Path, tmp_path: Path) -> None:
    sweep(base, vary=[LEADS], out=tmp_path / "out", replications=1)
    with pytest.raises(InputError, match="the folder of a sweep"):
        sim.load(tmp_path / "out")
    assert layout.POINTS in study_folder.read_manifest(tmp_path / "out")["files"]


def test_unknown_measures_are_told_with_the_nearest(base: Path) -> None:
    with pytest.raises(InputError, match="on_time_share"):
        sweep(base, vary=[LEADS], measures=["on_time_shar"])
