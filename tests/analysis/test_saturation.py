"""Saturation: targets read, crossings worked by hand, and an answer that a study at that demand confirms."""

import math
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.design_run import DesignRun
from sim.analysis.saturation import (
    FINE,
    Saturation,
    _bounds,
    crossing,
    demand_times,
    excess_at_ends,
    per_day,
    pools_at,
    read_target,
    saturate,
)
from sim.archive import study_folder
from sim.execution.options import RunOptions
from sim.ground.errors import InputError, Interrupted
from sim.metrics.measure_ref import MeasureRef
from sim.model.outcome import Outcome
from sim.report.saturation import answer, write_answer
from sim.scenario.load import apply, load_scenario
from sim.study.replication_values import Values
from tests.analysis.conftest import BASE
from tests.analysis.made_up import MadeUp, made_up

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
        ("on_time_share >= 150%", r"0%\.\.100%"),
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


def mean_of(study: sim.Study, measure: str) -> float:
    """The mean over replications of one measure of the first scenario."""
    metric, _, part = measure.partition("/")
    rows = study.replications
    return float(rows[(rows["metric"] == metric) & (rows["part"] == part)]["value"].mean())


@pytest.mark.slow
@pytest.mark.takes(120)
def test_a_bisection_finds_the_same_break(tmp_path: Path) -> None:
    """Brute force: single studies, halving the factor between a demand that meets the target and one that breaks it."""
    (tmp_path / "narrow.yaml").write_text(NARROW, encoding="utf-8")
    measure = "wait_mean/slots.wenjindu_sheung_shui.from_wenjindu"
    result = saturate(tmp_path / "narrow.yaml", target=f"{measure} <= 20 min", replications=4, seed=3)
    low, high = 8.0, 512.0
    while high / low > 1.005:
        middle = math.sqrt(low * high)
        study = sim.run(tmp_path / "narrow.yaml", set=[f"world.demand.flights_per_day={middle:.6g}/d"], seed=3, replications=4)
        low, high = (middle, high) if mean_of(study, measure) <= 1200 else (low, middle)
    step = 2 ** (1 / FINE)
    assert low / step < result.per_day(result.multiple) < high * step
    assert result.per_day(result.low) < high
    assert low < result.per_day(result.high)


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
    if told != "holds at every demand tried":
        assert f"At {found.per_day(found.tried[0]):.3g} flights a day it stands at" in answer(found)[1]
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


def never_met(target: str, level: float, ends: dict[Outcome, float], put_off: float, pools: pd.DataFrame) -> Saturation:
    run = made_up([[level]] * 3)
    nan = math.nan
    tried, is_met = (0.5, 1.0, 2.0), (False, False, False)
    return Saturation(read_target(target), run, nan, 0.0, math.inf, tried, is_met, 8.0, level, level, ends, put_off, pools)


POOL_COLUMNS = ["pool", "saturated_from", "peak_at_least", "peak_past", "wait_at_least_s", "wait_past_s"]


def test_why_a_target_is_met_nowhere_is_told_from_the_least_demand() -> None:
    pools = pd.DataFrame(
        [["xray.hong_kong", math.nan, 0.02, 0.5, 1.0, 9.0], ["pads.hong_kong", 1.0, 0.08, 1.0, 1.0, 9.0]], columns=POOL_COLUMNS
    )
    ends = {Outcome.RELEASED: 0.79, Outcome.LOST: 0.14, Outcome.CANCELLED: 0.07, Outcome.REFUSED: 0.001}
    result = never_met("on_time_share >= 90%", 0.667, ends, 0.22, pools)
    _, why, busiest = answer(result)
    assert "At 4 flights a day it stands at 66.7%." in why
    assert "22% are put off before any officer sees them (the order came after a deadline), 14% so far that they are lost" in why
    assert "7.0% are cancelled" in why
    assert "refused" not in why
    assert "8.0% of its time" in busiest
    assert "pads" in busiest.lower() or "Hong Kong" in busiest
    for language in ("zh-Hant", "zh-Hans"):
        assert "14%" in answer(result, language)[1]  # type: ignore[arg-type]


def test_a_target_without_level_says_so_and_one_that_nothing_stands_in_the_way_of_does_too() -> None:
    ends = {Outcome.RELEASED: 1.0, Outcome.LOST: 0.0}
    result = never_met("delay_quantile/p95 <= 30 min", math.inf, ends, 0.0, pd.DataFrame(columns=POOL_COLUMNS))
    assert "no value (too few flights are released)" in answer(result)[1]
    assert "nearly all are released" in answer(result)[1]
    assert len(answer(result)) == 2


