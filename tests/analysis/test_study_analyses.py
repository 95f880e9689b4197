"""Analyses in the folder of a study: kept, resumed, listed and refused as the study is; `sim attribute` from outside."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sim
from sim.analysis.attribution_table import INTERACTIONS, LISTING, read_attribution
from sim.archive import study_folder
from sim.archive.checkpoint import unfinished_in
from sim.archive.layout import ANALYSES
from sim.cli.main import main
from sim.execution import run_task
from sim.execution.replicate import ReplicationResult, Task, replicate
from sim.ground.errors import InputError, Interrupted
from sim.report.attribution import write_answer
from sim.study.inventory import list_studies, remove_unfinished
from sim.study.study import add_to
from tests.conftest import BASE, write_scenarios
from tests.tiers import slow

SMALL = BASE.replace("replications: 3", "replications: 2")
JOINT = """
extends: base.yaml
name: joint
title: Joint
policy:
  pre_clearance: {lead: 60 min, decision: before_departure}
  inspection: {regime: one_stop}
  detector_dogs: {teams: 4}
"""
LEVERS = ["policy.pre_clearance.lead", "policy.pre_clearance.decision", "policy.inspection.regime"]
MEASURES = ("arrival_to_release/mean", "officer_hours")
POINTS = 6


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of two scenarios with its attribution, which tests read and copy."""
    home = tmp_path_factory.mktemp("home")
    files = write_scenarios(home, {"base": SMALL, "joint": JOINT})
    sim.attribute(files, measures=MEASURES, out=home / "out" / "demo", workers=1)
    return home


@pytest.fixture
def demo(home: Path, tmp_path: Path) -> Path:
    """A copy of the study, which the test may change."""
    return Path(shutil.copytree(home / "out" / "demo", tmp_path / "out" / "demo"))


@pytest.fixture
def files(home: Path) -> list[Path]:
    return [home / "base.yaml", home / "joint.yaml"]


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The replications that are really simulated in this process."""
    tasks: list[Task] = []

    def noted(task: Task) -> ReplicationResult:
        tasks.append(task)
        return replicate(task)

    monkeypatch.setattr(run_task, "replicate", noted)
    return tasks


def analysis_of(study: Path) -> Path:
    return study / ANALYSES / "attribute"


def texts(folder: Path) -> dict[str, bytes]:
    """What an analysis holds, but for when and how it was run."""
    return {name: (folder / name).read_bytes() for name in study_folder.files_of(folder)}


def same(one: Path, other: Path) -> bool:
    manifests = [{key: value for key, value in study_folder.read_manifest(f).items() if key != "run"} for f in (one, other)]
    return texts(one) == texts(other) and manifests[0] == manifests[1]


# ------------------------------------------------------------------------------------------- where it stands


def test_the_analysis_stands_in_the_folder_of_its_study_with_hashes(home: Path) -> None:
    demo = home / "out" / "demo"
    assert study_folder.changed_files(demo) == [] == study_folder.changed_files(analysis_of(demo))
    assert {LISTING, INTERACTIONS, "points.csv", "replications.parquet"} <= set(study_folder.files_of(analysis_of(demo)))
    assert not any(name.startswith(ANALYSES) for name in study_folder.files_of(demo))
    listing = read_attribution(analysis_of(demo))
    assert list(dict.fromkeys(listing["lever"])) == [*LEVERS, "", "policy.detector_dogs.teams"]
    assert len(pd.read_csv(analysis_of(demo) / "points.csv")) == POINTS


@pytest.mark.slow
def test_a_study_and_a_list_of_files_give_the_same(home: Path, files: list[Path], tmp_path: Path) -> None:
    study = sim.run(files, out=tmp_path / "apart", workers=1)
    by_folder = sim.attribute(tmp_path / "apart", measures=MEASURES, workers=1)
    assert by_folder.folder == analysis_of(tmp_path / "apart")
    assert (by_folder.folder / LISTING).read_bytes() == (analysis_of(home / "out" / "demo") / LISTING).read_bytes()
    again = sim.attribute(study, measures=MEASURES, workers=1)
    assert again.reused and same(again.files, by_folder.files)
    nowhere = sim.attribute(files, measures=MEASURES, workers=1)
    assert nowhere.folder is None
    assert (nowhere.files / LISTING).read_bytes() == (by_folder.files / LISTING).read_bytes()


def test_another_question_simulates_nothing(demo: Path, simulated: list[Task]) -> None:
    other = sim.attribute(demo, measures="released_share", workers=1)
    assert simulated == [] and other.reused
    assert set(read_attribution(other.files)["metric"]) == {"released_share"}


@pytest.mark.slow
def test_what_was_printed_of_another_question_is_not_left(demo: Path) -> None:
    """A question asked in a notebook prints nothing; an answer to the question before would be taken for its own."""
    sim.attribute(demo, measures=MEASURES, workers=1, finish=write_answer)
    assert (analysis_of(demo) / "report" / "answer.txt").is_file()
    sim.attribute(demo, measures="released_share", workers=1)
    assert not (analysis_of(demo) / "report").exists() and not (analysis_of(demo) / "charts").exists()


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"seed": 8}, "seed"),
        ({"replications": 5}, "replications"),
        ({"out": "elsewhere"}, "out"),
        ({"set": "study.days=2"}, "set"),
    ],
)
def test_what_contradicts_the_study_is_an_error(options: dict[str, Any], path: str, home: Path) -> None:
    with pytest.raises(InputError) as refusal:
        sim.attribute(home / "out" / "demo", **options)
    assert [problem.path for problem in refusal.value.problems] == [path]


def test_a_study_of_another_version_of_the_model_is_not_taken_apart(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own comparison would say other numbers than the shares add up to."""
    monkeypatch.setattr("sim.analysis.attribution.study_fingerprint", lambda: "another")
    with pytest.raises(InputError, match="run by another version of the model"):
        sim.attribute(home / "out" / "demo")


