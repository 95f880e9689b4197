"""Predicted beside published: the table, its verdicts, and what the checks say today."""

import math
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from sim.cli.main import main
from sim.ground.text import LANGUAGES, Language
from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.report.as_terminal import terminal_text
from sim.report.calibration import Compared, compared, compared_in_blocks, scenarios_of
from sim.report.face_validity import page
from sim.report.published import CALIBRATED, DAYS, PREDICTED, PUBLISHED, Computed, Measured, Published
from sim.scenario.parameters import catalogue
from sim.world.aircraft import aircraft_catalogue
from sim.world.geography import DATA
from tests.shipped import shipped

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "scenarios").glob("calibration-*.yaml"))
METRICS = {metric.key for metric in all_metrics(FEATURES)}
POINT = replace(PREDICTED[0], low=500.0, high=900.0, unit="s", why="")


def declared_sources() -> dict[str, str]:
    """What every declaration says of its source, by its name: parameters, figures of aircraft types, of the climate, of roads."""
    sources = {path: parameter.source for path, parameter in catalogue().items()}
    for kind in aircraft_catalogue().values():
        sources |= {f"aircraft.{kind.key}.{evidence.field}": evidence.source for evidence in kind.evidence}
    climate = tomllib.loads((DATA / "climate.toml").read_text(encoding="utf-8"))
    sources |= {f"climate.{table}.{name}": row["source"] for table, rows in climate.items() for name, row in rows.items()}
    road = tomllib.loads((DATA / "road.toml").read_text(encoding="utf-8"))
    return sources | {f"road.{route}": row["source"] for route, row in road.items()}


def names(tag: str) -> set[str]:
    """The declarations whose source has these words, commas apart."""
    return {name for name, source in declared_sources().items() if tag.replace(",", "") in source.replace(",", "")}


def label(published: Published) -> str:
    return published.what.en


@pytest.mark.parametrize("published", PUBLISHED, ids=label)
def test_every_published_figure_names_what_predicts_it(published: Published) -> None:
    assert published.source and published.low <= published.high
    if isinstance(published.prediction, Measured):
        assert {measure.partition("/")[0] for measure in published.prediction.measures} <= METRICS
        for name in scenarios_of(published):
            assert (ROOT / "scenarios" / f"{name}.yaml").is_file()
            assert published.prediction.per in (1.0, DAYS) and shipped(name).study.days == DAYS
    else:
        assert math.isfinite(published.prediction.value())


def test_every_calibration_file_predicts_something() -> None:
    assert {file.stem for file in FILES} <= set.union(*map(scenarios_of, PUBLISHED))


@pytest.mark.parametrize("published", PUBLISHED, ids=label)
def test_what_is_said_to_be_set_from_a_figure_is_all_that_names_its_source(published: Published) -> None:
    """So that no figure from which something was set stands among the predictions."""
    assert published.tag
    declared = {name for name in published.sets if name in declared_sources()}
    assert names(published.tag) == declared | set(published.names_it)
    assert all((ROOT / name).is_file() for name in set(published.sets) - declared)


def test_predictions_set_nothing_and_inputs_something() -> None:
    assert len(PREDICTED) >= 6
    assert all(published.role == "check" and not published.sets for published in PREDICTED)
    assert all(published.role == "input" and published.sets for published in CALIBRATED)


@pytest.mark.parametrize(
    ("predicted", "verdict"),
    [(600, "agrees"), (917, "agrees"), (919, "near"), (1079, "near"), (1081, "misses"), (401, "near"), (399, "misses"),
     (math.nan, "not predicted")],
)  # fmt: skip
def test_the_verdict(predicted: float, verdict: str) -> None:
    assert Compared(POINT, predicted).verdict == verdict


def test_the_verdict_on_a_change_and_on_a_limit() -> None:
    change = replace(POINT, low=-0.45, high=-0.45, unit="share")
    assert [Compared(change, value).verdict for value in (-0.45, -0.5, -0.3, 0.45)] == ["agrees", "near", "misses", "misses"]
    assert Compared(replace(POINT, low=1800.0, high=math.inf), 9000.0).verdict == "agrees"


