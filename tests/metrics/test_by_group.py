"""Measures by tier, priority and side, the use of pads, and the time release study by side, by hand."""

from dataclasses import replace
from math import nan
from typing import Any

import numpy as np
import pytest

from sim.metrics import CATALOGUE
from sim.metrics.groups import channels
from sim.model.flights import Priority
from sim.model.observation import Observation
from sim.study.trs import TERMS
from sim.world.aircraft import Aircraft, aircraft_catalogue
from tests.metrics.hand_made import NEVER, At, observe, servers
from tests.metrics.one_replication import quantiles_of
from tests.metrics.test_control import five_flights

BY_KEY: dict[str, Any] = {metric.key: metric.compute for metric in CATALOGUE}


def four() -> Observation:
    """Planned for release at 100: released at 100, 160 and 400, and never. Medical, express, express, general; two of an AEO."""
    times = [(t, t, t) for t in (100.0, 160.0, 400.0)]
    priority = [Priority.MEDICAL, Priority.EXPRESS, Priority.EXPRESS, Priority.GENERAL]
    return observe(
        At("release", [*times, NEVER]),
        ordered_s=[40] * 4,
        planned_release_s=[100] * 4,
        priority=priority,
        aeo=[True, False, True, False],
    )


def test_delay_by_tier_is_of_the_released() -> None:
    assert BY_KEY["delay_by_tier"](four()) == {"aeo": 150, "other": 60}


def test_delay_and_order_to_release_by_priority() -> None:
    delay, order = BY_KEY["delay_by_priority"](four()), BY_KEY["order_to_release_by_priority"](four())
    assert list(delay) == ["medical", "passenger", "express", "general"]
    assert (delay["medical"], delay["express"]) == (0, 180)
    assert (order["medical"], order["express"]) == (60, 240)
    assert np.isnan([delay["passenger"], delay["general"], order["general"]]).all()


def test_share_released_by_priority() -> None:
    shares = BY_KEY["released_share_by_priority"](four())
    assert (shares["medical"], shares["express"], shares["general"]) == (1, 1, 0)
    assert np.isnan(shares["passenger"])


def test_groups_leave_out_flights_outside_the_window() -> None:
    release = At("release", [(0, 0, 50), (0, 0, 90)])
    observation = observe(release, ordered_s=[0, 0], planned_departure_s=[0, -1], planned_release_s=[0, 0])
    assert BY_KEY["delay_by_tier"](observation)["other"] == 50
    assert BY_KEY["released_share_by_priority"](observation)["general"] == 1


def test_what_is_missed_counts_at_both_ends() -> None:
    """One is missed, from the Mainland to Hong Kong."""
    missed = BY_KEY["illicit_missed_by_side"](five_flights())
    assert (missed["mainland"], missed["hong_kong"]) == (1, 1)
    assert (missed["mainland/export"], missed["mainland/import"]) == (1, 0)
    assert (missed["hong_kong/export"], missed["hong_kong/import"]) == (0, 1)
    sides = sum(value for part, value in missed.items() if "/" not in part)
    assert sides == 2 * BY_KEY["illicit_missed"](five_flights())
    assert BY_KEY["missed_by_tier"](five_flights()) == {"aeo": 0, "other": 1}


def test_without_contraband_told_nothing_is_missed_by_anybody() -> None:
    bare = observe(At("release", [(0, 0, 5)]), consignments=[0])
    assert BY_KEY["illicit_missed_by_side"](bare) == BY_KEY["missed_by_tier"](bare) == {}


def test_a_pad_is_taken_until_it_is_cleared_and_turned_around() -> None:
    """Landed at 0, cleared at 300, turned around in 60: 360 of 3,600 s. The alternate's pads are another matter."""
    observation = observe(
        At("land", [(0, 0, 30)], pool="pads.sheung_wan", hold_until="pad_clear", cooldown_s=60),
        At("pad_clear", [(300, 300, 300)], after="land"),
        At("divert_land", [NEVER], pool="alternate_pads.hong_kong"),
        pools=[servers("pads", place="sheung_wan"), servers("alternate_pads", place="hong_kong"), servers("desk")],
    )
    assert BY_KEY["pad_occupancy"](observation) == {"pads.sheung_wan": pytest.approx(0.1)}


def test_two_pads_share_the_load() -> None:
    land = At("land", [(0, 0, 600), (0, 0, 1200)], pool="pads.sheung_wan")
    observation = observe(land, pools=[servers("pads", 2, place="sheung_wan")], ordered_s=[0, 0])
    assert BY_KEY["pad_occupancy"](observation)["pads.sheung_wan"] == pytest.approx(1800 / 7200)


