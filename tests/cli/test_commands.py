"""The commands, from the outside: what they print, where, and with which exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from sim.cli.commands import CommandInfo
from sim.cli.explain import SHOWN
from sim.cli.main import STOPPED_ON_REQUEST, Commands, main
from sim.ground.errors import RunError
from sim.ground.text import Text

SMALL = "study: {replications: 2, days: 1, warm_up: 0 s, cool_down: 1 d}\n"


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """A folder with a baseline, a scenario that extends it, and one with three faults."""
    (tmp_path / "base.yaml").write_text(f"title: As it is\n{SMALL}", encoding="utf-8")
    (tmp_path / "tight.yaml").write_text("extends: base.yaml\npolicy: {corridor: {headway: 45 s}}\n", encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(
        "policy:\n  corridor: {headway: 45, hedway: 1 min}\nworld:\n  demand: {operators: 0}\n", encoding="utf-8"
    )
    return tmp_path


def sim(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.takes(20)
def test_run_prints_the_comparison_and_leaves_a_study(scenarios: Path) -> None:
    out = scenarios / "study"
    done = sim("run", scenarios / "base.yaml", scenarios / "tight.yaml", "--out", out, "--workers", "1", "--set", "study.days=2")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "2 scenarios, 2 runs of 2 days" in done.stdout and len(done.stdout.splitlines()) <= 40
    assert "Set in every scenario, whatever its file says: study.days=2" in done.stdout
    assert {path.name for path in out.iterdir()} >= {"manifest.json", "summary.csv", "comparison.csv", "charts", "report"}
    printed = (out / "report" / "comparison.txt").read_text(encoding="utf-8")
    again = sim("run", scenarios / "base.yaml", scenarios / "tight.yaml", "--out", out, "--set", "study.days=2", "--full")
    assert "".join(printed.splitlines()) in "".join(again.stdout.splitlines())
    assert str(scenarios) not in printed
    assert len(list((out / "charts").glob("*.svg"))) == len(list((out / "charts").glob("*.png"))) >= 6


def test_run_takes_its_options(scenarios: Path) -> None:
    out = scenarios / "study"
    options = ["--seed", "7", "--replications", "1", "--no-charts", "--workers", "1", "--engine", "reference"]
    assert sim("run", scenarios / "base.yaml", "--out", out, *options).exit_code == 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["seed"], manifest["replications"]) == (7, 1)
    assert not (out / "charts").exists()


def test_a_bad_scenario_is_told_with_its_place_and_nothing_is_written(scenarios: Path) -> None:
    failed = sim("run", scenarios / "base.yaml", scenarios / "wrong.yaml", "--out", scenarios / "study")
    assert failed.exit_code == 2
    assert failed.stdout == ""
    assert f"{scenarios / 'wrong.yaml'}:2:" in failed.stderr
    assert "found:" in failed.stderr
    assert "allowed:" in failed.stderr
    assert not list(scenarios.glob("*study*"))


def test_check_tells_every_problem_of_every_file(scenarios: Path) -> None:
    (scenarios / "second.yaml").write_text("world: {demand: {flights_per_day: many}}\n", encoding="utf-8")
    failed = sim(
        "check", scenarios / "wrong.yaml", scenarios / "second.yaml", scenarios / "missing.yaml", scenarios / "base.yaml"
    )
    assert failed.exit_code == 2
    for told in ("policy.corridor.headway", "hedway", "world.demand.operators", "second.yaml:1:", "missing.yaml"):
        assert told in failed.stderr
    assert "base.yaml: ok" in failed.stdout


def test_check_says_what_a_scenario_is(scenarios: Path) -> None:
    told = sim("check", scenarios / "tight.yaml")
    assert told.exit_code == 0
    for fact in ("ok: tight", "8.5/d on each corridor", "wenjindu_sheung_shui", "against “As it is”:", "45 s"):
        assert fact in told.stdout


def test_diff_tells_policy_and_world_apart(scenarios: Path) -> None:
    (scenarios / "busy.yaml").write_text("extends: tight.yaml\nworld: {demand: {flights_per_day: 50/d}}\n", encoding="utf-8")
    told = sim("diff", scenarios / "base.yaml", scenarios / "busy.yaml")
    assert told.exit_code == 0
    policy, world = told.stdout.split("world (not the same world")
    assert "45 s" in policy
    assert "50/d" in world
    assert "no difference" in sim("diff", scenarios / "base.yaml", scenarios / "base.yaml").stdout


def test_explain_tells_parameters_and_measures_and_lists_them() -> None:
    headway = sim("explain", "policy.corridor.headway")
    assert headway.exit_code == 0
    assert "source" in headway.stdout
    assert "wenjindu_sheung_shui" in sim("explain", "routes").stdout
    assert "definition" in sim("explain", "on_time_share").stdout
    everything = sim("explain").stdout
    assert "policy.corridor:" in everything
    assert "on_time_share" in everything
    unknown = sim("explain", "hedway")
    assert unknown.exit_code == 2
    assert "headway" in unknown.stderr


def test_explain_lists_what_fits_a_word_and_says_what_to_type_next() -> None:
    lines = sim("explain", "dogs").stdout.splitlines()
    assert "fit 'dogs'" in lines[0] and lines[1].split()[0] == "policy.detector_dogs.teams"
    assert len(lines) == 1 + SHOWN + 2 and lines[-1].endswith("sim explain policy.detector_dogs.teams")
    chinese = sim("explain", "緝毒犬", "--lang", "zh-Hant").stdout.splitlines()
    assert chinese[0].startswith("與「緝毒犬」有關")
    assert chinese[1].split() == ["policy.detector_dogs.teams", "緝毒犬：緝毒犬隊（領犬員與犬）"]
    assert sim("explain", "lead", "time").stdout == sim("explain", "lead time").stdout
    assert sim("explain", "dog", "teams").stdout == sim("explain", "policy.detector_dogs.teams").stdout
    for language, words in (("en", "no parameter or measure fits"), ("zh-Hant", "沒有與"), ("zh-Hans", "没有与")):
        failed = sim("explain", "xqzv", "--lang", language)
        assert failed.exit_code == 2 and words in failed.stderr


def test_explain_says_what_a_list_takes_and_what_a_lever_needs() -> None:
    assert "dog, xray, open" in sim("explain", "policy.inspection.sequence").stdout
    assert "xray（X光檢查）" in sim("explain", "policy.inspection.sequence", "--lang", "zh-Hant").stdout
    assert "only where policy.inspection.sequence has dog" in sim("explain", "policy.detector_dogs.teams").stdout


def test_explain_speaks_three_languages() -> None:
    lines = [line for line in sim("explain", "headway", "--lang", "zh-Hant").stdout.splitlines() if not line.startswith(" ")]
    told = {line.split()[0]: line.split(maxsplit=1)[1] for line in lines}
    assert told["名稱"] == "低空跨境通道：最短間隔" and told["可信程度"] == "假設" and told["界限"] == "0 秒 至 1 日"
    assert len({cell_len(line.removesuffix(told[line.split()[0]])) for line in lines}) == 1, "aligned"
    measure = sim("explain", "delay_mean", "--lang", "zh-Hans").stdout
    assert "单位" in measure and "秒" in measure and "已放行航班平均延误" in measure
    assert "choices" not in sim("explain", "routes", "--lang", "zh-Hans").stdout
    assert sim("explain", "headway", "--lang", "fr").exit_code == 2


def test_new_writes_a_scenario_that_checks_and_overwrites_nothing(scenarios: Path) -> None:
    assert sim("new", "mine", "--extends", scenarios / "base.yaml").exit_code == 0
    assert sim("check", scenarios / "mine.yaml").exit_code == 0
    before = (scenarios / "mine.yaml").read_bytes()
    assert sim("new", "mine", "--extends", scenarios / "base.yaml").exit_code == 2
    assert (scenarios / "mine.yaml").read_bytes() == before
    assert sim("new", "not a name!", "--extends", scenarios / "base.yaml").exit_code == 2
    assert sim("new", "mine", "--extends", scenarios / "base.yaml", "--out", scenarios / "no" / "mine.yaml").exit_code == 2


def test_schema_is_json_printed_or_written(scenarios: Path) -> None:
    printed = sim("schema")
    assert json.loads(printed.stdout)["title"] == "Scenario"
    assert sim("schema", "--out", scenarios / "schema.json").exit_code == 0
    assert (scenarios / "schema.json").read_text(encoding="utf-8") == printed.stdout
    assert [path.name for path in scenarios.glob(".*")] == []


@click.command()
@click.pass_obj
def fail(error: BaseException) -> None:
    """Fail."""
    raise error


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (RunError(Text.same("scenario a, replication 3")), 1, "The study failed: scenario a, replication 3"),
        (KeyboardInterrupt(), 130, STOPPED_ON_REQUEST.en),
    ],
)
def test_failures_are_sentences_with_an_exit_code(error: BaseException, code: int, told: str) -> None:
    group = Commands(table={"fail": CommandInfo(f"{__name__}:fail", Text.same("Fail."), Text.same("Failures"))})
    result = CliRunner().invoke(group, ["fail"], obj=error)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr


def process(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from sim.cli import main; main()", *arguments]
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **options)


@pytest.mark.takes(20)
def test_exit_codes_of_the_process(scenarios: Path) -> None:
    for arguments, code in ((["check", "base.yaml"], 0), (["check", "wrong.yaml"], 2), (["no-such-command"], 2)):
        with process(*arguments, cwd=scenarios) as running:
            _, errors = running.communicate(timeout=60)
        assert running.returncode == code, errors


def test_ctrl_c_ends_a_study_with_one_sentence_and_no_folder(scenarios: Path) -> None:
    with process("run", "base.yaml", "--replications", "5000", "--workers", "1", "--out", "study", cwd=scenarios) as running:
        until = time.monotonic() + 30
        while not list(scenarios.glob(".study*")) and time.monotonic() < until:
            time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=60)
    assert (running.returncode, output) == (130, "")
    assert errors.strip().startswith(STOPPED_ON_REQUEST.en)
    assert len(errors.strip().splitlines()) == 1
    assert sorted(path.name for path in scenarios.iterdir()) == ["base.yaml", "tight.yaml", "wrong.yaml"]


def test_help_is_quick_enough_to_be_asked_for(record_property: Any) -> None:
    began = time.perf_counter()
    with process("--help") as running:
        output, _ = running.communicate(timeout=60)
    seconds = time.perf_counter() - began
    record_property("help_s", round(seconds, 3))
    print(f"sim --help: {seconds:.2f} s")
    assert running.returncode == 0
    assert all(name in output for name in ("run", "check", "explain", "diff", "new", "schema"))


def test_check_reads_the_cells_of_a_schedule(tmp_path: Path) -> None:
    rows = "route,from_side,planned_departure\nwenjindu_sheung_shui,macao,300000\n"
    (tmp_path / "ten.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "ten.yaml").write_text("world: {demand: {schedule: {file: ten.csv}}}\n", encoding="utf-8")
    result = sim("check", tmp_path / "ten.yaml")
    assert result.exit_code == 2
    assert "from_side" in result.output and "macao" in result.output
