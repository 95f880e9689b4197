"""Posts and money: who is on duty, how many people that takes, what they are paid a flight, and the break-even volume."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.charts.quantity import NOT_KNOWN, number, scale_for
from sim.ground.parameter import STATUS_LABELS
from sim.ground.sides import CURRENCY_OF, SIDES, Side
from sim.ground.text import Language, Text
from sim.ground.time_units import HOURS_A_DAY
from sim.ground.units import quantity_in_words
from sim.metrics.breakdown import join_part
from sim.metrics.posts import AIRCRAFT, PADS, PEOPLE, People
from sim.report.ledger_tables import LabelledRow
from sim.scenario.parameters import Parameter, catalogue, value_in_words, written_at
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.study import Study

POSTS = Text("Posts and money", "崗位與經費", "岗位与经费")
WHO = Text("on duty", "當值", "在岗")
COLUMNS: tuple[Text, ...] = (
    Text("posts", "崗位", "岗位"),
    Text("people", "所需人數", "所需人数"),
    Text("h a flight", "每班當值時數", "每班在岗时数"),
    Text("busy", "工作時間比例", "工作时间比例"),
    Text("pay a flight", "每班薪酬", "每班薪酬"),
    Text("a consignment", "每件薪酬", "每件薪酬"),
)
HOW = Text(
    "Posts: people on duty by the rosters (most of them guesses), busy or not, with the clock times at which their number "
    "changes; of aircraft, the most away from their bases at once. People: those needed to keep these posts all year. Hours on "
    "duty and pay: a flight released, and pay a consignment released that passed the side's control; busy: how much of the hours "
    "on duty goes into flights. Pay is that of the people needed: no allowances, pensions, training, supervision or buildings, "
    "so a budget is larger. Each side's own currency; nothing is added up over sides, and {dash} is no figure, not nothing.",
    "崗位：按更表（多屬假設）當值的人數，不論是否正在工作，並列出人數轉變的時間；航空器另列同時離場的最多架數。所需人數：全年維持這些崗位所需的人手。"
    "當值時數及薪酬：以每班已放行航班計，薪酬另以每件經該方查驗而放行的貨件計；工作時間比例：當值時數中用於處理航班的部分。"
    "薪酬只計所需人手的薪金，不包括津貼、退休金、培訓、督導及場地，故實際預算較高。"
    "各按該方貨幣列出，不作加總；{dash} 表示沒有數字，並非零。",
    "岗位：按排班表（多属假设）在岗的人数，不论是否正在工作，并列出人数变化的时间；航空器另列同时离场的最多架数。所需人数：全年维持这些岗位所需的人手。"
    "在岗时数及薪酬：按每班已放行航班计，薪酬另按每件经该方查验而放行的货件计；工作时间比例：在岗时数中用于处理航班的部分。"
    "薪酬只计所需人手的工资，不包括津贴、退休金、培训、督导及场地，故实际预算较高。"
    "各按该方货币列出，不作加总；{dash} 表示没有数字，并非零。",
)
HOURS_BASIS = Text(
    "One person is on duty {hours} a year ({status}).", "每人每年當值 {hours}（{status}）。", "每人每年在岗 {hours}（{status}）。"
)
PAY_BASIS = Text(
    "Pay of {who}, {side}: {amount} a month ({what}).",
    "{side}{who}薪酬：每月 {amount}（{what}）。",
    "{side}{who}薪酬：每月 {amount}（{what}）。",
)
DEFAULT_PAY = Text(
    "a customs officer, middle of points 5 to 16 of the Disciplined Services (Rank and File) Pay Scale, 2025; {status}",
    "關員，紀律人員（員佐級）薪級表第 5 至 16 點的中間值，2025 年；{status}",
    "关员，纪律人员（员佐级）薪级表第 5 至 16 点的中间值，2025 年；{status}",
)
OF_SCENARIO = Text("as the scenario states", "按情景所列", "按情景所列")
NO_FIGURE = Text(
    "No public figure was found for others on duty here: their posts are told without money.",
    "其餘當值人員未有公開薪酬數字，故只列崗位，不列金額。",
    "其余在岗人员没有公开薪酬数字，故只列岗位，不列金额。",
)
STATED = Text(
    "{name}, {side}: pay of customs officers a flight falls to {price} at {volume} flights released a day ({now} now), their "
    "posts as they are.",
    "{name}，{side}：崗位不變，每日放行 {volume} 班時（現為 {now} 班），每班的海關人員薪酬降至 {price}。",
    "{name}，{side}：岗位不变，每日放行 {volume} 班时（现为 {now} 班），每班的海关人员薪酬降至 {price}。",
)
AS_BASE = Text(
    "{name}, {side}: a flight costs as much in pay of {who} as in {base} ({price}) at {volume} flights released a day ({now} "
    "now), the posts as they are.",
    "{name}，{side}：崗位不變，每日放行 {volume} 班時（現為 {now} 班），每班的{who}薪酬與 {base} 相同（{price}）。",
    "{name}，{side}：岗位不变，每日放行 {volume} 班时（现为 {now} 班），每班的{who}薪酬与 {base} 相同（{price}）。",
)
BEYOND = Text(
    "{name}, {side}: at {price} a flight the posts of {who} would not be paid for at any volume: busy in every hour on duty they "
    "clear some {most} flights a day, and it would take {volume}.",
    "{name}，{side}：以每班 {price} 計，{who}崗位在任何航班量下均不能收支平衡：即使當值時間全部工作，每日亦只能處理約 {most} 班，"
    "而平衡需要 {volume} 班。",
    "{name}，{side}：按每班 {price} 计，{who}岗位在任何航班量下都不能盈亏平衡：即使在岗时间全部工作，每日也只能处理约 {most} 班，"
    "而平衡需要 {volume} 班。",
)
MOST_TURNS = 4  # of a roster that is told turn by turn
SAME = 1e-9  # pay a day that differs by less is the same roster


def posts_rows(study: "Study", language: Language = "en") -> list[LabelledRow]:
    """A heading a scenario and a row a side and kind of people, pads or aircraft that are there, with the cells of COLUMNS."""
    levels, rows = _Levels(study), []
    for name, shown_as in names_in(study, language).items():
        of_scenario = [row for side in SIDES for row in _of_side(levels, name, side, language)]
        rows += [LabelledRow(shown_as), *of_scenario] if of_scenario else []
    return rows


def sentences(study: "Study", language: Language = "en") -> list[str]:
    """How to read the table, what its people and its money rest on, and the break-even volumes that there are."""
    basis = (" " if language == "en" else "").join(_basis(study, language))
    return [HOW.in_language(language).format(dash=NOT_KNOWN), basis, *_break_even(study, language)]


class _Levels:
    """The means of a study by scenario, measure and part; NaN where there is none."""

    def __init__(self, study: "Study") -> None:
        summary = study.summary
        keys = zip(summary["scenario"], summary["metric"], summary["part"], strict=True)
        self.study = study
        self._means = dict(zip(keys, summary["mean"].tolist(), strict=True))

    def __call__(self, scenario: str, metric: str, part: str = "") -> float:
        return float(self._means.get((scenario, metric, part), math.nan))


def _of_side(levels: _Levels, name: str, side: Side, language: Language) -> Iterator[LabelledRow]:
    """A heading with the side's name, and its rows."""
    rows = list(_rows_of_side(levels, name, side.key, language))
    if rows:
        yield LabelledRow(side.name.in_language(language), depth=1)
        yield from rows


