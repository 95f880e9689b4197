"""The waterfall: exact parts by hand, and parts that add up on random plans."""

from math import inf, nan
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.engine import run
from sim.ground.text import Text
from sim.metrics.accounts import ACCOUNTS, account_of_stage
from sim.metrics.limits import ended_by, held_released
from sim.metrics.release_time import METRICS as RELEASE_TIME
from sim.metrics.waterfall import KINDS, METRICS, WaterfallTable, waterfall
from sim.model.calendar import Calendar
from sim.model.flights import Consignments
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.model.plan import NO_POOL, Plan, Pool, Step
from sim.model.stage import Mark, PoolKind, Stage
from tests.metrics.hand_made import NEVER, SKIPPED, At, facts_of, flights_of, observe, servers

BY_KEY = {metric.key: metric.compute for metric in (*METRICS, *RELEASE_TIME)}


def parts_of(table: WaterfallTable, row: int = 0) -> dict[str, float]:
    """The parts of one flight that are not 0."""
    return {
        f"{stage.key}/{kind}": float(table.seconds[row, s, k])
        for s, stage in enumerate(table.stages)
        for k, kind in enumerate(KINDS)
        if table.seconds[row, s, k]
    }


def chain() -> Observation:
    """Order at 100; filing 60 s, a queue of 40 s and 60 s at the desk, take-off not before 400, 600 s in the air."""
    return observe(
        At("file", [(100, 100, 160)], role="operator"),
        At("desk", [(160, 200, 260)], after="file", role="origin", pool="desk"),
        At("fly", [(400, 400, 1000)], after="desk", role="air"),
        At("release", [(1000, 1000, 1000)], after="fly", role="destination"),
        pools=[servers("desk", side="mainland")],
        ordered_s=[100],
        outcome=[1],
        ended_s=[1000],
    )


def test_a_chain_is_split_into_service_wait_and_schedule() -> None:
    table = waterfall(chain())
    assert parts_of(table) == {
        "file/service": 60,
        "desk/wait": 40,
        "desk/service": 60,
        "fly/schedule": 140,
        "fly/service": 600,
    }
    assert table.total_s.tolist() == [900]


def test_the_ledger_books_every_minute_once() -> None:
    assert BY_KEY["ledger"](chain()) == {
        "hong_kong": 0,
        "mainland": pytest.approx(100 / 60),
        "air": 10,
        "operator": 1,
        "shared": 0,
        "schedule": pytest.approx(140 / 60),
    }


def test_the_mean_parts_are_in_seconds_by_stage_and_kind() -> None:
    means = BY_KEY["waterfall"](chain())
    assert means["desk/wait"] == 40
    assert sum(means.values()) == 900


def test_of_two_tracks_the_later_one_is_critical_and_of_equal_ones_the_first() -> None:
    observation = observe(
        At("left", [(0, 0, 50), (0, 0, 90)]),
        At("right", [(0, 0, 70), (0, 0, 90)]),
        At("release", [(70, 70, 80), (90, 90, 95)], after="right left"),
        ordered_s=[0, 0],
    )
    assert parts_of(waterfall(observation), 0) == {"right/service": 70, "release/service": 10}
    assert parts_of(waterfall(observation), 1) == {"left/service": 90, "release/service": 5}


def test_a_skipped_stage_takes_no_time_and_the_walk_goes_through_it() -> None:
    observation = observe(
        At("file", [(0, 0, 30)]),
        At("inspect", [SKIPPED], after="file"),
        At("release", [(30, 30, 40)], after="inspect"),
    )
    assert parts_of(waterfall(observation)) == {"file/service": 30, "release/service": 10}


def test_a_stage_given_up_took_the_time_in_its_queue_and_the_fallback_its_own() -> None:
    observation = observe(
        At("message", [(0, nan, 25)], pool="line", patience_s=25),
        At("paper", [(25, 25, 55)], if_given_up="message"),
        At("reply", [NEVER], unless_given_up="message"),
        At("release", [(55, 55, 60)], after="paper reply"),
        pools=[servers("line")],
    )
    assert parts_of(waterfall(observation)) == {"message/wait": 25, "paper/service": 30, "release/service": 5}


def test_a_deadline_before_entry_leaves_the_time_with_what_was_still_running() -> None:
    observation = observe(
        At("documents", [(0, 40, 500)], pool="desk"),
        At("clear", [(nan, nan, 100)], after="documents"),
        At("late", [(100, 100, 160)], if_given_up="clear"),
        At("release", [(160, 160, 160)], after="late"),
        pools=[servers("desk")],
    )
    assert parts_of(waterfall(observation)) == {"documents/wait": 40, "documents/service": 60, "late/service": 60}


def test_waiting_for_the_first_entry_is_schedule() -> None:
    observation = observe(At("release", [(70, 70, 80)]), ordered_s=[20])
    assert parts_of(waterfall(observation)) == {"release/schedule": 50, "release/service": 10}


def test_of_several_stages_still_running_at_a_deadline_the_first_has_the_time() -> None:
    observation = observe(
        At("left", [(0, 0, 500)]),
        At("right", [(30, 30, 900)]),
        At("clear", [(nan, nan, 100)], after="left right"),
        At("late", [(100, 100, 160)], if_given_up="clear"),
        At("release", [(160, 160, 160)], after="late"),
    )
    assert parts_of(waterfall(observation)) == {"left/service": 100, "late/service": 60}


def test_a_clock_that_starts_after_the_order_loses_no_time() -> None:
    observation = observe(At("release", [(70, 70, 80)]), ordered_s=[-50.0], planned_departure_s=[0.0])
    assert waterfall(observation).total_s.tolist() == [130]


