"""Vertiports: vehicles, pads, stands, the aircraft's way home, and the way to an alternate."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from sim.ground.condition import both, is_one_of
from sim.ground.errors import Problem, contradiction
from sim.ground.instrument import Instrument
from sim.ground.parameter import BySide, Duration, DurationLaw, Group, Length, Servers, Status, parameter
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Stream
from sim.ground.text import COMMA, Text
from sim.model.fact_catalogue import (
    ALTERNATE_DISTANCE_M,
    BLOCK_S,
    DEPARTURE_TARGET_S,
    LOADING_FROM_S,
    PAD_PRIORITY,
    PAD_PRIORITY_EMPTY,
    RESERVE_USED_S,
    RETURNS,
)
from sim.model.facts import FactValues
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse
from sim.model.flights import Priority
from sim.model.plan import Pool
from sim.model.process import (
    AIRBORNE,
    AIRCRAFT_FREED,
    ARRIVED,
    FIT_TO_DEPART,
    LANDED,
    LOADED,
    ORDERED,
    READY_FOR_SLOT,
    RETURN_AIRBORNE,
    RETURN_ARRIVED,
    RETURN_FIT,
    RETURN_READY,
    RETURN_READY_FOR_SLOT,
    RETURNED,
    UNLOADED,
    Signal,
)
from sim.model.stage import Mark, PoolKind, Stage
from sim.world.aircraft import aircraft_catalogue, check_range
from sim.world.own_route import sound_routes
from sim.world.routes import route_catalogue

FLOWN_HOME = is_one_of("policy.vertiports.returns", True)
DIVERTING = is_one_of("policy.vertiports.reservation", False)


class VertiportsPolicy(Group):
    """Pads, reservation, stands, batteries, fleet, returns."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            Text("Vertiports and operators", "起降場及營運商", "起降场及运营人"),
            Text(
                "contract and investment, licensed by civil aviation",
                "合約及投資，須獲民航當局許可",
                "合同及投资，须获民航主管部门许可",
            ),
            ("operators", "aviation"),
        ),
    )

    pads: BySide[Servers] = parameter(
        2,
        label=Text("Pads", "起降坪", "起降坪"),
        meaning="Pads at each vertiport of a side; they serve departures and landings.",
        source="limited landing sites are named as a bottleneck (China Daily HK 627887, Jan 2026); no number",
        status=Status.GUESS,
        bounds=(0, 200),
        plausible=(1, 6),
    )
    reservation: bool = parameter(
        True,
        label=Text("Pad reserved before take-off", "起飛前預留起降坪", "起飞前预留起降坪"),
        meaning=(
            "Whether a pad at the destination is reserved before take-off: loaded aircraft wait on the ground"
            " instead of in the air, and the pad is blocked for the whole flight."
        ),
        source=(
            "strategic deconfliction reserves a flight's volumes and its landing place before take-off (ASTM F3548-21, as"
            " recalled); no rule for these vertiports found"
        ),
        status=Status.RECALLED,
    )
    stands: BySide[Servers] = parameter(
        0,
        label=Text("Stands", "停機位", "停机位"),
        meaning=(
            "Stands beside the pads of each vertiport to which an aircraft moves when it is unloaded; with none free it"
            " stays on its pad until it flies home."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 200),
        plausible=(0, 6),
        needs=FLOWN_HOME,
    )
    battery_swap: bool = parameter(
        True,
        label=Text("Battery swap at the destination", "目的地更換電池", "目的地更换电池"),
        meaning=(
            "Whether batteries are swapped before the flight home; without it the aircraft's range must cover the round trip."
        ),
        source=(
            "the FY4's 10 km range with full load is 5 km out and back (nxhxj.cn, Apr 2025), too short for corridor A with a"
            " reserve"
        ),
        status=Status.DERIVED,
    )
    returns: bool = parameter(
        True,
        label=Text("Return movements", "空機返程", "空机返程"),
        meaning=(
            "Whether the aircraft flies home empty over the boundary; otherwise it is taken to be in its fleet again after a"
            " turnaround, without a flight."
        ),
        source="aircraft do not vanish; how fleets are balanced is not published",
        status=Status.GUESS,
    )
    fleet: BySide[Servers] = parameter(
        4,
        label=Text("Fleet", "機隊", "机队"),
        meaning="Aircraft based at each end of each route; one is bound from loading until its turnaround at home.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 1000),
        plausible=(2, 12),
    )
    loading_lead: Duration = parameter(
        "20 min",
        label=Text("Loading lead", "裝載提前時間", "装载提前量"),
        meaning="How long before the planned departure loading begins.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("5 min", "90 min"),
    )


