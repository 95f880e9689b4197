"""Document check: the amber channel. Officers of each side read the documents; some flights are refused."""

from collections.abc import Sequence
from typing import ClassVar

from sim.ground.arrays import Bools
from sim.ground.condition import IsAbove, IsGiven, either
from sim.ground.instrument import CUSTOMS_EACH, Instrument
from sim.ground.parameter import BySide, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.fact_catalogue import AMBER, CUSTOMS_PRIORITY, DECIDED_BEFORE_DEPARTURE
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext, StageUse
from sim.model.outcome import Outcome
from sim.model.plan import NEVER
from sim.model.process import (
    CLEARED,
    DECIDED,
    DEPARTURE_PERMITTED,
    INSPECTED_DESTINATION,
    LATE_CLEARANCE,
    NO_DATA,
    SCREENED,
    UNLOADED,
    Signal,
)
from sim.model.stage import ENDS, PoolKind, Stage, by_role

AMBER_FLIGHTS = either(
    IsAbove("policy.risk_screening.amber_rate", "50%"),
    IsAbove("world.risk_screening.faulty_share", "50%"),
    IsGiven("world.demand.schedule"),
)


class DocumentCheckPolicy(Group):
    """Who checks documents, and when they are on duty."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(CUSTOMS_EACH, Text("posts", "崗位及編制", "岗位及编制"), ("customs",)),
    )

    officers: BySide[Servers] = parameter(
        1,
        label=Text("Document officers", "審單人員", "审单人员"),
        meaning=(
            'Customs officers on duty who check documents, by side; shifts are written by clock time, as in {"07:00": 3,'
            ' "19:00": 1}.'
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 500),
        plausible=(1, 6),
    )


class DocumentCheckWorld(Group):
    """How long a check takes and what comes of it."""

    service_time: BySide[DurationLaw] = parameter(
        {"lognormal": {"mean": "10 min", "cv": 0.6}},
        label=Text("Time of a document check", "文件審核用時", "单证审核用时"),
        meaning="An officer's time to check the documents of one flight in the amber channel.",
        source=(
            "Japan, air: declaration to permit 0.3 h = 18 min, waiting included (jiffa.or.jp, 2015 and 2024); the officer's part"
            " is a guess"
        ),
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("2 min", "30 min"),
        needs=AMBER_FLIGHTS,
    )
    refusal_share: Share = parameter(
        "0.5%",
        label=Text("Share refused", "不予放行比例", "不予放行比例"),
        meaning="Share of document checks that end in a refusal of the flight.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0%", "3%"),
        needs=AMBER_FLIGHTS,
    )


SERVICE = {role: Stream(f"document_check.service.{role}") for role in ENDS}
REFUSES = {role: Stream(f"document_check.refuses.{role}") for role in ENDS}
REFUSED = Fact[Bools]("documents_refused", bool, "flight", "the document check of a side refuses the flight")

DOCUMENTS = by_role("documents", Text("document check, {at}", "文件審核（{at}）", "单证审核（{at}）"), "documents")
REFUSAL = Stage("refusal", Text("refusal before departure", "起飛前不予放行", "起飞前不予放行"), "shared", "documents")
REFUSAL_MARK = Stage("refusal_mark", Text("refusal on arrival", "抵達後不予放行", "抵达后不予放行"), "shared", "documents")
OFFICERS = PoolKind("document_officers", Text("document officers", "審單人員", "审单人员"), "officer", in_port_hours=True)


def decide(context: PlanningContext, policy: DocumentCheckPolicy, world: DocumentCheckWorld) -> FactValues:
    """Which flights a document check refuses."""
    refused = [context.facts[AMBER[role]] & (context.draw(REFUSES[role]) < world.refusal_share) for role in ENDS]
    return {REFUSED: refused[0] | refused[1]}


def build(context: PlanningContext, policy: DocumentCheckPolicy, world: DocumentCheckWorld) -> Sequence[StageUse]:
    """The checks of both sides, and the refusal: before take-off, or carried to the closing stage."""
    checks = [
        StageUse(
            DOCUMENTS[role],
            after=(SCREENED[role],),
            precedes=(DECIDED[role],),
            unless_given_up=(NO_DATA[role],),
            visits=context.facts[AMBER[role]],
            pool=context.pools_by_side(OFFICERS, policy.officers, role),
            service_s=context.sample(world.service_time, role, context.draw(SERVICE[role])),
            priority=context.facts[CUSTOMS_PRIORITY],
        )
        for role in ENDS
    ]
    before = context.facts[DECIDED_BEFORE_DEPARTURE]
    return [*checks, _refusal_before_departure(context) if before else _refusal_on_arrival(context)]


def _refusal_before_departure(context: PlanningContext) -> StageUse:
    """A flight that goes on without its decision is inspected in full on arrival instead of being refused."""
    return StageUse(
        REFUSAL,
        after=(CLEARED,),
        precedes=(DEPARTURE_PERMITTED,),
        unless_given_up=(Signal.UNCLEARED, *NO_DATA.values()),
        visits=context.facts[REFUSED],
        ends=Outcome.REFUSED,
    )


def _refusal_on_arrival(context: PlanningContext) -> StageUse:
    """A marker: the aircraft is on its way, so the flight goes on and its closing stage carries the refusal."""
    return StageUse(
        REFUSAL_MARK,
        after=(CLEARED, UNLOADED),
        precedes=(INSPECTED_DESTINATION,),
        unless_given_up=(*LATE_CLEARANCE, Signal.DIVERTED),
        raises=(Signal.NOT_RELEASED,),
        visits=context.facts[REFUSED],
        pool=NEVER,
        patience_s=0.0,
    )


DOCUMENT_CHECK = Feature(
    key="document_check",
    label=Text("Document check", "文件審核", "单证审核"),
    policy=DocumentCheckPolicy,
    world=DocumentCheckWorld,
    streams=(*SERVICE.values(), *REFUSES.values()),
    reads=(AMBER["origin"], AMBER["destination"], CUSTOMS_PRIORITY, DECIDED_BEFORE_DEPARTURE),
    writes=(REFUSED,),
    stages=(*DOCUMENTS.values(), REFUSAL, REFUSAL_MARK),
    pools=(OFFICERS,),
    decide=decide,
    build=build,
)
