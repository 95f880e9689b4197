"""Flight authorisation: the airspace side. When an application must be in, who decides, how long it holds."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Bools, Floats, Ints32
from sim.ground.condition import IsAbove, IsGiven, IsNot, Where, both, either, is_one_of
from sim.ground.instrument import AVIATION_EACH, Instrument
from sim.ground.parameter import BySide, Clock, Duration, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.ground.time_units import DAY_S, HOUR_S
from sim.ground.tolerance import at_most, wholes_within
from sim.model.calendar import Calendar
from sim.model.fact_catalogue import (
    AIRSPACE_EARLIEST_S,
    AIRSPACE_LIMITS,
    AIRSPACE_WHOLE_DAYS,
    APPLICATION_LEAD_S,
    AUTHORISATION_PRIORITY,
    AUTHORISATION_PRIORITY_EMPTY,
    AUTHORISATION_RENEWABLE,
    AUTHORISATION_VALIDITY_S,
    DEPARTURE_TARGET_S,
    RETURNS,
)
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse
from sim.model.flights import NO_SIDE, Priority
from sim.model.metric import Margin, Metric
from sim.model.observation import Observation
from sim.model.outcome import Outcome
from sim.model.plan import Pool
from sim.model.process import AUTHORISED, FLIGHT_PLAN_READY, REAUTHORISED, RETURN_READY, UNLOADED, Signal
from sim.model.stage import ENDS, Limit, PoolKind, Stage, by_role

NOON_S = DAY_S / 2
AT_ONCE_S = 365 * DAY_S  # a lead so long that the order is the earliest instant
EMERGENCY_LEAD_S, EMERGENCY_ANSWER_S = 1800.0, 600.0  # apply 30 min, answer 10 min before (Order 761, Art. 29)
FIRST = -1  # an emergency task goes before whatever class has precedence


STANDING_AT_SHORT_NOTICE = Where(
    lambda read: bool(read("policy.flight_authorisation.mode") == "standing"),
    Text(
        "each flight is applied for, so no plan of the day is filed for a standing approval",
        "每班航班均須個別申請，並無為長期許可而備案的當日飛行計劃",
        "每个航班均须单独申请，没有为长期许可而备案的当日飞行计划",
    ),
    {"policy.flight_authorisation.mode": "standing", "world.demand.notice": "12 h"},
)
APPLIED_FOR = IsNot("policy.flight_authorisation.mode", "standing", such_as="one_hour")
CUT_OFF = either(APPLIED_FOR, is_one_of("policy.flight_authorisation.day_plan", "ordered_flights"))
AT_ONE_DESK = is_one_of("policy.flight_authorisation.agencies", "single_desk")
CONFIRMED = is_one_of("policy.flight_authorisation.confirmation", True)
CONFIRMED_EITHER_WAY = either(CONFIRMED, is_one_of("policy.flight_authorisation.return_confirmation", True))
MEDICAL_FLIGHTS = either(
    IsAbove("world.demand.priority_mix", {"medical": 0.5, "general": 0.5}, key="medical"),
    IsGiven("world.demand.schedule"),
)


class FlightAuthorisationPolicy(Group):
    """How a flight gets its authorisation."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            AVIATION_EACH,
            Text(
                "approval of route and operator, long-term or flight by flight",
                "按各自法規審批航線及營運商，長期批准或逐班審批",
                "按各自法规审批航线及运营人，长期批准或逐班审批",
            ),
            ("aviation",),
        ),
        Instrument(
            Text("Each side's authorities that approve flights", "兩地各審批部門", "两地各审批部门"),
            Text(
                "arrangement between the bodies that approve, on who decides first or for all",
                "審批部門之間的安排：先後、同時或由一個部門統一審批",
                "审批部门之间的安排：先后、同时或由一个部门统一审批",
            ),
            ("aviation",),
            ("agencies",),
        ),
        Instrument(AVIATION_EACH, Text("posts", "崗位及編制", "岗位及编制"), ("aviation",), ("officers",)),
    )

    mode: Literal["three_days", "noon_day_before", "one_hour", "standing"] = parameter(
        "standing",
        label=Text("Filing mode of the flight", "飛行申請方式", "飞行申请方式"),
        meaning=(
            "Each flight is applied for three days ahead, before noon of the day before, or one hour ahead; or the route has a"
            " standing approval, and no flight is decided on by itself."
        ),
        source=(
            "long-term applications for routine flights in a fixed airspace (Interim Regulations on unmanned aircraft, State"
            " Council Order 761, Art. 26, second paragraph); otherwise before 12:00 on the day before (Art. 26); about 3 days on"
            " the national portal; 1 hour in Sichuan pilots. That a route across the boundary"
            " is granted one is not said; Hong Kong and Macao are not bound by the Order and are taken to do alike"
        ),
        status=Status.DERIVED,
    )
    day_plan: Literal["timetable", "ordered_flights"] = parameter(
        "timetable",
        label=Text("Plan of the day", "當日飛行計劃", "当日飞行计划"),
        meaning=(
            "Under a standing approval the plan of the day is filed for the record before noon of the day before, and nobody"
            " decides on it. It holds every departure of the timetable, whoever has ordered by then (timetable), or only flights"
            " that were ordered by then, and later orders are put off by whole days (ordered flights)."
        ),
        source=(
            "the plan is filed for the record before 12:00 of the day before (Order 761, Art. 26, second paragraph); what it must"
            " hold is not said"
        ),
        status=Status.GUESS,
        choice_labels={
            "timetable": Text("every departure of the timetable", "班次表上所有班次", "时刻表上的全部班次"),
            "ordered_flights": Text("flights ordered by then only", "只限屆時已下單的航班", "仅限届时已下单的航班"),
        },
        needs=STANDING_AT_SHORT_NOTICE,
    )
    agencies: Literal["series", "parallel", "single_desk"] = parameter(
        "series",
        label=Text("Agencies", "審批部門安排", "审批部门安排"),
        meaning="Whether the two sides' aviation authorities decide one after the other, at the same time, or at a single desk.",
        source="operators report to each party in turn, no single department oversees (China Daily HK 627887, Jan 2026)",
        status=Status.STATED,
        needs=either(APPLIED_FOR, CONFIRMED_EITHER_WAY),
    )
    officers: BySide[Servers] = parameter(
        1,
        label=Text("Authorisation officers", "飛行審批人員", "飞行审批人员"),
        meaning=(
            "Officers on duty who decide on applications and confirm flights, by side; a single desk has both sides' officers."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 500),
        plausible=(1, 6),
        needs=either(APPLIED_FOR, CONFIRMED_EITHER_WAY),
    )
    confirmation: bool = parameter(
        True,
        label=Text("Confirmation before take-off", "起飛前確認", "起飞前确认"),
        meaning="Whether each flight is reported before take-off and waits for the confirmation.",
        source=(
            "report 1 hour before planned take-off, take off after confirmation (Order 761, Art. 30; the Mainland's rule,"
            " carried over to the other sides)"
        ),
        status=Status.DERIVED,
    )
    confirmation_lead: Duration = parameter(
        "1 h",
        label=Text("Lead of the confirmation", "起飛前確認提前時間", "起飞前确认提前量"),
        meaning="How long before the planned departure the confirmation is asked for.",
        source="1 hour before planned take-off (Order 761, Art. 30; the Mainland's rule, carried over to the other sides)",
        status=Status.DERIVED,
        bounds=("0 s", "1 d"),
        plausible=("0 min", "60 min"),
        needs=CONFIRMED,
    )
    validity: Duration = parameter(
        "2 h",
        label=Text("Validity", "許可有效期", "许可有效期"),
        meaning=(
            "How long after the planned departure an authorisation holds; then it lapses. A standing authorisation does not"
            " lapse."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("1 min", "30 d"),
        plausible=("15 min", "6 h"),
        needs=APPLIED_FOR,
    )
    renewal: bool = parameter(
        True,
        label=Text("Renewal of a lapsed authorisation", "許可失效後重新申請", "许可失效后重新申请"),
        meaning="Whether a lapsed authorisation may be asked for again, once, on the day; otherwise the flight is cancelled.",
        source="no rule found",
        status=Status.GUESS,
        needs=APPLIED_FOR,
    )
    medical_emergency: bool = parameter(
        False,
        label=Text("Emergency route for medical flights", "醫療緊急飛行申請", "医疗紧急飞行申请"),
        meaning=(
            "Whether medical flights whose order came too late for the filing mode may apply as emergency tasks, 30 minutes"
            " before the departure; the desks take these first and owe the answer 10 minutes before it."
        ),
        source=(
            "emergency tasks: apply 30 min before, decision 10 min before (Order 761, Art. 29; the Mainland's rule, carried"
            " over to the other sides)"
        ),
        status=Status.DERIVED,
        needs=both(CUT_OFF, MEDICAL_FLIGHTS),
    )
    return_confirmation: bool = parameter(
        True,
        label=Text("Confirmation of the return", "返程確認", "返程确认"),
        meaning="Whether the empty return waits for a confirmation of its own.",
        source=("every flight is reported before take-off (Order 761, Art. 30); that the return counts as one is inferred"),
        status=Status.DERIVED,
    )


class FlightAuthorisationWorld(Group):
    """How long authorisation takes."""

    decision_time: BySide[DurationLaw] = parameter(
        {"lognormal": {"mean": "15 min", "cv": 0.5}},
        label=Text("Time to decide an application", "審批用時", "审批用时"),
        meaning="An officer's time for one application at one side.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "5 d"),
        plausible=("2 min", "60 min"),
        needs=both(APPLIED_FOR, IsNot("policy.flight_authorisation.agencies", "single_desk", such_as="series")),
    )
    single_desk_time: DurationLaw = parameter(
        {"lognormal": {"mean": "20 min", "cv": 0.5}},
        label=Text("Time to decide at a single desk", "統一審批用時", "统一审批用时"),
        meaning="An officer's time for one application at a single desk for both sides.",
        source="no figure found; set between one and two single decisions",
        status=Status.GUESS,
        bounds=("0 s", "5 d"),
        plausible=("2 min", "90 min"),
        needs=both(APPLIED_FOR, AT_ONE_DESK),
    )
    emergency_time: DurationLaw = parameter(
        {"lognormal": {"mean": "6 min", "cv": 0.5}},
        label=Text("Time to decide an emergency task", "緊急飛行審批用時", "紧急飞行审批用时"),
        meaning="An officer's time for an emergency application, at each desk that decides on it.",
        source="no figure found; both sides have the 20 min between application and answer (Order 761, Art. 29)",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("2 min", "15 min"),
        needs=both(APPLIED_FOR, is_one_of("policy.flight_authorisation.medical_emergency", True), MEDICAL_FLIGHTS),
    )
    evening_decision: Clock = parameter(
        "21:00",
        label=Text("Evening decision", "飛行前一日批覆時限", "飞行前一日批复时限"),
        meaning="Under noon of the day before: when the decision for the next day is given.",
        source="by 21:00 of the day before (Order 761, Art. 26)",
        status=Status.STATED,
        plausible=("18:00", "23:00"),
        needs=is_one_of("policy.flight_authorisation.mode", "noon_day_before"),
    )
    confirmation_time: DurationLaw = parameter(
        {"lognormal": {"mean": "3 min", "cv": 0.5}},
        label=Text("Time to confirm", "確認用時", "确认用时"),
        meaning="An officer's time for one confirmation before take-off.",
        source="UTM answers take 1 to 5 s (ASTM F3548-21 constants); an officer's time is a guess",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("5 s", "15 min"),
        needs=CONFIRMED_EITHER_WAY,
    )
    rework_share: Share = parameter(
        "5%",
        label=Text("Share sent back", "退回補正比例", "退回补正比例"),
        meaning="Share of applications that come back for correction at each deciding desk.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0%", "20%"),
        needs=APPLIED_FOR,
    )
    rework_time: DurationLaw = parameter(
        {"lognormal": {"mean": "30 min", "cv": 0.5}},
        label=Text("Time to correct", "補正用時", "补正用时"),
        meaning="Added to the decision where an application comes back for correction.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "5 d"),
        plausible=("5 min", "4 h"),
        needs=both(APPLIED_FOR, IsAbove("world.flight_authorisation.rework_share", "50%")),
    )


