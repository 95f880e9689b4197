"""Every interval method of the project holds what it says: whole studies are drawn from laws whose truth is known.

A study is one measure's numbers for each replication and scenario; many studies go through the project's own tables at
once, as the parts of a measure. Tolerances are in standard errors of the share of studies that cover.
"""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, optimize, stats

import sim
from sim.ground.arrays import Floats
from sim.ground.text import Text
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Metric
from sim.statistics.intervals import estimate_mean
from sim.statistics.rare_events import upper_bound_of_count
from sim.study.best import best_table
from sim.study.comparison import Terms, comparison_table, summary_table
from sim.study.held_against import against_first
from sim.study.replication_values import Values
from tests.conftest import BASE

CONFIDENCE, REPLICATIONS, FLIGHTS = 0.95, 10, 60
STANDARD_ERRORS = 4.0
WIDENED = 0.97  # normal numbers of ten replications look skew by chance: the widened interval holds a little more often
MEASURE = Metric(
    key="x",
    label=Text("x", "x", "x"),
    unit="s",
    better="lower",
    topic="delay",
    formula="made up",
    compute=lambda observation: math.nan,
)
SHARE = Metric(
    key="share",
    label=Text("x", "x", "x"),
    unit="share",
    better="higher",
    topic="delay",
    formula="made up",
    compute=lambda observation: math.nan,
)
METRICS = {metric.key: metric for metric in (MEASURE, SHARE)}
studies = pytest.mark.parametrize("n", [300, pytest.param(8_000, marks=pytest.mark.slow)], ids=["quick", "full"])


def off(covered: "NDArray[np.bool_]", expected: float) -> float:
    """By how many standard errors the share of True is off `expected`; negative: too few."""
    return float((covered.mean() - expected) / math.sqrt(expected * (1 - expected) / len(covered)))


def holds(covered: "NDArray[np.bool_]", told: str = "", most: float = 1.0) -> None:
    """Covers at least as often as promised, and no more often than in the share `most`: needless width."""
    assert off(covered, CONFIDENCE) > -STANDARD_ERRORS, f"{told}: {covered.mean():.4f}"
    assert most == 1 or off(covered, most) < STANDARD_ERRORS, f"{told}: {covered.mean():.4f}"


def table_of(studies_of: Mapping[str, Floats], key: str = "x") -> Values:
    """The studies as parts of one measure; `studies_of` holds an array of shape (studies, replications) a scenario."""
    n = len(next(iter(studies_of.values())))
    return {MeasureRef(key, str(study)): {name: values[study] for name, values in studies_of.items()} for study in range(n)}


def interval_covers(values: Floats, truth: float, key: str = "x") -> "NDArray[np.bool_]":
    """Shape (studies,): the summary's interval holds the truth."""
    rows = summary_table(table_of({"a": values}, key), ["a"], METRICS, CONFIDENCE)
    return ((rows["ci_low"] <= truth) & (truth <= rows["ci_high"])).to_numpy()


# Means and shares: the delay of a flight is what its replication has in common (an outage, a queue; normal) and
# a part of its own (exponential).

COMMON_S, OWN_S, ON_TIME_S = 240.0, 600.0, 900.0
COMMON = stats.norm(scale=COMMON_S)


