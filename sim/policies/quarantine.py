"""Quarantine: the Q of customs, immigration and quarantine. Each side calls some food, medical goods and samples for a check.

A called consignment is examined by a quarantine officer, beside customs' own examination where the two share a
place, or after it, with a way between, where quarantine has a place of its own. Some are kept back.
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Bools
from sim.ground.condition import IsAbove, both, either, is_one_of
from sim.ground.instrument import Instrument
from sim.ground.parameter import BySide, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.examination import EXAMINATIONS, INSPECTED_IN_YARD, WITHHELD, Withholding
from sim.model.fact_catalogue import CUSTOMS_PRIORITY, DECIDED_BEFORE_DEPARTURE
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext, StageUse
from sim.model.process import (
    CLEARED,
    EXAMINATION_STEPS,
    INSPECTED_DESTINATION,
    INSPECTED_ORIGIN,
    LOADED,
    SCREENED,
    UNLOADED,
    Milestone,
    Signal,
)
from sim.model.stage import ENDS, PoolKind, Role, by_role
from sim.world.goods import GOODS, GOODS_KEYS
from sim.world.mix import Factors

CALLS_GOODS = both(
    either(IsAbove("policy.quarantine.import_rate", "50%"), IsAbove("policy.quarantine.export_rate", "50%")),
    IsAbove("policy.quarantine.goods_factor", {"food": 1.0}),
)
CARRIES_GOODS = either(is_one_of("policy.quarantine.place", "own"), is_one_of("policy.inspection.site", "yard"))


class QuarantinePolicy(Group):
    """How much is called, and who checks it where."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            Text("Each side's quarantine authority", "兩地檢疫部門各自決定", "两地检疫部门各自决定"),
            Text("each side's own law, and posts", "各自的法例及人手編制", "各自的法律及人员编制"),
            ("quarantine",),
        ),
    )

    export_rate: BySide[Share] = parameter(
        "2%",
        label=Text("Export quarantine rate", "出口檢疫抽查率", "出境检疫抽查率"),
        meaning="Share of consignments subject to quarantine that the side of origin calls for a check.",
        source="liaison with customs, immigration and quarantine is an aim of the sandbox (tlb.gov.hk); no rate found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0%", "10%"),
        needs=IsAbove("policy.quarantine.goods_factor", {"food": 1.0}),
    )
    import_rate: BySide[Share] = parameter(
        "5%",
        label=Text("Import quarantine rate", "進口檢疫抽查率", "进境检疫抽查率"),
        meaning="Share of consignments subject to quarantine that the side of destination calls for a check.",
        source="liaison with customs, immigration and quarantine is an aim of the sandbox (tlb.gov.hk); no rate found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("1%", "30%"),
        needs=IsAbove("policy.quarantine.goods_factor", {"food": 1.0}),
    )
    goods_factor: Annotated[dict[str, float], Factors(GOODS_KEYS)] = parameter(
        {"parcel": 0.0, "document": 0.0, "food": 1.0, "medical": 1.0, "electronics": 0.0},
        label=Text("Quarantine factor by goods", "各類貨物的檢疫倍數", "各类货物的检疫倍数"),
        meaning="Factor on the quarantine rates for each class of goods (0: not subject); classes left out have factor 1.",
        source="food, medical goods and live samples are what quarantine checks; the equal weight is a guess",
        status=Status.GUESS,
        bounds=(0, 20),
        needs=either(IsAbove("policy.quarantine.import_rate", "50%"), IsAbove("policy.quarantine.export_rate", "50%")),
    )
    officers: BySide[Servers] = parameter(
        1,
        label=Text("Quarantine officers", "檢疫人員", "检疫人员"),
        meaning="Quarantine officers on duty at each vertiport of a side, or in its yard; shifts by clock time.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 100),
        plausible=(1, 3),
        needs=CALLS_GOODS,
    )
    place: Literal["with_customs", "own"] = parameter(
        "with_customs",
        label=Text("Place of quarantine", "檢疫地點", "检疫地点"),
        meaning=(
            "Whether quarantine checks at customs' place, while customs examines other consignments of the flight, or at a place"
            " of its own to which goods are carried after customs has finished."
        ),
        source="five agencies of two sides work in one lane at Hengqin (newsgd.com, Mar 2024)",
        status=Status.STATED,
        needs=CALLS_GOODS,
    )


