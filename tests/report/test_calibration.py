"""Predicted beside published: the table, its verdicts, and what the checks say today."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.metrics import all_metrics
from sim.policies import FEATURES
from sim.report.calibration import PUBLISHED, Compared, Published, compared
from sim.scenario.load import load_scenario
from sim.world.aircraft import aircraft_catalogue

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "scenarios").glob("calibration-*.yaml"))
METRICS = {metric.key for metric in all_metrics(FEATURES)}


def test_every_published_time_names_what_predicts_it() -> None:
    names = {load_scenario(file).name for file in FILES}
    for one in PUBLISHED:
        assert one.source and one.low_s <= one.high_s
        if one.scenario:
            assert one.scenario in names and one.measure.partition("/")[0] in METRICS
        else:
            assert one.distance_m > 0 and one.aircraft in aircraft_catalogue()
    assert {one.scenario for one in PUBLISHED if one.scenario} == names


@pytest.mark.parametrize(
    ("predicted_s", "role", "verdict"),
    [(600, "check", "agrees"), (1000, "check", "near"), (2000, "check", "differs"), (2000, "input", "set from it"),
     (float("nan"), "check", "not predicted")],
)  # fmt: skip
def test_the_verdict(predicted_s: float, role: Any, verdict: str) -> None:
    one = Published(PUBLISHED[0].what, 500, 900, "a source", role)
    assert Compared(one, predicted_s, predicted_s, predicted_s).verdict == verdict


def test_only_what_the_study_has_is_compared() -> None:
    empty = pd.DataFrame(columns=["scenario", "metric", "part", "mean", "ci_low", "ci_high"])
    rows = compared(SimpleNamespace(names=["calibration-helicopters"], summary=empty))  # type: ignore[arg-type]
    assert {row.published.scenario for row in rows} == {"", "calibration-helicopters"}
    assert all(row.verdict == "not predicted" for row in rows if row.published.role == "check")


def test_the_command_prints_predicted_beside_published() -> None:
    short = ["--replications", "2", "--set", "study.days=1", "--set", "study.warm_up=0 s", "--set", "study.cool_down=1 d"]
    done = CliRunner().invoke(main, ["calibrate", *map(str, FILES), *short])
    assert done.exit_code == 0, done.output
    lines = {line.split("  ")[0]: line for line in done.output.splitlines()}
    assert len([line for line in done.output.splitlines() if line[:1].isdigit() and "min" in line]) >= len(PUBLISHED) - 1
    shekou = next(line for name, line in lines.items() if "Shekou to Shun Tak" in name)
    assert "under 20.0 min" in shekou and shekou.split()[-2:] == ["check", "agrees"]


def test_a_file_that_is_not_there_is_told() -> None:
    failed = CliRunner().invoke(main, ["calibrate", "nowhere.yaml"])
    assert failed.exit_code == 2 and "nowhere.yaml" in failed.output
