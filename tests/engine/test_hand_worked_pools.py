"""Plans worked by hand, one or more for each of rules 13 to 20 of docs/reference/engine.md, named after it.

Instants are written "queued start end", with - for none: "0 2 5" is queued at 0, started at 2, ended at 5. The comment
above an expectation is the working.
"""

import numpy as np

from sim.engine.gridlock import find_gridlock
from sim.model.calendar import PLENTY
from sim.model.outcome import Outcome
from tests.engine.plans import At, Engine, Worked, batch, servers


def test_rule_13_as_many_as_the_capacity_are_served_at_once(engine: Engine) -> None:
    w = Worked(engine, At("q", pool="p", service=[5, 3, 1, 1]), n=4, pools={"p": servers(2)})
    assert w("q") == ["0 0 5", "0 0 3", "0 3 4", "0 4 5"]


def test_rule_14_before_its_first_instant_a_calendar_is_closed_and_its_last_value_holds(engine: Engine) -> None:
    w = Worked(engine, At("q", pool="p", service=1, not_before=[0, 1e9]), n=2, pools={"p": servers((5.0, 1))})
    assert w("q") == ["0 5 6", "1000000000 1000000000 1000000001"]


def test_rule_14_a_fall_touches_no_busy_server(engine: Engine) -> None:
    # Three busy from 0, to 10, 4 and 6; at 2 the capacity falls to 1. The servers that come free at 4
    # and 6 are not handed out again; the one of 10 is.
    w = Worked(engine, At("q", pool="p", service=[10, 4, 6, 1]), n=4, pools={"p": servers((0.0, 3), (2.0, 1))})
    assert w("q") == ["0 0 10", "0 0 4", "0 0 6", "0 10 11"]


def test_rule_14_a_rise_first_undoes_the_fall(engine: Engine) -> None:
    # As above, but at 5 the capacity rises to 2: busy are 2 (to 10 and to 6), so nobody starts at 5;
    # at 6 one server comes free and is handed out.
    w = Worked(engine, At("q", pool="p", service=[10, 4, 6, 1]), n=4, pools={"p": servers((0.0, 3), (2.0, 1), (5.0, 2))})
    assert w("q") == ["0 0 10", "0 0 4", "0 0 6", "0 6 7"]


def test_rule_14_cooldown_runs_on_while_closed(engine: Engine) -> None:
    # In service 0 to 2, cooling to 7, closed from 3 to 6: free again at 7, not at 6 + 4.
    w = Worked(engine, At("q", pool="p", service=2, cooldown=5), n=2, pools={"p": servers((0.0, 1), (3.0, 0), (6.0, 1))})
    assert w("q") == ["0 0 2", "0 7 9"]


def test_rule_14_a_closing_instant_is_closed_and_an_opening_instant_open(engine: Engine) -> None:
    w = Worked(engine, At("q", pool="p", not_before=[4, 6]), n=2, pools={"p": servers((0.0, 1), (4.0, 0), (6.0, 1))})
    assert w("q") == ["4 6 6", "6 6 6"]


def test_rule_15_a_batch_leaves_at_offset_and_multiples_of_the_period(engine: Engine) -> None:
    # Offset 3, period 10: 3, 13, 23. Who enters at 3 leaves with it; service begins then.
    w = Worked(engine, At("m", pool="edi", not_before=[0, 3, 3.5, 12], service=1), n=4, pools={"edi": batch(10, 3)})
    assert w("m") == ["0 3 4", "3 3 4", "3.5 13 14", "12 13 14"]


def test_rule_15_batches_are_counted_anew_in_each_cycle(engine: Engine) -> None:
    # Offset 3, cycle 24, period 10: 3, 13, 23, then 27 and not 33, 37, 47, then 51. Before the offset: -21, -11, -1, then 3.
    shuttle = servers(PLENTY, period=10, offset=3, cycle=24)
    entries = [0.0, 3.0, 23.5, 27.0, 36.0, 47.5]
    w = Worked(engine, At("m", pool="shuttle", not_before=entries), n=6, pools={"shuttle": shuttle})
    assert w("m") == ["0 3 3", "3 3 3", "23.5 27 27", "27 27 27", "36 37 37", "47.5 51 51"]


