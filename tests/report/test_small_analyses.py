"""The analyses that a report runs by itself: once, kept in the study's folder, and not tried where that is wanted."""

import re
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

import sim
from sim.analysis import assumptions as of_assumptions
from sim.analysis import robust as of_robustness
from sim.analysis.ranges import Range, ranges
from sim.charts import delay, export
from sim.cli.main import main
from sim.execution import run_task
from sim.execution.options import RunOptions
from sim.execution.replicate import ReplicationResult, Task, replicate
from sim.report import as_typst, small_analyses
from sim.report.build import build_brief
from sim.report.small_analyses import KINDS, kept_analyses, main_pair, run_analyses
from sim.scenario.scenario import Scenario
from tests.analysis.conftest import FEW
from tests.conftest import BASE, write_scenarios

SMALL = BASE.replace("replications: 3", "replications: 2")
EARLY = """
extends: base.yaml
name: early
question: Q3
policy: {pre_clearance: {lead: 60 min}}
"""
BUSIER = """
extends: base.yaml
name: busier
world: {demand: {flights_per_day: 30/d}}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study, which tests copy."""
    home = tmp_path_factory.mktemp("home")
    files = write_scenarios(home, {"base": SMALL, "early": EARLY, "busier": BUSIER})
    sim.run(files, out=home / "demo", workers=1)
    return home / "demo"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two worlds, and the ranges of two groups of parameters."""

    def of_two_groups(scenario: Scenario, branch: str, _: object) -> tuple[Range, ...]:
        return ranges(scenario, "world", FEW)

    for module in (of_robustness, of_assumptions):
        monkeypatch.setattr(module, "ranges", of_two_groups)
    monkeypatch.setattr(small_analyses, "WORLDS", 2)
    monkeypatch.setattr(small_analyses, "WORLD_REPLICATIONS", 2)


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The replications that are really simulated in this process."""
    tasks: list[Task] = []

    def noted(task: Task) -> ReplicationResult:
        tasks.append(task)
        return replicate(task)

    monkeypatch.setattr(run_task, "replicate", noted)
    return tasks


def test_the_pair_is_the_last_policy_in_the_world_of_its_base(home: Path) -> None:
    study = sim.load(home)
    pair = main_pair(study)
    assert pair is not None and [scenario.name for scenario in pair] == ["base", "early"], "not the one with more flights"


@pytest.mark.slow
def test_the_analyses_are_run_once_and_kept_in_the_folder(home: Path, few: None, simulated: list[Task], tmp_path: Path) -> None:
    study = sim.load(copytree(home, tmp_path / "demo"))
    names: list[str] = []
    options = RunOptions(workers=1)
    first = run_analyses(study, options, lambda name, _: names.append(name))
    assert names == list(KINDS) and simulated
    assert first.robustness is not None and first.robustness.manifest.asked["measure"] == "delay_quantile/p50"
    assert first.assumptions is not None and first.attribution is not None
    assert {path.name for path in (tmp_path / "demo" / "analyses").iterdir()} == set(KINDS)
    for language, worlds in (
        ("en", "Tried in 2 other plausible worlds, 2 runs each"),
        ("zh-Hans", "在其他 2 个合理情境试算，每个 2 次"),
    ):
        brief = build_brief(study, language, first)
        words = " ".join(brief.texts())
        assert worlds in words and not re.search("not tried|未试算", words)
        assert as_typst.pages(brief, as_typst.setting_of(brief)) <= 2
    simulated.clear()
    again = run_analyses(study, options, lambda name, _: names.append(name))
    assert names == list(KINDS) and not simulated, "nothing is run again"
    assert again.robustness is not None and again.robustness.folder == first.robustness.folder
    other = sim.load(home)
    (other.folder or home).joinpath("analyses").mkdir(exist_ok=True)
    assert kept_analyses(other).robustness is None


def test_of_a_study_by_another_version_nothing_is_tried(
    home: Path, simulated: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_analyses, "study_fingerprint", lambda: "another")
    sentences: list[str] = []
    kept = run_analyses(sim.load(home), RunOptions(workers=1), lambda _, sentence: sentences.append(sentence.en))
    assert kept.attribution is None and not simulated
    assert sentences and all("another version" in sentence for sentence in sentences)


def test_without_analyses_the_command_simulates_nothing(
    home: Path, simulated: list[Task], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sim.cli.report.run_analyses", lambda *_: pytest.fail("run"))
    monkeypatch.setattr(export, "charts_of", lambda study: (delay.CHART,))  # drawing all charts takes seconds
    arguments = ["report", str(home), "--no-analyses", "--lang", "en", "--format", "html", "--out", str(tmp_path / "out")]
    finished = CliRunner().invoke(main, arguments)
    assert finished.exit_code == 0, finished.output
    assert not simulated and not any((home / "analyses" / name).exists() for name in KINDS)
