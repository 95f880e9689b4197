"""Filing and pre-clearance: when customs knows, and whether the aircraft waits for customs to decide."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.condition import IsAbove, IsGiven, both, either, is_one_of
from sim.ground.errors import Problem, contradiction
from sim.ground.instrument import CUSTOMS_EACH, CUSTOMS_TOGETHER, Instrument
from sim.ground.parameter import Duration, DurationLaw, Group, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import LANGUAGES, Text
from sim.ground.time_units import DAY_S
from sim.ground.tolerance import beyond, wholes_around
from sim.ground.units import format_quantity, quantity_in_words
from sim.model.fact_catalogue import (
    AIRSPACE_EARLIEST_S,
    AIRSPACE_LIMITS,
    AIRSPACE_WHOLE_DAYS,
    BLOCK_S,
    DECIDED_BEFORE_DEPARTURE,
    DEPARTURE_TARGET_S,
    ENTRY_ALLOWANCE_S,
    FILED_S,
    FILES,
    LOST,
    PUT_OFF,
    SELECTION_FACTOR,
)
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext, StageUse
from sim.model.limit import PutOff
from sim.model.outcome import Outcome
from sim.model.process import CLEARED, DECIDED, DEPARTURE_PERMITTED, FILED, NO_DATA, ORDERED, RECEIVED, Signal
from sim.model.stage import Limit, Mark, Stage

DECIDED_BEFORE = is_one_of("policy.pre_clearance.decision", "before_departure")
SOME_AEO = either(IsAbove("policy.pre_clearance.aeo_share", "50%"), IsGiven("world.demand.schedule"))


class PreClearancePolicy(Group):
    """Filing lead, decision before departure or on arrival, late files, the AEO programme."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            CUSTOMS_EACH,
            Text(
                "notice to operators: when declarations must be complete",
                "向營運商發出通告：申報完成時限",
                "向运营人发布公告：申报完成时限",
            ),
            ("customs",),
            ("lead", "late_rule", "max_hold"),
        ),
        Instrument(
            CUSTOMS_EACH,
            Text(
                "own procedure, alike on both sides: decide before take-off",
                "兩地海關作出一致的內部程序：憑預先申報的數據於起飛前決定",
                "两地海关作出一致的内部程序：凭提前申报的数据于起飞前决定",
            ),
            ("customs",),
            ("decision",),
        ),
        Instrument(
            CUSTOMS_TOGETHER,
            Text(
                "mutual recognition of authorised economic operators, extended to flights",
                "認可經濟營運商互認，擴展至航班",
                "经认证的经营者（AEO）互认，扩展至航班",
            ),
            ("customs",),
            (),
            Text(
                "mutual recognition arrangement of the two customs, in force (customs.gov.hk)",
                "兩地海關互認安排已生效（customs.gov.hk）",
                "两地海关互认安排已生效（customs.gov.hk）",
            ),
        ),
    )

    lead: Duration = parameter(
        "30 min",
        label=Text("Filing lead", "預先申報時間", "提前申报时间"),
        meaning=(
            "How long before the planned departure customs must have accepted the cargo data; the goods are not cleared until so"
            " long after the acceptance. Operators begin to enter the data as much earlier as entry and transmission usually"
            " take; an order that comes too late for that waits, shifts or is lost."
        ),
        source=(
            "Hong Kong's road cargo data: complete and bundled at least 30 minutes before crossing (rocars.gov.hk; the third"
            " phase"
            " of the Trade Single Window replaces it), carried over; the Mainland's road manifest: one hour (recalled). SAFE"
            " levels of 0 to 240 minutes are recalled"
        ),
        status=Status.DERIVED,
        bounds=("0 s", "14 d"),
        plausible=("0 min", "240 min"),
    )
    decision: Literal["before_departure", "on_arrival"] = parameter(
        "on_arrival",
        label=Text("Decision", "決定時間", "决定时间"),
        meaning=(
            "Whether customs decides before the aircraft departs, or by the time the goods are to be released at the destination."
        ),
        source=(
            "carried over from the road: the driver is told on arrival to go or to be inspected (hongkongbusiness.hk, Nov 2011)"
        ),
        status=Status.DERIVED,
    )
    late_rule: Literal["hold", "inspect_on_arrival", "refuse"] = parameter(
        "hold",
        label=Text("Rule where the decision is late", "遲交或遲決的處理", "迟交或迟决的处理"),
        meaning=(
            "What happens to a flight that is not cleared at its planned time, or whose file came late: it waits (hold), "
            "it flies and everything on it is inspected on arrival, or it is refused."
        ),
        source="the choices are the model's; no rule for drones is published",
        status=Status.GUESS,
    )
    max_hold: Duration = parameter(
        "4 h",
        label=Text("Longest hold for clearance", "等候清關上限", "等候清关上限"),
        meaning=(
            "Under the rule hold with a decision before departure: how long a flight waits for clearance past its planned"
            " departure before it is cancelled."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "7 d"),
        plausible=("30 min", "12 h"),
        needs=both(DECIDED_BEFORE, is_one_of("policy.pre_clearance.late_rule", "hold")),
    )
    aeo_share: Share = parameter(
        "0%",
        label=Text("Share of operators in the AEO programme", "認可經濟營運商比例", "经认证的经营者比例"),
        meaning="Share of operators that are authorised economic operators (AEO). A larger share keeps those that were in it.",
        source=("of some 90 companies in Hong Kong none is known to fly drones; India: AEO file 37% of bills (NTRS 2024)"),
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0%", "40%"),
    )
    aeo_selection_factor: float = parameter(
        0.2,
        label=Text("AEO selection factor", "認可經濟營運商抽查倍數", "经认证的经营者布控倍数"),
        meaning="Factor on the selection rates for consignments of AEO.",
        source="up to 80% lower inspection rate (info.gov.hk, 11 Jun 2025; CMA Bulletin, Nov 2019)",
        status=Status.DERIVED,
        bounds=(0, 1),
        plausible=(0.2, 1),
        needs=SOME_AEO,
    )
    aeo_periodic: bool = parameter(
        False,
        label=Text("AEO periodic declaration", "認可經濟營運商定期申報", "经认证的经营者定期申报"),
        meaning="Whether AEO declare periodically: their flights file and wait for no message of their own.",
        source="AEO special declaration is near 0 h in Japan's time release study (jiffa.or.jp, 2015)",
        status=Status.DERIVED,
        needs=SOME_AEO,
    )


