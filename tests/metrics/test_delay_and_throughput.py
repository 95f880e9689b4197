"""Delay against plan and throughput, by hand."""

from math import inf

import numpy as np
import pytest

from sim.metrics.delay import METRICS as DELAY
from sim.metrics.throughput import METRICS as THROUGHPUT
from sim.model.observation import Observation
from tests.metrics.hand_made import NEVER, At, observe, servers
from tests.metrics.one_replication import quantiles_of

METRICS = {metric.key: metric for metric in (*DELAY, *THROUGHPUT)}
BY_KEY = {key: metric.compute for key, metric in METRICS.items()}
HOUR = 3600.0


def ten(unreleased: int = 1) -> Observation:
    """Ten flights planned for release at 100, released 0, 300, 600… s late, the last ones never."""
    late = [300.0 * k for k in range(10 - unreleased)]
    times = [(100 + d, 100 + d, 100 + d) for d in late] + [NEVER] * unreleased
    return observe(At("release", times), ordered_s=[40] * 10, planned_release_s=[100] * 10)


def test_quantiles_count_every_planned_flight() -> None:
    assert quantiles_of(METRICS["delay_quantile"], ten()) == {"p50": 1200, "p90": 2400, "p95": inf}
    assert quantiles_of(METRICS["delay_quantile_released"], ten()) == {"p50": 1200, "p90": 2400, "p95": 2400}
    assert BY_KEY["delay_quantile"](ten()) == {}
    assert BY_KEY["unreleased_share"](ten()) == pytest.approx(0.1)


def test_the_mean_delay_is_of_the_released() -> None:
    assert BY_KEY["delay_mean"](ten()) == 1200


def test_on_time_is_a_share_of_all_planned_flights_and_15_minutes_is_still_on_time() -> None:
    assert BY_KEY["on_time_share"](ten()) == pytest.approx(0.4)
    assert BY_KEY["on_time_share"](ten(unreleased=8)) == pytest.approx(0.2)


def test_order_to_release() -> None:
    assert BY_KEY["order_to_release_mean"](ten()) == 1260
    assert quantiles_of(METRICS["order_to_release_quantile"], ten())["p50"] == 1260
    assert quantiles_of(METRICS["order_to_release_quantile_released"], ten())["p95"] == 2460


def test_a_release_after_the_horizon_is_no_release() -> None:
    observation = observe(At("release", [(0, 0, 50), (0, 0, 51)]), ordered_s=[0, 0], horizon_s=50)
    assert BY_KEY["flights_released"](observation) == 1
    assert BY_KEY["released_share"](observation) == 0.5


def test_flights_outside_the_window_are_not_measured() -> None:
    observation = observe(
        At("release", [(0, 0, 50), (0, 0, 50), (0, 0, 50)]), ordered_s=[0, 0, 0], planned_departure_s=[-1, 0, HOUR]
    )
    assert BY_KEY["flights_planned"](observation) == 1


def test_shift_of_departure() -> None:
    release = At("release", [NEVER, NEVER])
    shifted = observe(release, ordered_s=[0, 0], facts={"departure_target_s": [0.0, 600.0]})
    assert BY_KEY["departure_shift_mean"](shifted) == 300
    assert BY_KEY["departure_shifted_share"](shifted) == 0.5
    assert np.isnan(BY_KEY["departure_shift_mean"](observe(release, ordered_s=[0, 0])))


def test_releases_and_crossings_by_the_hour_and_in_the_peak() -> None:
    instants = [0, 1800, 3599.9, 3600, 9000]
    observation = observe(
        At("fly_1", [(t, t, t) for t in instants]),
        At("release", [(t, t, t) for t in instants], after="fly_1"),
        At("return_fly_1", [(1000, 1000, 1000), *[NEVER] * 4], after="release"),
        ordered_s=[0] * 5,
        window=(0.0, 2 * HOUR),
    )
    assert BY_KEY["releases_per_hour"](observation) == 2
    assert BY_KEY["peak_hour_releases"](observation) == 3
    assert BY_KEY["crossings_per_hour"](observation) == 2.5
    assert BY_KEY["peak_hour_crossings"](observation) == 4


def test_corridor_occupancy_is_the_headways_taken() -> None:
    slot = At("slot", [(0, 0, 0), (0, 60, 60)], step="slot", pool="slots.south", cooldown_s=60)
    observation = observe(slot, pools=[servers("slots", place="south"), servers("desk")], ordered_s=[0, 0])
    assert BY_KEY["corridor_occupancy"](observation) == {"slots.south": pytest.approx(120 / 3600)}
