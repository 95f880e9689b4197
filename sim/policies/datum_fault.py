"""Datum fault: flight plans in GCJ-02 or Hong Kong 1980 degrees that are read as WGS84, and where the fault is caught."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.condition import IsAbove, IsNot, both, is_one_of
from sim.ground.instrument import AVIATION_EACH, Instrument
from sim.ground.parameter import DurationLaw, Group, Length, Share, Status, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.model.fact_catalogue import APPLICATION_LEAD_S, DEPARTURE_TARGET_S, DETOUR_M, RESERVE_USED_S
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext, StageUse
from sim.model.flights import Flights
from sim.model.metric import EventSize, Margin, Metric, Ratio
from sim.model.observation import Observation
from sim.model.process import ARRIVED, FLIGHT_PLAN_READY, FLOWN, ORDERED
from sim.model.ratios import divided
from sim.model.stage import Mark, Stage
from sim.world.displaced import Displaced, displaced, guided

METRES = ("detour_m", "off_m", "wrong_side_m", "crossing_shift_m")


FAULT = IsNot("world.datum_fault.fault", "none", such_as="gcj02")
FAULTY_PLANS = both(FAULT, IsAbove("world.datum_fault.faulty_share", "50%"))


class DatumFaultPolicy(Group):
    """Where a fault is looked for."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            AVIATION_EACH,
            Text(
                "technical standard for coordinates and geofences, and a check on filing",
                "座標及電子圍欄的技術標準，並於申報時核對",
                "坐标及电子围栏的技术标准，并于申报时核对",
            ),
            ("aviation",),
        ),
    )

    check: Literal["none", "at_filing", "in_flight"] = parameter(
        "none",
        label=Text("Check of the datum", "坐標基準核對", "坐标基准核对"),
        meaning=(
            "Nowhere; when the flight is applied for, against the route's own coordinates, which catches every fault; or in"
            " flight, where an aircraft that leaves the corridor is stopped and guided back."
        ),
        source="near misses in Shenzhen are put down to references that differ (ttm.financial, Nov 2025); no rule found",
        status=Status.GUESS,
        needs=FAULTY_PLANS,
    )
    geofence_half_width: Length = parameter(
        "100 m",
        label=Text("Half width of the corridor", "低空通道半寬", "低空通道半宽"),
        meaning="How far from its route an aircraft may be before it has left the corridor.",
        source="no width of a corridor is published",
        status=Status.GUESS,
        bounds=("1 m", "10 km"),
        plausible=("50 m", "500 m"),
        needs=both(FAULTY_PLANS, IsNot("policy.datum_fault.check", "at_filing", such_as="in_flight")),
    )


class DatumFaultWorld(Group):
    """The fault, and how long it takes to mend."""

    fault: Literal["none", "gcj02", "hk80"] = parameter(
        "none",
        label=Text("Datum fault", "坐標基準錯誤", "坐标基准错误"),
        meaning=(
            "The datum in which faulty flight plans are written and that nobody names: GCJ-02, as on Mainland public maps, or"
            " Hong Kong 1980. Read as WGS84, they are displaced by about 600 m or 304 m."
        ),
        source="offsets by the public GCJ-02 formula and by the parameters of EPSG:4611; no count of such faults is published",
        status=Status.DERIVED,
    )
    faulty_share: Share = parameter(
        "5%",
        label=Text("Share of faulty flight plans", "錯誤飛行計劃比例", "错误飞行计划比例"),
        meaning="Share of flights whose plan is in the wrong datum, where there is a fault; pilots do not fly by it.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("1%", "20%"),
        needs=FAULT,
    )
    correction_time: DurationLaw = parameter(
        {"lognormal": {"mean": "15 min", "cv": 0.5}},
        label=Text("Correcting a flight plan", "更正飛行計劃用時", "更正飞行计划用时"),
        meaning="Time the operator takes to correct a plan that was found faulty when it was filed.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("2 min", "2 h"),
        needs=both(FAULTY_PLANS, is_one_of("policy.datum_fault.check", "at_filing")),
    )
    guidance_time: DurationLaw = parameter(
        {"lognormal": {"mean": "2 min", "cv": 0.5}},
        label=Text("Stop and guidance in the air", "空中截停及引導用時", "空中截停及引导用时"),
        meaning="Time for which an aircraft that left the corridor is stopped in the air before it is guided back.",
        source="after 60 s outside its volume a flight is contingent (ASTM F3548-21 constants); the rest is a guess",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("30 s", "5 min"),
        needs=both(FAULTY_PLANS, is_one_of("policy.datum_fault.check", "in_flight")),
    )


