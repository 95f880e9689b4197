"""Precedence: who goes first where flights queue. It belongs to a flight at a stage: first at customs is not first at the pad."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

import numpy as np

from sim.ground.parameter import Group, Status, parameter
from sim.ground.text import Text
from sim.nouns.facts import Fact
from sim.nouns.feature import Case, Feature
from sim.nouns.flights import Bools, Floats, Ints, Priority
from sim.nouns.metric import Metric
from sim.nouns.observation import Observation

Granted = Literal["none", "medical", "class"]
_SOURCE = "medical goods are named first among the uses (RTHK, Oct 2024); no rule of precedence found"
_CLASSES = "nobody first, medical flights first, or by class (medical, passenger, express, general)"


class PrecedencePolicy(Group):
    """Who goes first at customs, at the authorisation desks, at the corridor's slots, at the pads."""

    customs: Granted = parameter(
        "none",
        label=Text("Precedence at customs", "海關優先次序", "海关优先次序"),
        meaning=f"At the document check, at examinations and at quarantine: {_CLASSES}; AEO may go first within a class.",
        source=_SOURCE,
        status=Status.GUESS,
    )
    authorisation: Granted = parameter(
        "none",
        label=Text("Precedence at the authorisation desks", "飛行審批優先次序", "飞行审批优先次序"),
        meaning=f"At the desks that decide on flights and confirm them: {_CLASSES}; returning aircraft count as general.",
        source=_SOURCE,
        status=Status.GUESS,
    )
    slots: Granted = parameter(
        "none",
        label=Text("Precedence at the corridor's slots", "走廊時隙優先次序", "走廊时隙优先次序"),
        meaning=f"Among flights that wait for a slot: {_CLASSES}; returning aircraft count as general.",
        source=_SOURCE,
        status=Status.GUESS,
    )
    pads: Granted = parameter(
        "none",
        label=Text("Precedence at the pads", "起降坪優先次序", "起降坪优先次序"),
        meaning=(
            f"Among flights that wait for a pad: {_CLASSES}; returning aircraft count as general. Whoever waits in the air goes"
            " before whoever waits on the ground, whatever the class."
        ),
        source=_SOURCE,
        status=Status.GUESS,
    )
    aeo_at_customs: bool = parameter(
        True,
        label=Text("AEO priority at customs", "認可經濟營運商海關優先", "经认证经营者海关优先"),
        meaning=(
            "Whether flights of AEO go first at the document check, at examinations and at quarantine (not at the corridor or the"
            " pad)."
        ),
        source="priority is a published benefit of AEO (info.gov.hk, 11 Jun 2025)",
        status=Status.STATED,
    )


CUSTOMS_PRIORITY = Fact("customs_priority", int, "flight", "priority at customs stages; smaller goes first")
DESK_PRIORITY = Fact("authorisation_priority", int, "flight", "priority at the authorisation desks; smaller goes first")
SLOT_PRIORITY = Fact("slot_priority", int, "flight", "priority at the corridor's slots; smaller goes first")
PAD_PRIORITY = Fact("pad_priority", int, "flight", "priority at the pads, from 0 to 3; smaller goes first")
EMPTY_DESK_PRIORITY = Fact("authorisation_priority_empty", int, "scenario", "the same of an aircraft that flies home empty")
EMPTY_SLOT_PRIORITY = Fact("slot_priority_empty", int, "scenario", "the same of an aircraft that flies home empty")
EMPTY_PAD_PRIORITY = Fact("pad_priority_empty", int, "scenario", "the same of an aircraft that flies home empty")


def decide(case: Case, policy: PrecedencePolicy, world: None) -> Mapping[Fact, Any]:
    """Each flight's place at each kind of stage."""
    flights = case.flights
    return {
        CUSTOMS_PRIORITY: 2 * _rank(flights.priority, policy.customs) + ~(flights.aeo & policy.aeo_at_customs),
        DESK_PRIORITY: _rank(flights.priority, policy.authorisation),
        SLOT_PRIORITY: _rank(flights.priority, policy.slots),
        PAD_PRIORITY: _rank(flights.priority, policy.pads),
        EMPTY_DESK_PRIORITY: _last(policy.authorisation),
        EMPTY_SLOT_PRIORITY: _last(policy.slots),
        EMPTY_PAD_PRIORITY: _last(policy.pads),
    }