def broken(target: str, high: float, level_past: float, pools: pd.DataFrame) -> Saturation:
    """A target that breaks between 8 and 16 flights a day."""
    tried, is_met = (0.5, 1.0, 2.0), (True, True, False)
    levels, ends = (60.0, level_past), {Outcome.RELEASED: 1.0}
    run = made_up([[60.0]] * 3)
    return Saturation(read_target(target), run, 1.0, 0.0, high, tried, is_met, 8.0, *levels, ends, 0.0, pools)


POOLS = pd.DataFrame([["xray.hong_kong", 4.0, 0.02, 0.66, 1.0, 9.0]], columns=POOL_COLUMNS)


def test_an_end_of_an_interval_that_is_not_reached_breaks_the_target() -> None:
    """Worked by hand: a p95 of 90 s with an upper end among flights never released; without any interval; with both ends."""
    aim = read_target("delay_quantile/p95 <= 100 s")
    shown = pd.DataFrame({"mean": [90.0, 90.0, 90.0], "ci_low": [80.0, np.nan, 80.0], "ci_high": [np.nan, np.nan, 130.0]})
    assert excess_at_ends(aim, shown).tolist() == [[-20.0, -10.0, -20.0], [np.inf, -10.0, 30.0]]


def test_an_end_that_is_not_within_the_demands_tried_is_told_in_words() -> None:
    result = broken("wait_mean/xray.hong_kong <= 2 min", math.inf, 130.0, POOLS)
    assert "(interval below 4 to above 16)" in answer(result)[0]
    assert "（區間 少於 4 至 多於 16）" in answer(result, "zh-Hant")[0]
    assert "below 4 to 12)" in answer(replace(result, high=1.5))[0]
    printed = " ".join(str(line) for line in answer(result))
    assert "inf" not in printed
    assert "It breaks because" not in printed


def test_a_break_because_a_quantile_is_not_reached_is_told() -> None:
    result = broken("delay_quantile/p95 <= 30 min", 1.0, math.nan, POOLS)
    assert "because the quantile is not reached: at 16 flights a day" in answer(result)[1]
    assert "每日 16 班" in answer(result, "zh-Hant")[1]
    no_quantile = replace(result, target=read_target("wait_mean/xray.hong_kong <= 2 min"))
    assert answer(no_quantile)[1] == "It breaks because the measure has no value at 16 flights a day."


def test_a_pool_that_is_full_beyond_the_break_only_is_not_called_saturated() -> None:
    result = broken("wait_mean/xray.hong_kong <= 2 min", 2.0, 130.0, POOLS)
    assert "Fullest at the break" in answer(result)[1]
    assert "busy 66% of its time" in answer(result)[1]
    full = POOLS.assign(saturated_from=2.0, peak_past=0.97)
    assert "First saturated" in answer(replace(result, pools=full))[1]
    peaks = {"early": [0.1, 0.66, 0.99], "late": [0.1, 0.9, 0.94]}
    table = pools_at(cast(DesignRun, Hours(peaks, {})), (1.0, 2.0, 4.0), 1)
    assert list(table["pool"]) == ["late", "early"]


class Hours(MadeUp):
    """Peaks of pools by hour, and waits, at three points of one replication."""

    def __init__(self, peaks: dict[str, list[float]], waits: dict[str, list[float]]) -> None:
        super().__init__([[0.0]] * 3)
        self.by_key = {"utilisation_by_hour": {f"{pool}/09": row for pool, row in peaks.items()}, "wait_mean": waits}

    def of_measure(self, key: str) -> Values:
        rows = self.by_key[key]
        return {
            MeasureRef(key, part): {n: np.array([v]) for n, v in zip(self.names, row, strict=True)} for part, row in rows.items()
        }


def test_what_is_full_first_is_judged_by_utilisation_not_by_the_wait() -> None:
    peaks = {"idle": [0.01, 0.02, 0.05], "busy": [0.3, 0.6, 0.9], "full": [0.5, 0.96, 1.0], "fuller": [0.6, 0.99, 1.0]}
    waits = {"idle": [0.0, 0.0, 9000.0], "busy": [1.0, 2.0, 3.0], "full": [1.0, 500.0, 900.0], "fuller": [1.0, 50.0, 90.0]}
    run = cast(DesignRun, Hours(peaks, waits))
    assert list(pools_at(run, (1.0, 2.0, 4.0), 2)["pool"]) == ["fuller", "full", "busy", "idle"]
    of_two = cast(DesignRun, Hours({name: peaks[name] for name in ("idle", "busy")}, waits))
    table = pools_at(of_two, (1.0, 2.0, 4.0), 2)
    assert list(table["pool"]) == ["busy", "idle"]
    assert list(table.columns) == POOL_COLUMNS


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
