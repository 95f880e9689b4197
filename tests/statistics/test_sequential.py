"""The rule that finds the number of replications, beside an independent implementation and the rule as a loop."""

import warnings

import numpy as np
import pytest

from sim.ground.arrays import Bools
from sim.statistics import intervals
from sim.statistics.intervals import estimate_mean
from sim.statistics.sequential import FEWEST, earliest_stop, look_ahead, running, running_anew, stopping_time
from tests.statistics.students_t import StudentT

ALPHA = 0.05


def narrow(values: np.ndarray, share: float) -> Bools:
    """After which values the half width is at most that share of the mean."""
    run = running(values, ALPHA)
    return (run.n >= FEWEST) & (run.half <= share * np.abs(run.mean))


def by_the_rule(values: np.ndarray, share: float, least: int, most: int = 10**6) -> int | None:
    return stopping_time(narrow(values, share), least, most)


def by_sim_tools(values: np.ndarray, share: float, least: int) -> int | None:
    """The number that sim-tools finds, without its correction that goes back below the least number; None for none."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="WARNING: precision not reached")
        from sim_tools.output_analysis import ReplicationsAlgorithm

        class NoneBelow(ReplicationsAlgorithm):
            def find_position(self, lst: list[float]) -> None:
                return None

        class Model:
            def single_run(self, replication_number: int) -> dict[str, float]:
                return {"measure": float(values[replication_number])}

        algorithm = NoneBelow(ALPHA, share, initial_replications=least, replication_budget=len(values) - len(values) // 20 - 6)
        return algorithm.select(Model(), ["measure"])[0]["measure"]


def series(rng: np.random.Generator) -> np.ndarray:
    """Values as measures have them: of many spreads, some skew, some that depend on the one before."""
    mean, spread = rng.uniform(1, 1000), rng.uniform(0.02, 0.6)
    noise = [rng.normal(size=250), rng.exponential(size=250) - 1, rng.choice([-1.0, 1.0], 250)][int(rng.integers(3))]
    return mean * np.maximum(1 + spread * noise, 0.01)


@pytest.mark.parametrize("seed", range(60))
def test_it_finds_the_number_that_sim_tools_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the interval that sim-tools knows, and up to 90 replications, where both look ahead to the same.

    sim-tools lets the look-ahead grow while it looks.
    """
    monkeypatch.setattr(intervals, "METHOD", StudentT())
    rng = np.random.default_rng(seed)
    values, share, least = series(rng), float(rng.uniform(0.03, 0.3)), int(rng.integers(3, 12))
    ours, theirs = by_the_rule(values, share, least), by_sim_tools(values, share, least)
    if ours is not None and ours <= 90:
        assert ours == theirs, f"seed {seed}"
    else:
        assert theirs is None or theirs > 90, f"seed {seed}"


def test_the_comparison_compares() -> None:
    """Of the 60 series, most come to an end within 90 replications, at many different numbers."""
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        values, share, least = series(rng), float(rng.uniform(0.03, 0.3)), int(rng.integers(3, 12))
        found.append((by_the_rule(values, share, least), least))
    ended = [n for n, least in found if n is not None and least < n <= 90]
    assert len(ended) >= 20
    assert len(set(ended)) >= 12


@pytest.mark.parametrize("seed", range(20))
def test_beyond_a_hundred_it_looks_ahead_to_a_twentieth_more(seed: int) -> None:
    """Against the rule written out as a loop, as the paper has it."""
    rng = np.random.default_rng(seed)
    holds = rng.random(1200) < rng.uniform(0.8, 0.999)
    least = int(rng.integers(1, 400))
    expected = next(
        (n for n in range(least, 1201) if n + int(look_ahead(n)) <= 1200 and all(holds[n - 1 : n + int(look_ahead(n))])), None
    )
    assert stopping_time(holds, least, 10**6) == expected, f"seed {seed}"
    assert [int(look_ahead(n)) for n in (1, 100, 119, 120, 400)] == [5, 5, 5, 6, 20]


@pytest.mark.parametrize("seed", range(10))
def test_what_comes_later_does_not_change_it_and_batches_never_pass_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, share = series(rng), float(rng.uniform(0.05, 0.2))
    n = by_the_rule(values, share, 3)
    if n is None:
        return
    end = n + int(look_ahead(n))
    assert by_the_rule(values[: end - 1], share, 3) is None, f"seed {seed}"
    assert by_the_rule(np.concatenate([values[:end], rng.normal(size=50)]), share, 3) == n, f"seed {seed}"
    assert by_the_rule(-values, share, 3) == n, f"seed {seed}"
    holds = narrow(values, share)
    assert all(earliest_stop(holds[:r], 3, 10**6) <= end for r in range(end)), f"seed {seed}"


@pytest.mark.parametrize("seed", range(5))
def test_the_half_widths_are_those_of_a_summary(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(40) < 0.2, np.nan, 1e6 + rng.normal(size=40))
    run = running(values, ALPHA)
    for r in range(1, 41):
        told = estimate_mean(values[:r], 1 - ALPHA)
        expected = (told.n, told.mean, (told.high - told.low) / 2)
        found = (run.n[r - 1], run.mean[r - 1], run.half[r - 1])
        np.testing.assert_allclose(found, expected, rtol=1e-6, err_msg=f"seed {seed}")


def test_the_limit_cuts_the_look_ahead_off() -> None:
    holds = np.array([False] * 8 + [True] * 2)
    assert stopping_time(holds, 3, 10) == 9
    assert stopping_time(holds, 3, 11) is None
    assert stopping_time(~holds, 3, 10) == 3


def test_values_that_follow_from_all_before_are_run_anew_after_each() -> None:
    """As those of a ratio of sums do; where they don't, it is what `running` says."""
    values = np.random.default_rng(4).exponential(3.0, 30)
    anew, run = running_anew(lambda n: values[:n], len(values), ALPHA), running(values, ALPHA)
    for name in ("n", "mean", "half"):
        np.testing.assert_allclose(getattr(anew, name), getattr(run, name), rtol=1e-9)


def test_too_few_that_are_not_nought_have_no_half_width() -> None:
    values = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0])
    assert np.isnan(running(values, ALPHA, fewest=3).half).tolist() == [True] * 6 + [False] * 2
    assert not np.isnan(running(values, ALPHA, 1.0, fewest=3).half[1:]).any()
    sizes = np.linspace(1, 2, 8)
    halves = [running(values[:n], ALPHA, sizes[n - 1]).half[-1] for n in range(1, 9)]
    np.testing.assert_allclose(running(values, ALPHA, sizes).half, halves, rtol=1e-12)
