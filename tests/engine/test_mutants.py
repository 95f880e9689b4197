"""The comparison of the engines must notice a change of any single rule in one of them.

Each mutant is the kernel with one passage changed, run without Numba; random plans must tell it from the reference.
(Entries and ends of one instant may change places: nothing that either brings about at once depends on the other.)
"""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sim.engine import run
from tests.engine.random_plans import random_plan, same
from tests.tiers import slow

compiled = pytest.importorskip("sim.engine.compiled")

SOURCE = Path(compiled.kernel.__file__).read_text(encoding="utf-8")
WITHOUT_NUMBA = ("from numba import njit", "njit = lambda *_, **__: lambda function: function")
ENOUGH = 3000  # plans, of which one must tell; most need a handful

CLASSES = "ENTRY, END, VERDICT, CAPACITY, SERVER_FREE, HAND_OUT, GIVE_UP = range(7)"
MUTANTS: dict[str, tuple[str, str]] = {
    "rule 3: entry does not wait for not_before": ("if cells.not_before_s[cell] > now_s:", "if False:"),
    "rule 3: the better priority does not go first": (" + cells.priority[cell]]", "]"),
    "rule 3: at one instant first come, first served": ("elif tail < key or", "elif True or"),
    "rule 3: nobody remembers who came at an earlier instant": ("queue.tie = tail", "queue.tie = NOBODY"),
    "rule 2: one given up is not enough": ("wanted |= ", "wanted &= "),
    "rule 2: unless is not read": ("wanted &= not ", "wanted |= not "),
    "rule 2: what is skipped is not settled": (
        "                if course[cell].progress == SKIPPED:", "                if False:"),
    "rule 5: a hold is not kept": ("if hold_until == NOBODY or", "if True or"),
    "rule 5: held for ever": ("if course[cell].has_server and course[cell].progress == PAST:", "if False:"),
    "rule 5: held for ever where hold_until settled before": (
        "if hold_until == NOBODY or cells.course", "if hold_until == NOBODY or not cells.course"),
    "rule 5: no cooldown": ("and cells.cooldown_s[cell] > 0:", "and False:"),
    "rule 6: a verdict does not end the flight": ("if cells.ends[cell] != 0:", "if False:"),
    "rule 6: the last verdict counts": ("elif flights.outcome[key >> FLIGHT_BITS] == IN_SYSTEM:", "else:"),
    "rule 7: patience is endless": ("if patience_ends_s < cells.deadline_s[cell]:", "if False:"),
    "rule 7: a deadline excludes its own instant": ("cells.deadline_s[cell] < now_s)", "cells.deadline_s[cell] <= now_s)"),
    "rule 8: no deadline once decided": ("    if wanted:\n        _expect_deadline", "    if False:\n        _expect_deadline"),
    "rule 8: nothing is given up unentered": ("if progress != AHEAD and progress != WAITING:", "if progress != WAITING:"),
    "rule 8: what is in service can be given up": (
        "if progress != AHEAD and progress != WAITING:", "if progress == PAST or progress == SKIPPED:"),
    "rule 9: every giving up lets the flight go on": ("settles = stages.has_fallback[stage]", "settles = True"),
    "rule 10: every giving up ends the flight": ("settles = stages.has_fallback[stage]", "settles = False"),
    "rule 11: a flight is never complete": ("return bool(flights.n_unsettled[key >> FLIGHT_BITS] == 0)", "return False"),
    "rule 12: who has ended still waits": ("            cells.course[cell].progress = PAST\n            if", "            if"),
    "rule 12: who has ended keeps its servers": ("            if cells.course[cell].has_server:", "            if False:"),
    "rule 13: one server too many": ("and pool.busy < pool.capacity:", "and pool.busy <= pool.capacity:"),
    "rule 13: who no longer waits takes a server": (
        "if cells.course[cell].progress == WAITING:", "if cells.course[cell].progress != AHEAD:"),
    "rule 14: a rise hands out nothing": (
        "_expect_change(pools, lists, number)\n    _call_hand_out(pools, lists, number)", "_expect_change(pools, lists, number)"),
    "rule 14: only the first capacity counts": ("if pool.change < pool.changes_end:", "if pool.change < 1:"),
    "rule 15: a batch does not wait for its instant": ("if pool.period_s > 0:", "if False:"),
    "rule 15: batches are never counted anew": ("pool.period_s, pool.cycle_s)", "pool.period_s, 0.0)"),
    "rule 16: a hand-out gives to one": ("        while queue.head != NOBODY and", "        if queue.head != NOBODY and"),
    "rule 17: verdicts before ends": (CLASSES, CLASSES.replace("END, VERDICT", "VERDICT, END")),
    "rule 17: hand-outs before servers": (CLASSES, CLASSES.replace("SERVER_FREE, HAND_OUT", "HAND_OUT, SERVER_FREE")),
    "rule 17: giving up before hand-outs": (CLASSES, CLASSES.replace("HAND_OUT, GIVE_UP", "GIVE_UP, HAND_OUT")),
    "rule 17: giving up first of all": (CLASSES, "GIVE_UP, ENTRY, END, VERDICT, CAPACITY, SERVER_FREE, HAND_OUT = range(7)"),
    "rule 17: the later of two lists first": ("or lists.soon[0].code < code)", "or lists.soon[0].code > code)"),
    "rule 17: a bucket is opened too late": ("if bucket < clock.opened + 1:", "if bucket < clock.opened:"),
    "rule 17: what is far is forgotten": ("    while clock.n_far > 0 and _bucket", "    while clock.n_far > 9e9 and _bucket"),
    "rule 17: the stream goes last": ("or lists.stream_code[at] < code)", "or False)"),
    "rule 17: what is known beforehand is not in order": (
        "while place > 0 and times_s[place - 1]", "while place > 9e9 and times_s[place - 1]"),
}  # fmt: skip


