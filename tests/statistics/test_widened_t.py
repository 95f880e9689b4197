"""The interval in use: where it is Student's, where it is wider, and that its p-values belong to it."""

import numpy as np
import pytest
from scipy import stats

from sim.statistics.intervals import METHOD, critical_value, is_seldom, level_of_critical_value, skewness, standard_deviation

SEED = 20261130


def rows(k: int, n: int) -> np.ndarray:
    """Numbers of several shapes: even, skew, with rare lumps."""
    random = np.random.default_rng(SEED)
    even, skew = random.normal(0.3, 1, (k, n)), random.exponential(1, (k, n)) - random.choice([0.4, 1.0, 1.6], (k, 1))
    return np.concatenate([even, skew, random.poisson(0.1, (k, n)) - random.poisson(0.05, (k, n))])


@pytest.mark.parametrize("n", [2, 3, 5, 20, 200])
def test_it_is_never_narrower_than_students(n: int) -> None:
    values = rows(50, n)
    low, high = METHOD.interval(values, 0.05)
    t = stats.t.interval(0.95, n - 1, values.mean(axis=1), np.maximum(standard_deviation(values), 1e-12) / np.sqrt(n))
    wider = 1e-10 * (1 + np.abs(values).max(axis=1))
    assert (low <= t[0] + wider).all() and (high >= t[1] - wider).all()


def test_it_is_students_where_the_numbers_are_even() -> None:
    values = np.array([[-3.0, -1.0, 0.0, 1.0, 3.0]]) + 7
    low, high = METHOD.interval(values, 0.05)
    assert (low[0], high[0]) == pytest.approx(stats.t.interval(0.95, 4, 7, values.std(ddof=1) / np.sqrt(5)))


def test_skewness_is_that_of_scipy() -> None:
    values = rows(20, 15)
    varies = values.std(axis=1) > 0
    np.testing.assert_allclose(skewness(values)[varies], stats.skew(values[varies], axis=1, bias=False), rtol=1e-10)
    assert (skewness(np.ones((3, 8))) == 0).all() and (skewness(np.zeros((3, 2))) == 0).all()


def test_a_skew_row_reaches_further_on_its_long_side() -> None:
    values = np.random.default_rng(SEED).exponential(1, (200, 20))
    low, high = METHOD.interval(values, 0.05)
    mean, g = values.mean(axis=1), skewness(values)
    assert (g > 0).mean() > 0.95
    assert ((high - mean) > (mean - low) + 1e-9)[g > 0.2].all()


def test_an_event_that_never_came_keeps_the_interval_open() -> None:
    low, high = METHOD.interval(np.zeros((1, 20)), 0.05, 1.0)
    t = stats.t.ppf(0.975, 19)
    assert high[0] == -low[0] == pytest.approx(t * np.sqrt(2) / 20)
    assert high[0] == pytest.approx(1 - 0.05 ** (1 / 20), abs=0.01)  # the exact bound of a share of which nothing was seen


@pytest.mark.parametrize("event", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("n", [2, 3, 10, 40])
def test_p_values_belong_to_the_intervals(n: int, event: float) -> None:
    values = rows(60, n)
    p = METHOD.p_values(values, event)
    for alpha in (0.001, 0.01, 0.05, 0.2, 0.5):
        low, high = METHOD.interval(values, alpha, event)
        is_near = np.abs(p - alpha) < 1e-9
        assert (((low <= 0) & (high >= 0)) == (p > alpha))[~is_near & (np.abs(values).max(axis=1) > 0)].all()


def test_p_values_without_any_difference() -> None:
    assert METHOD.p_values(np.zeros((1, 20)), 1.0)[0] == 1
    assert METHOD.p_values(np.zeros((1, 20)))[0] == 1
    assert METHOD.p_values(np.full((1, 20), 2.0))[0] == 0


def test_intervals_are_nested() -> None:
    values, widest = rows(40, 12), None
    for alpha in (0.5, 0.2, 0.05, 0.01, 0.001):
        low, high = METHOD.interval(values, alpha, 0.2)
        if widest is not None:
            assert (low <= widest[0]).all() and (high >= widest[1]).all()
        widest = low, high


def test_running_half_widths_are_those_of_the_intervals() -> None:
    values = np.random.default_rng(SEED).gamma(0.5, 3, 60) + 1e4
    halves = METHOD.running_half_widths(values, 0.05, 0.4)
    for n in range(2, 61):
        low, high = METHOD.interval(values[None, :n], 0.05, 0.4)
        assert halves[n - 1] == pytest.approx((high[0] - low[0]) / 2, rel=1e-6)


def test_a_level_that_is_mostly_nought_is_seldom() -> None:
    assert list(is_seldom(np.array([[0.0] * 16 + [1.0] * 4, [0.0] * 15 + [1.0] * 5]))) == [True, False]
    assert list(is_seldom(np.array([[1.0, 2.0, 3.0], [0.0, 2.0, 3.0], [0.0, 0.0, 0.0]]))) == [False, True, True]


@pytest.mark.parametrize("law", ["lump", "exponential"])
def test_it_holds_where_students_does_not(law: str) -> None:
    """Studies of 20 replications with a skew law, or with an event in one of thirty, whose size is known."""
    random, n, studies = np.random.default_rng(SEED), 20, 3000
    if law == "lump":
        values, truth, event = (random.random((studies, n)) < 1 / 30) * 1.0, 1 / 30, 1.0
    else:
        values, truth, event = random.lognormal(0, 1, (studies, n)), np.exp(0.5), 0.0
    low, high = METHOD.interval(values, 0.05, event)
    holds = ((low <= truth) & (truth <= high)).mean()
    t = stats.t.interval(0.95, n - 1, values.mean(axis=1), np.maximum(standard_deviation(values), 1e-12) / np.sqrt(n))
    of_t = ((t[0] <= truth) & (truth <= t[1])).mean()
    assert of_t < 0.88 and holds > 0.93, f"Student's {of_t:.3f}, this {holds:.3f}, seed {SEED}"


def test_the_law_of_the_interval_is_students() -> None:
    assert critical_value(10, 0.05) == pytest.approx(2.262157, abs=1e-6)
    assert np.isnan(critical_value([0, 1], 0.05)).all()
    assert [level_of_critical_value(10, t) for t in (0.0, 2.262157)] == pytest.approx([1.0, 0.05], abs=1e-6)
