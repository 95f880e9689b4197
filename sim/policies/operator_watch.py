"""Operator watch: a find raises the selection rates of its operator for a while.

Everything is decided before any clock runs, so a find counts from the planned departure of the flight it was made
on, and bears on the operator's flights planned later. Rounds of decisions follow each other until no find is new.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.condition import IsAbove
from sim.ground.errors import Problem
from sim.ground.instrument import CUSTOMS_TOGETHER, Instrument
from sim.ground.parameter import Duration, Group, Status, parameter
from sim.ground.text import Text
from sim.ground.tolerance import at_most
from sim.model.boost import not_boosted
from sim.model.examination import FOUND, PLACES
from sim.model.fact_catalogue import LOST, WATCH_FACTOR
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext


class OperatorWatchPolicy(Group):
    """How much and how long."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            CUSTOMS_TOGETHER,
            Text("arrangement to exchange results on operators", "交換營運商查驗結果的安排", "交换运营人查验结果的安排"),
            ("customs",),
        ),
    )

    factor: float = parameter(
        1.0,
        label=Text("Selection factor after a find", "查獲後的抽查倍數", "查获后的查验倍数"),
        meaning="Factor on the selection rates of an operator's consignments after a find on one of its flights; 1 is no watch.",
        source="that a find weighs in later risk scores is general practice; no figure found",
        status=Status.GUESS,
        bounds=(1, 50),
        plausible=(1, 10),
    )
    period: Duration = parameter(
        "30 d",
        label=Text("Length of the watch", "加強抽查期", "加强查验期"),
        meaning="How long after the planned departure of the flight with the find the factor holds; a new find begins it anew.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "3660 d"),
        plausible=("7 d", "180 d"),
        needs=IsAbove("policy.operator_watch.factor", 5.0, limit=1.0),
    )


EXAMINED = tuple(place for place in PLACES if place != "late")
FINDS = Fact[Bools]("finds_so_far", bool, "flight", "contraband would be found on the flight, by the round of decisions before")


def decide(context: PlanningContext, policy: OperatorWatchPolicy, world: None) -> FactValues:
    """The factor of each flight by the finds that are known of."""
    n = len(context.flights)
    finds: Bools = context.facts.get(FINDS, np.zeros(n, dtype=np.bool_))
    return {WATCH_FACTOR: np.where(_under_watch(context, finds, policy.period), policy.factor, 1.0)}


def _under_watch(context: PlanningContext, finds: Bools, period_s: float) -> Bools:
    """Shape (n,): planned later than a find of the same operator, by no more than the period."""
    planned_s, operator = context.flights.planned_departure_s, context.flights.operator
    watched = np.zeros(len(planned_s), dtype=np.bool_)
    for number in np.unique(operator[finds]):
        flights = np.flatnonzero(operator == number)
        watched[flights] = at_most(_since_last(planned_s[flights], planned_s[flights[finds[flights]]]), period_s)
    return watched


def _since_last(instants_s: Floats, events_s: Floats) -> Floats:
    """Shape of `instants_s`: time since the last event before each; inf where there is none. Both in rising order."""
    before = np.searchsorted(events_s, instants_s, side="left")
    last_s = np.concatenate([[-np.inf], events_s])[before]
    return np.asarray(instants_s - last_s)


def learn(context: PlanningContext, policy: OperatorWatchPolicy, world: None) -> FactValues:
    """The flights on which the decisions of this round find contraband; the full inspection of late files is left out."""
    if policy.factor == 1.0:
        return {}
    finds = np.zeros(len(context.consignments), dtype=np.bool_)
    for place in EXAMINED:
        finds |= context.facts.get(FOUND[place], finds)  # a regime may examine at one end only
    return {FINDS: context.consignments.any_of_flight(finds, len(context.flights)) & ~context.facts[LOST]}


def check(policy: OperatorWatchPolicy, world: None, scenario: Any) -> Sequence[Problem]:
    """A boosted study would watch operators for contraband that is not there."""
    return not_boosted(scenario, "policy.operator_watch.factor", policy.factor != 1.0, "1.0")


OPERATOR_WATCH = Feature(
    key="operator_watch",
    label=Text("Operator watch", "營運商加強抽查", "运营人加强布控"),
    policy=OperatorWatchPolicy,
    reads=(LOST, *(FOUND[place] for place in EXAMINED)),
    writes=(WATCH_FACTOR,),
    learns=(FINDS,),
    decide=decide,
    learn=learn,
    check=check,
)
