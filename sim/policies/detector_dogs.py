"""Detector dogs: teams that search consignments and raise alarms, with their rosters, rests, training and moves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.condition import IsAbove, Where, is_one_of
from sim.ground.errors import Problem, contradiction
from sim.ground.instrument import CUSTOMS_EACH, CUSTOMS_TOGETHER, Instrument
from sim.ground.parameter import BySide, Clock, Duration, DurationLaw, Group, Share, Status, parameter
from sim.ground.sides import SIDE_KEYS, SIDES
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.ground.time_units import DAY_S, HOUR_S
from sim.model.calendar import Calendar
from sim.model.examination import EXAMINATIONS, INSPECTED_IN_YARD, Chances, DetectionModel, stages_by_place
from sim.model.examination_means import Application, MeansInUse, examination_means
from sim.model.fact_catalogue import CUSTOMS_PRIORITY, DECIDED_BEFORE_DEPARTURE, DEPARTURE_TARGET_S, LOADING_FROM_S
from sim.model.feature import PlanningContext, PoolChoice, StageUse
from sim.model.plan import Pool
from sim.model.process import CLEARED, SCREENED, Signal
from sim.model.stage import ENDS, PoolKind
from sim.statistics.rostering import (
    SLOTS,
    DutyRule,
    duty_roster,
    is_within,
    load_by_slot,
    optimise_roster,
    presence,
    uniform_load,
)
from sim.world.aircraft import nominal_flight_time_s
from sim.world.goods import GOODS, GOODS_KEYS
from sim.world.mix import Factors
from sim.world.own_route import sound_routes

IN_A_LINE, ONE_BY_ONE = (is_one_of("policy.detector_dogs.search", way) for way in ("line", "single"))
ADVANCED = is_one_of("policy.detector_dogs.training", "advanced")
HOT = Where(
    lambda read: read("world.detector_dogs.temperature") > read("world.detector_dogs.hot_from"),
    unless=Text("it is not hot where dogs search", "搜查地點並不炎熱", "搜查地点并不炎热"),
    such_as={"world.detector_dogs.temperature": 35.0},
)


class DetectorDogsPolicy(Group):
    """Teams (a dog and its handler), their rosters, their training and how they search."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            CUSTOMS_EACH,
            Text(
                "dog teams, and customs' own duty rules", "緝毒犬隊編制及海關內部的當值規定", "缉毒犬队编制及海关内部的执勤规定"
            ),
            ("customs",),
        ),
        Instrument(
            CUSTOMS_TOGETHER,
            Text(
                "joint training under the two customs' plan of co-operation",
                "在兩地海關合作計劃下聯合訓練",
                "在两地海关合作计划下联合训练",
            ),
            ("customs",),
            ("training",),
        ),
    )

    teams: BySide[int] = parameter(
        2,
        label=Text("Dog teams", "緝毒犬隊（領犬員與犬）", "缉毒犬组（训导员与犬）"),
        meaning=(
            "Dog teams (one dog, one handler) at each vertiport of a side, or in its yard; where teams are pooled or on call,"
            " those of the side in all. Each has one shift a day."
        ),
        source="a tobacco unit of 4 dogs and 4 handlers (customs.gov.hk, Jul 2022); no number for a port was found",
        status=Status.GUESS,
        bounds=(0, 50),
        plausible=(1, 4),
    )
    shift: Duration = parameter(
        "8 h",
        label=Text("Shift of a team", "每隊當值時間", "每队值班时间"),
        meaning="How long a team is at hand each day, on duty or resting; shifts are placed within the dogs' hours.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("1 h", "16 h"),
        plausible=("6 h", "12 h"),
    )
    opens: Clock = parameter(
        "07:00",
        label=Text("Dogs from", "緝毒犬服務開始", "缉毒犬服务开始"),
        meaning="From when teams may be at work each day.",
        source="the service window of trade declarations, 07:00 to 23:00 (Tradelink), taken over",
        status=Status.GUESS,
    )
    closes: Clock = parameter(
        "23:00",
        label=Text("Dogs until", "緝毒犬服務結束", "缉毒犬服务结束"),
        meaning="Until when teams may be at work each day; the same clock time as the start is all day.",
        source="the service window of trade declarations, 07:00 to 23:00 (Tradelink), taken over",
        status=Status.GUESS,
    )
    duty: BySide[Duration] = parameter(
        "30 min",
        label=Text("Spell of duty", "每節工作時間", "每节工作时间"),
        meaning="Longest time for which a team is on duty before it rests.",
        source="30 minutes is the usual practice (webcanine.com, 2007)",
        status=Status.STATED,
        bounds=("5 min", "8 h"),
        plausible=("30 min", "120 min"),
    )
    rest: BySide[Duration] = parameter(
        "30 min",
        label=Text("Rest between spells", "每節休息時間", "每节休息时间"),
        meaning="Rest after each spell of duty.",
        source="no figure found; as long as the usual spell",
        status=Status.GUESS,
        bounds=("0 s", "8 h"),
        plausible=("15 min", "60 min"),
    )
    rest_rule: Literal["roster", "earned"] = parameter(
        "roster",
        label=Text("Rule of rest", "休息規則", "休息规则"),
        meaning=(
            "Rest stands in the roster, whatever there was to do; or it is earned by work: a team stays on duty and rests after"
            " each search, in the proportion of rest to duty."
        ),
        source="the model's choice",
        status=Status.GUESS,
        needs=IsAbove("policy.detector_dogs.rest", "30 min"),
    )
    roster: Literal["by_shift", "by_forecast"] = parameter(
        "by_shift",
        label=Text("Roster", "編更方式", "排班方式"),
        meaning="Shifts and spells spread as if work came evenly over the dogs' hours, or fitted to the forecast of flights.",
        source=(
            "'intelligent and informative management' is named (27 Nov 2024 meeting); Hong Kong Customs has a smart collar and a"
            " canine management system (am730, 7 Mar 2024; hk01, 12 Sep 2025), but how they make rosters is not said"
        ),
        status=Status.GUESS,
    )
    sharing: Literal["each_port", "pooled", "on_call"] = parameter(
        "on_call",
        label=Text("Teams and vertiports", "隊伍與起降場", "队伍与起降场"),
        meaning=(
            "Each vertiport keeps its own teams; or those of a side are planned together for all its vertiports and move between"
            " them (pooled): by turns if the roster is by shift, where the forecast asks for it otherwise; or they stand at one"
            " place of the side (on call), and one goes out to a flight whose goods are to be searched, and back."
        ),
        source="over 70 teams in all of Hong Kong (customs, Sep 2025); how vertiports would share in them is not known",
        status=Status.GUESS,
    )
    moves: int = parameter(
        1,
        label=Text("Moves in a shift", "每更調動次數", "每班调动次数"),
        meaning="Teams pooled: how often in a shift a team may move; the shift is cut into equal stays.",
        source="the model's choice",
        status=Status.GUESS,
        bounds=(0, 3),
        plausible=(0, 2),
    )
    search: Literal["single", "line"] = parameter(
        "single",
        label=Text("Way of searching", "搜查方式", "搜查方式"),
        meaning="The dog searches each consignment by itself, or walks along the flight's consignments laid out in a line.",
        source="both are in use; which suits a drone's load is not known",
        status=Status.GUESS,
    )
    training: Literal["basic", "advanced"] = parameter(
        "basic",
        label=Text("Training", "訓練水平", "训练水平"),
        meaning="Basic training as in the studies, or advanced training kept up within working hours.",
        source="courses of 10 weeks, 12 for tobacco (customs.gov.hk, canine force)",
        status=Status.GUESS,
    )
    when_absent: Literal["wait", "without"] = parameter(
        "without",
        label=Text("Goods planned while no team is there", "無隊伍在場時的貨物", "无队伍在场时的货物"),
        meaning=(
            "Consignments whose planned departure or landing falls where no team is at the vertiport wait for the next one, or"
            " are examined without a dog."
        ),
        source="no rule found; officers and x-ray are there, so goods need not wait",
        status=Status.GUESS,
    )


