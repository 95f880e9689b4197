"""The independent checker notices timelines that their plan doesn't allow."""

from dataclasses import fields, replace

import numpy as np
import pytest

from sim.engine import run
from sim.engine.audit import audit
from sim.model.outcome import Outcome
from sim.model.plan import Plan
from sim.model.timeline import Timeline
from tests.engine.plans import At, batch, plan_of, servers
from tests.engine.random_plans import random_plan

NAN = np.nan


def busy_desk() -> Plan:
    """Three flights through a document desk of one officer, then through a flight."""
    desk = At("desk", pool="desk", service=10, not_before=[0, 1, 2])
    return plan_of(desk, At("fly", after="desk", service=5), n=3, pools={"desk": servers(1)})


def changed(timeline: Timeline, **cells: tuple[tuple[int, ...], float]) -> Timeline:
    """The timeline with one cell of each named array replaced."""
    arrays = {field.name: getattr(timeline, field.name).copy() for field in fields(timeline)}
    for name, (where, value) in cells.items():
        arrays[name][where] = value
    return Timeline(**arrays)


def refused(plan: Plan, timeline: Timeline, rule: str) -> None:
    with pytest.raises(AssertionError, match=rule):
        audit(plan, timeline)


def test_a_service_that_is_too_long() -> None:
    plan = busy_desk()
    refused(plan, changed(run(plan), end_s=((0, 1), 16.0), ended_s=((0,), 16.0)), "ends service_s after its start")


def test_an_entry_before_the_stage_is_ready() -> None:
    plan = busy_desk()
    wrong = changed(run(plan), queued_s=((0, 1), 9.0), start_s=((0, 1), 9.0), end_s=((0, 1), 14.0), ended_s=((0,), 14.0))
    refused(plan, wrong, "entered when it is due")


def test_a_stage_that_is_not_entered() -> None:
    plan = busy_desk()
    wrong = changed(
        run(plan), queued_s=((0, 1), NAN), start_s=((0, 1), NAN), end_s=((0, 1), NAN), ended_s=((0,), NAN), outcome=((0,), 0)
    )
    refused(plan, wrong, "due in time is entered")


def test_two_in_service_with_one_officer() -> None:
    plan = busy_desk()
    more_officers = replace(plan, pools=(servers(2),))
    refused(plan, run(more_officers), "capacity is kept")


def test_an_idle_officer() -> None:
    plan = busy_desk()
    fewer_officers = replace(plan, pools=(servers((0.0, 0), (3.0, 1)),))
    refused(plan, run(fewer_officers), "nobody waits while a server is free")


def test_an_officer_who_does_not_rest() -> None:
    plan = busy_desk()
    tired = replace(plan, cooldown_s=np.full((3, 2), 4.0))
    refused(tired, run(plan), "capacity is kept")


def test_a_pad_that_is_not_held() -> None:
    land = At("land", pool="pad", hold_until="clear", service=1)
    held = plan_of(land, At("clear", after="land", service=5), n=2, pools={"pad": servers(1)})
    free = replace(held, steps=(replace(held.steps[0], hold_until=None), held.steps[1]))
    refused(held, run(free), "capacity is kept")


@pytest.mark.parametrize("priority", [[0, 1, 0], [0, 0, 0]])
def test_the_wrong_one_goes_first(priority: list[int]) -> None:
    right = busy_desk()
    right.priority[:, 0] = priority
    wrong = busy_desk()
    wrong.priority[:, 0] = [0, 1, 0] if priority == [0, 0, 0] else [0, 0, 0]
    refused(right, run(wrong), "the best key goes first")


def test_a_batch_that_leaves_between_its_instants() -> None:
    plan = plan_of(At("send", pool="edi", not_before=[1, 2]), n=2, pools={"edi": batch(10)})
    refused(plan, run(replace(plan, pools=(batch(5),))), "a batch leaves at its instants only")
    refused(plan, run(replace(plan, pools=(batch(20),))), "nobody waits while a server is free")


