"""Closures as a scenario writes them: once, from one instant to another, or coming back between two clock times."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from sim.ground.errors import Problem
from sim.ground.parameter import EVERY_DAY, Clock, Group, Weekdays, When
from sim.ground.text import Text
from sim.ground.time_units import DAY_S
from sim.world.run_days import RunDays, Written

Spell = tuple[float, float]
_BACKWARD = Text("a closure ends after it begins", "關閉時段的結束須在開始之後", "关闭时段的结束须在开始之后")
_NO_LENGTH = Text(
    "a daily closure ends at another time than it begins", "每日關閉時段的起訖時刻不可相同", "每日关闭时段的起止时刻不可相同"
)


class DailyClosure(Group):
    """A closure that comes back: between two clock times, past midnight if the second is earlier, on the weekdays it begins."""

    daily: tuple[Clock, Clock]
    on: Weekdays = EVERY_DAY


Closure = tuple[When, When] | DailyClosure


def stated(closures: Iterable[Closure]) -> list[Written]:
    """The closures that come once."""
    return [closure for closure in closures if not isinstance(closure, DailyClosure)]


def spells_s(closures: Sequence[Closure], days: RunDays, begin_s: float, end_s: float) -> Iterator[Spell]:
    """Every spell of the closures, s from the first midnight of the run; of daily ones, those that begin in between."""
    yield from days.spells_s(stated(closures))
    for closure in closures:
        if isinstance(closure, DailyClosure):
            length_s = (closure.daily[1] - closure.daily[0]) % DAY_S
            for day in range(int(np.floor(begin_s / DAY_S)), int(np.ceil(end_s / DAY_S))):
                if days.counts_as(day) in closure.on:
                    yield day * DAY_S + closure.daily[0], day * DAY_S + closure.daily[0] + length_s


def faults_of_closures(closures: Sequence[Closure], days: RunDays, path: str) -> list[Problem]:
    """The problems of closures that end before they begin, or last no time or a whole day."""
    backward = [
        Problem(_BACKWARD, path=path, found=Text.same(f"[{start}, {end}]")) for start, end in days.backward(stated(closures))
    ]
    return backward + [
        Problem(_NO_LENGTH, path=path)
        for closure in closures
        if isinstance(closure, DailyClosure) and (closure.daily[1] - closure.daily[0]) % DAY_S == 0
    ]
