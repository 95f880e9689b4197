"""Plans worked by hand, one or more for each of rules 1 to 6 of docs/reference/engine.md, named after it.

Instants are written "queued start end", with - for none: "0 2 5" is queued at 0, started at 2, ended at 5. The comment
above an expectation is the working.
"""

from sim.model.outcome import Outcome
from tests.engine.plans import At, Engine, Worked, servers


def test_rule_1_a_join_waits_for_all_it_is_after(engine: Engine) -> None:
    w = Worked(engine, At("a", service=3), At("b", service=5), At("c", after="a b", service=1))
    assert w("c") == ["5 5 6"]  # ready at max(3, 5)
    assert w.ends == [("RELEASED", 6)]


def test_rule_1_stages_may_be_numbered_against_their_order(engine: Engine) -> None:
    w = Worked(engine, At("last", after="middle", service=1), At("middle", after="first", service=2), At("first", service=3))
    assert w("last") == ["5 5 6"]


def test_rule_2_a_skipped_stage_takes_no_time_and_nothing_of_it_is_read(engine: Engine) -> None:
    closed = servers((0.0, 0))
    w = Worked(
        engine,
        At("a", service=2),
        At("b", after="a", visits=False, pool="closed", service=9, not_before=50, patience=0, deadline=1, ends=2),
        At("c", after="b", service=1),
        pools={"closed": closed},
    )
    assert w("b") == ["- - -"]
    assert w("c") == ["2 2 3"]  # b settles when it is ready, at 2


def test_rule_2_if_given_up_is_visited_only_on_the_fallback_path(engine: Engine) -> None:
    # The server is busy 0 to 4 with flight 0; flight 1 has patience 2 and gives up at 2.
    w = Worked(
        engine,
        At("api", pool="api", service=4, patience=2),
        At("paper", if_given_up="api", service=10),
        At("screen", after="api paper", service=1),
        n=2,
        pools={"api": servers(1)},
    )
    assert w("api") == ["0 0 4", "0 - 2"]
    assert w("paper") == ["- - -", "2 2 12"]
    assert w("screen") == ["4 4 5", "12 12 13"]


def test_rule_2_unless_given_up_is_skipped_on_the_fallback_path(engine: Engine) -> None:
    # `landed` is after nothing but its condition, so it is ready when the condition is decided.
    w = Worked(
        engine,
        At("land", pool="pad", service=4, patience=2),
        At("alternate", if_given_up="land", service=3),
        At("unload", unless_given_up="land", service=7),
        n=2,
        pools={"pad": servers(1)},
    )
    assert w("unload") == ["4 4 11", "- - -"]
    assert w("alternate") == ["- - -", "2 2 5"]
    assert w.ends == [("RELEASED", 11), ("RELEASED", 5)]


def test_rule_2_any_of_several_is_enough_and_the_last_decides(engine: Engine) -> None:
    # g is given up at 1, h ends at 6: decided at 6, holds because of g.
    w = Worked(
        engine,
        At("g", not_before=9, deadline=1),
        At("h", service=6),
        At("f", if_given_up="g h", service=1),
        At("u", unless_given_up="g h", service=1),
    )
    assert w("g") == ["- - 1"]
    assert w("f") == ["6 6 7"]
    assert w("u") == ["- - -"]
    assert w.ends == [("RELEASED", 7)]


def test_rule_2_both_conditions(engine: Engine) -> None:
    # `late` is wanted by those who gave up `gate` (at 2) and did not give up `land` (at 8).
    # Flight 0 gave up neither, 1 the gate, 2 the landing, 3 both. Decided when the later one settles.
    w = Worked(
        engine,
        At("gate", not_before=[1, 5, 1, 5], deadline=2),
        At("land", not_before=[6, 6, 9, 9], deadline=8),
        At("alternate", if_given_up="land", service=1),
        At("late", if_given_up="gate", unless_given_up="land", service=4),
        n=4,
    )
    assert w("late") == ["- - -", "6 6 10", "- - -", "- - -"]
    assert w.ends == [("RELEASED", 6), ("RELEASED", 10), ("RELEASED", 9), ("RELEASED", 9)]


