"""Plans worked by hand, one or more for each of rules 7 to 12 of docs/reference/engine.md, named after it.

Instants are written "queued start end", with - for none: "0 2 5" is queued at 0, started at 2, ended at 5. The comment
above an expectation is the working.
"""

from sim.model.outcome import Outcome
from tests.engine.plans import At, Engine, Worked, servers


def test_rule_7_what_can_start_at_the_last_instant_starts(engine: Engine) -> None:
    # The server comes free at 4. Flight 1 waits until 0 + 4 and starts; flight 2 until 3.9 and does not.
    w = Worked(engine, At("q", pool="p", service=4, patience=[0, 4, 3.5], not_before=[0, 0, 0.4]), n=3, pools={"p": servers(1)})
    assert w("q") == ["0 0 4", "0 4 8", "0.4 - 3.9"]
    assert w.ends == [("RELEASED", 4), ("RELEASED", 8), ("CANCELLED", 3.9)]


def test_rule_7_the_earlier_of_patience_and_deadline(engine: Engine) -> None:
    w = Worked(
        engine, At("q", pool="p", service=1, patience=[5, 5], deadline=[3, 8], not_before=1), n=2, pools={"p": servers((0.0, 0))}
    )
    assert w("q") == ["1 - 3", "1 - 6"]


def test_rule_7_patience_zero_is_only_if_free_at_once(engine: Engine) -> None:
    # Flight 0 has the server 0 to 4. Flight 1 comes at 2: no. Flight 2 comes at 4, when it comes free: yes.
    w = Worked(engine, At("q", pool="p", service=4, patience=0, not_before=[0, 2, 4]), n=3, pools={"p": servers(1)})
    assert w("q") == ["0 0 4", "2 - 2", "4 4 8"]


def test_rule_7_a_started_stage_is_never_given_up(engine: Engine) -> None:
    w = Worked(engine, At("q", pool="p", service=9, patience=1, deadline=2), pools={"p": servers(1)})
    assert w("q") == ["0 0 9"]


def test_rule_7_without_a_pool_patience_means_nothing_but_a_deadline_does(engine: Engine) -> None:
    w = Worked(
        engine,
        At("a", service=5, patience=0),
        At("b", after="a", patience=0, service=1, deadline=[5, 4]),
        n=2,
    )
    assert w("a") == ["0 0 5", "0 0 -"]  # flight 1 ends at 4, by the deadline of b
    assert w("b") == ["5 5 6", "- - 4"]
    assert w.ends == [("RELEASED", 6), ("CANCELLED", 4)]


def test_rule_8_a_deadline_runs_before_the_stage_is_ready(engine: Engine) -> None:
    # `documents` runs to 10; the gate is given up at 6, unentered, and the flight goes on. The stage
    # before it is not stopped.
    w = Worked(
        engine,
        At("documents", service=10),
        At("gate", after="documents", deadline=6),
        At("fly", after="gate", service=1),
        At("late", if_given_up="gate", service=2),
    )
    assert w("gate") == ["- - 6"]
    assert w("fly") == ["6 6 7"]
    assert w("documents") == ["0 0 10"]
    assert w.ends == [("RELEASED", 10)]


def test_rule_8_a_conditional_deadline_is_unread_until_decided(engine: Engine) -> None:
    # f is conditional on g, which settles at 5 (flight 0: done, so f is skipped whatever its deadline)
    # or is given up at 5 (flight 1: the deadline 2 is past, f is given up at 5, unentered; flight 2:
    # the deadline 5 is not past, f starts; flight 3: the deadline 7 falls while f waits for h).
    w = Worked(
        engine,
        At("g", not_before=[5, 9, 9, 9], deadline=5),
        At("h", service=[0, 0, 0, 8]),
        At("f", after="h", if_given_up="g", deadline=[2, 2, 5, 7], service=1, on_give_up=Outcome.LOST),
        n=4,
    )
    assert w("f") == ["- - -", "- - 5", "5 5 6", "- - 7"]
    assert w.ends == [("RELEASED", 5), ("LOST", 5), ("RELEASED", 6), ("LOST", 7)]


def test_rule_8_the_deadline_of_a_stage_not_before_later(engine: Engine) -> None:
    w = Worked(engine, At("a", not_before=9, deadline=4))
    assert w("a") == ["- - 4"]


