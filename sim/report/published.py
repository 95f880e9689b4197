"""Figures that somebody has published, and what predicts each of them; which of them some parameter was set from.

Nobody has published the clearance of a cross-boundary drone, so most of it is about flying, roads, passengers and lanes.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sim.ground.law import Law
from sim.ground.text import Text
from sim.ground.time_units import DAY_S, HOUR_S
from sim.policies import FEATURES
from sim.scenario.scenario import Scenario
from sim.scenario.schema import default_schema
from sim.world.aircraft import aircraft_catalogue, nominal_flight_time_s
from sim.world.climate import typhoons
from sim.world.road import DETOUR_FACTOR, road_catalogue


@dataclass(frozen=True, slots=True)
class Measured:
    """A prediction by simulation: the level of a measure of a scenario, or the sum of several, divided by `per`.

    measures: "key/part" · against: the scenario from whose level it is the difference, paired by replication; empty for the
    level itself · as_share: the difference as a share of that scenario's mean, whose own error is left out of the interval.
    """

    scenario: str
    measures: tuple[str, ...]
    per: float = 1.0
    against: str = ""
    as_share: bool = False


@dataclass(frozen=True, slots=True)
class Computed:
    """A prediction that follows from the declarations without any draw, and so has no interval."""

    value: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure from `low` to `high`, in a unit of measures ("s", "share", ...).

    low of 0: "under high"; infinite high: "over low" · role: a check, or an input, which something was set from · tag: words by
    which declarations name the same source, commas apart · sets: what was set from it (inputs only) · names_it: declarations
    that name the source for another statement of it · remark: what is not alike · why: why it misses, in a sentence, wanted
    where it does.
    """

    what: Text
    low: float
    high: float
    unit: str
    source: str
    role: Literal["check", "input"]
    prediction: Measured | Computed
    tag: str
    sets: tuple[str, ...] = ()
    names_it: tuple[str, ...] = ()
    remark: str = ""
    why: str = ""


def _defaults() -> Scenario:
    return default_schema().scenario_type.model_validate({"name": "baseline"})


def _flight(distance_m: float, aircraft: str) -> Computed:
    return Computed(lambda: nominal_flight_time_s(distance_m, aircraft_catalogue()[aircraft]))


def _seconds(law: float | Law) -> float:
    return law.mean if isinstance(law, Law) else law


def _hours_fit_to_fly() -> float:
    """Hours a day in which the baseline's type may take off, in an average year of the model's climate."""
    kind = aircraft_catalogue()["meituan_fy4"]
    lost = [
        feature.average_year(getattr(_defaults().policy, feature.key), getattr(_defaults().world, feature.key), [kind])
        for feature in FEATURES
        if feature.average_year is not None
    ]
    return 24 * (1 - sum(share[kind.key] for share in lost))


def _days_of_signal_3() -> float:
    """Days a year under signal 3 or higher in the model's climate."""
    months = (typhoons(month) for month in range(1, 13))
    return sum(number * level.share * level.mean_s for number, levels in months for level in levels[1:2]) / DAY_S


def _road_s(route: str, with_handling: bool) -> float:
    """Time of a goods vehicle beside a route: driving and controls; with loading and unloading if that is asked for."""
    trip, road = road_catalogue()[route], _defaults().world.road
    return trip.driving_s + trip.controls * _seconds(road.clearance) + with_handling * _seconds(road.handling)


HELICOPTERS, SHEKOU, LANE, TRUSTED = (
    "calibration-helicopters",
    "calibration-shekou-port",
    "calibration-joint-lane",
    "calibration-trusted",
)
ARK_40_NAMES = ("mtow_kg", "payload_kg", "range_m", "cruise_mps")
DAYS = 10.0  # measured days of the baseline
"""How many days the counts of a replication are of; a test holds it against the scenarios."""

