"""Detection against worked numbers and SciPy, at the ends of the correlation, and rising where it must rise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from sim.ground.arrays import Floats
from sim.statistics.detection import (
    correlated_normal,
    detects,
    joint_score,
    joint_separation,
    likelihood_of_examinations,
    likelihood_of_result,
    likelihood_ratio,
    likelihood_ratio_of_two,
    product_of_others,
    ratio_of_one,
    score_for_rate,
    separation,
    threshold,
    threshold_given_flags,
)

INF = np.inf
correlations = st.floats(0.0, 1.0)
distances = st.floats(0.0, 4.0)


def one(*numbers: float) -> Floats:
    return np.array(numbers, dtype=np.float64)


# ---------------------------------------------------------------------------- one score


def test_separation_of_known_areas() -> None:
    # Phi^-1(0.76025) = 0.70711, so that d' = 1: the area under the curve at a separation of 1 is Phi(1 / sqrt 2)
    np.testing.assert_allclose(separation(one(0.5, 0.7602499389, 0.9213503965, 1.0)), [0.0, 1.0, 2.0, INF], atol=1e-9)


def test_the_area_is_the_chance_that_a_signal_scores_above_noise() -> None:
    rng, n = np.random.default_rng(3), 200_000
    above = np.mean(rng.normal(float(separation(0.85)), 1, n) > rng.normal(0, 1, n))
    assert abs(above - 0.85) < 4 * np.sqrt(0.85 * 0.15 / n)


def test_threshold_of_known_rates() -> None:
    np.testing.assert_allclose(threshold(one(0.0, 0.025, 0.05, 0.5, 1.0)), [INF, 1.959964, 1.644854, 0.0, -INF], atol=1e-6)


# ---------------------------------------------------------------------------- two scores made one


def test_joint_separation_worked_by_hand() -> None:
    # d1 = 1, d2 = 2, rho = 0.5: (1 + 4 - 2) / 0.75 = 4
    assert joint_separation(one(1.0), one(2.0), 0.5)[0] == pytest.approx(2.0)
    # independent scores: 9 + 16 = 25
    assert joint_separation(one(3.0), one(4.0), 0.0)[0] == pytest.approx(5.0)


def test_where_both_scores_are_one_or_blind_the_better_stands() -> None:
    np.testing.assert_array_equal(joint_separation(one(1.0, 2.0, 0.5), one(2.0, 1.0, 0.5), 1.0), [2.0, 2.0, 0.5])
    assert joint_separation(one(0.0), one(0.0), 0.3)[0] == 0.0
    first, second = one(0.1, 0.2), one(-0.4, -0.3)
    np.testing.assert_array_equal(joint_score((first, second), (one(1.0, 2.0), one(2.0, 1.0)), 1.0), [-0.4, 0.2])
    np.testing.assert_array_equal(joint_score((first, second), (np.zeros(2), np.zeros(2)), 0.3), first)


@given(distances, distances, correlations)
def test_the_joint_score_separates_no_less_than_either(d1: float, d2: float, rho: float) -> None:
    assert joint_separation(one(d1), one(d2), rho)[0] >= max(d1, d2) - 1e-6


def test_joint_score_worked_by_hand() -> None:
    # d1 = 1, d2 = 2, rho = 0.5, d' = 2: weights (1 - 1) / 1.5 and (2 - 0.5) / 1.5, all on the second
    assert joint_score((one(7.0), one(3.0)), (one(1.0), one(2.0)), 0.5)[0] == pytest.approx(3.0)
    # d1 = 3, d2 = 4, rho = 0: weights 3/5 and 4/5
    assert joint_score((one(1.0), one(2.0)), (one(3.0), one(4.0)), 0.0)[0] == pytest.approx(2.2)


@given(distances, distances, st.floats(0.0, 0.99))
def test_the_joint_score_is_standard_normal_and_shifts_by_its_separation(d1: float, d2: float, rho: float) -> None:
    """A linear score: its weights are its values at (1, 0) and (0, 1)."""
    separations = np.full(2, d1), np.full(2, d2)
    a, b = joint_score((one(1.0, 0.0), one(0.0, 1.0)), separations, rho)
    assert a**2 + b**2 + 2 * rho * a * b == pytest.approx(1.0, abs=1e-6)
    assert a * d1 + b * d2 == pytest.approx(joint_separation(one(d1), one(d2), rho)[0], abs=1e-6)


# ---------------------------------------------------------------------------- flags and a score


@pytest.mark.parametrize(
    ("rate", "flagged", "rho"), [(0.1, 0.04, 0.5), (0.05, 0.04, 0.0), (0.3, 0.1, 0.9), (0.04, 0.1, 0.5), (0.02, 0.3, 0.9)]
)
def test_the_score_gives_the_rate(rate: float, flagged: float, rho: float) -> None:
    t = score_for_rate(rate, flagged, rho)
    neither = multivariate_normal.cdf([t, norm.isf(flagged)], mean=[0, 0], cov=[[1, rho], [rho, 1]])
    either = 1 - neither
    both = norm.sf(t) + flagged - either
    assert (either if rate > flagged else both) == pytest.approx(rate, abs=1e-4)


def test_without_flags_the_threshold_is_that_of_the_score_alone() -> None:
    assert score_for_rate(0.1, 0.0, 0.5) == pytest.approx(norm.isf(0.1), abs=1e-3)
    assert score_for_rate(0.0, 0.1, 0.5) == INF
    assert score_for_rate(1.0, 0.1, 0.5) == -INF


def test_independent_scores_share_out_the_rate() -> None:
    # rho = 0: (rate - flagged) / (1 - flagged) of those not flagged, or rate / flagged of the flagged
    assert score_for_rate(0.1, 0.04, 0.0) == pytest.approx(norm.isf(0.06 / 0.96), abs=1e-9)
    assert score_for_rate(0.04, 0.1, 0.0) == pytest.approx(norm.isf(0.4), abs=1e-9)


def test_one_score_selects_its_own_highest() -> None:
    """rho = 1: what the other flagged is what the score would have taken first."""
    assert score_for_rate(0.1, 0.04, 1.0) == pytest.approx(norm.isf(0.1), abs=0.03)
    assert score_for_rate(0.04, 0.1, 1.0) == pytest.approx(norm.isf(0.04), abs=0.03)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.95])
@pytest.mark.parametrize(("flagged", "rates"), [(0.05, (0.06, 0.1, 0.2, 0.6)), (0.4, (0.01, 0.05, 0.2, 0.39))])
def test_a_larger_rate_lowers_the_score(flagged: float, rates: tuple[float, ...], rho: float) -> None:
    scores = [score_for_rate(rate, flagged, rho) for rate in rates]
    assert scores == sorted(scores, reverse=True)


def test_the_flagged_go_first() -> None:
    rate, flagged_rate, flagged = one(0.1, 0.1, 0.04, 0.04), one(0.04, 0.04, 0.1, 0.1), np.array([True, False, True, False])
    t = threshold_given_flags(rate, flagged_rate, flagged, 0.5)
    assert t.tolist() == [-INF, score_for_rate(0.1, 0.04, 0.5), score_for_rate(0.04, 0.1, 0.5), INF]


# ---------------------------------------------------------------------------- what bounds of a score say


def test_product_of_others_by_hand() -> None:
    values, group = np.array([0.5, 0.2, 4.0, 0.0, 3.0, 0.0, 0.0, 5.0]), np.array([0, 0, 0, 1, 1, 2, 2, 7])
    assert product_of_others(values, group) == pytest.approx([0.8, 2.0, 0.1, 3.0, 0.0, 0.0, 0.0, 1.0])
    alone = np.array([0.1, 0.3, 0.0])
    assert np.array_equal(product_of_others(alone, np.arange(3)), np.ones(3)), "to the last bit"


def test_the_ratio_of_one_of_two_worked_by_hand() -> None:
    """Two objects, signals with 0.2 and 0.4, the pair's ratio 3: P(first | shown) by adding up the four cases."""
    p, q, ratio = 0.2, 0.4, 3.0
    with_first = p * q * ratio + p * (1 - q) * ratio
    both = with_first + (1 - p) * q * ratio + (1 - p) * (1 - q)
    of_one = ratio_of_one(np.array([ratio]), np.array([q]))[0]
    assert p * of_one / (p * of_one + 1 - p) == pytest.approx(with_first / both)
    assert ratio_of_one(np.array([ratio, ratio]), np.array([0.0, 1.0])).tolist() == [ratio, 1.0]


