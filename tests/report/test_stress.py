"""The STRESS-DES page: every item of the checklist, filled in from what the package declares, in three languages."""

import re
import tomllib
from pathlib import Path

import pytest

from sim.ground.text import LANGUAGES, Language
from sim.metrics import all_metrics
from sim.model.stage import STEP_LABELS
from sim.policies import FEATURES
from sim.report import stress
from sim.report.stress import stress_des
from sim.report.stress_items import ITEMS
from sim.scenario.load import load_scenario
from sim.scenario.parameters import catalogue

ROOT = Path(__file__).parents[2]
CHECKLIST = [
    *("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5"),
    *("3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_item_is_answered(language: Language) -> None:
    assert [item.number for item in ITEMS] == CHECKLIST
    page = stress_des(language=language)
    answers = re.split(r"^### (\S+) .*$", page, flags=re.MULTILINE)
    assert answers[1::2] == CHECKLIST
    assert all(len(answer.strip()) > 25 for answer in answers[2::2])
    assert not re.search(r"\{\w*\}", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_declaration_is_in_it(language: Language) -> None:
    page = stress_des(language=language)
    for feature in FEATURES:
        assert feature.label.in_language(language) in page
        for declared in (*feature.stages, *feature.pools):
            assert f"| `{declared.key}` | {declared.label.in_language(language)} |" in page
        for stream in feature.streams:
            assert f"`{stream.name}`" in page
    for metric in all_metrics(FEATURES):
        assert (f"| `{metric.key}` |" in page) == metric.headline
    diagram = page.split("```mermaid")[1].split("```")[0]
    for label in STEP_LABELS.values():
        assert f'["{label.in_language(language)}"]' in diagram


def test_the_counts_of_parameters_add_up() -> None:
    page = stress_des()
    parameters = catalogue().values()
    rows = {line.split(" | ")[0].strip("| "): line for line in page.splitlines() if line.startswith("| ")}
    assert rows["all"].strip("| ").split(" | ")[1:] == [
        *(str(sum(parameter.branch == branch for parameter in parameters)) for branch in ("policy", "world", "study")),
        str(len(parameters)),
    ]
    groups = [line.split(" | ") for line in page.splitlines() if re.match(r"\| (policy|world|study): ", line)]
    assert sum(int(cells[1]) for cells in groups) == len(parameters)
    for cells in groups:
        assert sum(map(int, re.findall(r"\d+", cells[2]))) == int(cells[1])


def test_libraries_and_licence_are_those_of_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = stress_des()
    for library in project["dependencies"]:
        name, _, version = library.partition(">=")
        assert f"| {name} | ≥ {version} |" in page
    assert f"licence {project['license']}:" in page
    monkeypatch.setattr(stress, "PROJECT", tmp_path / "pyproject.toml")  # as in an installed package
    installed = stress_des()
    assert "| numpy | ≥ " in installed
    assert "pytest" not in installed
    assert f"licence {project['license']}:" in installed


@pytest.mark.parametrize(("language", "same"), [("en", "the baseline"), ("zh-Hant", "基準情景"), ("zh-Hans", "基准情景")])
def test_a_study_tells_its_own_scenarios_and_settings(language: Language, same: str) -> None:
    settings = ["study.replications=7", "study.days=2", "study.seed=99", "study.confidence=90%"]
    files = [ROOT / "scenarios" / name for name in ("baseline.yaml", "one-stop.yaml")]
    scenarios = [load_scenario(file, settings) for file in files]
    page = stress_des(scenarios, language)
    assert f"- baseline{stress._HEADINGS['colon'].in_language(language)}{same}" in page
    assert f"| one-stop | {scenarios[1].title.in_language(language)} |" in page
    (told,) = [line for line in page.splitlines() if line.startswith("- one-stop")]
    label = catalogue()["policy.inspection.regime"].label.in_language(language)
    assert label in told
    for number in ("4.2", "4.3", "5.2"):
        answer = page.split(f"### {number} ")[1].split("###")[0]
        assert re.search({"4.2": r"\b2\b ?[d日]", "4.3": r"^7 (?s:.*)90%", "5.2": r"99"}[number], answer, re.MULTILINE), number