ON_THE_WAY = ("origin", "transit", "destination")  # whose airspace a flight passes, in order; few have one in transit
DECISION = {role: Stream(f"flight_authorisation.decision.{role}") for role in ON_THE_WAY}
SENT_BACK = {role: Stream(f"flight_authorisation.sent_back.{role}") for role in ON_THE_WAY}
REWORK = {role: Stream(f"flight_authorisation.rework.{role}") for role in ON_THE_WAY}
CONFIRMATION = Stream("flight_authorisation.confirmation")
RENEWAL = Stream("flight_authorisation.renewal")
RETURN_CONFIRMATION = Stream("flight_authorisation.return_confirmation")

EMERGENCY_TASK = Fact[Bools]("emergency_task", bool, "flight", "the flight is applied for as an emergency task")

_AUTHORISATION = Text("authorisation, {at}", "飛行審批（{at}）", "飞行审批（{at}）")
_FLOWN_OVER = Text("side flown over", "飛越方", "飞越方")
AUTHORISE: dict[str, Stage] = {
    **{str(role): stage for role, stage in by_role("authorise", _AUTHORISATION, "airspace").items()},
    "transit": Stage("authorise_transit", _AUTHORISATION.fill(at=_FLOWN_OVER), "shared", "airspace"),
}
DESK = Stage(
    "authorise_desk", Text("authorisation, single desk", "飛行審批（各方統一）", "飞行审批（各方统一）"), "shared", "airspace"
)
EVENING = Stage("evening_decision", Text("evening decision", "飛行前一日批覆", "飞行前一日批复"), "shared", "airspace")
CONFIRM = Stage("confirm", Text("confirmation before take-off", "起飛前確認", "起飞前确认"), "origin", "airspace")
RENEW = Stage("renew_authorisation", Text("renewed authorisation", "重新申請許可", "重新申请许可"), "origin", "airspace")
CONFIRM_RETURN = Stage("confirm_return", Text("confirmation of the return", "返程確認", "返程确认"), "destination", "return")
DAY_BEFORE = Limit(
    "noon_day_before",
    Text("the deadline of the day before (12:00)", "前一日 12:00 的截止時間", "前一日 12:00 的截止时间"),
)
AHEAD = {
    "three_days": Limit("three_days_ahead", Text("the application three days ahead", "提前三日的飛行申請", "提前三天的飞行申请")),
    "one_hour": Limit("one_hour_ahead", Text("the application one hour ahead", "提前一小時的飛行申請", "提前一小时的飞行申请")),
    "standing": Limit("standing_approval", Text("the standing approval", "長期許可", "长期许可")),
}
EMERGENCY_NOTICE = Limit(
    "emergency_notice",
    Text("the 30 minutes' notice of an emergency task", "緊急飛行提前 30 分鐘申請", "紧急飞行提前 30 分钟申请"),
)
OFFICERS = PoolKind("authorisation_officers", Text("authorisation officers", "飛行審批人員", "飞行审批人员"), "aviation")