class DetectorDogsWorld(Group):
    """What dogs can do, and what heat, long spells and training do to it."""

    search_time: DurationLaw = parameter(
        {"lognormal": {"mean": "64 s", "cv": 1.0}},
        label=Text("Search of a consignment", "每件搜查用時", "每件搜查用时"),
        meaning="Time to search one consignment by itself, before the cap.",
        source="mean 64 s over 1,219 trials (Jezierski et al., 2014); the spread is a guess",
        status=Status.STATED,
        bounds=("0 s", "1 h"),
        plausible=("30 s", "3 min"),
        needs=ONE_BY_ONE,
    )
    search_cap: Duration = parameter(
        "10 min",
        label=Text("Longest search", "搜查時限", "搜查时限"),
        meaning="After so long the search of one consignment is broken off.",
        source="trials were broken off after 10 min (Jezierski et al., 2014); those 7.0% are among the misses",
        status=Status.STATED,
        bounds=("1 s", "2 h"),
        plausible=("2 min", "10 min"),
    )
    line_time: DurationLaw = parameter(
        "4 s",
        label=Text("Search of a consignment in a line", "列隊搜查每件用時", "列队搜查每件用时"),
        meaning="Time for each consignment in a line.",
        source="400 to 500 packages in about 30 min (CBP, quoted 12 Dec 2008): 3.6 to 4.5 s",
        status=Status.DERIVED,
        bounds=("0 s", "10 min"),
        plausible=("3.6 s", "4.5 s"),
        needs=IN_A_LINE,
    )
    line_setup: DurationLaw = parameter(
        "3 min",
        label=Text("Laying out a line", "列隊擺放用時", "列队摆放用时"),
        meaning="Time to lay out and take up a flight's line.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("1 min", "10 min"),
        needs=IN_A_LINE,
    )
    sensitivity: Share = parameter(
        "87.7%",
        label=Text("Sensitivity of dogs", "緝毒犬靈敏度", "缉毒犬灵敏度"),
        meaning="Share of illicit consignments on which a rested dog with basic training raises an alarm, in moderate weather.",
        source="87.7% of 1,219 trials (Jezierski et al., 2014); police dogs, drugs, set trials",
        status=Status.STATED,
        bounds=("0%", "100%"),
        plausible=("58%", "92%"),
    )
    goods_factor: Annotated[dict[str, float], Factors(GOODS_KEYS)] = parameter(
        {"parcel": 1.0, "document": 1.0, "medical": 0.95, "electronics": 0.72, "food": 0.66},
        label=Text("Sensitivity by goods", "各類貨物的靈敏度倍數", "各类货物的灵敏度倍数"),
        meaning="Factor on the sensitivity for each class of goods; classes left out have factor 1.",
        source=(
            "by place: rooms 83.2%, outside of cars 63.5%, inside 57.9% (Jezierski et al., 2014), as ratios to 87.7%; which"
            " class is like which place is a guess"
        ),
        status=Status.GUESS,
        bounds=(0, 1.2),
    )
    false_alarm: Share = parameter(
        "5%",
        label=Text("False alarms of dogs", "緝毒犬誤報率", "缉毒犬误报率"),
        meaning="Share of licit consignments on which a dog with basic training raises an alarm.",
        source="none: the 5.3% of Jezierski et al. (2014) is of trials that all held a sample; swept 1 to 20%",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("1%", "20%"),
    )
    decline_onset: Duration = parameter(
        "91 min",
        label=Text("Onset of decline", "表現開始下降的時間", "表现开始下降的时间"),
        meaning="How long into a spell of duty a dog's sensitivity holds.",
        source="no decline for at least 91 to 120 min in moderate conditions (FAA and Auburn University, Apr 2001)",
        status=Status.STATED,
        bounds=("0 s", "12 h"),
        plausible=("20 min", "120 min"),
    )
    decline: Share = parameter(
        "20%",
        label=Text("Decline an hour", "每小時下降幅度", "每小时下降幅度"),
        meaning="Share of the sensitivity lost for each hour on duty beyond the onset; a spell has the average over its length.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("5%", "50%"),
    )
    temperature: float = parameter(
        23.0,
        label=Text("Temperature, °C", "氣溫（°C）", "气温（°C）"),
        meaning="Temperature in degrees Celsius where dogs search, the same all day.",
        source="about the mean of the year in Hong Kong",
        status=Status.RECALLED,
        bounds=(0, 45),
        plausible=(16, 33),
    )
    hot_from: float = parameter(
        27.0,
        label=Text("Hot from, °C", "炎熱起點（°C）", "炎热起点（°C）"),
        meaning="Temperature in degrees Celsius above which heat tells.",
        source="panting lowers detection and lengthens the search (studies of explosives dogs); the threshold is a guess",
        status=Status.GUESS,
        bounds=(0, 45),
        plausible=(24, 30),
    )
    heat_loss: Share = parameter(
        "2%",
        label=Text("Loss by heat", "炎熱造成的靈敏度損失", "炎热造成的灵敏度损失"),
        meaning="Share of the sensitivity lost for each degree above the threshold.",
        source="detection limit 3.5 times worse at 40 °C than at 21 °C (PLOS ONE, 2024); its size as a sensitivity is a guess",
        status=Status.GUESS,
        bounds=("0%", "20%"),
        plausible=("0.5%", "4%"),
        needs=HOT,
    )
    heat_slowing: Share = parameter(
        "3%",
        label=Text("Slowing by heat", "炎熱造成的搜查延長", "炎热造成的搜查延长"),
        meaning="Share by which a search takes longer for each degree above the threshold.",
        source="panting lengthens the search (readkong.com, explosives dogs); the size is a guess",
        status=Status.GUESS,
        bounds=("0%", "50%"),
        plausible=("1%", "6%"),
        needs=HOT,
    )
    training_misses: Share = parameter(
        "70%",
        label=Text("Misses left by training", "訓練後的漏檢比例", "训练后的漏检比例"),
        meaning="Advanced training: misses as a share of those with basic training.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("50%", "100%"),
        needs=ADVANCED,
    )
    training_false_alarms: Share = parameter(
        "60%",
        label=Text("False alarms left by training", "訓練後的誤報比例", "训练后的误报比例"),
        meaning="Advanced training: false alarms as a share of those with basic training.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("40%", "100%"),
        needs=ADVANCED,
    )
    training_speed: Share = parameter(
        "85%",
        label=Text("Search time after training", "訓練後的搜查用時", "训练后的搜查用时"),
        meaning="Advanced training: search time as a share of that with basic training.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("10%", "100%"),
        plausible=("70%", "100%"),
        needs=ADVANCED,
    )
    training_hours: Share = parameter(
        "10%",
        label=Text("Shift spent on training", "訓練佔用的當值時間", "训练占用的值班时间"),
        meaning="Advanced training: share of each shift that it takes.",
        source="16 hours a month is a common guideline, of some 170 at work",
        status=Status.RECALLED,
        bounds=("0%", "90%"),
        plausible=("5%", "20%"),
        needs=ADVANCED,
    )
    travel_time: Duration = parameter(
        "45 min",
        label=Text("Way between vertiports", "起降場之間的路程", "起降场之间的路程"),
        meaning=(
            "Time to move between two vertiports of a side (pooled), or from where its teams stand to any of them (on call); a"
            " team neither searches nor rests on the way."
        ),
        source="Sheung Shui to Tuen Mun by road, with loading the dog",
        status=Status.GUESS,
        bounds=("0 s", "6 h"),
        plausible=("20 min", "90 min"),
        needs=is_one_of("policy.detector_dogs.sharing", "on_call", "pooled"),
    )


