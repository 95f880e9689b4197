"""Passengers: exit and entry checks of cabin flights, where they are held, and the gate that closes before departure.

A flight's passengers are one group. The group goes through a row of gates together, in as many turns as
there are passengers to a gate, while those who can't use gates go to a counter; it is through when the
last of both is. Types of aircraft with seats fly passengers (see `world.demand.aircraft`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.condition import is_one_of
from sim.ground.counts import Counts, binomial_quantile
from sim.ground.instrument import GOVERNMENTS, OFFICERS_ABROAD, ON_LAND, Instrument
from sim.ground.parameter import BySide, Duration, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.roster import Turn
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.fact_catalogue import DEPARTURE_TARGET_S
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse, chosen
from sim.model.metric import Margin, Metric, Ratio
from sim.model.observation import Observation
from sim.model.phrase import LONGER_OR_SHORTER, MORE_OR_FEWER, PEOPLE_COUNTED, Phrase
from sim.model.process import INSPECTED_DESTINATION, LANDED, LOADED, ORDERED, READY_TO_DEPART, UNLOADED, Milestone, Signal
from sim.model.ratios import divided
from sim.model.stage import ENDS, ROLE_LABELS, PoolKind, Role, Stage
from sim.world.demand import SEATS

TOGETHER = is_one_of("policy.passengers.arrangement", "co_located", "collaborative")
COLLABORATIVE = is_one_of("policy.passengers.arrangement", "collaborative")


class PassengersPolicy(Group):
    """Where the two sides check passengers, with how many gates and counters, and when the boarding gate closes."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            Text(
                "Each side's immigration and customs, for themselves",
                "兩地出入境部門及海關各自決定",
                "两地出入境部门及海关各自决定",
            ),
            Text("posts and lanes, and working instruction", "崗位、通道及內部工作指引", "岗位、通道及内部工作规程"),
            ("immigration", "customs"),
        ),
        Instrument(
            GOVERNMENTS,
            OFFICERS_ABROAD,
            ("immigration", "customs"),
            ("arrangement", "joint_place", "gates_abroad", "counters_abroad"),
            ON_LAND,
        ),
    )

    arrangement: Literal["separate", "co_located", "collaborative"] = parameter(
        "separate",
        label=Text("Passenger checks", "旅客查驗安排", "旅客查验安排"),
        meaning=(
            "Exit check at the origin and entry check at the destination (separate); both at one place, one after the other"
            " (co-located); or one passage through both sides' gates in one queue (collaborative)."
        ),
        source="collaborative inspection at Huanggang and Sha Tau Kok: one queue, two sides' gates (prologuejournal)",
        status=Status.STATED,
    )
    joint_place: Literal["origin", "destination"] = parameter(
        "origin",
        label=Text("Place of the joint check", "聯合查驗地點", "联合查验地点"),
        meaning="Under co-located and collaborative: at which end of the flight both sides check.",
        source="the model's choice; no rule for helicopters or eVTOL found",
        status=Status.GUESS,
        needs=TOGETHER,
    )
    gates: BySide[int] = parameter(
        4,
        label=Text("Gates", "e-道", "快捷通道"),
        meaning="Self-service gates of a side at each of its own vertiports.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(1, 100),
        plausible=(2, 8),
    )
    gates_abroad: BySide[int] = parameter(
        4,
        label=Text("Gates with the other side", "設於對方的 e-道", "设于对方的快捷通道"),
        meaning="Self-service gates of a side at each vertiport of the other side (co-located).",
        source="no figure found",
        status=Status.GUESS,
        bounds=(1, 100),
        plausible=(2, 8),
        needs=is_one_of("policy.passengers.arrangement", "co_located"),
    )
    counters: BySide[Servers] = parameter(
        1,
        label=Text("Immigration counters", "傳統櫃檯", "人工通道"),
        meaning="Staffed immigration counters of a side at each of its own vertiports; shifts by clock time.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 100),
        plausible=(1, 4),
    )
    counters_abroad: BySide[Servers] = parameter(
        1,
        label=Text("Counters with the other side", "設於對方的傳統櫃檯", "设于对方的人工通道"),
        meaning="Staffed immigration counters of a side at each vertiport of the other side (co-located and collaborative).",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 100),
        plausible=(1, 4),
        needs=TOGETHER,
    )
    baggage_officers: BySide[Servers] = parameter(
        1,
        label=Text("Baggage officers", "行李查驗人員", "行李查验人员"),
        meaning="Customs officers of a side who examine arriving passengers' baggage, at each of its own vertiports.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 100),
        plausible=(1, 3),
    )
    boarding_closes: Duration = parameter(
        "5 min",
        label=Text("Boarding closes", "截止登機時間", "截止登机时间"),
        meaning="How long before the planned departure the boarding gate closes to passengers who are not through.",
        source="at the gate 15 minutes before take-off (businesstraveller.com, 31 Oct 2009); a shorter time is assumed",
        status=Status.GUESS,
        bounds=("0 s", "2 h"),
        plausible=("2 min", "15 min"),
        needs=is_one_of("policy.passengers.late_passengers", "leave"),
    )
    late_passengers: Literal["wait", "leave"] = parameter(
        "wait",
        label=Text("Late passengers", "遲到旅客的處理", "迟到旅客的处理"),
        meaning=(
            "Whether the flight waits for passengers who are not through when boarding closes, or is cancelled for them (leave)."
        ),
        source="no rule found",
        status=Status.GUESS,
    )


