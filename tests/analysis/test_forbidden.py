"""Combinations that checks between parameters forbid are left out of designs and listed; a slip stays an error."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.analysis.assumptions import assumptions
from sim.analysis.dead import dead_in_design, without_effect
from sim.analysis.design_points import number_of, plan_of, points_of
from sim.analysis.design_run import DesignRun
from sim.analysis.forbidden import WORLDS, forbidden_sentences
from sim.analysis.frontier import LISTING, frontier
from sim.analysis.robust import robust, worlds_of
from sim.analysis.sensitivity import sensitivity
from sim.analysis.sweep import sweep, sweep_table
from sim.charts.sweep import draw
from sim.cli.main import main
from sim.ground.errors import InputError
from sim.metrics.measure_ref import read_measure
from sim.report.as_terminal import terminal_text
from sim.report.frontier import point_names
from sim.report.sweep import pages
from sim.scenario.load import apply, load_scenario
from sim.scenario.parameters import catalogue
from tests.policies.observed import baseline
from tests.scenario.error_words import faults_of

REGIME, DECISION, LATE = "policy.inspection.regime", "policy.pre_clearance.decision", "policy.pre_clearance.late_rule"
SHARE, RATE = "policy.risk_screening.random_share", "policy.risk_screening.export_rate"
MOVED, BOOST = "world.compliance.displacement", "study.boost"
TEAMS, SEQUENCE = "policy.detector_dogs.teams", "policy.inspection.sequence"
BOTH = [f"{REGIME}=check_twice,one_stop", f"{DECISION}=on_arrival,before_departure"]

FORBIDDEN: list[dict[str, Any]] = [
    {REGIME: "one_stop"},
    {REGIME: "co_located", "policy.inspection.co_location_site": "origin"},
    {LATE: "refuse"},
    {SHARE: "9%"},
    {MOVED: "10%", BOOST: 10},
    {"policy.inspection.on_find": "hold_flight", BOOST: 10},
    {"world.compliance.prevalence": "10%", BOOST: 100},
    {"policy.corridor.ceiling": "20 m", "policy.corridor.floor": "40 m"},
    {"policy.port_hours.opens": "08:00", "policy.port_hours.closes": "09:00", "policy.port_hours.last_take_off": "2 h"},
    {"world.demand.flights_on_route": {"shekou_shun_tak": "4/d"}},
    {"world.demand.flights_per_day": "0/d"},
    {"world.demand.aircraft": "meituan_fy4", "policy.corridor.routes": ["shekou_shun_tak"]},
    {"world.demand.aircraft": {"shekou_shun_tak": "meituan_fy4"}},
    {"policy.detector_dogs.sharing": "pooled", TEAMS: 1, "policy.detector_dogs.moves": 0, SEQUENCE: ["dog", "open"],
     "policy.corridor.routes": ["wenjindu_sheung_shui", "shekou_shun_tak"], "world.demand.energy_reserve": "0%"},
    {"world.weather.mode": "sampled", "study.days": 3660},
    {"world.data_interface.outage_interval": "1 h", "world.data_interface.outage_repair": "1 min", "study.days": 3660},
]  # fmt: skip


@pytest.mark.parametrize("setting", FORBIDDEN, ids=lambda setting: " ".join(path.split(".")[-1] for path in setting))
def test_a_contradiction_says_between_which_parameters_in_three_languages(setting: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refusal:
        apply(baseline(), setting)
    problems = [problem for problem in refusal.value.problems if problem.contradicts]
    assert problems
    for problem in problems:
        assert len(set(problem.message.all)) > 1 and faults_of([problem], str(setting)) == []
        for path in (problem.path, *problem.contradicts):
            assert any(f"{path}.".startswith(f"{known}.") for known in catalogue()), path
    involved = {path for problem in problems for path in (problem.path, *problem.contradicts)}
    assert any(f"{place}.".startswith(f"{path}.") for place in involved for path in setting)


@pytest.mark.parametrize(
    "setting",
    [
        {REGIME: "no_stop"},
        {"policy.pre_clearance.lead": "5 kg"},
        {"policy.corridor.routes": ["nowhere"]},
        {"world.demand.aircraft": "balloon"},
        {"world.demand.flights_on_route": {"nowhere": "4/d"}},
        {SEQUENCE: ["open", "xray"]},
    ],
)
def test_a_value_that_is_never_possible_is_no_contradiction(setting: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refusal:
        apply(baseline(), setting)
    assert not any(problem.contradicts for problem in refusal.value.problems)
    for forbidden in ({}, {REGIME: "one_stop", DECISION: "on_arrival"}):
        with pytest.raises(InputError) as refused:
            plan_of(baseline(), [{DECISION: "before_departure"}, forbidden | setting])
        assert not any(problem.contradicts for problem in refused.value.problems)


def test_a_grid_leaves_out_what_is_forbidden_and_lists_it(base: Path, tmp_path: Path) -> None:
    def swept() -> DesignRun:
        return sweep(base, vary=BOTH, measures=["on_time_share"], replications=1, out=tmp_path / "out")

    run, measured = swept(), read_measure("on_time_share")
    table = sweep_table(run, [measured])
    assert run.names == ("base-1", "base-2", "base-4")  # numbers of the whole design
    (left,) = run.left_out.to_dict("records")
    assert (left["point"], left[REGIME], left[DECISION], left["at"]) == ("base-3", "one_stop", "on_arrival", REGIME)
    assert "both decide before departure" in left["reason"] and "decision: before_departure" in left["allowed"]
    warning = run.manifest.warnings[0]
    assert "1 of 4 combinations" in warning.en and f"{REGIME}=one_stop, {DECISION}=on_arrival" in warning.en
    assert "4 個組合中有 1 個" in warning.zh_hant and "兩地須於起飛前" in warning.zh_hant and "4 个组合" in warning.zh_hans
    sentence = "Left out as not possible: 1 of 4 combinations; left_out.csv has each with its reason."
    assert sentence in terminal_text(pages(run, table))
    assert swept().reused

    figure = draw(run, measured, table, "en")
    assert [text.get_text() for text in figure.axes[0].texts].count("not possible") == 1
    assert any("1 of 4 combinations" in text.get_text().replace("\n", " ") for text in figure.texts)

    fewer = sweep(base, vary=BOTH[1], measures=["on_time_share"], replications=1, out=tmp_path / "out")
    assert not fewer.reused and fewer.left_out.empty and not (tmp_path / "out" / "left_out.csv").exists()


def test_a_line_has_a_gap_where_a_level_is_forbidden(base: Path) -> None:
    vary = f"{REGIME}=check_twice,one_stop,recognise"
    run = sweep(base, vary=vary, measures=["on_time_share"], replications=1)
    assert f"The scenario has {DECISION}=on_arrival" in run.manifest.warnings[0].en
    measured = read_measure("on_time_share")
    axis = draw(run, measured, sweep_table(run, [measured]), "en").axes[0]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["check_twice", "one_stop\n(not possible)", "recognise"]
    assert list(np.isnan(axis.lines[0].get_ydata())) == [False, True, False]


def test_a_sample_leaves_out_what_is_forbidden(base: Path) -> None:
    vary = [f"{SHARE}=1%..8%", f"{RATE}=1%..5%"]
    run = sweep(base, vary=vary, measures=["on_time_share"], design="lhs", points=6, replications=1)
    names = [f"base-{number}" for number in range(1, 7)]
    left = run.left_out["point"].unique()
    assert len(left) and sorted([*run.names, *left]) == names
    assert len(run.left_out) == len(run.left_out.drop_duplicates(["point", "reason"]))  # one row for all sides
    assert any("hong_kong" in value and "macao" in value for value in run.left_out["value"])


def test_where_nothing_is_possible_the_reasons_are_told(base: Path) -> None:
    with pytest.raises(InputError, match="nothing that was asked for is possible: both sides") as refusal:
        sweep(base, vary=f"{REGIME}=one_stop")
    assert f"another value of {DECISION}" in str(refusal.value) and f"{DECISION}=on_arrival" in str(refusal.value)
    with pytest.raises(InputError, match=f"possible before {DECISION} is varied"):
        sweep(base, vary=BOTH[1], set={REGIME: "one_stop"})


def test_the_command_tells_a_slip_from_what_is_left_out(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(base.parent)
    command = ["sweep", "base.yaml", "--replications", "1", "--workers", "1", "--measure", "on_time_share", "--out", "out"]
    done = CliRunner().invoke(main, [*command, "--vary", BOTH[0], "--vary", BOTH[1]])
    assert done.exit_code == 0 and "1 of 4 combinations" in done.stdout and "left_out.csv" in done.stdout
    slip = CliRunner().invoke(main, [*command, "--vary", f"{REGIME}=one_stop,no_stop", "--vary", BOTH[1]])
    assert slip.exit_code == 2 and "no_stop" in slip.stderr and "both decide" not in slip.stderr


def test_a_dead_parameter_that_decides_what_is_possible_is_kept() -> None:
    settings = [
        {"policy.corridor.floor": floor, "policy.corridor.ceiling": ceiling}
        for floor in ("40 m", "60 m")
        for ceiling in ("50 m", "120 m")
    ]
    plan = plan_of(baseline(), settings)
    assert [point.name for point in plan.forbidden] == ["baseline-3"]
    dead = ("policy.corridor.floor", "policy.corridor.ceiling", TEAMS)
    assert without_effect(dead, plan.forbidden) == (TEAMS,)
    assert dead_in_design([baseline()], [point.set for point in plan.forbidden], 1) == ()  # no point tells anything


@pytest.fixture
def one_stop(base: Path) -> Path:
    """A neighbour of the base with one stop, decided before departure."""
    path = base.with_name("joint.yaml")
    values = "pre_clearance: {decision: before_departure}, inspection: {regime: one_stop}"
    path.write_text(f"extends: base.yaml\nname: joint\ntitle: Joint\npolicy: {{{values}}}\n", encoding="utf-8")
    return path


def test_a_frontier_leaves_out_what_one_scenario_forbids_and_dead_levers(base: Path, one_stop: Path) -> None:
    run = frontier([base, one_stop], vary=[BOTH[1], f"{TEAMS}=1,2"], pairs="on_time_share,officer_hours", replications=1)
    assert run.names == ("base-1", "base-2", "joint-2")
    assert list(run.left_out["point"]) == ["joint-1"]
    told = " ".join(warning.en for warning in run.manifest.warnings)
    assert "Scenario “Joint”: Left out as not possible, 1 of 2 combinations" in told and f"{TEAMS}: no dog" in told


def test_a_lever_is_varied_only_under_the_scenarios_in_which_it_moves_something(base: Path, one_stop: Path) -> None:
    dogs = load_scenario(base, {SEQUENCE: ["dog", "open"]}).model_copy(update={"name": "dogs"})
    scenarios = [load_scenario(base), dogs, load_scenario(one_stop)]
    run = frontier(scenarios, vary=f"{TEAMS}=1,2", pairs="on_time_share,officer_hours", replications=1)
    assert run.names == ("base", "dogs-1", "dogs-2", "joint")
    assert point_names(run, "en") == {
        "base": "Base (base)",
        "dogs-1": "Base (dogs): 1",
        "dogs-2": "Base (dogs): 2",
        "joint": "Joint",
    }
    assert any(warning.en.startswith("Scenario “Base”, “Joint”: Left out") for warning in run.manifest.warnings)


def test_equal_points_are_one_policy_of_a_frontier(base: Path, one_stop: Path, tmp_path: Path) -> None:
    """Teams are dead where no dog searches: those points are one policy; so are two that have every value alike."""
    vary = [f"{SEQUENCE}=[xray, open],[dog, open]", f"{TEAMS}=1,2"]
    run = frontier(base, vary=vary, pairs="on_time_share,officer_hours", replications=1, out=tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / LISTING, keep_default_na=False).set_index("scenario")
    assert table["same_as"].to_dict() == {"base-1": "", "base-2": "base-1", "base-3": "", "base-4": ""}
    assert table.loc["base-1", "x":"dominated_by"].equals(table.loc["base-2", "x":"dominated_by"])
    assert "base-2" not in " ".join(table["dominated_by"])
    assert point_names(run, "en")["base-2"] == "Base: [xray, open] · 2"

    merged = frontier([base, one_stop], vary=BOTH, pairs="on_time_share,officer_hours", replications=1)
    assert merged.names == ("base-1", "base-2", "base-4")
    assert any("joint-1 as base-1" in warning.en and "and 1 more" not in warning.en for warning in merged.manifest.warnings)


def test_worlds_are_left_out_of_both_policies() -> None:
    boosted = apply(baseline(), {BOOST: 10})
    settings = [{MOVED: share} for share in ("0%", "10%", "0%", "20%")]
    plans = [plan_of(policy, settings) for policy in (baseline(), boosted.model_copy(update={"name": "boosted"}))]
    points = worlds_of(plans)
    assert [point.scenario.name for point in points] == ["baseline-1", "boosted-1", "baseline-3", "boosted-3"]
    assert [number_of(point.scenario.name) for point in points[::2]] == [1, 3]
    (sentence,) = forbidden_sentences(plans, WORLDS)
    assert sentence.en.startswith("Scenario “Sandbox corridor”: Left out as not possible, 2 of 4 worlds")
    assert f"{BOOST}=10.0." in sentence.en and "vary" not in sentence.en
    (of_both,) = forbidden_sentences([plans[1], plan_of(boosted.model_copy(update={"name": "other"}), settings)])
    assert (
        of_both.en.startswith("Scenario “Sandbox corridor (boosted)”, “Sandbox corridor (other)”: Left out")
        and "vary that too" in of_both.en
    )


def test_designs_that_need_every_point_name_the_one_that_is_not_possible(base: Path) -> None:
    boosted = load_scenario(base, {BOOST: 10})
    with pytest.raises(InputError, match=r"point base-1 of this design, which needs every point(?s:.*)--leave"):
        sensitivity(boosted, over=[MOVED, "world.compliance.prevalence"], samples=2, measure="missed_per_million")
    with pytest.raises(InputError, match="point base-2 of this design"):
        list(points_of(boosted, [{MOVED: "0%"}, {MOVED: "5%"}]))
    with pytest.raises(InputError, match=rf"nothing that was asked for is possible(?s:.*)--leave {MOVED}"):
        robust([boosted, boosted.model_copy(update={"name": "other"})], worlds=3, measure="missed_per_million")


def test_an_end_that_is_forbidden_leaves_its_assumption_untried(base: Path, tmp_path: Path) -> None:
    kept = ("world.compliance.displacement", "world.compliance.prevalence")
    groups = sorted({path.rpartition(".")[0] for path in catalogue() if path.startswith("world.")} - {"world.compliance"})
    others = [path for path in catalogue() if path.startswith("world.compliance.") and path not in kept]
    out = tmp_path / "out"
    run = assumptions(base, measure="missed_per_million", leave=[*groups, *others], set={BOOST: 10}, replications=2, out=out)
    assert list(run.left_out[MOVED]) == ["80%"] and "with their parameters" in run.manifest.warnings[0].en
    table = pd.read_csv(out / "assumptions.csv", keep_default_na=False).set_index("path")
    assert table.loc[MOVED, "moves_any"] == "" and table.loc[kept[1], "moves_any"] == "yes"
