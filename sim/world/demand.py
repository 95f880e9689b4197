"""Demand: what customers ask for, whatever the policy; sampled, or a real schedule from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Annotated, Any

from annotated_types import Len
from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from sim.ground.condition import Where, is_one_of
from sim.ground.errors import Problem, contradiction
from sim.ground.parameter import Duration, DurationLaw, Group, Rate, Share, Status, parameter, refusal
from sim.ground.text import Text
from sim.ground.time_units import DAY_S
from sim.world.aircraft import Aircraft, aircraft_catalogue, aircraft_flown
from sim.world.goods import GOODS_KEYS
from sim.world.mix import Shares
from sim.world.routes import Route
from sim.world.schedule import Schedule, ScheduleText

PRIORITY_KEYS = ("medical", "passenger", "express", "general")
_PROFILE = (0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 6, 7, 6, 4, 4, 4, 5, 5, 4, 3, 0, 0, 0)


_NO_DEMAND = {
    "hour": Text("no hour has any demand", "各小時均無需求", "各小时均无需求"),
    "day": Text("no day has any demand", "各日均無需求", "各日均无需求"),
}
_NO_SUM = {
    "hour": Text("the sum of the hours is no finite number", "各小時合計不是有限數值", "各小时合计不是有限数值"),
    "day": Text("the sum of the days is no finite number", "各日合計不是有限數值", "各日合计不是有限数值"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Annotation of relative demand, by hour or by day: some of it is above 0, and the sum of it is a number."""

    of: str = "hour"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: tuple[float, ...]) -> tuple[float, ...]:
        if not sum(value) > 0:
            raise refusal(_NO_DEMAND[self.of])
        if not isfinite(sum(value)):
            raise refusal(_NO_SUM[self.of])
        return value


SAMPLED = is_one_of("world.demand.schedule", None)
SEATS = Where(
    lambda read: any(kind.seats > 0 for kind in aircraft_flown(read("world.demand.aircraft"), read("policy.corridor.routes"))),
    unless=Text("no aircraft has seats", "各機型均無客座", "各机型均无客座"),
    such_as={"policy.corridor.routes": ["shekou_shun_tak"], "world.demand.aircraft": "aw139"},
)
CARGO = Where(
    lambda read: any(kind.seats == 0 for kind in aircraft_flown(read("world.demand.aircraft"), read("policy.corridor.routes"))),
    unless=Text("no aircraft carries cargo", "各機型均不載貨", "各机型均不载货"),
)
A_LIMIT = Where(
    lambda read: False,
    unless=Text(
        "it only decides whether an aircraft may fly a route, and here each of them may",
        "此項只決定航空器可否飛某航線，而此處各航線均可",
        "此项只决定航空器可否飞某航线，而此处各航线均可",
    ),
)