class VertiportsWorld(Group):
    """How long handling takes."""

    load_time: DurationLaw = parameter(
        {"lognormal": {"mean": "5 min", "cv": 0.3}},
        label=Text("Loading", "裝載用時", "装载用时"),
        meaning="Time to load the aircraft.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "4 h"),
        plausible=("2 min", "15 min"),
    )
    unload_time: DurationLaw = parameter(
        {"lognormal": {"mean": "3 min", "cv": 0.3}},
        label=Text("Unloading", "卸載用時", "卸载用时"),
        meaning="Time to unload the aircraft, on its pad.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "4 h"),
        plausible=("1 min", "10 min"),
    )
    touchdown_time: Duration = parameter(
        "30 s",
        label=Text("Touchdown", "着陸用時", "着陆用时"),
        meaning="Time on the pad from touchdown until unloading can begin.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("10 s", "2 min"),
    )
    pad_turnaround: Duration = parameter(
        "2 min",
        label=Text("Pad turnaround", "起降坪清場用時", "起降坪清场用时"),
        meaning="Time between two movements on a pad, after the aircraft has left it.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("30 s", "5 min"),
    )
    swap_time: DurationLaw = parameter(
        {"triangular": {"low": "3 min", "mode": "5 min", "high": "10 min"}},
        label=Text("Battery swap", "更換電池用時", "更换电池用时"),
        meaning="Time to swap batteries at the destination.",
        source="not found; 3 to 10 minutes for cargo multirotors",
        status=Status.GUESS,
        bounds=("0 s", "4 h"),
        plausible=("3 min", "10 min"),
        needs=both(FLOWN_HOME, is_one_of("policy.vertiports.battery_swap", True)),
    )
    turnaround_time: DurationLaw = parameter(
        {"triangular": {"low": "5 min", "mode": "8 min", "high": "20 min"}},
        label=Text("Turnaround at home", "返場整備用時", "返场整备用时"),
        meaning="Time at home, off the pad, before the aircraft can be loaded again: check and batteries.",
        source="not found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("5 min", "60 min"),
    )
    alternate_distance: Length = parameter(
        "3 km",
        label=Text("Distance to the alternate", "至備降場距離", "至备降场距离"),
        meaning="Distance from a vertiport to the alternate of its side.",
        source="no alternates are published",
        status=Status.GUESS,
        bounds=("0 m", "100 km"),
        plausible=("1 km", "10 km"),
    )
    alternate_pads: BySide[Servers] = parameter(
        2,
        label=Text("Pads at the alternate", "備降場起降坪", "备降场起降坪"),
        meaning="Pads at the alternate of each side.",
        source="no alternates are published",
        status=Status.GUESS,
        bounds=(1, 100),
        plausible=(1, 4),
        needs=DIVERTING,
    )
    alternate_customs: DurationLaw = parameter(
        {"lognormal": {"mean": "90 min", "cv": 0.5}},
        label=Text("Customs at the alternate", "備降場清關用時", "备降场清关用时"),
        meaning="Time until customs has dealt with a diverted flight at the alternate, before it is sent home.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "7 d"),
        plausible=("30 min", "6 h"),
        needs=DIVERTING,
    )


LOAD_TIME = Stream("vertiports.load")
UNLOAD_TIME = Stream("vertiports.unload")
SWAP_TIME = Stream("vertiports.swap")
TURNAROUND_TIME = Stream("vertiports.turnaround")
CUSTOMS_TIME = Stream("vertiports.alternate_customs")


