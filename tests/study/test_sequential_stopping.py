"""Studies that find their number of replications themselves: it is that of the rule, whatever happens on the way."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.archive import study_folder
from sim.archive.checkpoint import unfinished_in
from sim.cli import main
from sim.execution import run_task
from sim.execution.replicate import ReplicationResult, Task, replicate
from sim.ground.errors import InputError, Interrupted, RunError
from sim.ground.text import Text
from sim.model.metric import EventSize
from sim.statistics.intervals import estimate_mean, estimate_means
from sim.statistics.paired import paired_difference
from sim.statistics.sequential import look_ahead
from sim.study.precision import AskedPrecision
from tests.conftest import MakeStudy
from tests.tiers import slow

ASKED = ("order_to_release_mean=4%", "on_time_share=0.12", "difference:on_time_share=0.05")
LEAST = 4


@pytest.fixture(scope="module")
def undisturbed(make_study: MakeStudy) -> sim.Study:
    return sim.load(make_study(replications=LEAST, precision=ASKED))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The replications that are really done in this process."""
    tasks: list[Task] = []

    def noted(task: Task) -> ReplicationResult:
        tasks.append(task)
        return replicate(task)

    monkeypatch.setattr(run_task, "replicate", noted)
    return tasks


def enough(scenarios: Sequence[Path], out: Path | None, **more: Any) -> sim.Study:
    return sim.run(scenarios, **{"replications": LEAST, "precision": ASKED, "out": out, **more})


def same_but_for_the_record(one: Path, other: Path) -> None:
    """Byte for byte, but for when and how it was run and the precision asked for."""
    assert study_folder.files_of(one) == study_folder.files_of(other)
    for name in study_folder.files_of(one):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    manifests = [study_folder.read_manifest(folder) for folder in (one, other)]
    for manifest in manifests:
        manifest.pop("precision", None)
        del manifest["run"]
    assert json.dumps(manifests[0]) == json.dumps(manifests[1])


def by_hand(study: sim.Study) -> list[int]:
    """The numbers of replications after which all three targets hold, from the values of a longer study, one by one."""

    def values_of(metric: str, name: str) -> np.ndarray:
        return study.replications.query("metric == @metric and part == '' and scenario == @name")["value"].to_numpy()

    all_times = [values_of("order_to_release_mean", name) for name in ("base", "dense")]
    all_shares = [values_of("on_time_share", name) for name in ("base", "dense")]

    def half(ends: tuple[float, float]) -> float:
        return (ends[1] - ends[0]) / 2

    planned = [values_of("flights_planned", name) for name in ("base", "dense")]
    event = study.metrics["on_time_share"].event
    assert event is None or event == EventSize(per="flights_planned")

    def holds(n: int) -> bool:
        times, shares = [values[:n] for values in all_times], [values[:n] for values in all_shares]
        sizes = [1 / values[:n].mean() if event else np.nan for values in planned]
        levels = [estimate_means(values[None], 0.95, np.array([size]))[0] for values, size in zip(shares, sizes, strict=True)]
        of_times = [estimate_mean(values, 0.95) for values in times]
        narrow = [half((one.low, one.high)) <= 0.04 * abs(one.mean) for one in of_times]
        narrow += [half((one.low, one.high)) <= 0.12 for one in levels]
        size = 1 / np.concatenate([values[:n] for values in planned]).mean() if event else np.nan
        return all(narrow) and half(paired_difference(*shares, size).interval(0.05)) <= 0.05

    return [n for n in range(3, study.manifest.replications + 1) if holds(n)]


@pytest.mark.takes(10)
def test_the_number_is_that_of_the_rule_worked_out_by_hand(undisturbed: sim.Study) -> None:
    n, record = undisturbed.manifest.replications, undisturbed.manifest.precision
    assert undisturbed.folder is not None
    longer = sim.run([undisturbed.folder.parent / f"{name}.yaml" for name in undisturbed.names], replications=n + 5)
    good = by_hand(longer)
    own = [m for m in range(LEAST, n + 1) if set(range(m, m + 6)) <= set(good)]
    assert own == [n]
    assert n > LEAST + 2, "the rule has nothing to do"
    assert n + int(look_ahead(n)) <= record.simulated <= 3 * n
    assert record.ended_by == "precision"
    assert record.asked == AskedPrecision(tuple(ASKED), LEAST, 1000)
    assert all(row.is_reached and row.n == n for row in record.reached)
    summary = undisturbed.summary.set_index(["scenario", "metric", "part"])
    for row in record.reached[:2]:
        told = summary.loc[(row.scenario, "order_to_release_mean", "")]
        assert row.half_width == pytest.approx((told["ci_high"] - told["ci_low"]) / 2, rel=1e-9)