def delays(n: int, seed: int) -> Floats:
    """Shape (n, replications, flights)."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, COMMON_S, (n, REPLICATIONS, 1)) + rng.exponential(OWN_S, (n, REPLICATIONS, FLIGHTS))


def share_later(delay_s: float) -> float:
    """The share of flights later than that, over all replications."""
    own = stats.expon(scale=OWN_S)
    return float(integrate.quad(lambda common: COMMON.pdf(common) * own.sf(delay_s - common), -8 * COMMON_S, 8 * COMMON_S)[0])


@studies
def test_mean_and_share_from_replications(n: int) -> None:
    found = delays(n, seed=1)
    holds(interval_covers(found.mean(axis=2), OWN_S), "mean, seed 1", WIDENED)
    share = (found <= ON_TIME_S).mean(axis=2)
    holds(interval_covers(share, 1 - share_later(ON_TIME_S), "share"), "share, seed 1", WIDENED)


@studies
def test_intervals_from_single_flights_cover_far_too_seldom(n: int) -> None:
    """As seldom as theory says: the variance of a mean is 1 + (flights - 1) ρ times that of independent flights (Kish 1965)."""
    found = delays(n, seed=2).reshape(n, -1)
    rho = COMMON_S**2 / (COMMON_S**2 + OWN_S**2)
    expected = 2 * stats.norm.cdf(stats.norm.ppf(0.975) / math.sqrt(1 + (FLIGHTS - 1) * rho)) - 1
    of_mean = np.array([e.low <= OWN_S <= e.high for e in (estimate_mean(row, CONFIDENCE) for row in found)])
    assert expected < 0.55 and abs(off(of_mean, expected)) < STANDARD_ERRORS + 0.02 * math.sqrt(n)  # normal theory: within 0.01
    truth = 1 - share_later(ON_TIME_S)
    of_share = np.array([e.low <= truth <= e.high for e in (estimate_mean(row, CONFIDENCE) for row in found <= ON_TIME_S)])
    p90 = optimize.brentq(lambda delay_s: share_later(delay_s) - 0.1, 0, 20 * OWN_S)
    low, high = stats.binom.ppf([0.025, 0.975], found.shape[1], 0.9).astype(int)  # the order statistics around the quantile
    ordered = np.sort(found, axis=1)
    of_quantile = (ordered[:, low - 1] <= p90) & (p90 <= ordered[:, high])
    for covered in (of_mean, of_share, of_quantile):
        assert covered.mean() < 0.9


# Paired differences, Holm's intervals, multiple comparisons with the best.


def correlated(n: int, seed: int, means: Floats, sds: Floats, rho: float) -> dict[str, Floats]:
    """Scenarios of those means and standard deviations, any two of them correlated by `rho`; (n, replications) each."""
    rng = np.random.default_rng(seed)
    common, own = rng.normal(size=(n, REPLICATIONS)), rng.normal(size=(len(means), n, REPLICATIONS))
    noise = math.sqrt(rho) * common + math.sqrt(1 - rho) * own
    return {str(number): mean + sd * noise[number] for number, (mean, sd) in enumerate(zip(means, sds, strict=True))}


@studies
@pytest.mark.parametrize("rho", [0.0, 0.9])
def test_paired_difference(n: int, rho: float) -> None:
    values = correlated(n, 3, np.array([100.0, 103.0]), np.array([10.0, 14.0]), rho)
    rows = comparison_table(table_of(values), against_first(["0", "1"]), METRICS, Terms(CONFIDENCE))
    holds(((rows["ci_low"] <= 3) & (rows["ci_high"] >= 3)).to_numpy(), f"rho {rho}, seed 3", WIDENED)
    gain = (10**2 + 14**2) / (10**2 + 14**2 - 2 * rho * 10 * 14)
    assert rows["variance_reduction"].median() == pytest.approx(gain, rel=0.15)


@studies
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("effects", [(0.0, 0.0, 0.0), (0.0, 0.0, 25.0), (0.0, 4.0, 8.0)], ids=str)
def test_holm(n: int, rho: float, effects: tuple[float, ...]) -> None:
    """At most 5% of studies call a scenario different that is not; and each interval covers its own difference."""
    names = [str(number) for number in range(4)]
    values = correlated(n, 4, 100 + np.array([0.0, *effects]), np.array([10.0, 10.0, 12.0, 8.0]), rho)
    rows = comparison_table(table_of(values), against_first(names), METRICS, Terms(CONFIDENCE)).set_index("scenario")
    kept = np.ones(n, dtype=np.bool_)
    for name, effect in zip(names[1:], effects, strict=True):
        covers = ((rows.loc[name, "ci_low"] <= effect) & (rows.loc[name, "ci_high"] >= effect)).to_numpy()
        holds(covers, f"scenario {name}, seed 4")
        if effect == 0:
            kept &= covers
    holds(kept, "familywise, seed 4")


@studies
@pytest.mark.parametrize("rho", [0.0, 0.9])
@pytest.mark.parametrize("means", [(0.0, 0.0, 0.0, 0.0), (0.0, 1.0, 1.0, 2.0), (0.0, 6.0, 6.0, 20.0)], ids=str)
def test_comparisons_with_the_best(n: int, rho: float, means: tuple[float, ...]) -> None:
    """All intervals of a study hold at once, and the best is among those that may be the best."""
    truth = [mean - min(means[:number] + means[number + 1 :]) for number, mean in enumerate(means)]
    values = correlated(n, 5, np.array(means), np.array([10.0, 10.0, 14.0, 6.0]), rho)
    rows = best_table(table_of(values), list(values), METRICS, Terms(CONFIDENCE))
    low, high, difference, may = (
        rows[column].to_numpy().reshape(n, -1) for column in ("ci_low", "ci_high", "difference", "may_be_best")
    )
    holds(((low <= truth) & (truth <= high)).all(axis=1), f"at once, rho {rho}, seed 5")
    holds(may[:, 0] == "yes", f"the best, rho {rho}, seed 5")
    assert np.all(low <= difference) and np.all(difference <= high)
    if rho and means[3] == 20:
        assert (may[:, 3] == "no").mean() > 0.9  # and what is far behind is found out


@studies
def test_comparisons_of_two_with_the_best_have_no_slack_but_the_widening(n: int) -> None:
    """With one rival Bonferroni's bound has no slack."""
    values = correlated(n, 6, np.array([0.0, 0.5]), np.array([10.0, 14.0]), 0.6)
    rows = best_table(table_of(values), list(values), METRICS, Terms(CONFIDENCE))
    low, high = (rows[column].to_numpy().reshape(n, -1) for column in ("ci_low", "ci_high"))
    holds(((low <= [-0.5, 0.5]) & (high >= [-0.5, 0.5])).all(axis=1), "seed 6", WIDENED)


