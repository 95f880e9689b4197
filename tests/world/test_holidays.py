"""Public holidays: the data file is sound, and each day counts as it says."""

from datetime import date, timedelta

import pytest

from sim.ground.parameter import Status
from sim.ground.sides import SIDE_KEYS
from sim.scenario.study_settings import StudySettings
from sim.world.holidays import MONDAY, SUNDAY, counts_as, special_days, years_known


@pytest.mark.parametrize("side", SIDE_KEYS)
def test_every_entry_has_a_status_a_source_and_a_year_that_is_known(side: str) -> None:
    assert special_days(side)
    for day, special in special_days(side).items():
        assert day.year in years_known(side)
        assert special.status in set(Status) and special.source and special.name
        assert not special.is_worked or day.weekday() >= 5


@pytest.mark.parametrize("side", SIDE_KEYS)
def test_every_year_known_has_the_days_that_all_sides_keep(side: str) -> None:
    for year in years_known(side):
        names = {day for day in special_days(side) if day.year == year}
        assert {date(year, 1, 1), date(year, 5, 1), date(year, 10, 1)} <= names


def test_what_is_known_of_which_year() -> None:
    assert {side: sorted(years_known(side)) for side in SIDE_KEYS} == {
        "hong_kong": [2025, 2026, 2027],
        "mainland": [2025, 2026],
        "macao": [2025, 2026],
    }
    assert [sum(day.year == year for day in special_days("hong_kong")) for year in (2025, 2026, 2027)] == [17, 17, 17]


@pytest.mark.parametrize(
    ("day", "side", "number"),
    [
        ("2026-06-18", "hong_kong", 3),
        ("2026-06-19", "hong_kong", SUNDAY),
        ("2026-06-19", "mainland", SUNDAY),
        ("2026-06-19", "macao", SUNDAY),
        ("2026-06-19", None, 4),
        ("2026-06-20", "mainland", SUNDAY),
        ("2026-06-20", "hong_kong", 5),
        ("2026-07-01", "hong_kong", SUNDAY),
        ("2026-07-01", "mainland", 2),
        ("2026-10-10", "mainland", MONDAY),
        ("2026-10-10", "hong_kong", 5),
        ("2025-10-08", "mainland", SUNDAY),
        ("2025-09-28", "mainland", MONDAY),
        ("2026-12-22", "macao", SUNDAY),
        ("2027-02-09", "hong_kong", SUNDAY),
        ("2027-02-09", "mainland", 1),
    ],
)
def test_as_which_weekday_a_day_counts(day: str, side: str | None, number: int) -> None:
    assert counts_as(date.fromisoformat(day), side) == number


def test_the_default_first_day_is_a_monday_without_holidays_around_it() -> None:
    first = StudySettings().first_day
    assert first.weekday() == MONDAY
    near = [first + timedelta(days=passed) for passed in range(-3, 18)]
    assert not [(side, day) for side in SIDE_KEYS for day in near if day in special_days(side)]