def test_it_is_the_study_of_that_many_replications(undisturbed: sim.Study, scenarios: list[Path], tmp_path: Path) -> None:
    assert undisturbed.folder is not None
    sim.run(scenarios, replications=undisturbed.manifest.replications, out=tmp_path / "out")
    same_but_for_the_record(undisturbed.folder, tmp_path / "out")
    assert list(unfinished_in(undisturbed.folder.parent)) == []


@pytest.mark.parametrize("stops", [slow(1), 11, slow(19)])
def test_interruptions_and_workers_change_nothing(
    undisturbed: sim.Study, scenarios: list[Path], tmp_path: Path, stops: int, monkeypatch: pytest.MonkeyPatch, done: list[Task]
) -> None:
    out = tmp_path / "out"

    def stopped(task: Task) -> ReplicationResult:
        if len(done) >= stops:
            raise KeyboardInterrupt
        done.append(task)
        return replicate(task)

    with monkeypatch.context() as patch:
        patch.setattr(run_task, "replicate", stopped)
        with pytest.raises(Interrupted, match=rf"{stops} of \d+ replications are finished and kept: the same command"):
            enough(scenarios, out)
    finished = enough(scenarios, out, workers=2)
    assert finished.manifest.precision == undisturbed.manifest.precision
    assert len(done) == 2 * finished.manifest.precision.simulated
    assert finished.manifest.run.replications_kept == stops
    assert undisturbed.folder is not None
    same_but_for_the_record(undisturbed.folder, out)
    assert [path.name for path in tmp_path.iterdir() if path.name != "scenarios"] == ["out"]


@pytest.mark.slow
def test_a_failure_at_the_end_does_nothing_again(
    undisturbed: sim.Study, scenarios: list[Path], tmp_path: Path, done: list[Task]
) -> None:
    def fail(_study: sim.Study, _folder: Path) -> None:
        raise RunError(Text.same("no font"))

    with pytest.raises(RunError, match=r"no font. \d+ of \d+ replications are finished and kept"):
        enough(scenarios, tmp_path / "out", finish=fail)
    done.clear()
    enough(scenarios, tmp_path / "out")
    assert done == []
    assert undisturbed.folder is not None
    same_but_for_the_record(undisturbed.folder, tmp_path / "out")


@pytest.mark.slow
def test_a_study_that_stands_there_is_not_run_again(scenarios: list[Path], tmp_path: Path, done: list[Task]) -> None:
    out = tmp_path / "out"
    asked = {"precision": "on_time_share=0.5", "replications": 3}
    first = enough(scenarios, out, **asked)
    n_done = len(done)
    second = enough(scenarios, out, **asked)
    assert (second.reused, second.manifest, len(done)) == (True, first.manifest, n_done)
    assert sim.run(scenarios, replications=3, out=out).reused
    assert not enough(scenarios, out, **{**asked, "precision": "on_time_share=0.4"}).reused
    assert not enough(scenarios, out, **{**asked, "max_replications": 9}).reused
    assert not enough(scenarios, out, **asked, again=True).reused


def test_the_limit_ends_it_and_is_told_in_three_languages(scenarios: list[Path]) -> None:
    study = enough(scenarios, None, precision=["order_to_release_mean=0.1%", "on_time_share=0.9"], max_replications=7)
    record = study.manifest.precision
    assert (study.manifest.replications, record.simulated, record.ended_by) == (7, 7, "limit")
    assert [row.is_reached for row in record.reached] == [False, False, True, True]
    for language, words in (("en", "The limit of 7 replications"), ("zh-Hant", "上限（7 次）"), ("zh-Hans", "上限（7 次）")):
        (told,) = [sentence for sentence in study.warnings_in(language) if words in sentence]
        assert told.count("0.1%") == 2
        assert "0.9" not in told
        assert "base" in told
        assert "dense" in told


def test_a_quantile_among_flights_never_released_ends_nothing(scenarios: list[Path]) -> None:
    """Nothing is precise about it, so it is left aside and told, and the others settle the number."""
    closed = ["policy.corridor.closures=[[day 1 06:00, day 1 23:00]]"]
    study = enough(scenarios, None, precision=["delay_quantile/p95=2 h", "flights_planned=1000"], set=closed, max_replications=40)
    record = study.manifest.precision
    assert (study.manifest.replications, record.ended_by) == (LEAST, "precision")
    hopeless = [row for row in record.reached if row.target.startswith("delay_quantile")]
    assert [(row.mean, row.half_width, row.is_reached) for row in hopeless] == [(None, None, False)] * 2
    assert sum("never released" in sentence for sentence in study.warnings) == 2
    assert sum("未獲放行的航班" in sentence for sentence in study.warnings_in("zh-Hant")) == 2