class PassengersWorld(Group):
    """How passengers come, and how long a check takes."""

    last_at_port: DurationLaw = parameter(
        {"triangular": {"low": "12 min", "mode": "20 min", "high": "45 min"}},
        label=Text("Last passenger at the port", "最後旅客到場時間", "最后旅客到场时间"),
        meaning="How long before the planned departure the last passenger of a flight is at the port.",
        source="at the gate 15 minutes before take-off (businesstraveller.com, 31 Oct 2009); the spread is a guess",
        status=Status.GUESS,
        bounds=("0 s", "6 h"),
        plausible=("10 min", "60 min"),
    )
    gate_time: DurationLaw = parameter(
        "7 s",
        label=Text("Time at a gate", "每人使用 e-道用時", "每人快捷通道用时"),
        meaning="Time of one passenger at one side's gate.",
        source="e-Channel: 15 s cut to 7 s (thestandard.com.hk 54470, 2023 inferred); contactless aims at 5 s",
        status=Status.STATED,
        bounds=("0 s", "10 min"),
        plausible=("5 s", "15 s"),
        needs=is_one_of("policy.passengers.arrangement", "separate", "co_located"),
    )
    collaborative_gate_time: DurationLaw = parameter(
        "7 s",
        label=Text("Time at collaborative gates", "每人合作查驗通道用時", "每人合作查验通道用时"),
        meaning="Time of one passenger for both sides' gates in one passage (collaborative).",
        source="e-Channel 7 s, contactless 5 s; Hengqin's joint lane took about 30 s (macaonews, Aug 2020)",
        status=Status.GUESS,
        bounds=("0 s", "10 min"),
        plausible=("5 s", "30 s"),
        needs=COLLABORATIVE,
    )
    counter_share: Share = parameter(
        "15%",
        label=Text("Share at the counter", "使用傳統櫃檯比例", "使用人工通道比例"),
        meaning="Share of passengers who can't use gates and go to a counter.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("5%", "40%"),
    )
    counter_time: DurationLaw = parameter(
        {"lognormal": {"mean": "45 s", "cv": 0.5}},
        label=Text("Time at a counter", "每人使用傳統櫃檯用時", "每人人工通道用时"),
        meaning="Time of one passenger at a counter; the same for all of one flight.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "30 min"),
        plausible=("20 s", "120 s"),
    )
    baggage_share: Share = parameter(
        "3%",
        label=Text("Share with baggage examined", "行李查驗比例", "行李查验比例"),
        meaning="Share of arriving passengers whose baggage customs examines.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("1%", "10%"),
    )
    baggage_time: DurationLaw = parameter(
        {"lognormal": {"mean": "3 min", "cv": 0.5}},
        label=Text("Examination of baggage", "每件行李查驗用時", "每件行李查验用时"),
        meaning="Time to examine one passenger's baggage; the same for all of one flight.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("1 min", "10 min"),
    )
    boarding_time: DurationLaw = parameter(
        "3 min",
        label=Text("Boarding", "登機用時", "登机用时"),
        meaning="Time from the closed gate to everybody seated.",
        source="exit inspection to seat in under 10 min at Shekou (worldjournal 9123752, Nov 2025 inferred); the part is a guess",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("1 min", "8 min"),
    )
    alighting_time: DurationLaw = parameter(
        "2 min",
        label=Text("Alighting", "下機用時", "下机用时"),
        meaning="Time from touchdown until all passengers are at the entry check.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("1 min", "5 min"),
    )


