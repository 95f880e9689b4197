"""Waits, queues and the use of servers, by hand."""

from math import nan

import numpy as np
import pytest

from sim.ground.text import Text
from sim.metrics.occupancy import server_seconds_until
from sim.metrics.waiting import METRICS
from sim.model.calendar import PLENTY, Calendar
from sim.model.observation import Observation
from sim.model.plan import NEVER as NEVER_POOL
from sim.model.plan import Pool
from sim.model.stage import PoolKind
from tests.metrics.hand_made import NEVER, SKIPPED, At, observe, servers
from tests.metrics.one_replication import quantiles_of

BY_KEY = {metric.key: metric.compute for metric in METRICS}


def desk() -> Observation:
    """One desk, three flights at 0, 10 and 20; service 30 each; the third gives up at 50."""
    return observe(
        At("documents", [(0, 0, 30), (10, 30, 60), (20, nan, 50)], pool="desk", patience_s=30),
        At("fallback", [NEVER, NEVER, (50, 50, 50)], if_given_up="documents"),
        pools=[servers("desk")],
        ordered_s=[0, 10, 20],
        window=(0.0, 100.0),
    )


def test_waits_count_service_and_giving_up() -> None:
    assert BY_KEY["wait_mean"](desk()) == {"desk": pytest.approx(50 / 3)}
    (of_quantile,) = [metric for metric in METRICS if metric.key == "wait_quantile"]
    assert quantiles_of(of_quantile, desk()) == {"desk/p95": 30}


def test_the_queue_by_time_and_at_its_longest() -> None:
    assert BY_KEY["queue_mean"](desk()) == {"desk": 0.5}
    assert BY_KEY["queue_longest"](desk()) == {"desk": 2}


def test_one_leaves_the_queue_as_another_enters_is_a_queue_of_one() -> None:
    observation = observe(At("documents", [(0, 10, 20), (10, 20, 30)], pool="desk"), pools=[servers("desk")], ordered_s=[0, 0])
    assert BY_KEY["queue_longest"](observation) == {"desk": 1}


def test_whoever_still_waits_at_the_horizon_has_waited_until_then() -> None:
    observation = observe(
        At("documents", [(0, nan, nan), (40, 200, 210), (150, 150, 160)], pool="desk"),
        pools=[servers("desk")],
        ordered_s=[0, 40, 50],
        window=(0.0, 100.0),
        horizon_s=100.0,
    )
    assert BY_KEY["wait_mean"](observation) == {"desk": 80}


def test_a_queue_is_left_when_the_flight_ends() -> None:
    observation = observe(
        At("documents", [(0, nan, nan)], pool="desk"), pools=[servers("desk")], outcome=[4], ended_s=[15], window=(0.0, 100.0)
    )
    assert BY_KEY["wait_mean"](observation) == {"desk": 15}


def test_utilisation_counts_service_hold_and_cooldown_within_the_window() -> None:
    observation = observe(
        At("land", [(10, 10, 20)], pool="pad", hold_until="cleared", cooldown_s=15),
        At("cleared", [(20, 40, 60)], after="land"),
        pools=[servers("pad", 2)],
        window=(0.0, 100.0),
    )
    assert BY_KEY["utilisation"](observation) == {"pad": pytest.approx(65 / 200)}


def test_a_server_held_by_a_flight_that_never_ends_is_busy_to_the_end() -> None:
    observation = observe(
        At("land", [(10, 10, 20)], pool="pad", hold_until="cleared"),
        At("cleared", [(20, nan, nan)], after="land"),
        pools=[servers("pad")],
        window=(0.0, 100.0),
    )
    assert BY_KEY["utilisation"](observation) == {"pad": pytest.approx(0.9)}


def test_the_end_of_a_flight_frees_its_servers_after_the_cooldown() -> None:
    observation = observe(
        At("land", [(10, 10, 20)], pool="pad", hold_until="cleared", cooldown_s=5),
        At("cleared", [(20, 20, nan)], after="land"),
        pools=[servers("pad")],
        outcome=[2],
        ended_s=[30],
        window=(0.0, 100.0),
    )
    assert BY_KEY["utilisation"](observation) == {"pad": pytest.approx(0.25)}


