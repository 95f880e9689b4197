"""Climate: how often typhoon signals, rainstorms, fog and strong wind come in each month, and samplers of them.

The samplers are pure functions of standard uniforms and normals, which are drawn without regard to any parameter.
Seconds count from the first midnight of the study.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import exp, gamma, sqrt
from typing import Any

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.errors import WordsError
from sim.ground.text import Text
from sim.ground.time_units import DAY_S, HOUR_S
from sim.world.geography import DATA

MONTH_S = 365.25 / 12 * DAY_S
BEGIN_S = -10 * DAY_S  # sampled weather begins here, so that the first midnight may lie in the middle of a spell
SIGNALS = ("signal_1", "signal_3", "signal_8")
RAINSTORMS = ("rain_amber", "rain_red", "rain_black")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a kind of weather: the share of its episodes that reach it, and its mean length in s."""

    kind: str
    share: float
    mean_s: float


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads((DATA / "climate.toml").read_text(encoding="utf-8"))


def _number(table: str, figure: str, key: str) -> float:
    return float(_tables()[table][figure][key])


def _monthly(table: str, figure: str, month: int) -> float:
    return float(_tables()[table][figure]["value"][month - 1])


def typhoons(month: int) -> tuple[float, tuple[Level, ...]]:
    """Episodes of signal 1 or higher in that month (1 to 12), and the levels they reach."""
    yearly = [_number("signals", "per_year", kind) for kind in SIGNALS]
    levels = [
        Level(kind, number / yearly[0], _number("signals", "hours", kind) * HOUR_S)
        for kind, number in zip(SIGNALS, yearly, strict=True)
    ]
    return yearly[0] * _monthly("signals", "month_share", month), tuple(levels)


def rainstorms(month: int, amber_s: float) -> tuple[float, tuple[Level, ...]]:
    """Episodes of an amber rainstorm or higher in that month, and their levels; `amber_s`: mean length of amber."""
    june = [_number("rainstorms", "june", kind) for kind in RAINSTORMS]
    others = [_number("rainstorms", "per_year", kind) - in_june for kind, in_june in zip(RAINSTORMS, june, strict=True)]
    share = 1.0 if month == 6 else _monthly("rainstorms", "month_share", month)
    numbers = [share * number for number in (june if month == 6 else others)]
    levels = [
        Level(kind, number / numbers[0] if numbers[0] else 0.0, amber_s * _number("rainstorms", "length_share", kind))
        for kind, number in zip(RAINSTORMS, numbers, strict=True)
    ]
    return numbers[0], tuple(levels)


def fogs(month: int, fog_s: float) -> tuple[float, tuple[Level, ...]]:
    """Spells of fog in that month; `fog_s`: their mean length."""
    return _monthly("fog", "per_month", month), (Level("fog", 1.0, fog_s),)


def mean_wind_mps(month: int) -> float:
    """Mean wind over open water in that month.

    January, February, March and July are stated. Months between are interpolated linearly and raised by
    one amount, so that the mean of the twelve is the year's, which is stated too.
    """
    stated = {1: "january", 2: "february", 3: "march", 7: "july"}
    known = {number: _number("wind", "mean_kmh", name) for number, name in stated.items()}
    line = np.interp(range(1, 13), [*known, 13], [*known.values(), known[1]])
    lift = 12 * (_number("wind", "mean_kmh", "year") - line.mean()) / (12 - len(known))
    return float(line[month - 1] + (0.0 if month in known else lift)) / 3.6


def least_wind_mps(kind: str) -> float:
    """The least wind that comes with a kind of weather; 0 where the data say nothing of its wind."""
    return _number("signals", "least_wind_mps", kind) if kind in SIGNALS[1:] else 0.0


_TOO_FEW = Text("{n} episodes do not reach the end of the study", "{n} 次事件仍未涵蓋整個研究期", "{n} 次事件仍未覆盖整个研究期")


