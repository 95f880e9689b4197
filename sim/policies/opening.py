"""Manual opening: officers open what an earlier means raised an alarm on, alone, in turn, or as a joint team."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.parameter import BySide, Duration, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.examination import PLACE_LABELS, PLACES, PLANNED_STEPS, DetectionModel, Examination, ExaminationStep
from sim.model.facts import Fact
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse
from sim.model.process import EXAMINATION_STEPS, Milestone, Signal
from sim.model.stage import ENDS, ROLE_LABELS, PoolKind, Role, Stage
from sim.statistics.detection import detects


class OpeningPolicy(Group):
    """Officers, at home and with the other side."""

    officers: BySide[Servers] = parameter(
        2,
        label=Text("Examination officers", "查驗人員", "查验人员"),
        meaning=(
            "Officers of a side on duty for manual opening at each of its own vertiports, or in its yard; shifts by clock time."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 200),
        plausible=(1, 6),
    )
    officers_abroad: BySide[Servers] = parameter(
        1,
        label=Text("Examination officers with the other side", "派駐對方的查驗人員", "派驻对方的查验人员"),
        meaning="Officers of a side on duty at each vertiport of the other side (regimes co-located and one-stop).",
        source="Hengqin: agencies of two sides in one lane (newsgd.com, Mar 2024); no number of officers",
        status=Status.GUESS,
        bounds=(0, 200),
        plausible=(1, 4),
    )
    joint_patience: Duration = parameter(
        "30 min",
        label=Text("Wait for a joint team", "等候聯合查驗人員上限", "等候联合查验人员上限"),
        meaning=(
            "Regime one-stop: how long a flight waits for an officer of each side before it goes on and is inspected in full on"
            " arrival."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "7 d"),
        plausible=("10 min", "2 h"),
    )


class OpeningWorld(Group):
    """What opening takes and finds."""

    opening_time: DurationLaw = parameter(
        {"lognormal": {"mean": "10 min", "cv": 0.6}},
        label=Text("Opening a consignment", "每件開拆查驗用時", "每件开拆查验用时"),
        meaning="Time to open, examine and repack one consignment.",
        source="3 to 4 hours for a loaded container truck (Lok Ma Chau, 2003), scaled to a drone's load: 5 to 20 min",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("5 min", "20 min"),
    )
    sensitivity: Share = parameter(
        "95%",
        label=Text("Sensitivity of opening", "開拆查驗靈敏度", "开拆查验灵敏度"),
        meaning="Share of illicit consignments, once opened, that are recognised.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("85%", "99%"),
    )


MEANS = "open"
TIME = {role: Stream(f"opening.time.{role}", per="consignment") for role in ENDS}
OWN = {role: Stream(f"opening.own.{role}", "normal", per="consignment") for role in ENDS}

FOUND = {place: Fact(f"found_{place}", bool, "consignment", f"contraband found at the examination {place}") for place in PLACES}

OPEN = {
    (place, role): Stage(
        f"open_{place}_by_{role}",
        Text("opening {at}, by the {by}", "{at}開拆查驗（{by}）", "{at}开拆查验（{by}）").fill(
            at=PLACE_LABELS[place], by=ROLE_LABELS[role]
        ),
        role,
        "inspection",
    )
    for place in PLACES
    for role in ENDS
}
TEAM = {
    role: Stage(
        f"team_{role}",
        Text("officer for the joint opening, {by}", "聯合查驗人員（{by}）", "联合查验人员（{by}）").fill(by=ROLE_LABELS[role]),
        role,
        "inspection",
    )
    for role in ENDS
}
JOINT = Stage("open_joint", Text("joint opening", "聯合開拆查驗", "联合开拆查验"), "shared", "inspection")
OFFICERS = PoolKind("examination_officers", Text("examination officers", "查驗人員", "查验人员"), "officer")


def decide(context: PlanningContext, policy: OpeningPolicy, world: OpeningWorld) -> Mapping[Fact, Any]:
    """What opening finds, by whom."""
    facts: dict[Fact, Any] = {}
    steps = []
    for examination in context.facts["examinations"]:
        detection = DetectionModel(world.sensitivity, 0.0, OWN[examination.site_role].name)
        found_at_place = np.zeros(len(context.consignments), dtype=np.bool_)
        for stage, role, opened in _openings(context, examination):
            found = opened & _recognised(context, world, examination)
            steps.append(ExaminationStep(stage.key, role, MEANS, opened, found, found, detection))
            found_at_place |= found
        facts[FOUND[examination.place]] = found_at_place
    return {**facts, PLANNED_STEPS: tuple(steps)}


def _recognised(context: PlanningContext, world: OpeningWorld, examination: Examination) -> Bools:
    recognised = np.zeros(len(context.consignments), dtype=np.bool_)
    illicit = np.flatnonzero(context.facts["illicit"])
    exposure, own = context.facts["exposure"][illicit], context.draw(OWN[examination.site_role])[illicit]
    recognised[illicit] = detects(world.sensitivity, exposure, own, context.facts["exposure_correlation"])
    return recognised


def _openings(context: PlanningContext, examination: Examination) -> list[tuple[Stage, Role, Bools]]:
    """The openings of an examination: stage, whose officers, and the consignments opened, shape (m,).

    Opened is what a means before raised an alarm on, and what none of them looked at.
    """
    place = examination.place
    looked_at = np.zeros(len(context.consignments), dtype=np.bool_)
    for step in context.facts.get(PLANNED_STEPS.name, ()):
        if step.stage_key == f"{step.means}_{place}":
            looked_at |= step.examined
    due = context.facts.get(f"alarm_{place}", False) | (examination.examined & ~looked_at)
    if examination.staffing == "joint":
        return [(JOINT, "shared", due)]
    return [(OPEN[place, role], role, due & selected) for role, selected in examination.selected.items()]


def build(context: PlanningContext, policy: OpeningPolicy, world: OpeningWorld) -> Sequence[StageUse]:
    """The openings, last in the sequence."""
    uses: list[StageUse] = []
    for examination in context.facts["examinations"]:
        openings = _openings(context, examination)
        if examination.staffing == "joint":
            uses += _joint_opening(context, policy, world, examination, openings[0][2])
            continue
        before: Stage | Milestone = EXAMINATION_STEPS[examination.place][len(context.facts["sequence"]) - 1]
        for opening in openings:
            uses.append(_opening(context, policy, world, examination, opening, before))
            before = opening[0]
    return uses


def _opening_s(context: PlanningContext, world: OpeningWorld, examination: Examination, opened: Bools) -> Floats:
    each_s = world.opening_time.quantile_where(opened, context.draw(TIME[examination.site_role]))
    return context.consignments.sum_of_flight(each_s, len(context.flights))


def _opening(
    context: PlanningContext,
    policy: OpeningPolicy,
    world: OpeningWorld,
    examination: Examination,
    opening: tuple[Stage, Role, Bools],
    after: Stage | Milestone,
) -> StageUse:
    stage, role, opened = opening
    return StageUse(
        stage,
        after=(after,),
        precedes=(EXAMINATION_STEPS[examination.place][len(context.facts["sequence"])],),
        if_given_up=examination.if_given_up,
        unless_given_up=examination.unless_given_up,
        visits=context.consignments.any_of_flight(opened, len(context.flights)),
        pool=_officers(context, policy, role, examination.site_role),
        service_s=_opening_s(context, world, examination, opened),
        priority=context.facts["customs_priority"],
    )


def _officers(context: PlanningContext, policy: OpeningPolicy, role: Role, site_role: Role) -> PoolChoice:
    """The officers of the side of `role` who stand at the site of `site_role`."""
    if role == site_role:
        return context.pools_at_site(OFFICERS, policy.officers, role, in_yard=context.facts["inspected_in_yard"])
    return context.pools_at_site(
        OFFICERS, policy.officers_abroad, site_role, in_yard=context.facts["inspected_in_yard"], of_role=role
    )


def _joint_opening(
    context: PlanningContext, policy: OpeningPolicy, world: OpeningWorld, examination: Examination, opened: Bools
) -> list[StageUse]:
    """Two short stages take an officer of each side, in a fixed order, and hold both until the opening ends."""
    place, position = examination.place, len(context.facts["sequence"]) - 1
    visits = context.consignments.any_of_flight(opened, len(context.flights))
    teams = [
        StageUse(
            TEAM[role],
            after=(EXAMINATION_STEPS[place][position],) if role == "origin" else (TEAM["origin"],),
            unless_given_up=examination.unless_given_up if role == "origin" else (*examination.unless_given_up, TEAM["origin"]),
            raises=(Signal.NO_OFFICER,),
            hold_until=JOINT,
            visits=visits,
            pool=_officers(context, policy, role, examination.site_role),
            patience_s=policy.joint_patience,
            priority=context.facts["customs_priority"],
        )
        for role in ENDS
    ]
    joint = StageUse(
        JOINT,
        after=tuple(TEAM.values()),
        precedes=(EXAMINATION_STEPS[place][position + 1],),
        unless_given_up=(*examination.unless_given_up, *TEAM.values()),
        visits=visits,
        service_s=_opening_s(context, world, examination, opened),
    )
    return [*teams, joint]


OPENING = Feature(
    key="opening",
    label=Text("Manual opening", "開拆查驗", "开拆查验"),
    means=MEANS,
    policy=OpeningPolicy,
    world=OpeningWorld,
    streams=(*TIME.values(), *OWN.values()),
    reads=(
        "examinations", "sequence", "inspected_in_yard", "illicit", "exposure", "exposure_correlation", "customs_priority",
        "looks", *(f"alarm_{place}" for place in PLACES),
    ),
    writes=(*FOUND.values(), PLANNED_STEPS),
    stages=(*OPEN.values(), *TEAM.values(), JOINT),
    pools=(OFFICERS,),
    decide=decide,
    build=build,
)  # fmt: skip