class PreClearanceWorld(Group):
    """How operators file."""

    preparation: DurationLaw = parameter(
        {"lognormal": {"mean": "10 min", "cv": 0.5}},
        label=Text("Preparing the file", "準備申報資料", "准备申报资料"),
        meaning="Time the operator needs from the order, or just before data entry, to put the cargo data together.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("2 min", "60 min"),
    )
    late_share: Share = parameter(
        "5%",
        label=Text("Share filing late", "遲交比例", "迟交比例"),
        meaning="Share of flights whose operator begins to enter the data later than the lead asks for.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("1%", "20%"),
    )
    lateness: DurationLaw = parameter(
        {"exponential": {"mean": "30 min"}},
        label=Text("Lateness of late files", "遲交時長", "迟交时长"),
        meaning="How much later than the lead asks for data entry begins, where it is late.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "2 d"),
        plausible=("5 min", "120 min"),
        needs=IsAbove("world.pre_clearance.late_share", "50%"),
    )


_LEAD_ALONE = Text(
    "the lead of {lead} asks for the data earlier, and no aircraft waits for a decision on them: with "
    "policy.pre_clearance.decision on_arrival it flies whether or not customs has decided.",
    "提前量{lead}只要求較早遞交資料，航空器並不等候海關決定：policy.pre_clearance.decision 為 on_arrival 時，"
    "不論海關是否已作決定，均會起飛。",
    "提前量{lead}只要求较早提交资料，航空器并不等候海关决定：policy.pre_clearance.decision 为 on_arrival 时，"
    "不论海关是否已作决定，均会起飞。",
)
PREPARATION = Stream("pre_clearance.preparation")
FILES_LATE = Stream("pre_clearance.files_late")
LATENESS = Stream("pre_clearance.lateness")

