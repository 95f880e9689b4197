"""Measures: posts, the people who keep them and their pay; pads and aircraft and their cost, where a side has a figure.

Posts follow from the rosters, busy or not. Money is told by side, in the side's own currency, and never added up over sides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.ground.parameter import Status
from sim.ground.sides import CURRENCY_OF, SIDE_KEYS
from sim.ground.text import Text
from sim.ground.time_units import DAY_S, HOUR_S, HOURS_A_DAY
from sim.metrics import control
from sim.metrics.breakdown import TOTAL, join_part
from sim.metrics.occupancy import is_counted, most_at_once, occupancy
from sim.metrics.throughput import FLIGHTS_APPLIED, FLIGHTS_FILED, FLIGHTS_RELEASED
from sim.metrics.time_spent import costs
from sim.metrics.visits import pool_visits
from sim.metrics.workload import hours_on_duty
from sim.model.fact_catalogue import HOURS_A_YEAR, MONTHLY_COSTS, STATED_PAY
from sim.model.metric import CURRENCY, Margin, Metric, Ratio
from sim.model.observation import Observation
from sim.model.phrase import MORE_OR_FEWER, PEOPLE_COUNTED, Phrase
from sim.model.ratios import divided
from sim.model.stage import Workload

HOURS_OF_A_YEAR = 8760.0
MONTHS = 12
CONSIGNMENTS_RELEASED = next(metric for metric in control.METRICS if metric.key == "consignments_released")
BySide = dict[str, float]


@dataclass(frozen=True)
class People:
    """Those who keep posts of a kind of work, and per which flights their pay is told."""

    workload: Workload
    who: Text
    per: Metric = FLIGHTS_FILED


PEOPLE: tuple[People, ...] = (
    People("officer", Text("customs officers", "海關人員", "海关人员")),
    People("aviation", Text("aviation staff", "飛行審批人員", "飞行审批人员"), FLIGHTS_APPLIED),
    People("immigration", Text("immigration officers", "入境事務人員", "边检人员")),
    People("quarantine", Text("quarantine officers", "檢疫人員", "检疫人员")),
)
PADS, AIRCRAFT = Text("pads", "起降坪", "起降坪"), Text("aircraft", "航空器", "航空器")


def _posts(workload: Workload) -> Callable[[Observation], BySide]:
    """Mean number on duty over the window, by side of the pool, and the whole."""

    def posts(observation: Observation) -> BySide:
        return {side: hours / observation.window_h for side, hours in hours_on_duty(workload)(observation).items()}

    return posts


def _posts_by_hour(workload: Workload) -> Callable[[Observation], BySide]:
    """Mean number on duty in each hour of the day, by side that has anybody on duty."""

    def posts(observation: Observation) -> BySide:
        on_duty, length_h = occupancy(observation).on_duty_s, _length_h(observation)
        numbers: BySide = {}
        for side in SIDE_KEYS:
            pools = [
                number
                for number, pool in enumerate(observation.plan.pools)
                if pool.side == side and costs(pool, workload) and is_counted(pool.calendar)
            ]
            hours = on_duty[pools].sum(axis=0) / HOUR_S
            if hours.any():
                means = np.divide(hours, length_h, out=np.full(HOURS_A_DAY, np.nan), where=length_h > 0)
                numbers |= {join_part(side, f"{hour:02d}"): float(mean) for hour, mean in enumerate(means)}
        return numbers

    return posts


def _length_h(observation: Observation) -> np.ndarray:
    """Shape (24,): how many hours of the window are in each hour of the day."""
    start_h, end_h = observation.window_start_s / HOUR_S, observation.window_end_s / HOUR_S
    hour = np.arange(np.floor(start_h), np.ceil(end_h))
    length = np.minimum(hour + 1, end_h) - np.maximum(hour, start_h)
    return np.bincount(hour.astype(np.int64) % HOURS_A_DAY, weights=length, minlength=HOURS_A_DAY)


def _people(workload: Workload) -> Callable[[Observation], BySide]:
    """People needed all year for the posts of the window, by side."""

    def people(observation: Observation) -> BySide:
        hours = observation.facts.get(HOURS_A_YEAR, {})
        posts = _posts(workload)(observation)
        return {side: posts[side] * HOURS_OF_A_YEAR / hours[side] for side in posts if side in hours}

    return people


def _pay(workload: Workload) -> Callable[[Observation], BySide]:
    """Pay for the hours on duty in the window, by side with a figure."""

    def pay(observation: Observation) -> BySide:
        monthly, hours = _monthly(observation, workload), observation.facts.get(HOURS_A_YEAR, {})
        on_duty = hours_on_duty(workload)(observation)
        return {side: on_duty[side] * MONTHS * monthly[side] / hours[side] for side in on_duty if side in monthly}

    return pay


def _monthly(observation: Observation, kept: str) -> Mapping[str, float]:
    return observation.facts.get(MONTHLY_COSTS, {}).get(kept, {})


def _break_even(observation: Observation) -> BySide:
    """Flights released a day at which a flight costs what it may in pay of customs officers, by side with both figures."""
    stated, days = observation.facts.get(STATED_PAY, {}), observation.window_h * HOUR_S / DAY_S
    pay = _pay("officer")(observation)
    return {side: pay[side] / days / stated[side] for side in pay if side in stated}


def _pads(observation: Observation) -> BySide:
    """Hours in which pads were open within the window, by side, and the whole."""
    on_duty = occupancy(observation).on_duty_s.sum(axis=1) / HOUR_S
    return _by_side(observation, "pads", on_duty)


def _aircraft(observation: Observation) -> BySide:
    """The most aircraft in the fleets within the window, by side where they are based, and the whole."""
    return _by_side(observation, "fleet", _most_servers(observation))


def _aircraft_needed(observation: Observation) -> BySide:
    """The most aircraft away from each base at once, added up over the bases: by side, and the whole."""
    visits = pool_visits(observation)
    window = observation.window_start_s, observation.window_end_s
    needed = np.zeros(len(observation.plan.pools))
    for number in range(len(needed)):
        of_pool = visits.of_pool(number)
        start_s, free_s = (np.clip(instants[of_pool], *window) for instants in (visits.start_s, visits.free_s))
        needed[number] = most_at_once(start_s[free_s > start_s], free_s[free_s > start_s])
    return _by_side(observation, "fleet", needed)


def _most_servers(observation: Observation) -> np.ndarray:
    """Shape (pools,): the most servers on duty at once within the window."""
    start_s, end_s = observation.window_start_s, observation.window_end_s
    most = []
    for calendar in (pool.calendar for pool in observation.plan.pools):
        inside = [
            capacity for instant, capacity in zip(calendar.times_s, calendar.capacities, strict=True) if start_s < instant < end_s
        ]
        most.append(max([calendar.at(start_s), *inside]))
    return np.array(most, dtype=np.float64)


def _by_side(observation: Observation, mark: str, amount: np.ndarray) -> BySide:
    """The sum of `amount`, shape (pools,), over the pools of that mark: by side, and the whole."""
    based = {f"{route.key}.{site.key}": site.side for route in observation.flights.routes for site in route.sites}
    sums: BySide = {}
    for number, pool in enumerate(observation.plan.pools):
        if pool.kind.mark == mark and is_counted(pool.calendar):
            side = pool.side or based.get(pool.place, "")
            sums[side] = sums.get(side, 0.0) + float(amount[number])
    return {TOTAL: sum(sums.values()), **{side: sums[side] for side in SIDE_KEYS if side in sums}}


def _cost(kept: str) -> Callable[[Observation], BySide]:
    """What the pads or the aircraft cost over the window, open or not, by side with a figure."""

    def cost(observation: Observation) -> BySide:
        monthly = _monthly(observation, kept)
        number = _by_side(observation, kept, _most_servers(observation))
        share = observation.window_h / HOURS_OF_A_YEAR
        return {side: number[side] * MONTHS * monthly[side] * share for side in number if side in monthly}

    return cost


_POSTS = Text("{who} on duty, mean", "平均當值{who}數", "平均在岗{who}数")
_ON_DUTY = Text("{n} {who} are on duty at a time{where}", "{where}同時有 {n} 名{who}當值", "{where}同时有 {n} 名{who}在岗")
_KEPT = {name: Text.same(f"{{{name}}}") for name in ("n", "where")}  # filled in by the sentence
_BY_HOUR = Text("{who} on duty by hour of the day", "按時段當值{who}數", "按时段在岗{who}数")
_NEEDED = Text("{who} needed to keep the posts", "維持崗位所需{who}數", "维持岗位所需{who}数")
_PAY = Text("pay of {who} on duty", "當值{who}薪酬", "在岗{who}薪酬")
_COST = Text("cost of {who}", "{who}成本", "{who}成本")
_PER = Text("{what} per {unit}", "每{unit}的{what}", "每{unit}的{what}")
_UNITS: dict[str, Text] = {
    FLIGHTS_FILED.key: Text("flight filed", "班已申報航班", "班已申报航班"),
    FLIGHTS_APPLIED.key: Text("flight applied for", "班已提出飛行活動申請的航班", "班已提出飞行活动申请的航班"),
    FLIGHTS_RELEASED.key: Text("flight released", "班已放行航班", "班已放行航班"),
    CONSIGNMENTS_RELEASED.key: Text("consignment released", "件已放行貨件", "件已放行货件"),
}
_A_FLIGHT = Margin("50", "fifty of the side's currency a flight: what a budget would notice", Status.GUESS, ("10", "500"))
_A_CONSIGNMENT = Margin("10", "about a seventh of that, for a flight's seven consignments", Status.GUESS, ("2", "100"))
_HAS_FIGURE = "By side that has a figure, in its own currency."


def _of_people(people: People) -> Iterator[Metric]:
    key, who = people.workload, people.who
    yield _plain(
        f"{key}_posts",
        _POSTS.fill(who=who),
        "1",
        "Hours on duty / hours of the window. By side of the pool; the whole.",
        _posts(key),
        phrase=Phrase(_ON_DUTY.fill(who=who, **_KEPT), MORE_OR_FEWER, counter=PEOPLE_COUNTED),
    )
    yield _plain(
        f"{key}_posts_by_hour",
        _BY_HOUR.fill(who=who),
        "1",
        "Mean number on duty in each hour of the day, over all days of the window. By side / hour (00 to 23).",
        _posts_by_hour(key),
    )
    yield _plain(
        f"{key}_people",
        _NEEDED.fill(who=who),
        "1",
        f"People needed if the posts of the window are kept all year: {who.en} on duty, mean x 8,760 h / hours a year that one "
        "person is on duty. By side.",
        _people(key),
    )
    pay = _PAY.fill(who=who)
    yield _money(
        f"{key}_pay",
        pay,
        "Pay of the people needed for the hours on duty, over the window: hours on duty x 12 x pay a month / hours a year that "
        f"one person is on duty. Pay alone, without allowances, pensions, training, supervision or buildings. {_HAS_FIGURE}",
        _pay(key),
    )
    for per in (people.per, FLIGHTS_RELEASED, CONSIGNMENTS_RELEASED):
        yield _ratio(f"{key}_pay", pay, _pay(key), per)


def _of_things(key: str, mark: str, what: Text) -> Iterator[Metric]:
    cost = _COST.fill(who=what)
    formula = f"Cost of {what.en} over the window, open or not, as many as there are at most. {_HAS_FIGURE}"
    yield _money(f"{key}_cost", cost, formula, _cost(mark))
    yield _ratio(f"{key}_cost", cost, _cost(mark), FLIGHTS_RELEASED)


def _plain(
    key: str,
    label: Text,
    unit: str,
    formula: str,
    compute: Callable[[Observation], BySide],
    adds_up: bool = False,
    phrase: Phrase | None = None,
) -> Metric:
    return Metric(key, label, unit, "neither", "workload", formula, compute, adds_up=adds_up, phrase=phrase)


def _money(key: str, label: Text, formula: str, compute: Callable[[Observation], BySide]) -> Metric:
    return Metric(key, label, CURRENCY, "neither", "workload", formula, compute, unit_of_part=CURRENCY_OF, adds_up=True)


def _ratio(key: str, what: Text, compute: Callable[[Observation], BySide], per: Metric) -> Metric:
    ending = {FLIGHTS_RELEASED.key: "per_released", CONSIGNMENTS_RELEASED.key: "per_consignment"}.get(per.key, "per_flight")
    of_side = " that passed the side's control" if per is CONSIGNMENTS_RELEASED else ", those of other sides too"
    return Metric(
        key=f"{key}_{ending}",
        label=_PER.fill(what=what, unit=_UNITS[per.key]),
        unit=CURRENCY,
        better="lower",
        topic="workload",
        formula=f"{what.en[:1].upper()}{what.en[1:]} / {per.label.en}{of_side}. {_HAS_FIGURE}",
        compute=divided(compute, per.compute),
        ratio=Ratio(key, per.key),
        matters=_A_CONSIGNMENT if per is CONSIGNMENTS_RELEASED else _A_FLIGHT,
        unit_of_part=CURRENCY_OF,
    )


_PAD_HOURS = Text("pad-hours", "起降坪開放時數", "起降坪开放时数")
METRICS: tuple[Metric, ...] = (
    *(metric for people in PEOPLE for metric in _of_people(people)),
    _plain(
        "officer_break_even",
        Text("break-even volume of customs officers", "海關人員收支平衡航班量", "海关人员盈亏平衡航班量"),
        "/d",
        "Flights released a day at which the pay of customs officers on duty a flight released falls to what a flight may cost "
        "(world.posts.stated_pay), their posts as they are: pay a day / that amount. It says nothing of whether these posts can "
        "clear so many. By side that has both figures.",
        _break_even,
    ),
    _plain(
        "pad_hours", _PAD_HOURS, "h", "Hours in which pads are open, over the window. By side; the whole.", _pads, adds_up=True
    ),
    Metric(
        key="pad_hours_per_released",
        label=_PER.fill(what=_PAD_HOURS, unit=_UNITS[FLIGHTS_RELEASED.key]),
        unit="h",
        better="lower",
        topic="workload",
        formula="Pad-hours / flights released, those of other sides too. By side; the whole.",
        compute=divided(_pads, FLIGHTS_RELEASED.compute),
        ratio=Ratio("pad_hours", FLIGHTS_RELEASED.key),
        matters=Margin("30 min", "half an hour of a pad a flight", Status.GUESS, ("5 min", "3 h")),
    ),
    _plain(
        "aircraft",
        Text("aircraft in the fleets", "機隊航空器數", "机队航空器数"),
        "1",
        "The most aircraft in the fleets at once within the window. By side where they are based; the whole.",
        _aircraft,
    ),
    _plain(
        "aircraft_needed",
        Text("aircraft needed", "所需航空器數", "所需航空器数"),
        "1",
        "The most aircraft away from their base at once within the window, from loading until the turnaround at home, measured "
        "flights or not, added up over the bases; where all of a fleet were away at once, flights may have waited for more. By "
        "side where they are based; the whole.",
        _aircraft_needed,
    ),
    *_of_things("pads", "pads", PADS),
    *_of_things("aircraft", "fleet", AIRCRAFT),
)
