"""A proposal for the warm-up of a scenario, from a run that starts empty and counts everything.

Series by hour of the run, each the mean over replications (Welch), with the daily cycle taken out, since the rule
(`sim.statistics.initial_transient`) asks for a series that is level once it has settled.
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
from sim.metrics.occupancy import covered_until
from sim.model.observation import Observation
from sim.replication import prepare
from sim.scenario.load import Changes, Scenarios, load_one_scenario
from sim.scenario.scenario import Scenario
from sim.statistics.initial_transient import mser_5

DAYS, REPLICATIONS = 28, 100  # a long run and many: the transient is in the mean, under the noise of flights put off for days
FEWEST_DAYS = 4  # two in each half: an hour of the day has a mean only over several days
DELAY = Text(
    "mean delay of released flights, by hour of planned departure",
    "已放行航班平均延誤（按計劃起飛時段）",
    "已放行航班平均延误（按计划起飞时段）",
)
IN_SYSTEM = Text("flights between planned departure and their end", "計劃起飛後尚未結束的航班數", "计划起飞后尚未结束的航班数")


@dataclass(frozen=True)
class Series:
    """One output by hour of the run. Hours without a flight are left out of the delay.

    hour: shape (h,), from 0 · level: shape (h,), the mean over replications · settled: the level with the daily cycle taken
    out · cut_h: hours that MSER-5 leaves out; None where the run is too short, or the scenario does not settle.
    """

    label: Text
    unit: str
    hour: Floats
    level: Floats
    settled: Floats
    cut_h: int | None

    @property
    def proposed_d(self) -> int | None:
        """The warm-up in whole days, so that what is measured begins at midnight."""
        return None if self.cut_h is None else math.ceil(self.cut_h / HOURS_A_DAY)


@dataclass(frozen=True)
class WarmUp:
    """What was simulated, and the series: mean delay (none where no flight was released), flights in the system."""

    scenario: Scenario
    seed: int
    replications: int
    days: int
    series: tuple[Series, ...]

    @property
    def proposed_d(self) -> int | None:
        """The longest of the proposals in days; None where a series has none."""
        proposed = [series.proposed_d for series in self.series]
        return None if None in proposed else max(days for days in proposed if days is not None)


@takes_run_keywords
def warm_up(
    scenarios: Scenarios,
    *,
    days: int = DAYS,
    set: Changes = (),  # noqa: A002 (the name it has on the command line)
    **keywords: Unpack[RunKeywords],
) -> WarmUp:
    """The proposal from `days` simulated days without warm-up; flights planned in them are followed for the cool-down.

    scenarios: the path of one, or a Scenario · replications: REPLICATIONS unless given · set, seed, engine, progress: see
    `sim.run`. All is done in this process, one replication after the other, whatever `workers` says, and no folder is left.
    Raises InputError for a schedule, whose days are what they are, and for what can't be simulated or done as asked.
    """
    options = read_options(keywords).with_replications(REPLICATIONS)
    arguments.check(
        arguments.whole_number("days", days, FEWEST_DAYS, optional=False),
        *(
            Problem("a warm-up is proposed in this process and leaves no folder", path=name, found=str(value))
            for name in ("cluster", "out", "resume", "again")
            if (value := getattr(options, name))
        ),
    )
    scenario, replications = load_one_scenario(scenarios, set), int(options.replications or 0)
    _check(scenario)
    seed = scenario.study.seed if options.seed is None else options.seed
    from_empty = scenario.model_copy(update={"study": scenario.study.model_copy(update={"warm_up": 0.0, "days": days})})
    totals = np.zeros((3, days * HOURS_A_DAY))
    n_flights = 0
    for replication in range(replications):
        task = Task(from_empty, seed, replication, options.engine or default_engine())
        observation = observe(task, prepare(from_empty, seed, replication))
        totals += _by_hour(observation)
        n_flights += len(observation.flights)
        if options.progress is not None:
            options.progress(replication + 1, replications, n_flights)
    delay_s, flights, in_system = totals
    hour, flown = np.arange(days * HOURS_A_DAY, dtype=np.float64), flights > 0
    series = [_series(IN_SYSTEM, "1", hour, in_system / replications, days)]
    if flown.any():
        series.insert(0, _series(DELAY, "s", hour[flown], delay_s[flown] / flights[flown], days))
    return WarmUp(scenario, seed, replications, days, tuple(series))


def _check(scenario: Scenario) -> None:
    if scenario.world.demand.schedule is not None:
        message = "a schedule has no steady state to warm up to"
        raise InputError(
            Problem(
                message,
                path="world.demand.schedule",
                found=str(scenario.world.demand.schedule),
                allowed="demand by flights_per_day",
            )
        )


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


def _series(label: Text, unit: str, hour: Floats, level: Floats, days: int) -> Series:
    settled = without_daily_cycle(hour, level, days * HOURS_A_DAY / 2)
    cut = mser_5(settled)
    return Series(label, unit, hour, level, settled, None if cut is None else int(hour[cut]) if cut else 0)


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