MEANS = "dog"
QUANTILES_OF_MEAN = 4096
SETUP_TIME = {role: Stream(f"detector_dogs.setup_time.{role}") for role in ENDS}
WAY = stages_by_place("dog_way", Text("dog team's way out", "緝毒犬隊前往途中", "缉毒犬组前往途中"))
BACK = stages_by_place("dog_back", Text("dog team's way back", "緝毒犬隊回程", "缉毒犬组回程"))
SEARCH = stages_by_place(MEANS, Text("dog search", "緝毒犬搜查", "缉毒犬搜查"))
TEAMS = PoolKind("dog_teams", Text("dog teams", "緝毒犬隊", "缉毒犬组"), "dog", staffed_by="officer")


def search(means: MeansInUse) -> list[Application]:
    """One search, of what is examined and has a team there, or will wait for one."""
    examination, searched = means.examination, _searched(means)
    examined, chances = examination.examined & searched, examination.chance.times(Chances(*(searched.astype(np.float64),) * 2))
    return [Application(SEARCH[examination.place], means.site_role, examined, searched, chances, examined.astype(np.float64))]


def _searched(means: MeansInUse) -> Bools:
    """Shape (m,): whether a team is there if it is to be examined, or will be waited for."""
    context, policy, role = means.context, means.policy, means.site_role
    if policy.when_absent == "wait":
        return np.ones(len(context.consignments), dtype=np.bool_)
    flown_s = _block_s(context)[context.flights.route] if role == "destination" else 0.0
    planned_s = context.facts[DEPARTURE_TARGET_S] + flown_s
    ports, at = _ports(context, policy, means.world), _at(context, policy, role)
    there = np.array([is_within(planned_s, port.at_hand) for port in ports])[at, np.arange(len(context.flights))]
    return np.asarray(there[context.consignments.flight])


