"""A means of examination as a feature: from its parameters, what it detects, how long it takes and who does it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.law import Law
from sim.ground.parameter import Group
from sim.ground.roster import Roster
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.examination import (
    ALARM,
    EXAMINATIONS,
    INSPECTED_IN_YARD,
    PLANNED_STEPS,
    SEQUENCE,
    Chances,
    DetectionModel,
    Examination,
    ExaminationStep,
    Expectation,
    Place,
    stages_by_place,
)
from sim.model.fact_catalogue import CUSTOMS_PRIORITY, EXPOSURE, EXPOSURE_CORRELATION, ILLICIT, PREVALENCE
from sim.model.facts import Fact, FactValues
from sim.model.feature import Cautions, Check, Feature, PlanningContext, PoolChoice, StageUse, no_cautions, no_check
from sim.model.process import EXAMINATION_STEPS, Milestone
from sim.model.stage import ENDS, PoolKind, Role, Stage
from sim.statistics.detection import detects

READS = (EXAMINATIONS, SEQUENCE, INSPECTED_IN_YARD, ILLICIT, EXPOSURE, EXPOSURE_CORRELATION, PREVALENCE, CUSTOMS_PRIORITY)


@dataclass(frozen=True, eq=False)
class Application:
    """One application of a means within an examination: at a stage, by the officers of `role`.

    examined: shape (m,) · applies: shape (m,), whether it may examine what is selected · chances: how likely it is to examine
    each, before any draw · chance_if_selected: shape (m,), the same of licit ones once it is known which are selected · officers:
    roles of which an officer each spends the time; that role alone if there are none.
    """

    stage: Stage
    role: Role
    examined: Bools
    applies: Bools
    chances: Chances
    chance_if_selected: Floats
    officers: tuple[Role, ...] = ()


@dataclass(frozen=True, eq=False)
class MeansInUse:
    """A means at one examination of one replication: what its functions see.

    policy, world: the feature's parameter groups · position: of the means in the sequence · time_u: shape (m,), the
    uniforms from which the time for each consignment is made · image: as in `DetectionModel`.
    """

    context: PlanningContext
    policy: Any
    world: Any
    examination: Examination
    position: int
    time_u: Floats
    image: str

    @property
    def site_role(self) -> Role:
        """At whose site the examination is held."""
        return self.examination.site_role

    def pools(self, kind: PoolKind, servers: Mapping[str, Roster], of_role: str | None = None) -> PoolChoice:
        """A pool of servers at each vertiport, or in each side's yard; with `of_role`, guests of that side of the flight."""
        in_yard = self.context.facts[INSPECTED_IN_YARD]
        return self.context.pools_at_site(kind, servers, self.site_role, in_yard=in_yard, of_role=of_role)

    def sum_of_flight(self, law: Law, examined: Bools) -> Floats:
        """Shape (n,): the times of a flight's examined consignments by a law, one after another, s."""
        return self.context.consignments.sum_of_flight(law.quantile_where(examined, self.time_u), len(self.context.flights))

    def stage_use(self, application: Application, after: Stage | Milestone, **cells: Any) -> StageUse:
        """The stage of an application in the means' place in the sequence; `cells` are further fields of `StageUse`."""
        return StageUse(
            application.stage,
            after=(after,),
            precedes=(EXAMINATION_STEPS[self.examination.place][self.position + 1],),
            if_given_up=self.examination.if_given_up,
            unless_given_up=self.examination.unless_given_up,
            visits=self.context.consignments.any_of_flight(application.examined, len(self.context.flights)),
            priority=self.context.facts[CUSTOMS_PRIORITY],
            **cells,
        )

    def before(self) -> Milestone:
        """What must have been reached before the means is applied."""
        return EXAMINATION_STEPS[self.examination.place][self.position]


