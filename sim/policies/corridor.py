"""Corridor: slots, legs and the boundary zone. Capacity of a direction is 3600 / headway flights an hour a level."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.condition import Where, is_one_of
from sim.ground.errors import Problem, contradiction
from sim.ground.instrument import AVIATION_EACH, GOVERNMENTS, Instrument
from sim.ground.parameter import (
    BySide,
    Clock,
    Duration,
    DurationLaw,
    Group,
    Length,
    Share,
    Status,
    parameter,
)
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Stream
from sim.ground.text import COMMA, Text
from sim.ground.tolerance import wholes_within
from sim.model.disruption import BAD_WEATHER, DISRUPTIONS, WEATHER_CLOSURES_S, Disruption
from sim.model.fact_catalogue import (
    AUTHORISATION_RENEWABLE,
    AUTHORISATION_VALIDITY_S,
    BLOCK_S,
    DEPARTURE_TARGET_S,
    DETOUR_M,
    RETURNS,
    SLOT_PRIORITY,
    SLOT_PRIORITY_EMPTY,
)
from sim.model.facts import FactValues
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse
from sim.model.outcome import Outcome
from sim.model.plan import Pool
from sim.model.process import (
    AIRBORNE,
    AUTHORISED,
    FIT_AT_SLOT,
    FLOWN,
    ORDERED,
    READY_FOR_SLOT,
    REAUTHORISED,
    RETURN_AIRBORNE,
    RETURN_ARRIVED,
    RETURN_FIT_AT_SLOT,
    RETURN_READY_FOR_SLOT,
    RETURN_SLOT_TAKEN,
    SLOT_TAKEN,
    SLOT_TAKEN_AGAIN,
    Signal,
)
from sim.model.stage import Limit, Mark, PoolKind, Stage
from sim.world.closed_area import ClosedArea, crosses, faults_of_area
from sim.world.closures import Closure, faults_of_closures, stated
from sim.world.demand import no_demand
from sim.world.from_geojson import FromGeoJson
from sim.world.own_route import OwnRoute, RouteName, faults, routes_of, sound_routes
from sim.world.routes import Route, route_catalogue
from sim.world.run_days import RunDays

MAX_LEGS = 3
ROUTE_PROPERTIES = ("start", "end", "start_side", "end_side", "datum")


ROOM_FOR_LEVELS = Where(
    lambda read: read("policy.corridor.ceiling") > read("policy.corridor.floor"),
    unless=Text("the altitude band has room for one level only", "高度層只容一層", "高度层只容一层"),
    such_as={"policy.corridor.ceiling": "300 m"},
)


class CorridorPolicy(Group):
    """Routes, headway, levels, hours, the boundary zone."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            AVIATION_EACH,
            Text("designation of the route and its rules", "劃設航線及其運行規則", "划设航线及其运行规则"),
            ("aviation",),
        ),
        Instrument(
            GOVERNMENTS,
            Text("exemption to cross the boundary zone", "穿越邊界地帶的豁免", "穿越边界地带的豁免"),
            ("aviation",),
            ("boundary_exemption",),
        ),
    )

    routes: tuple[str, ...] = parameter(
        ("wenjindu_sheung_shui",),
        label=Text("Routes", "航線", "航线"),
        meaning="Keys of the routes that are flown, both ways; `sim explain routes` lists them. Every route has its own slots.",
        source=(
            "Wenjindu, Sheung Shui and Tuen Mun were inspected as landing sites (sz.gov.cn post_12548238, 10 Dec, year inferred"
            " 2025)"
        ),
        status=Status.DERIVED,
    )
    own_routes: Annotated[dict[RouteName, OwnRoute], FromGeoJson("LineString", ROUTE_PROPERTIES)] = parameter(
        {},
        label=Text("Routes of one's own", "自訂航線", "自定航线"),
        meaning=(
            "Routes that the catalogue does not have, by key: start and end (a site's key, or {lon, lat, side}), via [[lon, lat],"
            " …], and the datum of these coordinates (wgs84, gcj02, hk80); or {file: routes.geojson}. They are flown when their"
            " key stands under routes."
        ),
        source="the user's own",
        status=Status.STATED,
    )
    headway: BySide[Duration] = parameter(
        "60 s",
        label=Text("Headway", "最短間隔", "最小间隔"),
        meaning="Least time between two take-offs into a route in the same direction and level, by the side of departure.",
        source=(
            "about one movement a minute at the lunch peak of one Longgang district (alwihdainfo.com, 2024); no rule for a"
            " corridor found"
        ),
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("15 s", "300 s"),
    )
    floor: Length = parameter(
        "60 m",
        label=Text("Floor of the altitude band", "高度層下限", "高度层下限"),
        meaning="Height of the lowest level; aircraft climb to it and descend from it.",
        source="below the 300 ft of standard operations (recalled); no corridor band is published",
        status=Status.GUESS,
        bounds=("0 m", "1000 m"),
        plausible=("30 m", "300 m"),
    )
    ceiling: Length = parameter(
        "90 m",
        label=Text("Ceiling of the altitude band", "高度層上限", "高度层上限"),
        meaning="Height that no level may exceed; levels stand at the vertical separation above the floor.",
        source="300 ft for standard operations of categories A2 and B (recalled); 120 m on the Mainland",
        status=Status.RECALLED,
        bounds=("0 m", "1000 m"),
        plausible=("60 m", "300 m"),
    )
    vertical_separation: Length = parameter(
        "50 m",
        label=Text("Vertical separation", "垂直間隔", "垂直间隔"),
        meaning="Height between two levels; each level of a direction has slots of its own.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("1 m", "500 m"),
        plausible=("15 m", "100 m"),
        needs=ROOM_FOR_LEVELS,
    )
    boundary_exemption: Literal["standing", "per_flight", "none"] = parameter(
        "standing",
        label=Text("Exemption in the boundary zone", "邊界地帶豁免", "边界地带豁免"),
        meaning=(
            "Whether flights may cross the 500 m strip on the Shenzhen side: by a standing exemption, by one for each flight, or"
            " not at all (then all such flights are refused)."
        ),
        source=(
            "light unmanned aircraft are banned within 500 m of the boundary (Shenzhen interim measures, Mar 2019); the exemption"
            " is assumed"
        ),
        status=Status.GUESS,
    )
    opens: Clock = parameter(
        "00:00",
        label=Text("Corridor opens", "低空通道開放時間", "低空通道开放时间"),
        meaning="From when slots are given each day; opening 00:00 and closing 24:00 is all day.",
        source="the profile of demand already has a night; no hours are published",
        status=Status.GUESS,
    )
    closes: Clock = parameter(
        "24:00",
        label=Text("Corridor closes", "低空通道關閉時間", "低空通道关闭时间"),
        meaning="Until when slots are given each day.",
        source="no hours are published",
        status=Status.GUESS,
    )
    closures: tuple[Closure, ...] = parameter(
        (),
        label=Text("Planned closures", "預定關閉", "计划关闭"),
        meaning=(
            'Spells without slots, each as [from, to], such as ["day 2 08:00", "day 2 18:00"], where day 1 is the first measured'
            ' day; or by weekday or date. What comes back every day is written {daily: ["12:00", "13:00"]}, on some weekdays'
            ' {daily: ["12:00", "13:00"], on: mon-fri}.'
        ),
        source="none by default",
        status=Status.GUESS,
    )
    closed_areas: Annotated[dict[RouteName, ClosedArea], FromGeoJson("Polygon", ("closed", "datum"))] = parameter(
        {},
        label=Text("Closed areas", "關閉空域", "关闭空域"),
        meaning=(
            "Areas that close the routes crossing them, by key: outline [[lon, lat], …], datum, and closed, the times as under"
            " closures; or {file: areas.geojson}. In these times no slots are given on such a route; who took off before flies"
            " on. An area without times is always closed, and a route that crosses it is refused."
        ),
        source="none by default",
        status=Status.GUESS,
    )
    cancel_after: Duration = parameter(
        "6 h",
        label=Text("Cancelled after", "取消時限", "取消时限"),
        meaning="How long past its planned departure a flight waits for its slot before it is cancelled.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "30 d"),
        plausible=("1 h", "24 h"),
    )