def decide(context: PlanningContext, policy: FlightAuthorisationPolicy, world: FlightAuthorisationWorld) -> FactValues:
    """The earliest departure the airspace rule permits for each order, and who applies as an emergency."""
    general_s = _general_earliest_s(context.flights.ordered_s, policy)
    emergency = _emergencies(context, policy, general_s)
    lapses = policy.mode != "standing"
    lead_s = {"one_hour": HOUR_S, "standing": policy.confirmation_lead if policy.confirmation else 0.0}.get(
        policy.mode, AT_ONCE_S
    )
    return {
        AIRSPACE_EARLIEST_S: np.where(emergency, context.flights.ordered_s + EMERGENCY_LEAD_S, general_s),
        AIRSPACE_LIMITS: ((_limit(policy), ~emergency), (EMERGENCY_NOTICE, emergency)),
        AIRSPACE_WHOLE_DAYS: _by_the_day(policy) & ~emergency,
        EMERGENCY_TASK: emergency,
        APPLICATION_LEAD_S: np.where(emergency, EMERGENCY_LEAD_S, lead_s),
        AUTHORISATION_VALIDITY_S: policy.validity if lapses else np.inf,
        AUTHORISATION_RENEWABLE: policy.renewal and lapses,
    }


def _general_earliest_s(ordered_s: Floats, policy: FlightAuthorisationPolicy) -> Floats:
    """Shape (n,): the earliest departure under the filing mode."""
    if _by_the_day(policy):
        midnight_s = wholes_within(ordered_s, DAY_S) * DAY_S
        before_noon = ordered_s - midnight_s < NOON_S
        return np.asarray(midnight_s + np.where(before_noon, 1, 2) * DAY_S)
    return np.asarray(ordered_s + {"three_days": 3 * DAY_S, "one_hour": HOUR_S, "standing": 0.0}[policy.mode])