AT_PORT = Stream("passengers.at_port")
GATE_TIME = {role: Stream(f"passengers.gate.{role}") for role in ENDS}
AT_COUNTER = {role: Stream(f"passengers.at_counter.{role}") for role in ENDS}
COUNTER_TIME = {role: Stream(f"passengers.counter.{role}") for role in ENDS}
EXAMINED = Stream("passengers.baggage_examined")
BAGGAGE_TIME = Stream("passengers.baggage")
BOARDING_TIME = Stream("passengers.boarding")
ALIGHTING_TIME = Stream("passengers.alighting")

# the exit check is the origin's, the entry check the destination's
_CHECKS: dict[Role, Text] = {"origin": Text("exit", "出境", "出境"), "destination": Text("entry", "入境", "入境")}


def _check_stages(key: str, label: Text) -> dict[Role, Stage]:
    return {
        role: Stage(f"{key}_{name.en}", label.fill(check=name, by=ROLE_LABELS[role]), role, "passengers")
        for role, name in _CHECKS.items()
    }


COME = Stage("passengers_come", Text("passengers come to the port", "旅客到場", "旅客到场"), "operator", "passengers")
GATES = _check_stages("gates", Text("{check} check at gates", "{check}檢查（e-道）", "{check}检查（快捷通道）"))
COUNTER = _check_stages("counter", Text("{check} check at the counter", "{check}檢查（傳統櫃檯）", "{check}检查（人工通道）"))
JOINT_GATES = Stage("gates_joint", Text("collaborative gates", "合作查驗通道", "合作查验通道"), "shared", "passengers")
BAGGAGE = Stage("baggage", Text("baggage examination", "行李查驗", "行李查验"), "destination", "passengers")
BOARDING_GATE = Stage("boarding_gate", Text("boarding gate", "登機閘口", "登机口"), "operator", "passengers")
BOARD = Stage("board", Text("boarding", "登機", "登机"), "operator", "ground")
ALIGHT = Stage("alight", Text("alighting", "下機", "下机"), "operator", "ground")

ROW = PoolKind("gates", Text("rows of gates", "e-道", "快捷通道"), in_port_hours=True)
JOINT_ROW = PoolKind("joint_gates", Text("rows of collaborative gates", "合作查驗通道", "合作查验通道"), in_port_hours=True)
COUNTERS = PoolKind(
    "immigration_counters", Text("immigration counters", "傳統櫃檯", "人工通道"), "immigration", in_port_hours=True
)
BAGGAGE_OFFICERS = PoolKind(
    "baggage_officers", Text("baggage officers", "行李查驗人員", "行李查验人员"), "officer", in_port_hours=True
)
DIVERTED = (Signal.DIVERTED,)
ONE_ROW = dict.fromkeys(SIDE_KEYS, (Turn(0.0, 1),))  # a group uses the whole row of gates


@dataclass(frozen=True)
class _Check:
    """A side's check: `role`, whose it is; `site_role`, at whose port; it comes after `after`."""

    role: Role
    site_role: Role
    after: tuple[Stage | Milestone, ...]


def _checks(policy: PassengersPolicy) -> list[_Check]:
    """The exit check, then the entry check, each where the arrangement puts it."""
    if policy.arrangement == "separate":
        return [_Check("origin", "origin", (COME,)), _Check("destination", "destination", (UNLOADED,))]
    at = policy.joint_place
    arrived: tuple[Stage | Milestone, ...] = (COME,) if at == "origin" else (UNLOADED,)
    if policy.arrangement == "collaborative":  # gates are one passage; at the counters the same people stand in turn
        return [_Check("origin", at, arrived), _Check("destination", at, (*arrived, COUNTER["origin"]))]
    return [_Check("origin", at, arrived), _Check("destination", at, (GATES["origin"], COUNTER["origin"]))]


