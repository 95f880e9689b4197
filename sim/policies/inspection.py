"""Inspection regime: who examines which consignments, at whose site, and whether the other side accepts the result.

The regime orders examinations; the means (x-ray, manual opening, others) are features of their own and
take their places in the sequence that the regime sets.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Bools
from sim.ground.condition import IsAbove, both, is_one_of
from sim.ground.errors import Problem, contradiction
from sim.ground.instrument import CUSTOMS_EACH, CUSTOMS_TOGETHER, GOVERNMENTS, OFFICERS_ABROAD, ON_LAND, Instrument
from sim.ground.parameter import DurationLaw, Group, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import COMMA, Text
from sim.model.boost import not_boosted
from sim.model.examination import (
    EXAMINATIONS,
    FOUND,
    INSPECTED_IN_YARD,
    PLACES,
    SELECTION_CHANCES,
    SEQUENCE,
    SITE_ROLE,
    Chances,
    Examination,
    Place,
    Staffing,
    stages_by_place,
)
from sim.model.fact_catalogue import DECIDED_BEFORE_DEPARTURE, RED, RED_CONSIGNMENT
from sim.model.facts import FactValues
from sim.model.feature import Feature, PlanningContext, StageUse
from sim.model.outcome import Outcome
from sim.model.plan import NEVER
from sim.model.process import (
    AIRCRAFT_FREED,
    CLEARED,
    EXAMINATION_STEPS,
    INSPECTED_DESTINATION,
    INSPECTED_ORIGIN,
    LATE_CLEARANCE,
    LOADED,
    MAX_EXAMINATION_STEPS,
    SCREENED,
    UNLOADED,
    Signal,
)
from sim.model.stage import ENDS, Mark, Role, Stage

RECOGNISING = is_one_of("policy.inspection.regime", "recognise")
RECOGNISED_AT_ALL = both(RECOGNISING, IsAbove("policy.inspection.recognition", "80%"))
LOCKED, UNLOCKED = (is_one_of("policy.inspection.e_lock", locked) for locked in (True, False))


class InspectionPolicy(Group):
    """Regime, recognition, sites, sequence, and what a find does to the rest of the flight."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            GOVERNMENTS,
            OFFICERS_ABROAD,
            ("customs",),
            ("regime", "co_location_site"),
            ON_LAND,
        ),
        Instrument(
            CUSTOMS_TOGETHER,
            Text(
                "arrangement to recognise inspection results; Single E-lock Scheme for flights",
                "互認查驗結果的安排，並將跨境一鎖計劃擴展至航班",
                "互认查验结果的安排，并将跨境一锁扩展至航班",
            ),
            ("customs",),
            ("regime=recognise", "recognition", "e_lock"),
        ),
        Instrument(CUSTOMS_EACH, Text("working instruction", "內部工作指引", "内部工作规程"), ("customs",)),
    )

    regime: Literal["check_twice", "recognise", "co_located", "one_stop"] = parameter(
        "check_twice",
        label=Text("Inspection regime", "查驗模式", "查验模式"),
        meaning=(
            "Each side inspects what it selects (check twice); the side of destination recognises the other's result; both sides"
            " stand at one site and inspect in turn (co-located); or one joint inspection at the origin before departure"
            " (one-stop)."
        ),
        source="insufficient mutual recognition is named as today's state (China Daily HK 627887, Jan 2026)",
        status=Status.STATED,
    )
    recognition: Share = parameter(
        "80%",
        label=Text("Recognition", "結果互認比例", "结果互认比例"),
        meaning=(
            "Under the regime recognise: share of flights inspected at the origin whose result the side of destination accepts,"
            " if the seal holds."
        ),
        source=(
            "no figure found; 80% of air-land transhipment cargo used a scheme of its kind (customs.gov.hk, 15 Mar 2016), which"
            " is its take-up; swept 0 to 100%"
        ),
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0%", "100%"),
        needs=RECOGNISING,
    )
    e_lock: bool = parameter(
        True,
        label=Text("E-lock", "跨境一鎖（電子鎖）", "跨境一锁（电子关锁）"),
        meaning=(
            "Under the regime recognise: whether inspected flights are sealed with an electronic lock that both sides monitor."
        ),
        source=(
            "Single E-lock Scheme: for transhipment: one lock, separate monitoring, fewer inspections twice (customs.gov.hk,"
            " SELS)"
        ),
        status=Status.DERIVED,
        needs=RECOGNISING,
    )
    co_location_site: Literal["origin", "destination"] = parameter(
        "destination",
        label=Text("Site of co-location", "一地兩檢地點", "一地两检地点"),
        meaning="Under the regime co-located: at which end of the flight both sides stand.",
        source="the model's choice; Huanggang's collaborative inspection has one hall (prologuejournal)",
        status=Status.GUESS,
        needs=is_one_of("policy.inspection.regime", "co_located"),
    )
    site: Literal["pad", "yard"] = parameter(
        "pad",
        label=Text("Place of inspection", "查驗場地", "查验场地"),
        meaning=(
            "At the vertiport, or in a yard off the site, shared by all vertiports of the side, to which consignments are"
            " carried."
        ),
        source="off-site and shared yards are discussed because landing sites are scarce (China Daily HK 627887, Jan 2026)",
        status=Status.STATED,
    )
    hold_pad: bool = parameter(
        False,
        label=Text("Aircraft waits for the inspection", "航空器等候查驗", "航空器等候查验"),
        meaning="Whether the aircraft stays on its pad until customs has cleared and examined the goods at the destination.",
        source="no rule found",
        status=Status.GUESS,
    )
    sequence: tuple[str, ...] = parameter(
        ("xray", "open"),
        label=Text("Sequence of means", "查驗手段次序", "查验手段次序"),
        meaning=(
            "Order of the means. Manual opening comes last: it opens what an earlier means raised an alarm on, or all if it"
            " stands alone."
        ),
        source="x-ray before opening is common practice",
        status=Status.RECALLED,
    )
    on_find: Literal["take_parcel", "hold_flight"] = parameter(
        "take_parcel",
        label=Text("After a find", "查獲後的處理", "查获后的处理"),
        meaning="Whether a find takes the parcel only, or the rest of the flight is detained with it.",
        source="no rule found",
        status=Status.GUESS,
    )