def test_patience_that_is_not_kept() -> None:
    patient, impatient = busy_desk(), busy_desk()
    impatient.patience_s[2, 0] = 3.0
    refused(impatient, run(patient), "nothing starts after patience or deadline")
    refused(patient, run(impatient), "given up when patience or deadline is over")


def test_a_giving_up_although_the_server_came_free() -> None:
    # Flight 1 has patience 10 and the officer comes free at that very instant, 1 + 10 = 0 + 11.
    plan = plan_of(At("desk", pool="p", service=11, not_before=[0, 1], patience=10), n=2, pools={"p": servers(1)})
    cancelled = {"ended_s": ((1,), 11.0), "outcome": ((1,), Outcome.CANCELLED)}
    wrong = changed(run(plan), start_s=((1, 0), NAN), end_s=((1, 0), 11.0), **cancelled)
    refused(plan, wrong, "what can start at the last instant starts")


def test_a_deadline_that_is_not_kept() -> None:
    plan = plan_of(At("a", service=9), At("b", after="a", deadline=4), At("f", if_given_up="b"))
    without = replace(plan, deadline_s=np.full((1, 3), np.inf))
    refused(plan, run(without), "entered when it is due, and in time")


def test_a_fallback_taken_without_cause() -> None:
    plan = plan_of(At("a", service=2), At("f", if_given_up="a", service=1))
    wrong = changed(run(plan), queued_s=((0, 1), 2.0), start_s=((0, 1), 2.0), end_s=((0, 1), 3.0), ended_s=((0,), 3.0))
    refused(plan, wrong, "a skipped stage has no instants")


def test_a_wrong_outcome_and_a_wrong_instant_of_it() -> None:
    plan = plan_of(At("check", service=3, ends=Outcome.REFUSED), At("fly", service=9))
    timeline = run(plan)
    refused(plan, changed(timeline, outcome=((0,), Outcome.RELEASED)), "the outcome is that of")
    refused(plan, changed(timeline, ended_s=((0,), 4.0)), "a verdict, or a giving up without a fallback, ends the flight")
    refused(plan, changed(timeline, end_s=((0, 1), 9.0)), "nothing happens to a flight after it has ended")


def test_a_flight_that_ends_in_the_air() -> None:
    papers = At("papers", service=9, ends=Outcome.REFUSED)
    plan = plan_of(At("slot", service=1), papers, At("fly", after="slot", service=20), takeoff="slot")
    timeline = run(replace(plan, takeoff=None))
    refused(plan, timeline, "once airborne, only a closing stage ends a flight")
    audit(replace(plan, closing=(1,)), timeline)


def test_any_instant_that_is_moved_or_lost_is_noticed() -> None:
    """One instant of a random plan is moved off the plan's grid of ticks, moved by a tick, or erased."""
    rng, n_corrupted = np.random.default_rng(20), 0
    for seed in range(250):
        plan = random_plan(np.random.default_rng(seed))
        timeline = run(plan)
        for wrong in _corrupted(rng, timeline):
            n_corrupted += 1
            with pytest.raises(AssertionError):
                audit(plan, wrong)
    assert n_corrupted > 500


def _corrupted(rng: np.random.Generator, timeline: Timeline) -> list[Timeline]:
    """One wrong timeline for each kind of instant.

    An entry or a start at the instant at which its flight ends is left alone: without it the timeline
    may be allowed too, as one in which the flight ended just before.
    """
    found = []
    for name in ("queued_s", "start_s", "end_s", "ended_s"):
        instants = getattr(timeline, name)
        at_the_end = (timeline.ended_s == instants.T).T & (name in ("queued_s", "start_s"))
        cells = np.argwhere(~np.isnan(instants) & ~at_the_end)
        if len(cells):
            where = tuple(int(i) for i in cells[rng.integers(len(cells))])
            value = instants[where] + rng.choice([0.037, -0.037, 1.0, -1.0, NAN])
            found.append(changed(timeline, **{name: (where, value)}))
    return found