def detection(means: MeansInUse) -> DetectionModel:
    """How well a dog tells illicit consignments from licit ones."""
    context, policy, world = means.context, means.policy, means.world
    side_of = context.flights.side(means.site_role)[context.consignments.flight]
    table = np.array([sensitivities(world, policy.training, _spell_s(policy, side)) for side in SIDE_KEYS])
    false_alarm = world.false_alarm * (world.training_false_alarms if policy.training == "advanced" else 1.0)
    return DetectionModel(table[side_of, context.consignments.goods], false_alarm, means.image)


def _spell_s(policy: DetectorDogsPolicy, side: str) -> float:
    """How long a team is on duty in one piece; without any rest that is the whole shift, whatever a spell is meant to be."""
    return policy.duty[side] if policy.rest[side] > 0 else policy.shift


def sensitivities(world: DetectorDogsWorld, training: str, duty_s: float) -> Floats:
    """Shape (goods,): the sensitivity of a dog by class of goods, as its average over a spell of duty.

    Training takes away a share of the misses of a rested dog in moderate weather; heat and the decline over
    the spell each take a share of what is left.
    """
    rested = np.minimum(1.0, world.sensitivity * np.array([world.goods_factor[goods.key] for goods in GOODS]))
    trained = 1.0 - (1.0 - rested) * (world.training_misses if training == "advanced" else 1.0)
    in_heat = max(0.0, 1.0 - world.heat_loss * _degrees_too_hot(world))
    return np.asarray(trained * in_heat * average_over_spell(duty_s, world.decline_onset, world.decline / HOUR_S))