def test_figures_in_words() -> None:
    assert Compared(POINT, 600.0, 590.0, 610.0).in_words() == ("8.3 to 15.0 min", "10.0 min [9.8, 10.2]")
    assert Compared(replace(POINT, low=0.0), 600.0).in_words() == ("under 15.0 min", "10.0 min")
    assert Compared(replace(POINT, low=1800.0, high=math.inf), 2400.0).in_words() == ("over 30.0 min", "40.0 min")
    assert Compared(replace(POINT, low=-0.5, high=-0.5, unit="share"), -0.25).in_words()[0] == "−50.0%"


def test_only_what_the_study_has_is_compared() -> None:
    empty = pd.DataFrame(columns=["scenario", "replication", "metric", "part", "value"])
    manifest = SimpleNamespace(replications=2)
    study = SimpleNamespace(names=["calibration-helicopters"], replications=empty, manifest=manifest, confidence=0.95)
    rows = compared(study)  # type: ignore[arg-type]
    simulated = [row for row in rows if isinstance(row.published.prediction, Measured)]
    assert len(simulated) == 5 and all(row.verdict == "not predicted" for row in simulated)
    assert len(rows) == len(simulated) + sum(isinstance(row.prediction, Computed) for row in PUBLISHED)


def test_a_difference_is_paired_and_a_share_is_of_the_other_scenario() -> None:
    values = {"b": [100.0, 200.0], "a": [80.0, 150.0]}
    table = pd.DataFrame([(name, k, "m", "p", v) for name, row in values.items() for k, v in enumerate(row)],
                         columns=["scenario", "replication", "metric", "part", "value"])  # fmt: skip
    study = SimpleNamespace(names=["a", "b"], replications=table, manifest=SimpleNamespace(replications=2), confidence=0.95)

    def mean(prediction: Measured) -> float:
        from sim.report import calibration

        return calibration._compared(study, replace(POINT, prediction=prediction)).predicted  # type: ignore[arg-type]

    assert mean(Measured("a", ("m/p",), per=10)) == pytest.approx(11.5)
    assert mean(Measured("a", ("m/p", "m/p"))) == pytest.approx(230)
    assert mean(Measured("a", ("m/p",), against="b")) == pytest.approx(-35)
    assert mean(Measured("a", ("m/p",), against="b", as_share=True)) == pytest.approx(-35 / 150)


@pytest.mark.parametrize("predicted", [math.nan, 2000.0], ids=["no prediction", "no reason"])
def test_the_page_refuses_what_it_can_not_print(predicted: float) -> None:
    with pytest.raises(ValueError, match="Shekou to Shun Tak"):
        page([Compared(POINT, predicted)], "a command", 2)


def test_the_command_prints_predicted_beside_published() -> None:
    short = ["--replications", "2", "--set", "study.days=1", "--set", "study.warm_up=0 s", "--set", "study.cool_down=1 d"]
    done = CliRunner().invoke(main, ["calibrate", str(ROOT / "scenarios" / "calibration-helicopters.yaml"), *short])
    assert done.exit_code == 0, done.output
    predicted, _, calibrated = done.output.partition("Calibrated: ")
    shekou = next(line for line in predicted.splitlines() if "Shekou to Shun Tak" in line)
    assert "under 20.0 min" in shekou and shekou.split()[-1] == "agrees"
    assert "Haikou" in predicted and "Cyberport" in calibrated and "Huanggang" not in done.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_figures_fit_a_narrow_terminal(language: Language) -> None:
    rows = [Compared(published, published.low * 1.3, published.low, published.low * 1.5) for published in PUBLISHED]
    lines = terminal_text(compared_in_blocks(rows, language), 80).splitlines()
    assert max(map(cell_len, lines)) <= 80
    for row in rows:
        assert any(all(words in line for words in row.in_words(language)) for line in lines), row.published.what.en


def test_a_file_that_is_not_there_is_told() -> None:
    failed = CliRunner().invoke(main, ["calibrate", "nowhere.yaml"])
    assert failed.exit_code == 2 and "nowhere.yaml" in failed.output