def test_what_agrees_with_the_study_is_none(home: Path) -> None:
    assert sim.attribute(home / "out" / "demo", measures=MEASURES, seed=7, replications=2).reused


# ------------------------------------------------------------------------------------------- what becomes of it


@pytest.mark.slow
def test_the_analysis_survives_another_run_of_the_study(demo: Path, files: list[Path]) -> None:
    before = texts(analysis_of(demo))
    sim.run(files, out=demo, workers=1)
    assert texts(analysis_of(demo)) == before
    sim.run(files, out=demo, workers=1, again=True)
    assert texts(analysis_of(demo)) == before
    sim.run(files, out=demo, workers=1, replications=3)
    assert texts(analysis_of(demo)) == before
    assert study_folder.changed_files(demo) == []
    longer = sim.attribute(demo, measures=MEASURES, workers=1)
    assert not longer.reused and longer.manifest.replications == 3
    assert set(read_attribution(longer.files)["n"].dropna()) == {3}


def test_another_study_in_its_place_does_not_keep_it(demo: Path, files: list[Path]) -> None:
    sim.run(files[:1], out=demo, workers=1)
    assert not (demo / ANALYSES).exists()


@pytest.mark.parametrize(
    "foreign", ["analyses/notes.txt", "analyses/attribute/notes.txt", "analyses/mine/table.csv", "analyses/.hidden", "notes.txt"]
)
def test_a_file_of_the_user_is_never_lost(foreign: str, demo: Path, files: list[Path]) -> None:
    file = demo / foreign
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=foreign.replace("/table.csv", "").replace(".", r"\.")):
        sim.run(files, out=demo, workers=1, again=True)
    with pytest.raises(InputError):
        sim.run(files[:1], out=demo, workers=1)
    assert file.read_text(encoding="utf-8") == "mine"


def test_an_analysis_whose_manifest_is_damaged_is_named_and_left_alone(demo: Path, files: list[Path]) -> None:
    (analysis_of(demo) / "manifest.json").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="files that were added or changed") as error:
        sim.run(files, out=demo, workers=1, again=True)
    assert "found:   analyses/attribute" in str(error.value)
    with pytest.raises(InputError, match="the manifest is damaged") as error:
        sim.attribute(demo, measures=MEASURES, workers=1)
    assert "moved elsewhere" in str(error.value)
    assert (analysis_of(demo) / LISTING).is_file()