def test_rule_15_a_cycle_shorter_than_the_period_is_the_period(engine: Engine) -> None:
    shuttle = servers(PLENTY, period=10, offset=1, cycle=4)
    w = Worked(engine, At("m", pool="shuttle", not_before=[0.0, 1.0, 1.5, 5.5]), n=4, pools={"shuttle": shuttle})
    assert w("m") == ["0 1 1", "1 1 1", "1.5 5 5", "5.5 9 9"]


def test_rule_15_who_runs_out_of_patience_at_the_batch_instant_leaves_with_it(engine: Engine) -> None:
    w = Worked(engine, At("m", pool="edi", not_before=2, patience=[8, 7], deadline=[10, 99]), n=2, pools={"edi": batch(10)})
    assert w("m") == ["2 10 10", "2 - 9"]


def test_rule_15_the_window_of_a_batch_is_its_calendar(engine: Engine) -> None:
    # Batches at multiples of 10; open from 20 to 40. The first leaves at 20, the opening instant; who
    # enters at 31 misses 30, and 40 is closed.
    edi = batch(10, 0, (0.0, 0), (20.0, 99), (40.0, 0), (95.0, 99))
    w = Worked(engine, At("m", pool="edi", not_before=[5, 31]), n=2, pools={"edi": edi})
    assert w("m") == ["5 20 20", "31 100 100"]


def test_rule_15_a_batch_gives_no_more_than_its_servers(engine: Engine) -> None:
    # Two places a shuttle: flights 0 and 1 leave at 10 and are back by 14; 2 and 3 leave at 20.
    w = Worked(engine, At("m", pool="shuttle", not_before=1, service=4), n=4, pools={"shuttle": servers(2, period=10)})
    assert w("m") == ["1 10 14", "1 10 14", "1 20 24", "1 20 24"]


def test_rule_16_a_hand_out_gives_all_before_anything_follows(engine: Engine) -> None:
    # At 5 two servers open and go to `a` of both flights. Flight 0 is through `a` at once, keeps the
    # server until `b` and queues for `b` in the same pool, with a better priority than flight 1 at `a`:
    # too late, the second server has been given away. It starts at 8.
    w = Worked(
        engine,
        At("a", pool="p", service=[0, 3], priority=1, hold_until="b"),
        At("b", after="a", pool="p", service=1, visits=[True, False]),
        n=2,
        pools={"p": servers((5.0, 2))},
    )
    assert w("a") == ["0 5 5", "0 5 8"]
    assert w("b") == ["5 8 9", "- - -"]


# Rules 17 and 18: one instant, and the clock


def test_rule_17_entries_come_before_hand_outs(engine: Engine) -> None:
    # The server comes free at 5, the instant at which flight 2 enters with the better priority.
    w = Worked(engine, At("q", pool="p", service=5, not_before=[0, 1, 5], priority=[0, 1, 0]), n=3, pools={"p": servers(1)})
    assert w("q") == ["0 0 5", "1 10 15", "5 5 10"]


def test_rule_17_ends_come_before_hand_outs(engine: Engine) -> None:
    # As before, but flight 2 enters because its service before it ends at 5.
    w = Worked(
        engine,
        At("before", service=[0, 1, 5]),
        At("q", after="before", pool="p", service=5, priority=[0, 1, 0]),
        n=3,
        pools={"p": servers(1)},
    )
    assert w("q") == ["0 0 5", "1 10 15", "5 5 10"]


