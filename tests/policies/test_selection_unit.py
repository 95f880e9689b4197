"""What is selected as one: each consignment, a declaration, or a flight; rates are shares of these."""

from typing import Any

import numpy as np
import pytest

from sim.model.fact_catalogue import AMBER_CONSIGNMENT, DECLARATION, RED_CONSIGNMENT, SELECTION_UNIT, WEIGHT
from sim.model.stage import ENDS
from sim.replication import prepare
from sim.world.goods import GOODS_KEYS
from tests.policies.observed import measured as of
from tests.policies.observed import observed, prepared, scenario

UNIT = "policy.risk_screening.unit"
MANY: dict[str, Any] = {
    "study.days": 2,
    "study.warm_up": "0 s",
    "study.cool_down": "1 d",
    "world.demand.flights_per_day": "300/d",
    "world.compliance.prevalence": "0%",
    "world.demand.goods_mix": {"parcel": 0.6, "document": 0.05, "food": 0.1, "medical": 0.1, "electronics": 0.15},
    "policy.pre_clearance.aeo_share": "0%",
    "policy.risk_screening.export_rate": "5%",
    "policy.risk_screening.import_rate": "5%",
    "policy.flight_authorisation.mode": "standing",
}


def shares(unit: str) -> dict[str, float]:
    made = observed({**MANY, UNIT: unit}, 0)
    return {what: of(f"selected_{what}_share", "hong_kong")(made) for what in ("consignment", "declaration", "flight")}


@pytest.mark.parametrize("unit", ["consignment", "declaration", "flight"])
def test_the_rate_is_the_share_of_licit_units_that_a_side_selects(unit: str) -> None:
    """5% within 4.5 standard errors; what holds several units is selected more often, what is part of one as often."""
    made = observed({**MANY, UNIT: unit}, 0)
    n = {"consignment": len(made.consignments), "declaration": made.facts[DECLARATION].max(), "flight": len(made.flights)}
    found = shares(unit)
    assert abs(found[unit] - 0.05) < 4.5 * np.sqrt(0.05 * 0.95 / n[unit])
    assert found["consignment"] <= found["declaration"] + 0.01 <= found["flight"] + 0.02


def test_five_per_cent_of_consignments_are_thirty_of_flights_and_five_of_flights_are_five_of_all() -> None:
    """1 - 0.95^k over the flights' numbers of consignments, and of declarations of three."""
    made = prepared(MANY)
    number = np.bincount(made.consignments.flight, minlength=len(made.flights))
    exact = {
        "consignment": 1 - np.mean(0.95**number),
        "declaration": 1 - np.mean(0.95 ** -(-number // 3)),
        "flight": 0.05 * np.mean(number > 0),
    }
    assert 0.25 < exact["consignment"] < 0.35
    for unit, share in exact.items():
        error = np.sqrt(share * (1 - share) / len(number))
        assert abs(shares(unit)["flight"] - share) < 4.5 * error, unit


@pytest.mark.parametrize("unit", ["consignment", "declaration", "flight"])
def test_all_consignments_of_a_unit_are_on_one_channel(unit: str) -> None:
    made = prepared({**MANY, UNIT: unit, "world.compliance.prevalence": "10%"})
    group, flight = made.facts[SELECTION_UNIT], made.consignments.flight
    for role in ENDS:
        for channel in (RED_CONSIGNMENT[role], AMBER_CONSIGNMENT[role]):
            share = np.bincount(group, weights=made.facts[channel]) / np.bincount(group)
            assert set(share) <= {0.0, 1.0}
    of_unit = {number: set(flight[group == number]) for number in range(40)}
    assert all(len(flights) == 1 for flights in of_unit.values())
    assert np.bincount(group).max() == {"consignment": 1, "declaration": 3, "flight": np.bincount(flight).max()}[unit]


def test_a_unit_has_the_score_of_its_first_consignment() -> None:
    """With nothing illicit and all goods alike, the first consignment of a flight is as red as alone."""
    alone, flights = (prepared({**MANY, UNIT: unit}) for unit in ("consignment", "flight"))
    first = np.flatnonzero(np.r_[True, np.diff(alone.consignments.flight) > 0])
    for role in ENDS:
        assert np.array_equal(alone.facts[RED_CONSIGNMENT[role]][first], flights.facts[RED_CONSIGNMENT[role]][first])


def test_a_unit_has_the_largest_factor_of_its_goods() -> None:
    """Medical goods are always selected, and so is every flight with any."""
    changes = {**MANY, UNIT: "flight", "policy.risk_screening.goods_factor": {"medical": 20.0}}
    made = prepared(changes)
    with_medical = np.isin(
        made.consignments.flight, made.consignments.flight[made.consignments.goods == GOODS_KEYS.index("medical")]
    )
    red = made.facts[RED_CONSIGNMENT["origin"]]
    assert with_medical.any() and red[with_medical].all() and 0.02 < red[~with_medical].mean() < 0.12


def test_contraband_is_found_more_often_for_a_unit_selected_but_more_is_examined() -> None:
    """At 5% of each: a flight with contraband has one chance, whose selection brings all of it to the x-ray."""
    found = {unit: observed({**MANY, UNIT: unit, "world.compliance.prevalence": "1%"}, 0) for unit in ("consignment", "flight")}
    examined = {unit: of("selected_consignment_share")(made) for unit, made in found.items()}
    assert examined["flight"] > examined["consignment"], "licit ones that fly with contraband are examined with it"


def test_weights_of_a_boosted_study_are_those_of_the_whole_unit() -> None:
    """Their mean is 1: what is drawn with a unit is weighted by all that the unit holds."""
    changes = {**MANY, UNIT: "flight", "world.compliance.prevalence": "0.1%", "study.boost": 20}
    made = [prepare(scenario(changes), seed, 0) for seed in range(4)]
    first = [np.flatnonzero(np.r_[True, np.diff(case.consignments.flight) > 0]) for case in made]
    weights = np.concatenate([case.facts[WEIGHT][which] for case, which in zip(made, first, strict=True)])
    assert abs(weights.mean() - 1) < 4.5 * weights.std() / np.sqrt(len(weights))