def test_rule_9_the_stages_before_a_stage_given_up_run_on(engine: Engine) -> None:
    # a is in service until 8 when its successor b is given up at 3; c follows both a and b.
    w = Worked(
        engine,
        At("a", service=8),
        At("b", after="a", deadline=3),
        At("f", if_given_up="b", service=1),
        At("c", after="a b", service=1),
    )
    assert w("a") == ["0 0 8"]
    assert w("f") == ["3 3 4"]
    assert w("c") == ["8 8 9"]


def test_rule_9_is_judged_on_the_plan_even_where_the_flight_skips_the_fallback(engine: Engine) -> None:
    w = Worked(engine, At("b", not_before=9, deadline=3), At("f", if_given_up="b", visits=False), At("c", after="b", service=1))
    assert w("c") == ["3 3 4"]
    assert w.ends == [("RELEASED", 4)]


def test_rule_10_without_a_fallback_the_flight_ends_with_the_stages_outcome(engine: Engine) -> None:
    w = Worked(engine, At("b", not_before=9, deadline=3, on_give_up=Outcome.LOST), At("c", after="b", service=1))
    assert w("c") == ["- - -"]
    assert w.ends == [("LOST", 3)]


def test_rule_10_an_unless_is_no_fallback(engine: Engine) -> None:
    w = Worked(engine, At("b", not_before=9, deadline=3), At("c", unless_given_up="b", service=1))
    assert w.ends == [("CANCELLED", 3)]


# Rules 11 and 12: the end of a flight


def test_rule_11_complete_when_the_last_stage_settles(engine: Engine) -> None:
    # The last to settle is a skipped stage, at 7.
    w = Worked(engine, At("a", service=3), At("b", service=7), At("c", after="b", visits=False), At("d", after="a", service=1))
    assert w.ends == [("RELEASED", 7)]


def test_rule_11_of_two_verdicts_at_one_instant_the_lower_stage_holds(engine: Engine) -> None:
    # Both stages end at 5, and the end of each is recorded; b is stage 0.
    w = Worked(engine, At("b", service=5, ends=Outcome.DIVERTED), At("a", service=5, ends=Outcome.REFUSED))
    assert (w("b"), w("a")) == (["0 0 5"], ["0 0 5"])
    assert w.ends == [("DIVERTED", 5)]


def test_rule_12_every_other_track_stops(engine: Engine) -> None:
    # The refusal at 5 cuts off the service of `load` (0 to 9), takes the flight out of the queue of
    # `desk` and drops the entry of `later` at 8.
    w = Worked(
        engine,
        At("check", service=5, ends=Outcome.REFUSED),
        At("load", pool="crew", service=9),
        At("desk", pool="closed"),
        At("later", not_before=8),
        pools={"crew": servers(1), "closed": servers(0)},
    )
    assert (w("load"), w("desk"), w("later")) == (["0 0 -"], ["0 - -"], ["- - -"])
    assert w.ends == [("REFUSED", 5)]


def test_rule_12_servers_taken_or_held_leave_and_cool_down(engine: Engine) -> None:
    # Flight 0 is refused at 5: its crew (in service) and its pad (held) leave at 5 and cool 2 and 3.
    # Flight 1 starts them at 7 and 8.
    w = Worked(
        engine,
        At("check", service=5, ends=[Outcome.REFUSED, 0]),
        At("load", pool="crew", service=9, cooldown=2),
        At("land", pool="pad", service=1, cooldown=3, hold_until="unload"),
        At("unload", after="land load", service=1),
        n=2,
        pools={"crew": servers(1), "pad": servers(1)},
    )
    assert w("load") == ["0 0 -", "0 7 16"]
    assert w("land") == ["0 0 1", "0 8 9"]


def test_rule_12_a_giving_up_that_ends_the_flight_frees_what_it_holds(engine: Engine) -> None:
    # Flight 0 holds the vehicle and gives up the slot at 6; flight 1 gets the vehicle at 6.
    w = Worked(
        engine,
        At("vehicle", pool="fleet", hold_until="home"),
        At("slot", after="vehicle", pool="closed", patience=[6, 20]),
        At("home", after="slot"),
        n=2,
        pools={"fleet": servers(1), "closed": servers((0.0, 0), (10.0, 1))},
    )
    assert w("vehicle") == ["0 0 0", "0 6 6"]
    assert w("slot") == ["0 - 6", "6 10 10"]