# The bound of a Poisson count.


@studies
@pytest.mark.parametrize("expected", [0.5, 2.9, 3.1, 4.8])
def test_bound_of_a_count(n: int, expected: float) -> None:
    """At least as often as promised, and as often as the sum over all counts says."""
    counts = np.random.default_rng(7).poisson(expected / REPLICATIONS, (n, REPLICATIONS)).sum(axis=1)
    bounds = np.array([upper_bound_of_count(count, CONFIDENCE) for count in range(60)])
    share = float(stats.poisson.pmf(np.arange(60), expected)[bounds >= expected].sum())
    assert share >= CONFIDENCE
    covered = bounds[counts] >= expected
    holds(covered, f"expected {expected}, seed 7")
    assert covered.all() if share > 1 - 1e-9 else abs(off(covered, share)) < STANDARD_ERRORS


# The model itself: the replications of one long run are the law from which studies are drawn, so that the truth is known.

RARE_DAYS = 5.0  # a skewness that tells of rare days
MEASURES = ("delay_mean", "on_time_share", "order_to_release_mean", "flights_released", "officer_hours")


def drawn_studies(values: Floats, n: int) -> Floats:
    """Shape (n, replications)."""
    return np.random.default_rng(8).choice(values, (n, REPLICATIONS))


def run_of(folder: Path, n: int, *overrides: str) -> sim.Study:
    (folder / "base.yaml").write_text(BASE)
    return sim.run(folder / "base.yaml", replications=n, keep_stages="none", set=overrides)


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> sim.Study:
    return run_of(tmp_path_factory.mktemp("long"), 600)


def check_measures(study: sim.Study) -> None:
    """No more than three points below 95% with ten replications; eight where a rare day decides.

    In a window of one day an outage of the data interface comes in few replications, and the others know nothing of it.
    """
    whole = study.replications[study.replications["part"] == ""].pivot(index="replication", columns="metric", values="value")
    for metric in MEASURES:
        values = whole[metric].to_numpy()
        assert np.isfinite(values).all()
        covered = interval_covers(drawn_studies(values, 2_000), float(values.mean())).mean()
        least = CONFIDENCE - (0.08 if abs(stats.skew(values)) > RARE_DAYS else 0.03)
        assert covered > least, f"{metric}: {covered:.3f}, seed 8"


@pytest.mark.slow
def test_intervals_of_the_model_quickly(tmp_path: Path) -> None:
    check_measures(run_of(tmp_path, 30))


@pytest.mark.slow
def test_intervals_of_the_model(long_run: sim.Study) -> None:
    check_measures(long_run)


@pytest.mark.slow
def test_intervals_from_the_flights_of_the_model_cover_too_seldom(tmp_path: Path) -> None:
    """Where flights queue, they share their fate: the share on time from 120 replications of a world with full corridors."""
    study = run_of(tmp_path, 120, "world.demand.flights_per_day=45/d", "policy.corridor.headway=8 min")
    flights = study.flights[study.flights["measured"]].assign(on_time=lambda table: table["delay_s"] <= ON_TIME_S)
    by_replication = flights.groupby("replication").agg(n=("flight", "size"), on_time=("on_time", "sum")).to_numpy(dtype=float)
    drawn = by_replication[np.random.default_rng(8).integers(0, 120, (2_000, REPLICATIONS))]
    n, on_time = drawn.sum(axis=1).T
    share = on_time / n
    half = stats.norm.ppf(0.975) * np.sqrt(share * (1 - share) / n)
    from_flights = (np.abs(share - flights["on_time"].mean()) <= half).mean()
    own = drawn[:, :, 1] / drawn[:, :, 0]
    truth = float((by_replication[:, 1] / by_replication[:, 0]).mean())
    from_replications = interval_covers(own, truth, "share").mean()
    assert from_flights < 0.92 < from_replications, (from_flights, from_replications)
