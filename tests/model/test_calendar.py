"""Calendars against their simple definition, instant by instant."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ground.time_units import DAY_S
from sim.model.calendar import Calendar

INSTANTS = st.integers(-40, 40).map(float)  # few, so that many fall together
SPELLS = st.lists(st.tuples(INSTANTS, INSTANTS), max_size=12)
CALENDARS = st.dictionaries(INSTANTS, st.integers(0, 3), min_size=1, max_size=12).map(
    lambda turns: Calendar(tuple(sorted(turns)), tuple(turns[instant] for instant in sorted(turns)))
)


@settings(max_examples=400, deadline=None)
@given(calendar=CALENDARS, spells=SPELLS)
def test_closed_is_shut_in_every_spell_and_else_as_it_was(calendar: Calendar, spells: list[tuple[float, float]]) -> None:
    closed = calendar.closed(spells)
    assert all(earlier < later for earlier, later in pairwise(closed.times_s))
    for instant_s in [half / 2 for half in range(-90, 91)]:
        shut = any(start <= instant_s < end for start, end in spells)
        assert closed.at(instant_s) == (0 if shut else calendar.at(instant_s))


@given(calendar=CALENDARS)
def test_no_spell_changes_nothing(calendar: Calendar) -> None:
    assert calendar.closed([]) == calendar.closed([(3.0, 3.0), (5.0, 2.0)]) == calendar


@given(calendar=CALENDARS, spells=SPELLS)
def test_a_closed_calendar_holds_numbers_that_print_alike(calendar: Calendar, spells: list[tuple[float, float]]) -> None:
    closed = calendar.closed(spells)
    assert {type(t) for t in closed.times_s} == {float} and {type(c) for c in closed.capacities} == {int}


@given(calendar=CALENDARS, ends=st.tuples(INSTANTS, INSTANTS).map(sorted))
def test_server_seconds_are_the_sum_over_seconds(calendar: Calendar, ends: list[float]) -> None:
    start_s, end_s = ends
    assert calendar.server_seconds(start_s, end_s) == sum(calendar.at(float(t)) for t in range(int(start_s), int(end_s)))


def test_before_its_first_instant_nobody_is_on_duty() -> None:
    assert Calendar((10.0,), (2,)).at(9.9) == 0
    assert Calendar((10.0,), (2,)).closed([(0.0, 5.0)]).at(10.0) == 2


@given(
    opens=st.integers(0, 24).map(lambda h: h * 3600.0),
    closes=st.integers(0, 24).map(lambda h: h * 3600.0),
    hour=st.integers(0, 71),
)
def test_a_daily_window_is_open_from_its_opening_to_its_closing(opens: float, closes: float, hour: int) -> None:
    calendar = Calendar.daily(3, opens, closes, 3 * DAY_S)
    clock_s = hour % 24 * 3600.0
    opens, closes = opens % DAY_S, closes % DAY_S
    inside = opens <= clock_s < closes if opens < closes else clock_s >= opens or clock_s < closes
    assert calendar.at(hour * 3600.0) == (3 if inside or opens == closes else 0)