VEHICLE = Stage("vehicle", Text("aircraft", "航空器調配", "航空器调配"), "operator", "ground")
LOAD = Stage("load", Text("loading", "裝載", "装载"), "operator", "ground", (Mark.LOADING,))
RESERVE = Stage(
    "reserve_pad", Text("pad reservation at the destination", "預留目的地起降坪", "预留目的地起降坪"), "air", "ground"
)
RESERVE_LATER = Stage(
    "reserve_pad_later",
    Text(
        "pad reservation at the destination, from the departure pad",
        "預留目的地起降坪（於起飛坪）",
        "预留目的地起降坪（于起飞坪）",
    ),
    "air",
    "ground",
)
DEPARTURE_PAD = Stage("departure_pad", Text("departure pad", "起飛坪", "起飞坪"), "air", "ground")
LAND = Stage("land", Text("landing", "降落", "降落"), "air", "ground", (Mark.LANDED, Mark.HELD_FOR_PAD))
UNLOAD = Stage("unload", Text("unloading", "卸載", "卸载"), "operator", "ground")
STAND = Stage("stand", Text("moving to a stand", "移至停機位", "移至停机位"), "operator", "return")
STAY = Stage("stay", Text("staying on the pad", "留在起降坪", "留在起降坪"), "operator", "return")
PAD_CLEAR = Stage("pad_clear", Text("pad cleared", "起降坪騰空", "起降坪腾空"), "operator", "return")
SWAP = Stage("swap", Text("battery swap", "更換電池", "更换电池"), "operator", "return")
RETURN_PAD = Stage("return_pad", Text("departure pad, return", "起飛坪（返程）", "起飞坪（返程）"), "air", "return")
HOME_PAD = Stage("home_pad", Text("landing at home", "返場降落", "返场降落"), "air", "return", (Mark.HELD_FOR_PAD,))
TURNAROUND = Stage("turnaround", Text("turnaround at home", "返場整備", "返场整备"), "operator", "return")
DIVERT_FLY = Stage(
    "divert_fly", Text("flight to the alternate", "飛往備降場", "飞往备降场"), "air", "return", (Mark.DIVERT, Mark.DIVERSION)
)
DIVERT_LAND = Stage(
    "divert_land",
    Text("landing at the alternate", "備降場降落", "备降场降落"),
    "air",
    "return",
    (Mark.DIVERSION, Mark.HELD_FOR_PAD),
)
DIVERT_CUSTOMS = Stage(
    "divert_customs", Text("customs at the alternate", "備降場清關", "备降场清关"), "destination", "return", (Mark.DIVERSION,)
)
DIVERT_HOME = Stage(
    "divert_home",
    Text("flight home from the alternate", "由備降場返航", "由备降场返航"),
    "air",
    "return",
    (Mark.DIVERT_HOME, Mark.DIVERSION),
)
PADS = PoolKind("pads", Text("pads", "起降坪", "起降坪"), mark="pads")
STANDS = PoolKind("stands", Text("stands", "停機位", "停机位"))
FLEET = PoolKind("fleet", Text("fleet", "機隊", "机队"), mark="fleet")
ALTERNATE_PADS = PoolKind("alternate_pads", Text("pads at the alternate", "備降場起降坪", "备降场起降坪"))
DIVERTED = (Signal.DIVERTED,)
GROUND = len(Priority)  # whoever waits for a pad on the ground goes after whoever waits in the air, whatever the class


def decide(context: PlanningContext, policy: VertiportsPolicy, world: VertiportsWorld) -> FactValues:
    """When the aircraft is loaded, whether it flies home, and how far its alternate is."""
    return {
        LOADING_FROM_S: np.maximum(context.flights.ordered_s, context.facts[DEPARTURE_TARGET_S] - policy.loading_lead),
        RETURNS: np.full(len(context.flights), policy.returns),
        ALTERNATE_DISTANCE_M: world.alternate_distance,
    }


def build(context: PlanningContext, policy: VertiportsPolicy, world: VertiportsWorld) -> Sequence[StageUse]:
    """The aircraft's movements: out, off the pad, home, and to the alternate."""
    return [
        *_outward(context, policy, world),
        *_landing(context, policy, world),
        *_off_the_pad(context, policy, world),
        *_return(context, policy, world),
        *_diversion(context, policy, world),
    ]


