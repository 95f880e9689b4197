"""What goes into the page is what the timeline says: places, queues, critical paths, and nothing lost in packing."""

from collections import defaultdict
from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ground.errors import InputError
from sim.ground.geodesy import to_metres
from sim.ground.time_units import DAY_S
from sim.metrics.visits import pool_visits
from sim.model.disruption import DISRUPTIONS, Disruption
from sim.model.fact_catalogue import DEPARTURE_TARGET_S
from sim.model.outcome import Outcome
from sim.policies import FEATURES
from sim.replay.categories import CATEGORIES, category_of
from sim.replay.data import page_data
from sim.replay.instants import read_instant
from sim.replay.packing import Packing, unpacked
from sim.replay.places import corner_of
from sim.replay.rerun import chosen_scenarios, rerun
from sim.replay.scene import Scene, in_force
from sim.replay.spells import HOLDING, MOVING, NEVER, TICKS_PER_S
from sim.replay.write import page
from sim.study.study import Study
from sim.world.run_days import RunDays
from tests.policies.observed import observed

NEAR_M = 3.0  # whole metres of the map, tenths of a second at 20 m/s, and the geodesic cut of a leg


def expected_in_flight(scene: Scene, instant_s: float) -> dict[tuple[int, str], tuple[float, float]]:
    """Where the timeline and the route put every aircraft on a leg, out or back: m of EPSG:4547 by flight and stage."""
    observation = scene.observation
    flights, timeline = observation.flights, observation.timeline
    found = {}
    for number, step in enumerate(observation.plan.steps):
        way, _, leg = step.stage.key.rpartition("_")
        if way not in ("fly", "return_fly"):
            continue
        start_s, end_s = timeline.start_s[:, number], timeline.end_s[:, number]
        for flight in np.flatnonzero((start_s <= instant_s) & (instant_s < end_s)):
            route = flights.routes[flights.route[flight]]
            outward = flights.outward[flight] == (way == "fly")
            stops = [route.waypoints[0], *route.crossings, route.waypoints[-1]]  # straight routes: a leg is a segment
            assert len(route.waypoints) == 2
            begin, end = (stops if outward else stops[::-1])[int(leg) - 1 : int(leg) + 1]
            share = (instant_s - start_s[flight]) / (end_s[flight] - start_s[flight])
            (x0, y0), (x1, y1) = to_metres(*begin), to_metres(*end)
            found[int(flight), step.stage.key] = (x0 + share * (x1 - x0), y0 + share * (y1 - y0))
    return found


def seen_in_flight(scene: Scene, instant_s: float) -> dict[tuple[int, str], tuple[float, float]]:
    spells, keys = scene.spells, [step.stage.key for step in scene.observation.plan.steps]
    seen = spells.at(instant_s)
    points, _ = spells.points(seen, instant_s, scene.places)
    corner = np.array(corner_of(scene.observation.flights.routes))
    return {
        (int(spells.flight[spell]), keys[scene.visits.stage[spells.visit[spell]]]): tuple(point + corner)
        for spell, point in zip(seen, points, strict=True)
        if spells.mode[spell] == MOVING
    }


@pytest.mark.parametrize("number", [0, 1])
def test_aircraft_are_where_the_timeline_puts_them(scenes: tuple[Scene, ...], number: int) -> None:
    n_seen = 0
    for instant_s in np.arange(3 * 3600.0, 40 * 3600, 487):
        expected = expected_in_flight(scenes[number], instant_s)
        seen = {key: at for key, at in seen_in_flight(scenes[number], instant_s).items() if "fly_" in key[1]}
        assert {flight for flight in seen if "divert" not in flight[1]} == set(expected)
        for key, (x, y) in expected.items():
            assert np.hypot(seen[key][0] - x, seen[key][1] - y) < NEAR_M, (key, instant_s)
        n_seen += len(expected)
    assert n_seen > 50


