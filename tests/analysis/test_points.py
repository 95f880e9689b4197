"""Designs: what each point sets."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.design_points import in_short, points_of, read_factor, settings, unit_points
from sim.ground.errors import InputError
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario

LEAD, ENTRY = "policy.pre_clearance.lead", "world.data_interface.entry_time"


@pytest.fixture
def scenario(base: Path) -> Scenario:
    return load_scenario(base)


def test_a_grid_has_every_combination(scenario: Scenario) -> None:
    factors = [read_factor(f"{LEAD}=0 min, 60 min", scenario), read_factor(f"{ENTRY}=2 min..10 min", scenario)]
    found = settings(factors, "grid", 0, 3, 1)
    assert [(point[LEAD], point[ENTRY]["lognormal"]["mean"]) for point in found] == [
        (lead, entry) for lead in ("0 min", "60 min") for entry in ("2 min", "6 min", "10 min")
    ]


def test_values_are_read_as_yaml_reads_them(scenario: Scenario) -> None:
    factor = read_factor("world.data_interface.fix_time=5 min, {gamma: {mean: 8 min, cv: 1}}", scenario)
    assert factor.levels == ("5 min", {"gamma": {"mean": "8 min", "cv": 1}})
    assert read_factor("policy.precedence.aeo_at_customs", scenario).levels == (False, True)
    assert read_factor("policy.precedence.customs", scenario).levels == ("none", "medical", "class")


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("policy.pre_clearance.leed=1 min", r"policy\.pre_clearance\.lead"),
        ("world.demand.schedule", "no plausible range"),
        (f"{ENTRY}=10 min..2 min", "from the lower value to the higher"),
        (f"{ENTRY}=2..10", "unit is missing"),
        (f"{LEAD}=", "no value"),
        (f"{LEAD}=[1", "list"),
    ],
)
def test_what_can_not_be_varied_is_told(scenario: Scenario, option: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        list(points_of(scenario, settings([read_factor(option, scenario)], "grid", 0, 3, 1)))


def test_designs_that_can_not_be_are_told(scenario: Scenario) -> None:
    factor = read_factor(f"{LEAD}=0 min,60 min", scenario)
    for factors, kind, steps, told in (
        ([], "grid", 2, "nothing is varied"),
        ([factor, factor], "grid", 2, "once"),
        ([factor], "halton", 2, "grid, lhs, sobol"),
        ([read_factor(ENTRY, scenario), read_factor("world.data_interface.fix_time", scenario)], "grid", 1000, "at most"),
    ):
        with pytest.raises(InputError, match=told):
            settings(factors, kind, 8, steps, 1)


def test_a_value_that_the_scenario_refuses_is_told_before_anything_runs(scenario: Scenario) -> None:
    with pytest.raises(InputError, match="bounds"):
        list(points_of(scenario, [{LEAD: "-5 min"}]))


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_samples_fill_every_axis_evenly(kind: str) -> None:
    u = unit_points(kind, 64, 7, seed=3)  # type: ignore[arg-type]
    for column in u.T:
        assert sorted((column * 64).astype(int)) == list(range(64))  # one point in each of 64 slices
    assert np.array_equal(u, unit_points(kind, 64, 7, seed=3))  # type: ignore[arg-type]
    assert not np.array_equal(u, unit_points(kind, 64, 7, seed=4))  # type: ignore[arg-type]


def test_listed_values_are_sampled_alike(scenario: Scenario) -> None:
    factors = [read_factor(f"{LEAD}=0 min,30 min,60 min,240 min", scenario), read_factor(ENTRY, scenario)]
    leads = [point[LEAD] for point in settings(factors, "lhs", 40, 0, 1)]
    assert sorted(leads) == sorted(["0 min", "30 min", "60 min", "240 min"] * 10)


def test_points_have_names_in_order(scenario: Scenario) -> None:
    named = [point.scenario.name for point in points_of(scenario, [{LEAD: f"{minutes} min"} for minutes in range(12)])]
    assert (named[0], named[-1]) == ("base-01", "base-12")
    assert named == sorted(named)


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("5 min", "5 min"),
        ("{lognormal: {mean: 6 min, cv: 0.5}}", "6 min"),
        ("{hong_kong: 2%, mainland: 2%, macao: 2%}", "2%"),
        ("{hong_kong: 2%, mainland: 3%, macao: 2%}", "{hong_kong: 2%, mainland: 3%, macao: 2%}"),
    ],
)
def test_values_are_shown_in_short(written: str, short: str) -> None:
    assert in_short(written) == short
