"""What a schedule and a closure say by clock, weekday and date, and the month that follows from the date."""

import re
from typing import Any

import numpy as np
import pytest

from sim.ground.errors import InputError
from sim.ground.time_units import DAY_S, HOUR_S, MINUTE_S
from sim.model.disruption import DISRUPTIONS, WEATHER_CLOSURES_S
from sim.replication import Prepared, prepare
from sim.scenario.load import apply, load_scenario
from sim.scenario.parameters import value_in_words
from sim.scenario.write import write_resolved
from sim.study.outside_window import stated_spells
from tests.policies.observed import baseline, observed, prepared

ROUTE = "wenjindu_sheung_shui"
HEAD = "route,from_side,planned_departure,ordered"


def flights_of(*cells: tuple[str, str], columns: str = HEAD, **settings: Any) -> Prepared:
    rows = [f"{ROUTE},mainland,{','.join(row)}" for row in cells]
    changes = {"world.demand.schedule": {"csv": "\n".join([columns, *rows])}, "study.days": 3, "study.warm_up": "2 d"}
    made = apply(baseline(), changes | {key.replace("__", "."): value for key, value in settings.items()})
    return prepare(made, 1, 0)


def test_every_way_to_write_an_instant_is_the_same_instant() -> None:
    cells = [
        ("27000", "-3600"),
        ("day 1 07:30", "day 0 23:00"),
        ("Mon 07:30", "Mon 00:00"),
        ("2026-06-01T07:30", "2026-05-31 23:00"),
    ]
    flights = flights_of(*cells).flights
    assert flights.planned_departure_s.tolist() == [2 * DAY_S + 27000] * 4
    assert flights.ordered_s.tolist() == [2 * DAY_S - HOUR_S, 2 * DAY_S - HOUR_S, 2 * DAY_S, 2 * DAY_S - HOUR_S]


def test_a_clock_time_alone_is_a_flight_of_every_day() -> None:
    flights = flights_of(("09:00", "20:00"), ("07:30", "07:00"), ("day 2 08:00", ""), study__cool_down="1 d").flights
    departs = flights.planned_departure_s
    daily = sorted([day * DAY_S + clock for day in range(6) for clock in (7.5 * HOUR_S, 9 * HOUR_S)] + [3 * DAY_S + 8 * HOUR_S])
    assert departs.tolist() == daily
    at_nine = departs % DAY_S == 9 * HOUR_S
    assert (departs - flights.ordered_s)[at_nine].tolist() == [13 * HOUR_S] * 6, "the last 20:00 before it, on the day before"
    assert (departs - flights.ordered_s)[departs % DAY_S == 7.5 * HOUR_S].tolist() == [30 * MINUTE_S] * 6


def test_flights_of_every_day_have_the_cells_of_their_row() -> None:
    columns = "route,from_side,planned_departure,load:service_s"
    made = flights_of(("09:00", "77.25"), ("10:00", ""), columns=columns)
    load = made.plan.service_s[:, made.plan.stage_number("load")]
    nine = made.flights.planned_departure_s % DAY_S == 9 * HOUR_S
    assert nine.sum() > 4 and (load[nine] == 77.25).all() and not (load[~nine] == 77.25).any()


def test_instants_of_a_trace_count_from_day_1() -> None:
    columns = "route,from_side,planned_departure,fact:filed_s,slot:not_before_s"
    made = flights_of(("36000", "1000", "36060"), columns=columns)
    assert made.plan.not_before_s[0, made.plan.stage_number("slot")] == 2 * DAY_S + 36060
    (filed,) = [value for name, value in made.facts.by_name() if name == "filed_s"]
    assert filed.tolist() == [2 * DAY_S + 1000]


def test_a_fact_that_is_an_instant_says_so() -> None:
    facts = [fact for feature in baseline().assembly.features for fact in feature.writes if fact.per == "flight"]
    worded = {fact.name for fact in facts if fact.name.endswith("_s") and re.match("instant|earliest departure", fact.meaning)}
    assert {fact.name for fact in facts if fact.is_instant} == worded
    assert len(worded) >= 4


