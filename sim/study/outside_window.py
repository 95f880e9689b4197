"""What a scenario states and the study does not measure: rows of a schedule, outages, weather and closures outside its days."""

from collections.abc import Iterator, Mapping

import numpy as np

from sim.ground.arrays import Bools, Floats
from sim.ground.errors import Problem
from sim.ground.parameter import Group
from sim.ground.roster import Turn, is_weekly
from sim.ground.sides import SIDES
from sim.ground.text import LANGUAGES, Text
from sim.ground.time_units import DAY_S
from sim.model.disruption import DISRUPTION_LABELS, Disruption
from sim.replication.flights import flown_routes
from sim.replication.scheduled import PATH, schedule_instants, schedule_of
from sim.scenario.scenario import Scenario
from sim.study.shown_names import name_as_text
from sim.world.holidays import years_known

_ALL_OUTSIDE = Text(
    "{n} of {n} flights of the schedule lie outside the measured days: {reason}",
    "時刻表的 {n} 班航班全部在統計時段以外：{reason}",
    "时刻表的 {n} 班航班全部在统计时段以外：{reason}",
)
_PLANNED = Text(
    "planned_departure from {first} to {last}", "planned_departure 由 {first} 至 {last}", "planned_departure 由 {first} 至 {last}"
)
_MEASURED = Text(
    "flights from {first} to {last} (study.days)",
    "{first} 至 {last} 的航班（study.days）",
    "{first} 至 {last} 的航班（study.days）",
)

_ROWS = Text(
    "Scenario {name}: {count} of {n} flights of the schedule lie outside the measured days ({from} to {until}) and are not "
    "measured: {reason}.",
    "情景{name}：班次表 {n} 班中有 {count} 班不在統計日內（{from}至{until}），不予計量：{reason}。",
    "情景{name}：班次表 {n} 班中有 {count} 班不在统计日内（{from}至{until}），不予计量：{reason}。",
)
_MILLISECONDS = Text("these look like milliseconds", "時間似以毫秒為單位", "时间似以毫秒为单位")
_UNIX_S = Text(
    "these look like Unix seconds, and numbers count from 00:00 of day 1",
    "時間似為 Unix 秒數，而此處應由第1天零時起計",
    "时间似为 Unix 秒数，而此处应从第1天零时起计",
)
_UNIX_MS = Text(
    "these look like Unix milliseconds, and numbers are seconds from 00:00 of day 1",
    "時間似為 Unix 毫秒數，而此處應為由第1天零時起計的秒數",
    "时间似为 Unix 毫秒数，而此处应为从第1天零时起计的秒数",
)
_IN_WARM_UP = Text("they lie in the warm-up, before day 1", "時間在第1天之前的預熱時段內", "时间在第1天之前的预热时段内")
_LATER = Text("the measured days are over by then", "其時統計日已結束", "届时统计日已结束")
_BEFORE = Text("they lie before the run begins", "時間早於模擬開始", "时间早于模拟开始")
_SPELL = Text(
    "Scenario {name}: {what}, {start} to {end}, lies wholly outside the measured days ({from} to {until}); the warm-up is "
    "day 0 and the days before it.",
    "情景{name}：{what}（{start}至{end}）完全不在統計日（{from}至{until}）內；預熱時段為第0天及之前各日。",
    "情景{name}：{what}（{start}至{end}）完全不在统计日（{from}至{until}）内；预热时段为第0天及之前各日。",
)
_NO_HOLIDAYS = Text(
    "Scenario {name}: the public holidays of {side} in {years} are not known here (not yet published, or not found); its days "
    "then count by their weekday alone.",
    "情景{name}：未有{side} {years} 年公眾假期的資料（尚未公布或未能查得）；其間各日只按星期幾計。",
    "情景{name}：没有{side} {years} 年公众假期的资料（尚未公布或未能查到）；其间各日只按星期几计。",
)
UNIX_S = (6e8, 6e9)  # 1989 to 2160: no study is that long


def cautions_of_window(scenario: Scenario) -> Iterator[Text]:
    """What a reader must be told of rows and of spells that lie outside the measured days."""
    planned_s, outside = _rows(scenario)
    if outside.any():
        yield _filled(_ROWS, scenario, count=int(outside.sum()), n=len(planned_s), reason=_reason(scenario, planned_s[outside]))
    start_s, end_s = scenario.study.window_s
    for spell in stated_spells(scenario):
        if spell.end_s <= start_s or spell.start_s >= end_s:
            start, end = (_instant(scenario, instant_s) for instant_s in (spell.start_s, spell.end_s))
            yield _filled(_SPELL, scenario, what=DISRUPTION_LABELS[spell.kind], start=start, end=end)


