"""The smallest difference that matters, as a study sets it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.ground.errors import InputError
from tests.conftest import BASE

DENSE = """extends: base.yaml
name: dense
policy: {pre_clearance: {lead: 2 h}}
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "dense.yaml").write_text(DENSE, encoding="utf-8")
    return [tmp_path / "base.yaml", tmp_path / "dense.yaml"]


def of_measure(study: sim.Study, metric: str, part: str = "") -> float:
    rows = study.comparison.query("metric == @metric and part == @part")
    return float(rows["matters"].iloc[0])


def test_an_option_a_file_and_a_change_say_the_same(files: list[Path]) -> None:
    options = sim.run(files, replications=2, matters=["on_time_share=3 pp", "flight_outcome_share/lost=0.5 pp"])
    changed = sim.run(
        files, replications=2, set={"study.matters.on_time_share": "3 pp", "study.matters.flight_outcome_share/lost": "0.5 pp"}
    )
    files[0].write_text(
        BASE.replace("study: {", "study: {matters: {on_time_share: 3 pp, flight_outcome_share/lost: 0.5 pp}, ", 1)
    )
    stated = sim.run(files, replications=2)
    for study in (options, changed, stated):
        assert of_measure(study, "on_time_share") == 0.03
        assert of_measure(study, "flight_outcome_share", "lost") == 0.005
    assert options.manifest.set == ("study.matters.on_time_share=3 pp", "study.matters.flight_outcome_share/lost=0.5 pp")


def test_a_file_that_extends_another_keeps_what_it_does_not_name(files: list[Path]) -> None:
    files[0].write_text(BASE.replace("study: {", "study: {matters: {on_time_share: 3 pp, released_share: 4 pp}, ", 1))
    files[1].write_text(DENSE + "study: {matters: {released_share: 0.05}}\n")
    assert dict(sim.load_scenario(files[1]).study.matters) == {"on_time_share": "3 pp", "released_share": 0.05}


def test_a_wide_margin_leaves_nothing_better_or_worse(files: list[Path]) -> None:
    study = sim.run(files, replications=5, matters="on_time_share=100 pp")
    rows = study.comparison.query("metric == 'on_time_share'")
    assert set(rows["verdict"]) <= {"same", "too_small", "too_few_events", "undecided"}


@pytest.mark.parametrize(
    ("matters", "message"),
    [
        ("on_time_shore=1 pp", "there is no such measure"),
        ("delay_mean=1 min", "neither direction of delay_mean is better"),
        ("on_time_share=1 min", "a quantity of on_time_share"),
        ("on_time_share=0", "above 0"),
        ("on_time_share=-1 pp", "above 0"),
        ("on_time_share=200 pp", "no larger than any difference can be"),
        ("on_time_share", "KEY=VALUE"),
    ],
)
def test_what_can_not_be_is_refused(files: list[Path], matters: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        sim.run(files, replications=2, matters=matters)
    assert len(refused.value.problems) == 1, "once, though it is set on both scenarios"


def test_a_fault_in_a_file_is_told_with_its_line(files: list[Path]) -> None:
    files[0].write_text(BASE.replace("study: {", "study: {matters: {on_time_share: 1 parsec}, ", 1))
    done = CliRunner().invoke(main, ["run", *map(str, files), "--replications", "2"])
    assert done.exit_code == 2 and "base.yaml:" in done.output and "study.matters.on_time_share" in done.output


def test_the_command_has_the_option(files: list[Path], tmp_path: Path) -> None:
    options = ["--replications", "2", "--no-charts", "--out", str(tmp_path / "out"), "--matters", "on_time_share=2 pp"]
    done = CliRunner().invoke(main, ["run", *map(str, files), *options])
    assert done.exit_code == 0, done.output
    assert of_measure(sim.load(tmp_path / "out"), "on_time_share") == 0.02


def test_another_margin_is_no_study_that_stands_there_already(files: list[Path], tmp_path: Path) -> None:
    for margin, stated in (("2 pp", 0.02), ("7 pp", 0.07)):
        study = sim.run(files, replications=2, out=tmp_path / "out", matters=f"on_time_share={margin}")
        assert of_measure(study, "on_time_share") == stated
        assert of_measure(sim.load(tmp_path / "out"), "on_time_share") == stated