def _limit(policy: FlightAuthorisationPolicy) -> Limit:
    """The rule that says how early a flight must be ordered."""
    return DAY_BEFORE if _by_the_day(policy) else AHEAD[policy.mode]


def _by_the_day(policy: FlightAuthorisationPolicy) -> bool:
    """Whether noon of the day before is the last instant for an order."""
    return policy.mode == "noon_day_before" or (policy.mode == "standing" and policy.day_plan == "ordered_flights")


def _emergencies(context: PlanningContext, policy: FlightAuthorisationPolicy, general_s: Floats) -> Bools:
    """Shape (n,): medical flights that the filing mode would put off further than the emergency route does."""
    flights = context.flights
    as_emergency_s = np.maximum(flights.planned_departure_s, flights.ordered_s + EMERGENCY_LEAD_S)
    medical = flights.priority == Priority.MEDICAL
    return np.asarray(medical & (general_s > as_emergency_s) & policy.medical_emergency)


def build(context: PlanningContext, policy: FlightAuthorisationPolicy, world: FlightAuthorisationWorld) -> Sequence[StageUse]:
    """The applications, the evening decision, the confirmations and the renewal."""
    desks = _desks(context, policy)
    uses = [] if policy.mode == "standing" else _applications(context, policy, world, desks)
    if policy.mode == "noon_day_before":
        uses.append(_evening_decision(context, world, uses))
    if policy.confirmation:
        uses.append(_confirmation(context, policy, world, desks, uses))
    if context.facts[AUTHORISATION_RENEWABLE]:
        uses.append(_renewal(context, policy, world, desks))
    if policy.return_confirmation:
        uses.append(_return_confirmation(context, world, desks))
    return uses


