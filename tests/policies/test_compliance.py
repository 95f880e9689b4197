"""AEO and compliance: feedback after a find in order of planned times, and displacement to the weaker door."""

from typing import Any

import numpy as np
import pytest

from tests.policies.levers import AMPLE, CONTRABAND, FILE, WATCHED
from tests.policies.observed import prepared

SETTING: dict[str, Any] = {**AMPLE, **CONTRABAND, "study.days": 5}
MOVES = {"world.compliance.displacement": "100%", f"{FILE}.aeo_share": "30%"}


def test_after_a_find_the_operator_is_watched_for_the_period_and_nobody_else() -> None:
    period_s = 6 * 3600
    made = prepared({**SETTING, **WATCHED, "policy.operator_watch.period": "6 h"})
    flights, facts = made.flights, made.facts
    found = np.zeros(len(made.consignments), dtype=bool)
    for place in ("origin", "destination"):
        found |= facts[f"found_{place}"]
    finds = made.consignments.any_of_flight(found, len(flights)) & ~facts["lost"]
    assert finds.sum() > 20
    expected = np.zeros(len(flights), dtype=bool)
    for flight in range(len(flights)):
        since_s = flights.planned_departure_s[flight] - flights.planned_departure_s
        earlier = finds & (flights.operator == flights.operator[flight]) & (since_s > 0) & (since_s <= period_s)
        expected[flight] = earlier.any()
    np.testing.assert_array_equal(facts["watch_factor"] > 1, expected)


def test_a_watch_leaves_what_came_before_the_first_find_as_it_was() -> None:
    without, watched = prepared(SETTING), prepared({**SETTING, **WATCHED})
    red = [made.facts["red_consignment_destination"] for made in (without, watched)]
    first = np.flatnonzero(watched.facts["watch_factor"] > 1)[0]
    before = watched.consignments.flight < first
    np.testing.assert_array_equal(red[0][before], red[1][before])
    assert red[1].sum() > red[0].sum() and not np.any(red[0] & ~red[1]), "a higher rate adds to the selected"


def test_no_factor_is_no_watch() -> None:
    made = prepared({**SETTING, "policy.operator_watch.period": "3660 d"})
    assert np.all(made.facts["watch_factor"] == 1) and "finds_so_far" not in made.facts


def test_displaced_contraband_flies_with_those_inspected_less_in_the_same_direction() -> None:
    at_home, moved = prepared({**SETTING, f"{FILE}.aeo_share": "30%"}), prepared({**SETTING, **MOVES})
    of_flight, flights = at_home.consignments.flight, at_home.flights
    aeo = flights.aeo[of_flight]
    before, after = at_home.facts["illicit"], moved.facts["illicit"]
    assert before[~aeo].sum() > 100
    assert after.sum() == before.sum(), "the total stays"
    assert after[~aeo].sum() < 0.1 * before[~aeo].sum(), "all but those after the last AEO flight have moved"
    for outward in (True, False):
        way = flights.outward[of_flight] == outward
        assert after[way].sum() == before[way].sum(), "so does the direction"
    exposure = [np.sort(made.facts["exposure"][made.facts["illicit"]]) for made in (at_home, moved)]
    np.testing.assert_allclose(*exposure)


def test_half_the_displacement_moves_half_and_keeps_the_rest() -> None:
    share = {**MOVES, "world.compliance.displacement": "50%"}
    at_home, half = prepared({**SETTING, f"{FILE}.aeo_share": "30%"}), prepared({**SETTING, **share})
    aeo = at_home.flights.aeo[at_home.consignments.flight]
    origin = at_home.facts["illicit"] & ~aeo
    stayed = half.facts["illicit"][origin].mean()
    assert abs(stayed - 0.5) < 4 * np.sqrt(0.25 / origin.sum()) + 0.05


@pytest.mark.parametrize("changes", [{f"{FILE}.aeo_share": "0%"}, {f"{FILE}.aeo_selection_factor": 1.0}])
def test_without_a_weaker_door_nothing_moves(changes: dict[str, Any]) -> None:
    still = prepared({**SETTING, **MOVES, **changes})
    plain = prepared({**SETTING, **MOVES, "world.compliance.displacement": "0%", **changes})
    np.testing.assert_array_equal(still.facts["illicit"], plain.facts["illicit"])