class InspectionWorld(Group):
    """Handling times and the lock."""

    handling_time: DurationLaw = parameter(
        {"lognormal": {"mean": "8 min", "cv": 0.5}},
        label=Text("Presenting a flight's goods", "交驗用時", "交验用时"),
        meaning="Time to take out, present and bring back the consignments that are to be examined, for each examination.",
        source="no figure found; physical inspections of 10 to 60 min are usual in time release studies (recalled)",
        status=Status.GUESS,
        bounds=("0 s", "2 h"),
        plausible=("1 min", "30 min"),
    )
    yard_transfer: DurationLaw = parameter(
        {"lognormal": {"mean": "12 min", "cv": 0.3}},
        label=Text("Way to the yard", "轉運至查驗場用時", "转运至查验场用时"),
        meaning="Time to carry the consignments to the inspection yard (place of inspection: yard).",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("5 min", "60 min"),
        needs=is_one_of("policy.inspection.site", "yard"),
    )
    seal_time: DurationLaw = parameter(
        "1 min",
        label=Text("Sealing", "施封用時", "施封用时"),
        meaning="Time to fit the electronic lock.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("20 s", "5 min"),
        needs=both(RECOGNISING, LOCKED),
    )
    lock_fault: Share = parameter(
        "2%",
        label=Text("Faulty locks", "電子鎖故障率", "电子关锁故障率"),
        meaning="Share of electronic locks that do not hold the trust: the result is then not recognised.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0.5%", "10%"),
        needs=both(RECOGNISED_AT_ALL, LOCKED),
    )
    trust_without_lock: Share = parameter(
        "50%",
        label=Text("Trust without a lock", "無電子鎖時的信任程度", "无电子关锁时的信任程度"),
        meaning="Factor on the recognition where no lock is fitted.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0%", "90%"),
        needs=both(RECOGNISED_AT_ALL, UNLOCKED),
    )