class Demand(Group):
    """Flights asked for on every route in each direction."""

    flights_per_day: Rate = parameter(
        "8.5/d",
        label=Text("Flights a day on each route, each way", "每條航線每日單程班次", "每条航线每日单程班次"),
        meaning=(
            "Mean number of flights planned a day on each route in each direction. It is an input to be varied, not a forecast."
        ),
        source=(
            "Shenzhen: 776,000 cargo drone flights in 2024 (ttm.financial, Nov 2025) / 250 routes / 365 days, read as loaded"
            " flights each way (if both ways were counted together, half as many); more than 1,000,000 on 310 routes in 2025"
            " (CNS, 29 Jan 2026) are 8.8"
        ),
        status=Status.DERIVED,
        bounds=("0/d", "5000/d"),
        plausible=("2/d", "300/d"),
        needs=SAMPLED,
    )
    flights_on_route: dict[str, Rate] = parameter(
        {},
        label=Text("Flights a day on single routes", "個別航線每日單程班次", "个别航线每日单程班次"),
        meaning="Mean number of flights planned a day, each way, on the routes named here; the others have the general number.",
        source="the user's own",
        status=Status.STATED,
        bounds=("0/d", "5000/d"),
        needs=SAMPLED,
    )
    hourly_profile: Annotated[tuple[float, ...], Len(24, 24), Profile()] = parameter(
        _PROFILE,
        label=Text("Hourly profile", "每小時分佈", "每小时分布"),
        meaning="Relative demand in each of the 24 hours of the day, from midnight; only the proportions count.",
        source=(
            "a peak at lunch time is reported for one Longgang district (alwihdainfo.com, 2024); the shape is a guess, within the"
            " hours of the adjacent port"
        ),
        status=Status.GUESS,
        bounds=(0, None),
        needs=SAMPLED,
    )
    weekday_profile: Annotated[tuple[float, ...], Len(7, 7), Profile("day")] = parameter(
        (1,) * 7,
        label=Text("Profile of the week", "一週分佈", "一周分布"),
        meaning=(
            "Relative demand on each of the seven weekdays, from Monday; only the proportions count, and the mean number of"
            " flights a day is that of a whole week without holidays. A public holiday of the side of departure counts as a"
            " Sunday, a Mainland weekend day that is worked as a Monday."
        ),
        source="no figure found; the same on all days",
        status=Status.GUESS,
        bounds=(0, None),
    )
    notice: DurationLaw = parameter(
        {"lognormal": {"mean": "48 h", "cv": 0.6}},
        label=Text("Notice", "預訂提前時間", "预订提前量"),
        meaning="Time from the order to the departure that the customer asks for.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "30 d"),
        plausible=("6 h", "96 h"),
    )
    max_shift: DurationLaw = parameter(
        {"lognormal": {"mean": "24 h", "cv": 0.8}},
        label=Text("Longest shift accepted", "可接受的最長延後", "可接受的最长延后"),
        meaning="How much later than asked for a customer lets the departure be planned; beyond it the order is lost.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "30 d"),
        plausible=("1 h", "48 h"),
    )
    release_allowance: Duration = parameter(
        "15 min",
        label=Text("Allowance in the planned release", "計劃放行時間的寬限", "计划放行时间的宽限"),
        meaning=(
            "Planned release is the planned departure + nominal flight time (overhead + distance / cruise speed) + this"
            " allowance, the same in all compared scenarios."
        ),
        source="no figure found; the same 15 minutes that aviation calls on time",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("0 min", "60 min"),
    )
    consignments_per_flight: float = parameter(
        7.0,
        label=Text("Consignments a flight", "每班貨件數", "每班货件数"),
        meaning="Mean number of consignments on a cargo flight (one, and a Poisson number more).",
        source="SF/Phoenix Wings: 9.6 million items on 1.3 million flights (HK01, 15 Sep 2025) = 7.4",
        status=Status.DERIVED,
        bounds=(1, 200),
        plausible=(3, 15),
        needs=CARGO,
    )
    seat_load: Share = parameter(
        "70%",
        label=Text("Seat load factor", "客座率", "客座率"),
        meaning="Mean share of seats taken on passenger flights (binomial), which are the flights of aircraft types with seats.",
        source="no figure found for cross-boundary helicopters or eVTOL",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("40%", "90%"),
        needs=SEATS,
    )
    goods_mix: Annotated[dict[str, float], Shares(GOODS_KEYS)] = parameter(
        {"parcel": 0.55, "document": 0.2, "food": 0.0, "medical": 0.1, "electronics": 0.15},
        label=Text("Mix of goods", "貨物組合", "货物组合"),
        meaning="Share of each class of goods among consignments; the shares add up to 1.",
        source=(
            "medical, food and mail are named as first uses (RTHK, Oct 2024); food, which needs quarantine, is left for later;"
            " the shares are a guess"
        ),
        status=Status.GUESS,
        needs=CARGO,
    )
    priority_mix: Annotated[dict[str, float], Shares(PRIORITY_KEYS)] = parameter(
        {"medical": 0.05, "passenger": 0.0, "express": 0.35, "general": 0.6},
        label=Text("Mix of priority classes", "優先級組合", "优先级组合"),
        meaning="Share of each priority class among cargo flights; the shares add up to 1.",
        source="no figure found",
        status=Status.GUESS,
        needs=CARGO,
    )
    operators: int = parameter(
        2,
        label=Text("Operators", "營運商數目", "运营人数目"),
        meaning="Number of operators that share the flights evenly.",
        source="32 sandbox projects were running in Jan and Mar 2026 (HKCD, CNS), one or two operators a route",
        status=Status.GUESS,
        bounds=(1, 1000),
        plausible=(1, 40),
    )
    aircraft: str | dict[str, str] = parameter(
        "meituan_fy4",
        label=Text("Aircraft", "機型", "机型"),
        meaning="Type of aircraft on all routes, or by route ({route: type}); types are in the aircraft catalogue.",
        source="a small delivery multirotor in service in Shenzhen (parameters of the type have their own sources)",
        status=Status.GUESS,
    )
    energy_reserve: Share = parameter(
        "20%",
        label=Text("Energy reserve", "能量儲備", "能量储备"),
        meaning=(
            "Share added to the route's length when it is held against the aircraft's range: a scenario that breaks it is"
            " refused. How long a flight can hold is a figure of its type."
        ),
        source="common practice for small unmanned aircraft",
        status=Status.RECALLED,
        bounds=("0%", "100%"),
        plausible=("10%", "30%"),
        needs=A_LIMIT,
    )
    schedule: Annotated[Schedule | None, ScheduleText()] = parameter(
        None,
        label=Text("Schedule or trace", "班次表或軌跡", "班次表或轨迹"),
        meaning=(
            "A CSV file of flights that replaces the sampled demand, {file: flights.csv}; it may also give durations, "
            "visits and selections of single stages, which then replace the draws. See docs/how-to/schedules-and-traces.md."
        ),
        source="the user's own",
        status=Status.STATED,
    )


def no_demand(demand: Demand, routes: Sequence[str]) -> Problem | None:
    """The problem of sampled demand that is 0 on all these routes, if it is; a replication may have no flights by chance."""
    if demand.schedule is not None or not routes or any(per_day(demand, key) for key in routes):
        return None
    return contradiction(
        Text("no flight is planned on any route", "任何航線均無計劃航班", "任何航线均无计划航班"),
        "world.demand.flights_per_day",
        ("world.demand.flights_on_route", "world.demand.schedule", "policy.corridor.routes"),
        value=Text.same("0/d"),
        allowed=Text("more than 0/d", "多於 0/d", "多于 0/d"),
    )


def per_day(demand: Demand, route: str) -> float:
    """Mean number of flights planned a day on a route, each way."""
    return demand.flights_on_route.get(route, demand.flights_per_day) * DAY_S


def aircraft_on(demand: Demand, route: Route) -> Aircraft:
    """The type that flies a route. Raises KeyError where none is named or known."""
    return aircraft_catalogue()[demand.aircraft[route.key] if isinstance(demand.aircraft, dict) else demand.aircraft]