def trip() -> Observation:
    """From the Mainland to Hong Kong. 0 is inspected at both ends, 1 took off and is not released, 2 never left."""
    return observe(
        At("prepare", [(0, 0, 60), (0, 0, 80), (0, 0, 90)], step="filing"),
        At("screen_origin", [(100, 100, 110), (100, 100, 110), NEVER], role="origin", step="screening"),
        At("screen_destination", [(120, 120, 130), NEVER, NEVER], role="destination", step="screening"),
        At("documents_origin", [(150, 160, 210), NEVER, NEVER], role="origin", step="documents"),
        At("load", [(200, 200, 290), (240, 240, 290), NEVER]),
        At("xray_origin", [(300, 310, 340), NEVER, NEVER], role="origin", step="inspection"),
        At("team_destination", [(320, 320, 330), NEVER, NEVER], role="destination", step="inspection"),
        At("fly_1", [(400, 400, 900), (440, 440, 940), NEVER], role="air", step="flight", takeoff=True),
        At("land", [(990, 990, 1000), NEVER, NEVER], role="air"),
        At("xray_destination", [(1100, 1100, 1200), NEVER, NEVER], role="destination", step="inspection"),
        At("open_destination", [(1150, 1160, 1300), NEVER, NEVER], role="destination", step="inspection"),
        At("release", [(1300, 1300, 1330), NEVER, NEVER], role="destination", step="release"),
        ordered_s=[0, 0, 0],
        ended_s=[1330, nan, nan],
        outcome=[1, 0, 0],
        aeo=[True, False, False],
        facts={
            "red_origin": [False, False, True],
            "red_destination": [True, False, False],
            "amber_origin": [True, False, False],
            "amber_destination": [False, False, False],
        },
    )


EXPORT = {  # flight 0, flight 1
    "arrival_to_lodgement": [60 - 200, 80 - 240],
    "lodgement_to_acceptance": [40, 20],
    "documentary_control": [60],
    "physical_inspection": [40],  # the other side's team at the origin overlaps
    "arrival_to_departure": [200, 200],
    "lodgement_to_departure": [340, 360],
}
IMPORT = {
    "arrival_to_lodgement": [60 - 1000],
    "lodgement_to_acceptance": [60],
    "physical_inspection": [200],
    "release": [30],
    "arrival_to_release": [330],
    "lodgement_to_release": [1270],
}


@pytest.mark.parametrize(("line", "steps"), [("export/mainland/all", EXPORT), ("import/hong_kong/all", IMPORT)])
def test_the_steps_of_a_time_release_study(line: str, steps: dict[str, list[float]]) -> None:
    (of_study,) = [metric for metric in CATALOGUE if metric.key == "time_release"]
    lapses, flights = BY_KEY["time_release"](trip()) | quantiles_of(of_study, trip()), BY_KEY["time_release_flights"](trip())
    for step, seconds in steps.items():
        assert flights[f"{line}/{step}"] == len(seconds), step
        assert lapses[f"{line}/{step}/mean"] == pytest.approx(np.mean(seconds)), step
        assert lapses[f"{line}/{step}/p50"] == min(seconds), step
        assert lapses[f"{line}/{step}/p95"] == max(seconds), step
    for step in set(TERMS) - set(steps):
        assert flights.get(f"{line}/{step}", 0) == 0


def test_passenger_flights_are_no_goods() -> None:
    cargo = trip()
    flights = replace(cargo.flights, aircraft_types=(*cargo.flights.aircraft_types, seated()), aircraft=np.array([1, 0, 0]))
    counted = BY_KEY["time_release_flights"](replace(cargo, flights=flights))
    assert counted["export/mainland/all/arrival_to_departure"] == 1
    assert counted["import/hong_kong/all/arrival_to_release"] == 0


def seated() -> Aircraft:
    """A type of aircraft with seats."""
    return next(kind for kind in aircraft_catalogue().values() if kind.seats > 0)


def test_each_control_has_its_own_channel() -> None:
    """Amber at the origin and red at the destination: each side's study shows the flight on its own channel."""
    flights = BY_KEY["time_release_flights"](trip())
    assert flights["export/mainland/amber/arrival_to_departure"] == flights["export/mainland/green/arrival_to_departure"] == 1
    assert flights["import/hong_kong/red/arrival_to_release"] == 1
    assert flights["export/mainland/red/arrival_to_departure"] == 0
    assert flights["export/mainland/aeo/arrival_to_departure"] == flights["export/mainland/other/arrival_to_departure"] == 1
    assert [list(which) for which in channels(trip()).values()] == [[False, True, False], [False] * 3, [True, False, True]]


def test_every_flight_of_a_side_is_on_one_channel_and_of_one_tier() -> None:
    flights = BY_KEY["time_release_flights"](trip())
    for direction, side, step in (("export", "mainland", "arrival_to_departure"), ("import", "hong_kong", "arrival_to_release")):
        by_group = {
            group: flights[f"{direction}/{side}/{group}/{step}"] for group in ("all", "green", "amber", "red", "aeo", "other")
        }
        assert by_group["green"] + by_group["amber"] + by_group["red"] == by_group["all"]
        assert by_group["aeo"] + by_group["other"] == by_group["all"]


def test_the_study_agrees_with_the_measures_from_arrival_and_from_filing() -> None:
    lapses = BY_KEY["time_release"](trip())
    assert lapses["import/hong_kong/all/arrival_to_release/mean"] == BY_KEY["arrival_to_release"](trip())["mean"]
    assert lapses["import/hong_kong/all/lodgement_to_release/mean"] == BY_KEY["file_to_release"](trip())["mean"]


def test_every_step_has_a_name_and_every_name_a_step() -> None:
    assert {part.split("/")[3] for part in BY_KEY["time_release_flights"](trip())} == set(TERMS)
