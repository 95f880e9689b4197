"""Robustness: verdicts, shares and rules against worked cases; worlds that both policies share."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import stats

from sim.analysis.design_points import plan_of, settings_of
from sim.analysis.design_run import DesignRun
from sim.analysis.ranges import ranges
from sim.analysis.robust import (
    FEWER,
    LOSS,
    TIE,
    UNDECIDED,
    UNKNOWN,
    WIN,
    Robustness,
    check_has_values,
    judge,
    margin_of_scenario,
    robust,
    share_of,
    worlds_of,
)  # fmt: skip
from sim.archive.checkpoint import unfinished_in
from sim.execution.options import RunOptions
from sim.ground.errors import InputError
from sim.metrics import CATALOGUE
from sim.metrics.measure_ref import read_measure
from sim.model.metric import Margin
from sim.report.robustness import answer, caveats
from sim.scenario.load import apply, load_scenario, load_scenarios
from sim.statistics.intervals import METHOD
from tests.analysis.conftest import FEW
from tests.analysis.made_up import made_up
from tests.analysis.test_ranges import DEFAULT

WORLD = ranges(DEFAULT)[:4]
INF = math.inf


def worlds(a: ArrayLike, b: ArrayLike, event: float = math.nan) -> DesignRun:
    """Values under the two policies, shape (worlds, r) each, in the order of the points."""
    both = np.stack([np.asarray(a, dtype=float), np.asarray(b, dtype=float)], axis=1)
    return made_up(both.reshape(-1, both.shape[-1]), event=event)


def judged(a: ArrayLike, b: ArrayLike, band: float | None, measure: str = "delay_quantile/p50") -> Robustness:
    return judge(worlds(a, b), read_measure(measure), WORLD, np.zeros((len(np.asarray(a)), len(WORLD))), band)


@pytest.mark.parametrize(("measure", "sign"), [("delay_quantile/p50", 1), ("on_time_share", -1)])
def test_verdicts_worked_by_hand(measure: str, sign: int) -> None:
    """Each world by its own interval: of five replications 99, 100, 101, 99, 101 about a mean, half a width is 1.24."""
    spread = np.array([-1.0, 0.0, 1.0, -1.0, 1.0])
    a = np.full((8, 5), 100.0)
    b = np.array([100 + shift + spread for shift in (-20, 20, 5, 10, -11)] + [np.full(5, INF)] * 2 + [np.full(5, 95.0)])
    a[5] = INF
    result = judged(sign * a, sign * b, 10.0, measure)
    assert list(result.verdict) == [WIN, LOSS, TIE, UNDECIDED, UNDECIDED, UNKNOWN, LOSS, TIE]
    assert result.n == 7
    assert [result.shares[name][0] for name in (WIN, TIE, LOSS, UNDECIDED, UNKNOWN)] == [1 / 8, 2 / 8, 2 / 8, 2 / 8, 1 / 8]
    low, high = METHOD.interval(sign * (b[:5] - a[:5]), 0.05)
    assert result.low[:5] == pytest.approx(low)
    assert result.high[:5] == pytest.approx(high)


def test_a_value_that_is_infinite_in_some_replications_decides_nothing() -> None:
    a, b = [[INF, 100.0, INF], [INF, INF, INF], [INF, INF, math.nan]], [[50.0] * 3, [50.0] * 3, [INF, 50.0, 50.0]]
    assert list(judged(a, b, 10.0).verdict) == [UNDECIDED, WIN, UNDECIDED]


def test_worlds_that_no_replication_tells_apart_are_alike_and_one_that_differs_is_not() -> None:
    a = np.full((2, 4), 7.0)
    b = np.array([[7.0, 7, 7, 7], [7, 7, 7, 10]])
    assert list(judged(a, b, 0.0).verdict) == [TIE, UNDECIDED]
    for band, verdict in ((0.1, UNDECIDED), (10.0, TIE)):  # an event of size 1 may have come in none of four replications
        result = judge(worlds(a, b, 1.0), read_measure("on_time_share"), WORLD, np.zeros((2, len(WORLD))), band)
        assert result.verdict[0] == verdict


def test_who_releases_clearly_fewer_flights_is_not_called_better() -> None:
    a, b = np.full((4, 3), 100.0), np.array([[50.0] * 3, [50.0] * 3, [150.0] * 3, [150.0] * 3])
    both = np.stack([a, b], axis=1).reshape(8, 3)
    share = np.array([0.9, 0.6, 0.9, 0.895, 0.9, 0.6, 0.6, 0.9])[:, None]  # world by world under A, then B
    run = made_up(both, released_share=share)
    u = np.zeros((4, len(WORLD)))
    result = judge(run, read_measure("delay_quantile/p50"), WORLD, u, 1.0)
    assert list(result.verdict) == [FEWER, WIN, LOSS, FEWER]
    assert "in 50% the better one releases clearly fewer flights" in answer(result)[0]
    assert list(judge(run, read_measure("flights_released"), WORLD, u, 1.0).verdict) == [LOSS, LOSS, WIN, WIN]


def test_the_band_is_what_matters_unless_given() -> None:
    scenario, measured = load_scenario("scenarios/baseline.yaml"), read_measure("wait_mean/pads.hong_kong")
    assert margin_of_scenario(apply(scenario, {"study.matters": {"wait_mean": "3 min"}}), measured) == 180
    both = {"wait_mean": "3 min", "wait_mean/pads.hong_kong": "2 min"}
    assert margin_of_scenario(apply(scenario, {"study.matters": both}), measured) == 120
    matters = Margin("40 s", "here", "guess", ("1 s", "1 min"))
    assert margin_of_scenario(scenario, replace(measured, metric=replace(measured.metric, matters=matters))) == 40
    assert margin_of_scenario(scenario, replace(measured, metric=replace(measured.metric, matters=None))) is None


def test_the_share_of_worlds_decided_by_chance_alone_is_that_of_the_interval() -> None:
    rng = np.random.default_rng(8)
    a = rng.normal(100, 5, (4000, 5))
    result = judged(a, a + rng.normal(0, 1, a.shape), 0.0)
    assert 0.02 < result.shares[WIN][0] + result.shares[LOSS][0] < 0.06, "seed 8"


def test_the_replications_that_would_decide_half_of_the_undecided() -> None:
    """They are those by which the interval is as narrow as the mean is far from the nearer end of the band."""
    rng = np.random.default_rng(3)
    a = rng.normal(100, 5, (200, 5))
    shift = rng.normal(0, 1, a.shape)
    b = a + shift - shift.mean(axis=1, keepdims=True) + 0.5
    result = judged(a, b, 0.0)
    undecided = (result.verdict == UNDECIDED).sum()
    assert undecided > 50
    n = int(result.replications_needed)
    longer = judged(np.full((2000, n), 100.0), 100.5 + rng.normal(0, 1, (2000, n)), 0.0)
    assert 0.3 < longer.shares[LOSS][0] < 0.9, "seed 3"


def test_the_band_is_a_hundredth_of_the_median_level_where_nothing_is_stated() -> None:
    b = np.repeat([[199.0], [201.0], [202.1], [197.0], [198.5]], 2, axis=1)
    result = judged(np.full((5, 2), 200.0), b, None)
    assert result.band == 2.0
    assert list(result.verdict) == [TIE, TIE, LOSS, WIN, TIE]


def test_replications_are_averaged_before_they_are_held_against_each_other() -> None:
    assert list(judged([[10.0, 30.0], [10.0, 10.0]], [[30.0, 12.0], [5.0, 5.0]], 0.0).difference) == [1.0, -5.0]


@pytest.mark.parametrize(("wins", "n"), [(94, 100), (0, 30), (30, 30), (7, 9)])
def test_the_interval_of_a_share_is_wilsons_among_all_worlds(wins: int, n: int) -> None:
    verdict = np.array([WIN] * wins + [LOSS] * (n - wins - n // 10) + [UNKNOWN] * (n // 10))[:n]
    share, low, high = share_of(verdict, WIN, 0.95)
    z = stats.norm.ppf(0.975)
    middle, half = (wins + z * z / 2) / (n + z * z), z / (n + z * z) * math.sqrt(wins * (n - wins) / n + z * z / 4)
    assert (share, low, high) == pytest.approx((wins / n, max(middle - half, 0), min(middle + half, 1)), abs=1e-12)


def test_above_two_thirds_lost_it_is_asked_where_b_wins() -> None:
    rng = np.random.default_rng(2)
    u = rng.random((300, len(WORLD)))
    wins = u[:, 2] < 0.2
    a = np.full((300, 2), 100.0)
    result = judge(worlds(a, np.where(wins, 50.0, 150.0)[:, None] + 0 * a), read_measure("delay_quantile/p50"), WORLD, u, 1.0)
    assert (result.verdict == LOSS).mean() > 2 / 3
    assert result.about == WIN
    assert result.rule is not None
    assert [(c.path, c.above) for c in result.rule.conditions] == [(WORLD[2].path, False)]
    assert result.rule.density == 1.0
    assert "clearly better mostly where" in answer(result)[1]
    turned = judge(worlds(a, np.where(wins, 150.0, 50.0)[:, None] + 0 * a), read_measure("delay_quantile/p50"), WORLD, u, 1.0)
    assert turned.about == LOSS
    assert "clearly worse mostly where" in answer(turned)[1]


def test_both_policies_meet_the_same_worlds(base: Path, early: Path) -> None:
    a, b = load_scenarios([base, early])
    settings = settings_of(WORLD, np.random.default_rng(1).random((5, len(WORLD))))
    points = worlds_of([plan_of(policy, settings) for policy in (a, b)])
    for first, second in zip(points[::2], points[1::2], strict=True):
        assert first.scenario.resolved()["world"] == second.scenario.resolved()["world"]
        assert (first.base, second.base) == ("base", "early")
    assert len({str(point.scenario.resolved()["world"]) for point in points}) == 5


def test_a_replication_without_a_value_is_left_out_of_its_world() -> None:
    nan = math.nan
    result = judged([[10.0, nan, 30.0], [10.0, 10.0, 10.0]], [[20.0, 20.0, 20.0], [nan, nan, nan]], 0.0)
    assert result.difference[0] == 0.0
    assert list(result.verdict) == [UNDECIDED, UNKNOWN]


@pytest.mark.parametrize("band", ["-5 min", "nan s"])
def test_a_band_is_a_width(base: Path, early: Path, band: str) -> None:
    with pytest.raises(InputError, match="band"):
        robust([base, early], measure="delay_quantile/p50", band=band, worlds=2)


@pytest.mark.parametrize("setting", ["days: 2", "warm_up: 1 h", "boost: 3"])
def test_policies_over_different_windows_are_refused(base: Path, tmp_path: Path, setting: str) -> None:
    (tmp_path / "longer.yaml").write_text(f"extends: base.yaml\nname: longer\nstudy: {{{setting}}}\n")
    with pytest.raises(InputError, match=f"study.{setting.partition(':')[0]}"):
        robust([base, tmp_path / "longer.yaml"], worlds=2)


def test_names_that_begin_alike_are_refused(base: Path, tmp_path: Path) -> None:
    stem = "a" * 60
    for end, lead in (("1", "0 min"), ("2", "60 min")):
        text = f"extends: base.yaml\nname: {stem}{end}\npolicy: {{pre_clearance: {{lead: {lead}}}}}\n"
        (tmp_path / f"long{end}.yaml").write_text(text)
    with pytest.raises(InputError, match="58 characters"):
        robust([tmp_path / "long1.yaml", tmp_path / "long2.yaml"], measure="on_time_share", worlds=2, leave=FEW)


def test_policies_in_different_worlds_are_refused(base: Path, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("extends: base.yaml\nname: other\nworld: {demand: {flights_per_day: 5/d}}\n")
    with pytest.raises(InputError, match="another world than base"):
        robust([base, tmp_path / "other.yaml"], worlds=2)


def test_a_measure_without_a_direction_is_refused(base: Path, early: Path) -> None:
    with pytest.raises(InputError, match="neither direction"):
        robust([base, early], measure="delay_mean")


def test_one_replication_decides_nothing_and_is_refused(base: Path, early: Path) -> None:
    with pytest.raises(InputError, match="2 or more"):
        robust([base, early], worlds=2, replications=1)


def test_robust_answers_in_a_sentence(base: Path, early: Path, tmp_path: Path) -> None:
    options = RunOptions(out=tmp_path / "out", replications=2)
    result = robust([base, early], measure="on_time_share", band="1%", worlds=12, leave=FEW, options=options)
    assert result.n == 12
    assert sum(share for share, _, _ in result.shares.values()) == pytest.approx(1)
    assert (result.difference > 0).mean() > 0.5  # an hour more for customs to decide
    table = result.table()
    assert (tmp_path / "out" / "worlds.csv").read_text("utf-8-sig") == table.to_csv(index=False, lineterminator="\n")
    by_hand = result.design_run.values("on_time_share")
    assert np.allclose(table["difference"], (by_hand[1::2] - by_hand[::2]).mean(axis=1))
    sentences = (("en", "If each guess is equally likely"), ("zh-Hant", "機會均等"), ("zh-Hans", "机会均等"))
    for language, condition in sentences:
        first, *_ = answer(result, language)  # type: ignore[arg-type]
        assert condition in first
        assert all(f"{100 * share:.0f}%" in first for share, _, _ in result.shares.values())
    assert str(len(result.ranges)) in caveats(result)[0]


@pytest.mark.slow
def test_a_measure_without_value_is_noticed_after_twenty_worlds(base: Path, early: Path, tmp_path: Path) -> None:
    """No flight meets a disruption here; what was simulated until then serves the measure that is named."""
    options = RunOptions(out=tmp_path / "out", replications=2, workers=1)
    with pytest.raises(InputError, match="20 of the first 20 worlds") as error:
        robust([base, early], measure="recovery_on_time_share", worlds=24, leave=FEW, options=options)
    other = error.value.problems[0].allowed.en.split(",")[0]
    (kept,) = unfinished_in(tmp_path)
    assert kept.n_saved < 2 * 2 * 24
    result = robust([base, early], measure=other, worlds=24, leave=FEW, options=options)
    assert result.n == 24
    assert result.design_run.manifest.run.replications_kept == kept.n_saved


def test_the_measure_that_is_named_is_of_the_same_topic_and_has_a_value_in_all_worlds() -> None:
    nan, names = math.nan, ("a-1", "b-1", "a-2", "b-2")
    rows = {
        "delay_quantile/p50": [[INF], [INF], [INF], [INF]],
        "wait_mean/pads.wenjindu": [[1.0], [1.0], [1.0], [1.0]],
        "unreleased_share": [[1.0], [1.0], [1.0], [nan]],
        "on_time_share": [[0.5], [0.5], [0.5], [0.5]],
    }
    values = {read_measure(name).ref: dict(zip(names, map(np.array, row), strict=True)) for name, row in rows.items()}
    metrics = {metric.key: metric for metric in CATALOGUE}
    check_has_values(read_measure("on_time_share"), values, metrics)
    with pytest.raises(InputError, match=r"(?s)2 of the first 2 worlds.*on_time_share, which has one"):
        check_has_values(read_measure("delay_quantile/p50"), values, metrics)


def test_only_of_a_quantile_it_is_told_that_it_is_not_reached() -> None:
    nothing = [[math.nan] * 3] * 2
    assert "not reached under both policies" in caveats(judged(nothing, nothing, 1.0))[-1]
    of_share = caveats(judged(nothing, nothing, 1.0, "on_time_share"))[-1]
    assert of_share.startswith("2 of 2 worlds have no value")
    assert "not reached" not in of_share
    assert "infinite" not in of_share
