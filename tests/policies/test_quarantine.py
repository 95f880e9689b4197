"""Quarantine: who is called, what is kept back, and what a place of its own costs."""

from typing import Any

import numpy as np

from sim.engine import run as run_plan
from sim.metrics.outcomes import consignment_outcomes
from sim.nouns.outcome import ConsignmentOutcome
from sim.world.goods import GOODS_KEYS
from tests.engine.random_plans import same
from tests.policies.levers import AMPLE, QUARANTINED
from tests.policies.observed import measured, observed, prepared

SETTING: dict[str, Any] = {**AMPLE, **QUARANTINED}
OWN = {"policy.quarantine.place": "own"}


def test_goods_are_called_at_their_rate_and_others_never() -> None:
    made = prepared({**SETTING, "study.days": 5, "policy.quarantine.import_rate": "20%"})
    called = made.facts["quarantine_destination"]
    subject = np.isin(made.consignments.goods, [GOODS_KEYS.index(key) for key in ("food", "medical")])
    assert not called[~subject].any()
    error = np.sqrt(0.2 * 0.8 / subject.sum())
    assert abs(called[subject].mean() - 0.2) < 4 * error


def test_the_goods_factor_scales_the_rate() -> None:
    factor = {"policy.quarantine.goods_factor": {"parcel": 0.0, "document": 0.0, "electronics": 0.0, "medical": 0.5}}
    full, half = prepared(SETTING), prepared({**SETTING, **factor})
    medical = full.consignments.goods == GOODS_KEYS.index("medical")
    called_full, called_half = (made.facts["quarantine_destination"] for made in (full, half))
    assert np.array_equal(called_full[~medical], called_half[~medical])
    assert not np.any(called_half & ~called_full), "a lower rate calls a part of the same consignments"
    ratio = called_half[medical].sum() / called_full[medical].sum()
    assert abs(ratio - 0.5) < 4 * np.sqrt(0.25 / called_full[medical].sum())


def test_what_is_kept_back_is_detained_and_the_rest_of_the_flight_released() -> None:
    observation = observed({**SETTING, "world.quarantine.withheld_share": "50%"}, 0)
    outcomes = consignment_outcomes(observation)
    released = ~np.isnan(observation.released_s)[observation.consignments.flight]
    kept = np.zeros(len(outcomes), dtype=bool)
    for withholding in observation.facts["withheld"]:
        kept |= withholding.consignments
    assert kept[released].sum() > 20
    assert np.all(outcomes[kept & released] == ConsignmentOutcome.DETAINED)
    assert np.all(outcomes[~kept & released] != ConsignmentOutcome.DETAINED)


def test_a_place_of_its_own_comes_after_customs_and_beside_it_otherwise() -> None:
    beside, after = observed(SETTING, 0), observed({**SETTING, **OWN}, 0)
    both = ~np.isnan(beside.end_of("quarantine_destination")) & ~np.isnan(beside.end_of("xray_destination"))
    assert both.sum() > 3
    number = after.plan.stage_number("quarantine_destination")
    assert np.all(after.timeline.queued_s[both, number] >= after.end_of("xray_destination")[both])
    number = beside.plan.stage_number("quarantine_destination")
    assert np.any(beside.timeline.queued_s[both, number] < beside.end_of("xray_destination")[both])
    assert measured("quarantine_hours")(after) == measured("quarantine_hours")(beside)


def test_no_rate_means_no_stage() -> None:
    plan = prepared({**SETTING, "policy.quarantine.export_rate": "0%"}).plan
    assert plan.stage_number("quarantine_origin") is None and plan.stage_number("quarantine_destination") is not None


def test_both_engines_agree() -> None:
    plan = prepared({**SETTING, **OWN}).plan
    assert same(run_plan(plan, "reference"), run_plan(plan, "compiled"))