def _rank(priority: Ints, granted: Granted) -> Ints:
    """Shape (n,): 0 goes first."""
    if granted == "none":
        return np.zeros_like(priority)
    return priority if granted == "class" else (priority != Priority.MEDICAL).astype(np.int32)


def _last(granted: Granted) -> int:
    """The rank of general cargo, and of an aircraft that flies home empty."""
    return int(_rank(np.array([Priority.GENERAL], dtype=np.int32), granted)[0])


# ------------------------------------------------------------------------------------------- measures

Lapse = Callable[[Observation], Floats]


def _by_class(lapse: Lapse, observation: Observation) -> dict[str, float]:
    """The mean over measured and released flights of each class; classes that no flight has are left out."""
    counted: Bools = observation.measured & ~np.isnan(observation.released_s)
    lapse_s, priority = lapse(observation), observation.flights.priority
    return {
        each.name.lower(): float(lapse_s[counted & (priority == each)].mean()) if (counted & (priority == each)).any() else np.nan
        for each in Priority
        if (priority == each).any()
    }


def _delay_s(observation: Observation) -> Floats:
    return observation.released_s - observation.flights.planned_release_s


def _order_to_release_s(observation: Observation) -> Floats:
    return observation.released_s - observation.flights.ordered_s


def _queued_s(observation: Observation) -> Floats:
    """Shape (n,): time in queues up to the release, summed over the stages; waits that run side by side all count."""
    timeline, until_s = observation.timeline, observation.released_s[:, None]
    left_s = np.where(np.isnan(timeline.start_s), timeline.end_s, timeline.start_s)
    return np.asarray(np.nansum(np.maximum(np.fmin(left_s, until_s) - timeline.queued_s, 0.0), axis=1))


def _released_share(observation: Observation) -> dict[str, float]:
    released, priority = ~np.isnan(observation.released_s), observation.flights.priority
    of_class = {each: observation.measured & (priority == each) for each in Priority if (priority == each).any()}
    return {each.name.lower(): float(released[which].mean()) if which.any() else np.nan for each, which in of_class.items()}


METRICS = (
    Metric(
        "delay_by_class",
        Text("mean delay of released flights, by class", "已放行航班平均延誤（按類別）", "已放行航班平均延误（按类别）"),
        "s",
        "neither",
        "delay",
        "Mean of release - planned release over measured flights released. By class (medical, passenger, express, general).",
        partial(_by_class, _delay_s),
        headline=True,
    ),
    Metric(
        "order_to_release_by_class",
        Text("order to release, by class", "落單至放行平均時間（按類別）", "下单至放行平均时间（按类别）"),
        "s",
        "neither",
        "delay",
        "Mean of release - order over measured flights released. By class.",
        partial(_by_class, _order_to_release_s),
    ),
    Metric(
        "queued_by_class",
        Text("time in queues, by class", "排隊時間（按類別）", "排队时间（按类别）"),
        "s",
        "neither",
        "waiting",
        "Time spent in queues up to the release, summed over the stages (waits that run side by side all count), mean over "
        "measured flights released. By class.",
        partial(_by_class, _queued_s),
    ),
    Metric(
        "released_share_by_class",
        Text("share of flights released, by class", "放行航班比例（按類別）", "放行航班比例（按类别）"),
        "share",
        "higher",
        "throughput",
        "Measured flights released by the horizon / flights planned. By class. It belongs beside every mean by class.",
        _released_share,
    ),
)

PRECEDENCE = Feature(
    key="precedence",
    label=Text("Precedence", "優先次序", "优先次序"),
    policy=PrecedencePolicy,
    writes=(
        CUSTOMS_PRIORITY,
        DESK_PRIORITY,
        SLOT_PRIORITY,
        PAD_PRIORITY,
        EMPTY_DESK_PRIORITY,
        EMPTY_SLOT_PRIORITY,
        EMPTY_PAD_PRIORITY,
    ),
    metrics=METRICS,
    decide=decide,
)
