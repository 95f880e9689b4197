"""The climate: what is stated comes out again, and the samplers against theory, in standard errors."""

from math import exp, gamma, sqrt

import numpy as np
import pytest
from scipy.special import ndtri

from sim.ground.time_units import HOUR_S
from sim.world import climate
from sim.world.climate import BEGIN_S, MONTH_S, Level

MONTHS = range(1, 13)
LIMIT = 4.4  # standard errors


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def a_year(of_month: object) -> dict[str, float]:
    """Episodes a year of each level, summed over the months."""
    found: dict[str, float] = {}
    for month in MONTHS:
        number, levels = of_month(month)  # type: ignore[operator]
        for level in levels:
            found[level.kind] = found.get(level.kind, 0.0) + number * level.share
    return found


def test_the_months_add_up_to_the_stated_years() -> None:
    assert a_year(climate.typhoons) == pytest.approx({"signal_1": 6.15, "signal_3": 4.08, "signal_8": 1.48})
    rain = a_year(lambda month: climate.rainstorms(month, HOUR_S))
    assert rain == pytest.approx({"rain_amber": 21.3, "rain_red": 4.6, "rain_black": 1.2})


def test_the_stated_months() -> None:
    number, levels = climate.rainstorms(6, HOUR_S)
    assert [number * level.share for level in levels] == pytest.approx([5.3, 1.5, 0.3])
    assert [climate.rainstorms(month, HOUR_S)[0] for month in (12, 1, 2)] == [0, 0, 0]
    assert [month for month in MONTHS if climate.typhoons(month)[0]] == [6, 7, 8, 9, 10]
    assert [month for month in MONTHS if climate.fogs(month, HOUR_S)[0]] == [3, 4]
    assert [climate.mean_wind_mps(month) * 3.6 for month in (1, 2, 3, 7)] == pytest.approx([24.0, 23.8, 22.1, 20.0])
    assert np.mean([climate.mean_wind_mps(month) for month in MONTHS]) * 3.6 == pytest.approx(22.6)


def test_nested_spells_by_hand() -> None:
    """A gap of one month each; the first episode reaches both levels, the second the lower alone, twice as long."""
    gaps = np.full(3, 1 - exp(-1))
    levels = (Level("low", 1.0, 10.0), Level("high", 0.5, 4.0))
    spells = climate.sampled_spells(
        1.0, levels, gaps, np.array([0.4, 0.6, 0.0]), np.array([1.0, 2.0, 1.0]), BEGIN_S + 2.5 * MONTH_S
    )
    first, second = BEGIN_S + MONTH_S, BEGIN_S + 2 * MONTH_S
    assert [kind for kind, *_ in spells] == ["low", "high", "low"]
    times = [(start_s, end_s) for _, start_s, end_s in spells]
    assert times == [pytest.approx(pair) for pair in ((first, first + 10), (first + 3, first + 7), (second, second + 20))]


def test_too_few_draws_are_told() -> None:
    with pytest.raises(ValueError, match="do not reach"):
        climate.sampled_spells(1.0, (Level("low", 1.0, 1.0),), np.full(2, 0.5), np.zeros(2), np.ones(2), 10 * MONTH_S)


def test_signals_come_as_often_and_last_as_long_as_stated_and_lie_inside_each_other() -> None:
    k, months, sigma = 4000, 2000, sqrt(np.log1p(0.6**2))
    random = generator(1)
    factors = np.exp(sigma * random.standard_normal(k) - sigma**2 / 2)
    number, levels = climate.typhoons(9)
    spells = climate.sampled_spells(number, levels, random.random(k), random.random(k), factors, BEGIN_S + months * MONTH_S)
    for level in levels:
        lengths_s = np.array([end_s - start_s for kind, start_s, end_s in spells if kind == level.kind])
        expected = number * level.share * months
        assert abs(len(lengths_s) - expected) < LIMIT * sqrt(expected), level.kind
        assert abs(lengths_s.mean() - level.mean_s) < LIMIT * lengths_s.std() / sqrt(len(lengths_s)), level.kind
    for kind, start_s, end_s in spells:
        if kind != "signal_1":
            outer = "signal_1" if kind == "signal_3" else "signal_3"
            assert any(one == outer and a <= start_s and end_s <= b for one, a, b in spells)


def test_wind_follows_its_weibull_law() -> None:
    """The share of hours above v is exp(-(gamma(1 + 1/k) v / mean)^k); here hours are independent."""
    n, mean_mps, shape = 200_000, 6.5, 2.0
    wind = climate.hourly_wind_mps(generator(2).standard_normal(n), mean_mps, shape, persistence=0.0)
    assert abs(wind.mean() - mean_mps) < LIMIT * wind.std() / sqrt(n)
    for limit in (4.0, 10.8, 14.0):
        share = exp(-((gamma(1 + 1 / shape) * limit / mean_mps) ** shape))
        assert abs((wind > limit).mean() - share) < LIMIT * sqrt(share * (1 - share) / n)


def test_wind_persists_and_keeps_its_law() -> None:
    n, shape, persistence = 100_000, 2.0, 0.9
    wind = climate.hourly_wind_mps(generator(3).standard_normal(n), 6.0, shape, persistence)
    scores = ndtri(-np.expm1(-((gamma(1 + 1 / shape) * wind / 6.0) ** shape)))
    assert np.corrcoef(scores[1:], scores[:-1])[0, 1] == pytest.approx(persistence, abs=LIMIT * sqrt((1 - 0.81) / n))
    assert scores.std() == pytest.approx(1.0, abs=0.03)


def test_a_windier_month_is_windier_hour_by_hour() -> None:
    normals = generator(4).standard_normal(1000)
    july, january = (climate.hourly_wind_mps(normals, climate.mean_wind_mps(month), 2.0, 0.9) for month in (7, 1))
    assert np.all(january > july)


def test_hours_above_a_limit_by_hand() -> None:
    wind = np.array([11.0, 12.0, 9.0, 9.0, 13.0, 10.0])
    assert climate.hours_above(wind, 10.0) == [(BEGIN_S, BEGIN_S + 2 * HOUR_S), (BEGIN_S + 4 * HOUR_S, BEGIN_S + 5 * HOUR_S)]
    assert climate.hours_above(wind[:2], 10.0) == [(BEGIN_S, BEGIN_S + 2 * HOUR_S)]
    assert climate.hours_above(np.zeros(0), 10.0) == []