HANDLING = {place: Stream(f"inspection.handling.{place}") for place in PLACES}
TRANSFER = {place: Stream(f"inspection.transfer.{place}") for place in PLACES}
SEAL_TIME = Stream("inspection.seal")
RECOGNISED = Stream("inspection.recognised")
LOCK_FAULT = Stream("inspection.lock_fault")


PRESENT = stages_by_place("present", Text("presenting goods", "交驗", "交验"))
DETAIN = stages_by_place("detain", Text("detention after a find", "查獲後扣留", "查获后扣留"), (Mark.DETENTION,))
OWN_PLACES: tuple[Place, Place] = ("origin", "destination")
SEAL = Stage("seal", Text("sealing with an e-lock", "施加電子鎖", "施加电子关锁"), "origin", "inspection")
LET_GO = Stage(
    "customs_lets_go",
    Text("customs lets the aircraft go", "海關准許航空器離開", "海关准许航空器离开"),
    "destination",
    "inspection",
)
REACHED = {"origin": INSPECTED_ORIGIN, "destination": INSPECTED_DESTINATION, "late": INSPECTED_DESTINATION}


def decide(context: PlanningContext, policy: InspectionPolicy, world: InspectionWorld) -> FactValues:
    """The examinations that the regime orders."""
    red: dict[Role, Bools] = {role: _selected(context, role) for role in ENDS}
    screened = context.facts[SELECTION_CHANCES]
    chances = dict(screened.of_role)
    if policy.regime == "recognise":
        accepted = _recognised(context, policy, world)[context.consignments.flight]
        red["destination"] = red["destination"] & ~(red["origin"] & accepted)
        chances["destination"] = chances["destination"].less(screened.both, _recognition(policy, world))
    both: tuple[dict[Role, Bools], dict[Role, Chances], Chances] = red, chances, screened.either
    if policy.regime == "one_stop":
        planned = [_examination(context, "origin", *both, "joint")]
    elif policy.regime == "co_located":
        planned = [_examination(context, policy.co_location_site, *both, "in_turn")]
    else:
        planned = [
            _examination(context, place, {role: red[role]}, {role: chances[role]}, chances[role], "own")
            for place, role in ((place, SITE_ROLE[place]) for place in OWN_PLACES)
        ]
    everything = np.ones(len(context.consignments), dtype=np.bool_)
    certain = Chances(*(everything.astype(np.float64),) * 2)
    late = _examination(context, "late", {"destination": everything}, {"destination": certain}, certain, "own")
    return {EXAMINATIONS: (*planned, late), SEQUENCE: policy.sequence, INSPECTED_IN_YARD: policy.site == "yard"}


def _examination(
    context: PlanningContext,
    place: Place,
    selected: dict[Role, Bools],
    chances: dict[Role, Chances],
    chance: Chances,
    staffing: Staffing,
) -> Examination:
    """An examination on its path: the late one if clearance was late, the others unless it was."""
    if_given_up: tuple[Signal, ...] = LATE_CLEARANCE if place == "late" else ()
    unless: tuple[Signal, ...]
    if place == "late":
        unless = (Signal.DIVERTED,)
    elif place == "destination":
        unless = (*LATE_CLEARANCE, Signal.DIVERTED)
    elif context.facts[DECIDED_BEFORE_DEPARTURE]:
        unless = (Signal.UNCLEARED, Signal.NO_DATA_ORIGIN, Signal.NO_DATA_DESTINATION)
    else:
        unless = (Signal.NO_DATA_ORIGIN,)
    return Examination(place, SITE_ROLE[place], selected, chances, chance, staffing, if_given_up, unless, PRESENT[place].key)


