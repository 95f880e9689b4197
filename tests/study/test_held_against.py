"""Every compared scenario is held against one other, and every answer goes by it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.charts import differences, labels, winners
from sim.cli.main import main
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES, Language
from sim.metrics.measure_ref import MeasureRef
from sim.replay.rerun import chosen_scenarios
from sim.report.held_against import held_against_sentences
from sim.report.printed import comparison_text
from sim.study.comparison import Terms, comparison_table, releasing_fewer
from sim.study.design import design_study
from sim.study.held_against import against_first, steps_to
from tests.charts.fake_study import METRICS, study_of
from tests.conftest import BASE, MakeStudy, write_scenarios

STEP = "extends: base.yaml\nname: step\npolicy: {corridor: {headway: 4 min}}\n"
TOP = "extends: step.yaml\nname: top\ncompare_with: step\npolicy: {pre_clearance: {lead: 2 h}}\n"
PACKAGE = {"base": BASE, "step": STEP, "top": TOP}
NAMES = ["baseline", "pre-clearance-60", "one-stop", "each-flight-approved"]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return write_scenarios(tmp_path / "scenarios", PACKAGE)


@pytest.fixture(scope="module")
def package(make_study: MakeStudy) -> sim.Study:
    return sim.load(make_study(PACKAGE, replications=4))


def fake(**compare_with: str) -> Any:
    return study_of(NAMES, compare_with={name.replace("_", "-"): base for name, base in compare_with.items()})


# ----------------------------------------------------------------------------------------- who against whom


def test_the_base_is_the_scenario_named_where_the_study_has_it_else_the_first(files: list[Path]) -> None:
    base, step, top = files
    assert design_study(files).against == {"step": "base", "top": "step"}
    assert design_study([base, top]).against == {"top": "base"}, "the one named is not there"
    assert design_study([top, step, base]).against == {"step": "top", "base": "top"}, "the first is held against none"
    assert design_study([base, step, sim.load_scenario(top, "compare_with=top")]).against["top"] == "base", "nor against itself"
    assert design_study(files, against_first=True).against == {"step": "base", "top": "base"}
    assert steps_to("top", design_study(files).against) == ("base", "step", "top")


def test_a_circle_is_refused_where_it_is_written(files: list[Path]) -> None:
    files[1].write_text(STEP.replace("name: step\n", "name: step\ncompare_with: top\n"), encoding="utf-8")
    with pytest.raises(InputError, match="held against each other in a circle") as refused:
        design_study(files)
    (problem,) = refused.value.problems
    assert (problem.path, problem.found.en, problem.file, problem.line) == ("compare_with", "step > top > step", str(files[1]), 3)
    assert "--against-first" in problem.allowed.en
    assert design_study(files, against_first=True).against == {"step": "base", "top": "base"}
    assert design_study([files[2], files[1]]).against == {"step": "top"}, "one of the two as the first is no circle"


def test_against_first_is_a_flag() -> None:
    with pytest.raises(InputError, match="against_first"):
        design_study("base.yaml", against_first="yes")  # type: ignore[arg-type]


# ----------------------------------------------------------------------------------------- tables


def test_every_table_is_of_the_base(package: sim.Study) -> None:
    assert package.against == {"step": "base", "top": "step"}
    for name in ("comparison", "winners", "released_in_both", "ledger"):
        table = getattr(package, name)
        pairs = set(zip(table["scenario"], table["baseline"], strict=True)) - {("base", "")}
        assert pairs == {("step", "base"), ("top", "step")}, name
        keys = [key for key in ("scenario", "metric", "part", "by", "group", "measure", "quantity", "account") if key in table]
        assert not table.duplicated(keys).any(), f"{name}: one row a scenario and measure"
    assert set(zip(package.together["scenario"], package.together["baseline"], strict=True)) == {("top", "base")}
    assert [len(package.differences[name]) for name in package.names] == [0, 1, 1], "the last step alone"
    assert package.sql("select distinct scenario, baseline from together").values.tolist() == [["top", "base"]]


def test_differences_of_means_add_up_to_all_steps_together(package: sim.Study) -> None:
    keys = ["metric", "part"]
    values = package.replications.set_index(["scenario", "replication", *keys])["value"]
    step, top = (package.comparison.query("scenario == @name").set_index(keys) for name in ("step", "top"))
    together = package.together.set_index(keys)
    means = [ref for ref in together.index if (package.metrics[ref[0]].ratio is None and "/p" not in f"/{ref[1]}")]
    whole = [ref for ref in means if ref in step.index and step.loc[ref, "n"] == top.loc[ref, "n"] == 4]
    assert len(whole) > 50
    for ref in whole:
        difference = together.loc[ref, "difference"]
        assert np.isclose(difference, step.loc[ref, "difference"] + top.loc[ref, "difference"], atol=1e-6, equal_nan=True), ref
        apart = [values["top", n, *ref] - values["base", n, *ref] for n in range(4)]
        assert np.isclose(difference, np.mean(apart), atol=1e-6, equal_nan=True), ref


def test_the_family_is_that_of_all_main_comparisons() -> None:
    """By hand: the p-values of one measure over two bases are adjusted as those of two scenarios against one base."""
    rng = np.random.default_rng(1)
    noise = {name: rng.normal(0.0, 1.0, 12) for name in "abc"}
    values = {MeasureRef("delay_mean"): {"a": noise["a"], "b": noise["a"] + noise["b"] + 0.8, "c": noise["b"] + noise["c"] + 1.9}}
    table = comparison_table(values, {"b": "a", "c": "b"}, METRICS, Terms(0.95)).set_index("scenario")
    (low, high), p = sorted(table["p"]), dict(table["p"])
    for name in "bc":
        expected = 2 * low if p[name] == low else max(2 * low, high)
        assert np.isclose(table.loc[name, "p_adjusted"], min(expected, 1.0)), "seed 1"


def test_the_guard_is_against_the_base() -> None:
    """The step turns half of the flights away; what stands on it does not, and is quicker: better, and not of fewer flights."""
    rng = np.random.default_rng(2)
    noise = rng.normal(0.0, 0.001, 20)
    values = {
        MeasureRef("released_share"): {"base": 0.9 + noise, "step": 0.45 + noise[::-1], "top": 0.45 + noise[::-1]},
        MeasureRef("on_time_share"): {"base": 0.5 + noise, "step": 0.7 + noise[::-1], "top": 0.9 + noise},
    }
    against = {"step": "base", "top": "step"}
    verdict = comparison_table(values, against, METRICS, Terms(0.95)).set_index(["scenario", "metric"])["verdict"]
    assert verdict["step", "on_time_share"] == "fewer_flights" and verdict["top", "on_time_share"] == "better", "seed 2"
    together = comparison_table(values, {"top": "base"}, METRICS, Terms(0.95))
    assert together.set_index("metric")["verdict"]["on_time_share"] == "fewer_flights"
    assert releasing_fewer(together) == ["top"]


def test_the_world_is_that_of_the_base(tmp_path: Path) -> None:
    """`busy` stands in another world than base; what is held against busy stands in its world, and is judged, but not ranked."""
    texts = {
        "base": BASE,
        "busy": "extends: base.yaml\nname: busy\nworld: {demand: {flights_per_day: 60/d}}\n",
        "dense": "extends: busy.yaml\nname: dense\ncompare_with: busy\npolicy: {corridor: {headway: 6 min}}\n",
        "back": "extends: base.yaml\nname: back\ncompare_with: busy\npolicy: {corridor: {headway: 6 min}}\n",
    }
    study = sim.run(write_scenarios(tmp_path, texts), replications=3)
    verdicts = study.comparison.groupby("scenario")["verdict"].agg(set)
    assert verdicts["busy"] == verdicts["back"] == {"other_world"} and "other_world" not in verdicts["dense"]
    together = study.together.groupby("scenario")["verdict"].agg(set)
    assert together["dense"] == {"other_world"} and "other_world" not in together["back"]
    ranked = study.best.groupby("scenario")["may_be_best"].agg(set)
    assert ranked["busy"] == ranked["dense"] == {"other_world"} and "other_world" not in ranked["back"]
    assert study.other_world == ("busy", "dense")
    assert study.manifest.paired_by_flight == {"base": True, "busy": False, "dense": True, "back": False}
    worlds = [sentence for sentence in study.warnings if "another world" in sentence]
    assert [sentence.split(",")[0] for sentence in worlds] == [
        "Scenario “busy” stands in another world than “Base”", "Scenario “back” stands in another world than “busy”",
    ]  # fmt: skip
    assert any("not “busy”, “dense”." in sentence for sentence in study.warnings)
    assert any("“back” has other flights than “busy”" in sentence for sentence in study.warnings)


def test_a_precision_of_differences_is_that_of_differences_from_the_base(files: list[Path]) -> None:
    study = sim.run(files, replications=3, max_replications=4, precision="difference:delay_mean=1 s")
    reached = {row.scenario: row.mean for row in study.manifest.precision.reached}  # type: ignore[union-attr]
    stated = study.comparison.query("metric == 'delay_mean' and part == ''").set_index("scenario")["difference"]
    assert set(reached) == {"step", "top"}
    assert all(np.isclose(reached[name], stated[name]) for name in reached)


# ----------------------------------------------------------------------------------------- the folder


def test_the_manifest_says_what_is_held_against_what_and_a_study_held_otherwise_is_another(
    files: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = sim.run(files, replications=2, out=out)
    stored = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [scenario["against"] for scenario in stored["scenarios"]] == ["", "base", "step"]
    assert stored["against_first"] is False
    assert "# Differences from step:" in (out / "scenarios" / "top.yaml").read_text(encoding="utf-8")
    assert sim.run(files, replications=2, out=out).reused
    other = sim.run(files, replications=2, out=out, against_first=True)
    assert not other.reused and other.manifest.against_first and other.against == {"step": "base", "top": "base"}
    assert other.together.empty and len(other.differences["top"]) == 2
    assert other.replications.equals(first.replications) or len(other.replications), "numbers of replications are the same"


def test_a_folder_of_before_was_held_against_the_first(tmp_path: Path) -> None:
    folder = Path(__file__).resolve().parents[1] / "fixtures" / "format-2" / "finished"
    study = sim.load(folder)
    assert study.against == {"one-stop": "baseline"} and study.together.empty
    assert list(study.together.columns) == list(study.comparison.columns)


# ----------------------------------------------------------------------------------------- what is said


def test_the_print_names_the_base_wherever_bases_differ() -> None:
    text = comparison_text(fake(one_stop="pre-clearance-60"))
    words = " ".join(text.split())
    assert "Held against baseline: pre-clearance-60, each-flight-approved." in words
    assert "Held against pre-clearance-60: one-stop." in words
    assert "baseline > pre-clearance-60 > one-stop. The differences of one-stop are what its last step adds" in words
    assert "\n  one-stop against pre-clearance-60\n" in text
    assert "\n  one-stop against baseline, all steps together (pre-clearance-60 included)\n" in text
    assert "one-stop against pre-clearance-60" in text.partition("\nWinners and losers\n")[2]
    assert "one-stop against baseline" not in words.replace("one-stop against baseline, all steps", "").replace(
        "one-stop against baseline:", ""
    )
    assert "differs only in" not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_base_that_is_not_there_is_told(language: Language) -> None:
    study = fake(one_stop="somewhere-else")
    (held, told) = held_against_sentences(study, language)
    assert "somewhere-else" in told and "one-stop" in told and "baseline" in told
    assert "one-stop" in held and held_against_sentences(fake(), language) == [held]


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_name_the_base_of_each(language: Language) -> None:
    study, alike = fake(one_stop="pre-clearance-60"), fake()
    assert labels.held(study, "one-stop", language) != "one-stop" == labels.held(alike, "one-stop", language)
    for chart in (differences.CHART, winners.CHART):
        lines = chart.finding(study, language).splitlines()
        (line,) = [line for line in lines if line.startswith("one-stop")]
        assert "pre-clearance-60" in line
    assert "baseline" in differences.CHART.title_of(alike, language)
    assert "baseline" not in differences.CHART.title_of(study, language)


def test_the_command_says_it_and_has_the_option(files: list[Path], tmp_path: Path) -> None:
    options = ["--replications", "2", "--no-charts", "--full", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, ["run", *map(str, files), *options])
    assert done.exit_code == 0, done.output
    assert "Held against step: top." in done.output and "top against Base, all steps together (step included)" in done.output
    done = CliRunner().invoke(main, ["run", *map(str, files), *options, "--against-first"])
    assert done.exit_code == 0, done.output
    assert "All are held against Base, whatever their files name (--against-first)." in done.output
    assert "Held against Base: step, top." in done.output and "all steps together" not in done.output
    assert "top is meant to be held against step." in " ".join(done.output.split())


def test_the_replay_shows_a_scenario_beside_its_base(package: sim.Study) -> None:
    assert chosen_scenarios(package, None, None) == ("base", "step")
    assert chosen_scenarios(package, None, "top") == ("step", "top")
    assert chosen_scenarios(package, "base", "top") == ("base", "top")
    assert chosen_scenarios(package, "top", None) == ("top",)


def test_against_first_of_names() -> None:
    assert against_first(["a", "b", "c"]) == {"b": "a", "c": "a"}
    assert against_first(["a"]) == {}
