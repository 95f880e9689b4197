"""Plausible ranges: every one can be walked from end to end, and what is written is read as meant."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.ranges import Range, range_of, ranges
from sim.ground.errors import InputError
from sim.ground.law import Law
from sim.scenario.load import apply
from sim.scenario.parameters import catalogue, value_at
from sim.scenario.schema import default_schema


def position(each: Range, value: float) -> float:
    """Where a value stands in a range, from 0 to 1: the inverse of `at`, but for its rounding."""
    if each.is_whole:
        return (value - each.low + 0.5) / (each.high - each.low + 1)
    if each.by_factor:
        return math.log(value / each.low) / math.log(each.high / each.low)
    return (value - each.low) / (each.high - each.low)


DEFAULT = default_schema().scenario_type(name="default", policy={}, world={})
WITHOUT = {
    "world.demand.flights_on_route": "the user's own",
    "world.demand.hourly_profile": "24 proportions",
    "world.demand.weekday_profile": "7 proportions",
    "world.demand.goods_mix": "proportions",
    "world.demand.priority_mix": "proportions",
    "world.demand.aircraft": "names of types",
    "world.demand.schedule": "a file",
    "world.compliance.goods_factor": "a factor a class of goods",
    "world.data_interface.outage_events": "events at stated times",
    "world.detector_dogs.goods_factor": "a factor a class of goods",
    "world.weather.mode": "a choice",
    "world.weather.month": "follows from the date",
    "world.weather.events": "events at stated times",
    "world.datum_fault.fault": "a choice",
    "world.road.times": "the user's own",
    "world.posts.aviation_pay": "no figure",
    "world.posts.immigration_pay": "no figure",
    "world.posts.quarantine_pay": "no figure",
    "world.posts.pad_cost": "no figure",
    "world.posts.aircraft_cost": "no figure",
    "world.posts.stated_pay": "the user's own",
}
"""World parameters that no range of numbers can describe; every other one has a declared plausible range."""
VALUES_ONLY = {"world.posts.hours_a_year", "world.posts.officer_pay"}
"""Those that move no flight: they have a range, and are left alone where worlds are varied."""
WORLD, POLICY = ranges(DEFAULT), ranges(DEFAULT, "policy")


def test_every_world_parameter_has_a_plausible_range_but_those_that_are_no_quantity() -> None:
    without = {path for path, p in catalogue().items() if p.branch == "world" and p.plausible is None}
    assert without == set(WITHOUT)
    assert {each.path for each in WORLD} == {
        path for path, p in catalogue().items() if p.branch == "world"
    } - without - VALUES_ONLY


@pytest.mark.parametrize("u", [0.0, 0.31, 0.5, 1.0])
def test_every_value_of_a_range_can_be_set(u: float) -> None:
    changed = apply(DEFAULT, {each.path: each.written(each.at(u)) for each in (*WORLD, *POLICY)})
    for each in WORLD:
        held = value_at(changed, each.path)
        found = next(iter(held.values())) if isinstance(held, dict) or hasattr(held, "values") else held
        mean = found.mean if isinstance(found, Law) else found[0].servers if isinstance(found, tuple) else float(found)
        assert mean == pytest.approx(each.at(u), rel=1e-9, abs=31 if each.parameter.dimension == "clock" else 1e-12)


@given(st.sampled_from(WORLD), st.floats(0, 1))
def test_position_is_the_inverse_of_at(each: Range, u: float) -> None:
    step = 1 / (each.high - each.low + 1) if each.is_whole else 0.02  # values have three digits
    assert position(each, each.at(u)) == pytest.approx(u, abs=step)


def test_whole_numbers_are_as_likely_as_each_other() -> None:
    operators = next(each for each in WORLD if each.path == "world.demand.operators")
    whole = range(round(operators.low), round(operators.high) + 1)
    found = [operators.at(u) for u in np.linspace(0, 1, 1000 * len(whole) + 1).tolist()]
    assert [found.count(float(number)) for number in whole] == pytest.approx([1000] * len(whole), abs=1)


def test_ends_and_own_value_are_written_as_they_are() -> None:
    outages = range_of(DEFAULT, "world.data_interface.outage_interval")
    assert outages is not None
    assert outages.written(outages.high) == dict.fromkeys(("hong_kong", "mainland", "macao"), "180 d")
    assert outages.in_words(outages.own) == "30 d"


def test_a_wide_range_is_walked_by_factors() -> None:
    demand, notice = range_of(DEFAULT, "world.demand.flights_per_day"), range_of(DEFAULT, "world.demand.notice")
    assert demand is not None and notice is not None
    assert demand.by_factor and not notice.by_factor
    assert demand.at(0.5) * 86400 == pytest.approx((2 * 300) ** 0.5, rel=5e-3)
    assert notice.at(0.5) == (6 + 96) / 2 * 3600


def test_a_law_keeps_its_shape_and_sides_their_proportions() -> None:
    unlike = apply(
        DEFAULT, {"world.document_check.service_time": {"hong_kong": "5 min", "mainland": {"gamma": {"mean": "15 min", "cv": 1}}}}
    )
    each = range_of(unlike, "world.document_check.service_time")
    assert each is not None
    assert each.own == (5 + 15 + 10) / 3 * 60
    written = each.written(each.own * 1.5)
    assert written["hong_kong"] == "7.5 min"
    assert written["mainland"] == {"gamma": {"mean": "22.5 min", "cv": 1.0}}
    assert each.written(each.high)["mainland"]["gamma"]["mean"] == "30 min"  # no side leaves the range


def test_a_value_outside_its_range_widens_it() -> None:
    each = range_of(apply(DEFAULT, {"world.demand.flights_per_day": "1000/d"}), "world.demand.flights_per_day")
    assert each is not None
    assert each.high * 86400 == pytest.approx(1000)


def test_parameters_and_groups_can_be_left() -> None:
    left = ranges(DEFAULT, "world", ["world.demand", "world.xray.scan_time"])
    assert {each.path for each in WORLD} - {each.path for each in left} == {
        "world.xray.scan_time", *(each.path for each in WORLD if each.path.startswith("world.demand."))
    }  # fmt: skip
    with pytest.raises(InputError, match=r"world\.xray\.scan_time"):
        ranges(DEFAULT, "world", ["world.xray.scantime"])
