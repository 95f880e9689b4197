"""Rosters by clock time and by weekday: read, written, and refused in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ground.instants import WEEKDAYS
from sim.ground.roster import is_weekly, parse_roster, roster_as_written, turns_of_weekday, weekdays_in_words
from sim.ground.text import LANGUAGES

CLOCKS = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
OF_A_DAY = st.one_of(st.integers(0, 99), st.dictionaries(CLOCKS, st.integers(0, 99), min_size=2, max_size=4))
WEEKS = st.lists(OF_A_DAY, min_size=7, max_size=7)


@given(WEEKS)
def test_what_is_written_reads_back_as_the_same(week: list[Any]) -> None:
    roster = parse_roster(dict(zip(WEEKDAYS, week, strict=True)))
    assert parse_roster(roster_as_written(roster)) == roster
    assert [turns_of_weekday(roster, number) for number in range(7)] == [parse_roster(of_day) for of_day in week]


@given(OF_A_DAY)
def test_a_week_of_equal_days_is_a_roster_of_every_day(of_day: Any) -> None:
    roster = parse_roster({"mon-fri": of_day, "sat-sun": of_day})
    assert roster == parse_roster(of_day) and not is_weekly(roster)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            {"Sat-Sun": 1, "Monday-Friday": {"07:00": 3, "19:00": 1}},
            {"mon-fri": {"07:00": 3, "19:00": 1}, "sat-sun": 1},
        ),
        ({"fri-mon": 1, "tue-thu": 2}, {"mon": 1, "tue-thu": 2, "fri-sun": 1}),
        ({"sat-sun": {"09:00": 1}, "mon-fri": 2}, {"mon-fri": 2, "sat-sun": {"09:00": 1}}),
    ],
)
def test_weekdays_are_written_in_spells(written: Any, shown: Any) -> None:
    assert roster_as_written(parse_roster(written)) == shown


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"mon-fri": 3}, "no number for sat, sun"),
        ({"mon-fri": 3, "07:00": 2}, "weekdays and clock times stand in one mapping"),
        ({"mon-sat": 3, "sat-sun": 1}, "sat stands twice"),
        ({"mon-fri": 3, "sat-sun": "few"}, "a whole number from 0 is needed"),
        ({"mon-fri": {"25:00": 3}, "sat-sun": 1}, "a clock time is needed"),
    ],
)
def test_what_is_no_roster_is_refused_in_words(written: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_roster(written)


def test_weekdays_in_words() -> None:
    assert [weekdays_in_words("mon-fri", language) for language in LANGUAGES] == ["Mon-Fri", "星期一至星期五", "周一至周五"]
    assert [weekdays_in_words(key) for key in ("sat", "07:00", "month", "mon-fri-sun")] == ["Sat", "", "", ""]
