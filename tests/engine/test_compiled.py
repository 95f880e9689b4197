"""The compiled engine beside the reference: the same bit for bit, whatever the layout, the room in its lists and its pauses."""

import os
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.engine import default_engine, get_ready, run
from sim.model.plan import Plan
from tests.engine.plans import At, batch, plan_of, servers
from tests.engine.random_plans import random_plan, same

compiled = pytest.importorskip("sim.engine.compiled")

CELLS = ("visits", "pool", "service_s", "cooldown_s", "not_before_s", "patience_s", "deadline_s", "ends", "priority")
N_PLANS = 2000


def with_cells(plan: Plan, change: Any) -> Plan:
    return replace(plan, **{name: change(getattr(plan, name)) for name in CELLS})


def agree(plan: Plan) -> bool:
    return same(run(plan, "reference"), run(plan, "compiled"))


def test_it_is_the_default() -> None:
    assert default_engine() == "compiled"
    get_ready(default_engine())


@pytest.mark.parametrize("first", range(0, N_PLANS, 250))
def test_thousands_of_small_plans_full_of_ties(first: int) -> None:
    differ = [seed for seed in range(first, first + 250) if not agree(random_plan(np.random.default_rng(seed)))]
    assert differ == []


@pytest.mark.parametrize("seed", range(12))
def test_plans_of_many_flights(seed: int) -> None:
    assert agree(random_plan(np.random.default_rng([seed, 1]), max_flights=1500, max_stages=14))


@pytest.mark.slow
def test_tens_of_thousands_of_plans() -> None:
    differ = [seed for seed in range(30_000) if not agree(random_plan(np.random.default_rng([seed, 2]), max_flights=14))]
    assert differ == []


@pytest.mark.parametrize("seed", range(30))
def test_lists_that_must_grow_change_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = random_plan(np.random.default_rng([seed, 3]), max_flights=200, max_stages=10)
    monkeypatch.setattr(compiled, "LEAST_ROOM", 1)
    assert agree(plan)


@pytest.mark.parametrize("events", [1, 2, 7])
def test_pauses_change_nothing(events: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = random_plan(np.random.default_rng(5), max_flights=60, max_stages=10)
    monkeypatch.setattr(compiled, "EVENTS_AT_A_TIME", events)
    assert agree(plan)


@pytest.mark.parametrize("events_a_visit", [1e-9, 0.01, 30.0, 1e6, 1e300])
def test_the_calendar_changes_nothing(events_a_visit: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "EVENTS_A_VISIT", events_a_visit)
    for seed in range(20):
        assert agree(random_plan(np.random.default_rng([seed, 8]), max_flights=300, max_stages=10))


def test_a_batch_larger_than_the_room_leaves_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "LEAST_ROOM", 1)
    n = 500
    alternating = [0.0, 1.0] * (n // 2)
    plan = plan_of(At("b", pool="p", service=1), At("q", after="b", service=alternating), n=n, pools={"p": batch(10, 5)})
    assert agree(plan)
    assert set(run(plan, "compiled").start_s[:, 0]) == {5.0}


@pytest.mark.parametrize("seed", range(40))
def test_any_priorities(seed: int) -> None:
    rng = np.random.default_rng([seed, 4])
    plan = random_plan(rng, max_flights=200)
    low, high = [(-3, 3), (2**31 - 40, 2**31 - 1), (-(2**31), 2**31 - 1), (0, 500)][seed % 4]
    plan.priority[:] = rng.integers(low, high, size=plan.priority.shape, endpoint=True)
    assert agree(plan)


@pytest.mark.parametrize("seed", range(10))
def test_the_layout_of_the_arrays_does_not_matter(seed: int) -> None:
    plan = random_plan(np.random.default_rng([seed, 6]), max_flights=40)

    def read_only(cells: Any) -> Any:
        cells = cells.copy()
        cells.flags.writeable = False
        return cells

    for change in (np.asfortranarray, np.ascontiguousarray, read_only):
        assert agree(with_cells(plan, change))


@pytest.mark.parametrize("seed", range(10))
def test_the_plan_is_left_as_it_was(seed: int) -> None:
    plan = with_cells(random_plan(np.random.default_rng([seed, 7]), max_flights=40), np.asfortranarray)
    before = with_cells(plan, np.copy)
    run(plan, "compiled")
    for name in CELLS:
        np.testing.assert_array_equal(getattr(plan, name), getattr(before, name))


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="plain Python holds its lock")
def test_the_interpreter_is_free_while_the_kernel_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "EVENTS_AT_A_TIME", 10**12)
    n = 200_000
    stages = At("a", pool="p", service=2, not_before=list(range(n))), At("b", "a", "q", service=1)
    under_way = compiled.Run(plan_of(*stages, n=n, pools={"p": servers(3), "q": servers(2)}))
    under_way.begin()
    entered, over = threading.Event(), threading.Event()

    def work() -> None:
        entered.set()
        under_way.go_on()
        over.set()

    thread = threading.Thread(target=work)
    thread.start()
    entered.wait()
    turns = 0
    while not over.is_set():
        turns += 1
    thread.join()
    assert turns > 1000  # with the lock held all the time it would be a handful, before the kernel and after it


def test_a_plan_without_flights() -> None:
    assert agree(with_cells(plan_of(At("q", pool="p", service=1), pools={"p": servers(1)}), lambda cells: cells[:0]))