def _fleet(context: PlanningContext, policy: VertiportsPolicy) -> PoolChoice:
    """For each route its two bases: the last site, and the first (as `outward` numbers them)."""
    pools = tuple(
        Pool(FLEET, context.roster(policy.fleet[site.side], site.side), f"{route.key}.{site.key}")
        for route in context.flights.routes
        for site in route.sites[::-1]
    )
    return PoolChoice(pools, context.flights.route * 2 + context.flights.outward)


def _outward(context: PlanningContext, policy: VertiportsPolicy, world: VertiportsWorld) -> list[StageUse]:
    """Aircraft, loading, reservation, departure pad."""
    target_s = context.facts[DEPARTURE_TARGET_S]
    vehicle = StageUse(
        VEHICLE,
        after=(ORDERED,),
        hold_until=TURNAROUND,
        pool=_fleet(context, policy),
        not_before_s=context.facts[LOADING_FROM_S],
    )
    load_s = world.load_time.quantile(context.draw(LOAD_TIME))
    load = StageUse(LOAD, (VEHICLE,), (LOADED,), visits=~context.flights.cabin, service_s=load_s)
    pad = StageUse(
        DEPARTURE_PAD,
        after=(FIT_TO_DEPART,),
        priority=GROUND + context.facts[PAD_PRIORITY],
        precedes=(READY_FOR_SLOT,),
        hold_until=AIRBORNE,
        pool=context.pools_at_site(PADS, policy.pads, "origin"),
        cooldown_s=world.pad_turnaround,
        not_before_s=target_s,
    )
    if not policy.reservation:
        return [vehicle, load, pad]
    return [vehicle, load, *_reserved(context, policy, world, pad)]


def _reserved(context: PlanningContext, policy: VertiportsPolicy, world: VertiportsWorld, pad: StageUse) -> list[StageUse]:
    """The departure pad with a pad at the destination, taken before or after it.

    Every flight takes its two pads in the same order of sites: otherwise flights of the two directions
    would hold what the others wait for (ordered acquisition; Havender 1968).
    """
    before = context.flights.site("destination") < context.flights.site("origin")
    reserve = StageUse(
        RESERVE,
        after=(FIT_TO_DEPART,),
        priority=GROUND + context.facts[PAD_PRIORITY],
        hold_until=PAD_CLEAR,
        visits=before,
        pool=context.pools_at_site(PADS, policy.pads, "destination"),
        cooldown_s=_landing_cooldown_s(policy, world),
        not_before_s=pad.not_before_s,
    )
    later = replace(reserve, stage=RESERVE_LATER, after=(DEPARTURE_PAD,), precedes=(READY_FOR_SLOT,), visits=~before)
    return [reserve, replace(pad, after=(RESERVE,)), later]


def _landing(context: PlanningContext, policy: VertiportsPolicy, world: VertiportsWorld) -> list[StageUse]:
    """Landing, within the reserve unless a pad is reserved, and unloading."""
    land = StageUse(LAND, (ARRIVED,), (LANDED,), service_s=world.touchdown_time)
    if not policy.reservation:
        endurance_s = np.array([kind.reserve_endurance_s for kind in context.flights.aircraft_types])[context.flights.aircraft]
        land = replace(
            land,
            raises=DIVERTED,
            hold_until=PAD_CLEAR,
            pool=context.pools_at_site(PADS, policy.pads, "destination"),
            cooldown_s=_landing_cooldown_s(policy, world),
            patience_s=np.maximum(endurance_s - context.facts[RESERVE_USED_S], 0.0),
            priority=context.facts[PAD_PRIORITY],
        )
    unload = StageUse(
        UNLOAD,
        after=(LANDED,),
        precedes=(UNLOADED,),
        unless_given_up=DIVERTED,
        visits=~context.flights.cabin,
        service_s=world.unload_time.quantile(context.draw(UNLOAD_TIME)),
    )
    return [land, unload]