def mutant(old: str, new: str, n_buckets: int = 4) -> ModuleType:
    """The kernel without Numba, with few buckets, so that small plans use them all, and with one passage changed."""
    module, text = ModuleType("mutant"), SOURCE
    for passage, other in (WITHOUT_NUMBA, ("N_BUCKETS = 4096", f"N_BUCKETS = {n_buckets}"), (old, new)):
        assert text.count(passage) == 1, f"{text.count(passage)} times in the kernel: {passage}"
        text = text.replace(passage, other)
    exec(compile(text, "mutant.py", "exec"), module.__dict__)
    return module


def first_difference(limit: int) -> int | None:
    """The number of the first random plan of which the two engines make something else, or on which one fails."""
    for seed in range(limit):
        plan = random_plan(np.random.default_rng([seed, 11]), max_flights=8)
        expected = run(plan, "reference")
        try:
            found = compiled.simulate(plan)
        except (ArithmeticError, LookupError, RuntimeError):
            return seed
        if not same(expected, found):
            return seed
    return None


@pytest.mark.parametrize("name", [name if place % 3 == 1 else slow(name) for place, name in enumerate(MUTANTS)])
def test_a_single_changed_rule_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "kernel", mutant(*MUTANTS[name]))
    assert first_difference(ENOUGH) is not None


@pytest.mark.parametrize("n_buckets", [1, 2, 8])
@pytest.mark.parametrize("events_a_visit", [0.05, 1.0, 20.0, 1e30])
def test_the_calendar_keeps_the_order_whatever_its_size(
    n_buckets: int, events_a_visit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "kernel", mutant("# Why the loop stopped.", "#", n_buckets))
    monkeypatch.setattr(compiled, "EVENTS_A_VISIT", events_a_visit)
    assert first_difference(60) is None


def test_the_kernel_itself_is_no_mutant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "kernel", mutant("# Why the loop stopped.", "#"))
    assert first_difference(150) is None