def _desks(context: PlanningContext, policy: FlightAuthorisationPolicy) -> dict[str, PoolChoice | Pool]:
    """The desk that handles a flight for each side whose airspace it passes."""
    if policy.agencies == "single_desk":
        sides = {*context.flights.sides, *context.flights.sides_flown_over}
        joint = Calendar.joined([context.roster(policy.officers[side], side) for side in sides])
        desk = Pool(OFFICERS, joint, place="single_desk")
        return dict.fromkeys(ON_THE_WAY, desk)

    def desk_of(side: str) -> Pool:
        return Pool(OFFICERS, context.roster(policy.officers[side], side), side, side)

    return {role: context.pool_of_each_side(desk_of, role) for role in _on_the_way(context)}


def _on_the_way(context: PlanningContext) -> tuple[str, ...]:
    return ON_THE_WAY if context.flights.sides_flown_over else ENDS


def _priority(context: PlanningContext) -> Ints32:
    """Shape (n,): emergency tasks before every class."""
    return np.where(context.facts[EMERGENCY_TASK], FIRST, context.facts[AUTHORISATION_PRIORITY])


def _decision_s(context: PlanningContext, law: Any, world: FlightAuthorisationWorld, role: str) -> Floats:
    """Shape (n,): an officer's time for an application, with the correction where it is sent back."""
    u = context.draw(DECISION[role])
    decision_s = np.where(context.facts[EMERGENCY_TASK], world.emergency_time.quantile(u), context.sample(law, role, u))
    sent_back = context.draw(SENT_BACK[role]) < world.rework_share
    return decision_s + world.rework_time.quantile_where(sent_back, context.draw(REWORK[role]))


