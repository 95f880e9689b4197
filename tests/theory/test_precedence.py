"""Two classes at one desk, non-preemptive, against Cobham (1954): who is served first moves waits, it does not make any.

With load r = r1 + r2, equal exponential services of mean S and R = r S, the classes wait R / (1 - r1) and
R / ((1 - r1)(1 - r)); over both classes that is r S / (1 - r), as if nobody had gone first (Kleinrock 1965).
"""

import json
from functools import partial

import numpy as np
import pytest

from sim.model.flights import Priority
from tests.policies.observed import Changes
from tests.theory.test_model import DESK, SERVICE_S, Case, differs
from tests.theory.test_model import _observed as run_once

pytestmark = pytest.mark.theory
LOAD, MEDICAL = 0.7, 0.3
ONE_OFFICER = {
    **DESK,
    "world.demand.flights_per_day": f"{LOAD / SERVICE_S * 86400 / 2}/d",  # Hong Kong checks both directions
    "policy.document_check.officers": 1,
    "world.demand.priority_mix": {"medical": MEDICAL, "general": 1 - MEDICAL},
}
MEDICAL_FIRST = {**ONE_OFFICER, "policy.precedence.customs": "medical"}
RESIDUAL_S = LOAD * SERVICE_S
FIRST_S = RESIDUAL_S / (1 - LOAD * MEDICAL)
SECOND_S = FIRST_S / (1 - LOAD)
ALL_S = RESIDUAL_S / (1 - LOAD)


def waited_s(of: tuple[Priority, ...], changes: Changes, seed: int, replication: int) -> float:
    """Mean wait of measured flights of these classes for Hong Kong's document officer."""
    observation = run_once(json.dumps(changes), seed, replication)
    plan, timeline = observation.plan, observation.timeline
    desk = next(number for number, pool in enumerate(plan.pools) if pool.key == "document_officers.hong_kong")
    counted = (plan.pool == desk) & (observation.measured & np.isin(observation.flights.priority, of))[:, None]
    return float(np.nanmean((timeline.start_s - timeline.queued_s)[counted]))


EVERYBODY = (Priority.MEDICAL, Priority.GENERAL)
CASES = (
    Case("medical first: their wait", FIRST_S, partial(waited_s, (Priority.MEDICAL,), MEDICAL_FIRST)),
    Case("medical first: the others' wait", SECOND_S, partial(waited_s, (Priority.GENERAL,), MEDICAL_FIRST)),
    Case("medical first: everybody's wait", ALL_S, partial(waited_s, EVERYBODY, MEDICAL_FIRST)),
    Case("nobody first: medical flights' wait", ALL_S, partial(waited_s, (Priority.MEDICAL,), ONE_OFFICER)),
    Case("nobody first: everybody's wait", ALL_S, partial(waited_s, EVERYBODY, ONE_OFFICER)),
)


def test_the_formulas_conserve_the_mean_wait() -> None:
    assert pytest.approx(ALL_S) == MEDICAL * FIRST_S + (1 - MEDICAL) * SECOND_S


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_measured_agrees_with_exact(case: Case) -> None:
    assert not differs(case)


def test_a_wrong_order_would_be_noticed() -> None:
    assert differs(Case("as if nobody went first", ALL_S, partial(waited_s, (Priority.MEDICAL,), MEDICAL_FIRST)))