def _rows_of_side(levels: _Levels, name: str, side: str, language: Language) -> Iterator[LabelledRow]:
    for people in PEOPLE:
        if levels(name, f"{people.workload}_posts", side) > 0:
            yield LabelledRow(people.who.in_language(language), _cells(levels, name, side, people, language), depth=2)
    pads = levels(name, "pad_hours", side) / levels.study.manifest.window.days / HOURS_A_DAY
    if pads > 0:
        hours, cost = levels(name, "pad_hours_per_released", side), levels(name, "pads_cost_per_released", side)
        cells = f"{pads:.3g}", "", number(hours), "", _cost(cost, side, language), ""
        yield LabelledRow(PADS.in_language(language), cells, depth=2)
    aircraft = levels(name, "aircraft", side)
    if aircraft > 0:
        away, cost = levels(name, "aircraft_needed", side), levels(name, "aircraft_cost_per_released", side)
        posts = AWAY.in_language(language).format(there=f"{aircraft:.3g}", away=f"{away:.3g}")
        yield LabelledRow(AIRCRAFT.in_language(language), (posts, "", "", "", _cost(cost, side, language), ""), depth=2)


AWAY = Text("{there} ({away} away)", "{there}（離場 {away}）", "{there}（离场 {away}）")


def _cells(levels: _Levels, name: str, side: str, people: People, language: Language) -> tuple[str, ...]:
    key = people.workload
    share = levels(name, f"{key}_time", side) / levels(name, f"{key}_time_scheduled", side)
    by_hour = [levels(name, f"{key}_posts_by_hour", join_part(side, f"{hour:02d}")) for hour in range(HOURS_A_DAY)]
    return (
        _shifts(by_hour) or f"{levels(name, f'{key}_posts', side):.3g}",
        number(levels(name, f"{key}_people", side)),
        number(levels(name, f"{key}_hours_scheduled_per_released", side) / 1000),
        scale_for("share").level(share, language),
        _money(levels(name, f"{key}_pay_per_released", side), side, language),
        _money(levels(name, f"{key}_pay_per_consignment", side), side, language),
    )


