"""Proposals for the warm-up of a scenario, from runs that start empty and count everything, one for each of several seeds.

What differs between seeds is noise, so one proposal alone tells little. Series by hour of the run, each the mean over
replications (Welch), with the daily cycle taken out, since the rule (`sim.statistics.initial_transient`) asks for a series that
is level once it has settled.
"""

import math
from dataclasses import dataclass
from typing import Unpack

import numpy as np

from sim.engine import default_engine
from sim.execution.options import RunKeywords, read_options, takes_run_keywords
from sim.execution.replicate import Task, observe
from sim.ground import arguments
from sim.ground.arrays import Floats
from sim.ground.errors import InputError, Problem
from sim.ground.text import Text
from sim.ground.time_units import HOUR_S, HOURS_A_DAY
from sim.ground.units import format_quantity
from sim.metrics.occupancy import covered_until
from sim.model.observation import Observation
from sim.replication import prepare
from sim.scenario.load import Changes, Scenarios, load_one_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.study_settings import LARGEST_SEED
from sim.statistics.initial_transient import mser_5

_IN_THIS_PROCESS = Text(
    "a warm-up is proposed in this process and leaves no folder",
    "建議預熱時段只在本程序內進行，不會留下資料夾",
    "建议预热时段只在本进程内进行，不会留下文件夹",
)
_NO_STEADY_STATE = Text(
    "a schedule has no steady state to warm up to", "航班時刻表沒有可供預熱的穩定狀態", "航班时刻表没有可供预热的稳定状态"
)
_BY_RATE = Text("demand by flights_per_day", "以 flights_per_day 訂明需求", "用 flights_per_day 规定需求")

DAYS, REPLICATIONS = 28, 100  # a long run and many: the transient is in the mean, under the noise of flights put off for days
SEEDS, FEWEST_SEEDS, MOST_SEEDS = 5, 3, 100  # fewer have no spread to speak of
FEWEST_DAYS = 4  # two in each half: an hour of the day has a mean only over several days
DELAY = Text(
    "mean delay of released flights, by hour of planned departure",
    "已放行航班平均延誤（按計劃起飛時段）",
    "已放行航班平均延误（按计划起飞时段）",
)
IN_SYSTEM = Text("flights between planned departure and their end", "計劃起飛後尚未結束的航班數", "计划起飞后尚未结束的航班数")
_NONE = Text(
    "No seed gives a proposal: the run is too short, or the scenario does not settle.",
    "沒有種子得出建議：模擬時間過短，或系統未趨穩定。",
    "没有种子得出建议：仿真时间过短，或系统未趋于稳定。",
)
_NO_WARM_UP = Text(
    "The file has no warm-up; the proposals are for a study of an ordinary day.",
    "情景檔不設預熱時段；建議值適用於研究平常日子。",
    "情景文件不设预热时段；建议值适用于研究平常日子。",
)
_LONG_ENOUGH = Text(
    "No seed of {n} asks for more than the file's {own}: nothing speaks against it.",
    "{n} 個種子中沒有一個要求長於檔內的 {own}：並無跡象顯示其過短。",
    "{n} 个种子中没有一个要求长于文件中的 {own}：没有迹象表明其过短。",
)
_MAY_BE_SHORT = Text(
    "All {n} seeds ask for more than the file's {own}: it may be too short.",
    "全部 {n} 個種子均要求長於檔內的 {own}：其或過短。",
    "全部 {n} 个种子均要求长于文件中的 {own}：其可能过短。",
)
_CANNOT_TELL = Text(
    "More than the file's {own}, or no proposal: {k} of {n} seeds. Seeds differ by noise alone, so this does not show that it is "
    "too short, nor that it is long enough.",
    "要求長於檔內的 {own} 或未有建議：{n} 個種子中有 {k} 個。種子之間只差在隨機波動，故既未顯示其過短，亦未顯示其足夠。",
    "要求长于文件中的 {own} 或未给出建议：{n} 个种子中有 {k} 个。种子之间只差在随机波动，故既未表明其过短，也未表明其足够。",
)