def test_who_stands_is_at_its_site(scenes: tuple[Scene, ...]) -> None:
    """Before the take-off at the origin, after the landing at the destination."""
    scene = scenes[0]
    observation, spells, visits = scene.observation, scene.spells, scene.visits
    flights = observation.flights
    corner = np.array(corner_of(flights.routes))
    takeoff, release = observation.plan.takeoff, observation.plan.stage_number("release")
    checked = 0
    for instant_s in np.arange(6 * 3600.0, 30 * 3600, 1800):
        seen = spells.at(instant_s)
        points, _ = spells.points(seen, instant_s, scene.places)
        for spell, point in zip(seen, points + corner, strict=True):
            flight = spells.flight[spell]
            waypoints = flights.routes[flights.route[flight]].waypoints
            origin, destination = waypoints if flights.outward[flight] else waypoints[::-1]
            started_s = observation.timeline.start_s[flight, takeoff]
            if np.isnan(started_s) or instant_s < started_s - 1:
                at = origin
            elif visits.stage[spells.visit[spell]] == release:
                at = destination
            else:
                continue
            assert np.hypot(*(point - to_metres(*at))) < NEAR_M
            checked += 1
    assert checked > 50


def test_who_waits_for_a_pad_in_the_air_holds(scenes: tuple[Scene, ...]) -> None:
    """From the end of the last leg until the pad is taken, or given up."""
    scene = scenes[0]
    timeline, landing = scene.observation.timeline, scene.observation.plan.stage_number("land")
    waits = scene.visits.stage[scene.spells.visit] == landing
    holding = {int(flight) for flight in scene.spells.flight[waits & (scene.spells.mode == HOLDING)]}
    left_s = np.fmin(timeline.start_s[:, landing], timeline.end_s[:, landing])
    waited = (left_s - timeline.queued_s[:, landing] > 0.1) & (timeline.queued_s[:, landing] <= scene.observation.horizon_s)
    assert holding == set(np.flatnonzero(waited).tolist()) != set()


@pytest.mark.parametrize("number", [0, 1])
def test_a_track_shows_one_thing_at_a_time_and_leaves_nothing_out(scenes: tuple[Scene, ...], number: int) -> None:
    scene = scenes[number]
    spells, visits, plan = scene.spells, scene.visits, scene.observation.plan
    returning = np.array([step.stage.step == "return" for step in plan.steps])[visits.stage]
    shown: dict[tuple[int, bool], list[tuple[int, int]]] = defaultdict(list)
    for flight, visit, begin, end in zip(spells.flight, spells.visit, spells.begin, spells.end, strict=True):
        shown[flight, returning[visit]].append((begin, end))
        assert max(visits.queued[visit], min(visits.start[visit], begin)) <= begin < end <= visits.over[visit]
    spent: dict[tuple[int, bool], list[tuple[int, int]]] = defaultdict(list)
    for visit, flight in enumerate(visits.flight):
        if visits.queued[visit] != NEVER and visits.over[visit] > visits.queued[visit]:
            spent[flight, returning[visit]].append((visits.queued[visit], visits.over[visit]))
    assert shown.keys() == spent.keys()
    for track, intervals in shown.items():
        intervals.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(intervals))
        assert sum(end - begin for begin, end in intervals) == length_of_union(spent[track])


def length_of_union(intervals: list[tuple[int, int]]) -> int:
    total, reached = 0, -(10**12)
    for begin, end in sorted(intervals):
        total += max(end - max(begin, reached), 0)
        reached = max(reached, end)
    return total


@pytest.mark.parametrize("number", [0, 1])
def test_the_strip_counts_the_queues(scenes: tuple[Scene, ...], number: int) -> None:
    scene, visits = scenes[number], pool_visits(scenes[number].observation)
    for sample in range(0, scene.strip.waiting.shape[1] - 1, 7):  # the last one is the horizon, where nobody is counted
        instant_s = sample * 600.0
        waiting = int(((visits.queued_s <= instant_s) & (instant_s < visits.left_s)).sum())
        assert abs(int(scene.strip.waiting[:, sample].sum()) - waiting) <= 1  # tenths of a second at an edge
    assert scene.strip.waiting.sum() > 0
    assert scene.strip.releases.sum() == (~np.isnan(scene.observation.released_s)).sum()


@pytest.mark.parametrize("number", [0, 1])
def test_the_critical_path_adds_up(scenes: tuple[Scene, ...], number: int) -> None:
    scene = scenes[number]
    observation = scene.observation
    parts = np.sum(list(scene.critical_path.values()), axis=0)
    total_s = np.bincount(scene.visits.flight, weights=parts, minlength=len(observation.flights)) / TICKS_PER_S
    counted = observation.measured & ~np.isnan(observation.released_s)
    order_to_release_s = observation.released_s - observation.flights.ordered_s
    assert np.abs(total_s - order_to_release_s)[counted].max() < 2  # a twentieth of a second a part
    assert not total_s[~counted].any()


