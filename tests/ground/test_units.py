"""Quantities and clock times: what is read, what is refused, and that what is written reads back exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ground.units import UNITS, format_clock, format_quantity, parse_clock, parse_quantity


@pytest.mark.parametrize(
    ("written", "dimension", "value"),
    [
        ("45 s", "time", 45.0),
        ("1.5h", "time", 5400.0),
        ("2 days", "time", 172800.0),
        ("5 nm", "length", 9260.0),
        ("100 ft", "length", 30.48),
        ("43.2 km/h", "speed", 12.0),
        ("36 kmh", "speed", 10.0),
        ("250 g", "mass", 0.25),
        ("24/d", "rate", 24 / 86400),
        ("24 per day", "rate", 24 / 86400),
        ("95%", "share", 0.95),
        (0.95, "share", 0.95),
        ("0.1", "share", 0.1),
        (1, "share", 1.0),
        (".5 min", "time", 30.0),
        ("25470 HK$", "HKD", 25470.0),
        ("9000.5 RMB", "CNY", 9000.5),
        ("1e2 s", "time", 100.0),
    ],
)
def test_a_quantity_is_read_to_the_nearest_number(written: object, dimension: str, value: float) -> None:
    assert parse_quantity(written, dimension) == value


@pytest.mark.parametrize(
    ("written", "dimension", "message"),
    [
        (45, "time", "the unit is missing; write it behind the number, as in '45 s'"),
        ("45", "time", "the unit is missing"),
        ("45 kg", "time", "'kg' is a unit of mass; a time is needed"),
        ("45 parsec", "length", "unknown unit 'parsec'"),
        (True, "share", "not true or false"),
        ("9000 CNY", "HKD", "an amount in HKD is needed, and nothing is converted"),
        ("9 h", "MOP", "an amount in MOP is needed$"),
        (9000, "HKD", "the unit is missing; write it behind the number, as in '9000 HKD'"),
        ("", "time", "a number with a unit of time"),
        ("s 45", "time", "a number with a unit of time"),
        (None, "time", "a number with a unit of time"),
        (float("nan"), "share", "finite"),
        (float("inf"), "share", "finite"),
        ("1e999 s", "time", "finite"),
        ("1e999999999 s", "time", "unknown unit"),
        ("٣ s", "time", "a number with a unit of time"),
    ],
)
def test_what_is_no_quantity_is_refused_in_words(written: object, dimension: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_quantity(written, dimension)


@given(st.sampled_from(list(UNITS)), st.floats(-1e290, 1e290))
def test_a_quantity_that_is_written_reads_back_exactly(dimension: str, value: float) -> None:
    assert parse_quantity(format_quantity(value, dimension), dimension) == value


@pytest.mark.parametrize(
    ("value", "dimension", "written"),
    [
        (5400.0, "time", "1.5 h"),
        (90.0, "time", "1.5 min"),
        (100000.0, "time", "100000 s"),
        (0.0, "time", "0 s"),
        (0.05, "share", "5%"),
        (12800.0, "length", "12.8 km"),
        (24 / 86400, "rate", "24/d"),
        (0.0, "rate", "0/d"),
        (0.0, "share", "0%"),
        (-0.0, "time", "0 s"),
    ],
)
def test_a_quantity_is_written_short(value: float, dimension: str, written: str) -> None:
    assert format_quantity(value, dimension) == written


@pytest.mark.parametrize(("written", "seconds"), [("00:00", 0), ("7:05", 25500), ("07:05", 25500), ("24:00", 86400)])
def test_a_clock_time(written: str, seconds: float) -> None:
    assert parse_clock(written) == seconds
    assert parse_clock(format_clock(seconds)) == seconds


@pytest.mark.parametrize("written", [700, 7.5, "24:01", "25:00", "7:5", "07:60", "07:00:00", "", None, True, " 07:00"])
def test_what_is_no_clock_time_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"a clock time is needed, hours and minutes with a colon, from 00:00 to 24:00"):
        parse_clock(written)