def test_rule_17_ends_come_before_verdicts(engine: Engine) -> None:
    # check and load end at 5; the end of load is recorded, although the flight is refused at 5.
    w = Worked(engine, At("check", service=5, ends=Outcome.REFUSED), At("load", service=5), At("fly", after="load", service=1))
    assert w("load") == ["0 0 5"]
    assert w("fly") == ["5 5 -"]  # entered by the event that ended load, before the verdict
    assert w.ends == [("REFUSED", 5)]


def test_rule_17_verdicts_come_before_hand_outs(engine: Engine) -> None:
    # Flight 0 waits for the server that comes free at 5, and is refused at 5: flight 2 gets it.
    w = Worked(
        engine,
        At("check", service=5, ends=[Outcome.REFUSED, 0, 0], visits=[True, False, False]),
        At("q", pool="p", service=5, not_before=[1, 0, 2]),
        n=3,
        pools={"p": servers(1)},
    )
    assert w("q") == ["1 - -", "0 0 5", "2 5 10"]


def test_rule_17_a_closing_comes_before_hand_outs(engine: Engine) -> None:
    # A server comes free at 5, the instant at which the pool closes.
    w = Worked(engine, At("q", pool="p", service=5), n=2, pools={"p": servers((0.0, 1), (5.0, 0), (8.0, 1))})
    assert w("q") == ["0 0 5", "0 8 13"]


def test_rule_17_hand_outs_go_by_pool_number(engine: Engine) -> None:
    # At 5 pools p0 and p1 open. p0 serves flight 0 (service 0), which then enters p1 with the better
    # priority: after p0's hand-out its end (an earlier class) comes before p1's hand-out. In the
    # mirrored plan p1 has been handed out before.
    def passing(first: str, second: str) -> Worked:
        return Worked(
            engine,
            At("x", pool=first, visits=[True, False]),
            At("y", after="x", pool=second, service=3, priority=[0, 1]),
            n=2,
            pools={"p0": servers((5.0, 1)), "p1": servers((5.0, 1))},
        )

    assert passing("p0", "p1")("y") == ["5 5 8", "0 8 11"]
    assert passing("p1", "p0")("y") == ["5 8 11", "0 5 8"]


def test_rule_17_giving_up_comes_last(engine: Engine) -> None:
    # Flight 1 gives up at 3, the instant at which the capacity rises: it starts.
    w = Worked(engine, At("q", pool="p", service=9, patience=3), n=2, pools={"p": servers((0.0, 1), (3.0, 2))})
    assert w("q") == ["0 0 9", "0 3 12"]


def test_rule_17_giving_up_goes_by_flight_and_stage_and_the_classes_begin_anew(engine: Engine) -> None:
    # Flights 0 and 1 wait for `q` with patience 3 each, flight 0 holding the only server of `q` by
    # its stage `h`. Flight 0 gives up first, ends and frees it; the hand-out comes before the giving
    # up of flight 1, which starts at 3.
    w = Worked(
        engine,
        At("h", pool="q", visits=[True, False], hold_until="end"),
        At("q", after="h", pool="q", service=1, patience=3),
        At("end", after="q"),
        n=2,
        pools={"q": servers(1)},
    )
    assert w("q") == ["0 - 3", "0 3 4"]
    assert w.ends == [("CANCELLED", 3), ("RELEASED", 4)]


def test_rule_17_a_stage_made_ready_by_a_giving_up_of_its_deadlines_instant(engine: Engine) -> None:
    # g and s have the deadline 4, and s follows g. In the first plan g is the lower stage: it is given
    # up first, s becomes ready and starts at 4. In the second s is given up before g is.
    g = At("g", not_before=9, deadline=4)
    f = At("f", if_given_up="g", service=1)
    s = At("s", after="g", deadline=4, service=1)
    w = Worked(engine, g, f, s)
    assert w("s") == ["4 4 5"]
    w = Worked(engine, s, f, g)
    assert (w("s"), w("g")) == (["- - 4"], ["- - -"])
    assert w.ends == [("CANCELLED", 4)]