def hours(kind: str, begin: float, end: float) -> Disruption:
    return Disruption(kind, begin * 3600, end * 3600)


def test_a_higher_signal_takes_the_place_of_a_lower_one_while_it_stands() -> None:
    weather = [hours("signal_3", 104, 140), hours("signal_8", 114, 128.6), hours("rain_red", 120, 122), hours("fog", 121, 123)]
    assert set(in_force(weather)) == {
        hours("signal_3", 104, 114),
        hours("signal_8", 114, 128.6),
        hours("signal_3", 128.6, 140),
        hours("rain_red", 120, 122),
        hours("fog", 121, 123),
    }


def test_shown_is_the_weather_in_force_and_not_its_union(scenes: tuple[Scene, ...]) -> None:
    events = [
        {"kind": "signal_3", "start": "day 1 09:00", "end": "day 1 20:00"},
        {"kind": "signal_8", "start": "day 1 12:00", "end": "day 1 14:00"},
    ]
    observation = observed({"study.days": 1, "study.warm_up": "0 s", "world.weather.events": events}, 0)
    shown = Scene.of(observation, corner_of(observation.flights.routes), 5, 0).disruptions
    told = [one for one in shown if one.kind.startswith("signal")]
    assert told == [hours("signal_3", 9, 12), hours("signal_8", 12, 14), hours("signal_3", 14, 20)]
    assert hours("signal_8", 9, 20) in observation.facts[DISRUPTIONS]  # the measures' union


def test_the_page_knows_who_was_put_off_and_who_was_lost(study: Study, scenes: tuple[Scene, ...]) -> None:
    head, block = page_data(study, scenes, 0)
    for told, scene in zip(head["scenarios"], scenes, strict=True):
        columns, observation = unpacked(block, told["columns"]["flights"]), scene.observation
        by_s = (columns["target"] - columns["planned_departure"]) / TICKS_PER_S
        assert np.allclose(by_s, observation.facts[DEPARTURE_TARGET_S] - observation.flights.planned_departure_s, atol=0.11)
        lost = observation.outcome == Outcome.LOST
        assert np.array_equal(columns["accepted_shift"] != NEVER, lost)
        assert (by_s[lost] > columns["accepted_shift"][lost] / TICKS_PER_S - 0.11).all()
        rules = [limit[0] for limit in told["limits"]]
        assert {rules[number] for number in columns["put_off_by"][by_s > 0.11]} <= set(rules[:-1]), "by a rule that has a name"
        assert set(columns["put_off_by"][by_s == 0]) <= {len(rules) - 1}


def test_misses_are_those_of_the_study(study: Study, scenes: tuple[Scene, ...]) -> None:
    rows = study.replications
    rows = rows[(rows["scenario"] == "base") & (rows["replication"] == 0) & (rows["part"] == "")].set_index("metric")["value"]
    measured = scenes[0].observation.measured
    assert scenes[0].contraband["missed"][measured].sum() == rows["illicit_missed"] > 0
    assert scenes[0].contraband["found"][measured].sum() == rows["illicit_found"]


def test_the_study_has_what_the_tests_are_about(scenes: tuple[Scene, ...]) -> None:
    outcomes = scenes[0].observation.outcome
    assert (outcomes == Outcome.DIVERTED).any() and (outcomes == Outcome.RELEASED).any()
    assert {disruption.kind for disruption in scenes[0].disruptions} >= {"closure", "outage"}


# ------------------------------------------------------------------------------------------ the file


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_columns_come_back_as_they_went_in(numbers: list[int]) -> None:
    packing = Packing()
    places = packing.add({"before": np.array([7], dtype=np.int64), "numbers": np.array(numbers, dtype=np.int64)})
    assert unpacked(packing.text(), places)["numbers"].tolist() == numbers


def test_a_number_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bits"):
        Packing().add({"far": np.array([2**31])})


def test_the_same_study_gives_the_same_bytes(study: Study, scenes: tuple[Scene, ...]) -> None:
    again = tuple(Scene.of(rerun(study, scene.name, 0), corner_of(scene.observation.flights.routes), 5, 0) for scene in scenes)
    assert page(study, again, 0) == page(study, scenes, 0)


