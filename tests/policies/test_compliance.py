"""AEO and compliance: feedback after a find in order of planned times, and displacement to the weaker door."""

from typing import Any

import numpy as np
import pytest

from sim.model.examination import FOUND
from sim.model.fact_catalogue import EXPOSURE, ILLICIT, LOST, PREVALENCE, RED_CONSIGNMENT, WATCH_FACTOR, WEIGHT
from sim.policies.operator_watch import FINDS
from sim.replication import prepare
from sim.world.goods import GOODS_KEYS
from tests.policies.levers import AMPLE, CONTRABAND, FILE, WATCHED
from tests.policies.observed import prepared, scenario

SETTING: dict[str, Any] = {**AMPLE, **CONTRABAND, "study.days": 5}
MOVES = {"world.compliance.displacement": "100%", f"{FILE}.aeo_share": "30%"}


def test_after_a_find_the_operator_is_watched_for_the_period_and_nobody_else() -> None:
    period_s = 6 * 3600
    made = prepared({**SETTING, **WATCHED, "policy.operator_watch.period": "6 h"})
    flights, facts = made.flights, made.facts
    found = np.zeros(len(made.consignments), dtype=bool)
    for place in ("origin", "destination"):
        found |= facts[FOUND[place]]
    finds = made.consignments.any_of_flight(found, len(flights)) & ~facts[LOST]
    assert finds.sum() > 20
    expected = np.zeros(len(flights), dtype=bool)
    for flight in range(len(flights)):
        since_s = flights.planned_departure_s[flight] - flights.planned_departure_s
        earlier = finds & (flights.operator == flights.operator[flight]) & (since_s > 0) & (since_s <= period_s)
        expected[flight] = earlier.any()
    np.testing.assert_array_equal(facts[WATCH_FACTOR] > 1, expected)


def test_a_watch_leaves_what_came_before_the_first_find_as_it_was() -> None:
    without, watched = prepared(SETTING), prepared({**SETTING, **WATCHED})
    red = [made.facts[RED_CONSIGNMENT["destination"]] for made in (without, watched)]
    first = np.flatnonzero(watched.facts[WATCH_FACTOR] > 1)[0]
    before = watched.consignments.flight < first
    np.testing.assert_array_equal(red[0][before], red[1][before])
    assert red[1].sum() > red[0].sum() and not np.any(red[0] & ~red[1]), "a higher rate adds to the selected"


def test_no_factor_is_no_watch() -> None:
    made = prepared({**SETTING, "policy.operator_watch.period": "3660 d"})
    assert np.all(made.facts[WATCH_FACTOR] == 1) and FINDS not in made.facts


def test_displaced_contraband_flies_with_those_inspected_less_in_the_same_direction() -> None:
    at_home, moved = prepared({**SETTING, f"{FILE}.aeo_share": "30%"}), prepared({**SETTING, **MOVES})
    of_flight, flights = at_home.consignments.flight, at_home.flights
    aeo = flights.aeo[of_flight]
    before, after = at_home.facts[ILLICIT], moved.facts[ILLICIT]
    assert before[~aeo].sum() > 100
    assert after.sum() == before.sum(), "the total stays"
    assert after[~aeo].sum() < 0.1 * before[~aeo].sum(), "all but those after the last AEO flight have moved"
    for outward in (True, False):
        way = flights.outward[of_flight] == outward
        assert after[way].sum() == before[way].sum(), "so does the direction"
    exposure = [np.sort(made.facts[EXPOSURE][made.facts[ILLICIT]]) for made in (at_home, moved)]
    np.testing.assert_allclose(*exposure)


def test_half_the_displacement_moves_half_and_keeps_the_rest() -> None:
    share = {**MOVES, "world.compliance.displacement": "50%"}
    at_home, half = prepared({**SETTING, f"{FILE}.aeo_share": "30%"}), prepared({**SETTING, **share})
    aeo = at_home.flights.aeo[at_home.consignments.flight]
    origin = at_home.facts[ILLICIT] & ~aeo
    stayed = half.facts[ILLICIT][origin].mean()
    assert abs(stayed - 0.5) < 4 * np.sqrt(0.25 / origin.sum()) + 0.05


@pytest.mark.parametrize("changes", [{f"{FILE}.aeo_share": "0%"}, {f"{FILE}.aeo_selection_factor": 1.0}])
def test_without_a_weaker_door_nothing_moves(changes: dict[str, Any]) -> None:
    still = prepared({**SETTING, **MOVES, **changes})
    plain = prepared({**SETTING, **MOVES, "world.compliance.displacement": "0%", **changes})
    np.testing.assert_array_equal(still.facts[ILLICIT], plain.facts[ILLICIT])


def test_the_probability_under_displacement_is_that_of_what_moves() -> None:
    """Contraband at the weaker door and elsewhere, and on each direction's first AEO flights: in the mean as expected."""
    setting = {**AMPLE, **CONTRABAND, **MOVES, "world.compliance.displacement": "60%"}
    differences = []
    for replication in range(60):
        made = prepare(scenario(setting), seed=3, replication=replication)
        aeo = made.flights.aeo[made.consignments.flight]
        early = made.consignments.flight < len(made.flights) // 4
        excess = made.facts[ILLICIT] - made.facts[PREVALENCE]
        differences.append([excess[aeo].sum(), excess[~aeo].sum(), excess[aeo & early].sum(), excess.sum()])
    rows = np.array(differences)
    t = rows.mean(axis=0) / (rows.std(axis=0, ddof=1) / np.sqrt(len(rows)))
    assert np.all(np.abs(t) < 4), f"seed 3: {t}"
    assert made.facts[PREVALENCE][aeo].mean() > 2 * made.facts[PREVALENCE][~aeo].mean()


def test_without_displacement_the_probability_is_prevalence_goods_and_trust() -> None:
    made = prepared({**SETTING, "world.compliance.goods_factor": {"food": 2.0}, "world.compliance.trusted_share": "30%"})
    food = made.consignments.goods == GOODS_KEYS.index("food")
    trusted = (made.flights.rank < 0.3)[made.consignments.flight]
    np.testing.assert_allclose(made.facts[PREVALENCE], 0.1 * np.where(food, 2, 1) * np.where(trusted, 0.2, 1))
    assert np.all(made.facts[WEIGHT] == 1)