@dataclass(frozen=True)
class Series:
    """One output by hour of the run, over the replications of all seeds. Hours without a flight are left out of the delay.

    hour: shape (h,), from 0 · level: shape (h,), the mean over replications · settled: the level with the daily cycle taken
    out · cuts_h: hours that MSER-5 leaves out of the series of each seed alone; None where the run is too short, or the scenario
    does not settle.
    """

    label: Text
    unit: str
    hour: Floats
    level: Floats
    settled: Floats
    cuts_h: tuple[int | None, ...]


@dataclass(frozen=True)
class WarmUp:
    """What was simulated, and the series: mean delay (none where no flight was released), flights in the system.

    replications: of each seed.
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    replications: int
    days: int
    series: tuple[Series, ...]

    @property
    def cuts_h(self) -> tuple[int | None, ...]:
        """By seed, the most hours that MSER-5 leaves out of a series; None where a series has no cut."""
        by_seed = zip(*(series.cuts_h for series in self.series), strict=True)
        return tuple(None if None in cuts else max(cut for cut in cuts if cut is not None) for cuts in by_seed)

    @property
    def proposed_d(self) -> tuple[int | None, ...]:
        """By seed, the warm-up in whole days, so that what is measured begins at midnight; None where there is none."""
        return tuple(None if cut_h is None else math.ceil(cut_h / HOURS_A_DAY) for cut_h in self.cuts_h)

    @property
    def finding(self) -> Text:
        """What the proposals tell of the warm-up that the scenario has; seeds that disagree tell nothing."""
        own_s, n = self.scenario.study.warm_up, len(self.seeds)
        n_longer = sum(cut_h is None or cut_h * HOUR_S > own_s for cut_h in self.cuts_h)
        if all(cut_h is None for cut_h in self.cuts_h):
            return _NONE
        if own_s == 0:
            return _NO_WARM_UP
        is_clear = n_longer == n and None not in self.cuts_h
        sentence = _LONG_ENOUGH if n_longer == 0 else _MAY_BE_SHORT if is_clear else _CANNOT_TELL
        numbers = {"n": f"{n}", "k": f"{n_longer}", "own": format_quantity(own_s, "time")}
        return sentence.fill(**{key: Text(number, number, number) for key, number in numbers.items()})


@takes_run_keywords
def warm_up(
    scenarios: Scenarios,
    *,
    days: int = DAYS,
    seeds: int = SEEDS,
    set: Changes = (),  # noqa: A002 (the name it has on the command line)
    **keywords: Unpack[RunKeywords],
) -> WarmUp:
    """The proposals from `days` simulated days without warm-up; flights planned in them are followed for the cool-down.

    scenarios: the path of one, or a Scenario · seeds: how many, from `seed` on · replications: of each seed, REPLICATIONS
    unless given · set, seed, engine, progress: see
    `sim.run`. All is done in this process, one replication after the other, whatever `workers` says, and no folder is left.
    Raises InputError for a schedule, whose days are what they are, and for what can't be simulated or done as asked.
    """
    options = read_options(keywords).with_replications(REPLICATIONS)
    arguments.check(
        arguments.whole_number("days", days, FEWEST_DAYS, optional=False),
        arguments.whole_number("seeds", seeds, FEWEST_SEEDS, most=MOST_SEEDS, optional=False),
        *(
            Problem(_IN_THIS_PROCESS, path=name, found=Text.same(str(value)))
            for name in ("cluster", "out", "resume", "again")
            if (value := getattr(options, name))
        ),
    )
    scenario, replications = load_one_scenario(scenarios, set), int(options.replications or 0)
    _check(scenario)
    first_seed = min(scenario.study.seed if options.seed is None else options.seed, LARGEST_SEED + 1 - seeds)
    from_empty = scenario.model_copy(update={"study": scenario.study.model_copy(update={"warm_up": 0.0, "days": days})})
    totals = np.zeros((seeds, 3, days * HOURS_A_DAY))
    n_flights = 0
    for number in range(seeds * replications):
        place, replication = divmod(number, replications)
        task = Task(from_empty, first_seed + place, replication, options.engine or default_engine())
        observation = observe(task, prepare(from_empty, first_seed + place, replication))
        totals[place] += _by_hour(observation)
        n_flights += len(observation.flights)
        if options.progress is not None:
            options.progress(number + 1, seeds * replications, n_flights)
    delay_s, flights, in_system = np.moveaxis(totals, 1, 0)
    series = [_series(IN_SYSTEM, "1", in_system, np.full_like(in_system, replications), days)]
    if flights.any():
        series.insert(0, _series(DELAY, "s", delay_s, flights, days))
    return WarmUp(scenario, tuple(range(first_seed, first_seed + seeds)), replications, days, tuple(series))


def _check(scenario: Scenario) -> None:
    if scenario.world.demand.schedule is not None:
        schedule = str(scenario.world.demand.schedule)
        raise InputError(Problem(_NO_STEADY_STATE, path="world.demand.schedule", found=Text.same(schedule), allowed=_BY_RATE))


def _by_hour(observation: Observation) -> Floats:
    """Shape (3, hours of the window): summed delays (s) and number of flights planned then and released; number in the system.

    A flight is in the system from its planned departure until it has ended, back home where it returns.
    """
    edges_s = np.arange(observation.window_start_s, observation.window_end_s + 1, HOUR_S)
    planned_s, ended_s = observation.flights.planned_departure_s, observation.timeline.ended_s
    released = observation.measured & ~np.isnan(observation.released_s)
    delay_s = observation.released_s - observation.flights.planned_release_s
    total_s, _ = np.histogram(planned_s[released], edges_s, weights=delay_s[released])
    number, _ = np.histogram(planned_s[released], edges_s)
    until_s = np.where(np.isnan(ended_s), observation.horizon_s, np.maximum(ended_s, planned_s))
    present_s = np.diff(covered_until(edges_s, planned_s, until_s))
    return np.array([total_s, number, present_s / HOUR_S])


def _series(label: Text, unit: str, totals: Floats, counts: Floats, days: int) -> Series:
    """From the totals of each hour and what they are divided by, shape (seeds, hours) each."""
    hour, level, settled = _settled(totals.sum(axis=0), counts.sum(axis=0), days)
    return Series(label, unit, hour, level, settled, tuple(_cut_h(*pair, days) for pair in zip(totals, counts, strict=True)))


def _settled(total: Floats, count: Floats, days: int) -> tuple[Floats, Floats, Floats]:
    """The hours with something to divide by, the level in each, and the level with the daily cycle taken out."""
    hour = np.flatnonzero(count).astype(np.float64)
    level = total[count > 0] / count[count > 0]
    return hour, level, without_daily_cycle(hour, level, days * HOURS_A_DAY / 2)


def _cut_h(total: Floats, count: Floats, days: int) -> int | None:
    """The hours that MSER-5 leaves out; None where it finds no end of the transient, or there is nothing."""
    hour, _, settled = _settled(total, count, days)
    cut = mser_5(settled)
    return None if cut is None else int(hour[cut]) if cut else 0


def without_daily_cycle(hour: Floats, level: Floats, half_h: float) -> Floats:
    """`level` less what is usual at its hour of the day, plus the usual level; shape of `hour`.

    Usual is the mean over the second half of the run, from `half_h` on, where the transient is over if it ever is. An
    hour of the day without a value there has nothing usual and is taken as it is.
    """
    of_day, late = (hour % HOURS_A_DAY).astype(np.int64), hour >= half_h
    usual = float(level[late].mean()) if late.any() else 0.0
    number = np.bincount(of_day[late], minlength=HOURS_A_DAY)
    total = np.bincount(of_day[late], weights=level[late], minlength=HOURS_A_DAY)
    cycle = np.divide(total, number, out=np.full(HOURS_A_DAY, usual), where=number > 0)
    return np.asarray(level - cycle[of_day] + usual)


def moving_average(settled: Floats, reach: int = HOURS_A_DAY // 2) -> Floats:
    """The mean of each value and `reach` on either side, shape of `settled`; of fewer near both ends (Welch 1983)."""
    summed = np.concatenate([[0.0], np.cumsum(settled)])
    place = np.arange(len(settled))
    half = np.minimum(np.minimum(place, len(settled) - 1 - place), reach)
    return np.asarray((summed[place + half + 1] - summed[place - half]) / (2 * half + 1))