Applications = Callable[[MeansInUse], Sequence[Application]]
Detection = Callable[[MeansInUse], DetectionModel]
MeanTime = Callable[[MeansInUse], float | None]
BuildStages = Callable[[MeansInUse, Sequence[Application]], Sequence[StageUse]]
P = TypeVar("P", bound=Group)
W = TypeVar("W", bound=Group)


@dataclass(frozen=True, eq=False)
class _Means:
    """What a feature of a means does; the functions are those of `examination_means`."""

    name: str
    time: Mapping[Role, Stream]
    image: Mapping[Role, Stream]
    false_alarm: Mapping[Role, Stream]
    detected_at: Mapping[Place, Fact[Bools]]
    recognises: bool
    applications: Applications
    detection: Detection
    mean_time: MeanTime
    build_stages: BuildStages
    pool: PoolKind

    def decide(self, context: PlanningContext, policy: Any, world: Any) -> FactValues:
        """What the means detects, consignment by consignment."""
        facts: dict[Fact[Any], Any] = {}
        steps = []
        for means in self._in_use(context, policy, world):
            detection = self.detection(means)
            detected, any_detected = self._detected(means, detection), np.zeros(len(context.consignments), dtype=np.bool_)
            for application in self.applications(means):
                alarmed = application.examined & detected
                recognised = alarmed if self.recognises else np.zeros_like(alarmed)
                steps.append(
                    ExaminationStep(
                        application.stage.key,
                        application.role,
                        self.name,
                        application.examined,
                        alarmed,
                        recognised,
                        detection,
                        self._expectation(means, application),
                    )
                )
                any_detected |= alarmed
            facts[self.detected_at[means.examination.place]] = any_detected
        return {**facts, PLANNED_STEPS: tuple(steps)}

    def _expectation(self, means: MeansInUse, application: Application) -> Expectation | None:
        """What the step was expected to be; None at the late examination, which comes of no selection."""
        if means.examination.place == "late":
            return None
        return Expectation(
            application.applies,
            application.chances.mean(means.context.facts[PREVALENCE]),
            application.chance_if_selected,
            self.mean_time(means),
            (application.officers or (application.role,)) if "officer" in (self.pool.workload, self.pool.staffed_by) else (),
            means.examination.begins_with,
        )

    def build(self, context: PlanningContext, policy: Any, world: Any) -> Sequence[StageUse]:
        """The stages of the means, in its place in the sequence."""
        uses: list[StageUse] = []
        for means in self._in_use(context, policy, world):
            uses += self.build_stages(means, self.applications(means))
        return uses

    def _in_use(self, context: PlanningContext, policy: Any, world: Any) -> list[MeansInUse]:
        if self.name not in context.facts[SEQUENCE]:
            return []
        position = context.facts[SEQUENCE].index(self.name)
        return [self._at(examination, context, policy, world, position) for examination in context.facts[EXAMINATIONS]]

    def _at(self, examination: Examination, context: PlanningContext, policy: Any, world: Any, position: int) -> MeansInUse:
        role = examination.site_role
        return MeansInUse(context, policy, world, examination, position, context.draw(self.time[role]), self.image[role].name)

    def _detected(self, means: MeansInUse, detection: DetectionModel) -> Bools:
        """Shape (m,): what it would detect if it examined everything. One site gives the same image, late or not."""
        context, role = means.context, means.site_role
        detected = np.zeros(len(context.consignments), dtype=np.bool_)
        if self.false_alarm:
            detected = np.asarray(context.draw(self.false_alarm[role]) < detection.false_alarm)
        illicit = np.flatnonzero(context.facts[ILLICIT])
        exposure, image = context.facts[EXPOSURE][illicit], context.draw(self.image[role])[illicit]
        sensitivity = np.broadcast_to(detection.sensitivity, len(detected))[illicit]
        detected[illicit] = detects(sensitivity, exposure, image, context.facts[EXPOSURE_CORRELATION])
        return detected


def _as_a_step(label: Text) -> Text:
    """A feature's label as the name of a step: "X-ray" is "x-ray"; an abbreviation keeps its capitals."""
    first, rest = label.en[:1], label.en[1:]
    return label if rest[:1].isupper() else replace(label, en=first.lower() + rest)


