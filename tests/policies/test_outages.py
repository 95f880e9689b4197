"""Outages of the data interface at stated times, with each fallback."""

from typing import Any

import numpy as np
import pytest

from sim.ground.errors import InputError
from sim.ground.time_units import HOUR_S
from sim.metrics.recovery import METRICS
from sim.model.disruption import DISRUPTIONS, Disruption
from sim.model.observation import Observation
from sim.policies.data_interface import OUTAGES_S
from tests.policies.levers import AMPLE
from tests.policies.observed import observed, prepared, scenario

EVENTS = "world.data_interface.outage_events"
FALLBACK = "policy.data_interface.fallback"
DOWN: dict[str, Any] = {**AMPLE, "world.data_interface.outage_interval": "3650 d", EVENTS: [["day 1 10:00", "day 1 14:00"]]}
FALLBACKS = ("hold", "paper", "inspect_on_arrival")


def sent_s(observation: Observation) -> np.ndarray:
    """The instants at which messages leave."""
    numbers = [s for s, step in enumerate(observation.plan.steps) if step.stage.key.startswith("message_")]
    starts_s = observation.timeline.start_s[:, numbers]
    return starts_s[~np.isnan(starts_s)]


def test_stated_outages_come_on_top_of_the_sampled_ones() -> None:
    often = {"world.data_interface.outage_interval": "12 h"}
    sampled = prepared(often).facts[OUTAGES_S]
    both = prepared({**often, EVENTS: {"hong_kong": [["day -2 10:00", "day -2 14:00"]], "mainland": [], "macao": []}}).facts[
        OUTAGES_S
    ]
    assert set(both["hong_kong"]) == {*sampled["hong_kong"], (10 * HOUR_S, 14 * HOUR_S)}
    assert both["mainland"] == sampled["mainland"]


@pytest.mark.parametrize("fallback", FALLBACKS)
def test_no_message_leaves_in_an_outage(fallback: str) -> None:
    sent = sent_s(observed({**DOWN, FALLBACK: fallback}, 0))
    assert ((sent > 0) & (sent < 10 * HOUR_S)).any()
    assert not ((sent >= 10 * HOUR_S) & (sent < 14 * HOUR_S)).any()


def test_an_outage_of_both_sides_at_once_is_one_disruption() -> None:
    told = [one for one in prepared(DOWN).facts[DISRUPTIONS] if one.start_s >= 0]
    assert told == [Disruption("outage", 10 * HOUR_S, 14 * HOUR_S)]
    paper = prepared({**DOWN, "policy.data_interface.mode": "paper"}).facts[DISRUPTIONS]
    assert paper == (), "on paper nobody notices"


def test_what_each_fallback_piles_up_and_how_soon_it_clears() -> None:
    """Holding piles four hours up; paper takes an hour, also after the outage's end; flying without data takes no time."""
    compute = {metric.key: metric.compute for metric in METRICS}
    runs = {fallback: [observed({**DOWN, FALLBACK: fallback}, k) for k in range(3)] for fallback in FALLBACKS}
    peak, clear_s = (
        {fallback: np.mean([compute[key](made)["outage"] for made in all_]) for fallback, all_ in runs.items()}  # type: ignore[index]
        for key in ("recovery_peak_backlog", "recovery_clear_time")
    )
    assert peak["hold"] > peak["paper"] + 5 > peak["inspect_on_arrival"] + 5
    assert clear_s["inspect_on_arrival"] < min(clear_s["hold"], clear_s["paper"])


def test_an_outage_that_does_not_end_is_refused() -> None:
    with pytest.raises(InputError, match="ends after it begins"):
        scenario({EVENTS: [["day 1 10:00", "day 1 09:00"]]})
