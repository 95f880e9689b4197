"""Precedence: who goes first where flights queue. It belongs to a flight at a stage: first at customs is not first at the pad."""

from typing import ClassVar, Literal

import numpy as np

from sim.ground.arrays import Ints32
from sim.ground.condition import IsAbove, IsGiven, either
from sim.ground.instrument import Instrument
from sim.ground.parameter import Group, Status, parameter
from sim.ground.text import Text
from sim.model.fact_catalogue import (
    AUTHORISATION_PRIORITY,
    AUTHORISATION_PRIORITY_EMPTY,
    CUSTOMS_PRIORITY,
    PAD_PRIORITY,
    PAD_PRIORITY_EMPTY,
    SLOT_PRIORITY,
    SLOT_PRIORITY_EMPTY,
)
from sim.model.facts import FactValues
from sim.model.feature import Feature, PlanningContext
from sim.model.flights import Priority

Granted = Literal["none", "medical", "class"]
_SOURCE = "medical goods are named first among the uses (RTHK, Oct 2024); no rule of precedence found"
_CLASSES = "nobody first, medical flights first, or by class (medical, passenger, express, general)"


class PrecedencePolicy(Group):
    """Who goes first at customs, at the authorisation desks, at the corridor's slots, at the pads."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            Text("Each side's authorities, for themselves", "兩地部門各自決定", "两地部门各自决定"),
            Text("working instruction", "內部工作指引", "内部工作规程"),
            ("customs", "aviation"),
        ),
    )

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
        label=Text("Precedence at the corridor's slots", "通道時段優先次序", "通道时隙优先次序"),
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
        label=Text("AEO priority at customs", "認可經濟營運商海關優先", "经认证的经营者海关优先"),
        meaning=(
            "Whether flights of AEO go first at the document check, at examinations and at quarantine (not at the corridor or the"
            " pad)."
        ),
        source="priority is a published benefit of AEO (info.gov.hk, 11 Jun 2025)",
        status=Status.STATED,
        needs=either(IsAbove("policy.pre_clearance.aeo_share", "50%"), IsGiven("world.demand.schedule")),
    )


def decide(context: PlanningContext, policy: PrecedencePolicy, world: None) -> FactValues:
    """Each flight's place at each kind of stage."""
    flights = context.flights
    return {
        CUSTOMS_PRIORITY: 2 * _rank(flights.priority, policy.customs) + ~(flights.aeo & policy.aeo_at_customs),
        AUTHORISATION_PRIORITY: _rank(flights.priority, policy.authorisation),
        SLOT_PRIORITY: _rank(flights.priority, policy.slots),
        PAD_PRIORITY: _rank(flights.priority, policy.pads),
        AUTHORISATION_PRIORITY_EMPTY: _last(policy.authorisation),
        SLOT_PRIORITY_EMPTY: _last(policy.slots),
        PAD_PRIORITY_EMPTY: _last(policy.pads),
    }


def _rank(priority: Ints32, granted: Granted) -> Ints32:
    """Shape (n,): 0 goes first."""
    if granted == "none":
        return np.zeros_like(priority)
    return priority if granted == "class" else (priority != Priority.MEDICAL).astype(np.int32)


def _last(granted: Granted) -> int:
    """The rank of general cargo, and of an aircraft that flies home empty."""
    return int(_rank(np.array([Priority.GENERAL], dtype=np.int32), granted)[0])


PRECEDENCE = Feature(
    key="precedence",
    label=Text("Precedence", "優先次序", "优先次序"),
    policy=PrecedencePolicy,
    writes=(
        CUSTOMS_PRIORITY,
        AUTHORISATION_PRIORITY,
        SLOT_PRIORITY,
        PAD_PRIORITY,
        AUTHORISATION_PRIORITY_EMPTY,
        SLOT_PRIORITY_EMPTY,
        PAD_PRIORITY_EMPTY,
    ),
    decide=decide,
)