def test_a_measure_by_disruption_stands_for_its_parts_and_the_world_is_marked(tmp_path: Path) -> None:
    """Of a scenario's own answer: the base has an outage, the package rain too, of which the base knows nothing."""
    rain = (
        "extends: base.yaml\nname: rain\ntitle: Rain\nanswered_by: [recovery_on_time_share]\n"
        "policy: {corridor: {headway: 4 min}}\n"
        "world: {weather: {events: [{kind: rain_amber, start: day 1 13:00, end: day 1 15:00}]}}\n"
    )
    outage = "  data_interface: {outage_interval: 3650 d, outage_events: [[day 1 08:00, day 1 10:00]]}\n"
    base = SMALL.replace("  demand:", f"{outage}  demand:")
    files = write_scenarios(tmp_path, {"base": base, "rain": rain})
    run = sim.attribute(files, replications=2, workers=1, finish=write_answer)
    table = read_attribution(run.files)
    assert {"outage", "rain_amber"} == set(table.loc[table["metric"] == "recovery_on_time_share", "part"])
    text = (run.files / "report" / "answer.txt").read_text(encoding="utf-8")
    assert "(world)" in text and "no number can be shared out" in text


def test_a_changed_file_of_an_analysis_is_named(demo: Path, files: list[Path]) -> None:
    with (analysis_of(demo) / LISTING).open("a", encoding="utf-8") as file:
        file.write("mine\n")
    with pytest.raises(InputError, match=r"analyses/attribute/attribution\.csv"):
        sim.run(files, out=demo, workers=1, again=True)
    (row,) = [row for row in list_studies(demo.parent, "") if row.holds]
    assert row.state == "changed"


def test_the_analysis_is_kept_where_the_study_is_completed(demo: Path) -> None:
    """Charts or a report are added to the study."""
    before = texts(analysis_of(demo))
    study = sim.load(demo)
    add_to(study, lambda _, folder: (folder / "report").mkdir())
    assert texts(analysis_of(demo)) == before


# ------------------------------------------------------------------------------------------- interrupted


class Stop:
    """Presses Ctrl-C when so many replications of a run are done."""

    def __init__(self, n_total: int, after: int) -> None:
        self.n_total, self.after = n_total, after

    def __call__(self, n_done: int, n_total: int, n_flights: int) -> None:
        if (n_total, n_done) == (self.n_total, self.after):
            raise KeyboardInterrupt


@pytest.fixture
def interrupted(demo: Path) -> Path:
    """A study whose attribution was stopped after five of twelve replications."""
    shutil.rmtree(demo / ANALYSES)
    with pytest.raises(Interrupted, match="5 of 12 replications are finished and kept"):
        sim.attribute(demo, measures=MEASURES, workers=1, progress=Stop(2 * POINTS, 5))
    return demo


@pytest.mark.takes(4)
@pytest.mark.parametrize("how", [{}, {"resume": True}, slow({"workers": 2}, name="two workers")])
def test_what_was_interrupted_goes_on_and_gives_the_same_bytes(
    how: dict[str, Any], interrupted: Path, home: Path, files: list[Path], simulated: list[Task]
) -> None:
    sim.attribute(files, measures=MEASURES, out=interrupted, **{"workers": 1, **how})
    assert same(analysis_of(interrupted), analysis_of(home / "out" / "demo"))
    assert len(simulated) == 7 or "workers" in how
    assert unfinished_in(interrupted / ANALYSES) == []


@pytest.mark.slow
def test_an_interruption_of_the_study_itself_is_gone_on_from_with_resume(files: list[Path], home: Path, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    with pytest.raises(Interrupted, match="3 of 4 replications are finished and kept"):
        sim.attribute(files, measures=MEASURES, out=out, workers=1, progress=Stop(4, 3))
    sim.attribute(files, measures=MEASURES, out=out, workers=1, resume=True)
    assert same(analysis_of(out), analysis_of(home / "out" / "demo"))


def test_with_nothing_to_go_on_from_resume_is_an_error(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        sim.attribute(files, measures=MEASURES, out=tmp_path / "demo", workers=1, resume=True)
    assert [problem.path for problem in refusal.value.problems] == ["resume"]


def test_runs_lists_analyses_and_clean_removes_unfinished_ones(interrupted: Path) -> None:
    rows = {row.name: row for row in list_studies(interrupted.parent, "")}
    assert set(rows) == {"demo", "demo/analyses/attribute"}
    unfinished = rows["demo/analyses/attribute"]
    assert (unfinished.state, round(unfinished.replications_done * POINTS)) == ("unfinished", 5)
    listed = CliRunner().invoke(main, ["runs", str(interrupted.parent)]).output
    assert "demo/analyses/attribute" in listed and "unfinished" in listed
    assert list(remove_unfinished(interrupted.parent)) == [("demo/analyses/attribute", 5)]
    assert {row.name for row in list_studies(interrupted.parent, "")} == {"demo"}
    assert study_folder.changed_files(interrupted) == []


def test_runs_says_what_an_analysis_is(home: Path) -> None:
    rows = {row.name: row for row in list_studies(home / "out", "")}
    assert rows["demo/analyses/attribute"].holds == "attribution" and rows["demo"].holds == ""
    printed = json.loads(CliRunner().invoke(main, ["runs", str(home / "out"), "--json"]).output)
    assert [row["name"] for row in printed] == ["demo", "demo/analyses/attribute"]


# ------------------------------------------------------------------------------------------- from outside


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env={"COLUMNS": "100"})


@pytest.fixture(scope="module")
def printed(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Result, Path]]:
    out = Path(shutil.copytree(home / "out" / "demo", tmp_path_factory.mktemp("printed") / "demo"))
    yield run("attribute", out, "--workers", "1", "--measure", MEASURES[0], "--measure", MEASURES[1]), out