PREPARATION_S = Fact[Floats]("preparation_s", float, "flight", "time to put the cargo data together, s", least=0)
FILED_LATE = Fact[Bools]("filed_late", bool, "flight", "data entry begins later than the lead asks for")

ORDER = Stage("order", Text("order", "下單", "下单"), "operator", "order")
PREPARE = Stage("prepare", Text("preparing the file", "準備申報資料", "准备申报资料"), "operator", "filing", (Mark.FILED,))
FILING = Limit("filing_lead", Text("the time for filing and its lead", "申報及預先申報所需時間", "申报及提前申报所需时间"))
LATE_DATA = Limit("late_data", Text("late cargo data", "貨物資料未及時獲受理", "货物数据未及时受理"))
LEAD = Stage(
    "lead",
    Text("filing lead, from acceptance", "預先申報時間（由受理起計）", "提前申报时间（自受理起算）"),
    "shared",
    "filing",
    limit=LATE_DATA,  # operators file so much earlier: it keeps waiting only those whose data were accepted late
)
CLEAR = Stage("clear", Text("customs decision", "海關決定", "海关决定"), "shared", "filing")


def decide(context: PlanningContext, policy: PreClearancePolicy, world: PreClearanceWorld) -> FactValues:
    """When each flight is filed, and the earliest departure its order still permits."""
    flights = context.flights
    files = ~(flights.aeo & policy.aeo_periodic) & ~flights.cabin
    preparation_s = world.preparation.quantile_where(files, context.draw(PREPARATION))
    ahead_s = np.where(files, policy.lead + context.facts[ENTRY_ALLOWANCE_S], 0.0)
    by_customs_s = np.maximum(flights.planned_departure_s, flights.ordered_s + preparation_s + ahead_s)
    target_s = _no_earlier_than(by_customs_s, context.facts[AIRSPACE_EARLIEST_S], context.facts[AIRSPACE_WHOLE_DAYS])
    files_late = files & (context.draw(FILES_LATE) < world.late_share)
    lateness_s = world.lateness.quantile_where(files_late, context.draw(LATENESS))
    return {
        DEPARTURE_TARGET_S: target_s,
        PUT_OFF: (
            PutOff(FILING, by_customs_s - flights.planned_departure_s),
            *(PutOff(limit, np.where(held, target_s - by_customs_s, 0.0)) for limit, held in context.facts[AIRSPACE_LIMITS]),
            PutOff(LATE_DATA, lateness_s, PREPARE.key),
        ),
        LOST: beyond(target_s - flights.planned_departure_s, flights.max_shift_s),
        PREPARATION_S: preparation_s,
        FILED_S: target_s - ahead_s + lateness_s,
        FILED_LATE: files_late,
        FILES: files,
        SELECTION_FACTOR: np.where(flights.aeo, policy.aeo_selection_factor, 1.0),
        DECIDED_BEFORE_DEPARTURE: policy.decision == "before_departure",
    }


def _no_earlier_than(departure_s: np.ndarray, earliest_s: np.ndarray, whole_days: np.ndarray) -> np.ndarray:
    """The departure put off until `earliest_s`; by whole days where the rule goes by days, so that demand keeps its hours."""
    late_s = np.maximum(0.0, earliest_s - departure_s)
    return np.asarray(departure_s + np.where(whole_days, DAY_S * wholes_around(late_s, DAY_S), late_s))


def build(context: PlanningContext, policy: PreClearancePolicy, world: PreClearanceWorld) -> Sequence[StageUse]:
    """The order, the file, its lead from acceptance on, and the gate at which the flight is cleared."""
    facts = context.facts
    order = StageUse(ORDER, after=(), precedes=(ORDERED,), ends=np.where(facts[LOST], Outcome.LOST, 0))
    prepare = StageUse(
        PREPARE,
        after=(ORDERED,),
        precedes=(FILED,),
        visits=facts[FILES],
        not_before_s=np.maximum(context.flights.ordered_s, facts[FILED_S] - facts[PREPARATION_S]),
        service_s=facts[PREPARATION_S],
    )
    lead = StageUse(
        LEAD,
        after=(RECEIVED["origin"], RECEIVED["destination"]),
        unless_given_up=tuple(NO_DATA.values()),
        visits=facts[FILES],
        service_s=policy.lead,
    )
    return order, prepare, lead, _gate(context, policy)


