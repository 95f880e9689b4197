"""Backlog, recovery and surge: by hand, and against the fluid limit."""

from math import inf, nan

import numpy as np
import pytest

from sim.ground.time_units import HOUR_S
from sim.metrics.recovery import METRICS, overdue
from sim.model.disruption import DISRUPTION_LABELS, Disruption, united
from sim.model.observation import Observation
from tests.metrics.hand_made import At, observe

BY_KEY = {metric.key: metric.compute for metric in METRICS}


def released_at(due_s: list[float], released_s: list[float], *disruptions: Disruption, **given: object) -> Observation:
    """Flights due and released at those instants (NaN: never)."""
    release = At("release", [(r, r, r) for r in released_s])
    ended_s = list(given.pop("ended_s", released_s))  # type: ignore[call-overload]
    given = {"window": (0.0, 1e6), "horizon_s": 2e6, **given}
    return observe(release, ordered_s=due_s, ended_s=ended_s, facts={"disruptions": disruptions}, **given)  # type: ignore[arg-type]


def test_spells_are_united() -> None:
    assert united([(5, 7), (1, 3), (3, 4), (2, 3.5), (9, 9)]) == ((1, 4), (5, 7))
    assert united([]) == ()


def test_the_backlog_by_hand() -> None:
    """Due at 10, 20, 30; released at 25, 20 (on time), never."""
    found = overdue(released_at([10, 20, 30], [25, 20, nan], ended_s=[25, 20, nan]))
    assert found.backlog(np.array([9.0, 10.0, 24.0, 25.0, 30.0, 1e9])).tolist() == [0, 1, 1, 0, 1, 1]
    assert found.over_s.tolist() == [25, 20, inf]


def test_a_flight_put_off_by_policy_is_due_later() -> None:
    made = observe(
        At("release", [(50, 50, 50)]), ordered_s=[10.0], ended_s=[50.0], facts={"departure_target_s": np.array([45.0])}
    )
    assert overdue(made).due_s.tolist() == [45.0]


def test_a_flight_that_ends_otherwise_leaves_the_backlog() -> None:
    found = overdue(released_at([10], [nan], ended_s=[40]))
    assert found.backlog(np.array([39.0, 40.0])).tolist() == [1, 0]


def test_a_long_recovery_is_followed_to_its_end() -> None:
    """A thousand become overdue in [100, 200) and are released one a second from 300 on."""
    due, released = list(np.linspace(100, 199, 1000)), list(np.arange(300.0, 1300.0))
    made = released_at(due, released, Disruption("fog", 100.5, 200), Disruption("fog", 99.5, 200))
    assert overdue(made).as_low_again_s(6, 200, 2e6) == 1293, "six are left: those of the last six seconds"
    assert overdue(made).as_low_again_s(0, 200, 2e6) == 1299
    assert np.isnan(overdue(made).as_low_again_s(0, 200, 1298.5))


def test_a_recovery_by_hand() -> None:
    """One is overdue already; three become so in [100, 200); they are released at 210, 230 and 260; the old one at 250.

    The backlog is back at 1 when the third of the four is gone, at 250.
    """
    due, released = [50, 120, 150, 180, 300], [250, 210, 230, 260, 300]
    made = released_at(due, released, Disruption("fog", 100, 200))
    assert BY_KEY["disruptions"](made) == dict.fromkeys(DISRUPTION_LABELS, 0) | {"fog": 1}
    assert BY_KEY["recovery_peak_backlog"](made) == {"fog": 4}
    assert BY_KEY["recovery_clear_time"](made) == {"fog": 50}
    assert BY_KEY["recovery_cleared_share"](made) == {"fog": 1}
    assert BY_KEY["recovery_delayed_flights"](made) == {"fog": 3}
    assert BY_KEY["recovery_surge"](made) == {"fog": 5}  # all within the hour from 210 on


def test_on_time_around_a_disruption() -> None:
    """Due before it, while it lasts (on time, late, never), within a day of its end and later; the other kind apart."""
    day = 24 * HOUR_S
    due = [90, 100, 150, 200, 200 + day, 201 + day, 5e5]
    released = [90, 1000, 1051, nan, 200 + day, 201 + day, 5e5]
    made = released_at(due, released, Disruption("fog", 100, 200), Disruption("wind", 5e5, 6e5), Disruption("fog", -50, -20))
    assert BY_KEY["recovery_flights"](made) == {"fog": 4, "wind": 1}
    assert BY_KEY["recovery_on_time_flights"](made) == {"fog": 2, "wind": 1}
    assert BY_KEY["recovery_on_time_share"](made) == {"fog": 0.5, "wind": 1}
    twice = released_at([150], [150], Disruption("fog", 100, 200), Disruption("fog", 140, 300))
    assert BY_KEY["recovery_flights"](twice) == {"fog": 1}
    assert BY_KEY["recovery_on_time_share"](released_at([15], [30])) == {}


def test_what_is_not_cleared_counts_up_to_the_horizon() -> None:
    made = released_at([120], [nan], Disruption("wind", 100, 200), horizon_s=1000.0)
    assert BY_KEY["recovery_clear_time"](made) == {"wind": 800}
    assert BY_KEY["recovery_cleared_share"](made) == {"wind": 0}


def test_disruptions_are_averaged_by_kind_and_those_that_begin_outside_the_window_left_out() -> None:
    outages = (Disruption("outage", 10, 20), Disruption("outage", 100, 200), Disruption("outage", 600, 700))
    made = released_at([15, 150], [30, 240], *outages, window=(0.0, 500.0))
    assert BY_KEY["disruptions"](made) == dict.fromkeys(DISRUPTION_LABELS, 0) | {"outage": 2}
    assert BY_KEY["recovery_clear_time"](made) == {"outage": (10 + 40) / 2}
    assert BY_KEY["recovery_clear_time"](released_at([15], [30])) == {}


@pytest.mark.parametrize(("between_s", "headway_s", "closed_s"), [(300, 180, 7200), (240, 120, 10800), (600, 60, 21600)])
def test_the_time_to_clear_is_that_of_the_fluid_limit(between_s: float, headway_s: float, closed_s: float) -> None:
    """Arrivals at rate a, service at rate m, none for T: a T / (m - a), the backlog at most a T, the surge m."""
    due = np.arange(0.0, 200_000.0, between_s)
    start_s = 50_000.0 + between_s / 2
    released = due.copy()
    free_s = start_s + closed_s
    for k in np.flatnonzero(due > start_s):
        free_s = max(free_s, due[k])
        released[k], free_s = free_s, free_s + headway_s
    made = released_at(due.tolist(), released.tolist(), Disruption("closure", start_s, start_s + closed_s))
    rate, service = 1 / between_s, 1 / headway_s
    cleared_s = rate * closed_s / (service - rate)
    one_more_s = 2 / (service - rate)  # whole flights against a fluid
    assert abs(BY_KEY["recovery_clear_time"](made)["closure"] - cleared_s) <= one_more_s
    assert abs(BY_KEY["recovery_peak_backlog"](made)["closure"] - rate * closed_s) <= 1
    if cleared_s > HOUR_S:
        assert abs(BY_KEY["recovery_surge"](made)["closure"] - service * HOUR_S) <= 1