def test_likelihood_ratio_worked_by_hand() -> None:
    # above 1: (1 - Phi(0)) / (1 - Phi(1)) = 0.5 / 0.158655; below 1: 0.5 / 0.841345; no bounds: 1
    ratio = likelihood_ratio(one(1.0, -INF, -INF), one(INF, 1.0, INF), one(1.0, 1.0, 1.0))
    np.testing.assert_allclose(ratio, [3.151487, 0.594287, 1.0], rtol=1e-6)


def test_likelihood_ratio_of_what_noise_never_shows_is_large_and_finite() -> None:
    assert 1e6 < likelihood_ratio(one(60.0), one(INF), one(60.0))[0] < INF


def test_narrow_bounds_say_what_the_densities_say() -> None:
    # phi(x - d) / phi(x) = exp(d x - d^2 / 2)
    ratio = likelihood_ratio(one(0.5), one(0.5001), one(2.0))
    assert ratio[0] == pytest.approx(np.exp(2 * 0.50005 - 2), rel=1e-6)


def test_two_independent_scores_multiply_their_ratios() -> None:
    first, second, separations = (one(1.0), one(INF)), (one(-INF), one(0.3)), (one(1.0), one(2.0))
    both = likelihood_ratio_of_two(first, second, separations, 0.0)
    product = likelihood_ratio(*first, separations[0]) * likelihood_ratio(*second, separations[1])
    np.testing.assert_allclose(both, product, rtol=1e-9)