def _gate(context: PlanningContext, policy: PreClearancePolicy) -> StageUse:
    """The clearance gate. A file is not cleared before its lead has run; what the gate does if that is late is the rule."""
    target_s = context.facts[DEPARTURE_TARGET_S]
    before = policy.decision == "before_departure"
    due_s = target_s if before else target_s + context.facts[BLOCK_S]
    deadline_s = {
        "hold": due_s + policy.max_hold if before else np.full(len(target_s), np.inf),
        "inspect_on_arrival": due_s,
        "refuse": due_s,
    }[policy.late_rule]
    return StageUse(
        CLEAR,
        after=(LEAD, DECIDED["origin"], DECIDED["destination"]),
        precedes=(CLEARED, DEPARTURE_PERMITTED) if before else (CLEARED,),
        raises=(Signal.UNCLEARED,) if policy.late_rule == "inspect_on_arrival" else (),
        on_give_up=Outcome.REFUSED if policy.late_rule == "refuse" else Outcome.CANCELLED,
        deadline_s=deadline_s,
    )


_IN_THE_AIR = Text(
    "a flight that is in the air can't be refused for a late decision",
    "已起飛的航班不能因決定過遲而不予放行",
    "已起飞的航班不能因决定过迟而不予放行",
)


_REFUSED_LATE = Text(
    "refuse, with decision: on_arrival", "refuse，而 decision 為 on_arrival", "refuse，而 decision 为 on_arrival"
)
_OTHER_RULES = Text(
    "hold or inspect_on_arrival; or decision: before_departure",
    "hold 或 inspect_on_arrival；或 decision: before_departure",
    "hold 或 inspect_on_arrival；或 decision: before_departure",
)


def check(policy: PreClearancePolicy, world: PreClearanceWorld, scenario: Any) -> Sequence[Problem]:
    """A refusal must come before take-off."""
    if policy.decision == "on_arrival" and policy.late_rule == "refuse":
        return [
            contradiction(
                _IN_THE_AIR,
                "policy.pre_clearance.late_rule",
                ("policy.pre_clearance.decision",),
                value=_REFUSED_LATE,
                allowed=_OTHER_RULES,
            )
        ]
    return []


def cautions(policy: PreClearancePolicy, world: PreClearanceWorld, scenario: Any) -> Sequence[Text]:
    """A longer lead than usual is easily taken for a decision before departure."""
    if policy.decision == "before_departure" or policy.lead <= PreClearancePolicy().lead:
        return ()
    lead = format_quantity(policy.lead, "time")
    return (_LEAD_ALONE.fill(lead=Text(*(quantity_in_words(lead, language) for language in LANGUAGES))),)


PRE_CLEARANCE = Feature(
    key="pre_clearance",
    label=Text("Filing and pre-clearance", "申報與預先清關", "申报与预先清关"),
    policy=PreClearancePolicy,
    world=PreClearanceWorld,
    streams=(PREPARATION, FILES_LATE, LATENESS),
    aeo_share=lambda policy: policy.aeo_share,
    reads=(AIRSPACE_EARLIEST_S, AIRSPACE_LIMITS, AIRSPACE_WHOLE_DAYS, ENTRY_ALLOWANCE_S, BLOCK_S),
    writes=(
        DEPARTURE_TARGET_S,
        PUT_OFF,
        LOST,
        PREPARATION_S,
        FILED_S,
        FILED_LATE,
        FILES,
        SELECTION_FACTOR,
        DECIDED_BEFORE_DEPARTURE,
    ),
    stages=(ORDER, PREPARE, LEAD, CLEAR),
    limits=(FILING, LATE_DATA),
    decide=decide,
    build=build,
    check=check,
    cautions=cautions,
)
