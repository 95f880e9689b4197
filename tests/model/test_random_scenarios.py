"""Random policies in random worlds: whatever the settings, nobody is lost and every rule of the clock is kept.

Every parameter of every feature takes its default or another setting (tests/model/settings.py), at random;
combinations that a feature refuses on load are skipped. A failure prints the changes and the seed.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, event, given, note, settings
from hypothesis import strategies as st

from sim.charts import labels
from sim.engine.audit import audit
from sim.ground.errors import InputError
from sim.metrics import CATALOGUE, measure
from sim.metrics.limits import ended_by, held_released, limit_labels
from sim.metrics.outcomes import consignment_outcomes
from sim.metrics.waterfall import waterfall
from sim.model.examination import WITHHELD
from sim.model.observation import Observation
from sim.model.outcome import ConsignmentOutcome, Outcome
from sim.policies import FEATURES
from sim.scenario.load import apply
from tests.model.replicated import ONE_DAY, run
from tests.model.settings import PARAMETERS, others
from tests.policies.observed import scenario

WORLD: dict[str, list[Any]] = {
    "world.demand.aircraft": ["meituan_fy4", "phoenix_vtol"],
    "world.demand.flights_per_day": ["5/d", "30/d"],
    "world.demand.notice": ["1 h", "4 d", {"lognormal": {"mean": "48 h", "cv": 0.6}}],
    "world.demand.max_shift": ["0 s", "2 d"],
}
BEFORE = {"policy.pre_clearance.decision": "before_departure"}
FAR = {"world.demand.aircraft": "phoenix_vtol"}
# What else must be set where a value is chosen, lest nearly all combinations be refused.
TOGETHER: tuple[tuple[str, Any, dict[str, Any]], ...] = (
    ("policy.inspection.regime", "one_stop", BEFORE),
    ("policy.inspection.co_location_site", "origin", BEFORE),
    ("policy.pre_clearance.late_rule", "refuse", BEFORE),
    ("policy.risk_screening.export_rate", "1%", {"policy.risk_screening.random_share": "0%"}),
    ("policy.risk_screening.import_rate", "1%", {"policy.risk_screening.random_share": "0%"}),
    ("policy.corridor.floor", "300 m", {"policy.corridor.ceiling": "300 m"}),
    ("policy.vertiports.battery_swap", False, FAR),
    ("policy.corridor.routes", ["wenjindu_sheung_shui", "wenjindu_tuen_mun"], FAR),
)


# Three sides, a side that is only flown over, passengers, and both kinds of flight at one vertiport.
ELSEWHERE: tuple[dict[str, Any], ...] = (
    {"policy.corridor.routes": ["shun_tak_macao"], "world.demand.aircraft": "aw139"},
    {"policy.corridor.routes": ["shun_tak_macao", "shekou_macau_airport"], "world.demand.aircraft": "v2000cg"},
    {
        "policy.corridor.routes": ["shekou_shun_tak", "shekou_macau_airport"],
        "world.demand.aircraft": {"shekou_shun_tak": "h135", "shekou_macau_airport": "v2000cg"},
    },
)


def random_changes(rng: np.random.Generator) -> dict[str, Any]:
    """The default for some parameters, another setting for others: few, or many."""
    share = rng.choice([0.05, 0.2, 0.5])
    chosen: dict[str, Any] = {path: pick(rng, values) for path, values in WORLD.items()}
    chosen |= {path: pick(rng, others(path)) for path in PARAMETERS if rng.random() < share}
    for path, value, together in TOGETHER:
        if chosen.get(path) == value:
            chosen |= together
    return chosen | (ELSEWHERE[rng.integers(len(ELSEWHERE))] if rng.random() < 0.3 else {})


def pick(rng: np.random.Generator, values: list[Any]) -> Any:
    return values[rng.integers(len(values))]


@settings(max_examples=20, deadline=None, print_blob=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_nobody_is_lost_and_every_rule_is_kept(seed: int) -> None:
    check(seed)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, print_blob=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_nobody_is_lost_in_many_worlds(seed: int) -> None:
    check(seed)


def check(seed: int) -> None:
    changed = random_changes(np.random.default_rng(seed))
    note(f"seed {seed}, changes {changed}")
    try:
        made = apply(scenario(ONE_DAY), changed)
    except InputError:
        event("refused on load")
        assume(False)
    observation = run(made, seed)
    event(f"regime {made.policy.inspection.regime}")
    for outcome in set(observation.outcome.tolist()):
        event(f"some {Outcome(outcome).name.lower()}")
    audit(observation.plan, observation.timeline)
    check_outcomes(observation)
    check_air(observation)
    check_waterfall(observation)
    check_limits(observation)
    check_measures(observation)


def check_outcomes(observation: Observation) -> None:
    """Every flight and every consignment has one outcome; the counts add up to what was planned."""
    n, m = len(observation.flights), len(observation.consignments)
    outcome, parcels = observation.outcome, consignment_outcomes(observation)
    assert outcome.shape == (n,) and parcels.shape == (m,)
    assert sum(np.count_nonzero(outcome == one) for one in Outcome) == n
    assert sum(np.count_nonzero(parcels == one) for one in ConsignmentOutcome) == m
    assert np.array_equal(observation.timeline.outcome == Outcome.IN_SYSTEM, np.isnan(observation.timeline.ended_s))
    of_flight = outcome[observation.consignments.flight]
    waiting = np.isin(parcels, (ConsignmentOutcome.NOT_ENDED, ConsignmentOutcome.SEIZED))
    for withholding in observation.facts[WITHHELD]:
        waiting |= withholding.consignments & (parcels == ConsignmentOutcome.DETAINED)
    assert np.all(waiting[of_flight == Outcome.IN_SYSTEM]), "a parcel left the system without its flight, and was not taken"
    assert np.all(of_flight[parcels == ConsignmentOutcome.RELEASED] == Outcome.RELEASED)


def check_air(observation: Observation) -> None:
    """From take-off until it is on a pad, home or elsewhere, no flight ends."""
    plan, timeline = observation.plan, observation.timeline
    takeoff_s = timeline.start_s[:, plan.stage_number("fly_1")]
    down = [plan.stage_number(key) for key in ("land", "divert_home")]
    down_s = np.nanmax(np.column_stack([takeoff_s] + [timeline.end_s[:, s] for s in down if s is not None]), axis=1, initial=0)
    flew = ~np.isnan(takeoff_s)
    assert np.all(~(timeline.ended_s[flew] < down_s[flew])), "ended in the air"
    landed = [timeline.done()[:, s] for s in down if s is not None]
    ended = flew & ~np.isnan(timeline.ended_s)
    assert np.all(np.logical_or.reduce(landed)[ended]), "ended without having landed"
    on_the_ground = np.isin(timeline.outcome, (Outcome.CANCELLED, Outcome.LOST))
    assert not np.any(on_the_ground & flew), "cancelled or lost after take-off"


def check_waterfall(observation: Observation) -> None:
    """Each released flight's parts add up to its time from order to release."""
    table = waterfall(observation)
    total_s = observation.released_s[table.flight] - observation.flights.ordered_s[table.flight]
    assert np.all(np.abs(table.total_s - total_s) < 1e-6)
    assert np.all(table.seconds >= 0)
    assert len(table.flight) == np.count_nonzero(observation.measured & (observation.outcome == Outcome.RELEASED))


def check_limits(observation: Observation) -> None:
    """What held a flight adds up to its critical path; each flight that ended without a release ended by one limit or stage."""
    held, table = held_released(observation), waterfall(observation)
    assert np.all(np.abs(sum(held.seconds.values()) - table.total_s) < 1e-6)
    assert all(np.all(seconds >= 0) for seconds in held.seconds.values())
    ended = observation.measured & ~np.isin(observation.outcome, (Outcome.RELEASED, Outcome.IN_SYSTEM))
    assert sum(ended_by(observation).values()) == np.count_nonzero(ended)
    assert set(ended_by(observation)) <= {*limit_labels(FEATURES), *labels.stages()}, "a limit without a label"
    assert set(held.by_limit) <= set(limit_labels(FEATURES)), "a limit without a label"


def check_measures(observation: Observation) -> None:
    """Every measure can be taken; shares of outcomes add up to 1."""
    rows = measure(observation, CATALOGUE)
    assert all(not np.isinf(value) for key, _, value in rows if not key.endswith("_quantile"))
    shares = [value for key, part, value in rows if key == "flight_outcome_share" and part]
    assert len(shares) == len(Outcome) and (np.isnan(shares).all() or abs(sum(shares) - 1) < 1e-9)