def test_the_page_names_nothing_that_would_be_fetched(study: Study, scenes: tuple[Scene, ...]) -> None:
    text = page(study, scenes, 0)
    assert "{{" not in text
    assert "://" not in text.replace("https://www.openstreetmap.org/copyright", "")
    assert len(text.encode()) < 400_000


def test_the_columns_hold_every_flight_and_visit(study: Study, scenes: tuple[Scene, ...]) -> None:
    head, block = page_data(study, scenes, 0)
    columns = unpacked(block, head["scenarios"][1]["columns"]["visits"])
    visits = scenes[1].visits
    order = np.lexsort((visits.flight, visits.stage))
    assert np.array_equal(columns["flight"], visits.flight[order])
    assert np.array_equal(columns["stage"], visits.stage[order])
    begin = np.where(visits.queued == NEVER, visits.end, visits.queued)[order]
    assert np.array_equal(columns["began"], begin)
    assert np.array_equal((columns["start"] >= 0), visits.start[order] != NEVER)
    assert head["paired"]


def test_other_flights_are_not_paired(study: Study, scenes: tuple[Scene, ...]) -> None:
    other = Scene.of(rerun(study, "one-stop", 1), corner_of(scenes[0].observation.flights.routes), 5, 1)
    head, _ = page_data(study, (scenes[0], other), 0)
    assert not head["paired"]


# ----------------------------------------------------------------------------------------- what is asked


def test_every_stage_has_a_category() -> None:
    used = {category_of(stage) for feature in FEATURES for stage in feature.stages}
    assert used == set(range(len(CATEGORIES)))


def test_a_replication_that_comes_out_otherwise_is_refused(study: Study, folder) -> None:
    changed = Study(folder, study.manifest)
    changed.flights = study.flights.assign(released_s=study.flights["released_s"] + 1)
    with pytest.raises(InputError, match="the model has changed"):
        rerun(changed, "base", 0)


@pytest.mark.parametrize(
    ("shown", "against", "names"),
    [
        (None, None, ("base", "one-stop")),
        ("one-stop", None, ("one-stop",)),
        (None, "one-stop", ("base", "one-stop")),
        ("one-stop", "base", ("one-stop", "base")),
    ],
)
def test_scenarios_are_chosen_by_name(study: Study, shown: str | None, against: str | None, names: tuple[str, ...]) -> None:
    assert chosen_scenarios(study, shown, against) == names


@pytest.mark.parametrize(
    ("shown", "against", "told"),
    [("none", None, "no such scenario"), (None, "base", "against itself"), ("base", "other", "--against")],
)
def test_scenarios_that_are_not_there_are_told(study: Study, shown: str | None, against: str | None, told: str) -> None:
    with pytest.raises(InputError, match=told):
        chosen_scenarios(study, shown, against)


def with_warm_up(warm_up_s: float) -> list[Any]:
    """Scenes of a run of ten days and that warm-up, with as much of them as an instant needs."""
    days = RunDays(date(2026, 6, 1), warm_up_s)
    return [SimpleNamespace(days=days, observation=SimpleNamespace(horizon_s=warm_up_s + 10 * DAY_S))]


@pytest.mark.parametrize(
    ("written", "since_day_1_s"),
    [
        ("day 3 09:30", 2 * 86400 + 34200),
        ("Day 2 23:59", 172740),
        ("Day 5, 09:30", 379800),
        ("day 5,09:30", 379800),
        ("第5天 09:30", 379800),
        ("Tue 09:30", 86400 + 34200),
        ("2026-06-02 09:30", 86400 + 34200),
        ("day 0 09:30", 34200 - 86400),
    ],
)
def test_instants_are_read_from_the_first_measured_day(written: str, since_day_1_s: float) -> None:
    scenes = with_warm_up(3 * DAY_S)
    instant_s = read_instant(written, "--still", scenes)
    assert instant_s == 3 * DAY_S + since_day_1_s
    assert read_instant(scenes[0].days.in_words(instant_s), "--still", scenes) == instant_s


@pytest.mark.parametrize("written", ["", "noon", "day 509:30", "day -3 09:00", "day 2 24:01", "day 2 09:60", "day 30 00:00"])
def test_instants_that_are_none_are_told(written: str) -> None:
    with pytest.raises(InputError, match="--still") as refused:
        read_instant(written, "--still", with_warm_up(3 * DAY_S))
    assert "from day -2 00:00 to day 11 00:00" in str(refused.value)
