"""Levers in silence are told: at the top of what is printed, in the manifest, in the report, and by `sim check` beforehand."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.cli.main import main
from sim.ground.text import LANGUAGES, Language
from sim.report.context import ReportContext
from sim.report.document import Callout
from sim.report.printed import comparison_text
from sim.report.sections.read_first import read_first
from sim.scenario.load import load_scenario
from sim.study.design import design_study
from sim.study.silent_levers import said_dead, silent_levers
from tests.conftest import BASE, MakeStudy, write_scenarios

SILENT = """
extends: base.yaml
name: silent
title: Silent
policy:
  detector_dogs: {teams: 4, rest: 1 h}
  data_interface: {mode: api, batch_period: 60 min}
  vertiports: {fleet: 60}
"""
AMPLE = """
extends: base.yaml
name: ample
title: Ample
policy:
  vertiports: {fleet: 50}
"""
TWO = {"base": f"{BASE}policy:\n  vertiports: {{fleet: 30}}\n", "silent": SILENT}
DOGS = "policy.detector_dogs.teams, policy.detector_dogs.rest change nothing here: no dog in policy.inspection.sequence."
BATCH = "policy.data_interface.batch_period changes nothing here: policy.data_interface.mode is api, not batch."


@pytest.fixture(scope="module")
def study(make_study: MakeStudy) -> sim.Study:
    return sim.load(make_study(TWO, replications=2))


def test_dead_levers_are_told_with_the_reason_and_by_reason(study: sim.Study) -> None:
    told = study.levers_in("en")
    assert f"Scenario “Silent”: {DOGS}" in told and f"Scenario “Silent”: {BATCH}" in told


def test_a_lever_that_never_binds_is_told_with_both_values(study: sim.Study) -> None:
    (never,) = [sentence for sentence in study.levers_in("en") if "never binds" in sentence]
    assert never.startswith("Scenario “Silent”: policy.vertiports.fleet never binds: with 30, as in “Base”, instead of 60,")
    assert never.endswith("(2 replications tried).")


def test_a_lever_that_moves_something_is_not_told(study: sim.Study) -> None:
    assert not any("data_interface.mode changes" in sentence for sentence in study.levers_in("en"))
    assert not any("flights_per_day" in sentence for sentence in study.levers_in("en"))


def test_they_stand_in_three_languages_before_all_else(study: sim.Study) -> None:
    text = comparison_text(study)
    assert text.index("Levers without effect") < text.index("What was compared")
    for language in LANGUAGES:
        sentences = study.levers_in(language)
        assert len(sentences) == len(study.manifest.levers) == 3
        assert all("policy." in sentence for sentence in sentences)
    assert "緝毒犬" in "".join(study.levers_in("zh-Hant")) and "缉毒犬" in "".join(study.levers_in("zh-Hans"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_are_the_first_things_in_the_report(study: sim.Study, language: Language) -> None:
    (box,) = read_first(ReportContext(study, language))
    assert isinstance(box, Callout) and box.items[:3] == tuple(study.levers_in(language))


def test_a_study_without_such_levers_says_nothing(make_study: MakeStudy) -> None:
    plain = sim.load(make_study())
    assert plain.levers_in("en") == [] and "Levers without effect" not in comparison_text(plain)


def test_the_first_scenario_is_held_against_the_defaults_and_another_against_what_it_names(tmp_path: Path) -> None:
    texts = {**TWO, "ample": AMPLE.replace("title: Ample", "title: Ample\ncompare_with: silent")}
    texts["silent"] = texts["silent"].replace("rest: 1 h", "rest: 90 min")
    files = write_scenarios(tmp_path, texts)
    design = replace(design_study(files), replications=1)
    assert [design.base_of(name) for name in design.names] == [None, *design.scenarios[:2]]
    assert design_study([files[0], files[2]]).base_of("ample") == design.scenarios[0]
    sentences = [text.en for text in silent_levers(design)]
    assert any(sentence.startswith("Scenario “Ample”: ") and "as in “Silent”" in sentence for sentence in sentences), sentences


def test_check_tells_what_is_declared_without_a_run(tmp_path: Path) -> None:
    files = write_scenarios(tmp_path, TWO)
    base, silent = (load_scenario(path) for path in files)
    assert [text.en for text in said_dead(silent, base)] == [f"Scenario “Silent”: {BATCH}", f"Scenario “Silent”: {DOGS}"]
    assert said_dead(base, base.assembly.defaults()) == []
    printed = CliRunner().invoke(main, ["check", *map(str, files)])
    assert printed.exit_code == 0
    assert f"caution: Scenario “Silent”: {DOGS}" in printed.output and f"caution: Scenario “Silent”: {BATCH}" in printed.output