class QuarantineWorld(Group):
    """How long a check takes and what comes of it."""

    check_time: DurationLaw = parameter(
        {"lognormal": {"mean": "8 min", "cv": 0.6}},
        label=Text("Quarantine check of a consignment", "每件檢疫用時", "每件检疫用时"),
        meaning="An officer's time for one called consignment.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("3 min", "30 min"),
        needs=CALLS_GOODS,
    )
    transfer_time: DurationLaw = parameter(
        {"lognormal": {"mean": "10 min", "cv": 0.3}},
        label=Text("Way to the quarantine place", "轉運至檢疫地點用時", "转运至检疫地点用时"),
        meaning="Time to carry a flight's called consignments to quarantine's own place, or to the yard for it alone.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("3 min", "60 min"),
        needs=both(CALLS_GOODS, CARRIES_GOODS),
    )
    withheld_share: Share = parameter(
        "2%",
        label=Text("Share kept back", "檢疫扣留比例", "检疫扣留比例"),
        meaning="Share of checked consignments that quarantine keeps back; the rest of the flight goes on.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0.1%", "10%"),
        needs=CALLS_GOODS,
    )


CALLS = {role: Stream(f"quarantine.calls.{role}", per="consignment") for role in ENDS}
CHECK_TIME = {role: Stream(f"quarantine.check.{role}", per="consignment") for role in ENDS}
TRANSFER = {role: Stream(f"quarantine.transfer.{role}") for role in ENDS}
WITHHOLDS = {role: Stream(f"quarantine.withholds.{role}", per="consignment") for role in ENDS}

CALLED = {
    role: Fact[Bools](f"quarantine_{role}", bool, "consignment", f"called by the quarantine of the side of {role}")
    for role in ENDS
}
CARRY = by_role(
    "quarantine_transfer", Text("way to quarantine, {at}", "轉運至檢疫地點（{at}）", "转运至检疫地点（{at}）"), "quarantine"
)
CHECK = by_role("quarantine", Text("quarantine check, {at}", "檢疫（{at}）", "检疫（{at}）"), "quarantine")
OFFICERS = PoolKind("quarantine_officers", Text("quarantine officers", "檢疫人員", "检疫人员"), "quarantine", in_port_hours=True)
BEGINS: dict[Role, tuple[Milestone, ...]] = {"origin": (LOADED,), "destination": (UNLOADED, CLEARED)}
CUSTOMS_DONE: dict[Role, tuple[Milestone, ...]] = {
    "origin": (EXAMINATION_STEPS["origin"][-1],),
    "destination": (EXAMINATION_STEPS["destination"][-1], EXAMINATION_STEPS["late"][-1]),
}
PRESENTED: dict[Role, tuple[Milestone, ...]] = {
    "origin": (EXAMINATION_STEPS["origin"][0],),
    "destination": (EXAMINATION_STEPS["destination"][0], EXAMINATION_STEPS["late"][0]),
}
REACHED: dict[Role, Milestone] = {"origin": INSPECTED_ORIGIN, "destination": INSPECTED_DESTINATION}


def decide(context: PlanningContext, policy: QuarantinePolicy, world: QuarantineWorld) -> FactValues:
    """Which consignments each side's quarantine calls, and which of them it keeps back."""
    rates = {"origin": policy.export_rate, "destination": policy.import_rate}
    factor = np.array([policy.goods_factor[goods.key] for goods in GOODS])[context.consignments.goods]
    called = {
        role: context.draw(CALLS[role]) < context.flights.by_side(rates[role], role)[context.consignments.flight] * factor
        for role in ENDS
    }
    withheld = {role: called[role] & (context.draw(WITHHOLDS[role]) < world.withheld_share) for role in ENDS}
    called["destination"] &= ~withheld["origin"]  # what is kept back at the origin does not come to be called again
    withheld["destination"] &= ~withheld["origin"]
    kept = tuple(Withholding(CHECK[role].key, withheld[role]) for role in ENDS)
    return {**{CALLED[role]: called[role] for role in ENDS}, WITHHELD: kept}


