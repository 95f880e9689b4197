"""X-ray: machines that look at consignments one by one and raise alarms."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.ground.arrays import Bools
from sim.ground.parameter import BySide, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.examination import ALARM, PLANNED_STEPS, DetectionModel, Examination, ExaminationStep, stages_by_place
from sim.model.facts import Fact
from sim.model.feature import Feature, PlanningContext, StageUse
from sim.model.process import EXAMINATION_STEPS
from sim.model.stage import ENDS, PoolKind
from sim.statistics.detection import detects


class XrayPolicy(Group):
    """Machines."""

    machines: BySide[Servers] = parameter(
        1,
        label=Text("X-ray machines", "X光機", "X光机"),
        meaning="X-ray machines with their reader at each vertiport of a side, or in its yard; hours are written by clock time.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 100),
        plausible=(1, 3),
    )


class XrayWorld(Group):
    """What the machines and their readers can do."""

    scan_time: DurationLaw = parameter(
        {"lognormal": {"mean": "20 s", "cv": 0.3}},
        label=Text("Scan of a consignment", "每件X光掃描用時", "每件X光扫描用时"),
        meaning="Time to scan one consignment and read the image.",
        source="vehicle scans take 80 to 120 s (customs.gov.hk, 9 Jun 2004); a parcel is faster, 10 to 30 s",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("10 s", "60 s"),
    )
    sensitivity: Share = parameter(
        "75%",
        label=Text("X-ray sensitivity", "X光靈敏度", "X光灵敏度"),
        meaning="Share of illicit consignments on which the x-ray raises an alarm.",
        source=(
            "none for customs cargo; readers found 92% of frequent and 27% of rare targets in a game (Duke, 2013); swept 60"
            " to 92%"
        ),
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("60%", "92%"),
    )
    false_alarm: Share = parameter(
        "5%",
        label=Text("X-ray false alarms", "X光誤報率", "X光误报率"),
        meaning="Share of licit consignments on which the x-ray raises an alarm.",
        source="no figure found; swept 2 to 20%",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("2%", "20%"),
    )


MEANS = "xray"
SCAN_TIME = {role: Stream(f"xray.scan_time.{role}", per="consignment") for role in ENDS}
OWN = {role: Stream(f"xray.own.{role}", "normal", per="consignment") for role in ENDS}
FALSE = {role: Stream(f"xray.false_alarm.{role}", per="consignment") for role in ENDS}

XRAY = stages_by_place(MEANS, Text("x-ray", "X光檢查", "X光检查"))
MACHINES = PoolKind("xray_machines", Text("x-ray machines", "X光機", "X光机"), "machine", staffed_by="officer")


def decide(context: PlanningContext, policy: XrayPolicy, world: XrayWorld) -> Mapping[Fact, Any]:
    """The alarms, consignment by consignment."""
    facts: dict[Fact, Any] = {}
    steps = []
    for examination in _examinations(context):
        alarm = _alarms(context, world, examination)
        facts[ALARM[examination.place]] = alarm
        nothing = np.zeros_like(alarm)
        stage, role = XRAY[examination.place], examination.site_role
        detection = DetectionModel(world.sensitivity, world.false_alarm, OWN[role].name)
        steps.append(ExaminationStep(stage.key, role, MEANS, examination.examined, alarm, nothing, detection))
    return {**facts, PLANNED_STEPS: tuple(steps)}


def _examinations(context: PlanningContext) -> tuple[Examination, ...]:
    return context.facts["examinations"] if MEANS in context.facts["sequence"] else ()


def _alarms(context: PlanningContext, world: XrayWorld, examination: Examination) -> Bools:
    """Shape (m,): an alarm on an examined consignment. The same site gives the same image, late or not."""
    role = examination.site_role
    alarm = context.draw(FALSE[role]) < world.false_alarm
    illicit = np.flatnonzero(context.facts["illicit"])
    exposure, own = context.facts["exposure"][illicit], context.draw(OWN[role])[illicit]
    alarm[illicit] = detects(world.sensitivity, exposure, own, context.facts["exposure_correlation"])
    return np.asarray(examination.examined & alarm)


def build(context: PlanningContext, policy: XrayPolicy, world: XrayWorld) -> Sequence[StageUse]:
    """One scan of all examined consignments of a flight, in the means' place in the sequence."""
    uses = []
    for examination in _examinations(context):
        place, role = examination.place, examination.site_role
        position = context.facts["sequence"].index(MEANS)
        scan_s = world.scan_time.quantile_where(examination.examined, context.draw(SCAN_TIME[role]))
        uses.append(
            StageUse(
                XRAY[place],
                after=(EXAMINATION_STEPS[place][position],),
                precedes=(EXAMINATION_STEPS[place][position + 1],),
                if_given_up=examination.if_given_up,
                unless_given_up=examination.unless_given_up,
                visits=context.consignments.any_of_flight(examination.examined, len(context.flights)),
                pool=context.pools_at_site(MACHINES, policy.machines, role, in_yard=context.facts["inspected_in_yard"]),
                service_s=context.consignments.sum_of_flight(scan_s, len(context.flights)),
                priority=context.facts["customs_priority"],
            )
        )
    return uses


XRAY_FEATURE = Feature(
    key="xray",
    label=Text("X-ray", "X光檢查", "X光检查"),
    means=MEANS,
    policy=XrayPolicy,
    world=XrayWorld,
    streams=(*SCAN_TIME.values(), *OWN.values(), *FALSE.values()),
    reads=("examinations", "sequence", "inspected_in_yard", "illicit", "exposure", "exposure_correlation", "customs_priority"),
    writes=(*ALARM.values(), PLANNED_STEPS),
    stages=tuple(XRAY.values()),
    pools=(MACHINES,),
    decide=decide,
    build=build,
)