@pytest.mark.parametrize(
    ("columns", "cells", "message"),
    [
        (HEAD, ("7.30", "x"), "row 1 of the schedule, column ordered"),
        (HEAD, ("24:00", ""), 'column planned_departure[\\s\\S]*an instant such as "day 1 07:30"'),
        (HEAD, ("day 1 09:00", "day 1 10:00"), "column ordered[\\s\\S]*no later than planned_departure"),
        (
            "route,from_side,planned_departure,slot:not_before_s",
            ("09:00", "36060"),
            "nothing, for the flight is one of every day",
        ),
        ("route,from_side,planned_departure,fact:filed_s", ("09:00", "36060"), "nothing, for the flight is one of every day"),
    ],
)
def test_what_a_schedule_can_not_say_is_told(columns: str, cells: tuple[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        flights_of(cells, columns=columns)


# ---------------------------------------------------------------------------------------- daily closures

NOON = {"daily": ["12:00", "13:00"]}


def open_at(changes: dict[str, Any], day: int, hour: float) -> int:
    """Capacity of the corridor's slots on a day of the run, which is one measured day with a warm-up of three."""
    plan = prepared({"study.days": 5, **changes}).plan
    (capacity,) = {pool.calendar.at(day * DAY_S + hour * HOUR_S) for pool in plan.pools if pool.kind.key == "slots"}
    return capacity


@pytest.mark.parametrize(
    ("closure", "shut"),
    [
        (NOON, {(day, 12.0) for day in range(9)}),
        ({**NOON, "on": "mon-fri"}, {(day, 12.0) for day in (0, 3, 4, 5, 6, 7)}),
        ({"daily": ["23:30", "00:30"], "on": "sat"}, {(1, 23.75), (2, 0.25), (8, 23.75)}),
    ],
)
def test_a_daily_closure_shuts_the_corridor_and_is_no_disruption(closure: dict[str, Any], shut: set[tuple[int, float]]) -> None:
    changes = {"policy.corridor.closures": [closure]}
    asked = [(day, hour) for day in range(9) for hour in (0.25, 0.75, 11.9, 12.0, 12.9, 13.1, 23.75)]
    found = {(day, hour) for day, hour in asked if not open_at(changes, day, hour)}
    assert found == {(day, hour + more) for day, hour in shut for more in ((0.0, 0.9) if hour == 12.0 else (0.0,))}
    assert prepared({"study.days": 5, **changes}).facts[DISRUPTIONS] == prepared({"study.days": 5}).facts[DISRUPTIONS]
    assert not list(stated_spells(apply(baseline(), changes)))


def test_nobody_takes_off_in_a_daily_closure() -> None:
    made = observed({"study.days": 2, "policy.corridor.closures": [NOON], "world.demand.flights_per_day": "60/d"}, 0)
    taken_s = made.timeline.start_s[:, made.plan.stage_number("slot")]
    clock_s = taken_s[~np.isnan(taken_s)] % DAY_S
    assert len(clock_s) > 100 and not ((clock_s >= 12 * HOUR_S) & (clock_s < 13 * HOUR_S)).any()


def test_closures_of_both_kinds_read_back_and_are_told_in_words(tmp_path: Any) -> None:
    closures = [["Fri 08:00", "2026-06-06 09:00"], {**NOON, "on": "mon-fri"}, {"daily": ["23:00", "01:00"]}]
    made = apply(baseline(), {"policy.corridor.closures": closures})
    (tmp_path / "mine.yaml").write_text(write_resolved(made), encoding="utf-8")
    assert load_scenario(tmp_path / "mine.yaml") == made
    assert made.resolved()["policy"]["corridor"]["closures"][1] == {"daily": ["12:00", "13:00"], "on": "mon-fri"}
    words = value_in_words(made, "policy.corridor.closures")
    assert words.startswith("Fri 08:00, 2026-06-06 09:00, (daily 12:00, 13:00, on mon-fri)")


@pytest.mark.parametrize(
    ("closure", "message"),
    [
        ({"daily": ["12:00", "12:00"]}, "a daily closure ends at another time than it begins"),
        ({"daily": ["12:00"]}, "missing|at least 2 items|needed"),
        ({**NOON, "on": "weekend"}, "such as sat or mon-fri"),
        ({**NOON, "every": "week"}, "every"),
    ],
)
def test_a_closure_that_is_none_is_refused(closure: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as refused:
        apply(baseline(), {"policy.corridor.closures": [closure]})
    assert re.search(message, str(refused.value)), str(refused.value)


# ------------------------------------------------------------------------------------------ the month


def test_sampled_weather_is_that_of_the_month_of_the_first_day() -> None:
    sampled = {"world.weather.mode": "sampled", "study.days": 20, "world.weather.frequency": 5.0}

    def closures(**changes: Any) -> Any:
        return prepared({**sampled, **{key.replace("__", "."): value for key, value in changes.items()}}).facts[
            WEATHER_CLOSURES_S
        ]

    assert closures() == closures(world__weather__month=6)
    assert closures(study__first_day="2026-09-30") == closures(world__weather__month=9) != closures()
    assert closures(study__first_day="2026-09-30", world__weather__month=6) == closures()