def _applications(
    context: PlanningContext, policy: FlightAuthorisationPolicy, world: FlightAuthorisationWorld, desks: Mapping[str, Any]
) -> list[StageUse]:
    """One application at a single desk, or one at each side that is passed, in series or in parallel."""
    ahead_s = context.facts[DEPARTURE_TARGET_S] - context.facts[APPLICATION_LEAD_S]
    applied_s = np.maximum(context.flights.ordered_s, ahead_s)
    first, goes = (FLIGHT_PLAN_READY,), _priority(context)
    if policy.agencies == "single_desk":
        service_s = _decision_s(context, world.single_desk_time, world, "origin")
        desk = desks["origin"]
        return [StageUse(DESK, first, (AUTHORISED,), pool=desk, service_s=service_s, not_before_s=applied_s, priority=goes)]
    uses: list[StageUse] = []
    for role in _on_the_way(context):
        uses.append(
            StageUse(
                AUTHORISE[role],
                after=(uses[-1].stage,) if uses and policy.agencies == "series" else first,
                precedes=(AUTHORISED,),
                visits=context.flights.side(role) != NO_SIDE,
                pool=desks[role],
                service_s=_decision_s(context, world.decision_time, world, role),
                not_before_s=applied_s,
                priority=goes,
            )
        )
    return uses


def _evening_decision(context: PlanningContext, world: FlightAuthorisationWorld, applications: Sequence[StageUse]) -> StageUse:
    """The answer of the evening before; where the desks decide later, it comes when they have decided. Emergencies need none."""
    midnight_s = wholes_within(context.facts[DEPARTURE_TARGET_S], DAY_S) * DAY_S
    return StageUse(
        EVENING,
        after=tuple(use.stage for use in applications),
        precedes=(AUTHORISED,),
        visits=~context.facts[EMERGENCY_TASK],
        not_before_s=np.maximum(context.flights.ordered_s, midnight_s - DAY_S + world.evening_decision),
    )


def _confirmation(
    context: PlanningContext,
    policy: FlightAuthorisationPolicy,
    world: FlightAuthorisationWorld,
    desks: Mapping[str, Any],
    before: Sequence[StageUse],
) -> StageUse:
    asked_s = context.facts[DEPARTURE_TARGET_S] - policy.confirmation_lead
    return StageUse(
        CONFIRM,
        after=tuple(use.stage for use in before) or (FLIGHT_PLAN_READY,),
        precedes=(AUTHORISED,),
        pool=desks["origin"],
        service_s=world.confirmation_time.quantile(context.draw(CONFIRMATION)),
        not_before_s=np.maximum(context.flights.ordered_s, asked_s),
        priority=_priority(context),
    )