class CorridorWorld(Group):
    """What the air does to a flight."""

    speed_variation: Share = parameter(
        "5%",
        label=Text("Variation of flight times", "飛行時間變異", "飞行时间变异"),
        meaning="Coefficient of variation of the time of a flight's legs (lognormal, mean 1).",
        source="12 km in 18 min, about 20 in another report (HK01, 15 Sep 2025; Shenzhen Daily)",
        status=Status.DERIVED,
        bounds=("0%", "100%"),
        plausible=("2%", "15%"),
    )
    exemption_time: DurationLaw = parameter(
        {"lognormal": {"mean": "30 min", "cv": 0.5}},
        label=Text("Time for an exemption", "豁免審批用時", "豁免审批用时"),
        meaning="Time to get the exemption of one flight, from the order (boundary_exemption: per_flight).",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "30 d"),
        plausible=("10 min", "24 h"),
        needs=is_one_of("policy.corridor.boundary_exemption", "per_flight"),
    )


OUT_SPEED = Stream("corridor.speed.out", "normal")
RETURN_SPEED = Stream("corridor.speed.return", "normal")
EXEMPTION_TIME = Stream("corridor.exemption")

EXEMPTION = Stage("exemption", Text("exemption in the boundary zone", "邊界地帶豁免", "边界地带豁免"), "shared", "airspace")
SLOT = Stage("slot", Text("corridor slot", "通道時段", "通道时隙"), "air", "slot")
SLOT_AGAIN = Stage(
    "slot_again", Text("corridor slot, new authorisation", "通道時段（新許可）", "通道时隙（新许可）"), "air", "slot"
)
SLOT_AFTER_WEATHER = Stage(
    "slot_after_weather",
    Text("corridor slot, after waiting for the weather", "通道時段（候天氣後）", "通道时隙（候天气后）"),
    "air",
    "slot",
)
_NTH = (Text("first", "第一", "第一"), Text("second", "第二", "第二"), Text("third", "第三", "第三"))
FLY = tuple(
    Stage(
        f"fly_{k + 1}",
        Text(f"flight, {n.en} leg", f"飛行（{n.zh_hant}段）", f"飞行（{n.zh_hans}段）"),
        "air",
        "flight",
        (Mark.OUT,),
    )
    for k, n in enumerate(_NTH)
)
RETURN_SLOT = Stage("return_slot", Text("corridor slot, return", "通道時段（返程）", "通道时隙（返程）"), "air", "return")
RETURN_SLOT_AFTER_WEATHER = Stage(
    "return_slot_after_weather",
    Text("corridor slot, return, after waiting for the weather", "通道時段（返程，候天氣後）", "通道时隙（返程，候天气后）"),
    "air",
    "return",
)
RETURN_FLY = tuple(
    Stage(
        f"return_fly_{k + 1}",
        Text(f"return flight, {n.en} leg", f"返程飛行（{n.zh_hant}段）", f"返程飞行（{n.zh_hans}段）"),
        "air",
        "return",
        (Mark.BACK,),
    )
    for k, n in enumerate(_NTH)
)
SLOTS = PoolKind("slots", Text("corridor slots", "通道時段", "通道时隙"), mark="slots")
CLOSURE = Limit("planned_closure", Text("a planned closure of the corridor", "低空通道預定關閉", "低空通道计划关闭"))