def test_only_measured_released_flights_are_in_the_table() -> None:
    observation = observe(
        At("release", [(0, 0, 10), NEVER, (5000, 5000, 5010), (20, 20, 9999)]),
        ordered_s=[0, 0, 5000, 20],
        horizon_s=6000,
    )
    assert waterfall(observation).flight.tolist() == [0]


def test_a_pool_of_a_side_books_the_stage_to_it_but_not_the_operators_time() -> None:
    observation = observe(
        At("open", [(0, 0, 5)], role="origin", pool="officers"),
        At("turn", [(5, 5, 9)], role="operator", pool="pad", after="open"),
        At("release", [(9, 9, 9)], after="turn"),
        pools=[servers("officers", side="hong_kong"), servers("pad", side="hong_kong")],
    )
    assert [ACCOUNTS[i] for i in account_of_stage(observation)[0]] == ["hong_kong", "operator", "shared"]


# ------------------------------------------------------------------------------------- random plans


def random_plan(rng: np.random.Generator, n: int = 24, s: int = 9) -> Plan:
    """A plan full of ties, joins, fallbacks, holds, deadlines and closed pools, whose last stage is the release."""
    steps = [_random_step(rng, number, last=s - 1) for number in range(s)]
    shape = (n, s)
    calendars = [Calendar((0.0, 20.0, 30.0), (2, 0, 1)), Calendar.always(1), Calendar.always(3)]
    pools = tuple(Pool(PoolKind(f"pool{i}", Text("", "", "")), calendar) for i, calendar in enumerate(calendars))
    visits = rng.random(shape) < 0.85
    visits[:, -1] = True
    return Plan(
        steps=tuple(steps),
        pools=pools,
        visits=visits,
        pool=rng.integers(NO_POOL, len(pools), shape).astype(np.int32),
        service_s=rng.integers(0, 8, shape).astype(np.float64),
        cooldown_s=rng.integers(0, 3, shape).astype(np.float64),
        not_before_s=np.where(rng.random(shape) < 0.3, rng.integers(0, 60, shape), 0.0).astype(np.float64),
        patience_s=np.where(rng.random(shape) < 0.3, rng.integers(0, 10, shape), inf).astype(np.float64),
        deadline_s=np.where(rng.random(shape) < 0.25, rng.integers(0, 40, shape), inf).astype(np.float64),
        ends=np.zeros(shape, dtype=np.int8),
        priority=rng.integers(0, 2, shape).astype(np.int32),
    )


def _random_step(rng: np.random.Generator, number: int, last: int) -> Step:
    key = "release" if number == last else f"stage_{number}"
    role = str(rng.choice(["origin", "destination", "air", "operator", "shared"]))
    stage = Stage(key, Text(key, key, key), role, "ground", (Mark.RELEASED,) if number == last else ())
    before = tuple(int(b) for b in np.flatnonzero(rng.random(number) < (1.0 if number == last else 0.4)))
    condition = (int(rng.choice(before)),) if before and number < last and rng.random() < 0.8 else ()
    if rng.random() < 0.75:
        return Step(stage, before, if_given_up=condition)
    return Step(stage, before, unless_given_up=condition)


def observed(plan: Plan, ordered_s: np.ndarray) -> Observation:
    n = plan.n_flights
    flights = flights_of(ordered_s, outward=np.arange(n) % 2 == 0)
    none = np.empty(0, dtype=np.int32)
    return Observation(
        SimpleNamespace(), flights, Consignments(none, none, none), facts_of({}), plan, run(plan), -inf, inf, horizon_s=1e9
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_parts_of_random_plans_add_up_and_stay_within_their_stages(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plan = random_plan(rng)
    ordered = rng.integers(-5, 15, plan.n_flights).astype(np.float64)
    observation = observed(plan, ordered)
    table = waterfall(observation)
    total = observation.released_s[table.flight] - ordered[table.flight]
    assert (table.seconds[total >= 0] >= 0).all()
    assert_allclose(table.total_s[total >= 0], total[total >= 0], rtol=0, atol=1e-6)
    if len(table.flight):
        assert_allclose(sum(BY_KEY["ledger"](observation).values()) * 60, table.total_s.mean(), rtol=0, atol=1e-6)
        assert_allclose(list(BY_KEY["waterfall"](observation).values()), table.seconds.mean(axis=0).ravel(), rtol=0, atol=1e-6)
    held = held_released(observation)
    assert_allclose(sum(held.seconds.values())[total >= 0], table.total_s[total >= 0], rtol=0, atol=1e-6)
    ended = observation.measured & ~np.isin(observation.outcome, (Outcome.RELEASED, Outcome.IN_SYSTEM))
    assert sum(ended_by(observation).values()) == ended.sum()
    timeline = observation.timeline
    service = (timeline.end_s - timeline.start_s)[table.flight]
    queue = (np.where(np.isnan(timeline.start_s), timeline.end_s, timeline.start_s) - timeline.queued_s)[table.flight]
    assert (table.seconds[:, :, KINDS.index("service")] <= np.nan_to_num(service) + 1e-6).all()
    assert (table.seconds[:, :, KINDS.index("wait")] <= np.nan_to_num(queue) + 1e-6).all()


def test_the_random_plans_reach_the_cases_they_are_meant_for() -> None:
    released, given_up, unentered, scheduled = 0, 0, 0, 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        observation = observed(random_plan(rng), np.zeros(24))
        table, times = waterfall(observation), observation.timeline
        released += len(table.flight)
        given_up += int((times.given_up()[table.flight] & ~np.isnan(times.queued_s[table.flight])).sum())
        unentered += int((times.given_up()[table.flight] & np.isnan(times.queued_s[table.flight])).sum())
        scheduled += int((table.seconds[:, :, KINDS.index("schedule")] > 0).sum())
    assert min(released, given_up, unentered, scheduled) > 20