def _renewal(
    context: PlanningContext, policy: FlightAuthorisationPolicy, world: FlightAuthorisationWorld, desks: Mapping[str, Any]
) -> StageUse:
    law = world.single_desk_time if policy.agencies == "single_desk" else world.decision_time
    return StageUse(
        RENEW,
        after=(AUTHORISED,),
        precedes=(REAUTHORISED,),
        if_given_up=(Signal.LAPSED,),
        pool=desks["origin"],
        service_s=context.sample(law, "origin", context.draw(RENEWAL)),
        priority=_priority(context),
    )


def _return_confirmation(context: PlanningContext, world: FlightAuthorisationWorld, desks: Mapping[str, Any]) -> StageUse:
    return StageUse(
        CONFIRM_RETURN,
        after=(UNLOADED,),
        precedes=(RETURN_READY,),
        unless_given_up=(Signal.DIVERTED,),
        visits=context.facts[RETURNS],
        pool=desks["destination"],
        service_s=world.confirmation_time.quantile(context.draw(RETURN_CONFIRMATION)),
        priority=context.facts[AUTHORISATION_PRIORITY_EMPTY],
    )


def _answered_in_time_share(observation: Observation) -> float:
    """Of the emergency tasks applied for, the share answered by every desk asked 10 minutes before the departure."""
    facts = observation.facts
    applied = observation.measured & facts[EMERGENCY_TASK] & (observation.outcome != Outcome.LOST)
    plan, ends_s = observation.plan, observation.timeline.end_of
    numbers = [plan.stage_number(stage.key) for stage in (*AUTHORISE.values(), DESK)]
    in_use = [number for number in numbers if number is not None]
    if not in_use or not applied.any():
        return np.nan
    answered_s = np.max([np.where(plan.visits[:, number], ends_s(number), -np.inf) for number in in_use], axis=0)
    return float(at_most(answered_s, facts[DEPARTURE_TARGET_S] - EMERGENCY_ANSWER_S)[applied].mean())


METRICS = (
    Metric(
        key="emergency_answered_in_time_share",
        label=Text("emergency tasks answered in time", "緊急飛行如期答覆比例", "紧急飞行如期答复比例"),
        unit="share",
        better="higher",
        topic="waiting",
        formula=(
            "Measured emergency applications that all desks have decided 10 minutes before the departure / emergency "
            "applications."
        ),
        compute=_answered_in_time_share,
        matters=Margin("1 pp", "one emergency task in a hundred", Status.GUESS, ("0.5 pp", "5 pp")),
    ),
)

FLIGHT_AUTHORISATION = Feature(
    key="flight_authorisation",
    label=Text("Flight authorisation", "飛行審批", "飞行审批"),
    policy=FlightAuthorisationPolicy,
    world=FlightAuthorisationWorld,
    streams=(*DECISION.values(), *SENT_BACK.values(), *REWORK.values(), CONFIRMATION, RENEWAL, RETURN_CONFIRMATION),
    reads=(DEPARTURE_TARGET_S, RETURNS, AUTHORISATION_PRIORITY, AUTHORISATION_PRIORITY_EMPTY),
    writes=(
        AIRSPACE_EARLIEST_S,
        AIRSPACE_LIMITS,
        AIRSPACE_WHOLE_DAYS,
        EMERGENCY_TASK,
        APPLICATION_LEAD_S,
        AUTHORISATION_VALIDITY_S,
        AUTHORISATION_RENEWABLE,
    ),
    stages=(*AUTHORISE.values(), DESK, EVENING, CONFIRM, RENEW, CONFIRM_RETURN),
    pools=(OFFICERS,),
    limits=(DAY_BEFORE, *AHEAD.values(), EMERGENCY_NOTICE),
    metrics=METRICS,
    decide=decide,
    build=build,
)