def _off_the_pad(context: PlanningContext, policy: VertiportsPolicy, world: VertiportsWorld) -> list[StageUse]:
    """The aircraft leaves its pad for a stand, for its flight home, or (no return movements) for good.

    Where no stand is free it stays on its pad: the landing gives the pad up without turnaround, and the
    same instant takes it again, before anybody else, until the flight home. The turnaround of a pad that
    is left for a stand is therefore the time to clear it, and no cooldown of the landing.
    """
    if not policy.returns:
        return [StageUse(PAD_CLEAR, (AIRCRAFT_FREED,), unless_given_up=DIVERTED, visits=False)]
    if not _has_stands(policy):
        return [StageUse(PAD_CLEAR, (RETURN_AIRBORNE,), unless_given_up=DIVERTED, visits=False)]
    stand = StageUse(
        STAND,
        after=(AIRCRAFT_FREED,),
        precedes=(RETURN_READY,),
        unless_given_up=DIVERTED,
        hold_until=RETURN_AIRBORNE,
        pool=context.pools_at_site(STANDS, policy.stands, "destination"),
        patience_s=0.0,
    )
    clear = StageUse(PAD_CLEAR, (STAND,), unless_given_up=(STAND, *DIVERTED), service_s=world.pad_turnaround)
    stay = StageUse(
        STAY,
        after=(STAND,),
        precedes=(RETURN_READY,),
        if_given_up=(STAND,),
        hold_until=RETURN_AIRBORNE,
        pool=context.pools_at_site(PADS, policy.pads, "destination"),
        cooldown_s=world.pad_turnaround,
        priority=-1,
    )
    return [stand, clear, stay]


def _has_stands(policy: VertiportsPolicy) -> bool:
    """Whether there is a stand anywhere, and aircraft that fly home from it."""
    return policy.returns and any(servers for side in SIDE_KEYS for _, servers in policy.stands[side])


def _landing_cooldown_s(policy: VertiportsPolicy, world: VertiportsWorld) -> float:
    return 0.0 if _has_stands(policy) else world.pad_turnaround


def _return(context: PlanningContext, policy: VertiportsPolicy, world: VertiportsWorld) -> list[StageUse]:
    """Battery swap, departure pad where the aircraft stood elsewhere, landing at home, turnaround."""
    returns = context.facts[RETURNS]
    uses = []
    if policy.battery_swap:
        swap_s = world.swap_time.quantile(context.draw(SWAP_TIME))
        uses.append(StageUse(SWAP, (UNLOADED,), (RETURN_READY,), unless_given_up=DIVERTED, visits=returns, service_s=swap_s))
    if _has_stands(policy):
        uses.append(
            StageUse(
                RETURN_PAD,
                after=(RETURN_FIT,),
                priority=GROUND + context.facts[PAD_PRIORITY_EMPTY],
                precedes=(RETURN_READY_FOR_SLOT,),
                unless_given_up=(STAND, *DIVERTED),
                hold_until=RETURN_AIRBORNE,
                visits=returns,
                pool=context.pools_at_site(PADS, policy.pads, "destination"),
                cooldown_s=world.pad_turnaround,
            )
        )
    uses.append(
        StageUse(
            HOME_PAD,
            after=(RETURN_ARRIVED,),
            unless_given_up=DIVERTED,
            visits=returns,
            pool=context.pools_at_site(PADS, policy.pads, "origin"),
            priority=context.facts[PAD_PRIORITY_EMPTY],
            service_s=world.touchdown_time,
            cooldown_s=world.pad_turnaround,
        )
    )
    turnaround_s = world.turnaround_time.quantile(context.draw(TURNAROUND_TIME))
    uses.append(StageUse(TURNAROUND, (HOME_PAD, DIVERT_HOME), (RETURNED,), service_s=turnaround_s))
    return uses


def _diversion(context: PlanningContext, policy: VertiportsPolicy, world: VertiportsWorld) -> list[StageUse]:
    """To the alternate, its pad, customs there, and home; unread unless the pad was given up."""
    flights = context.flights
    cruise_mps = np.array([kind.cruise_mps for kind in flights.aircraft_types])[flights.aircraft]
    hop_s = world.alternate_distance / cruise_mps
    pads = context.pools_by_side(ALTERNATE_PADS, world.alternate_pads, "destination")
    customs_s = world.alternate_customs.quantile(context.draw(CUSTOMS_TIME))
    touchdown_s, goes = world.touchdown_time, context.facts[PAD_PRIORITY]
    return [
        StageUse(DIVERT_FLY, (LAND,), if_given_up=DIVERTED, service_s=hop_s),
        StageUse(
            DIVERT_LAND,
            (DIVERT_FLY,),
            if_given_up=DIVERTED,
            hold_until=DIVERT_CUSTOMS,
            pool=pads,
            service_s=touchdown_s,
            priority=goes,
        ),
        StageUse(DIVERT_CUSTOMS, (DIVERT_LAND,), if_given_up=DIVERTED, service_s=customs_s),
        StageUse(DIVERT_HOME, (DIVERT_CUSTOMS,), (RETURNED,), if_given_up=DIVERTED, service_s=hop_s + context.facts[BLOCK_S]),
    ]


