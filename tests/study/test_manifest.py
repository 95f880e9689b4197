"""The typed manifest: what is there is read as it is, what is missing or wrong is told with its place, nothing is lost."""

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from functools import cached_property
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner

import sim
from sim.archive import layout, study_folder
from sim.cli.main import main
from sim.ground.errors import InputError
from sim.study.manifest import AnalysisManifest, StudyManifest, read_manifest
from sim.study.study import add_to
from tests.tiers import slow

REPO = Path(__file__).resolve().parents[2]
FIXTURES = REPO / "tests" / "fixtures" / "format-2"
REMOVED = object()
WRONG: tuple[tuple[str, Any, str], ...] = (
    ("key", REMOVED, "a text"),
    ("key", None, "a text"),
    ("version", 1, "a text"),
    ("seed", REMOVED, "a whole number, 0 or more"),
    ("seed", "7", "a whole number, 0 or more"),
    ("seed", -1, "a whole number, 0 or more"),
    ("seed", True, "a whole number, 0 or more"),
    ("replications", None, "a whole number, 1 to 10,000,000"),
    ("replications", 0, "a whole number, 1 to 10,000,000"),
    ("replications", 3.5, "a whole number, 1 to 10,000,000"),
    ("replications", 10**9, "a whole number, 1 to 10,000,000"),
    ("confidence", "95%", "a finite number, 0.5 to 0.999"),
    ("confidence", float("nan"), "a finite number, 0.5 to 0.999"),
    ("confidence", 10**400, "a finite number, 0.5 to 0.999"),
    ("identity", REMOVED, "an object"),
    ("identity", [], "an object"),
    ("identity.model", 5, "a text"),
    ("identity.libraries.numpy", None, "a text"),
    ("identity.keep_stages", "some", "first, all, none"),
    ("window", "3 d", "an object"),
    ("window.days", "1", "a whole number, 1 to 3,660"),
    ("window.warm_up", "soon", "a text, a number with a unit of time"),
    ("kind", "terminating", "an object with a text for each of en, zh-Hant, zh-Hans"),
    ("kind.zh-Hans", REMOVED, "a text"),
    ("set", "study.days=1", "a list"),
    ("set[1]", 5, "a text"),
    ("scenarios", {}, "a list, 1 or more"),
    ("scenarios", [], "a list, 1 or more"),
    ("scenarios[0]", None, "an object"),
    ("scenarios[1].name", 7, "a text"),
    ("scenarios[0].file", REMOVED, "a text"),
    ("scenarios[1].paired_by_flight", "yes", "true or false"),
    ("scenarios[1].differences[0].branch", "weather", "policy, world, study"),
    ("scenarios[1].differences[2].zh-Hant", REMOVED, "a text"),
    ("warnings", None, "a list"),
    ("warnings[0]", "few", "an object with a text for each of en, zh-Hant, zh-Hans"),
    ("run", REMOVED, "an object"),
    ("run.started", "yesterday", "an instant in ISO 8601"),
    ("run.seconds", float("inf"), "a finite number, 0 or more"),
    ("run.workers", "many", "a whole number, 0 or more or cluster"),
    ("run.libraries", [], "an object"),
    ("precision", 5, "an object or null"),
    ("precision", {}, "an object"),
    ("files", REMOVED, "an object with the hash of each file"),
    ("files", [], "an object with the hash of each file"),
)
COMMANDS = {"report": ["--lang", "en", "--format", "html"], "replay": [], "sql": ["select 1"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the finished study, in a folder of its own."""
    return copytree(FIXTURES / "finished", tmp_path / "out" / "study")


def change(folder: Path, path: str, value: Any) -> None:
    """Give an entry of the manifest that value, or remove it."""
    file = folder / layout.MANIFEST
    entries = place = json.loads(file.read_text(encoding="utf-8"))
    *above, last = [int(key[1:-1]) if key.startswith("[") else key for key in re.findall(r"\[\d+\]|[^.\[]+", path)]
    for key in above:
        place = place[key]
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    file.write_text(json.dumps(entries), encoding="utf-8")


@pytest.mark.parametrize(("path", "value", "needed"), WRONG)
def test_a_wrong_manifest_is_told_with_file_and_entry(folder: Path, path: str, value: Any, needed: str) -> None:
    change(folder, path, value)
    with pytest.raises(InputError) as error:
        sim.load(folder)
    (problem, *_) = error.value.problems
    assert problem.file == str(folder / layout.MANIFEST)
    assert problem.path.startswith(path)
    assert problem.allowed.en.startswith(needed)


QUICK = (("replications", 10**9), ("identity", REMOVED), ("run.started", "yesterday"), ("files", REMOVED))


@pytest.mark.parametrize(
    ("path", "value"),
    [(path, value) if (path, value) in QUICK else slow(path, value) for path, value, _ in WRONG],
)
def test_no_command_dies_of_a_wrong_manifest(folder: Path, path: str, value: Any) -> None:
    change(folder, path, value)
    copytree(FIXTURES / "finished", folder.parent / "whole")
    for command, options in COMMANDS.items():
        ended = CliRunner().invoke(main, [command, str(folder), *options])
        assert ended.exit_code == 2, ended.output
        assert isinstance(ended.exception, SystemExit), command
        assert f"{path}" in ended.output, command
    rows = json.loads(CliRunner().invoke(main, ["runs", str(folder.parent), "--json"]).stdout)
    assert [(row["name"], row["state"]) for row in rows] == [("study", "unreadable"), ("whole", "other model")]


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    change(folder, "seed", None)
    change(folder, "run.started", 5)
    change(folder, "scenarios[1].title", REMOVED)
    with pytest.raises(InputError) as error:
        sim.load(folder)
    assert {problem.path for problem in error.value.problems} == {"seed", "run.started", "scenarios[1].title"}


@pytest.mark.parametrize(
    ("path", "value"), [("holds", 5), ("points", "2"), ("asked", []), ("asked", REMOVED), ("scenarios", []), ("seed", None)]
)
def test_the_wrong_manifest_of_an_analysis_is_told(tmp_path: Path, path: str, value: Any) -> None:
    folder = copytree(FIXTURES / "sweep", tmp_path / "out" / "sweep")
    change(folder, path, value)
    with pytest.raises(InputError, match=re.escape(str(folder / layout.MANIFEST))) as error:
        read_manifest(folder)
    assert error.value.problems[0].path == path
    rows = json.loads(CliRunner().invoke(main, ["runs", str(folder.parent), "--json"]).stdout)
    assert [row["state"] for row in rows] == ["unreadable"]


def test_the_fixtures_are_read_as_they_stand() -> None:
    study, sweep = (read_manifest(FIXTURES / name) for name in ("finished", "sweep"))
    assert isinstance(study, StudyManifest)
    assert isinstance(sweep, AnalysisManifest)
    assert [scenario.name for scenario in study.scenarios] == ["baseline", "one-stop"]
    assert (study.seed, study.replications, study.window.cool_down, study.run.workers, study.precision) == (7, 3, "12 h", 1, None)
    assert study.paired_by_flight == {"baseline": True, "one-stop": True}
    assert study.scenarios[1].differences[0].text.zh_hant.startswith("申報與預先清關")
    assert (sweep.holds, sweep.points, sweep.asked["design"]) == ("sweep", 2, "grid")
    with pytest.raises(FrozenInstanceError):
        study.seed = 8  # type: ignore[misc]


def test_what_a_newer_version_added_is_kept_when_the_folder_is_completed(folder: Path) -> None:
    change(folder, "weather_service", {"station": "HKO"})
    change(folder, "run.gpu", "none")
    before = study_folder.read_manifest(folder)
    add_to(sim.load(folder), lambda _, staging: (staging / "note.txt").write_text("added", encoding="utf-8"))  # type: ignore[arg-type, return-value]
    after = study_folder.read_manifest(folder)
    assert after["weather_service"] == {"station": "HKO"}
    assert after["run"]["gpu"] == "none"
    assert "note.txt" in after["files"]
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"presentation", "files"}
    assert [key for key in after if key != "weather_service"] == [key for key in before if key != "weather_service"]


TABLES = {
    "summary", "comparison", "together", "best", "ledger", "winners", "released_in_both", "time_release", "limits",
    "replications", "distributions", "flights", "consignments", "stages", "quantiles", "other_world",
}  # fmt: skip
OTHERS = {
    "folder", "manifest", "reused", "names", "baseline", "scenarios", "confidence", "boost", "features", "metrics", "warnings",
    "warnings_in", "levers_in", "differences", "differences_in", "differences_in_short", "table", "sql", "against",
}  # fmt: skip


def test_a_study_has_its_tables_and_few_other_members(folder: Path) -> None:
    study = sim.load(folder)
    assert {name for name in dir(study) if not name.startswith("_")} == TABLES | OTHERS
    for name in TABLES:
        assert isinstance(inspect.getattr_static(sim.Study, name), cached_property), name
        assert getattr(study, name) is getattr(study, name)
    assert repr(study) == "<Study baseline, one-stop: 3 replications>"
    with pytest.raises(AttributeError):
        study.folder = None  # type: ignore[misc]


def entries_listed(heading: str) -> set[str]:
    """The entries that the page lists below a heading, in the first column."""
    page = (REPO / "docs" / "reference" / "studies.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = (line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("kind", [StudyManifest, AnalysisManifest])
def test_the_page_lists_the_entries_as_they_are(kind: Callable[..., Any]) -> None:
    both = {field.name for field in fields(StudyManifest)} | {field.name for field in fields(AnalysisManifest)}
    assert entries_listed("The manifest") == both - {"entries"} | {"format"}
    stored = json.loads((FIXTURES / ("finished" if kind is StudyManifest else "sweep") / layout.MANIFEST).read_text("utf-8"))
    not_yet = {"precision", "levers", "against_first"}  # they came after these folders were made, or theirs do without
    assert set(stored) == {field.name for field in fields(kind)} - {"entries", *not_yet} | {"format"}
