"""Saturation: targets read, crossings worked by hand, and an answer that a study at that demand confirms."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.saturation import _bounds, crossing, demand_times, per_day, read_target, saturate
from sim.archive import study_folder
from sim.execution.options import RunOptions
from sim.ground.errors import InputError, Interrupted
from sim.report.saturation import answer, write_answer
from sim.scenario.load import apply, load_scenario
from tests.analysis.conftest import BASE

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
    [("delay_quantile/p95 <= 30 min", True, 1800.0), ("on_time_share>=80%", False, 0.8), ("officer_hours <= 150 h", True, 150.0)],
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
        ("officer_hours <= many", "number with a unit of time"),
        ("p95_delay <= 30 min", "no such measure"),
        ("on_time_share >= 150%", "0% to 100%"),
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


@pytest.mark.takes(20)
def test_the_demand_at_which_the_corridor_is_full(tmp_path: Path) -> None:
    (tmp_path / "narrow.yaml").write_text(NARROW, encoding="utf-8")
    found = saturate(
        tmp_path / "narrow.yaml",
        target="wait_mean/slots.wenjindu_sheung_shui.from_wenjindu <= 20 min",
        out=tmp_path / "out",
    )
    assert 0 < found.low <= found.multiple <= found.high < math.inf
    demand = found.per_day(found.multiple)
    assert 20 < demand < 24 * 5  # more a day than slots there can't be
    at = apply(load_scenario(tmp_path / "narrow.yaml"), demand_times(load_scenario(tmp_path / "narrow.yaml"), found.multiple))
    assert at.world.demand.flights_per_day * 86400 == pytest.approx(demand, rel=1e-4)
    curve = pd.read_csv(tmp_path / "out" / "saturation.csv")
    before, after = curve[curve["multiple"] <= found.multiple].iloc[-1], curve[curve["multiple"] > found.multiple].iloc[0]
    assert before["mean"] <= 1200 < after["mean"]
    assert "slots" in found.pools["pool"].iloc[0] or "slots" in answer(found)[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "demand", "told"),
    [
        ("on_time_share >= 0%", "100/d", "holds at every demand tried"),
        ("on_time_share >= 100%", "100/d", "is met at no demand tried"),
        ("flights_released >= 2", "0.3/d", "is met only from"),
    ],
)
def test_targets_that_no_demand_breaks_are_told_and_written(
    base: Path, tmp_path: Path, target: str, demand: str, told: str
) -> None:
    found = saturate(
        base, target=target, set=[f"world.demand.flights_per_day={demand}"], out=tmp_path / "out", finish=write_answer
    )
    assert math.isnan(found.multiple)
    assert told in answer(found)[0]
    assert told in " ".join((tmp_path / "out" / "report" / "answer.txt").read_text().split())


@pytest.mark.slow
def test_another_target_replaces_the_answer(base: Path, tmp_path: Path) -> None:
    for target in ("on_time_share >= 40%", "on_time_share >= 0%"):
        saturate(
            base,
            target=target,
            set=["world.demand.flights_per_day=60/d"],
            out=tmp_path / "out",
            replications=1,
            finish=write_answer,
        )
    assert "holds at every demand" in " ".join((tmp_path / "out" / "report" / "answer.txt").read_text().split())
    assert study_folder.read_manifest(tmp_path / "out")["asked"] == {"target": "on_time_share >= 0%"}


def test_a_level_that_is_not_there_breaks_the_target() -> None:
    target = read_target("delay_quantile/p95 <= 30 min")
    assert list(target.excess([1800.0, math.nan, 1801.0, math.inf]) > 0) == [False, True, True, True]


@pytest.mark.slow
def test_an_interrupted_search_is_gone_on_with(base: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int, flights: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    options = RunOptions(out=tmp_path / "out", replications=2)
    with pytest.raises(Interrupted):
        saturate(base, target="on_time_share >= 40%", options=replace(options, progress=stop))
    saturate(base, target="on_time_share >= 40%", options=replace(options, resume=True))
    with pytest.raises(InputError, match="no unfinished study"):
        saturate(base, target="on_time_share >= 40%", options=replace(options, resume=True))


def test_busy_routes_bound_the_search(base: Path) -> None:
    scenario = apply(load_scenario(base), {"world.demand.flights_on_route": {"wenjindu_sheung_shui": "1000/d"}})
    assert _bounds(scenario) == pytest.approx((0.25 / 24, 5.0))


@pytest.mark.slow
def test_a_break_near_the_bound_of_the_demand_is_looked_at_within_it(tmp_path: Path) -> None:
    """Between twice and four times 1,000 flights a day: four steps beyond would be more than the parameter takes."""
    (tmp_path / "busy.yaml").write_text(BASE, encoding="utf-8")
    overrides = ["world.demand.flights_per_day=1000/d", "study.warm_up=0 s", "study.cool_down=0 s"]
    found = saturate(tmp_path / "busy.yaml", target="flights_planned <= 5600", set=overrides, replications=1)
    assert 2 < found.multiple < 4
    assert max(found.tried) * 1000 <= 5000 < max(found.tried) * 1000 * 2 ** (1 / 8)


def test_demand_that_can_not_be_multiplied_is_told(base: Path) -> None:
    with pytest.raises(InputError, match="flights_per_day"):
        saturate(base, target="on_time_share >= 50%", set=["world.demand.flights_per_day=0/d"])
