"""Instants: read, written and counted from day 1."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ground.instants import WEEKDAYS, Instant, instant_of, parse_instant
from sim.ground.text import LANGUAGES
from sim.ground.time_units import DAY_S, HOUR_S, MINUTE_S

MONDAY, THURSDAY = date(2026, 6, 1), date(2026, 6, 4)
CLOCKS = st.integers(0, int(DAY_S)).map(float)
INSTANTS = st.one_of(
    st.builds(Instant, st.just("day"), st.integers(-999, 9999), CLOCKS),
    st.builds(Instant, st.just("weekday"), st.integers(0, 6), CLOCKS),
    st.builds(Instant, st.just("date"), st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.toordinal), CLOCKS),
)


@given(INSTANTS)
def test_what_is_written_reads_back_as_the_same(instant: Instant) -> None:
    assert parse_instant(str(instant)) == instant


@given(INSTANTS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_form_of_an_instant_is_at_the_same_time(instant: Instant, first_day: date) -> None:
    since_s = instant.since_day_1_s(first_day)
    by_day = instant_of(since_s)
    assert by_day.since_day_1_s(first_day) == since_s
    whole = first_day + timedelta(days=since_s // DAY_S)
    assert Instant("date", whole.toordinal(), since_s % DAY_S).since_day_1_s(first_day) == since_s
    if 0 <= since_s < 7 * DAY_S:
        assert Instant("weekday", whole.weekday(), since_s % DAY_S).since_day_1_s(first_day) == since_s


@pytest.mark.parametrize(
    ("written", "first_day", "seconds"),
    [
        ("day 1 00:00", MONDAY, 0.0),
        ("day 5 08:00", MONDAY, 4 * DAY_S + 8 * HOUR_S),
        ("Day 5, 08:00", MONDAY, 4 * DAY_S + 8 * HOUR_S),
        ("第5天 08:00", MONDAY, 4 * DAY_S + 8 * HOUR_S),
        ("day 0 24:00", MONDAY, 0.0),
        ("day -2 06:30", MONDAY, -3 * DAY_S + 6.5 * HOUR_S),
        ("day 1 08:00:30", MONDAY, 8 * HOUR_S + 30),
        ("Mon 08:00", MONDAY, 8 * HOUR_S),
        ("星期一 08:00", MONDAY, 8 * HOUR_S),
        ("周一 08:00", MONDAY, 8 * HOUR_S),
        ("週一 08:00", MONDAY, 8 * HOUR_S),
        ("mon 08:00", THURSDAY, 4 * DAY_S + 8 * HOUR_S),
        ("Thursday 08:05", THURSDAY, 8 * HOUR_S + 5 * MINUTE_S),
        ("Wed 08:00", THURSDAY, 6 * DAY_S + 8 * HOUR_S),
        ("2026-06-02T08:00", MONDAY, DAY_S + 8 * HOUR_S),
        ("2026-05-31 08:00", MONDAY, -DAY_S + 8 * HOUR_S),
    ],
)
def test_seconds_from_day_1(written: str, first_day: date, seconds: float) -> None:
    assert parse_instant(written).since_day_1_s(first_day) == seconds


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("104 h", 'not a length of time: 104 h after 00:00 of day 1 is "day 5 08:00"'),
        ("1.5 d", '1.5 d after 00:00 of day 1 is "day 2 12:00"'),
        ("day 5", "an instant is needed, such as"),
        ("Monday", "an instant is needed"),
        ("Moon 08:00", "an instant is needed"),
        ("2026-06-01", "an instant is needed"),
        ("08:00", "an instant is needed"),
        (7, "an instant is needed"),
        (None, "an instant is needed"),
        ("day 1 24:01", "from 00:00 to 24:00"),
        ("day 1 08:60", "from 00:00 to 24:00"),
        ("2026-02-30 08:00", "there is no date 2026-02-30"),
    ],
)
def test_what_is_no_instant_is_refused_in_words(written: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_instant(written)


def test_an_instant_in_words() -> None:
    instants = [parse_instant(written) for written in ("day 5 08:00", "sun 09:30", "2026-06-01T08:00")]
    assert [[instant.in_words(language) for instant in instants] for language in LANGUAGES] == [
        ["day 5 08:00", "Sun 09:30", "2026-06-01 08:00"],
        ["第5天 08:00", "星期日 09:30", "2026-06-01 08:00"],
        ["第5天 08:00", "周日 09:30", "2026-06-01 08:00"],
    ]
    assert len(WEEKDAYS) == 7
