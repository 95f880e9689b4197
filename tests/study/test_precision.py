"""The rule that finds the number of replications, beside an independent implementation; how a precision is asked for."""

import warnings

import numpy as np
import pytest

from sim.ground.errors import InputError
from sim.metrics import all_metrics
from sim.metrics.measure_ref import MeasureRef
from sim.policies import FEATURES
from sim.statistics.intervals import estimate_mean
from sim.statistics.rare_events import many_events
from sim.statistics.sequential import earliest_stop, look_ahead, running, stopping_time
from sim.study.precision import Target, not_measured, parse_targets, precise

METRICS = {metric.key: metric for metric in all_metrics(FEATURES)}
ALPHA = 0.05


def target(written: str, n_scenarios: int = 2) -> Target:
    return parse_targets([written], METRICS, n_scenarios)[0]


def relative(share: float) -> Target:
    return target(f"delay_mean={100 * share}%")


def by_the_rule(values: np.ndarray, share: float, least: int, most: int = 10**6) -> int | None:
    return stopping_time(precise(running(values, ALPHA), relative(share)), least, most)


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
def test_it_finds_the_number_that_sim_tools_finds(seed: int) -> None:
    """Up to 90 replications, where both look ahead to the same; sim-tools lets the look-ahead grow while it looks."""
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
    holds = precise(running(values, ALPHA), relative(share))
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


def test_a_mean_that_is_none_is_never_precise() -> None:
    nothing, never = np.full(30, np.nan), np.full(30, 100.0)
    never[7] = np.inf
    wide = target("delay_mean=1000 h")
    assert not precise(running(nothing, ALPHA), wide).any()
    assert precise(running(never, ALPHA), wide).tolist() == [False] * 2 + [True] * 5 + [False] * 23
    assert np.isnan(running(never, ALPHA).half[7:]).all()


def test_a_measure_with_one_value_throughout_is_precise_after_three() -> None:
    assert precise(running(np.zeros(5), ALPHA), relative(0.05)).tolist() == [False, False, True, True, True]


def test_rare_counts_need_five_events() -> None:
    assert many_events([0, np.nan, 3, 1, 0, 1]).tolist() == [False] * 5 + [True]
    assert target("illicit_missed=1").events == MeasureRef("illicit_missed")
    assert target("delay_mean=5%").events is None


def test_the_limit_cuts_the_look_ahead_off() -> None:
    holds = np.array([False] * 8 + [True] * 2)
    assert stopping_time(holds, 3, 10) == 9
    assert stopping_time(holds, 3, 11) is None
    assert stopping_time(~holds, 3, 10) == 3


@pytest.mark.parametrize(
    ("written", "metric", "part", "required", "is_relative"),
    [
        ("delay_mean=5%", "delay_mean", "", 0.05, True),
        ("delay_quantile/p95 = 2 min", "delay_quantile", "p95", 120.0, False),
        ("wait_mean/pad.sheung_wan=10s", "wait_mean", "pad.sheung_wan", 10.0, False),
        ("on_time_share=0.02", "on_time_share", "", 0.02, False),
        ("on_time_share=2 pp", "on_time_share", "", 0.02, False),
        ("releases_per_hour=0.5/h", "releases_per_hour", "", 0.5, False),
        ("illicit_found=3", "illicit_found", "", 3.0, False),
        ("wrong_side_km=200 m", "wrong_side_km", "", 0.2, False),
        ("officer_hours=30 min", "officer_hours", "", 0.5, False),
        ("difference:delay_mean=1 min", "delay_mean", "", 60.0, False),
    ],
)
def test_how_a_target_is_asked_for(written: str, metric: str, part: str, required: float, is_relative: bool) -> None:
    found = target(written)
    assert (*found.measure, found.is_relative) == (metric, part, is_relative)
    assert found.required == pytest.approx(required, rel=1e-12)
    assert found.of_difference == written.startswith("difference:")


@pytest.mark.parametrize("unit", sorted({metric.unit for metric in METRICS.values()}))
def test_every_unit_of_a_measure_can_be_asked_for(unit: str) -> None:
    key = next(metric.key for metric in METRICS.values() if metric.unit == unit)
    written = {"s": "3600 s", "min": "1 h", "h": "1 h", "h/1000": "1 h", "d": "1 h", "/h": "1/h", "km": "1 km", "m": "1 km"}
    required = {"s": 3600, "min": 60, "d": 1 / 24, "m": 1000}
    assert target(f"{key}={written.get(unit, '1')}").required == pytest.approx(required.get(unit, 1))


def test_a_half_width_is_shown_as_it_was_asked_for() -> None:
    assert target("delay_mean=2 min").shown(83, 1000) == "1.38 min"
    assert target("delay_mean=5%").shown(48, -1000) == "4.8%"
    assert target("on_time_share=2 pp").shown(0.013, 0.7) == "1.3 pp"
    assert target("releases_per_hour=3/h").shown(1.5, 9) == "1.5/h"
    assert target("delay_mean=5%").shown(float("nan"), 9) == "?%"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("mean_delay=5%", "no such measure.*\n.*\n.*delay_mean"),
        ("delay_mean", "a measure and a half width are needed"),
        ("=5%", "a measure and a half width are needed"),
        ("delay_mean=", "a measure and a half width are needed"),
        ("delay_mean=5", "unit is missing"),
        ("delay_mean=5 km", "is a unit of length"),
        ("delay_mean=0 s", "above 0"),
        ("delay_mean=-5%", "above 0"),
        ("delay_mean=nan%", "a number"),
        ("on_time_share=2 min", "plain number is needed"),
        ("illicit_found=2 pp", "plain number is needed"),
        ("difference:delay_mean=5%", "a difference may be 0"),
    ],
)
def test_bad_targets_are_told(written: str, told: str) -> None:
    with pytest.raises(InputError, match=f"precision: (?s:.*){told}"):
        target(written)


def test_every_bad_target_is_told_at_once() -> None:
    bad = ["mean_delay=5%", "on_time_share=x", "difference:on_time_share=0.1"]
    with pytest.raises(InputError) as raised:
        parse_targets(["delay_mean=5%", *bad], METRICS, 1)
    assert [problem.found for problem in raised.value.problems] == bad


def test_an_unknown_part_names_those_near() -> None:
    problem = not_measured(
        target("delay_quantile/p59=5%"), map(MeasureRef.parse, ("delay_mean", "delay_quantile/p50", "delay_quantile/p95"))
    )
    assert problem.allowed == "delay_quantile/p95, delay_quantile/p50"
    assert "no whole" in not_measured(target("delay_quantile=5%"), [MeasureRef("delay_quantile", "p50")]).message