def sampled_spells(
    per_month: float, levels: tuple[Level, ...], gaps: Floats, reach: Floats, factors: Floats, until_s: float
) -> list[tuple[str, float, float]]:
    """Spells (kind, start, end) from BEGIN_S until `until_s`: a Poisson process of episodes.

    gaps, reach: standard uniforms, shape (k,) · factors: shape (k,), by which each episode is longer than
    the mean. The factor holds for all levels of an episode, and a higher level lies in the middle of the lower one:
    each level keeps its number and its mean length, and lies inside the level below.
    Raises WordsError if k episodes do not reach `until_s`.
    """
    if not per_month:
        return []
    start_s = BEGIN_S - np.cumsum(np.log1p(-gaps)) * (MONTH_S / per_month)
    if start_s[-1] < until_s:
        raise WordsError(_TOO_FEW.fill(n=len(gaps)))
    spells = []
    for begins_s, reached, factor in zip(start_s[start_s < until_s].tolist(), reach.tolist(), factors.tolist(), strict=False):
        for level in levels:
            if reached < level.share:
                inset_s = (levels[0].mean_s - level.mean_s) * factor / 2
                spells.append((level.kind, begins_s + inset_s, begins_s + inset_s + level.mean_s * factor))
    return spells


def mean_stop_s(levels: Sequence[Level], pause_s: Mapping[str, float], factors: Floats) -> float:
    """Mean time for which one episode of a kind of weather stops flights, s; 0 for one that doesn't stop them.

    pause_s: by kind of the levels that do stop them, how long they stay stopped after its end · factors: as in `sampled_spells`,
    as evenly spread quantiles. All levels of an episode have the same middle, so that what they stop is one spell.
    """
    mean_s = 0.0
    for number, level in enumerate(levels):
        beyond = levels[number + 1].share if number + 1 < len(levels) else 0.0
        stopping = [reached for reached in levels[: number + 1] if reached.kind in pause_s]
        if stopping:
            before_s = np.max([reached.mean_s * factors / 2 for reached in stopping], axis=0)
            after_s = np.max([reached.mean_s * factors / 2 + pause_s[reached.kind] for reached in stopping], axis=0)
            mean_s += (level.share - beyond) * float(np.mean(before_s + after_s))
    return mean_s


def stopped_share(episodes: Sequence[tuple[float, float]]) -> float:
    """The expected share of a month in which any of several kinds of weather stops flights.

    episodes: for each kind, its number in the month and the mean time for which one of them stops flights, s. Episodes come in
    Poisson processes, so that the number that stop flights at an instant is Poisson too, whatever the law of their lengths
    (M/G/infinity; Tijms, A First Course in Stochastic Models (2003), 1.1.3).
    """
    return 1.0 - exp(-sum(number * stop_s for number, stop_s in episodes) / MONTH_S)


def share_above(limit_mps: float, mean_mps: float, shape: float) -> float:
    """The expected share of hours whose wind exceeds the limit: that of the Weibull law of `hourly_wind_mps`."""
    return exp(-((gamma(1 + 1 / shape) * limit_mps / mean_mps) ** shape)) if mean_mps else 0.0


def hourly_wind_mps(normals: Floats, mean_mps: float, shape: float, persistence: float) -> Floats:
    """Shape of `normals`: mean wind of each hour from BEGIN_S, m/s.

    Weibull with that mean and shape; its normal scores are a first-order autoregression whose
    correlation from hour to hour is `persistence`.
    """
    from scipy.special import log_ndtr

    steps = np.concatenate([normals[:1], sqrt(1 - persistence**2) * normals[1:]])
    scores = np.array(list(accumulate(steps.tolist(), lambda before, step: persistence * before + step)))
    return np.asarray(mean_mps / gamma(1 + 1 / shape) * (-log_ndtr(-scores)) ** (1 / shape))


def hours_above(wind_mps: Floats, limit_mps: float) -> list[tuple[float, float]]:
    """The spells of consecutive hours whose wind exceeds the limit, as (start, end), s."""
    above = np.concatenate([[False], wind_mps > limit_mps, [False]])
    turns_s = BEGIN_S + np.flatnonzero(above[1:] != above[:-1]) * HOUR_S
    return list(zip(turns_s[::2].tolist(), turns_s[1::2].tolist(), strict=True))