FAULTY = Stream("datum_fault.faulty")
CORRECTION = Stream("datum_fault.correction")
GUIDANCE = Stream("datum_fault.guidance")

IS_FAULTY = Fact[Bools]("datum_faulty", bool, "flight", "the flight plan, as filed, is in the wrong datum")
FLOWN_FAULTY = Fact[Bools](
    "flown_faulty", bool, "flight", "the plan would be flown as it is: the fault is not caught before take-off"
)
GEOFENCE_HIT = Fact[Bools]("geofence_hit", bool, "flight", "flying, the aircraft would leave the corridor by the fault")
WRONG_SIDE_M = Fact[Floats](
    "wrong_side_m", float, "flight", "metres over another side than the nearest point of the route", least=0
)
CROSSING_SHIFT_M = Fact[Floats]("crossing_shift_m", float, "flight", "metres between the crossing flown and the route's", least=0)
GUIDANCE_S = Fact[Floats]("guidance_s", float, "flight", "time for which the aircraft is stopped and guided back, s", least=0)

CORRECT = Stage("correct_flight_plan", Text("flight plan corrected", "更正飛行計劃", "更正飞行计划"), "operator", "airspace")
GUIDE = Stage(
    "guided_back", Text("stopped and guided back", "截停並引導返回", "截停并引导返回"), "air", "flight", (Mark.HELD_IN_FLIGHT,)
)


def decide(context: PlanningContext, policy: DatumFaultPolicy, world: DatumFaultWorld) -> FactValues:
    """Which plans are faulty, and what is flown because of it."""
    flights = context.flights
    by_plan = np.array([not kind.crewed for kind in flights.aircraft_types])[flights.aircraft]
    faulty = by_plan & (context.draw(FAULTY) < world.faulty_share) & (world.fault != "none")
    flown = faulty & (policy.check != "at_filing")
    track = _tracks(flights, world.fault)
    hit = flown & (track["off_m"] > policy.geofence_half_width)
    stopped = hit & (policy.check == "in_flight")
    mended = _tracks(flights, world.fault, policy.geofence_half_width if stopped.any() else None)
    metres = {name: np.where(flown, np.where(stopped, mended[name], track[name]), 0.0) for name in METRES}
    guidance_s = np.where(stopped, world.guidance_time.quantile(context.draw(GUIDANCE)), 0.0)
    cruise_mps = np.array([kind.cruise_mps for kind in flights.aircraft_types])[flights.aircraft]
    return {
        IS_FAULTY: faulty,
        FLOWN_FAULTY: flown,
        GEOFENCE_HIT: hit,
        DETOUR_M: metres["detour_m"],
        WRONG_SIDE_M: metres["wrong_side_m"],
        CROSSING_SHIFT_M: metres["crossing_shift_m"],
        GUIDANCE_S: guidance_s,
        RESERVE_USED_S: guidance_s + metres["detour_m"] / cruise_mps,
    }