def build(context: PlanningContext, policy: QuarantinePolicy, world: QuarantineWorld) -> Sequence[StageUse]:
    """For each side the check of a flight's called consignments, and the way there where customs does not bring them.

    At the origin goods are called once the selection is known, as by customs; without data nothing is called there. In
    customs' yard quarantine begins when the goods have been presented there; those of flights that customs does not
    examine are carried there for quarantine alone.
    """
    uses: list[StageUse] = []
    in_yard = policy.place == "with_customs" and context.facts[INSPECTED_IN_YARD]
    for role in _checking(context, policy):
        known = CLEARED if context.facts[DECIDED_BEFORE_DEPARTURE] else SCREENED["origin"]
        after: tuple[Any, ...] = (*BEGINS[role], known) if role == "origin" else BEGINS[role]
        if policy.place == "own":
            uses.append(_carrying(context, policy, world, role, (*after, *CUSTOMS_DONE[role]), _called(context, role)))
            after = (CARRY[role],)
        elif in_yard:
            alone = _called(context, role) & ~_examined_by_customs(context, role)
            uses.append(_carrying(context, policy, world, role, after, alone))
            after = (CARRY[role], *PRESENTED[role])
        uses.append(_check(context, policy, world, role, after))
    return uses


def _called(context: PlanningContext, role: Role) -> Bools:
    """Shape (n,): flights with a consignment that the quarantine of that role's side calls."""
    return context.consignments.any_of_flight(context.facts[CALLED[role]], len(context.flights))


def _examined_by_customs(context: PlanningContext, role: Role) -> Bools:
    """Shape (n,): flights whose goods customs has brought to its place at that end, late files left out."""
    brought = np.zeros(len(context.flights), dtype=np.bool_)
    for examination in context.facts[EXAMINATIONS]:
        if examination.place == role:
            brought |= context.consignments.any_of_flight(examination.examined, len(context.flights))
    return brought


def _unless(context: PlanningContext, policy: QuarantinePolicy, role: Role) -> tuple[Signal, ...]:
    """The signals without which a side's quarantine sees the flight: as customs' own examination there."""
    if role == "origin":
        known = (Signal.UNCLEARED, Signal.NO_DATA_ORIGIN, Signal.NO_DATA_DESTINATION)
        return known if context.facts[DECIDED_BEFORE_DEPARTURE] else (Signal.NO_DATA_ORIGIN,)
    return (Signal.DIVERTED, Signal.NOT_RELEASED) if policy.place == "own" else (Signal.DIVERTED,)


def _checking(context: PlanningContext, policy: QuarantinePolicy) -> list[Role]:
    """The ends at which anything can be called; where nothing can, no flight waits to be told so."""
    rates = {"origin": policy.export_rate, "destination": policy.import_rate}
    subject = any(policy.goods_factor.values())
    return [role for role in ENDS if subject and any(rates[role][side] for side in context.flights.sides)]


def _carrying(
    context: PlanningContext, policy: QuarantinePolicy, world: QuarantineWorld, role: Role, after: tuple[Any, ...], carried: Bools
) -> StageUse:
    return StageUse(
        CARRY[role],
        after,
        unless_given_up=_unless(context, policy, role),
        visits=carried,
        service_s=world.transfer_time.quantile(context.draw(TRANSFER[role])),
    )


def _check(
    context: PlanningContext, policy: QuarantinePolicy, world: QuarantineWorld, role: Role, after: tuple[Any, ...]
) -> StageUse:
    called = context.facts[CALLED[role]]
    check_s = world.check_time.quantile_where(called, context.draw(CHECK_TIME[role]))
    return StageUse(
        CHECK[role],
        after,
        precedes=(REACHED[role],),
        unless_given_up=_unless(context, policy, role),
        visits=_called(context, role),
        pool=context.pools_at_site(OFFICERS, policy.officers, role, in_yard=context.facts[INSPECTED_IN_YARD]),
        service_s=context.consignments.sum_of_flight(check_s, len(context.flights)),
        priority=context.facts[CUSTOMS_PRIORITY],
    )


QUARANTINE = Feature(
    key="quarantine",
    label=Text("Quarantine", "檢疫", "检疫"),
    policy=QuarantinePolicy,
    world=QuarantineWorld,
    streams=(*CALLS.values(), *CHECK_TIME.values(), *TRANSFER.values(), *WITHHOLDS.values()),
    reads=(DECIDED_BEFORE_DEPARTURE, INSPECTED_IN_YARD, CUSTOMS_PRIORITY, EXAMINATIONS),
    writes=(*CALLED.values(), WITHHELD),
    stages=(*CARRY.values(), *CHECK.values()),
    pools=(OFFICERS,),
    decide=decide,
    build=build,
)