def test_rule_18_the_clock_starts_at_the_earliest_finite_instant(engine: Engine) -> None:
    # Flight 1 visits nothing and completes at -7, the first instant of the calendar.
    w = Worked(engine, At("q", pool="p", service=1, not_before=-3, visits=[True, False]), n=2, pools={"p": servers((-7.0, 1))})
    assert w("q") == ["-3 -3 -2", "- - -"]
    assert w.ends == [("RELEASED", -2), ("RELEASED", -7)]


def test_rule_18_a_deadline_may_be_the_earliest_instant(engine: Engine) -> None:
    w = Worked(engine, At("a", not_before=2, deadline=[-4, 3]), At("f", if_given_up="a", visits=False), n=2)
    assert w("a") == ["- - -4", "2 2 2"]
    assert w.ends == [("RELEASED", -4), ("RELEASED", 2)]


def test_rule_18_a_plan_that_visits_nothing_is_complete_at_0(engine: Engine) -> None:
    w = Worked(engine, At("a", visits=False, not_before=5), At("b", after="a", visits=False), n=2)
    assert w.ends == [("RELEASED", 0), ("RELEASED", 0)]


def test_no_flights(engine: Engine) -> None:
    w = Worked(engine, At("a", pool="p"), n=0, pools={"p": servers(1)})
    assert w.timeline.queued_s.shape == (0, 1)
    assert w.ends == []


# Rules 19 and 20: the end of the run, and the timeline


def test_rule_19_who_waits_for_ever_is_in_the_system(engine: Engine) -> None:
    w = Worked(engine, At("q", pool="p"), At("next", after="q"), n=1, pools={"p": servers((0.0, 0))})
    assert (w("q"), w("next")) == (["0 - -"], ["- - -"])
    assert w.ends == [("IN_SYSTEM", None)]
    assert find_gridlock(w.plan, w.timeline) == ()  # a closed pool is no circle


def test_rule_19_two_flights_that_hold_what_the_other_waits_for(engine: Engine) -> None:
    # Flight 0 goes from A to B, flight 1 from B to A; each pad is held until the next one is reached.
    w = Worked(
        engine,
        At("first", pool=["A", "B"], service=1, hold_until="second"),
        At("second", after="first", pool=["B", "A"], service=1),
        n=2,
        pools={"A": servers(1), "B": servers(1)},
    )
    assert w("second") == ["1 - -", "1 - -"]
    assert w.ends == [("IN_SYSTEM", None)] * 2
    assert find_gridlock(w.plan, w.timeline) == ((0, 1),)


def test_rule_20_three_instants_tell_all(engine: Engine) -> None:
    # One flight each: done · given up waiting · given up before entry · cut off in service · taken out
    # of the queue · skipped · never reached · still waiting.
    w = Worked(
        engine,
        At("stop", service=5, ends=[0, 0, 0, 2, 2, 0, 2, 0], visits=[False, False, False, True, True, False, True, False]),
        At(
            "q",
            pool=["p", "none", "p", "p", "none", "p", "p", "none"],
            service=[3, 3, 3, 9, 3, 3, 3, 3],
            not_before=[1, 1, 9, 1, 1, 1, 8, 1],
            patience=[np.inf, 2] + [np.inf] * 6,
            deadline=[np.inf, np.inf, 4] + [np.inf] * 5,
            visits=[True, True, True, True, True, False, True, True],
        ),
        n=8,
        pools={"p": servers(9), "none": servers(0)},
    )
    assert w("q") == ["1 1 4", "1 - 3", "- - 4", "1 1 -", "1 - -", "- - -", "- - -", "1 - -"]
    given_up, done = w.timeline.given_up()[:, 1], w.timeline.done()[:, 1]
    assert given_up.tolist() == [False, True, True] + [False] * 5
    assert done.tolist() == [True] + [False] * 7