def _tracks(flights: Flights, fault: str, half_width_m: float | None = None) -> dict[str, Floats]:
    """Shape (n,) each: the metres of `Displaced` on each flight's route and direction, guided back if a half width is given."""
    if fault == "none":
        return {name: np.zeros(len(flights)) for name in METRES}
    by_route = [
        [_track(way, fault, half_width_m) for way in (route.waypoints[::-1], route.waypoints)] for route in flights.routes
    ]
    table = {name: np.array([[getattr(track, name) for track in ways] for ways in by_route]) for name in METRES}
    return {name: values[flights.route, flights.outward.astype(np.int64)] for name, values in table.items()}


def _track(waypoints: tuple[tuple[float, float], ...], fault: str, half_width_m: float | None) -> Displaced:
    return displaced(waypoints, fault) if half_width_m is None else guided(waypoints, fault, half_width_m)


def build(context: PlanningContext, policy: DatumFaultPolicy, world: DatumFaultWorld) -> Sequence[StageUse]:
    """The correction before the application is decided, or the stop in the air."""
    facts = context.facts
    if policy.check == "at_filing" and facts[IS_FAULTY].any():
        filed_s = facts[DEPARTURE_TARGET_S] - facts[APPLICATION_LEAD_S]
        return [
            StageUse(
                CORRECT,
                after=(ORDERED,),
                precedes=(FLIGHT_PLAN_READY,),
                visits=facts[IS_FAULTY],
                not_before_s=np.maximum(context.flights.ordered_s, filed_s),
                service_s=world.correction_time.quantile(context.draw(CORRECTION)),
            )
        ]
    if policy.check == "in_flight" and facts[GEOFENCE_HIT].any():
        hit = facts[GEOFENCE_HIT]
        return [StageUse(GUIDE, after=(FLOWN,), precedes=(ARRIVED,), visits=hit, service_s=facts[GUIDANCE_S])]
    return []


# ------------------------------------------------------------------------------------------- measures


def _airborne(observation: Observation) -> Bools:
    """Shape (n,): measured, and taken off by the horizon."""
    number = observation.plan.takeoff
    if number is None:
        return np.zeros(len(observation.flights), dtype=np.bool_)
    started_s = observation.timeline.start_s[:, number]
    return np.asarray(observation.measured & (started_s <= observation.horizon_s))


def _flown(observation: Observation) -> dict[str, float]:
    return _by_route(observation, _airborne(observation), lambda which: which.sum())


def _sum(fact: Fact[Bools] | Fact[Floats], scale: float = 1.0) -> Callable[[Observation], dict[str, float]]:
    return lambda observation: _of_faulty(observation, lambda which: observation.facts[fact][which].sum() * scale)


def _largest(fact: Fact[Floats]) -> Callable[[Observation], dict[str, float]]:
    return lambda observation: _of_faulty(observation, lambda which: observation.facts[fact][which].max(initial=0.0))


def _of_faulty(observation: Observation, value: Callable[[Bools], float]) -> dict[str, float]:
    """The value of the flights flown in the wrong datum, route by route."""
    return _by_route(observation, _airborne(observation) & observation.facts[FLOWN_FAULTY], value)


def _by_route(observation: Observation, which: Bools, value: Callable[[Bools], float]) -> dict[str, float]:
    """The value of those of the flights in `which`, shape (n,), that fly each route."""
    flights = observation.flights
    return {route.key: float(value(which & (flights.route == number))) for number, route in enumerate(flights.routes)}


def _per_thousand_flown(
    counted: str, key: str, label: Text, unit: str, compute: Callable[[Observation], dict[str, float]], matters: Margin
) -> Metric:
    """What the measure `counted` counts, per 1,000 flights flown."""
    return Metric(
        key=key,
        label=label,
        unit=unit,
        better="lower",
        topic="control",
        formula=f"1,000 x {counted} / flights_flown. By route.",
        compute=divided(compute, _flown, 1000.0),
        headline=True,
        ratio=Ratio(counted, "flights_flown", 1000.0),
        event=EventSize(1000.0, per="flights_flown") if unit == "1" else None,
        matters=matters,
    )


