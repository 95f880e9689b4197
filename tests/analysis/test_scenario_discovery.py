"""Rules: planted ones are found, and where there is none, none is told."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import qmc

from sim.analysis.ranges import ranges
from sim.analysis.scenario_discovery import DENSER, Rule, rule_of
from sim.ground.arrays import Bools, Floats
from tests.analysis.test_ranges import DEFAULT, position

ALL = ranges(DEFAULT)
SOME = ALL[:4]


def hypercube(n: int, dimensions: int, seed: int) -> Floats:
    return np.asarray(qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(n))


def rules(n: int, chance: Callable[[Floats], Floats | float], studies: int) -> list[Rule | None]:
    """The rule of each study: a hypercube of n worlds over all real ranges, in each of which is lost with that chance."""
    made = []
    for seed in range(studies):
        u = hypercube(n, len(ALL), seed)
        is_lost = np.random.default_rng([seed, 1]).random(n) < chance(u)
        made.append(rule_of(is_lost, u, ALL, seed))
    return made


@pytest.mark.parametrize("base", [0.05, 0.1, 0.2, 0.4, 0.6])
def test_where_losses_hang_on_no_parameter_a_rule_is_told_in_at_most_one_study_of_twenty(base: float) -> None:
    studies = 200
    n_told = sum(rule is not None for rule in rules(500, lambda u: base, studies))
    assert n_told <= 0.05 * studies + 2 * np.sqrt(0.05 * 0.95 * studies), f"{n_told} of {studies}, seeds from 0"


@pytest.mark.slow
@pytest.mark.takes(60)
@pytest.mark.parametrize("n", [200, 500])
def test_rules_of_chance_in_many_studies(n: int) -> None:
    """All bases together: the bound holds within two standard errors of the count."""
    studies = 600
    n_told = sum(rule is not None for base in (0.03, 0.05, 0.1, 0.2, 0.4) for rule in rules(n, lambda u, b=base: b, studies // 5))
    assert n_told <= 0.05 * studies + 2 * np.sqrt(0.05 * 0.95 * studies), f"{n_told} of {studies}"


def test_planted_rules_are_found_among_all_real_ranges() -> None:
    def box(u: Floats) -> Floats:
        return np.where((u[:, 1] > 0.7) & (u[:, 3] < 0.5), 0.9, 0.02)

    def slope(u: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(4 - 5 * u[:, 7])))

    for chance, paths in ((box, {ALL[1].path, ALL[3].path}), (slope, {ALL[7].path})):
        told = [rule for rule in rules(500, chance, 20) if rule is not None]
        assert len(told) >= 18
        assert sum(paths <= {condition.path for condition in rule.conditions} for rule in told) >= 0.9 * len(told)


def test_density_and_coverage_are_those_of_the_half_that_the_rule_was_not_grown_on() -> None:
    """In the mean over studies the density told is that planted, not above it; that of the first half would be."""
    told = [rule for rule in rules(500, lambda u: np.where(u[:, 5] > 0.6, 0.6, 0.1), 30) if rule is not None]
    assert len(told) > 25
    densities = [rule.density for rule in told if ALL[5].path in {condition.path for condition in rule.conditions}]
    assert np.mean(densities) == pytest.approx(0.6, abs=0.06)
    for rule in told:
        assert rule.density == rule.hits / rule.worlds
        assert rule.density >= DENSER * rule.base
        assert rule.p_value <= 0.05
        assert rule.coverage == pytest.approx(rule.hits / round(250 * rule.base))
        assert rule.holds_most == (rule.coverage > 0.5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_box_is_told_with_its_ends(seed: int) -> None:
    rng = np.random.default_rng(seed)
    u = rng.random((800, len(SOME)))
    inside = (u[:, 1] > 0.7) & (u[:, 3] < 0.5)
    rule = rule_of(np.where(inside, rng.random(800) < 0.9, rng.random(800) < 0.02), u, SOME, seed)
    assert rule is not None, f"seed {seed}"
    assert {(c.path, c.above) for c in rule.conditions} == {(SOME[1].path, True), (SOME[3].path, False)}, f"seed {seed}"
    for condition in rule.conditions:
        span = next(span for span in SOME if span.path == condition.path)
        assert position(span, condition.value) == pytest.approx(0.7 if condition.above else 0.5, abs=0.05), f"seed {seed}"
    assert rule.holds_most
    assert rule.density > 0.75


@pytest.mark.parametrize(
    "is_lost", [np.arange(300) < 5, np.ones(300, dtype=bool), np.zeros(300, dtype=bool), np.ones(3, dtype=bool)]
)
def test_no_rule_is_made_of_few(is_lost: Bools) -> None:
    assert rule_of(is_lost, np.random.default_rng(5).random((len(is_lost), len(SOME))), SOME, 1) is None


def test_the_halves_hang_on_the_seed_alone() -> None:
    rng = np.random.default_rng(6)
    u = rng.random((400, len(SOME)))
    is_lost = u[:, 0] + 0.3 * rng.normal(size=400) > 0.8
    assert rule_of(is_lost, u, SOME, 1) == rule_of(is_lost, u, SOME, 1)
    assert rule_of(is_lost, u, SOME, 1) != rule_of(is_lost, u, SOME, 2)
