"""Scenarios of another world: no verdict, no place among the best, and a way to compare their policies alone."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.ground.errors import InputError
from tests.conftest import BASE

BUSY = """extends: base.yaml
name: busy
policy: {pre_clearance: {lead: 2 h}}
world: {demand: {flights_per_day: 60/d}}
"""
DENSE = """extends: base.yaml
name: dense
policy: {pre_clearance: {lead: 2 h}}
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    for name, text in (("base", BASE), ("busy", BUSY), ("dense", DENSE)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [tmp_path / f"{name}.yaml" for name in ("base", "busy", "dense")]


def test_another_world_gets_no_verdict_and_no_place_among_the_best(files: list[Path]) -> None:
    study = sim.run(files, replications=2)
    verdicts = study.comparison.groupby("scenario")["verdict"].agg(set)
    assert verdicts["busy"] == {"other_world"} and "other_world" not in verdicts["dense"]
    assert set(study.best.loc[study.best["scenario"] == "busy", "may_be_best"]) == {"other_world"}
    (warning,) = [sentence for sentence in study.warnings if "another world" in sentence]
    assert "--same-world busy, or --same-world base" in warning
    alone = sim.run([files[0], files[2]], replications=2).comparison
    dense = study.comparison[study.comparison["scenario"] == "dense"].reset_index(drop=True)
    assert dense["p_adjusted"].equals(alone["p_adjusted"]), "a scenario without verdicts widens no family"


@pytest.mark.parametrize(("name", "per_day"), [("busy", "60/d"), ("base", None)])
def test_in_one_world_the_policies_alone_differ(files: list[Path], name: str, per_day: str | None) -> None:
    study = sim.run(files, replications=2, same_world=name)
    assert len({scenario.world.demand.flights_per_day for scenario in study.scenarios}) == 1
    assert study.scenarios[0].world == sim.load_scenario(files[["base", "busy"].index(name)]).world
    assert "other_world" not in set(study.comparison["verdict"])
    assert study.manifest.set == (f"world: that of {name}",)
    assert study.differences_in("en", "world") == {"base": [], "busy": [], "dense": []}
    assert study.scenarios[1].policy == sim.load_scenario(files[1]).policy


def test_a_scenario_in_its_own_world_keeps_its_numbers(files: list[Path]) -> None:
    moved, alone = sim.run(files[:2], replications=2, same_world="busy"), sim.run(files[1], replications=2)
    of_moved = moved.replications[moved.replications["scenario"] == "busy"].reset_index(drop=True)
    assert alone.replications["value"].equals(of_moved["value"])


def test_only_the_world_of_a_scenario_that_is_compared(files: list[Path]) -> None:
    with pytest.raises(InputError, match="only be that of a scenario that is compared") as refused:
        sim.run(files, same_world="elsewhere")
    assert refused.value.problems[0].allowed.en == "base, busy, dense"


def test_the_command_has_the_option(files: list[Path], tmp_path: Path) -> None:
    options = ["--replications", "2", "--no-charts", "--out", str(tmp_path / "out"), "--same-world", "busy"]
    done = CliRunner().invoke(main, ["run", *map(str, files[:2]), *options])
    assert done.exit_code == 0, done.output
    assert "Set in every scenario, whatever its file says: world: that of busy" in done.output
    refused = CliRunner().invoke(main, ["run", *map(str, files[:2]), *options[:-1], "nowhere"])
    assert refused.exit_code == 2 and "base, busy" in refused.output
