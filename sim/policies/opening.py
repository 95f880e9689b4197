"""Manual opening: officers open what an earlier means raised an alarm on, alone, in turn, or as a joint team."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from sim.ground.condition import both, is_one_of
from sim.ground.instrument import CUSTOMS_EACH, GOVERNMENTS, OFFICERS_ABROAD, ON_LAND, Instrument
from sim.ground.parameter import BySide, Duration, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.text import Text
from sim.ground.unique_rows import map_unique_rows
from sim.model.examination import ALARM, FOUND, PLACE_LABELS, PLACES, PLANNED_STEPS, Chances, ExaminationStep
from sim.model.examination_means import Application, MeansInUse, examination_means
from sim.model.fact_catalogue import CUSTOMS_PRIORITY, EXPOSURE_CORRELATION
from sim.model.feature import PoolChoice, StageUse
from sim.model.process import EXAMINATION_STEPS, Milestone, Signal
from sim.model.stage import ENDS, ROLE_LABELS, PoolKind, Role, Stage
from sim.statistics.detection import likelihood_of_examinations


class OpeningPolicy(Group):
    """Officers, at home and with the other side."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(CUSTOMS_EACH, Text("posts", "崗位及編制", "岗位及编制"), ("customs",)),
        Instrument(
            GOVERNMENTS,
            OFFICERS_ABROAD,
            ("customs",),
            ("officers_abroad", "joint_patience"),
            ON_LAND,
        ),
    )

    officers: BySide[Servers] = parameter(
        1,
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
        needs=is_one_of("policy.inspection.regime", "co_located", "one_stop"),
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
        needs=both(
            is_one_of("policy.inspection.regime", "one_stop"), is_one_of("policy.pre_clearance.decision", "before_departure")
        ),
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
OFFICERS = PoolKind("examination_officers", Text("examination officers", "查驗人員", "查验人员"), "officer", in_port_hours=True)


def openings(means: MeansInUse) -> list[Application]:
    """Whose officers open which consignments: those an earlier means raised an alarm on, and those none of them examined."""
    context, examination, place = means.context, means.examination, means.examination.place
    before = [step for step in context.facts.get(PLANNED_STEPS, ()) if step.stage_key == f"{step.means}_{place}"]
    examined_before = np.zeros(len(context.consignments), dtype=np.bool_)
    for step in before:
        examined_before |= step.examined
    due = context.facts.get(ALARM[place], np.zeros_like(examined_before)) | (examination.examined & ~examined_before)
    everything, if_due = np.ones_like(due), _chances_due(means, before)
    if examination.staffing == "joint":
        chances, once_selected = examination.chance.times(if_due), examination.examined * if_due.licit
        return [Application(JOINT, "shared", due, everything, chances, once_selected, ENDS)]
    return [
        Application(
            OPEN[place, role], role, due & selected, everything, examination.chances[role].times(if_due), selected * if_due.licit
        )
        for role, selected in examination.selected.items()
    ]


def _chances_due(means: MeansInUse, before: Sequence[ExaminationStep]) -> Chances:
    """How likely a selected consignment is to be opened: that a means before raises an alarm, 1 where none examines it."""
    context = means.context
    planned = [(step.expectation.applies, step.detection) for step in before if step.expectation]
    everything = np.ones(len(context.consignments))
    if not planned:
        return Chances(everything, everything)
    silent = np.prod([np.where(applies, 1.0 - detection.false_alarm, 1.0) for applies, detection in planned], axis=0)
    if len(planned) == 1:
        missed = np.where(planned[0][0], 1.0 - planned[0][1].sensitivity, 1.0)
    else:
        never = np.zeros(len(everything), dtype=np.bool_)
        columns = [column for applies, detection in planned for column in (applies, never, everything * detection.sensitivity)]
        correlation = context.facts[EXPOSURE_CORRELATION]
        missed = map_unique_rows(
            lambda *rows: likelihood_of_examinations(rows[::3], rows[1::3], rows[2::3], correlation), *columns
        )
    unseen = ~np.logical_or.reduce([applies for applies, _ in planned])
    return Chances(*(np.where(unseen, 1.0, 1.0 - passed) for passed in (silent, missed)))


def opening(means: MeansInUse, applied: Sequence[Application]) -> list[StageUse]:
    """The openings: jointly, or by the officers of each side in turn."""
    if means.examination.staffing == "joint":
        return _joint_opening(means, applied[0])
    before: Stage | Milestone = means.before()
    uses = []
    for opening in applied:
        service_s = means.sum_of_flight(means.world.opening_time, opening.examined)
        uses.append(means.stage_use(opening, before, pool=_officers(means, opening.role), service_s=service_s))
        before = opening.stage
    return uses


def _officers(means: MeansInUse, role: Role) -> PoolChoice:
    """The officers of the side of `role` who stand at the site."""
    if role == means.site_role:
        return means.pools(OFFICERS, means.policy.officers)
    return means.pools(OFFICERS, means.policy.officers_abroad, of_role=role)


def _joint_opening(means: MeansInUse, opened: Application) -> list[StageUse]:
    """Two short stages take an officer of each side, in a fixed order, and hold both until the opening ends."""
    unless, place, position = means.examination.unless_given_up, means.examination.place, means.position
    visits = means.context.consignments.any_of_flight(opened.examined, len(means.context.flights))
    teams = [
        StageUse(
            TEAM[role],
            after=(means.before(),) if role == "origin" else (TEAM["origin"],),
            unless_given_up=unless if role == "origin" else (*unless, TEAM["origin"]),
            raises=(Signal.NO_OFFICER,),
            hold_until=JOINT,
            visits=visits,
            pool=_officers(means, role),
            patience_s=means.policy.joint_patience,
            priority=means.context.facts[CUSTOMS_PRIORITY],
        )
        for role in ENDS
    ]
    joint = StageUse(
        JOINT,
        after=tuple(TEAM.values()),
        precedes=(EXAMINATION_STEPS[place][position + 1],),
        unless_given_up=(*unless, *TEAM.values()),
        visits=visits,
        service_s=means.sum_of_flight(means.world.opening_time, opened.examined),
    )
    return [*teams, joint]


OPENING = examination_means(
    "opening",
    Text("Manual opening", "開拆查驗", "开拆查验"),
    means="open",
    policy=OpeningPolicy,
    world=OpeningWorld,
    pool=OFFICERS,
    stages=(*OPEN.values(), *TEAM.values(), JOINT),
    applications=openings,
    sensitivity=lambda world: world.sensitivity,
    mean_time=lambda means: means.world.opening_time.mean,
    build_stages=opening,
    recognised=FOUND,
    reads=(PLANNED_STEPS, *ALARM.values()),
)