def levels(policy: CorridorPolicy) -> int:
    """The number of levels in the altitude band."""
    return 1 + int(wholes_within(max(0.0, policy.ceiling - policy.floor), policy.vertical_separation))


def _leg_lengths(routes: Sequence[Route], outward: np.ndarray, route: np.ndarray) -> Floats:
    """Shape (n, MAX_LEGS): length of each leg as flown, m; NaN where the route has no such leg."""
    table = np.full((2, len(routes), MAX_LEGS), np.nan)
    for number, flown in enumerate(routes):
        for way, legs in enumerate((flown.reversed_legs(), flown.legs)):
            table[way, number, : len(legs)] = [leg.length_m for leg in legs]
    return np.asarray(table[outward.astype(np.int64), route])


def _leg_times(
    context: PlanningContext,
    policy: CorridorPolicy,
    outward: np.ndarray,
    noise: Floats | None,
    cv: float,
    detour_m: Floats | float = 0.0,
) -> Floats:
    """Shape (n, MAX_LEGS): time of each leg, s; NaN where there is none.

    Half of the overhead, and the climb, belong to the first leg, the other half, the descent and the detour to the last.
    """
    flights = context.flights
    of_type = {
        name: np.array([getattr(kind, name) for kind in flights.aircraft_types])[flights.aircraft]
        for name in ("cruise_mps", "climb_mps", "overhead_s")
    }
    leg_s = _leg_lengths(flights.routes, outward, flights.route) / of_type["cruise_mps"][:, None]
    end_s = of_type["overhead_s"] / 2 + policy.floor / of_type["climb_mps"]
    rows = np.arange(len(flights))
    last = np.sum(~np.isnan(leg_s), axis=1) - 1
    leg_s[:, 0] += end_s
    leg_s[rows, last] += end_s
    leg_s[rows, last] += detour_m / of_type["cruise_mps"]
    sigma = np.sqrt(np.log1p(cv**2))
    return leg_s if noise is None else np.asarray(leg_s * np.exp(sigma * noise - sigma**2 / 2)[:, None])