def test_rare_counts_are_not_precise_while_none_was_seen(scenarios: list[Path]) -> None:
    """Eight times nothing has a half width of 0, and says little."""
    study = enough(scenarios, None, precision=["illicit_missed=1"], max_replications=8)
    record = study.manifest.precision
    assert (record.ended_by, study.manifest.replications) == ("limit", 8)
    assert [(row.half_width, row.is_reached) for row in record.reached] == [(None, False)] * 2
    assert any("half width none, too few events, asked 1" in sentence for sentence in study.warnings)


def test_a_scenario_without_the_part_is_not_asked_for_it(scenarios: list[Path], tmp_path: Path) -> None:
    desk = tmp_path / "scenarios" / "desk.yaml"
    desk.write_text("extends: base.yaml\nname: desk\npolicy: {flight_authorisation: {agencies: single_desk}}\n")
    files = [scenarios[0], desk]
    study = enough(files, None, precision=["wait_mean/authorisation_officers.single_desk=100 h"])
    record = study.manifest.precision
    assert [(row.scenario, row.is_reached) for row in record.reached] == [("desk", True)]
    with pytest.raises(InputError, match="no scenario has this part"):
        enough(files, None, precision=["difference:wait_mean/authorisation_officers.single_desk=100 h"])


def test_a_part_that_no_scenario_has_is_refused_and_nothing_is_left(scenarios: list[Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no scenario has this part(?s:.*)delay_quantile/p95"):
        enough(scenarios, tmp_path / "out", precision=["delay_quantile/p59=5%"])
    with pytest.raises(InputError, match="no whole, only parts"):
        enough(scenarios, tmp_path / "out", precision=["delay_quantile=5%"])
    assert [path.name for path in tmp_path.iterdir()] == ["scenarios"]


def test_limits_that_make_no_sense_are_refused(scenarios: list[Path]) -> None:
    with pytest.raises(InputError, match=r"max_replications(?s:.*)4 or more"):
        enough(scenarios, None, max_replications=3)
    with pytest.raises(InputError, match="it limits what a precision asks for"):
        sim.run(scenarios, max_replications=50)
    with pytest.raises(InputError, match="one scenario alone"):
        enough(scenarios[:1], None)


@pytest.mark.slow
def test_progress_counts_on_from_batch_to_batch(scenarios: list[Path]) -> None:
    seen: list[tuple[int, int, int]] = []
    study = enough(scenarios, None, progress=lambda *told: seen.append(told))
    simulated = 2 * study.manifest.precision.simulated
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert {done for done, _, _ in seen} == set(range(simulated + 1))
    assert all(done <= total for done, total, _ in seen)
    assert seen[-1][:2] == (simulated, simulated)
    assert seen[-1][2] == max(flights for _, _, flights in seen)


@pytest.mark.slow
def test_the_command_tells_what_was_asked_for_and_reached(scenarios: list[Path], tmp_path: Path) -> None:
    always = ("--replications", "4", "--no-charts", "--workers", "1", "--out", str(tmp_path / "out"))
    arguments = ["run", *map(str, scenarios), *always]
    precision = ["--precision", "order_to_release_mean=10%", "--precision", "difference:on_time_share=0.3"]
    found = CliRunner().invoke(main, [*arguments, *precision])
    assert found.exit_code == 0, found.output
    told = " ".join(found.output.split())
    manifest = study_folder.read_manifest(tmp_path / "out")
    worst = max(manifest["precision"]["reached"][:2], key=lambda row: row["half_width"] / row["mean"])
    n = manifest["replications"]
    assert f"order_to_release_mean: half width {worst['shown']} of the mean (widest: " in told
    assert f"asked 10%, with {n} replications. difference:on_time_share: half width" in told
    assert "NOT REACHED" not in told
    found = CliRunner().invoke(main, [*arguments, "--precision", "order_to_release_mean=0.1%", "--max-replications", "5"])
    assert "asked 0.1%, with 5 replications: NOT REACHED" in " ".join(found.output.split())
    found = CliRunner().invoke(main, [*arguments, "--precision", "mean_delay=5%"])
    assert (found.exit_code, "there is no such measure" in found.output) == (2, True)