def _shifts(by_hour: Sequence[float]) -> str:
    """ "4", "07:00 6, 19:00 4", or "2 to 9" of a roster with many turns; empty where some hour was not measured."""
    if np.isnan(by_hour).any():
        return ""
    turns = [hour for hour in range(len(by_hour)) if by_hour[hour] != by_hour[hour - 1]]
    if len(turns) > MOST_TURNS:
        return f"{min(by_hour):.3g}\N{EN DASH}{max(by_hour):.3g}"
    return ", ".join(f"{hour:02d}:00 {by_hour[hour]:.3g}" for hour in turns) or f"{by_hour[0]:.3g}"


def _money(amount: float, side: str, language: Language) -> str:
    return NOT_KNOWN if np.isnan(amount) else scale_for(CURRENCY_OF[side]).level(amount, language)


def _cost(amount: float, side: str, language: Language) -> str:
    """What pads or aircraft cost; empty where nobody states it."""
    return "" if np.isnan(amount) else _money(amount, side, language)


def _basis(study: "Study", language: Language) -> Iterator[str]:
    """What the people and the pay rest on, as the baseline has it: compared scenarios stand in one world."""
    scenario, levels = study.scenarios[0], _Levels(study)
    parameters = catalogue(scenario.assembly)
    sides = [
        side for side in SIDES if any(levels(name, f"{p.workload}_posts", side.key) > 0 for name in study.names for p in PEOPLE)
    ]
    hours = parameters["world.posts.hours_a_year"]
    in_words = value_in_words(scenario, hours.path, language)
    yield HOURS_BASIS.in_language(language).format(hours=in_words, status=_status(scenario, hours, language))
    left_open = False
    for people in PEOPLE:
        parameter = parameters[f"world.posts.{people.workload}_pay"]
        amounts = written_at(scenario, parameter.path)
        for side in sides:
            on_duty = any(levels(name, f"{people.workload}_posts", side.key) > 0 for name in study.names)
            left_open |= on_duty and side.key not in amounts
            if on_duty and side.key in amounts:
                yield PAY_BASIS.in_language(language).format(
                    who=people.who.in_language(language),
                    side=side.name.in_language(language),
                    amount=quantity_in_words(amounts[side.key], language),
                    what=_what(parameter, side.key, amounts[side.key], language),
                )
    if left_open:
        yield NO_FIGURE.in_language(language)


def _what(parameter: Parameter, side: str, amount: str, language: Language) -> str:
    """The pay point and status of a default, or that the scenario states the figure."""
    if parameter.default.get(side) != amount:
        return OF_SCENARIO.in_language(language)
    return DEFAULT_PAY.in_language(language).format(status=STATUS_LABELS[parameter.status].in_language(language))


def _status(scenario: "Scenario", parameter: Parameter, language: Language) -> str:
    written = written_at(scenario, parameter.path)
    is_default = all(value == parameter.default for value in written.values())
    return (STATUS_LABELS[parameter.status] if is_default else OF_SCENARIO).in_language(language)


def _break_even(study: "Study", language: Language) -> Iterator[str]:
    """A sentence a scenario and side with a stated price, or with other posts than its base and a figure for their pay."""
    levels = _Levels(study)
    for name, scenario in zip(study.names, study.scenarios, strict=True):
        stated: Mapping[str, float] = scenario.world.posts.stated_pay
        for side in SIDES:
            if side.key in stated:
                yield from _volume(levels, name, side, PEOPLE[0], stated[side.key], STATED, language)
        base = study.against.get(name)
        if base is None or study.differences_in("en", "world")[name]:
            continue
        for people in PEOPLE:
            for side in SIDES:
                pay, before = (levels(of, f"{people.workload}_pay", side.key) for of in (name, base))
                price = levels(base, f"{people.workload}_pay_per_released", side.key)
                if before > 0 and abs(pay / before - 1) > SAME and price > 0:
                    yield from _volume(levels, name, side, people, price, AS_BASE, language)


def _volume(
    levels: _Levels, name: str, side: Side, people: People, price: float, sentence: Text, language: Language
) -> Iterator[str]:
    """At how many flights released a day the pay of those on duty, which does not follow them, is `price` a flight.

    That many can't be cleared where even officers who are busy in every hour on duty clear fewer: flights a day / the share of
    the hours on duty that flights take now. Nothing is said where nobody is paid, or no flight released.
    """
    days, key = levels.study.manifest.window.days, people.workload
    now, pay = levels(name, "flights_released") / days, levels(name, f"{key}_pay", side.key) / days
    busy = levels(name, f"{key}_time", side.key) / levels(name, f"{key}_time_scheduled", side.key)
    if not (now > 0 and pay > 0):
        return
    most = now / busy if busy > 0 else np.inf
    names = names_in(levels.study, language)
    parts: dict[str, Any] = {
        "name": names[name],
        "side": side.name.in_language(language),
        "who": people.who.in_language(language),
        "base": names.get(levels.study.against.get(name, ""), ""),
        "price": _money(price, side.key, language),
        "volume": number(pay / price),
        "now": number(now),
        "most": number(most),
    }
    yield (sentence if pay / price <= most else BEYOND).in_language(language).format(**parts)