def _selected(context: PlanningContext, role: Role) -> Bools:
    """Shape (m,): red consignments of red flights; a flight that a trace sends to red shows its first consignment."""
    of_flight, red_flight = context.consignments.flight, context.facts[RED[role]]
    red: Bools = context.facts[RED_CONSIGNMENT[role]] & red_flight[of_flight]
    bare = red_flight & ~context.consignments.any_of_flight(red, len(context.flights))
    first = np.r_[True, of_flight[1:] != of_flight[:-1]] if len(of_flight) else np.zeros(0, dtype=np.bool_)
    return np.asarray(red | (first & bare[of_flight]))


def _recognised(context: PlanningContext, policy: InspectionPolicy, world: InspectionWorld) -> Bools:
    """Shape (n,): the side of destination would accept the origin's result for this flight."""
    held = context.draw(LOCK_FAULT) >= world.lock_fault
    trust = np.where(held, policy.recognition, 0.0) if policy.e_lock else policy.recognition * world.trust_without_lock
    return context.draw(RECOGNISED) < trust


def _recognition(policy: InspectionPolicy, world: InspectionWorld) -> float:
    """How likely that is, whatever the flight."""
    return policy.recognition * (1.0 - world.lock_fault if policy.e_lock else world.trust_without_lock)


def build(context: PlanningContext, policy: InspectionPolicy, world: InspectionWorld) -> Sequence[StageUse]:
    """Presenting the goods, sealing, detention, and the aircraft's leave to go."""
    uses: list[StageUse] = []
    for examination in context.facts[EXAMINATIONS]:
        uses.append(_presenting(context, policy, world, examination))
        if policy.on_find == "hold_flight":
            uses.append(_detention(context, examination))
    if policy.regime == "recognise" and policy.e_lock:
        uses.append(_sealing(context, world))
    if policy.hold_pad:
        uses.append(
            StageUse(
                LET_GO, (EXAMINATION_STEPS["destination"][-1], EXAMINATION_STEPS["late"][-1]), (AIRCRAFT_FREED,), visits=False
            )
        )
    return uses


def _presenting(context: PlanningContext, policy: InspectionPolicy, world: InspectionWorld, examination: Examination) -> StageUse:
    """At the origin, goods are presented once they are loaded and the selection is known."""
    place = examination.place
    service_s = world.handling_time.quantile(context.draw(HANDLING[place]))
    if policy.site == "yard":
        service_s = service_s + world.yard_transfer.quantile(context.draw(TRANSFER[place]))
    known = CLEARED if context.facts[DECIDED_BEFORE_DEPARTURE] else SCREENED["origin"]
    return StageUse(
        PRESENT[place],
        after=(LOADED, known) if place == "origin" else (UNLOADED, CLEARED),
        precedes=(EXAMINATION_STEPS[place][0],),
        if_given_up=examination.if_given_up,
        unless_given_up=examination.unless_given_up,
        visits=context.consignments.any_of_flight(examination.examined, len(context.flights)),
        service_s=service_s,
    )


def _detention(context: PlanningContext, examination: Examination) -> StageUse:
    """A find holds the rest of the flight: before take-off it ends there; on arrival the closing stage carries it."""
    place = examination.place
    with_find = context.consignments.any_of_flight(context.facts[FOUND[place]], len(context.flights))
    use = StageUse(
        DETAIN[place],
        after=(EXAMINATION_STEPS[place][-1],),
        precedes=(REACHED[place],),
        if_given_up=examination.if_given_up,
        unless_given_up=examination.unless_given_up,
        visits=with_find,
    )
    if place == "origin":
        return replace(use, unless_given_up=(*use.unless_given_up, Signal.NO_OFFICER), ends=Outcome.REFUSED)
    return replace(use, raises=(Signal.NOT_RELEASED,), pool=NEVER, patience_s=0.0)