def average_over_spell(duty_s: float, onset_s: float, decline_per_s: float) -> float:
    """The mean over t in [0, duty_s] of max(0, 1 - decline_per_s * max(0, t - onset_s)).

    A longer spell is better only by its hours on duty, never by its first ones being counted twice.
    """
    falling_s = max(0.0, duty_s - onset_s)
    until_nothing_s = min(falling_s, 1.0 / decline_per_s) if decline_per_s else falling_s
    lost_s = falling_s - until_nothing_s + decline_per_s * until_nothing_s**2 / 2
    return 1.0 - lost_s / duty_s


def _degrees_too_hot(world: DetectorDogsWorld) -> float:
    return max(0.0, world.temperature - world.hot_from)


def searching(means: MeansInUse, searches: Sequence[Application]) -> list[StageUse]:
    """The search of a flight's consignments by a team, which may then earn a rest; on call, its way out and back as well."""
    context, policy, role = means.context, means.policy, means.site_role
    earned = {side: policy.rest[side] / policy.duty[side] if policy.rest_rule == "earned" else 0.0 for side in SIDE_KEYS}
    uses = []
    for search in searches:
        service_s = _search_s(means, search.examined)
        cooldown_s = service_s * context.flights.by_side(earned, role)
        pools = _pools(context, policy, means.world, role)
        if policy.sharing == "on_call":
            way, back = _out_and_back(means, search, pools, cooldown_s)
            use = means.stage_use(search, means.before(), service_s=service_s)
            uses += [way, replace(use, after=(*use.after, way.stage)), back]
        else:
            uses.append(means.stage_use(search, means.before(), pool=pools, service_s=service_s, cooldown_s=cooldown_s))
    return uses


def _out_and_back(means: MeansInUse, search: Application, pools: PoolChoice, cooldown_s: Floats) -> tuple[StageUse, StageUse]:
    """A team's way to a flight and home, which holds it from leaving to being back.

    It leaves once the selection is known, in time to be there when the goods are planned to be: when loading begins, or at the
    planned landing. So it also goes out to a flight that is then diverted, and waits at the vertiport for one that is late.
    """
    context, examination = means.context, means.examination
    at_origin = means.site_role == "origin"
    known = CLEARED if context.facts[DECIDED_BEFORE_DEPARTURE] or not at_origin else SCREENED["origin"]
    landing_s = context.facts[DEPARTURE_TARGET_S] + _block_s(context)[context.flights.route]
    planned_s = context.facts[LOADING_FROM_S] if at_origin else landing_s
    way = StageUse(
        WAY[examination.place],
        after=(known,),
        if_given_up=examination.if_given_up,
        unless_given_up=tuple(signal for signal in examination.unless_given_up if signal != Signal.DIVERTED),
        visits=context.consignments.any_of_flight(search.examined, len(context.flights)),
        pool=pools,
        service_s=means.world.travel_time,
        cooldown_s=cooldown_s,
        not_before_s=np.fmax(context.flights.ordered_s, planned_s - means.world.travel_time),
        hold_until=BACK[examination.place],
        priority=context.facts[CUSTOMS_PRIORITY],
    )
    back = StageUse(
        BACK[examination.place],
        after=(way.stage, search.stage),
        if_given_up=way.if_given_up,
        unless_given_up=way.unless_given_up,
        visits=way.visits,
        service_s=means.world.travel_time,
    )
    return way, back