def test_rule_2_a_skipped_stage_was_not_given_up(engine: Engine) -> None:
    # g is not visited, so the fallback f is not either; f being skipped, the stage unless f is visited.
    w = Worked(
        engine,
        At("g", visits=False, deadline=0, service=1),
        At("f", if_given_up="g", service=1, deadline=0),
        At("f2", if_given_up="f", service=1),
        At("u", unless_given_up="f", service=1),
    )
    assert (w("f"), w("f2"), w("u")) == (["- - -"], ["- - -"], ["0 0 1"])


def test_rule_3_entry_waits_for_not_before(engine: Engine) -> None:
    w = Worked(engine, At("a", service=2), At("early", after="a", not_before=1, service=1), At("late", after="a", not_before=7))
    assert w("early") == ["2 2 3"]
    assert w("late") == ["7 7 7"]


def test_rule_3_the_queue_goes_by_priority_entry_flight_and_stage(engine: Engine) -> None:
    # The server is busy 0 to 10 with flight 0. Waiting: flight 1 (entered 3, priority 1), flight 2
    # (entered 2, priority 1), flight 3 (entered 4, priority 0), flight 4 (entered 3, priority 1).
    # At 10, 20, 30, 40 go: 3 by priority, 2 by entry, 1 before 4 by number.
    w = Worked(
        engine, At("q", pool="p", service=10, not_before=[0, 3, 2, 4, 3], priority=[1, 1, 1, 0, 1]), n=5, pools={"p": servers(1)}
    )
    assert w("q") == ["0 0 10", "3 30 40", "2 20 30", "4 10 20", "3 40 50"]


def test_rule_3_of_one_flight_the_lower_stage_goes_first(engine: Engine) -> None:
    w = Worked(engine, At("b", pool="p", service=1), At("a", pool="p", service=1), pools={"p": servers(1)})
    assert (w("b"), w("a")) == (["0 0 1"], ["0 1 2"])


def test_rule_3_service_is_not_preempted(engine: Engine) -> None:
    w = Worked(engine, At("q", pool="p", service=10, not_before=[0, 1], priority=[5, 0]), n=2, pools={"p": servers(1)})
    assert w("q") == ["0 0 10", "1 10 20"]


def test_rule_4_service_zero_is_over_in_its_instant(engine: Engine) -> None:
    # a, b and c share the instant 5; four flights pass one server of b in it.
    w = Worked(
        engine,
        At("a", not_before=5),
        At("b", after="a", pool="p"),
        At("c", after="b"),
        n=4,
        pools={"p": servers(1)},
    )
    assert w("b") == ["5 5 5"] * 4
    assert w("c") == ["5 5 5"] * 4


def test_rule_4_the_end_is_one_addition(engine: Engine) -> None:
    # start + service_s as float64: no delay is added to a rounded clock.
    w = Worked(engine, At("a", not_before=0.1, service=0.2), At("b", after="a", service=1e6 / 3))
    assert w.timeline.end_s[0].tolist() == [0.1 + 0.2, (0.1 + 0.2) + 1e6 / 3]


def test_rule_5_a_server_is_held_until_a_later_stage_settles(engine: Engine) -> None:
    # Flight 0 lands 0 to 1 and holds the pad until it is unloaded at 1 + 5 = 6; then flight 1 lands.
    w = Worked(
        engine,
        At("land", pool="pad", service=1, hold_until="unload"),
        At("unload", after="land", service=5),
        n=2,
        pools={"pad": servers(1)},
    )
    assert w("land") == ["0 0 1", "0 6 7"]


def test_rule_5_cooldown_follows_leaving(engine: Engine) -> None:
    # A slot of no length and a headway of 45: flights at 0, 45, 90, and the late one at 200.
    w = Worked(engine, At("slot", pool="corridor", cooldown=45, not_before=[0, 0, 1, 200]), n=4, pools={"corridor": servers(1)})
    assert w("slot") == ["0 0 0", "0 45 45", "1 90 90", "200 200 200"]