PREDICTED: tuple[Published, ...] = (
    Published(
        Text("Shekou to Shun Tak by helicopter", "蛇口至信德中心，直升機", "蛇口至信德中心，直升机"),
        0, 1200, "s", "worldjournal.com 9123752, Nov 2025 (inferred)", "check",
        Measured(HELICOPTERS, ("flight_time/shekou_shun_tak",)),
        tag="9123752", names_it=("world.passengers.boarding_time",),
    ),
    Published(
        Text("Shekou to Macao by helicopter", "蛇口至澳門，直升機", "蛇口至澳门，直升机"),
        0, 900, "s", "worldjournal.com 9123752, Nov 2025 (inferred)", "check",
        Measured(HELICOPTERS, ("flight_time/shekou_macau_airport",)),
        tag="9123752", names_it=("world.passengers.boarding_time",),
    ),
    Published(
        Text("Wanshan, 82.9 km by a fixed-wing drone (VT20)",
             "萬山，固定翼無人機（VT20）82.9公里", "万山，固定翼无人机（VT20）82.9公里"),
        3300, 3300, "s", "local media, 30 Jul 2025 (a copy)", "check", _flight(82_900, "phoenix_vtol"),
        tag="VT20", remark="the type is not in the catalogue; the fixed-wing drone that is stands in for it",
    ),
    Published(
        Text("Shenzhen, 12.6 km by drone (Ark 40)", "深圳，無人機（方舟40）12.6公里", "深圳，无人机（方舟40）12.6公里"),
        720, 720, "s", "cnrobopedia.com, Jan 2024", "check", _flight(12_600, "ark_40"),
        tag="cnrobopedia", names_it=tuple(f"aircraft.ark_40.{field}" for field in ARK_40_NAMES),
        why="the figure needs 63 km/h from pad to pad, and the same page gives 54 km/h as the most that this type cruises at",
    ),
    Published(
        Text("Haikou port, 1,133.5 m by drone", "海口港，無人機1,133.5米", "海口港，无人机1,133.5米"),
        84, 84, "s", "Xinhua, 27 Jan 2025", "check", _flight(1_133.5, "meituan_fy4"),
        tag="Haikou", remark="its type is not named; the baseline's is taken",
        why="the four minutes beside the cruise come from flights in Hong Kong; in so short a hop they can't have been counted",
    ),
    Published(
        Text("Suzhou, take-off to release, by way of the customs centre",
             "蘇州，起飛經海關監管中心至放行", "苏州，起飞经海关监管中心至放行"),
        300, 300, "s", "Nanjing Customs, 18 Apr 2024 (aamev.com 1761)", "check",
        Measured(LANE, ("flight_time/wenjindu_sheung_shui", "arrival_to_release_by_channel/green/mean")),
        tag="Suzhou", remark="no boundary is crossed there, and its distance is not published; here 4.5 km without a stop",
        why="four minutes beside the cruise and three and a half from landing to release, mostly unloading, are more already",
    ),
    Published(
        Text("Hengqin: vehicle in the joint lane", "橫琴：車輛通過聯合查驗通道", "横琴：车辆通过联合查验通道"),
        23, 23, "s", "newsgd.com, Mar 2024", "check", Measured(LANE, ("customs_time_by_channel/green",)),
        tag="newsgd.com", names_it=("policy.opening.officers_abroad", "policy.quarantine.place"),
        remark="a vehicle in a lane, its data known; here the screening and release of a green flight that files nothing",
        why="the model's release alone takes the 30 s of a kiosk of 2002",
    ),
    Published(
        Text("Bridge: goods vehicle at the customs gate", "港珠澳大橋：貨車通過海關卡口", "港珠澳大桥：货车通过海关卡口"),
        10, 10, "s", "CNS, 21 Oct 2019", "check", Computed(lambda: _seconds(_defaults().world.release.release_time)),
        tag="CNS, 21 Oct 2019", names_it=("world.road.clearance",),
        why="the model's release is that of a kiosk of 2002; the gate of 2019 takes a third of it",
    ),
    Published(
        Text("Huanggang: time of passengers, change by joint clearance",
             "皇崗：合作查驗使旅客通關時間的變化", "皇岗：合作查验使旅客通关时间的变化"),
        -25 / 30, -25 / 30, "share", "stheadline 3545008, 2026: 30 min to 5, a forecast for the new port", "check",
        Measured("passengers-collaborative", ("customs_time_by_channel/green",), against="passengers-separate", as_share=True),
        tag="3545008", remark="a forecast and no measurement",
        why="the half hour is a hall's crowd and ways; a helicopter's few passengers meet neither, so little is left to save",
    ),
    Published(
        Text("India, air cargo: change by advance data, facilitation and AEO",
             "印度空運：預先申報、便利措施及認可經濟營運商的效果",
             "印度空运：提前申报、便利措施及经认证的经营者的效果"),
        -0.45, -0.45, "share", "orissadiary.com, 19 Jul 2024 (NTRS 2024)", "check",
        Measured(TRUSTED, ("arrival_to_release/mean",), against="baseline", as_share=True),
        tag="NTRS 2024", names_it=("policy.pre_clearance.aeo_share", "policy.risk_screening.amber_rate"),
        remark="of hours there, of minutes here",
        why="unloading is a large part of the minutes from landing to release, and no customs measure shortens that",
    ),
    Published(
        Text("Wanshan: flights a route a day", "萬山：每條航線每日航班", "万山：每条航线每日航班"),
        2.7, 2.7, "/d", "local media, 30 Jul 2025 (a copy): over 4,000 flights a year on four routes", "check",
        Measured("baseline", ("flights_planned",), per=DAYS),
        tag="Wanshan", remark="loaded flights both ways; demand is an input of the model",
        why="the baseline has the demand of a city's routes; these lead to thinly settled islands",
    ),
    Published(
        Text("Hours a day fit for a weather-resistant drone", "耐候無人機每日可飛行時數", "耐候无人机每日可飞行时数"),
        20.4, 20.4, "h", "Gao et al., Scientific Reports, 2021 (median of the world)", "check", Computed(_hours_fit_to_fly),
        tag="Gao et al.", remark="here the baseline's type in Hong Kong, stopped by signals, rainstorm warnings, fog and wind",
    ),
    Published(
        Text("Zhuhai to Hong Kong by goods vehicle over the bridge", "珠海經大橋至香港，貨車", "珠海经大桥至香港，货车"),
        2400, 2400, "s", "CNS, 21 Oct 2019 (a manager of SF)", "check",
        Computed(lambda: _road_s("hzmb_zhuhai_hong_kong", with_handling=False)),
        tag="CNS, 21 Oct 2019", names_it=("world.road.clearance",),
        remark="from port to port here; between which doors there is not said",
        why="the estimate is 42 km at 60 km/h and 10 min of town, slow for a bridge: the road looks slower than it is",
    ),
    Published(
        Text("Science Park to Ma On Shan by road", "科學園至馬鞍山，陸路", "科学园至马鞍山，陆路"),
        7.8, 7.8, "km", "CNS, 7 Jun 2025", "check", Computed(lambda: DETOUR_FACTOR * 1.8),
        tag="CNS 7 Jun 2025", names_it=("aircraft.meituan_fy4.overhead_s",),
        why="the estimate is 1.4 times the straight distance, and this road goes round an inlet: it is too short over water",
    ),
    Published(
        Text("Dogs: rest for each minute of work", "緝毒犬：每分鐘工作所需休息", "缉毒犬：每分钟工作所需休息"),
        24.07 / 9, 24.07 / 9, "min", "Animals 10 (2020), 673: 9:00 at work, 24:04 to recover", "check",
        Computed(lambda: _dogs("rest") / _dogs("duty")),
        tag="Animals 10", remark="search dogs, until their temperature is back",
        why="the rest in the roster is a guess (as long as the spell), and spells of half an hour may be of lighter work",
    ),
    Published(
        Text("Dogs: alerts where there is something", "緝毒犬：有目標時示警比率", "缉毒犬：有目标时示警比率"),
        0.9, 1.0, "share", "Rice and Velasco, Heliyon, 2023 (34 certified dogs)", "check",
        Computed(lambda: _defaults().world.detector_dogs.sensitivity),
        tag="Rice and Velasco", remark="the model's share is that of another trial",
    ),
    Published(
        Text("Dogs: alerts where there is nothing", "緝毒犬：無目標時示警比率", "缉毒犬：无目标时示警比率"),
        0, 0.1, "share", "Rice and Velasco, Heliyon, 2023 (34 certified dogs)", "check",
        Computed(lambda: _defaults().world.detector_dogs.false_alarm),
        tag="Rice and Velasco", remark="of searches there, of consignments here; the model's share is a guess",
    ),
)  # fmt: skip
"""Nothing in the model was set from these."""