def decide(context: PlanningContext, policy: CorridorPolicy, world: CorridorWorld) -> FactValues:
    """The block time of each flight, and the planned closures."""
    return {
        BLOCK_S: np.nansum(_leg_times(context, policy, context.flights.outward, None, 0.0), axis=1),
        DISRUPTIONS: tuple(_stated_spells(policy, context.days)),
    }


def build(context: PlanningContext, policy: CorridorPolicy, world: CorridorWorld) -> Sequence[StageUse]:
    """Exemption, slots and legs, out and home."""
    out_s = _leg_times(
        context, policy, context.flights.outward, context.draw(OUT_SPEED), world.speed_variation, context.facts[DETOUR_M]
    )
    home_s = _leg_times(context, policy, ~context.flights.outward, context.draw(RETURN_SPEED), world.speed_variation)
    uses = [] if policy.boundary_exemption == "standing" else [_exemption(context, policy, world)]
    uses += _slots(context, policy)
    uses += _legs(context, out_s)
    return [*uses, *_return(context, policy, home_s)]


def _exemption(context: PlanningContext, policy: CorridorPolicy, world: CorridorWorld) -> StageUse:
    crosses = np.array([route.strip_m > 0 for route in context.flights.routes])[context.flights.route]
    none = policy.boundary_exemption == "none"
    return StageUse(
        EXEMPTION,
        after=(ORDERED,),
        precedes=(AUTHORISED,),
        visits=crosses,
        service_s=0.0 if none else world.exemption_time.quantile(context.draw(EXEMPTION_TIME)),
        ends=Outcome.REFUSED if none else 0,
    )


def _stated_spells(policy: CorridorPolicy, days: RunDays) -> Iterator[Disruption]:
    """The closures that come once, and those of areas that a flown route crosses; what comes back belongs to the hours."""
    routes = sound_routes(policy.routes, policy.own_routes)
    areas = [area.closed or () for area in policy.closed_areas.values() if any(crosses(route, area) for route in routes)]
    spells = chain.from_iterable(days.spells_s(stated(closures)) for closures in (policy.closures, *areas))
    return (Disruption("closure", *spell) for spell in dict.fromkeys(spells))


def _slot_pools(context: PlanningContext, policy: CorridorPolicy) -> tuple[Pool, ...]:
    """For each route its two directions: from the last site, and from the first (as `outward` numbers them)."""
    daily = context.daily(levels(policy), policy.opens, policy.closes)
    pools = []
    for route in context.flights.routes:
        areas = [area.closed or () for area in policy.closed_areas.values() if crosses(route, area)]
        shut = list(chain.from_iterable(context.spells_s(closures) for closures in (policy.closures, *areas)))
        slots, all_day = daily.closed([*shut, *context.facts[WEATHER_CLOSURES_S]]), context.daily(1, 0.0, 0.0)
        closed_by = (CLOSURE, all_day.closed(shut)), (BAD_WEATHER, all_day.closed(context.facts[WEATHER_CLOSURES_S]))
        pools += [Pool(SLOTS, slots, f"{route.key}.from_{site.key}", closed_by=closed_by) for site in route.sites[::-1]]
    return tuple(pools)


def _slot_choice(context: PlanningContext, policy: CorridorPolicy, outward: np.ndarray) -> PoolChoice:
    return PoolChoice(_slot_pools(context, policy), context.flights.route * 2 + outward)


