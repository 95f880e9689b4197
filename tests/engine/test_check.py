"""Plans without a meaning are refused, with the stage and the flight named."""

from dataclasses import replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from sim.engine import run
from sim.engine.check import check_plan
from sim.model.calendar import Calendar
from sim.model.outcome import Outcome
from sim.model.plan import Plan, Pool
from tests.engine.plans import At, plan_of, servers


def refused(plan: Plan, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_plan(plan)


def test_an_unknown_engine_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(ValueError, match="unknown engine 'steam'; the engines are reference"):
        run(plan_of(At("a")), "steam")


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"service": [1, nan]}, "service"),
        ({"service": [1, -1]}, "service"),
        ({"service": [1, inf]}, "service"),
        ({"cooldown": [1, nan]}, "cooldown"),
        ({"cooldown": [1, -0.5]}, "cooldown"),
        ({"patience": [1, nan]}, "patience"),
        ({"patience": [inf, -1]}, "patience"),
        ({"not_before": [1, nan]}, "not_before_s must be finite"),
        ({"not_before": [1, inf]}, "not_before_s must be finite"),
        ({"not_before": [1, -inf]}, "not_before_s must be finite"),
        ({"deadline": [1, nan]}, "deadline"),
        ({"deadline": [inf, -inf]}, "deadline"),
        ({"ends": [0, 6]}, "no outcome of that number"),
        ({"ends": [0, -1]}, "no outcome of that number"),
    ],
)
def test_a_cell_out_of_range(cells: dict[str, Any], fault: str) -> None:
    plan = plan_of(At("before"), At("load", after="before", **cells), n=2)
    refused(plan, f"stage 'load' of flight 1: .*{fault}")
    plan.visits[1, 1] = False
    check_plan(plan)  # what is not visited is not read


def test_a_pool_that_is_not_there() -> None:
    plan = plan_of(At("load", pool="crew"), n=2, pools={"crew": servers(1)})
    plan.pool[1, 0] = 1
    refused(plan, "stage 'load' of flight 1: there is no pool")


def test_a_circle() -> None:
    circle = (At("a", after="c"), At("b", after="a"), At("c", if_given_up="b"))
    refused(plan_of(*circle, At("d")), "the stages 'a', 'b', 'c' wait for each other")
    refused(plan_of(At("a", unless_given_up="a")), "'a' wait")


def test_a_hold_until_what_does_not_come_after() -> None:
    pools = {"p": servers(1)}
    refused(plan_of(At("a", pool="p", hold_until="b"), At("b"), pools=pools), "'a' is held until 'b', which does not come after")
    refused(plan_of(At("a", pool="p", hold_until="a"), pools=pools), "'a' is held until 'a'")
    check_plan(plan_of(At("a", pool="p", hold_until="c"), At("b", unless_given_up="a"), At("c", after="b"), pools=pools))


@pytest.mark.parametrize(
    ("pool", "fault"),
    [
        (servers((0.0, 1), (0.0, 2)), "rise"),
        (servers((5.0, 1), (3.0, 2)), "rise"),
        (servers((nan, 1)), "rise"),
        (replace(servers(1), calendar=Calendar((0.0, 1.0), (1,))), "one for each capacity"),
        (servers(-1), "negative"),
        (servers(1, period=-1.0), "period"),
        (servers(1, period=nan), "period"),
        (servers(1, period=1.0, offset=inf), "offset"),
        (servers(1, period=1.0, cycle=-1.0), "cycle"),
        (servers(1, period=1.0, cycle=inf), "cycle"),
    ],
)
def test_a_pool_without_a_meaning(pool: Pool, fault: str) -> None:
    refused(plan_of(At("a", pool="p"), pools={"p": pool}), f"pool 'pool': .*{fault}")


def test_arrays_of_the_wrong_shape_or_type() -> None:
    plan = plan_of(At("a"), At("b"), n=3)
    refused(replace(plan, service_s=np.zeros((3, 1))), "service_s has shape")
    refused(replace(plan, priority=np.zeros((3, 2))), "priority has shape .* float64; .* int32")
    refused(replace(plan, steps=()), "at least one stage")
    refused(replace(plan, steps=(plan.steps[0], replace(plan.steps[1], after=(2,)))), "no stage number 2")


def test_a_giving_up_without_an_outcome() -> None:
    refused(plan_of(At("a", on_give_up=Outcome.IN_SYSTEM)), "'a': giving it up must have an outcome")


def aviation(**late: Any) -> Plan:
    return plan_of(
        At("check", ends=Outcome.REFUSED),
        At("slot", after="check", pool="corridor", patience=60),
        At("land", after="slot", **late),
        At("close", after="land", ends=Outcome.DIVERTED),
        pools={"corridor": servers(1)},
        takeoff="slot",
        closing="close",
    )


def test_once_airborne_only_a_closing_stage_may_end_a_flight() -> None:
    check_plan(aviation())
    refused(aviation(ends=Outcome.REFUSED), "stage 'land' of flight 0: its verdict ends the flight")
    refused(aviation(deadline=900), "stage 'land' of flight 0: giving it up ends the flight")
    refused(aviation(pool="corridor", patience=900), "stage 'land' of flight 0: giving it up ends the flight")
    check_plan(aviation(patience=900))  # without a pool, patience has no effect
    check_plan(aviation(visits=False, deadline=900))
    check_plan(replace(aviation(deadline=900), takeoff=None))


def test_a_giving_up_with_a_fallback_may_come_after_the_take_off() -> None:
    plan = plan_of(At("slot"), At("land", after="slot", deadline=9), At("alternate", if_given_up="land"), takeoff="slot")
    check_plan(plan)


def test_a_verdict_of_the_take_off_itself_is_refused() -> None:
    refused(plan_of(At("slot", ends=Outcome.REFUSED), takeoff="slot"), "its verdict")
    check_plan(plan_of(At("slot", deadline=5), takeoff="slot"))  # given up, the flight has not taken off