def build(context: PlanningContext, policy: PassengersPolicy, world: PassengersWorld) -> Sequence[StageUse]:
    """The passengers' way: to the port, through the checks, on board, off board, and out. Nothing where no flight has seats."""
    if not context.flights.cabin.any():
        return ()
    exit_check, entry_check = _checks(policy)
    uses = [_come(context, world)]
    if policy.arrangement == "collaborative":
        uses.append(_joint_gates(context, policy, world, exit_check))
        uses += [_counter(context, policy, world, check) for check in (exit_check, entry_check)]
    else:
        for check in (exit_check, entry_check):
            uses += [_gates(context, policy, world, check), _counter(context, policy, world, check)]
    before_boarding = [use.stage for use in uses if use.unless_given_up != DIVERTED]
    return [*uses, *_boarding(context, policy, world, before_boarding), *_arrival(context, policy, world)]


def _come(context: PlanningContext, world: PassengersWorld) -> StageUse:
    at_port_s = context.facts[DEPARTURE_TARGET_S] - world.last_at_port.quantile(context.draw(AT_PORT))
    return StageUse(COME, (ORDERED,), visits=context.flights.cabin, not_before_s=np.maximum(context.flights.ordered_s, at_port_s))


def _on_its_way(check: _Check, use: StageUse) -> StageUse:
    """The use with what follows from its place: a check after landing precedes the release, and no diverted flight has it."""
    if check.site_role == "origin":
        return use
    return replace(use, precedes=(INSPECTED_DESTINATION,), unless_given_up=DIVERTED)


def _at_counter(context: PlanningContext, world: PassengersWorld, role: Role) -> Counts:
    return binomial_quantile(context.draw(AT_COUNTER[role]), context.flights.passengers, world.counter_share)


def _gate_count(context: PlanningContext, policy: PassengersPolicy, check: _Check) -> Floats:
    """Shape (n,): the gates of the check's side at the place of the check."""
    counts = policy.gates if check.role == check.site_role else policy.gates_abroad
    return chosen(context.flights.side(check.role), lambda side, here: float(counts[side]))


def _gates(context: PlanningContext, policy: PassengersPolicy, world: PassengersWorld, check: _Check) -> StageUse:
    by_gate = context.flights.passengers - _at_counter(context, world, check.role)
    turns = np.ceil(by_gate / _gate_count(context, policy, check))
    use = StageUse(
        GATES[check.role],
        check.after,
        visits=by_gate > 0,
        pool=_pools(context, ROW, ONE_ROW, ONE_ROW, check),
        service_s=turns * world.gate_time.quantile(context.draw(GATE_TIME[check.role])),
    )
    return _on_its_way(check, use)


def _joint_gates(context: PlanningContext, policy: PassengersPolicy, world: PassengersWorld, check: _Check) -> StageUse:
    """One passage for both checks, through the gates of the side at whose place it is."""
    by_gate = context.flights.passengers - _at_counter(context, world, "origin")
    turns = np.ceil(by_gate / _gate_count(context, policy, _Check(check.site_role, check.site_role, check.after)))
    use = StageUse(
        JOINT_GATES,
        check.after,
        visits=by_gate > 0,
        pool=_of_both_sides(context.pools_at_site(JOINT_ROW, ONE_ROW, check.site_role)),
        service_s=turns * world.collaborative_gate_time.quantile(context.draw(GATE_TIME["origin"])),
    )
    return _on_its_way(check, use)


def _of_both_sides(choice: PoolChoice) -> PoolChoice:
    """The pools without a side to which their time would be booked."""
    return replace(choice, pools=tuple(replace(pool, side="") for pool in choice.pools))