CALIBRATED: tuple[Published, ...] = (
    Published(
        Text("Cyberport to Cheung Chau, 12 km by drone", "數碼港至長洲，無人機12公里", "数码港至长洲，无人机12公里"),
        1080, 1200, "s", "HK01, 15 Sep 2025; Shenzhen Daily, 17 Sep 2025", "input", _flight(11_960, "ark_40"),
        tag="HK01", sets=("aircraft.ark_40.overhead_s", "aircraft.meituan_fy4.overhead_s", "world.corridor.speed_variation"),
        names_it=("world.demand.consignments_per_flight",),
    ),
    Published(
        Text("Science Park to Ma On Shan, 1.8 km by drone", "科學園至馬鞍山，無人機1.8公里", "科学园至马鞍山，无人机1.8公里"),
        300, 300, "s", "CNS, 7 Jun 2025", "input", _flight(1_800, "meituan_fy4"),
        tag="CNS 7 Jun 2025", sets=("aircraft.meituan_fy4.overhead_s",),
    ),
    Published(
        Text("22 km by a cargo eVTOL (V2000CG)", "電動垂直起降貨機（V2000CG）22公里", "电动垂直起降货机（V2000CG）22公里"),
        480, 480, "s", "ainonline.com, 30 Jul 2025", "input", _flight(22_000, "v2000cg"),
        tag="22 km in 8 min", sets=("aircraft.v2000cg.overhead_s",),
    ),
    Published(
        Text("Shekou to Jiuzhou, 50 km by eVTOL (Prosperity)",
             "蛇口至九洲，電動垂直起降航空器50公里", "蛇口至九洲，电动垂直起降航空器50公里"),
        1200, 1200, "s", "evtolinsights.com, 27 Feb 2024", "input", _flight(50_000, "prosperity"),
        tag="50 km in 20 min", sets=("aircraft.prosperity.overhead_s",),
    ),
    Published(
        Text("Nanshan to Xiaolan, 70 km by a fixed-wing drone",
             "南山至小欖，固定翼無人機70公里", "南山至小榄，固定翼无人机70公里"),
        2700, 2700, "s", "chinaservicesinfo.com, 17 Apr 2024 (about 45 min)", "input", _flight(70_000, "phoenix_vtol"),
        tag="70 km in about 45 min", sets=("aircraft.phoenix_vtol.overhead_s",),
    ),
    Published(
        Text("Bao'an airport to Shun Tak by helicopter", "寶安機場至信德中心，直升機", "宝安机场至信德中心，直升机"),
        900, 900, "s", "SCMP, 8 Jul 2019", "input", Measured(HELICOPTERS, ("flight_time/baoan_shun_tak",)),
        tag="SCMP 8 Jul 2019", sets=("aircraft.h135.overhead_s",), remark="where in Hong Kong it lands is not named",
    ),
    Published(
        Text("Bao'an airport to Hong Kong airport by helicopter", "寶安機場至香港機場，直升機", "宝安机场至香港机场，直升机"),
        900, 900, "s", "SCMP, 8 Jul 2019", "input", Measured(HELICOPTERS, ("flight_time/baoan_hkia",)),
        tag="SCMP 8 Jul 2019", sets=("aircraft.h135.overhead_s",), remark="the same figure, if it lands at the airport",
    ),
    Published(
        Text("Hong Kong to Macao by helicopter", "香港至澳門，直升機", "香港至澳门，直升机"),
        900, 900, "s", "industrialhistoryhk.org: Sky Shuttle", "input", Measured(HELICOPTERS, ("flight_time/shun_tak_macao",)),
        tag="Hong Kong to Macao (62 km)", sets=("aircraft.aw139.overhead_s",),
    ),
    Published(
        Text("Shekou: exit inspection to seat", "蛇口：出境查驗至就座", "蛇口：出境查验至就座"),
        0, 600, "s", "worldjournal.com 9123752, Nov 2025 (inferred; a passenger's account)", "input",
        Measured(SHEKOU, ("port_to_seat",)),
        tag="9123752", sets=("world.passengers.boarding_time",),
        remark="the model's clock starts with the last passenger at the port and counts the wait for the aircraft",
    ),
    Published(
        Text("Shenzhen: flights a route a day", "深圳：每條航線每日航班", "深圳：每条航线每日航班"),
        8.5, 8.8, "/d", "ttm.financial, Nov 2025 (year 2024); CNS, 29 Jan 2026 (year 2025)", "input",
        Measured("baseline", ("flights_planned",), per=DAYS),
        tag="CNS, 29 Jan 2026", sets=("world.demand.flights_per_day",),
        remark="loaded flights both ways; the model's empty returns, counted too, would double them",
        why="the model takes the figure for each direction of a route; whether the source counts both ways as one is not said",
    ),
    Published(
        Text("Sheung Wan heliport: movements a day", "上環直升機場：每日升降架次", "上环直升机场：每日起降架次"),
        24.7, 24.7, "/d", "flightglobal 148902, Jun 2022: some 9,000 in 2019", "input",
        Measured("passengers-separate", ("flights_flown/shun_tak_macao", "flights_flown/shekou_shun_tak"), per=DAYS),
        tag="flightglobal", sets=("scenarios/passengers-separate.yaml",),
    ),
    Published(
        Text("Single submission for dual declaration: time saved a shipment", "一單兩報：每票節省時間", "一单两报：每票节省时间"),
        1800, math.inf, "s", "chinadailyhk 615065, 2025; en.ftz.xm.gov.cn, 22 May 2026", "input",
        Measured("two-submissions", ("file_to_release/mean",), against="baseline"),
        tag="615065", sets=("world.data_interface.entry_time",),
    ),
    Published(
        Text("Shenzhen airport to Hong Kong by road", "深圳機場至香港，陸路", "深圳机场至香港，陆路"),
        2 * HOUR_S, 3 * HOUR_S, "s", "SCMP, 8 Jul 2019", "input", Computed(lambda: _road_s("baoan_shun_tak", with_handling=True)),
        tag="SCMP 8 Jul 2019", sets=("sim/world/data/road.toml",), names_it=("aircraft.h135.overhead_s",),
        remark="it was looked at when the speeds were guessed",
    ),
    Published(
        Text("Bridge: goods vehicle not selected, both ends of the port",
             "港珠澳大橋：未被選查貨車入場至離場", "港珠澳大桥：未被选查货车入场至离场"),
        0, 180, "s", "CNS, 21 Oct 2019", "input", Computed(lambda: _seconds(_defaults().world.road.clearance)),
        tag="CNS, 21 Oct 2019", sets=("world.road.clearance",),
        why="the value is for two sides' kiosks and the mean of inspections of one vehicle in ten; the figure is for one side",
    ),
    Published(
        Text("Days a year under typhoon signal 3 or higher",
             "每年三號或以上熱帶氣旋警告信號日數", "每年三号或以上热带气旋警告信号天数"),
        119.5 / 24, 119.5 / 24, "d", "hko.gov.hk tc2016 table 4.6 (1956 to 2016): 119.5 h a year", "input",
        Computed(_days_of_signal_3),
        tag="tc2016 table 4.6", sets=("climate.signals.per_year", "climate.signals.hours"),
        names_it=("world.weather.signal_variation",),
    ),
)  # fmt: skip
"""Something in the model was set from these; that they come near proves nothing."""
PUBLISHED = (*PREDICTED, *CALIBRATED)


def _dogs(key: Literal["duty", "rest"]) -> float:
    return float(getattr(_defaults().policy.detector_dogs, key)["hong_kong"])