def _sealing(context: PlanningContext, world: InspectionWorld) -> StageUse:
    inspected = context.consignments.any_of_flight(context.facts[EXAMINATIONS][0].examined, len(context.flights))
    return StageUse(
        SEAL,
        after=(EXAMINATION_STEPS["origin"][-1],),
        precedes=(INSPECTED_ORIGIN,),
        unless_given_up=context.facts[EXAMINATIONS][0].unless_given_up,
        visits=inspected,
        service_s=world.seal_time.quantile(context.draw(SEAL_TIME)),
    )


_AT_ORIGIN = Text(
    "both sides inspect at the origin only if both decide before departure",
    "兩地須於起飛前作出決定，方可同在起點查驗",
    "两地须在起飞前作出决定，才能同在起点查验",
)


_WITH_ARRIVAL = Text(
    "{regime}, with policy.pre_clearance.decision: on_arrival",
    "{regime}，而 policy.pre_clearance.decision 為 on_arrival",
    "{regime}，而 policy.pre_clearance.decision 为 on_arrival",
)
_OTHER_REGIME = Text(
    "decision: before_departure, or another regime",
    "decision: before_departure，或另一查驗模式",
    "decision: before_departure，或另一查验模式",
)
_SEQUENCE = Text(
    f"each means stands once in the sequence, at most {MAX_EXAMINATION_STEPS} in all, and manual opening (open) comes last",
    f"查驗次序內每種手段只可列一次，最多 {MAX_EXAMINATION_STEPS} 種，最後一項須為開箱查驗（open）",
    f"查验顺序内每种手段只可列一次，最多 {MAX_EXAMINATION_STEPS} 种，最后一项须为开箱查验（open）",
)


def check(policy: InspectionPolicy, world: InspectionWorld, scenario: Any) -> Sequence[Problem]:
    """The regime must fit the time of the decision, and the sequence must end with manual opening."""
    problems = not_boosted(scenario, "policy.inspection.on_find", policy.on_find == "hold_flight", "take_parcel")
    by_site = policy.regime == "co_located" and policy.co_location_site == "origin"
    at_origin = policy.regime == "one_stop" or by_site
    if at_origin and scenario.policy.pre_clearance.decision != "before_departure":
        problems.append(
            contradiction(
                _AT_ORIGIN,
                "policy.inspection.regime",
                ("policy.pre_clearance.decision", *(["policy.inspection.co_location_site"] if by_site else [])),
                value=_WITH_ARRIVAL.fill(regime=policy.regime),
                allowed=_OTHER_REGIME,
            )
        )
    means = [feature.means for feature in scenario.assembly.features if feature.means]
    known = set(policy.sequence) <= set(means) and len(set(policy.sequence)) == len(policy.sequence) <= MAX_EXAMINATION_STEPS
    if not known or policy.sequence[-1:] != ("open",):
        problems.append(
            Problem(
                _SEQUENCE,
                path="policy.inspection.sequence",
                found=Text.same(f"[{', '.join(policy.sequence)}]"),
                allowed=COMMA.join(means),
            )
        )
    return problems


INSPECTION = Feature(
    key="inspection",
    label=Text("Inspection", "查驗", "查验"),
    policy=InspectionPolicy,
    world=InspectionWorld,
    streams=(*HANDLING.values(), *TRANSFER.values(), SEAL_TIME, RECOGNISED, LOCK_FAULT),
    reads=(
        *RED.values(),
        *RED_CONSIGNMENT.values(),
        *FOUND.values(),
        SELECTION_CHANCES,
        DECIDED_BEFORE_DEPARTURE,
    ),
    writes=(EXAMINATIONS, SEQUENCE, INSPECTED_IN_YARD),
    stages=(*PRESENT.values(), *DETAIN.values(), SEAL, LET_GO),
    decide=decide,
    build=build,
    check=check,
)