def _search_s(means: MeansInUse, searched: Bools) -> Floats:
    """Shape (n,): time to search a flight's consignments, s."""
    context, policy, world = means.context, means.policy, means.world
    each_s = _each_s(policy, world, means.time_u)
    all_s = context.consignments.sum_of_flight(np.where(searched, each_s, 0.0), len(context.flights))
    setup_s = 0.0 if policy.search == "single" else world.line_setup.quantile(context.draw(SETUP_TIME[means.site_role]))
    return np.asarray(all_s + setup_s)


def _each_s(policy: DetectorDogsPolicy, world: DetectorDogsWorld, u: Floats) -> Floats:
    """Time to search one consignment at each quantile, shape of `u`, s."""
    slower = 1.0 + world.heat_slowing * _degrees_too_hot(world)
    slower *= world.training_speed if policy.training == "advanced" else 1.0
    law = world.search_time if policy.search == "single" else world.line_time
    return np.minimum(law.quantile(u) * slower, world.search_cap)


def mean_search(means: MeansInUse) -> float | None:
    """The mean time to search one consignment, s, over evenly spread quantiles; None in a line, laid out flight by flight."""
    if means.policy.search == "line":
        return None
    return float(_each_s(means.policy, means.world, (np.arange(QUANTILES_OF_MEAN) + 0.5) / QUANTILES_OF_MEAN).mean())


# ---------------------------------------------------------------------------- rosters


@dataclass(frozen=True, slots=True)
class _Port:
    """A place where teams work: its calendar, and when of a day any team stays there, (from, to) in s."""

    calendar: Calendar
    at_hand: tuple[tuple[float, float], ...]


def _places(context: PlanningContext) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The places of examination, and the side of each: the sides' yards, or the vertiports."""
    if context.facts[INSPECTED_IN_YARD]:
        return tuple(f"{side}_yard" for side in context.flights.sides), context.flights.sides
    return context.flights.sites, context.flights.site_sides


