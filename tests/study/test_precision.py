"""How a precision is asked for, and when a measure is as precise."""

import numpy as np
import pytest

from sim.ground.errors import InputError
from sim.metrics import all_metrics
from sim.metrics.measure_ref import MeasureRef
from sim.policies import FEATURES
from sim.statistics.sequential import running
from sim.study.precision import Target, not_measured, parse_targets, precise

METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
ALPHA = 0.05


def target(written: str, n_scenarios: int = 2) -> Target:
    return parse_targets([written], METRICS, n_scenarios)[0]


def relative(share: float) -> Target:
    return target(f"delay_mean={100 * share}%")


def test_a_mean_that_is_none_is_never_precise() -> None:
    nothing, never = np.full(30, np.nan), np.full(30, 100.0)
    never[7] = np.inf
    wide = target("delay_mean=1000 h")
    assert not precise(running(nothing, ALPHA), wide).any()
    assert precise(running(never, ALPHA), wide).tolist() == [False] * 2 + [True] * 5 + [False] * 23
    assert np.isnan(running(never, ALPHA).half[7:]).all()


def test_a_measure_with_one_value_throughout_is_precise_after_three() -> None:
    assert precise(running(np.zeros(5), ALPHA), relative(0.05)).tolist() == [False, False, True, True, True]


def test_a_target_of_rare_events_knows_what_counts_them() -> None:
    assert target("illicit_missed=1").events == MeasureRef("illicit_missed")
    assert target("delay_mean=5%").events is None


@pytest.mark.parametrize(
    ("written", "metric", "part", "required", "is_relative"),
    [
        ("delay_mean=5%", "delay_mean", "", 0.05, True),
        ("delay_quantile/p95 = 2 min", "delay_quantile", "p95", 120.0, False),
        ("wait_mean/pad.sheung_wan=10s", "wait_mean", "pad.sheung_wan", 10.0, False),
        ("on_time_share=0.02", "on_time_share", "", 0.02, False),
        ("on_time_share=2 pp", "on_time_share", "", 0.02, False),
        ("releases_per_hour=0.5/h", "releases_per_hour", "", 0.5, False),
        ("illicit_found=3", "illicit_found", "", 3.0, False),
        ("wrong_side_km=200 m", "wrong_side_km", "", 0.2, False),
        ("officer_hours=30 min", "officer_hours", "", 0.5, False),
        ("officer_pay_per_released/hong_kong=50 HKD", "officer_pay_per_released", "hong_kong", 50.0, False),
        ("difference:delay_mean=1 min", "delay_mean", "", 60.0, False),
    ],
)
def test_how_a_target_is_asked_for(written: str, metric: str, part: str, required: float, is_relative: bool) -> None:
    found = target(written)
    assert (*found.measure, found.is_relative) == (metric, part, is_relative)
    assert found.required == pytest.approx(required, rel=1e-12)
    assert found.of_difference == written.startswith("difference:")


@pytest.mark.parametrize("unit", sorted({metric.unit for metric in METRICS.values()}))
def test_every_unit_of_a_measure_can_be_asked_for(unit: str) -> None:
    key = next(metric.key for metric in METRICS.values() if metric.unit == unit)
    written = {"s": "3600 s", "min": "1 h", "h": "1 h", "h/1000": "1 h", "d": "1 h", "/h": "1/h", "/d": "1/d", "km": "1 km"}
    written |= {"m": "1 km"}
    required = {"s": 3600, "min": 60, "d": 1 / 24, "m": 1000}
    assert target(f"{key}={written.get(unit, '1')}").required == pytest.approx(required.get(unit, 1))


def test_a_half_width_is_shown_as_it_was_asked_for() -> None:
    assert target("delay_mean=2 min").shown(83, 1000) == "1.38 min"
    assert target("delay_mean=5%").shown(48, -1000) == "4.8%"
    assert target("on_time_share=2 pp").shown(0.013, 0.7) == "1.3 pp"
    assert target("releases_per_hour=3/h").shown(1.5, 9) == "1.5/h"
    assert target("delay_mean=5%").shown(float("nan"), 9) == "?%"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("mean_delay=5%", "no such measure.*\n.*\n.*delay_mean"),
        ("delay_mean", "a measure and a half width are needed"),
        ("=5%", "a measure and a half width are needed"),
        ("delay_mean=", "a measure and a half width are needed"),
        ("delay_mean=5", "unit is missing"),
        ("delay_mean=5 km", "is a unit of length"),
        ("delay_mean=0 s", "above 0"),
        ("delay_mean=-5%", "above 0"),
        ("delay_mean=nan%", "a number"),
        ("on_time_share=2 min", "plain number is needed"),
        ("illicit_found=2 pp", "plain number is needed"),
        ("difference:delay_mean=5%", "a difference may be 0"),
    ],
)
def test_bad_targets_are_told(written: str, told: str) -> None:
    with pytest.raises(InputError, match=f"precision: (?s:.*){told}"):
        target(written)


def test_every_bad_target_is_told_at_once() -> None:
    bad = ["mean_delay=5%", "on_time_share=x", "difference:on_time_share=0.1"]
    with pytest.raises(InputError) as raised:
        parse_targets(["delay_mean=5%", *bad], METRICS, 1)
    assert [problem.found.en for problem in raised.value.problems] == bad


def test_an_unknown_part_names_those_near() -> None:
    problem = not_measured(
        target("delay_quantile/p59=5%"), map(MeasureRef.parse, ("delay_mean", "delay_quantile/p50", "delay_quantile/p95"))
    )
    assert problem.allowed.en == "delay_quantile/p95, delay_quantile/p50"
    assert "no whole" in not_measured(target("delay_quantile=5%"), [MeasureRef("delay_quantile", "p50")]).message.en
