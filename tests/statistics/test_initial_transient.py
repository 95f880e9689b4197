"""MSER-5 by hand, by the formula of the paper, and on series whose transient is known."""

import math

import numpy as np
import pytest

from sim.statistics.initial_transient import BATCH, FEWEST_LEFT, mser_5

WITHIN = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])  # what a batch's mean takes out


def observations(batches: list[float]) -> np.ndarray:
    return (np.array(batches)[:, None] + WITHIN).ravel()


def test_mser_5_worked_by_hand() -> None:
    """Batches 8, 4, then five times 0, 2.

    Leaving out none: sum 22, squares 100, variance 100/12 - (22/12)² = 4.972, over 12: 0.414; one: 36/11 - (14/11)² = 1.653,
    over 11: 0.150; two: variance 1, over 10: 0.100; three: 20/9 - (10/9)² = 0.988, over 9: 0.110; four: 1/8. Two it is.
    """
    series = observations([8, 4, *[0, 2] * 5])
    assert mser_5(series) == 10
    assert mser_5(series[:-1]) == 10  # an incomplete batch is dropped: of eleven, 0.176, 0.110 and 0.125 for one, two and three
    assert mser_5(np.concatenate([series, [900.0] * 4])) == 10


def test_mser_5_is_the_formula_of_the_paper() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(50, 400))
        series = np.cumsum(rng.normal(size=n)) * rng.random() + 20 * np.exp(-np.arange(n) / 30) + rng.normal(size=n)
        m = n // 5
        means = [float(np.mean(series[5 * k : 5 * k + 5])) for k in range(m)]
        errors = {}
        for d in range(m - 4):
            rest = means[d:]
            mean = math.fsum(rest) / len(rest)
            errors[d] = math.fsum((x - mean) ** 2 for x in rest) / (m - d) ** 2
        best = min(errors, key=lambda d: errors[d])
        assert mser_5(series) == (5 * best if best <= m / 2 else None), f"seed {seed}"


def test_mser_5_leaves_a_level_series_whole_and_refuses_one_that_does_not_settle() -> None:
    assert mser_5(np.full(60, 0.1)) == 0
    assert mser_5(np.arange(200.0)) is None
    assert mser_5(np.where(np.arange(200) < 130, 9.0, np.arange(200) % 7)) is None  # settles in the second half
    assert mser_5(np.zeros(2 * FEWEST_LEFT * BATCH - 1)) is None


@pytest.mark.parametrize("n", [60, pytest.param(3_000, marks=pytest.mark.slow)], ids=["quick", "full"])
def test_mser_5_takes_the_bias_out(n: int) -> None:
    """A mean that falls from 10 to 0 as exp(-t/20), under autocorrelated noise: without a cut its mean is 10·20/300 too high."""
    rng, length = np.random.default_rng(11), 300
    noise = np.zeros((n, length))
    shocks = rng.normal(size=(n, length))
    for t in range(1, length):
        noise[:, t] = 0.5 * noise[:, t - 1] + shocks[:, t]
    series = 10 * np.exp(-np.arange(length) / 20) + noise
    cuts = [mser_5(row) for row in series]
    kept = [(row[cut:].mean(), cut) for row, cut in zip(series, cuts, strict=True) if cut is not None]
    means = np.array([mean for mean, _ in kept])
    assert len(kept) > 0.9 * n
    assert series.mean() == pytest.approx(10 * 20 / 300, abs=0.1)
    assert abs(means.mean()) < 0.1 + 4 * means.std() / math.sqrt(len(means))
    assert 20 <= np.median([cut for _, cut in kept]) <= 80