def _slots(context: PlanningContext, policy: CorridorPolicy) -> list[StageUse]:
    """The slot; where the authorisation lapses first and may be renewed, another; and another after a wait for the weather.

    Who grounds a flight at its slot lets its authorisation stand, if it could be renewed at all.
    """
    facts, target_s = context.facts, context.facts[DEPARTURE_TARGET_S]
    valid_until_s = target_s + facts[AUTHORISATION_VALIDITY_S]
    cancelled_s = target_s + policy.cancel_after
    renewable = facts[AUTHORISATION_RENEWABLE] and facts[AUTHORISATION_VALIDITY_S] < policy.cancel_after
    headway_s = context.flights.by_side(policy.headway, "origin")
    pool = _slot_choice(context, policy, context.flights.outward)
    first = StageUse(
        SLOT,
        after=(READY_FOR_SLOT,),
        precedes=(SLOT_TAKEN,),
        raises=(Signal.LAPSED,) if renewable else (),
        pool=pool,
        cooldown_s=headway_s,
        not_before_s=target_s,
        deadline_s=valid_until_s if renewable else np.minimum(valid_until_s, cancelled_s),
        priority=facts[SLOT_PRIORITY],
    )
    after_weather = StageUse(
        SLOT_AFTER_WEATHER,
        after=(FIT_AT_SLOT,),
        precedes=(SLOT_TAKEN_AGAIN,),
        if_given_up=(Signal.GROUNDED,),
        pool=pool,
        cooldown_s=headway_s,
        deadline_s=cancelled_s if renewable else first.deadline_s,
        priority=facts[SLOT_PRIORITY],
    )
    if not renewable:
        return [first, after_weather]
    again = StageUse(
        SLOT_AGAIN,
        after=(READY_FOR_SLOT, REAUTHORISED),
        precedes=(SLOT_TAKEN,),
        if_given_up=(Signal.LAPSED,),
        pool=pool,
        cooldown_s=headway_s,
        deadline_s=cancelled_s,
        priority=facts[SLOT_PRIORITY],
    )
    return [first, again, after_weather]


def _legs(context: PlanningContext, leg_s: Floats) -> list[StageUse]:
    """The legs outward; the boundary is crossed between one leg and the next."""
    uses = []
    for k in range(max(len(route.legs) for route in context.flights.routes)):
        after = (FLY[k - 1],) if k else (AIRBORNE,)
        flown = ~np.isnan(leg_s[:, k])
        uses.append(StageUse(FLY[k], after, (FLOWN,), visits=flown, service_s=np.where(flown, leg_s[:, k], 0.0), takeoff=k == 0))
    return uses


def _return(context: PlanningContext, policy: CorridorPolicy, leg_s: Floats) -> list[StageUse]:
    """The empty aircraft's slot and legs home."""
    returns = context.facts[RETURNS]
    slot = StageUse(
        RETURN_SLOT,
        after=(RETURN_READY_FOR_SLOT,),
        precedes=(RETURN_SLOT_TAKEN,),
        unless_given_up=(Signal.DIVERTED,),
        visits=returns,
        pool=_slot_choice(context, policy, ~context.flights.outward),
        cooldown_s=context.flights.by_side(policy.headway, "destination"),
        priority=context.facts[SLOT_PRIORITY_EMPTY],
    )
    after_weather = replace(
        slot,
        stage=RETURN_SLOT_AFTER_WEATHER,
        after=(RETURN_FIT_AT_SLOT,),
        precedes=(RETURN_AIRBORNE,),
        if_given_up=(Signal.RETURN_GROUNDED,),
    )
    uses = [slot, after_weather]
    for k in range(max(len(route.legs) for route in context.flights.routes)):
        flown = returns & ~np.isnan(leg_s[:, k])
        uses.append(
            StageUse(
                RETURN_FLY[k],
                after=(RETURN_FLY[k - 1],) if k else (RETURN_AIRBORNE,),
                precedes=(RETURN_ARRIVED,),
                unless_given_up=(Signal.DIVERTED,),
                visits=flown,
                service_s=np.where(flown, leg_s[:, k], 0.0),
            )
        )
    return uses


_THROUGH_CLOSED = Text(
    "the route crosses the closed area {area}, which is closed at all times",
    "航線穿越全時關閉的空域 {area}",
    "航线穿越全时关闭的空域 {area}",
)


_UNKNOWN_ROUTE = Text("unknown route", "沒有這條航線", "没有这条航线")
_SIDE_NOT_MODELLED = Text("the route touches a side that is not modelled", "航線途經模型以外的一方", "航线途经模型以外的一方")
_CROSSINGS = Text(
    f"the route must cross a boundary, at most {MAX_LEGS - 1} times",
    f"航線須跨越關境，最多 {MAX_LEGS - 1} 次",
    f"航线须跨越关境，最多 {MAX_LEGS - 1} 次",
)
_CROSSES = Text("{route}, which crosses it {n} times", "{route}，跨越 {n} 次", "{route}，跨越 {n} 次")
_OTHER_WAYPOINTS = Text("other routes or waypoints", "其他航線或航點", "其他航线或航点")
_EACH_ONCE = Text("at least one route, each once", "至少一條航線，每條只列一次", "至少一条航线，每条只列一次")
_AT_LEAST = Text("at least {floor} m", "不少於 {floor} m", "不少于 {floor} m")
_WAY_ROUND = Text("times under closed, or a way round", "在 closed 下填寫時段，或繞行", "在 closed 下填写时段，或绕行")


