"""The time release study, the time with customs, and hours of work, by hand."""

from math import nan

import numpy as np
import pytest

from sim.metrics.breakdown import TOTAL
from sim.metrics.release_time import METRICS as RELEASE_TIME
from sim.metrics.release_time import customs_time_s
from sim.metrics.workload import METRICS as WORKLOAD
from sim.model.observation import Observation
from tests.metrics.hand_made import NEVER, SKIPPED, At, observe, servers
from tests.metrics.one_replication import quantiles_of

BY_KEY = {metric.key: metric.compute for metric in (*RELEASE_TIME, *WORKLOAD)}
FACTS = {
    "red_origin": [False, False, True],
    "red_destination": [False, False, False],
    "amber_origin": [False, True, True],
    "amber_destination": [False, False, False],
    "block_s": [500.0, 100.0, 100.0],
}


def three(**columns: object) -> Observation:
    """Filed at 60, landed at 600; released at 600, 660 and never. The desk works past the second's release."""
    return observe(
        At("prepare", [(0, 0, 60), (0, 0, 60), (0, 0, 60)], role="operator", step="filing"),
        At(
            "documents",
            [(60, 90, 150), (60, 150, 210), (60, 210, nan)],
            role="origin",
            step="documents",
            pool="desk",
            after="prepare",
        ),
        At("land", [(600, 600, 600), (590, 600, 600), NEVER], role="air", step="flight"),
        At("release", [(600, 600, 600), (600, 600, 660), NEVER], role="destination", step="release", after="land documents"),
        At("turn", [(600, 600, 700), (600, 600, 900), NEVER], role="operator", step="return", after="land"),
        pools=[servers("desk", 1, "officer", "mainland")],
        ordered_s=[0, 0, 0],
        ended_s=[700, 900, nan],
        outcome=[1, 1, 0],
        facts=FACTS,
        **columns,
    )


def test_from_filing_and_from_arrival() -> None:
    assert BY_KEY["file_to_release"](three()) == {"mean": 570}
    assert BY_KEY["arrival_to_release"](three()) == {"mean": 30}
    quantiles = {metric.key: quantiles_of(metric, three()) for metric in RELEASE_TIME if metric.quantiles}
    assert quantiles["file_to_release"] == {"p50": 540, "p95": 600}
    assert quantiles["arrival_to_release"] == {"p50": 0, "p95": 60}


def test_without_a_filing_the_order_counts() -> None:
    observation = observe(At("prepare", [SKIPPED]), At("release", [(70, 70, 70)], after="prepare"), ordered_s=[20])
    assert BY_KEY["file_to_release"](observation)["mean"] == 50


def test_by_channel_tier_and_destination() -> None:
    channels = BY_KEY["file_to_release_by_channel"](three())
    assert (channels["green/mean"], channels["amber/mean"]) == (540, 600)
    assert np.isnan(channels["red/mean"])  # never released
    tiers = BY_KEY["file_to_release_by_tier"](three(aeo=[True, False, False]))
    assert (tiers["aeo/mean"], tiers["other/mean"]) == (540, 600)
    sides = BY_KEY["arrival_to_release_by_destination"](three(outward=[True, False, True]))
    assert (sides["hong_kong/mean"], sides["mainland/mean"]) == (0, 60)


def test_a_flight_takes_the_channel_of_its_worst_consignment_at_either_side() -> None:
    facts = {"red_origin": [True], "red_destination": [False], "amber_origin": [False], "amber_destination": [True]}
    channels = BY_KEY["file_to_release_by_channel"](observe(At("release", [(0, 0, 50)]), facts=facts))
    assert channels["red/mean"] == 50
    assert np.isnan(channels["amber/mean"]) and np.isnan(channels["green/mean"])


