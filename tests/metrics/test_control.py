"""Outcomes of consignments, finds and misses, by hand."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from sim.metrics.breakdown import TOTAL
from sim.metrics.control import METRICS as CONTROL
from sim.metrics.outcomes import METRICS as OUTCOMES
from sim.metrics.outcomes import consignment_outcomes
from sim.model.examination import DetectionModel, ExaminationStep
from sim.model.observation import Observation
from sim.model.outcome import ConsignmentOutcome, Outcome
from sim.model.stage import Role
from tests.metrics.hand_made import NEVER, At, observe, servers, site

BY_KEY = {metric.key: metric.compute for metric in (*CONTROL, *OUTCOMES)}
SIGHT = DetectionModel(0.9, 0.0, "opening.own.origin")
FLIGHT = [0, 0, 1, 1, 2, 3, 4]
ILLICIT = [True, False, True, False, True, True, False]


def bools(*numbers: int) -> np.ndarray:
    return np.isin(np.arange(len(FLIGHT)), numbers)


def planned_step(stage_key: str, role: Role, examined: np.ndarray, alarmed: np.ndarray, found: np.ndarray) -> ExaminationStep:
    return ExaminationStep(stage_key, role, "opening", examined, alarmed, found, SIGHT)


def five_flights(pool_side: str = "") -> Observation:
    """From the Mainland to Hong Kong: 0 refused on a find at origin, 1 released but for a parcel found at
    destination, 2 released with a missed one, 3 cancelled before any examination, 4 still under way."""
    return observe(
        At("open_origin", [(0, 0, 9), (0, 0, 9), (0, 0, 9), NEVER, (0, 0, 9)], role="origin", pool="officers"),
        At("open_destination", [NEVER, (20, 20, 30), (20, 20, 30), NEVER, NEVER], role="destination", after="open_origin"),
        At("detain_origin", [(9, 9, 9), NEVER, NEVER, NEVER, NEVER], role="origin", after="open_origin"),
        At("release", [NEVER, (30, 30, 30), (30, 30, 30), NEVER, NEVER], after="open_destination"),
        pools=[servers("officers", 9, "officer", pool_side)],
        ordered_s=[0] * 5,
        outcome=[Outcome.REFUSED, Outcome.RELEASED, Outcome.RELEASED, Outcome.CANCELLED, Outcome.IN_SYSTEM],
        ended_s=[9, 30, 30, 5, nan],
        consignments=FLIGHT,
        facts={
            "illicit": ILLICIT,
            "red_consignment_origin": bools(0, 3),
            "red_consignment_destination": bools(2, 3),
            "red_origin": [True, True, False, False, False],
            "red_destination": [False, True, False, False, False],
            "looks": (
                planned_step("open_origin", "origin", bools(0, 1, 2, 5), bools(0, 1, 5), bools(0, 5)),
                planned_step("open_destination", "destination", bools(0, 2, 3), bools(2, 3), bools(0, 2)),
                planned_step("open_late", "destination", bools(4), bools(4), bools(4)),
            ),
        },
    )


def test_each_consignment_has_one_outcome() -> None:
    assert [ConsignmentOutcome(o).name for o in consignment_outcomes(five_flights())] == [
        "SEIZED", "DETAINED", "SEIZED", "RELEASED", "RELEASED", "RETURNED", "NOT_ENDED",
    ]  # fmt: skip


def test_a_refusal_without_a_find_returns_the_consignments() -> None:
    observation = observe(At("release", [NEVER]), outcome=[Outcome.REFUSED], ended_s=[9], consignments=[0, 0])
    assert consignment_outcomes(observation).tolist() == [ConsignmentOutcome.RETURNED] * 2


def test_a_flight_refused_for_another_reason_after_a_seizure_detains_nothing() -> None:
    seen = ExaminationStep("open", "origin", "opening", *(np.array([True, False]),) * 3, SIGHT)
    observation = observe(
        At("open", [(0, 0, 5)]), outcome=[Outcome.REFUSED], ended_s=[9], consignments=[0, 0], facts={"looks": (seen,)}
    )
    assert consignment_outcomes(observation).tolist() == [ConsignmentOutcome.SEIZED, ConsignmentOutcome.RETURNED]


def test_a_flight_that_ends_otherwise_after_a_seizure_detains_nothing() -> None:
    seen = ExaminationStep("open", "origin", "opening", *(np.array([True, False]),) * 3, SIGHT)
    observation = observe(
        At("open", [(0, 0, 5)]), outcome=[Outcome.CANCELLED], ended_s=[9], consignments=[0, 0], facts={"looks": (seen,)}
    )
    assert consignment_outcomes(observation).tolist() == [ConsignmentOutcome.SEIZED, ConsignmentOutcome.RETURNED]


def test_counts_and_shares_of_outcomes() -> None:
    assert BY_KEY["consignment_outcome_count"](five_flights()) == {
        "not_ended": 1, "released": 2, "detained": 1, "seized": 2, "returned": 1,
    }  # fmt: skip
    assert BY_KEY["consignment_outcome_share"](five_flights())["seized"] == pytest.approx(2 / 7)
    shares = BY_KEY["flight_outcome_share"](five_flights())
    assert shares == {"in_system": 0.2, "released": 0.4, "refused": 0.2, "diverted": 0, "cancelled": 0.2, "lost": 0}


def test_found_by_whom_and_missed() -> None:
    assert BY_KEY["illicit_planned"](five_flights()) == 4
    assert BY_KEY["illicit_found"](five_flights()) == {TOTAL: 2, "mainland": 1, "hong_kong": 1, "shared": 0}
    assert BY_KEY["illicit_missed"](five_flights()) == 1
    assert BY_KEY["detection_share"](five_flights()) == pytest.approx(2 / 3)


def test_the_find_belongs_to_the_side_of_the_officers_pool() -> None:
    assert BY_KEY["illicit_found"](five_flights("hong_kong"))["hong_kong"] == 2


@pytest.mark.parametrize(("origin_s", "destination_s", "first"), [(10, 60, "mainland"), (60, 10, "hong_kong")])
def test_a_second_find_of_the_same_consignment_counts_for_the_first_step(
    origin_s: float, destination_s: float, first: str
) -> None:
    seen = np.array([True])
    observation = observe(
        At("open_origin", [(0, 0, origin_s)], role="origin"),
        At("open_destination", [(0, 0, destination_s)], role="destination"),
        consignments=[0],
        facts={
            "illicit": seen,
            "looks": (
                planned_step("open_origin", "origin", *[seen] * 3),
                planned_step("open_destination", "destination", *[seen] * 3),
            ),
        },
    )
    found = BY_KEY["illicit_found"](observation)
    assert (found[TOTAL], found[first]) == (1, 1)


def test_what_was_not_examined_is_not_found() -> None:
    no, yes = np.array([False]), np.array([True])
    observation = observe(
        At("open", [(0, 0, 5)]), consignments=[0], facts={"illicit": yes, "looks": (planned_step("open", "origin", no, no, yes),)}
    )
    assert BY_KEY["illicit_found"](observation)[TOTAL] == 0


def test_alarms_and_examinations_only_at_completed_steps() -> None:
    assert BY_KEY["false_alarms"](five_flights()) == {TOTAL: 2, "mainland": 1, "hong_kong": 1, "shared": 0}
    assert BY_KEY["examinations"](five_flights()) == {TOTAL: 5, "mainland": 3, "hong_kong": 2, "shared": 0}
    assert BY_KEY["consignments_examined"](five_flights()) == 4
    assert BY_KEY["finds_per_thousand_examined"](five_flights()) == 500


def test_both_rates_of_selection() -> None:
    assert BY_KEY["selected_consignment_share"](five_flights()) == {
        TOTAL: pytest.approx(3 / 7), "mainland": pytest.approx(2 / 7), "hong_kong": pytest.approx(2 / 7),
    }  # fmt: skip
    assert BY_KEY["selected_flight_share"](five_flights()) == {TOTAL: 0.4, "mainland": 0.4, "hong_kong": 0.2}


def test_a_declaration_is_selected_with_any_of_its_consignments() -> None:
    """Two on the first flight, of which the origin selects one; one on the second, which nobody selects."""
    observation = observe(
        At("release", [(0, 0, 5), (0, 0, 5)]),
        ordered_s=[0, 0],
        consignments=[0, 0, 0, 0, 1],
        facts={
            "declaration": [0, 0, 0, 1, 2],
            "red_consignment_origin": [False, True, False, False, False],
            "red_consignment_destination": [False] * 5,
            "red_origin": [True, False],
            "red_destination": [False, False],
        },
    )
    shares = [BY_KEY[f"selected_{what}_share"](observation)[TOTAL] for what in ("consignment", "declaration", "flight")]
    assert shares == pytest.approx([1 / 5, 1 / 3, 1 / 2])


def test_a_side_selects_among_the_flights_that_touch_it() -> None:
    crossing = five_flights()
    ends = crossing.flights.routes[0].sites
    inland = replace(crossing.flights.routes[0], sites=(ends[0], site("zhuhai", ends[0].side)))
    flights = replace(
        crossing.flights, routes=(crossing.flights.routes[0], inland), route=np.array([0, 0, 0, 1, 1], dtype=np.int32)
    )
    shares = BY_KEY["selected_flight_share"](replace(crossing, flights=flights))
    assert shares == {TOTAL: 0.4, "mainland": 0.4, "hong_kong": pytest.approx(1 / 3)}


def test_without_the_facts_there_is_nothing_to_measure() -> None:
    bare = observe(At("release", [(0, 0, 5)]), consignments=[0])
    assert np.isnan(BY_KEY["illicit_missed"](bare))
    assert np.isnan(BY_KEY["detection_share"](bare))
    assert BY_KEY["illicit_found"](bare) == BY_KEY["selected_flight_share"](bare) == {}
