"""Two correlated normal numbers against SciPy, and at the ends of the correlation."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from sim.statistics.bivariate_normal import below_both, within_both

BOUNDS = (-np.inf, -2.0, -0.3, 0.0, 0.7, 2.5, np.inf)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.5, 0.95])
def test_both_below_as_scipy_has_it(correlation: float) -> None:
    first, second = (bounds.ravel() for bounds in np.meshgrid(BOUNDS, BOUNDS))
    law = multivariate_normal(cov=[[1, correlation], [correlation, 1]])
    expected = [law.cdf(np.clip(pair, -30, 30)) for pair in zip(first, second, strict=True)]
    np.testing.assert_allclose(below_both(first, second, correlation), expected, atol=1e-7)


def test_equal_numbers_are_below_the_lesser_bound() -> None:
    first, second = np.array([1.0, -0.5, 2.0]), np.array([0.4, 0.5, -1.0])
    np.testing.assert_allclose(below_both(first, second, 1.0), norm.cdf(np.minimum(first, second)), atol=1e-9)


def test_the_rectangles_of_a_cross_make_up_the_whole_plane() -> None:
    edges = [(-np.inf, 0.4), (0.4, np.inf)], [(-np.inf, -1.0), (-1.0, np.inf)]
    low, high, other_low, other_high = np.array([(*a, *b) for a in edges[0] for b in edges[1]]).T
    shares = within_both(low, high, other_low, other_high, 0.6)
    assert shares.sum() == pytest.approx(1, abs=1e-12)
    assert shares[:2].sum() == pytest.approx(norm.cdf(0.4), abs=1e-12)
    assert within_both(*(np.array([x]) for x in (2.0, 1.0, 0.0, 1.0)), 0.5)[0] == 0, "nothing lies between crossed bounds"