def check(policy: CorridorPolicy, world: CorridorWorld, scenario: Any) -> Sequence[Problem]:
    """The routes must be known, on the modelled sides, and the altitude band the right way up."""
    path, problems = "policy.corridor.routes", []
    for key, waypoints in policy.own_routes.items():
        problems += [Problem(message, path="policy.corridor.own_routes") for message in faults(key, waypoints)]
    if problems:
        return problems
    known = [*policy.own_routes, *route_catalogue()]
    for key in policy.routes:
        if key not in known:
            problems.append(Problem(_UNKNOWN_ROUTE, path=path, found=Text.same(key), allowed=COMMA.join(sorted(known))))
            continue
        (route,) = routes_of([key], policy.own_routes)
        if not set(route.sides) <= set(SIDE_KEYS):
            problems.append(Problem(_SIDE_NOT_MODELLED, path=path, found=Text.same(key), allowed=COMMA.join(SIDE_KEYS)))
        elif not 2 <= len(route.legs) <= MAX_LEGS:
            problems.append(
                Problem(
                    _CROSSINGS,
                    path=path,
                    found=_CROSSES.fill(route=key, n=len(route.legs) - 1),
                    allowed=_OTHER_WAYPOINTS,
                )
            )
    if not policy.routes or len(set(policy.routes)) != len(policy.routes):
        problems.append(Problem(_EACH_ONCE, path=path, found=Text.same(f"[{', '.join(policy.routes)}]")))
    nothing = no_demand(scenario.world.demand, policy.routes)
    problems += [nothing] if nothing else []
    if policy.ceiling < policy.floor:
        problems.append(
            contradiction(
                Text("the ceiling lies below the floor", "高度層上限低於下限", "高度层上限低于下限"),
                "policy.corridor.ceiling",
                ("policy.corridor.floor",),
                value=Text.same(f"{policy.ceiling:g} m"),
                allowed=_AT_LEAST.fill(floor=f"{policy.floor:g}"),
            )
        )
    problems += faults_of_closures(policy.closures, scenario.study.run_days, "policy.corridor.closures")
    return [*problems, *_faults_of_areas(policy, scenario.study.run_days)]


def _faults_of_areas(policy: CorridorPolicy, days: RunDays) -> Iterator[Problem]:
    """The faults of the closed areas, and the flown routes that cross one which is always closed."""
    path = "policy.corridor.closed_areas"
    for key, area in policy.closed_areas.items():
        sentences = faults_of_area(key, area)
        yield from (Problem(sentence, path=path) for sentence in sentences)
        yield from faults_of_closures(area.closed or (), days, path)
        if area.closed is None and not sentences:
            for route in sound_routes(policy.routes, policy.own_routes):
                if crosses(route, area):
                    flown = ("policy.corridor.routes", "policy.corridor.own_routes")
                    yield contradiction(_THROUGH_CLOSED.fill(area=key), path, flown, Text.same(route.key), _WAY_ROUND)


CORRIDOR = Feature(
    key="corridor",
    label=Text("Corridor", "低空跨境通道", "低空跨境通道"),
    policy=CorridorPolicy,
    world=CorridorWorld,
    streams=(OUT_SPEED, RETURN_SPEED, EXEMPTION_TIME),
    stated_spells=lambda policy, world, days: _stated_spells(policy, days),
    routes=lambda policy: routes_of(policy.routes, policy.own_routes),
    reads=(
        DEPARTURE_TARGET_S,
        AUTHORISATION_VALIDITY_S,
        AUTHORISATION_RENEWABLE,
        RETURNS,
        WEATHER_CLOSURES_S,
        SLOT_PRIORITY,
        SLOT_PRIORITY_EMPTY,
        DETOUR_M,
    ),
    writes=(BLOCK_S, DISRUPTIONS),
    stages=(EXEMPTION, SLOT, SLOT_AGAIN, SLOT_AFTER_WEATHER, *FLY, RETURN_SLOT, RETURN_SLOT_AFTER_WEATHER, *RETURN_FLY),
    pools=(SLOTS,),
    limits=(CLOSURE,),
    decide=decide,
    build=build,
    check=check,
)