_REACH = (
    "policy.corridor.routes",
    "policy.corridor.own_routes",
    "policy.vertiports.returns",
    "policy.vertiports.battery_swap",
    "world.demand.energy_reserve",
)
_NO_TYPE = Text(
    "no type of aircraft is named for the route {route}", "航線 {route} 未指定航空器型號", "航线 {route} 未指定航空器型号"
)
_UNKNOWN_TYPE = Text(
    "no known type of aircraft for the route {route}", "航線 {route} 所填的航空器型號不明", "航线 {route} 所填的航空器型号不明"
)
_NOT_FLOWN = Text("no such route is flown", "該航線並無飛行", "该航线没有飞行")


def check(policy: VertiportsPolicy, world: VertiportsWorld, scenario: Any) -> Sequence[Problem]:
    """Each route's aircraft must be known and must reach: there and back unless batteries are swapped."""
    path, known, corridor = "world.demand.aircraft", aircraft_catalogue(), scenario.policy.corridor
    demand, problems = scenario.world.demand, []
    by_route = demand.aircraft if isinstance(demand.aircraft, dict) else dict.fromkeys(corridor.routes, demand.aircraft)
    strangers = [key for key in demand.flights_on_route if key not in corridor.routes]
    if strangers:
        stranger, allowed, rates = Text.same(strangers[0]), COMMA.join(corridor.routes), "world.demand.flights_on_route"
        if strangers[0] in route_catalogue() or strangers[0] in corridor.own_routes:
            problems.append(contradiction(_NOT_FLOWN, rates, ("policy.corridor.routes",), stranger, allowed))
        else:
            problems.append(Problem(_NOT_FLOWN, path=rates, found=stranger, allowed=allowed))
    for key in corridor.routes:
        kind = by_route.get(key)
        if kind is None:
            message, allowed = _NO_TYPE.fill(route=key), COMMA.join(sorted(known))
            problems.append(contradiction(message, path, ("policy.corridor.routes",), allowed=allowed))
            continue
        if kind not in known:
            problems.append(
                Problem(_UNKNOWN_TYPE.fill(route=key), path=path, found=Text.same(kind), allowed=COMMA.join(sorted(known)))
            )
            continue
        for route in sound_routes([key], corridor.own_routes):
            sentence = check_range(route, known[kind], demand.energy_reserve, policy.returns and not policy.battery_swap)
            if sentence:
                problems.append(contradiction(sentence, path, _REACH, Text.same(kind)))
    return problems


VERTIPORTS = Feature(
    key="vertiports",
    label=Text("Vertiports", "起降場", "起降场"),
    policy=VertiportsPolicy,
    world=VertiportsWorld,
    streams=(LOAD_TIME, UNLOAD_TIME, SWAP_TIME, TURNAROUND_TIME, CUSTOMS_TIME),
    reads=(DEPARTURE_TARGET_S, BLOCK_S, PAD_PRIORITY, PAD_PRIORITY_EMPTY, RESERVE_USED_S),
    writes=(LOADING_FROM_S, RETURNS, ALTERNATE_DISTANCE_M),
    stages=(
        VEHICLE, LOAD, RESERVE, RESERVE_LATER, DEPARTURE_PAD, LAND, UNLOAD, STAND, STAY, PAD_CLEAR, SWAP, RETURN_PAD, HOME_PAD,
        TURNAROUND, DIVERT_FLY, DIVERT_LAND, DIVERT_CUSTOMS, DIVERT_HOME,
    ),
    pools=(PADS, STANDS, FLEET, ALTERNATE_PADS),
    decide=decide,
    build=build,
    check=check,
)  # fmt: skip
