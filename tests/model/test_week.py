"""The week: demand and rosters by weekday, and holidays as the sides keep them."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from sim.ground.roster import parse_roster
from sim.ground.time_units import DAY_S, HOUR_S
from sim.model.calendar import Calendar
from sim.model.plan import Pool
from sim.replication.flights import make_flights
from sim.scenario.load import apply
from sim.scenario.scenario import Scenario
from sim.study.outside_window import cautions_of_calendar
from sim.world.holidays import counts_as
from tests.policies.observed import baseline, prepared

BUSY = {"world.demand.flights_per_day": "400/d", "study.cool_down": "0 s"}
WORKDAYS = (1, 1, 1, 1, 1, 0, 0)
PROFILE = (1.0, 0.8, 1.1, 1.0, 1.6, 1.0, 0.5)


def of(**changes: Any) -> Scenario:
    return apply(baseline(), BUSY | {path.replace("__", "."): value for path, value in changes.items()})


def flights_by_date(scenario: Scenario) -> dict[str, dict[date, int]]:
    """By side of departure, the number of flights planned on each date of the measured days."""
    flights, _ = make_flights(scenario, 7, 0, scenario.study.horizon_s)
    first, days = scenario.study.run_days, scenario.study.days
    day = np.floor((flights.planned_departure_s - first.day_1_s) / DAY_S).astype(int)
    sides = np.array([[site.side for site in route.sites] for route in flights.routes])
    side = sides[flights.route, 1 - flights.outward.astype(int)]
    return {
        key: {first.first_day + timedelta(days=n): int(((day == n) & (side == key)).sum()) for n in range(days)}
        for key in np.unique(side).tolist()
    }


def test_arrivals_follow_the_profile_of_the_week() -> None:
    numbers = flights_by_date(of(study__days=21, world__demand__weekday_profile=PROFILE, study__first_day="2026-07-06"))
    for by_date in numbers.values():
        of_weekday = np.array([sum(n for day, n in by_date.items() if day.weekday() == number) for number in range(7)])
        expected = 3 * 400 * np.array(PROFILE) / np.mean(PROFILE)
        assert (np.abs(of_weekday - expected) < 5 * np.sqrt(expected)).all()  # Poisson: five standard deviations


def test_a_flat_profile_of_any_height_changes_no_flight() -> None:
    flat, _ = make_flights(of(), 7, 0, 6 * DAY_S)
    scaled, _ = make_flights(of(world__demand__weekday_profile=[2.0] * 7, study__first_day="2026-06-17"), 7, 0, 6 * DAY_S)
    assert np.array_equal(flat.planned_departure_s, scaled.planned_departure_s)
    assert np.array_equal(flat.ordered_s, scaled.ordered_s)


@pytest.mark.parametrize(
    ("first_day", "without"),
    [
        ("2026-06-15", {"hong_kong": {19, 20, 21}, "mainland": {19, 20, 21}}),  # the Dragon Boat Festival, a Friday
        ("2026-10-05", {"hong_kong": {10, 11}, "mainland": {5, 6, 7, 11}}),  # the Mainland works on Saturday the 10th
        ("2026-10-19", {"hong_kong": {19, 24, 25}, "mainland": {24, 25}}),  # Monday off for Chung Yeung in Hong Kong
        ("2026-06-29", {"hong_kong": {1, 4, 5}, "mainland": {4, 5}}),  # 1 July, in Hong Kong alone
    ],
)
def test_a_holiday_counts_as_a_sunday_where_the_flight_leaves(first_day: str, without: dict[str, set[int]]) -> None:
    numbers = flights_by_date(of(study__days=7, world__demand__weekday_profile=WORKDAYS, study__first_day=first_day))
    idle = {side: {day.day for day, n in by_date.items() if n == 0} for side, by_date in numbers.items()}
    assert idle == without


WEEKLY = {"mon-fri": {"07:00": 3, "19:00": 2}, "sat": {"09:00": 1}, "sun": {"00:00": 0, "08:00": 4}}


def officers(**changes: Any) -> dict[str, Pool]:
    round_the_clock = {"policy.port_hours.opens": "00:00", "policy.port_hours.closes": "24:00"}
    named = {key.replace("__", "."): value for key, value in changes.items()}
    plan = prepared({"policy.document_check.officers": WEEKLY, **round_the_clock, **named}).plan
    return {pool.side: pool for pool in plan.pools if pool.kind.key == "document_officers"}


@pytest.mark.parametrize("first_day", ["2026-06-15", "2026-10-07"])
def test_rosters_follow_the_weekdays_of_their_side(first_day: str) -> None:
    first = date.fromisoformat(first_day)
    expected: dict[int, list[tuple[float, int]]] = {6: [(0, 0), (8, 4)], 5: [(9, 1)]}
    pools = officers(study__first_day=first_day)
    assert set(pools) == {"hong_kong", "mainland"}
    for side, pool in pools.items():
        on_duty = None
        for day in range(-9, 9):  # from the run's own first day, which is three before day 1
            for hour in range(24):
                turns = dict(expected.get(counts_as(first + timedelta(days=day - 3), side), [(7, 3), (19, 2)]))
                on_duty = turns.get(hour, on_duty)
                assert on_duty is None or pool.calendar.at(day * DAY_S + hour * HOUR_S) == on_duty, (side, day, hour)


def test_a_single_desk_has_the_officers_of_all_sides_on_their_own_days() -> None:
    desk = {"policy.flight_authorisation.mode": "noon_day_before", "policy.flight_authorisation.agencies": "single_desk"}
    staff = {"hong_kong": {"mon-fri": 3, "sat-sun": 1}, "mainland": {"08:00": 2, "18:00": 1}, "macao": 0}
    plan = prepared({**desk, "policy.flight_authorisation.officers": staff, "study.first_day": "2026-07-01"}).plan
    (pool,) = [pool for pool in plan.pools if pool.place == "single_desk"]
    on_day_1 = [pool.calendar.at((3 + day) * DAY_S + 12 * HOUR_S) for day in range(5)]
    assert on_day_1 == [3, 5, 5, 3, 3]  # Wednesday 1 July counts as a Sunday in Hong Kong; Thursday, Friday, Saturday, Sunday
    assert pool.calendar.at(4 * DAY_S + 7 * HOUR_S) == 4


def test_a_daily_roster_is_the_same_whatever_the_date() -> None:
    roster = parse_roster({"07:00": 3, "19:00": 1})
    assert Calendar.roster(roster, 5 * DAY_S) == Calendar.roster(roster, 5 * DAY_S, weekday=lambda day: 6)


@pytest.mark.parametrize(
    ("changes", "sides"),
    [
        ({}, []),
        ({"world.demand.weekday_profile": WORKDAYS}, []),
        ({"study.first_day": "2027-06-01"}, []),
        ({"world.demand.weekday_profile": WORKDAYS, "study.first_day": "2027-06-01"}, ["Mainland"]),
        ({"policy.document_check.officers": WEEKLY, "study.first_day": "2028-03-01"}, ["Hong Kong", "Mainland"]),
        ({"world.demand.weekday_profile": WORKDAYS, "study.first_day": "2026-12-31"}, ["Mainland"]),
    ],
)
def test_holidays_that_are_not_known_are_told_where_the_week_matters(changes: dict[str, Any], sides: list[str]) -> None:
    cautions = [caution.en for caution in cautions_of_calendar(apply(baseline(), changes))]
    assert [f"the public holidays of {side} in 202" in caution for side, caution in zip(sides, cautions, strict=True)] == [
        True
    ] * len(sides)