def _counter(context: PlanningContext, policy: PassengersPolicy, world: PassengersWorld, check: _Check) -> StageUse:
    """Those who can't use gates, one after another; under a collaborative check they are the same people at both counters."""
    people = _at_counter(context, world, "origin" if policy.arrangement == "collaborative" else check.role)
    use = StageUse(
        COUNTER[check.role],
        check.after,
        visits=people > 0,
        pool=_pools(context, COUNTERS, policy.counters, policy.counters_abroad, check),
        service_s=people * world.counter_time.quantile(context.draw(COUNTER_TIME[check.role])),
    )
    return _on_its_way(check, use)


def _pools(
    context: PlanningContext, kind: PoolKind, at_home: Mapping[str, Any], abroad: Mapping[str, Any], check: _Check
) -> PoolChoice:
    if check.role == check.site_role:
        return context.pools_at_site(kind, at_home, check.site_role)
    return context.pools_at_site(kind, abroad, check.site_role, of_role=check.role)


def _boarding(
    context: PlanningContext, policy: PassengersPolicy, world: PassengersWorld, checks: Sequence[Stage]
) -> list[StageUse]:
    """The gate, which may close before a group is through, and boarding."""
    closes_s = context.facts[DEPARTURE_TARGET_S] - policy.boarding_closes
    gate = StageUse(
        BOARDING_GATE,
        after=tuple(checks),
        visits=context.flights.cabin,
        deadline_s=closes_s if policy.late_passengers == "leave" else np.inf,
    )
    board = StageUse(
        BOARD,
        after=(LOADED, BOARDING_GATE),
        precedes=(READY_TO_DEPART,),
        visits=context.flights.cabin,
        service_s=world.boarding_time.quantile(context.draw(BOARDING_TIME)),
    )
    return [gate, board]


def _arrival(context: PlanningContext, policy: PassengersPolicy, world: PassengersWorld) -> list[StageUse]:
    """Alighting, and customs' examination of baggage after whatever checks there are."""
    alight_s = world.alighting_time.quantile(context.draw(ALIGHTING_TIME))
    alight = StageUse(ALIGHT, (LANDED,), (UNLOADED,), unless_given_up=DIVERTED, visits=context.flights.cabin, service_s=alight_s)
    examined = binomial_quantile(context.draw(EXAMINED), context.flights.passengers, world.baggage_share)
    checked_here: tuple[Stage, ...] = ()
    if policy.arrangement == "separate" or policy.joint_place == "destination":
        checked_here = (*GATES.values(), *COUNTER.values(), JOINT_GATES)
    baggage = StageUse(
        BAGGAGE,
        after=(UNLOADED, *checked_here),
        precedes=(INSPECTED_DESTINATION,),
        unless_given_up=DIVERTED,
        visits=examined > 0,
        pool=context.pools_at_site(BAGGAGE_OFFICERS, policy.baggage_officers, "destination"),
        service_s=examined * world.baggage_time.quantile(context.draw(BAGGAGE_TIME)),
    )
    return [alight, baggage]


# ------------------------------------------------------------------------------------------- measures


def _booked(observation: Observation) -> float:
    return float(observation.flights.passengers[observation.measured].sum())


def _carried(observation: Observation) -> float:
    released = observation.measured & ~np.isnan(observation.released_s)
    return float(observation.flights.passengers[released].sum())


def _mean_over_cabin(observation: Observation, lapse_s: Floats) -> float:
    """Mean over measured passenger flights with passengers, NaN where there is none."""
    counted = observation.measured & (observation.flights.passengers > 0) & ~np.isnan(lapse_s)
    return float(lapse_s[counted].mean()) if counted.any() else np.nan


def _port_to_seat(observation: Observation) -> float:
    return _mean_over_cabin(observation, observation.end_of(BOARD.key) - observation.end_of(COME.key))


def _landing_to_exit(observation: Observation) -> float:
    number = observation.plan.stage_number(ALIGHT.key)
    landed_s = np.full(len(observation.flights), np.nan) if number is None else observation.timeline.queued_s[:, number]
    return _mean_over_cabin(observation, observation.released_s - landed_s)


def _door_of_port_to_exit(observation: Observation) -> float:
    return _mean_over_cabin(observation, observation.released_s - observation.end_of(COME.key))