def test_minutes_by_step_side_and_kind_up_to_the_release() -> None:
    minutes = BY_KEY["time_by_step"](three())
    assert minutes["filing/operator/service"] == 1
    assert minutes["documents/mainland/wait"] == pytest.approx((30 + 90) / 2 / 60)
    assert minutes["documents/mainland/service"] == 1
    assert minutes["flight/air/wait"] == pytest.approx(10 / 2 / 60)
    assert minutes["release/hong_kong/service"] == 0.5
    assert minutes["return/operator/service"] == 0.5  # 60 s of the second flight's turn lie before its release


def test_a_stage_given_up_before_entry_took_no_time() -> None:
    observation = observe(
        At("clear", [(nan, nan, 10)], step="filing"),
        At("release", [(10, 10, 40)], if_given_up="clear", step="release"),
    )
    assert BY_KEY["time_by_step"](observation)["filing/shared/wait"] == 0


def test_time_with_customs_counts_overlaps_once_and_gaps_not_at_all() -> None:
    observation = observe(
        At("screen_origin", [(0, 0, 40)], step="screening"),
        At("screen_destination", [(10, 20, 30)], step="screening"),
        At("documents", [(35, 50, 60)], step="documents", after="screen_origin"),
        At("fly", [(60, 60, 200)], step="flight", after="documents"),
        At("inspect", [(200, 210, 220)], step="inspection", after="fly"),
        At("release", [(220, 220, 225)], step="release", after="inspect"),
        At("archive", [(220, 220, 999)], step="documents", after="inspect"),
        facts={"block_s": [84.0]},
    )
    assert customs_time_s(observation).tolist() == [85]  # 0 to 60, 200 to 225
    assert BY_KEY["clearance_outlasts_flight_share"](observation) == 1


def test_clearance_outlasts_the_flight_only_if_longer() -> None:
    # 90 s at the desk against 500 s in the air; 150 s at the desk and 60 s for the release against 100 s
    assert customs_time_s(three())[:2].tolist() == [90, 210]
    assert BY_KEY["clearance_outlasts_flight_share"](three()) == 0.5


def test_officer_hours_are_the_time_really_spent() -> None:
    # 60 s + 60 s + the third, in service from 210 until the horizon at 1000
    spent = BY_KEY["officer_hours"](three(horizon_s=1000.0))
    assert spent[TOTAL] == spent["mainland"] == pytest.approx((60 + 60 + 790) / 3600 / 3 * 1000)
    assert spent["hong_kong"] == 0


def test_officers_are_kept_by_a_hold_and_machines_are_not() -> None:
    def held(workload: str) -> Observation:
        return observe(
            At("first", [(0, 10, 20)], role="origin", step="inspection", pool="pool", hold_until="joint_end", cooldown_s=999),
            At("joint_end", [(20, 30, 50)], after="first"),
            pools=[servers("pool", 1, workload)],
        )

    assert BY_KEY["officer_hours"](held("officer"))["mainland"] == pytest.approx(40 / 3.6)
    assert BY_KEY["aviation_time"](held("aviation"))["mainland"] == pytest.approx(40 / 3600)
    assert BY_KEY["machine_hours"](held("machine"))["mainland"] == pytest.approx(10 / 3.6)
    assert BY_KEY["officer_hours"](held("machine"))[TOTAL] == 0


def test_a_service_cut_off_by_the_flights_end_counts_until_then() -> None:
    observation = observe(
        At("first", [(0, 10, nan)], role="origin", step="inspection", pool="pool"),
        pools=[servers("pool", 1, "machine")],
        outcome=[4],
        ended_s=[46],
    )
    assert BY_KEY["machine_hours"](observation)[TOTAL] == pytest.approx(10)


def test_officers_on_duty() -> None:
    observation = observe(
        At("release", [(0, 0, 1), (0, 0, 1)], step="release"),
        pools=[servers("desk", 2, "officer", "mainland"), servers("team", 1, "officer"), servers("scanner", 5, "machine")],
        ordered_s=[0, 0],
    )
    assert BY_KEY["officer_hours_scheduled"](observation) == {TOTAL: 1500, "hong_kong": 0, "mainland": 1000, "shared": 500}