def cautions_of_calendar(scenario: Scenario) -> Iterator[Text]:
    """What a reader must be told of days whose public holidays are not known, where demand or rosters go by weekday."""
    if not goes_by_weekday(scenario):
        return
    study = scenario.study
    days = range(int(np.ceil(study.horizon_s / DAY_S)))
    years = {study.run_days.date_of(day).year for day in days}
    routes = flown_routes(scenario)
    for side in SIDES:
        unknown = sorted(years - years_known(side.key)) if any(route.touches(side.key) for route in routes) else []
        if unknown:
            listed = ", ".join(map(str, unknown))
            yield _filled(_NO_HOLIDAYS, scenario, side=side.name, years=listed)


def goes_by_weekday(scenario: Scenario) -> bool:
    """Whether demand or any roster differs by weekday."""
    demand = scenario.world.demand
    if demand.schedule is None and len(set(demand.weekday_profile)) > 1:
        return True
    return any(map(_has_weekly_roster, (scenario.policy, scenario.world)))


def _has_weekly_roster(value: object) -> bool:
    """Whether a roster by weekday stands anywhere in a group of parameters, a mapping or a list."""
    if isinstance(value, Group):
        return any(_has_weekly_roster(getattr(value, name)) for name in type(value).model_fields)
    if isinstance(value, Mapping):
        return any(map(_has_weekly_roster, value.values()))
    if isinstance(value, tuple) and value and all(isinstance(part, Turn) for part in value):
        return is_weekly(value)
    return isinstance(value, tuple) and any(map(_has_weekly_roster, value))


def schedule_unmeasured(scenario: Scenario) -> Problem | None:
    """The problem of a schedule none of whose rows is measured: every number would be empty."""
    planned_s, outside = _rows(scenario)
    if not len(planned_s) or not outside.all():
        return None
    (start_s, end_s), days = scenario.study.window_s, scenario.study.run_days
    reason = _reason(scenario, planned_s)

    def instant(seconds: float) -> Text:
        return Text(*(days.in_words(seconds, language) for language in LANGUAGES))

    return Problem(
        _ALL_OUTSIDE.fill(n=len(planned_s), reason=reason),
        path=PATH,
        found=_PLANNED.fill(first=instant(planned_s.min()), last=instant(planned_s.max())),
        allowed=_MEASURED.fill(first=instant(start_s), last=instant(end_s)),
    )


def _rows(scenario: Scenario) -> tuple[Floats, Bools]:
    """Planned departures of the schedule, s, where numbers, and whether each lies outside the measured days; shape (n,)."""
    schedule, days = schedule_of(scenario), scenario.study.run_days
    planned_s = np.zeros(0) if schedule is None else schedule_instants(schedule, "planned_departure", days, [])
    planned_s = planned_s[~np.isnan(planned_s)]
    start_s, end_s = scenario.study.window_s
    return planned_s, (planned_s < start_s) | (planned_s >= end_s)


def _reason(scenario: Scenario, planned_s: Floats) -> Text:
    """The likely reason why these rows lie outside."""
    end_s = scenario.study.window_s[1]
    middle_s = float(np.median(planned_s))
    if UNIX_S[0] <= middle_s <= UNIX_S[1]:
        return _UNIX_S
    if UNIX_S[0] <= middle_s / 1000 <= UNIX_S[1]:
        return _UNIX_MS
    if middle_s >= end_s:
        return _MILLISECONDS if middle_s / 1000 < end_s and middle_s >= 1000 * 3600 * 5 else _LATER
    return _BEFORE if middle_s < 0 else _IN_WARM_UP


def stated_spells(scenario: Scenario) -> Iterator[Disruption]:
    """The outages, the weather and the closures that the scenario states by their times."""
    for feature in scenario.assembly.features:
        if feature.stated_spells is not None:
            policy, world = (getattr(branch, feature.key, None) for branch in (scenario.policy, scenario.world))
            yield from feature.stated_spells(policy, world, scenario.study.run_days)


def _instant(scenario: Scenario, run_s: float) -> Text:
    days = scenario.study.run_days
    return Text(*(days.in_words(run_s, language) for language in LANGUAGES))


def _filled(sentence: Text, scenario: Scenario, **parts: object) -> Text:
    start_s, end_s = scenario.study.window_s
    window = {"from": _instant(scenario, start_s), "until": _instant(scenario, end_s)}
    texts = {key: part if isinstance(part, Text) else Text(*[str(part)] * 3) for key, part in {**window, **parts}.items()}
    return sentence.fill(name=name_as_text(scenario), **texts)