def test_the_command_prints_the_answer_and_where_it_is(printed: tuple[Result, Path]) -> None:
    done, out = printed
    assert (done.exit_code, done.stderr) == (0, "")
    assert (analysis_of(out) / "report" / "answer.txt").read_text(encoding="utf-8") in done.stdout
    assert "policy.detector_dogs.teams" in done.stdout  # a dead lever is named
    assert "held these replications already" in done.stdout
    assert len(list((analysis_of(out) / "charts").glob("attribution*.svg"))) == 3


def test_chinese_answers_have_no_english_but_names_and_paths(printed: tuple[Result, Path]) -> None:
    for language in ("zh-Hant", "zh-Hans"):
        text = (analysis_of(printed[1]) / "report" / f"answer.{language}.txt").read_text(encoding="utf-8")
        letters = "".join(character if character.isascii() and character.isalpha() else " " for character in text).split()
        assert set(letters) <= {"Base", "Joint", "attribution", "csv", "interactions", "policy", "detector", "dogs", "teams"}, (
            letters
        )


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["base.yaml"], "a package needs a base to be held against"),
        (["base.yaml", "joint.yaml", "--measure", "speed"], "there is no such measure"),
        (["base.yaml", "joint.yaml", "--group", "policy.corridor"], "no package changes it"),
        (["base.yaml", "joint.yaml", "--steps", "policy.inspection"], "both sides inspect at the origin only if"),
        (["base.yaml", "joint.yaml", "--orders", "1"], "orders"),
        (
            ["base.yaml", "joint.yaml", "--group", "g=policy.inspection", "--steps", "policy.pre_clearance"],
            "the group is none of the steps",
        ),
        (["base.yaml", "nowhere.yaml"], "nowhere.yaml"),
        (["out/demo", "--seed", "8"], "the study has its own seed"),
        (["out/demo", "--set", "study.days=2"], "the scenarios of a study stand as they were run"),
        (["out"], "manifest.json"),
    ],
)
def test_bad_input_ends_with_code_2_and_a_reason(
    command: list[str], message: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    before = sorted(home.rglob("*"))
    done = run("attribute", *command)
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert sorted(home.rglob("*")) == before, "something was written"


@pytest.mark.takes(4)
def test_how_long_it_will_take_is_told_before_it_starts(demo: Path) -> None:
    forecasts: list[tuple[int, float]] = []
    options = sim.RunOptions(workers=1, again=True, forecast=lambda *one: forecasts.append(one))
    sim.attribute(demo, measures=MEASURES, options=options)
    ((n, seconds),) = forecasts
    assert n == 2 * POINTS and np.isfinite(seconds) and seconds > 0


@pytest.mark.slow
def test_what_is_drawn_of_one_lever_alone_and_of_none(tmp_path: Path) -> None:
    dead = JOINT.split("  pre_clearance")[0] + "  detector_dogs: {teams: 4}\n"
    one = dead + "  corridor: {headway: 6 min}\n"
    for name, text, levers in (("dead", dead, 0), ("one", one, 1)):
        files = write_scenarios(tmp_path / name, {"base": SMALL, "joint": text})
        done = sim.attribute(files, measures=MEASURES[:1], out=tmp_path / name / "out", workers=1, finish=write_answer)
        answer = (done.files / "report" / "answer.txt").read_text(encoding="utf-8")
        assert answer.count("Headway") == levers or levers == 1
        assert ("lever  " in answer) == bool(levers)
        assert any("policy.detector_dogs.teams" in warning.en for warning in done.manifest.warnings)
