"""Saturation: targets read, crossings worked by hand, and an answer that a study at that demand confirms."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.saturation import crossing, demand_times, per_day, read_target, saturation
from sim.analysis.survey import Means
from sim.ground.errors import InputError
from sim.report.saturation import answer
from sim.scenario.load import apply, load_scenario

# One slot of 12 minutes each way serves at most 5 an hour: the corridor is what is short.
NARROW = """
name: narrow
study: {days: 2, warm_up: 1 d, cool_down: 1 d, replications: 4, seed: 3}
policy:
  corridor: {headway: 12 min}
  vertiports: {fleet: 60, pads: 20}
  flight_authorisation: {officers: 40}
world:
  demand: {flights_per_day: 8/d}
"""


@pytest.mark.parametrize(
    ("written", "at_most", "value"),
    [("delay_quantile/p95 <= 30 min", True, 1800.0), ("on_time_share>=80%", False, 0.8), ("officer_hours <= 150", True, 150.0)],
)
def test_targets_are_read_in_the_unit_of_the_measure(written: str, at_most: bool, value: float) -> None:
    target = read_target(written)
    assert (target.at_most, target.value) == (at_most, value)
    assert read_target(target.written) == target


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("delay_quantile/p95 < 30 min", "<="),
        ("delay_quantile/p95 <= 30", "unit is missing"),
        ("delay_quantile/p95 <= 30 km", "length"),
        ("officer_hours <= many", "plain number"),
        ("p95_delay <= 30 min", "no such measure"),
    ],
)
def test_targets_that_can_not_be_read_are_told(written: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_target(written)


def test_crossings_worked_by_hand() -> None:
    x = np.array([1.0, 2.0, 4.0, 8.0])
    assert crossing(x, np.array([-1.0, -1.0, 1.0, 3.0])) == pytest.approx(2 * 2**0.5)  # half-way in the logarithm
    assert crossing(x, np.array([-3.0, 1.0, -1.0, 3.0])) == pytest.approx(2**0.75)  # the first
    assert crossing(x, np.array([-1.0, -1.0, math.inf, math.inf])) == 2.0
    assert math.isnan(crossing(x, np.array([-1.0, -2.0, -1.0, 0.0])))
    assert math.isnan(crossing(x, np.array([1.0, 2.0, 1.0, 3.0])))


def test_demand_of_all_routes_is_multiplied(base: Path) -> None:
    scenario = apply(load_scenario(base), {"world.demand.flights_on_route": {"wenjindu_sheung_shui": "10/d"}})
    assert demand_times(scenario, 1.5) == {
        "world.demand.flights_per_day": "36.0/d",
        "world.demand.flights_on_route": {"wenjindu_sheung_shui": "15.0/d"},
    }
    assert per_day(scenario) == pytest.approx(24)


def test_the_demand_at_which_the_corridor_is_full(tmp_path: Path) -> None:
    (tmp_path / "narrow.yaml").write_text(NARROW, encoding="utf-8")
    found = saturation(
        tmp_path / "narrow.yaml",
        "wait_mean/slots.wenjindu_sheung_shui.from_wenjindu <= 20 min",
        means=Means(out=tmp_path / "out"),
    )
    assert found.survey is not None
    assert 0 < found.low <= found.multiple <= found.high < math.inf
    demand = found.per_day(found.multiple)
    assert 20 < demand < 24 * 5  # more a day than slots there can't be
    at = apply(load_scenario(tmp_path / "narrow.yaml"), demand_times(load_scenario(tmp_path / "narrow.yaml"), found.multiple))
    assert at.world.demand.flights_per_day * 86400 == pytest.approx(demand, rel=1e-4)
    curve = pd.read_csv(tmp_path / "out" / "saturation.csv")
    before, after = curve[curve["multiple"] <= found.multiple].iloc[-1], curve[curve["multiple"] > found.multiple].iloc[0]
    assert before["mean"] <= 1200 < after["mean"]
    assert "slots" in found.pools["pool"].iloc[0] or "slots" in answer(found)[1]


def test_targets_that_never_or_always_break(base: Path) -> None:
    means = Means(replications=1)
    never = saturation(base, "on_time_share >= 0%", overrides=["world.demand.flights_per_day=2000/d"], means=means)
    assert never.survey is None and not never.is_broken_at_least
    assert "holds at every demand tried" in answer(never)[0]


def test_demand_that_can_not_be_multiplied_is_told(base: Path) -> None:
    with pytest.raises(InputError, match="flights_per_day"):
        saturation(base, "on_time_share >= 50%", overrides=["world.demand.flights_per_day=0/d"])
