"""Signal detection: screening by a score, by two correlated scores, and repeated examinations of one object.

Scores follow the equal-variance binormal model: N(0, 1) for noise, N(d', 1) for a signal. Sources: Green and Swets, Signal
Detection Theory and Psychophysics (1966); Hanley and McNeil, Radiology 143 (1982) 29-36 (area under the curve).
"""

from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ground.arrays import Bools, Floats
from sim.statistics.bivariate_normal import within_both

NEVER_SHOWN = 1e-300  # least likelihood to divide by
NEARLY_0 = 1e-9
LARGEST_CORRELATION = 1.0 - 1e-9
LARGEST_CORRELATION_OF_FLAGS = 0.9999
_POINTS_OF_FLAGS = 400
_POINTS_OF_EXPOSURE = 200


def separation(auc: Floats | float) -> Floats:
    """d', the distance between the mean scores of signal and noise, from the area under the ROC curve: sqrt(2) * Phi^-1(AUC).

    Shape of `auc`; 0 for an area of 0.5 (chance), inf for 1. Source: Green and Swets (1966), chapter 3.
    """
    from scipy.special import ndtri

    return np.asarray(np.sqrt(2.0) * ndtri(auc))


def threshold(rate: Floats) -> Floats:
    """The score that noise exceeds with probability `rate`, shape of `rate` (inf for 0, -inf for 1)."""
    from scipy.special import ndtri

    return -np.asarray(ndtri(rate))


def correlated_normal(common: Floats, specific: Floats, correlation: float) -> Floats:
    """sqrt(c) * common + sqrt(1 - c) * specific: N(0, 1), if both are, and correlated by c with any other of that common factor.

    The one-factor Gaussian copula. Shapes are broadcast; the correlation is from 0 to 1.
    """
    return np.asarray(np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * specific)


# ---------------------------------------------------------------------------- two scores made one


def joint_separation(first: Floats, second: Floats, correlation: float) -> Floats:
    """d' of the best linear score of two scores with separations `first` and `second`; shape of both.

    d'^2 = (d1^2 + d2^2 - 2 rho d1 d2) / (1 - rho^2), Mahalanobis' distance. Where the scores are one (rho = 1) or neither
    separates anything (d' = 0), there is no such score, and the better of the two stands. Source: Fisher, Annals of Eugenics
    7 (1936) 179-188.
    """
    joint, exists = _mahalanobis(first, second, correlation)
    return np.where(exists, joint, np.maximum(first, second))


def joint_score(scores: tuple[Floats, Floats], separations: tuple[Floats, Floats], correlation: float) -> Floats:
    """The best linear score of two scores, scaled so that it is N(0, 1) for noise if both are; shape of each.

    The weights are Sigma^-1 d / d' (Fisher's discriminant). Where there is no such score, the better of the two stands: see
    `joint_separation`.
    """
    (x1, x2), (d1, d2) = scores, separations
    joint, exists = _mahalanobis(d1, d2, correlation)
    with np.errstate(divide="ignore", invalid="ignore"):
        both = ((d1 - correlation * d2) * x1 + (d2 - correlation * d1) * x2) / ((1.0 - correlation**2) * joint)
    return np.where(exists, both, np.where(d1 >= d2, x1, x2))


def _mahalanobis(d1: Floats, d2: Floats, rho: float) -> tuple[Floats, Bools]:
    """The joint d', and where there is one."""
    one = 1.0 - rho**2
    joint = np.sqrt(np.maximum((d1**2 + d2**2 - 2 * rho * d1 * d2) / one, 0.0)) if one > NEARLY_0 else np.zeros_like(d1)
    return joint, joint > NEARLY_0


# ---------------------------------------------------------------------------- selection by flags and a score


def threshold_given_flags(rate: Floats, flagged_rate: Floats, flagged: Bools, correlation: float) -> Floats:
    """The score above which each object is selected by who also knows which of them another score has flagged; shape (m,).

    rate: share of noise to select · flagged_rate: share of noise that the other score flags · flagged: whether it has ·
    correlation: of both scores. The flagged go first, and by the score within them: all of them (-inf) and then the highest
    of the rest where the rate has room, else the highest of them and no other (inf).
    """
    pairs, of_pair = np.unique(np.column_stack([rate, flagged_rate]), axis=0, return_inverse=True)
    t = np.array([score_for_rate(wanted, taken, correlation) for wanted, taken in pairs.tolist()])[of_pair.ravel()]
    room = rate > flagged_rate
    return np.where(flagged, np.where(room, -np.inf, t), np.where(room, t, np.inf))