def test_two_correlated_scores_as_scipy_has_them() -> None:
    law = multivariate_normal(cov=[[1, 0.6], [0.6, 1]])
    below = likelihood_ratio_of_two((one(-INF), one(0.5)), (one(-INF), one(0.2)), (one(1.0), one(1.5)), 0.6)
    assert below[0] == pytest.approx(law.cdf([-0.5, -1.3]) / law.cdf([0.5, 0.2]), abs=1e-6)


# ---------------------------------------------------------------------------- several examinations


def test_correlated_normal_is_a_weighted_sum() -> None:
    assert correlated_normal(one(2.0), one(3.0), 0.64)[0] == pytest.approx(0.8 * 2 + 0.6 * 3)
    np.testing.assert_array_equal(correlated_normal(one(2.0), one(3.0), 0.0), [3.0])
    np.testing.assert_array_equal(correlated_normal(one(2.0), one(3.0), 1.0), [2.0])


def test_detection_at_the_threshold() -> None:
    # -Phi^-1(0.9) = -1.28155; c = 0.25: 0.5 x + 0.866025 y
    specific = one(-1.47, -1.49)  # 0.866025 * -1.47 = -1.2731, * -1.49 = -1.2904
    np.testing.assert_array_equal(detects(0.9, np.zeros(2), specific, 0.25), [True, False])
    np.testing.assert_array_equal(detects(one(0.0, 1.0), np.zeros(2), np.zeros(2), 0.25), [False, True])


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_each_examination_detects_with_its_sensitivity_and_a_second_less_than_an_independent_one(correlation: float) -> None:
    rng, n = np.random.default_rng(11), 100_000
    exposure = rng.normal(size=n)
    first, second = (detects(0.7, exposure, rng.normal(size=n), correlation) for _ in range(2))
    assert abs(first.mean() - 0.7) < 4 * np.sqrt(0.21 / n)
    both = multivariate_normal.cdf([norm.ppf(0.7)] * 2, cov=[[1, correlation], [correlation, 1]], allow_singular=True)
    assert abs(np.mean(first & second) - both) < 4 * np.sqrt(both * (1 - both) / n)


def test_likelihood_of_one_result() -> None:
    examined, alarmed = np.array([True, True, False]), np.array([True, False, False])
    np.testing.assert_allclose(likelihood_of_result(examined, alarmed, one(0.8, 0.8, 0.8)), [0.8, 0.2, 1.0])


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_likelihood_of_two_examinations_is_the_mean_over_the_exposure(correlation: float) -> None:
    yes, no = np.array([True]), np.array([False])
    found = likelihood_of_examinations((yes, yes), (yes, no), (one(0.8), one(0.6)), correlation)[0]

    def alarm(sensitivity: float, x: float) -> float:
        return float(norm.cdf((norm.ppf(sensitivity) + np.sqrt(correlation) * x) / np.sqrt(1 - correlation)))

    expected = quad(lambda x: norm.pdf(x) * alarm(0.8, x) * (1 - alarm(0.6, x)), -9, 9)[0]
    assert found == pytest.approx(expected, abs=1e-5)


def test_two_examinations_at_the_ends_of_the_correlation() -> None:
    """Independent: 0.8 · 0.6. The same: the lesser sensitivity, for what it sees the better one sees too."""
    yes = np.array([True])
    sensitivity = one(0.8), one(0.6)
    assert likelihood_of_examinations((yes, yes), (yes, yes), sensitivity, 0.0)[0] == pytest.approx(0.48, abs=1e-12)
    assert likelihood_of_examinations((yes, yes), (yes, yes), sensitivity, 1.0)[0] == pytest.approx(0.6, abs=5e-3)