METRICS = (
    Metric(
        key="flights_flown",
        label=Text("flights flown", "已飛行航班數", "已飞行航班数"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="throughput",
        formula="Measured flights that took off by the horizon. By route.",
        compute=_flown,
        event=EventSize(),
    ),
    Metric(
        key="datum_faults_flown",
        label=Text("flights flown in the wrong datum", "以錯誤坐標基準飛行的航班", "以错误坐标基准飞行的航班"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula="Measured flights that took off with a flight plan in the wrong datum. By route.",
        compute=_sum(FLOWN_FAULTY),
        event=EventSize(),
    ),
    _per_thousand_flown(
        "datum_faults_flown",
        "datum_faults_per_thousand",
        Text(
            "flights in the wrong datum per 1,000 flown", "每千班飛行中以錯誤坐標基準飛行數", "每千班飞行中以错误坐标基准飞行数"
        ),
        "1",
        _sum(FLOWN_FAULTY),
        Margin("1", "one flight in a thousand", Status.GUESS, ("0.1", "10")),
    ),
    Metric(
        key="geofence_hits",
        label=Text("aircraft out of the corridor", "偏離通道的航空器", "偏离通道的航空器"),
        unit="1",
        adds_up=True,
        better="neither",
        topic="control",
        formula="Measured flights that took off and left the corridor by more than its half width, by a datum fault. By route.",
        compute=_sum(GEOFENCE_HIT),
        event=EventSize(),
    ),
    _per_thousand_flown(
        "geofence_hits",
        "geofence_hits_per_thousand",
        Text("aircraft out of the corridor per 1,000 flown", "每千班飛行中偏離通道數", "每千班飞行中偏离通道数"),
        "1",
        _sum(GEOFENCE_HIT),
        Margin("1", "one flight in a thousand", Status.GUESS, ("0.1", "10")),
    ),
    Metric(
        key="wrong_side_km",
        label=Text("flown over the wrong side", "飛越非計劃一方的里程", "飞越非计划一方的里程"),
        unit="km",
        better="neither",
        topic="control",
        formula=(
            "Kilometres that measured flights flew over a side other than that of the nearest point of their route, by a datum "
            "fault. By route."
        ),
        compute=_sum(WRONG_SIDE_M, 1e-3),
    ),
    _per_thousand_flown(
        "wrong_side_km",
        "wrong_side_km_per_thousand",
        Text("flown over the wrong side per 1,000 flown", "每千班飛越非計劃一方的里程", "每千班飞越非计划一方的里程"),
        "km",
        _sum(WRONG_SIDE_M, 1e-3),
        Margin("1 km", "a kilometre in a thousand flights", Status.GUESS, ("0.1 km", "20 km")),
    ),
    Metric(
        key="crossing_shift_m",
        label=Text("largest shift of the crossing point", "跨境點最大偏移", "跨境点最大偏移"),
        unit="m",
        better="neither",
        topic="control",
        formula=(
            "Largest distance between the first crossing of a boundary and the route's, over measured flights flown in the wrong "
            "datum; 0 where there are none. By route."
        ),
        compute=_largest(CROSSING_SHIFT_M),
        headline=True,
    ),
)

DATUM_FAULT = Feature(
    key="datum_fault",
    label=Text("Datum fault", "坐標基準錯誤", "坐标基准错误"),
    policy=DatumFaultPolicy,
    world=DatumFaultWorld,
    streams=(FAULTY, CORRECTION, GUIDANCE),
    reads=(DEPARTURE_TARGET_S, APPLICATION_LEAD_S),
    writes=(
        IS_FAULTY,
        FLOWN_FAULTY,
        GEOFENCE_HIT,
        DETOUR_M,
        WRONG_SIDE_M,
        CROSSING_SHIFT_M,
        GUIDANCE_S,
        RESERVE_USED_S,
    ),
    stages=(CORRECT, GUIDE),
    metrics=METRICS,
    decide=decide,
    build=build,
)