@lru_cache(maxsize=4096)
def score_for_rate(rate: float, flagged_rate: float, correlation: float) -> float:
    """The score t that makes up the rate among noise, beside what another score flags, both N(0, 1) and correlated.

    Where the rate exceeds that of the flagged, P(score > t, other <= t_flag) = rate - flagged_rate; else
    P(score > t, other > t_flag) = rate. Either is the integral of phi(x) Phi((rho x - t) / sqrt(1 - rho^2)) over the
    other's scores, taken by Gauss-Legendre quadrature in the other's share. A correlation above 0.9999 is taken as that.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    room = rate > flagged_rate
    wanted, low, high = (rate - flagged_rate, flagged_rate, 1.0) if room else (rate, 0.0, flagged_rate)
    if wanted <= 0:
        return np.inf
    if wanted >= high - low:
        return -np.inf
    rho = min(correlation, LARGEST_CORRELATION_OF_FLAGS)
    places, weights = _gauss_legendre(_POINTS_OF_FLAGS)
    other = -ndtri(low + (high - low) * (places + 1) / 2)  # scores that a share of low to high exceeds
    weight = weights / 2 * (high - low)

    def excess(t: float) -> float:
        return float(np.sum(weight * ndtr((rho * other - t) / np.sqrt(1 - rho**2))) - wanted)

    return float(brentq(excess, -15.0, 15.0))


# ---------------------------------------------------------------------------- what bounds of a score say


def likelihood_ratio(low: Floats, high: Floats, separation: Floats) -> Floats:
    """P(low < score <= high) for a signal over that for noise, shape of all; bounds may be infinite.

    Large, and finite, where noise never lies there.
    """
    from scipy.special import ndtr

    return _ratio(ndtr(high - separation) - ndtr(low - separation), ndtr(high) - ndtr(low))


def likelihood_ratio_of_two(
    first: tuple[Floats, Floats], second: tuple[Floats, Floats], separations: tuple[Floats, Floats], correlation: float
) -> Floats:
    """The same ratio for two correlated scores that each lie within bounds (low, high), shape of all."""
    (low, high), (other_low, other_high), (d1, d2) = first, second, separations
    signal = within_both(low - d1, high - d1, other_low - d2, other_high - d2, correlation)
    return _ratio(signal, within_both(low, high, other_low, other_high, correlation))


def _ratio(signal: Floats, noise: Floats) -> Floats:
    return signal / np.maximum(noise, NEVER_SHOWN)


# ---------------------------------------------------------------------------- several examinations of one object


# ---------------------------------------------------------------------------- objects that share one score


def product_of_others(values: Floats, group: NDArray[np.integer[Any]]) -> Floats:
    """Shape of `values`: for each, the product of the others with its number in `group`; 1 where it stands alone."""
    is_zero = values == 0
    logs = np.log(np.where(is_zero, 1.0, values))
    logs_of_group = np.bincount(group, weights=logs)[group]
    zeros_of_group = np.bincount(group, weights=is_zero)[group]
    return np.where(zeros_of_group - is_zero > 0, 0.0, np.exp(logs_of_group - logs))


def ratio_of_one(ratio: Floats, another: Floats) -> Floats:
    """The likelihood ratio of one object from that of a group of which it is a part; shape of both.

    The group shows a signal where any of its objects has one, so that an object without may stand beside one with. ratio: of
    what the group shows, with a signal / without · another: the probability that another object of the group has a signal.
    """
    return np.asarray(ratio / ((1.0 - another) + another * ratio))


def detects(sensitivity: float | Floats, exposure: Floats, specific: Floats, correlation: float) -> Bools:
    """Whether an examination detects each signal, shape (m,).

    sensitivity: probability of detection, one for all or one for each · exposure: how visible each is to every examination,
    N(0, 1) · specific: N(0, 1), drawn for this examination. It detects if sqrt(c) * exposure + sqrt(1 - c) * specific >
    -Phi^-1(sensitivity): with its sensitivity, and two examinations of one object are correlated by c, so that a second one
    detects less than an independent one would.
    """
    from scipy.special import ndtri

    return np.asarray(correlated_normal(exposure, specific, correlation) > -ndtri(sensitivity))


def likelihood_of_examinations(
    examined: tuple[Bools, ...], alarmed: tuple[Bools, ...], sensitivity: tuple[Floats, ...], correlation: float
) -> Floats:
    """How likely the results of several examinations of one signal are, shape (k,); each tuple has one such array for each.

    examined: whether it took place · alarmed: whether it raised an alarm · sensitivity: its probability of one. Given the
    exposure x that all share, they are independent (see `detects`) and alarm with probability
    Phi((Phi^-1(sensitivity) + sqrt(c) x) / sqrt(1 - c)); the mean over x is taken by Gauss-Legendre quadrature in its share.
    """
    from scipy.special import ndtr, ndtri

    places, weights = _gauss_legendre(_POINTS_OF_EXPOSURE)
    exposure, c = ndtri((places + 1) / 2), min(correlation, LARGEST_CORRELATION)
    together = np.ones((len(examined[0]), _POINTS_OF_EXPOSURE))
    for took_place, alarm, chance in zip(examined, alarmed, sensitivity, strict=True):
        given_exposure = ndtr((ndtri(chance)[:, None] + np.sqrt(c) * exposure) / np.sqrt(1.0 - c))
        together *= likelihood_of_result(took_place[:, None], alarm[:, None], given_exposure)
    return np.asarray(together @ (weights / 2))


def likelihood_of_result(examined: Bools, alarmed: Bools, chance: Floats) -> Floats:
    """How likely the result of one examination is, given the probability of an alarm; 1 where there was none. Broadcasts."""
    return np.where(examined, np.where(alarmed, chance, 1.0 - chance), 1.0)


@cache
def _gauss_legendre(n: int) -> tuple[Floats, Floats]:
    """Places from -1 to 1 and their weights, which sum to 2, shape (n,) each."""
    return np.polynomial.legendre.leggauss(n)