def test_utilisation_by_hour_of_the_day_over_several_days() -> None:
    day = 86400.0
    observation = observe(
        At("documents", [(3500, 3500, 4100), (day + 3600, day + 3600, day + 5400)], pool="desk"),
        pools=[servers("desk")],
        ordered_s=[0, day],
        window=(0.0, 2 * day),
    )
    by_hour = BY_KEY["utilisation_by_hour"](observation)
    assert by_hour["desk/00"] == pytest.approx(100 / 7200)
    assert by_hour["desk/01"] == pytest.approx((500 + 1800) / 7200)
    assert by_hour["desk/02"] == 0
    assert len(by_hour) == 24


def test_nobody_on_duty_or_plenty_has_no_utilisation() -> None:
    kind = PoolKind("closed", Text("", "", ""))
    observation = observe(
        At("documents", [(0, nan, nan)], pool="closed"),
        pools=[Pool(kind, Calendar((0.0,), (0,))), servers("batch", PLENTY)],
    )
    assert all(np.isnan(value) for value in BY_KEY["utilisation"](observation).values())


def test_server_seconds_agree_with_the_calendar() -> None:
    calendar = Calendar((10.0, 20.0, 50.0), (3, 0, 2))
    edges = np.array([0.0, 5.0, 15.0, 20.0, 45.0, 60.0])
    expected = [calendar.server_seconds(0.0, edge) for edge in edges]
    assert server_seconds_until(calendar, edges).tolist() == expected == [0, 0, 15, 30, 30, 50]


def test_give_ups_of_stages_that_can_be_given_up() -> None:
    assert BY_KEY["give_ups"](desk()) == {"documents": 1}


def test_flights_that_hold_what_the_other_waits_for_are_gridlocked() -> None:
    observation = observe(
        At("a_first", [(0, 0, 5), SKIPPED, SKIPPED], pool="a", hold_until="last"),
        At("b_first", [SKIPPED, (0, 0, 5), SKIPPED], pool="b", hold_until="last"),
        At("b_then", [(5, nan, nan), SKIPPED, (5, nan, nan)], pool="b", after="a_first"),
        At("a_then", [SKIPPED, (5, nan, nan), SKIPPED], pool="a", after="b_first"),
        At("last", [NEVER, NEVER, NEVER], after="a_then b_then"),
        pools=[servers("a"), servers("b")],
        ordered_s=[0, 0, 0],
    )
    assert BY_KEY["gridlocked_flights"](observation) == 2  # the third only waits behind them


def test_pools_that_cannot_be_told_apart_are_refused() -> None:
    observation = observe(At("release", [(0, 0, 1)]), pools=[servers("desk", side="mainland"), servers("desk", side="hong_kong")])
    with pytest.raises(ValueError, match="same key can't be told apart: desk"):
        BY_KEY["wait_mean"](observation)


def test_a_marker_is_no_pool_and_nobody_gives_it_up() -> None:
    observation = observe(
        At("mark", [(0, nan, 0), SKIPPED], pool="never", patience_s=0),
        At("refused", [(0, 0, 5), NEVER], if_given_up="mark"),
        pools=[NEVER_POOL],
        ordered_s=[0, 0],
    )
    assert all(BY_KEY[key](observation) == {} for key in ("wait_mean", "utilisation", "queue_longest", "give_ups"))


def test_a_stage_that_could_be_given_up_has_its_0_also_where_no_flight_comes() -> None:
    observation = observe(
        At("land", [SKIPPED], pool="pad", patience_s=600),
        At("mark", [SKIPPED], patience_s=0),
        At("release", [(0, 0, 5)]),
        pools=[servers("pad")],
    )
    assert BY_KEY["give_ups"](observation) == {"land": 0}
