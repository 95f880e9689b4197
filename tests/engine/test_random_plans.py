"""Random plans full of ties: each engine's timeline is one that the independent checker allows."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import ENGINES, run
from sim.engine.audit import audit
from sim.engine.gridlock import find_gridlock
from sim.engine.stage_completion import StageCompletion, left_s
from sim.model.outcome import Outcome
from sim.model.plan import Plan
from sim.model.timeline import Timeline
from tests.engine.random_plans import random_plan, same

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=300, deadline=None)
@given(seed=SEEDS)
def test_every_engine_gives_the_same_audited_timeline(seed: int) -> None:
    plan = random_plan(np.random.default_rng(seed))
    timelines = [run(plan, engine) for engine in ENGINES]
    audit(plan, timelines[0])
    assert all(same(timelines[0], other) for other in timelines[1:])


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_many_flights(seed: int) -> None:
    plan = random_plan(np.random.default_rng(seed), max_flights=300, max_stages=12)
    for engine in ENGINES:
        audit(plan, run(plan, engine))


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_cells_that_are_not_visited_are_never_read(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plan = random_plan(rng)
    hidden = ~plan.visits
    before = run(plan)
    for cells in (plan.service_s, plan.cooldown_s, plan.not_before_s, plan.patience_s, plan.deadline_s):
        cells[hidden] = rng.choice([np.nan, -np.inf, -1.0, np.inf], size=hidden.sum())
    plan.pool[hidden], plan.ends[hidden], plan.priority[hidden] = 99, 77, -5
    audit(plan, before)
    assert all(same(before, run(plan, engine)) for engine in ENGINES)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_members_of_a_gridlock_wait_and_hold(seed: int) -> None:
    plan = random_plan(np.random.default_rng(seed))
    timeline = run(plan)
    held = np.isposinf(left_s(plan, timeline)).any(axis=1)
    for group in find_gridlock(plan, timeline):
        assert held[list(group)].all()
        assert (timeline.outcome[list(group)] == Outcome.IN_SYSTEM).all()


def test_random_plans_meet_every_word() -> None:
    """The plans above would prove little if some word hardly ever mattered in them."""
    met: Counter[str] = Counter()
    for seed in range(400):
        plan = random_plan(np.random.default_rng(seed))
        met.update({word: count > 0 for word, count in _words_met(plan, run(plan)).items()})
    assert min(met.values()) >= 3, met


def _words_met(plan: Plan, timeline: Timeline) -> dict[str, int]:
    completion = StageCompletion.of(plan, timeline)
    decided_s = completion.decided_s(plan)
    entered, started, over = (~np.isnan(c) for c in (timeline.queued_s, timeline.start_s, timeline.end_s))
    conditional = np.array([bool(s.if_given_up or s.unless_given_up) for s in plan.steps])
    both = np.array([bool(s.if_given_up and s.unless_given_up) for s in plan.steps])
    hold = [(s, step.hold_until) for s, step in enumerate(plan.steps) if step.hold_until is not None]
    return {
        "given up": int(timeline.given_up().sum()),
        "cut off": int((started & ~over).sum()),
        "left a queue": int((entered & ~started & ~over).sum()),
        "gridlock": len(find_gridlock(plan, timeline)),
        "both conditions": int((started & both).sum()),
        "deadline past when decided": int((timeline.given_up() & conditional & (decided_s > plan.deadline_s)).sum()),
        "settled before hold": sum(
            int((completion.settled_s[:, h] < timeline.end_s[:, s]).sum()) for s, h in hold if (plan.pool[:, s] >= 0).all()
        ),
    }


def test_the_same_plan_gives_the_same_timeline_whatever_ran_before() -> None:
    plan = random_plan(np.random.default_rng(1), max_flights=50)
    before = run(plan)
    run(random_plan(np.random.default_rng(2)))
    assert same(before, run(plan))