def test_rule_5_cooldown_follows_the_hold(engine: Engine) -> None:
    # Held to 6, cooling 4: flight 1 starts at 10.
    w = Worked(
        engine,
        At("land", pool="pad", service=1, hold_until="unload", cooldown=4),
        At("unload", after="land", service=5),
        n=2,
        pools={"pad": servers(1)},
    )
    assert w("land") == ["0 0 1", "0 10 11"]


def test_rule_5_hold_until_a_skipped_stage_ends_when_it_is_skipped(engine: Engine) -> None:
    # `inspect` is skipped when it is ready: at 3, after `taxi`.
    w = Worked(
        engine,
        At("land", pool="pad", service=1, hold_until="inspect"),
        At("taxi", after="land", service=2),
        At("inspect", after="taxi", visits=False, service=50),
        n=2,
        pools={"pad": servers(1)},
    )
    assert w("land") == ["0 0 1", "0 3 4"]


def test_rule_5_hold_until_a_stage_given_up_ends_when_it_is_given_up(engine: Engine) -> None:
    # Flight 0 gives `inspect` up at its deadline 4, before it is ready; the pad is left then.
    w = Worked(
        engine,
        At("land", pool="pad", service=1),
        At("unload", after="land", pool="crew", service=9, hold_until="inspect"),
        At("taxi", after="land", service=20),
        At("inspect", after="unload taxi", deadline=[15, 1000]),
        At("later", if_given_up="inspect", service=1),
        n=2,
        pools={"pad": servers(2), "crew": servers(1)},
    )
    assert w("unload") == ["1 1 10", "1 15 24"]  # held from 10 to 15


def test_rule_5_hold_until_a_stage_settled_before_does_not_hold(engine: Engine) -> None:
    # Flight 0 gives `inspect` up at 4, while it unloads from 0 to 9: the crew is free at 9, although
    # the flight goes on to 29.
    w = Worked(
        engine,
        At("unload", pool="crew", service=9, hold_until="inspect"),
        At("inspect", after="unload", deadline=[4, 1000]),
        At("later", after="unload", if_given_up="inspect", service=20),
        n=2,
        pools={"crew": servers(1)},
    )
    assert w("inspect") == ["- - 4", "18 18 18"]
    assert w("unload") == ["0 0 9", "0 9 18"]
    assert w.ends == [("RELEASED", 29), ("RELEASED", 18)]


def test_rule_5_to_hold_through_a_fallback_path_a_join_is_named(engine: Engine) -> None:
    # Both flights give up the inspection (deadline 3); the pad is held until the join after the
    # fallback, at 3 + 7 = 10, not until 3.
    w = Worked(
        engine,
        At("land", pool="pad", service=1, hold_until="clear", not_before=[0, 1]),
        At("inspect", after="land", pool="none", deadline=3, visits=[True, False]),
        At("seal", if_given_up="inspect", service=7),
        At("clear", after="inspect seal"),
        n=2,
        pools={"pad": servers(1), "none": servers(0)},
    )
    assert w("land") == ["0 0 1", "1 10 11"]


def test_rule_6_a_verdict_ends_the_flight_and_nothing_after_it_is_entered(engine: Engine) -> None:
    w = Worked(
        engine,
        At("check", service=3, ends=[Outcome.REFUSED, 0]),
        At("fly", after="check", service=4),
        n=2,
    )
    assert w("check") == ["0 0 3", "0 0 3"]
    assert w("fly") == ["- - -", "3 3 7"]
    assert w.ends == [("REFUSED", 3), ("RELEASED", 7)]


def test_rule_6_a_verdict_of_the_last_stage_is_the_outcome(engine: Engine) -> None:
    w = Worked(engine, At("fly", service=3), At("close", after="fly", ends=Outcome.DIVERTED))
    assert w.ends == [("DIVERTED", 3)]


def test_rule_6_a_skipped_stage_gives_no_verdict(engine: Engine) -> None:
    w = Worked(engine, At("a", visits=False, ends=Outcome.REFUSED), At("b", after="a", service=1))
    assert w.ends == [("RELEASED", 1)]
