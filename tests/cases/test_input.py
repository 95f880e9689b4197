"""Kinds of input that crashed neighbouring tools or were taken in silence, each with the sentence that tells it.

Rows outside the measured days, own routes that are none, traces out of bounds, scenarios that `check` must refuse because no
run of them can begin, folders that can't be written, special files, names with control characters, endless nesting.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.archive.study_folder import StagingFolder, is_empty_folder
from sim.cli.main import main
from sim.execution.options import RunOptions
from sim.ground.errors import LISTED, InputError, Problem
from sim.ground.input_file import content_of
from sim.ground.output_folder import output_folder
from sim.ground.text import Text
from sim.statistics.intervals import METHOD
from sim.study.outside_window import cautions_of_window, schedule_unmeasured
from sim.world.own_route import MOST_WAYPOINTS

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
ROUTE = "wenjindu_sheung_shui"
SMALL = {"study.days": 1, "study.replications": 2, "study.warm_up": "1 d", "study.cool_down": "1 d"}
ON_DAY_1 = 36000


def changed(**settings: Any) -> sim.Scenario:
    """The baseline with settings ("__" stands for a dot), one measured day after a warm-up of one."""
    return sim.apply(sim.load_scenario(BASELINE), {**SMALL, **{key.replace("__", "."): v for key, v in settings.items()}})


def scheduled(*instants_s: object) -> dict[str, str]:
    """A schedule of flights at these instants."""
    rows = [f"{ROUTE},mainland,{instant}" for instant in instants_s]
    return {"csv": "\n".join(["route,from_side,planned_departure", *rows])}


def refused(path: str, value: object) -> str:
    """What is told of a value that loading refuses."""
    with pytest.raises(InputError) as caught:
        sim.apply(sim.load_scenario(BASELINE), {path: value})
    return str(caught.value)


# --------------------------------------------------------------------------------------------- silence


@pytest.mark.parametrize(
    ("instants_s", "reason"),
    [
        (
            [-82800, ON_DAY_1],
            "1 of 2 flights of the schedule lie outside the measured days .*: they lie in the warm-up, before day 1",
        ),
        (["day 0 01:00", -79200, "Mon 10:00"], "2 of 3 flights .*: they lie in the warm-up"),
        ([ON_DAY_1, ON_DAY_1 + 86400], "1 of 2 flights .*: the measured days are over by then"),
        (["2026-05-30 23:00", ON_DAY_1], "1 of 2 flights .*: they lie before the run begins"),
        ([ON_DAY_1, 1000 * ON_DAY_1], "1 of 2 flights .*: these look like milliseconds"),
        ([ON_DAY_1, 1772352000], "1 of 2 flights .*: these look like Unix seconds"),
        ([ON_DAY_1, 1772352000000], "1 of 2 flights .*: these look like Unix milliseconds"),
    ],
)
def test_rows_outside_the_measured_days_are_told_with_the_reason(instants_s: list[object], reason: str) -> None:
    scenario = changed(world__demand__schedule=scheduled(*instants_s))
    (caution,) = cautions_of_window(scenario)
    assert schedule_unmeasured(scenario) is None
    assert re.search(reason, caution.en)
    assert len({caution.en, caution.zh_hant, caution.zh_hans}) == 3


@pytest.mark.parametrize(
    ("instants_s", "reason"),
    [
        ([-82800], "1 of 1 flights .*: they lie in the warm-up"),
        ([28800000, 28800001], "2 of 2 flights .*: these look like milliseconds"),
        ([1772352000], "1 of 1 flights .*: these look like Unix seconds"),
        ([1e13], "1 of 1 flights .*: the measured days are over by then"),
    ],
)
def test_a_schedule_of_which_nothing_is_measured_is_refused(instants_s: list[float], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        sim.run(changed(world__demand__schedule=scheduled(*instants_s)))


def test_check_tells_what_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "flights.csv").write_text(scheduled(-82800, 300000, 310000)["csv"])
    (tmp_path / "mine.yaml").write_text(f"extends: {BASELINE}\nworld: {{demand: {{schedule: {{file: flights.csv}}}}}}\n")
    result = CliRunner().invoke(main, ["check", str(tmp_path / "mine.yaml")])
    assert result.exit_code == 0
    assert "caution: Scenario “mine”: 1 of 3 flights of the schedule" in result.output
    result = CliRunner().invoke(main, ["check", str(tmp_path / "mine.yaml"), "--set", "study.days=3"])
    assert result.exit_code == 2
    assert f"{tmp_path}/mine.yaml:2" in result.output
    assert "3 of 3 flights of the schedule lie outside the measured days: the measured days are over by then" in result.output


STATED = {
    "closure": lambda start, end: {"policy__corridor__closures": [[start, end]]},
    "fog": lambda start, end: {"world__weather__events": [{"kind": "fog", "start": start, "end": end}]},
    "outage": lambda start, end: {"world__data_interface__outage_events": [[start, end]]},
}


@pytest.mark.parametrize(
    ("kind", "start", "end", "words"),
    [
        ("closure", "day 0 02:00", "day 0 05:00", "planned closure of the corridor, day 0 02:00 to day 0 05:00, lies"),
        ("closure", "day 2 00:00", "day 3 00:00", "planned closure of the corridor, day 2 00:00 to day 3 00:00, lies"),
        ("fog", "Tue 01:00", "Tue 24:00", "fog, day 2 01:00 to day 3 00:00, lies"),
        ("outage", "2026-05-31 01:00", "2026-05-31T02:00", "outage of the data interface, day 0 01:00 to day 0 02:00, lies"),
        ("closure", "day 0 02:00", "day 1 01:00", ""),
        ("fog", "Mon 06:00", "day 1 07:00", ""),
    ],
)
def test_what_stands_still_outside_the_measured_days_is_told(kind: str, start: str, end: str, words: str) -> None:
    cautions = [caution.en for caution in cautions_of_window(changed(**STATED[kind](start, end)))]
    assert [words in caution for caution in cautions] == ([True] if words else [])
    assert all("the measured days (day 1 00:00 to day 2 00:00)" in caution for caution in cautions)


# ----------------------------------------------------------------------------------------- own routes

MAINLAND = {"lon": 114.133, "lat": 22.543, "side": "mainland"}
INLAND = {"lon": 114.05, "lat": 22.7, "side": "mainland"}


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ({"start": "atlantis", "end": "sheung_shui"}, "no site is called atlantis"),
        ({"start": "sheung_shui", "end": "sheung_shui"}, "both ends are on one side"),
        ({"start": INLAND, "end": {**INLAND, "side": "hong_kong"}}, "both ends are at the same point"),
        ({"start": {**MAINLAND, "lon": float("nan")}, "end": "sheung_shui"}, "finite number"),
        ({"start": {**MAINLAND, "lat": float("inf")}, "end": "sheung_shui"}, "finite number"),
        ({"start": {**MAINLAND, "lon": 1e308}, "end": "sheung_shui", "datum": "gcj02"}, "a number of at most 180"),
        ({"start": {**MAINLAND, "lon": "114.1"}, "end": "sheung_shui"}, "a number is needed"),
        ({"start": {**MAINLAND, "side": "atlantis"}, "end": "sheung_shui"}, "unknown side atlantis"),
        ({"start": {**MAINLAND, "near": "atlantis"}, "end": "sheung_shui"}, "no site is called atlantis"),
        ({"start": "wenjindu", "end": "sheung_shui", "via": [[114.1, float("inf")]]}, "finite number"),
        ({"start": "wenjindu", "end": "sheung_shui", "via": [[0, 0]]}, "outside the area"),
        ({"start": "wenjindu", "end": "sheung_shui", "via": [[114.13, 22.54]] * (MOST_WAYPOINTS + 1)}, "at most 500 items"),
    ],
)
def test_a_route_of_ones_own_that_is_none_is_told(route: dict[str, Any], message: str) -> None:
    own = {"policy.corridor.own_routes": {"mine": route}, "policy.corridor.routes": ["mine"]}
    pooled = {"policy.detector_dogs.sharing": "pooled", "policy.inspection.sequence": ["dog"]}  # which looks at routes as well
    for changes in (own, {**own, **pooled}):
        with pytest.raises(InputError, match=message):
            sim.apply(sim.load_scenario(BASELINE), changes)


def test_a_route_may_stand_still_on_its_way() -> None:
    via = [[114.12, 22.52], [114.12, 22.52], [114.13, 22.51]]
    own = {"mine": {"start": "wenjindu", "end": "sheung_shui", "via": via}}
    scenario = sim.apply(sim.load_scenario(BASELINE), {"policy.corridor.own_routes": own, "policy.corridor.routes": ["mine"]})
    assert scenario.policy.corridor.own_routes["mine"].via == tuple(map(tuple, via))


@pytest.mark.parametrize("key", ["a/b", "", "a\nb", "../../x", "\x1b[2J", "=cmd|' C'!A0", "@SUM(1)", "-1+cmd", "a b", "x" * 65])
def test_the_name_of_a_route_follows_the_rule_of_names(key: str) -> None:
    message = refused("policy.corridor.own_routes", {key: {"start": "wenjindu", "end": "sheung_shui"}})
    assert "a name has letters, digits, - and _ only" in message
    assert "\x1b" not in message


# -------------------------------------------------------------------------------------------- traces


@pytest.mark.parametrize(
    ("column", "cell", "allowed"),
    [
        ("fact:preparation_s", "-5", "a number from 0 to"),
        ("fact:preparation_s", "1e308", "a number from 0 to"),
        ("fact:block_s", "-1", "a number from 0 to"),
        ("fact:departure_target_s", "1e308", "a number from"),
        ("fact:authorisation_priority", "1e308", "a whole number from -2147483648 to 2147483647"),
        ("fact:customs_priority", "2147483648", "a whole number from"),
        ("fact:customs_priority", "0.5", "a whole number from"),
        ("fact:pad_priority", "4", "a whole number from 0 to 3"),
        ("fact:selection_factor", "-1", "a number from 0 to"),
        ("fact:lost", "2", "0 or 1"),
        ("enter_origin:service_s", "1e300", "a number of seconds, 0 or more"),
        ("enter_origin:not_before_s", "1e300", "an instant in s from 00:00 of day 1"),
        ("max_shift_s", "1e300", "0 or more"),
        ("priority", "urgent", "medical, passenger, express, general"),
    ],
)
def test_a_cell_out_of_bounds_is_told_with_its_line(column: str, cell: str, allowed: str, tmp_path: Path) -> None:
    head, flight = f"route,from_side,planned_departure,{column}", f"{ROUTE},mainland,{ON_DAY_1}"
    (tmp_path / "trace.csv").write_text(f"{head}\n\n{flight},\n{flight},{cell}\n")
    (tmp_path / "mine.yaml").write_text(f"extends: {BASELINE}\nworld: {{demand: {{schedule: {{file: trace.csv}}}}}}\n")
    result = CliRunner().invoke(main, ["check", str(tmp_path / "mine.yaml"), "--set", "study.warm_up=1 d"])
    assert result.exit_code == 2
    assert f"{tmp_path}/trace.csv:4: world.demand.schedule: row 2 of the schedule, column {column}" in result.output
    assert allowed in result.output


def test_a_cell_with_a_full_width_character_is_told_what_to_type(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text(f"route,from_side,planned_departure\n{ROUTE},mainland,day 1 07：30\n")
    (tmp_path / "mine.yaml").write_text(f"extends: {BASELINE}\nworld: {{demand: {{schedule: {{file: trace.csv}}}}}}\n")
    result = CliRunner().invoke(main, ["check", str(tmp_path / "mine.yaml"), "--lang", "zh-Hant"])
    assert f"{tmp_path}/trace.csv:2: world.demand.schedule: 班次表第 1 行 planned_departure 欄" in result.output
    assert "全形冒號（：）；請寫 day 1 07:30" in result.output


def test_twenty_problems_of_a_file_are_listed_and_the_others_counted() -> None:
    error = InputError(
        *(Problem(Text.same("wrong"), "a.csv", line) for line in range(1, 101)), Problem(Text.same("wrong"), "b.csv", 1)
    )
    assert len(error.problems) == 101
    assert error.listed()[LISTED - 1 :] == ["a.csv:20: wrong", "a.csv: and 80 more problems", "b.csv:1: wrong"]


@pytest.mark.parametrize(
    ("csv", "message"),
    [
        (f"route,from_side,planned_departure\n{ROUTE},mainland", "schedule:2: 2 cells, but the header has 3"),
        ("route,from_side\nx,y", "schedule:1: column planned_departure is missing"),
        (f"route,from_side,planned_departure_s\n{ROUTE},mainland,1", "write planned_departure, as day 1 07:30 or in seconds"),
        (",".join(f"x{i}" for i in range(1000)) + "\n1", "and 983 more"),
        ("route，from_side\nx", "a full-width comma stands in it (，); write 'route,from_side'"),
        ("", "a header line and at least one flight are needed"),
    ],
)
def test_the_shape_of_a_schedule_is_told_with_what_helps(csv: str, message: str) -> None:
    told = refused("world.demand.schedule", {"csv": csv})
    assert message in told
    assert "it needs the columns route, from_side, planned_departure" in told
    assert "a value or nothing" not in told
    assert len(told) < 5000


# ---------------------------------------------------------------------------- what no run can begin with


GALE = {"kind": "wind", "start": "day 2 00:00", "end": "day 3 00:00", "speed": "5 m/s"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"world.demand.flights_per_day": "0/d"}, "no flight is planned on any route"),
        ({"world.demand.flights_per_day": "0/d", "world.demand.flights_on_route": {ROUTE: "0/d"}}, "no flight is planned"),
        ({"world.demand.hourly_profile": [0] * 24}, "no hour has any demand"),
        ({"world.demand.hourly_profile": [1e308] * 24}, "no finite number"),
        ({"world.weather.mode": "sampled", "study.days": 430}, "sampled wind reaches 410 days"),
        ({"world.data_interface.outage_interval": "1 h", "study.days": 3000}, "4096 outages do not reach the end"),
        ({"policy.corridor.closures": [["32 h", "41 h"]]}, 'not a length of time: 32 h after 00:00 of day 1 is "day 2 08:00"'),
        ({"policy.corridor.closures": [["day 2 08:00", "day 1 18:00"]]}, "a closure ends after it begins"),
        ({"world.data_interface.outage_events": [["Mon 08:00", "2026-06-01 08:00"]]}, "an outage ends after it begins"),
        ({"world.data_interface.outage_events": [["day 2", "day 3"]]}, 'such as "day 5 08:00"'),
        ({"world.weather.events": [{**GALE, "speed": "-5 m/s"}]}, "at least 0 m/s"),
        ({"world.weather.events": [{**GALE, "end": "2026-02-30 08:00"}]}, "there is no date 2026-02-30"),
        ({"world.weather.events": [{**GALE, "end": "day 2 08:60"}]}, "a clock time goes from 00:00 to 24:00"),
    ],
)
def test_a_scenario_that_no_run_can_begin_with_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        sim.apply(sim.load_scenario(BASELINE), changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"world.demand.flights_per_day": "0/d", "world.demand.flights_on_route": {ROUTE: "1/d"}},
        {"world.demand.flights_per_day": "0/d", "world.demand.schedule": scheduled(300000)},
        {"world.weather.mode": "sampled", "study.days": 400},
        {"world.data_interface.outage_interval": "1 h", "study.days": 400},
    ],
)
def test_a_scenario_that_a_run_can_begin_with_is_not(changes: dict[str, Any]) -> None:
    scenario = sim.apply(sim.load_scenario(BASELINE), changes)
    assert len(sim.replication.prepare(scenario, 1, 0).flights) > 0


def test_a_fault_of_a_later_check_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"extends: {BASELINE}\nworld:\n  demand:\n    flights_per_day: 0/d\n")
    with pytest.raises(InputError, match=r"mine\.yaml:4:22: world\.demand\.flights_per_day: no flight is planned"):
        sim.load_scenario(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    ("option", "value"), [("seed", 2**63), ("seed", 10**49), ("seed", -1), ("replications", 100_001), ("replications", 10**9)]
)
def test_options_have_the_bounds_of_the_settings(option: str, value: int) -> None:
    with pytest.raises(InputError, match=f"{option}: not possible"):
        RunOptions(**{option: value})


def test_a_precision_of_nothing_is_a_number_of_replications_without_end() -> None:
    assert METHOD.replications_needed(10, 1e3, 1e-300, 0.05) == np.inf


# --------------------------------------------------------------------------------------------- folders


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/", "the root of the file system"),
        ("loop", "the link leads to itself"),
        ("n" * 227, "at most 226 bytes"),
        ("n" * 240, "at most 226 bytes"),
        ("n" * 256, "too long"),
        ("夾" * 85, "at most 226 bytes"),
        ("a\0b", "without control characters"),
        ("a\x1bb", "without control characters"),
        ("", "the name of a folder is needed"),
        ("~nobody_has_this_name/x", "no such home folder"),
    ],
)
def test_a_folder_that_cannot_be_written_is_refused(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    with pytest.raises(InputError, match=message):
        RunOptions(out=name)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=message):
        output_folder(name)


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert output_folder("~/study") == tmp_path / "study"
    monkeypatch.chdir(tmp_path)
    assert output_folder("./~") == tmp_path / "~"
    assert output_folder("夾/s") == Path("夾/s")
    assert output_folder("n" * 226) == Path("n" * 226)


@pytest.mark.parametrize("is_link", [False, True])
def test_an_empty_folder_is_used_and_stays_the_same_folder(is_link: bool, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir(mode=0o700)
    before, out = folder.stat(), folder
    if is_link:
        out = tmp_path / "link"
        out.symlink_to(folder)
    with StagingFolder(out) as staging:
        staging.write_text("report/a.txt", "a")
        staging.publish({})
    assert (folder / "report" / "a.txt").read_text() == "a"
    assert (folder / "manifest.json").is_file()
    assert (folder.stat().st_ino, folder.stat().st_mode) == (before.st_ino, before.st_mode)
    assert out.is_symlink() == is_link
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_with_anything_in_it_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".hidden").touch()
    assert not is_empty_folder(tmp_path / "full")
    assert not is_empty_folder(tmp_path / "nothing")
    with pytest.raises(InputError, match="not that of a study"):
        StagingFolder(tmp_path / "full")


# ------------------------------------------------------------------------------------- files and nesting


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300_000_000)


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_fifo, "a device or a pipe"),
        (_device, "a device or a pipe"),
        (Path.mkdir, "this is a folder"),
        (_large, "larger than"),
        (lambda path: None, "no such file"),
    ],
)
def test_only_regular_files_are_read(make: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    make(file)
    with pytest.raises(InputError, match=message):
        sim.load_scenario(file)
    assert message in refused("world.demand.schedule", {"file": str(file)})
    assert message in refused("world.document_check.service_time", {"empirical": {"file": str(file)}})
    with pytest.raises(ValueError, match=message):
        content_of(file, 1000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('extends: "a\\0b"', "no control characters"),
        ('extends: "a\\eb"', "no control characters"),
        ('world: {demand: {schedule: {file: "a\\0b"}}}', "null byte"),
        ("a: " + "[" * 5000, "nested more than 40 levels"),
        ("\n".join(f"{' ' * depth}a:" for depth in range(3000)), "nested more than 40 levels"),
    ],
)
def test_a_file_that_means_nothing_good_is_told(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(InputError, match=message):
        sim.load_scenario(tmp_path / "mine.yaml")


def _nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (".".join("a" * 5000) + "=1", "nested more than 40 levels"),
        ({".".join("a" * 5000): 1}, "nested more than 40 levels"),
        ({"policy.corridor.headway": _nested(5000)}, "nested more than 40 levels"),
        ("policy.corridor.headway=" + "[" * 5000, "nested more than 40 levels"),
        ('policy.corridor.headway="a\0b"', "can't be printed"),
    ],
)
def test_a_change_that_means_nothing_good_is_told(changes: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        sim.apply(sim.load_scenario(BASELINE), changes)
    assert len(str(caught.value)) < 1000
    assert "\0" not in str(caught.value)


def test_a_script_from_standard_input_may_have_worker_processes() -> None:
    script = (
        "import sim\n"
        "if __name__ == '__main__':\n"
        f"    small = {{'study.days': 1, 'study.warm_up': '0 s', 'world.demand.flights_per_day': '5/d'}}\n"
        f"    print(sim.run([{str(BASELINE)!r}], replications=2, workers=2, engine='reference', set=small))\n"
    )
    done = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True, check=False, timeout=300)
    assert "<Study baseline: 2 replications>" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "file", ["flights.parquet", "replications.parquet", "stages.parquet", "consignments.parquet", "summary.csv", "best.csv"]
)
def test_a_file_that_is_missing_from_a_study_is_named(file: str, tmp_path: Path) -> None:
    study = sim.run(changed(world__demand__schedule=scheduled(ON_DAY_1)), replications=1, out=tmp_path / "study")
    (tmp_path / "study" / file).unlink()
    with pytest.raises(InputError, match=f"{file}: file is missing"):
        sim.load(tmp_path / "study")
    assert study.names == ("baseline",)
