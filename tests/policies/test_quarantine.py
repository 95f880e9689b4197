"""Quarantine: who is called, what is kept back, and what a place of its own costs."""

from typing import Any

import numpy as np

from sim.engine import run as run_plan
from sim.metrics.outcomes import consignment_outcomes
from sim.model.examination import WITHHELD
from sim.model.outcome import ConsignmentOutcome
from sim.policies.quarantine import CALLED
from sim.world.goods import GOODS_KEYS
from tests.engine.random_plans import same
from tests.policies.levers import AMPLE, QUARANTINED
from tests.policies.observed import measured, observed, prepared

SETTING: dict[str, Any] = {**AMPLE, **QUARANTINED}
OWN = {"policy.quarantine.place": "own"}


def test_goods_are_called_at_their_rate_and_others_never() -> None:
    made = prepared({**SETTING, "study.days": 5, "policy.quarantine.import_rate": "20%"})
    called = made.facts[CALLED["destination"]]
    subject = np.isin(made.consignments.goods, [GOODS_KEYS.index(key) for key in ("food", "medical")])
    assert not called[~subject].any()
    error = np.sqrt(0.2 * 0.8 / subject.sum())
    assert abs(called[subject].mean() - 0.2) < 4 * error


def test_the_goods_factor_scales_the_rate() -> None:
    factor = {"policy.quarantine.goods_factor": {"parcel": 0.0, "document": 0.0, "electronics": 0.0, "medical": 0.5}}
    setting = {**SETTING, "world.quarantine.withheld_share": "0%"}  # what the origin keeps back is not called again
    full, half = prepared(setting), prepared({**setting, **factor})
    medical = full.consignments.goods == GOODS_KEYS.index("medical")
    called_full, called_half = (made.facts[CALLED["destination"]] for made in (full, half))
    assert np.array_equal(called_full[~medical], called_half[~medical])
    assert not np.any(called_half & ~called_full), "a lower rate calls a part of the same consignments"
    ratio = called_half[medical].sum() / called_full[medical].sum()
    assert abs(ratio - 0.5) < 4 * np.sqrt(0.25 / called_full[medical].sum())


def test_what_is_kept_back_is_detained_and_the_rest_of_the_flight_released() -> None:
    observation = observed({**SETTING, "world.quarantine.withheld_share": "50%"}, 0)
    outcomes = consignment_outcomes(observation)
    released = ~np.isnan(observation.released_s)[observation.consignments.flight]
    kept = np.zeros(len(outcomes), dtype=bool)
    for withholding in observation.facts[WITHHELD]:
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


YARD = {"policy.inspection.site": "yard", "world.inspection.yard_transfer": "30 min", "world.quarantine.transfer_time": "20 min"}


def test_in_the_yard_nothing_is_checked_before_it_is_there() -> None:
    observation = observed({**SETTING, **YARD, "policy.risk_screening.import_rate": "30%"}, 0)
    number = observation.plan.stage_number("quarantine_destination")
    start_s, presented_s = observation.timeline.queued_s[:, number], observation.end_of("present_destination")
    both = ~np.isnan(start_s) & ~np.isnan(presented_s)
    assert both.sum() > 5 and np.all(start_s[both] >= presented_s[both])
    alone = ~np.isnan(start_s) & np.isnan(presented_s)
    cleared_s = np.fmax(observation.end_of("unload"), observation.end_of("clear"))
    assert alone.sum() > 5
    np.testing.assert_allclose((start_s - cleared_s)[alone], 20 * 60)


def test_what_is_kept_back_at_the_origin_is_not_called_again() -> None:
    made = prepared({**SETTING, "world.quarantine.withheld_share": "50%"})
    at_origin, at_destination = (withholding.consignments for withholding in made.facts[WITHHELD])
    assert at_origin.sum() > 20 and at_destination.sum() > 20
    assert not np.any(at_origin & made.facts[CALLED["destination"]]) and not np.any(at_origin & at_destination)


def test_a_flight_that_goes_uncleared_is_not_checked_at_the_origin() -> None:
    late = {"policy.pre_clearance.decision": "before_departure", "policy.pre_clearance.late_rule": "inspect_on_arrival",
            "policy.pre_clearance.lead": "0 s", "world.data_interface.entry_time": "20 min"}  # fmt: skip
    observation = observed({**SETTING, **late}, 0)
    uncleared = np.isnan(observation.end_of("clear")) | ~np.isnan(observation.end_of("present_late"))
    assert uncleared.sum() > 50
    assert np.isnan(observation.end_of("quarantine_origin")[uncleared]).all()
    assert not np.isnan(observation.end_of("quarantine_destination")[uncleared]).all()


def test_a_flight_that_customs_detains_is_not_carried_on_to_quarantine() -> None:
    held = {**SETTING, **OWN, "policy.inspection.on_find": "hold_flight", "world.compliance.prevalence": "20%",
            "policy.risk_screening.import_rate": "50%"}  # fmt: skip
    observation = observed(held, 0)
    detained = observation.timeline.given_up()[:, observation.plan.stage_number("detain_destination")]
    assert detained.sum() > 3
    assert np.isnan(observation.end_of("quarantine_destination")[detained]).all()
