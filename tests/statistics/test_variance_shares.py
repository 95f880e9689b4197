"""Sobol indices of a known function, with and without the noise of a simulation."""

import numpy as np
import pytest

from sim.ground.arrays import Floats
from sim.statistics.variance_shares import variance_shares

PROBLEM = {"num_vars": 4, "names": ["x0", "x1", "x2", "x3"], "bounds": [[0.0, 1.0]] * 4}
FIRST_ORDER, TOTAL = np.array([0.3139, 0.4424, 0.0, 0.0]), np.array([0.5576, 0.4424, 0.2437, 0.0])
"""Of the Ishigami function (a = 7, b = 0.1) of the first three of four inputs."""


def ishigami(u: Floats) -> Floats:
    """A smooth function of which all indices are known."""
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def path_noise(u: Floats, rng: np.random.Generator) -> Floats:
    """What one seed does at every point: a rough function of all inputs, of about the variance of the Ishigami function."""
    return np.asarray(3.7 * np.sqrt(2) * np.sin(u @ (40 * rng.normal(size=u.shape[1])) + 2 * np.pi * rng.random()))


def sampled(seed: int) -> Floats:
    """256 base points."""
    from SALib.sample import sobol

    return np.asarray(sobol.sample(PROBLEM, 256, calc_second_order=False, seed=seed))


def test_without_noise_the_indices_are_those_of_salib() -> None:
    from SALib.analyze import sobol

    u = sampled(5)
    y = ishigami(u)
    ours, theirs = (
        variance_shares(np.repeat(y[:, None], 3, axis=1).reshape(256, 6, 3), 0.95, 1),
        sobol.analyze(PROBLEM, y, calc_second_order=False, seed=1),
    )
    assert ours.total == pytest.approx(theirs["ST"], abs=1e-9)
    assert ours.total_ci == pytest.approx(theirs["ST_conf"], abs=0.05)
    assert ours.first_order == pytest.approx(theirs["S1"], abs=0.05)  # SALib centres by the mean over all points
    assert ours.first_order_ci == pytest.approx(theirs["S1_conf"], abs=0.05)


def test_the_noise_of_a_seed_is_no_index() -> None:
    """Brute force: over forty studies the indices are those of the expectation, though half the variance is noise."""
    from SALib.analyze import sobol

    first, total, noise, of_one_seed, holds = [], [], [], [], []
    for seed in range(40):
        u, rng = sampled(seed), np.random.default_rng(seed)
        y = np.stack([ishigami(u) + path_noise(u, rng) for _ in range(2)], axis=1)
        shares = variance_shares(y.reshape(256, 6, 2), 0.95, seed)
        first.append(shares.first_order)
        total.append(shares.total)
        noise.append(shares.noise)
        holds.append(np.abs(shares.total - TOTAL) <= shares.total_ci)
        of_one_seed.append(sobol.analyze(PROBLEM, y[:, 0], calc_second_order=False, seed=seed)["ST"])
    for indices, truth in ((first, FIRST_ORDER), (total, TOTAL)):
        error = np.std(indices, axis=0, ddof=1) / np.sqrt(len(indices))
        assert (np.abs(np.mean(indices, axis=0) - truth) < 4 * error).all()
    assert np.mean(noise) == pytest.approx(0.5, abs=0.05)
    assert np.mean(holds) > 0.9
    assert np.mean(of_one_seed, axis=0)[3] > 0.4  # an input that does nothing, called interaction