METRICS: tuple[Metric, ...] = (
    Metric(
        key="passengers_carried",
        label=Text("passengers carried", "載運旅客人次", "载运旅客人次"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="throughput",
        formula="Passengers on measured flights released.",
        compute=_carried,
    ),
    Metric(
        key="passengers_booked",
        label=Text("passengers booked", "預訂旅客人次", "预订旅客人次"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="throughput",
        formula="Passengers on measured flights, whatever becomes of them.",
        compute=_booked,
    ),
    Metric(
        key="passengers_carried_share",
        label=Text("share of passengers carried", "旅客載運率", "旅客载运率"),
        unit="share",
        better="higher",
        topic="throughput",
        formula="Passengers carried / passengers booked; NaN without any.",
        compute=divided(_carried, _booked),
        ratio=Ratio("passengers_carried", "passengers_booked"),
        matters=Margin("1 pp", "one passenger in a hundred", Status.GUESS, ("0.5 pp", "5 pp")),
        phrase=Phrase(
            Text("{n} of {of} passengers booked are carried", "每 {of} 名預訂旅客載運 {n} 名", "每 {of} 名预订旅客载运 {n} 名"),
            MORE_OR_FEWER,
            counter=PEOPLE_COUNTED,
        ),
    ),
    Metric(
        key="port_to_seat",
        label=Text("last passenger at the port to seated", "旅客到場至就座時間", "旅客到场至就座时间"),
        unit="s",
        better="lower",
        topic="release time",
        formula=(
            "End of boarding - the last passenger's coming to the port, mean over measured flights with passengers; NaN without "
            "any."
        ),
        compute=_port_to_seat,
        matters=Margin("1 min", "what a passenger would notice", Status.GUESS, ("30 s", "5 min")),
        phrase=Phrase(
            Text(
                "the last passenger is seated {n} after reaching the port{where}",
                "{where}最後一名旅客由到場至就座需時 {n}",
                "{where}最后一名旅客由到场至就座用时 {n}",
            ),
            LONGER_OR_SHORTER,
        ),
    ),
    Metric(
        key="landing_to_exit",
        label=Text("landing to the exit", "降落至離場時間", "降落至离场时间"),
        unit="s",
        better="lower",
        topic="release time",
        formula="Release - end of the landing, mean over measured flights with passengers released; NaN without any.",
        compute=_landing_to_exit,
        matters=Margin("1 min", "what a passenger would notice", Status.GUESS, ("30 s", "5 min")),
        phrase=Phrase(
            Text(
                "passengers leave the port {n} after landing{where}",
                "{where}旅客由降落至離場需時 {n}",
                "{where}旅客由降落至离场用时 {n}",
            ),
            LONGER_OR_SHORTER,
        ),
    ),
    Metric(
        key="port_to_exit",
        label=Text("port to exit", "到場至離場時間", "到场至离场时间"),
        unit="s",
        better="lower",
        topic="release time",
        formula="Release - the last passenger's coming to the port, mean over measured flights with passengers; NaN without any.",
        compute=_door_of_port_to_exit,
        matters=Margin("1 min", "what a passenger would notice", Status.GUESS, ("30 s", "5 min")),
        phrase=Phrase(
            Text(
                "from port to exit passengers take {n}{where}",
                "{where}旅客由到場至離場需時 {n}",
                "{where}旅客由到场至离场用时 {n}",
            ),
            LONGER_OR_SHORTER,
        ),
    ),
)

PASSENGERS = Feature(
    key="passengers",
    needs=SEATS,
    label=Text("Passengers", "旅客", "旅客"),
    policy=PassengersPolicy,
    world=PassengersWorld,
    streams=(
        AT_PORT, *GATE_TIME.values(), *AT_COUNTER.values(), *COUNTER_TIME.values(), EXAMINED, BAGGAGE_TIME, BOARDING_TIME,
        ALIGHTING_TIME,
    ),
    reads=(DEPARTURE_TARGET_S,),
    stages=(COME, *GATES.values(), *COUNTER.values(), JOINT_GATES, BAGGAGE, BOARDING_GATE, BOARD, ALIGHT),
    pools=(ROW, JOINT_ROW, COUNTERS, BAGGAGE_OFFICERS),
    metrics=METRICS,
    build=build,
)  # fmt: skip
