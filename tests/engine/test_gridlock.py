"""Gridlock: the circles, and nothing but the circles."""

from sim.engine.gridlock import find_gridlock
from sim.model.plan import Plan
from tests.engine.plans import At, Engine, plan_of, servers


def groups(engine: Engine, plan: Plan) -> tuple[tuple[int, ...], ...]:
    return find_gridlock(plan, engine(plan))


def hop(first: list[str], second: list[str], **pads: int) -> Plan:
    """Flights that take a first pad at 0 and hold it until they have passed the second, from 1 on."""
    return plan_of(
        At("first", pool=first, service=1, hold_until="second"),
        At("second", after="first", pool=second, service=1),
        n=len(first),
        pools={pad: servers(capacity) for pad, capacity in pads.items()},
    )


def test_a_circle_of_three(engine: Engine) -> None:
    assert groups(engine, hop(["A", "B", "C"], ["B", "C", "A"], A=1, B=1, C=1)) == ((0, 1, 2),)


def test_a_chain_is_no_circle(engine: Engine) -> None:
    assert groups(engine, hop(["A", "B"], ["B", "C"], A=1, B=1, C=1)) == ()


def test_two_circles_are_two_groups(engine: Engine) -> None:
    assert groups(engine, hop(["A", "C", "B", "D"], ["B", "D", "A", "C"], A=1, B=1, C=1, D=1)) == ((0, 2), (1, 3))


def test_who_only_waits_behind_a_circle_is_no_member(engine: Engine) -> None:
    # Flight 2 holds C and waits for A; nobody in the circle waits for C.
    assert groups(engine, hop(["A", "B", "C"], ["B", "A", "A"], A=1, B=1, C=1)) == ((0, 1),)


def test_a_second_pad_breaks_the_circle(engine: Engine) -> None:
    assert groups(engine, hop(["A", "B"], ["B", "A"], A=1, B=2)) == ()


def test_a_flight_that_waits_for_what_it_holds_is_a_circle_of_one(engine: Engine) -> None:
    assert groups(engine, hop(["A"], ["A"], A=1)) == ((0,),)


def test_all_servers_must_be_looked_at(engine: Engine) -> None:
    # Flights 0 and 1 hold both pads A, flight 2 holds B: 0 and 2 wait for each other's, 1 for B too.
    assert groups(engine, hop(["A", "A", "B"], ["B", "B", "A"], A=2, B=1)) == ((0, 1, 2),)


def test_a_pool_that_is_closed_for_good_makes_no_circle(engine: Engine) -> None:
    plan = plan_of(
        At("first", pool=["A", "B"], service=1, hold_until="second"),
        At("second", after="first", pool=["B", "A"]),
        n=2,
        pools={"A": servers((0.0, 1), (5.0, 0)), "B": servers(1)},
    )
    assert groups(engine, plan) == ()


def test_patience_dissolves_a_circle(engine: Engine) -> None:
    plan = hop(["A", "B"], ["B", "A"], A=1, B=1)
    plan.patience_s[1, 1] = 30.0
    assert groups(engine, plan) == ()


def test_a_hold_that_ended_with_a_skipped_stage_holds_nothing(engine: Engine) -> None:
    # `clear` is skipped when `first` has settled: A and B are free again when the others come.
    plan = plan_of(
        At("first", pool=["A", "B"], service=1, hold_until="clear"),
        At("clear", after="first", visits=False),
        At("second", after="first", pool=["B", "A"], service=1),
        At("never", pool="closed"),
        n=2,
        pools={"A": servers(1), "B": servers(1), "closed": servers(0)},
    )
    assert groups(engine, plan) == ()