def examination_means(
    key: str,
    label: Text,
    *,
    policy: type[P],
    world: type[W],
    pool: PoolKind,
    means: str = "",
    stage_label: Text | None = None,
    servers: Callable[[P], Mapping[str, Roster]] | None = None,
    time: Callable[[W], Law] | None = None,
    sensitivity: Callable[[W], float] | None = None,
    false_alarm: Callable[[W], float] | None = None,
    applications: Applications | None = None,
    detection: Detection | None = None,
    mean_time: MeanTime | None = None,
    build_stages: BuildStages | None = None,
    stages: Sequence[Stage] = (),
    recognised: Mapping[Place, Fact[Bools]] | None = None,
    time_stream: str = "time",
    streams: Sequence[Stream] = (),
    reads: Sequence[Fact[Any]] = (),
    check: Check = no_check,
    cautions: Cautions = no_cautions,
) -> Feature:
    """The feature of a means of examination, which stands between inspection and manual opening in `FEATURES`.

    A scanner says what kind of servers it has (`pool`) and where its parameters stand: `servers` by side, the law of the
    `time` for a consignment, its `sensitivity` and the share of `false_alarm` (None: it raises none). `means`: its name
    in the sequence (by default the key); `stage_label`: what it is called as a step (the label, with a small letter).

    Other means say instead, as functions of the `MeansInUse`: `applications` (None: one, to all that is examined),
    `detection`, `build_stages`, `mean_time` (s, for a consignment; else the mean of `time`); with `stages` of their own, facts
    for contraband `recognised` instead of alarms, `time_stream` (its name), further `streams` and further facts that it `reads`.
    """
    name = means or key
    own_stages = stages_by_place(name, stage_label or _as_a_step(label))
    time_of = {role: Stream(f"{key}.{time_stream}.{role}", per="consignment") for role in ENDS}
    images = {role: Stream(f"{key}.own.{role}", "normal", per="consignment") for role in ENDS}
    false_alarms = {role: Stream(f"{key}.false_alarm.{role}", per="consignment") for role in ENDS if false_alarm}

    def all_examined(means: MeansInUse) -> Sequence[Application]:
        examination = means.examination
        everything = np.ones_like(examination.examined)
        stage = own_stages[examination.place]
        certain = examination.examined.astype(np.float64)
        return (Application(stage, means.site_role, examination.examined, everything, examination.chance, certain),)

    def by_shares(means: MeansInUse) -> DetectionModel:
        assert sensitivity is not None, f"{key}: sensitivity or detection"
        return DetectionModel(sensitivity(means.world), false_alarm(means.world) if false_alarm else 0.0, means.image)

    def in_turn(means: MeansInUse, applied: Sequence[Application]) -> Sequence[StageUse]:
        assert servers is not None and time is not None, f"{key}: servers and time, or build_stages"
        pools, law = means.pools(pool, servers(means.policy)), time(means.world)
        return [
            means.stage_use(application, means.before(), pool=pools, service_s=means.sum_of_flight(law, application.examined))
            for application in applied
        ]

    def by_law(means: MeansInUse) -> float | None:
        return time(means.world).mean if time else None

    does = _Means(
        name,
        time_of,
        images,
        false_alarms,
        recognised or ALARM,
        recognised is not None,
        applications or all_examined,
        detection or by_shares,
        mean_time or by_law,
        build_stages or in_turn,
        pool,
    )
    return Feature(
        key=key,
        label=label,
        means=name,
        policy=policy,
        world=world,
        streams=(*time_of.values(), *streams, *images.values(), *false_alarms.values()),
        reads=(*READS, *reads),
        writes=(*(recognised or ALARM).values(), PLANNED_STEPS),
        stages=tuple(stages or own_stages.values()),
        pools=(pool,),
        decide=does.decide,
        build=does.build,
        check=check,
        cautions=cautions,
    )