def _stands(context: PlanningContext, policy: DetectorDogsPolicy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where teams stand, and the side of each place: at the places of examination, or on call at one place of each side."""
    return (context.flights.sides, context.flights.sides) if policy.sharing == "on_call" else _places(context)


def _at(context: PlanningContext, policy: DetectorDogsPolicy, role: str) -> np.ndarray:
    """Shape (n,): the number of the place at which the teams stand that search each flight."""
    if policy.sharing != "on_call" and not context.facts[INSPECTED_IN_YARD]:
        return context.flights.site(role)
    _, sides = _stands(context, policy)
    return np.array([sides.index(side) if side in sides else -1 for side in SIDE_KEYS])[context.flights.side(role)]


def _pools(context: PlanningContext, policy: DetectorDogsPolicy, world: DetectorDogsWorld, role: str) -> PoolChoice:
    ports = zip(_ports(context, policy, world), *_stands(context, policy), strict=True)
    return PoolChoice(tuple(Pool(TEAMS, port.calendar, place, side) for port, place, side in ports), _at(context, policy, role))


def _ports(context: PlanningContext, policy: DetectorDogsPolicy, world: DetectorDogsWorld) -> tuple[_Port, ...]:
    """The teams' work at each place where they stand."""
    _, sides = _stands(context, policy)
    alone, by_forecast = policy.sharing != "pooled", policy.roster == "by_forecast"
    groups = [[k] for k in range(len(sides))] if alone else [[k for k, s in enumerate(sides) if s == side] for side in SIDE_KEYS]
    work, ports = _expected_work(context), dict[int, _Port]()
    if policy.sharing == "on_call":
        _, of_place = _places(context)
        work = np.array([work[[k for k, s in enumerate(of_place) if s == side]].sum(axis=0) for side in sides])
    for group in filter(None, groups):
        side = sides[group[0]]
        rule = _rule(policy, world, side, policy.moves if len(group) > 1 else 0)
        load = work[group] if by_forecast else uniform_load(rule, len(group))
        planned = _planned(policy.teams[side], rule, tuple(map(tuple, load.tolist())), by_forecast, context.horizon_s)
        ports |= dict(zip(group, planned, strict=True))
    return tuple(ports[k] for k in range(len(sides)))


def _rule(policy: DetectorDogsPolicy, world: DetectorDogsWorld, side: str, moves: int) -> DutyRule:
    """How the teams of a side work; rest that is earned by work does not stand in the roster."""
    length_s = (policy.closes - policy.opens) % DAY_S or DAY_S
    shift_s = policy.shift * (1.0 - world.training_hours if policy.training == "advanced" else 1.0)
    rest_s = policy.rest[side] if policy.rest_rule == "roster" else 0.0
    return DutyRule(policy.opens, length_s, min(shift_s, length_s), policy.duty[side], rest_s, world.travel_time, moves)


@lru_cache(maxsize=256)
def _planned(
    teams: int, rule: DutyRule, load: tuple[tuple[float, ...], ...], choose_ports: bool, horizon_s: float
) -> tuple[_Port, ...]:
    """The ports that share these teams; `load` is the work by port and slot, as tuples since the roster is remembered by it."""
    work = np.array(load)
    turns = optimise_roster(teams, rule, work, choose_ports=choose_ports)
    return tuple(
        _Port(Calendar.roster(duty_roster(turns, rule, port), horizon_s), tuple(presence(turns, rule, port)))
        for port in range(len(work))
    )


def _expected_work(context: PlanningContext) -> Floats:
    """Shape (places, SLOTS): flights to be examined by place and slot of the day, to scale, as the demand expects them.

    Those from a place by their planned departure, those to it by their planned landing, if the regime examines there;
    each counts alike.
    Routes on which passengers are flown bring no goods.
    """
    names, sides = _places(context)
    examined = {examination.site_role for examination in context.facts[EXAMINATIONS] if examination.place != "late"}
    work = np.zeros((len(names), SLOTS))
    passengers = set(context.flights.route[context.flights.cabin].tolist())
    for number, (route, block_s) in enumerate(zip(context.flights.routes, _block_s(context), strict=True)):
        if number in passengers:
            continue
        first, last = route.sites[0], route.sites[-1]
        for outward in (0, 1):
            hourly = context.expected[2 * number + outward]
            ends = (first, last) if outward else (last, first)
            for role, site, later_s in zip(ENDS, ends, (0.0, block_s), strict=True):
                if role not in examined:
                    continue
                place = sides.index(site.side) if context.facts[INSPECTED_IN_YARD] else names.index(site.key)
                work[place] += load_by_slot(hourly, later_s)
    return work


def _block_s(context: PlanningContext) -> Floats:
    """Shape (routes,): nominal time from take-off to landing on each route, s; 0 where none flies."""
    flown = np.zeros(len(context.flights.routes))
    for number, kind in set(zip(context.flights.route.tolist(), context.flights.aircraft.tolist(), strict=True)):
        flown[number] = nominal_flight_time_s(context.flights.routes[number].length_m, context.flights.aircraft_types[kind])
    return flown


_TEAMS = Text(
    "{teams} teams of {side} with {moves} moves for {ports} vertiports",
    "{side} 有 {teams} 隊，各可轉場 {moves} 次，須兼顧 {ports} 個起降場",
    "{side} 有 {teams} 组，各可转场 {moves} 次，须兼顾 {ports} 个起降场",
)
_MORE_TEAMS = Text(
    "more teams, more moves, or sharing: each_port",
    "增加隊數或轉場次數，或 sharing: each_port",
    "增加组数或转场次数，或 sharing: each_port",
)
_NOT_EVERYWHERE = Text(
    "the pooled teams don't come to every vertiport of their side",
    "共用的緝毒犬隊不能到達該側每個起降場",
    "共用的缉毒犬组不能到达该侧每个起降场",
)


def check(policy: DetectorDogsPolicy, world: DetectorDogsWorld, scenario: Any) -> Sequence[Problem]:
    """Pooled teams must be able to come to every vertiport of their side."""
    inspection, corridor = scenario.policy.inspection, scenario.policy.corridor
    routes = sound_routes(corridor.routes, corridor.own_routes)
    if policy.sharing != "pooled" or MEANS not in inspection.sequence or inspection.site == "yard":
        return []
    if len(routes) < len(corridor.routes):
        return []  # the others are told by the corridor
    sites = {site.key: site.side for route in routes for site in route.sites}
    ports = Counter(sites.values())
    short = [side for side in SIDE_KEYS if policy.teams[side] * (policy.moves + 1) < ports[side]]
    return [
        contradiction(
            _NOT_EVERYWHERE,
            "policy.detector_dogs.teams",
            (
                *(f"policy.detector_dogs.{name}" for name in ("moves", "sharing")),
                *(f"policy.inspection.{name}" for name in ("sequence", "site")),
                *(f"policy.corridor.{name}" for name in ("routes", "own_routes")),
            ),
            value=_TEAMS.fill(teams=policy.teams[side], side=side, moves=policy.moves, ports=ports[side]),
            allowed=_MORE_TEAMS,
        )
        for side in short
    ]


_NO_TEAM = Text(
    "goods that are to be searched in {side} wait for a dog that never comes: policy.detector_dogs.teams is 0 there, and "
    "policy.detector_dogs.when_absent is wait.",
    "在{side}須經緝毒犬搜查的貨物會一直等候：該處 policy.detector_dogs.teams 為 0，而 policy.detector_dogs.when_absent 為 wait。",
    "在{side}须经缉毒犬搜查的货物会一直等候：该处 policy.detector_dogs.teams 为 0，而 policy.detector_dogs.when_absent 为 wait。",
)
_GAP = Text(
    "in {side} dogs are at hand for at most {hours} of the {of} hours of the day in which flights are planned; goods of the "
    "other hours wait for them, since policy.detector_dogs.when_absent is wait.",
    "在{side}，計劃有航班的每日 {of} 小時內，緝毒犬至多 {hours} 小時在場；policy.detector_dogs.when_absent 為 wait，"
    "其餘時段的貨物須等候。",
    "在{side}，计划有航班的每日 {of} 小时内，缉毒犬至多 {hours} 小时在场；policy.detector_dogs.when_absent 为 wait，"
    "其余时段的货物须等候。",
)


def cautions(policy: DetectorDogsPolicy, world: DetectorDogsWorld, scenario: Any) -> Sequence[Text]:
    """Where goods wait for dogs that are not there, or not for all of the hours in which flights are planned."""
    corridor, demand = scenario.policy.corridor, scenario.world.demand
    if MEANS not in scenario.policy.inspection.sequence or policy.when_absent != "wait":
        return ()
    flown = {site.side for route in sound_routes(corridor.routes, corridor.own_routes) for site in route.sites}
    busy_h = 24 if demand.schedule is not None else sum(share > 0 for share in demand.hourly_profile)
    open_s = (policy.closes - policy.opens) % DAY_S or DAY_S
    sentences = []
    for side in (side for side in SIDES if side.key in flown):
        at_hand_h = min(open_s, policy.teams[side.key] * policy.shift) / HOUR_S
        if not policy.teams[side.key]:
            sentences.append(_NO_TEAM.fill(side=side.name))
        elif at_hand_h + 1 <= busy_h:
            hours, of = (Text(*[f"{number:g}"] * 3) for number in (at_hand_h, busy_h))
            sentences.append(_GAP.fill(side=side.name, hours=hours, of=of))
    return sentences


DETECTOR_DOGS = examination_means(
    "detector_dogs",
    Text("Detector dogs", "緝毒犬", "缉毒犬"),
    means=MEANS,
    policy=DetectorDogsPolicy,
    world=DetectorDogsWorld,
    pool=TEAMS,
    stages=(*SEARCH.values(), *WAY.values(), *BACK.values()),
    applications=search,
    detection=detection,
    mean_time=mean_search,
    false_alarm=lambda world: world.false_alarm,
    build_stages=searching,
    time_stream="search_time",
    streams=tuple(SETUP_TIME.values()),
    reads=(DEPARTURE_TARGET_S, LOADING_FROM_S, DECIDED_BEFORE_DEPARTURE),
    check=check,
    cautions=cautions,
)
