"""Robustness: verdicts, shares and rules against worked cases; worlds that both policies share."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.analysis.ranges import ranges
from sim.analysis.robust import LOSS, TIE, UNKNOWN, WIN, judge, robust, share_of, worlds_of
from sim.analysis.scenario_discovery import loss_rule
from sim.execution.options import RunOptions
from sim.ground.errors import InputError
from sim.metrics.measure_ref import read_measure
from sim.report.robustness import answer, caveat
from sim.scenario.load import load_scenarios
from tests.analysis.conftest import FEW
from tests.analysis.made_up import made_up
from tests.analysis.test_ranges import DEFAULT, position

WORLD = ranges(DEFAULT)[:4]
INF = math.inf


@pytest.mark.parametrize(("measure", "sign"), [("delay_quantile/p50", 1), ("on_time_share", -1)])
def test_verdicts_worked_by_hand(measure: str, sign: int) -> None:
    a = sign * np.array([[100.0], [100.0], [100.0], [100.0], [INF], [INF], [100.0]])
    b = sign * np.array([[80.0], [120.0], [105.0], [110.0], [50.0], [INF], [INF]])
    u = np.zeros((7, len(WORLD)))
    found = judge(made_up(np.concatenate([a, b])), read_measure(measure), WORLD, u, 10.0)
    assert list(found.verdict) == [WIN, LOSS, TIE, TIE, WIN, UNKNOWN, LOSS]
    assert found.n == 6
    assert [found.shares[name][0] for name in (WIN, TIE, LOSS)] == pytest.approx([2 / 6, 2 / 6, 2 / 6])


def test_the_band_is_a_hundredth_of_the_median_level_unless_given() -> None:
    values = np.concatenate([np.full((5, 1), 200.0), np.array([[199.0], [201.0], [202.1], [197.0], [198.5]])])
    found = judge(made_up(values), read_measure("delay_quantile/p50"), WORLD, np.zeros((5, len(WORLD))), None)
    assert found.band == 2.0
    assert list(found.verdict) == [TIE, TIE, LOSS, WIN, TIE]


def test_replications_are_averaged_before_they_are_held_against_each_other() -> None:
    values = np.array([[10.0, 30.0], [10.0, 10.0], [30.0, 12.0], [5.0, 5.0]])  # worlds 1, 2 under a, then under b
    found = judge(made_up(values), read_measure("delay_quantile/p50"), WORLD, np.zeros((2, len(WORLD))), 0.0)
    assert list(found.difference) == [1.0, -5.0]


@pytest.mark.parametrize(("wins", "n"), [(94, 100), (0, 30), (30, 30), (7, 9)])
def test_the_interval_of_a_share_is_wilsons(wins: int, n: int) -> None:
    verdict = np.array([WIN] * wins + [LOSS] * (n - wins) + [UNKNOWN] * 5)
    share, low, high = share_of(verdict, WIN, 0.95)
    z = stats.norm.ppf(0.975)
    middle, half = (wins + z * z / 2) / (n + z * z), z / (n + z * z) * math.sqrt(wins * (n - wins) / n + z * z / 4)
    assert (share, low, high) == pytest.approx((wins / n, max(middle - half, 0), min(middle + half, 1)), abs=1e-12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_rule_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    u = rng.random((400, len(WORLD)))
    inside = (u[:, 1] > 0.7) & (u[:, 3] < 0.5)
    lost = np.where(inside, rng.random(400) < 0.9, rng.random(400) < 0.02)
    rule = loss_rule(lost, u, WORLD)
    assert rule is not None, f"seed {seed}"
    assert {(c.path, c.above) for c in rule.conditions} == {(WORLD[1].path, True), (WORLD[3].path, False)}, f"seed {seed}"
    for condition in rule.conditions:
        each = next(each for each in WORLD if each.path == condition.path)
        assert position(each, condition.value) == pytest.approx(0.7 if condition.above else 0.5, abs=0.05), f"seed {seed}"
    box = (u[:, 1] > position(WORLD[1], rule.conditions[0].value if rule.conditions[0].above else rule.conditions[1].value)) & (
        u[:, 3] <= position(WORLD[3], rule.conditions[1].value if rule.conditions[0].above else rule.conditions[0].value)
    )
    told = f"seed {seed}"  # values of conditions have three digits
    assert (rule.worlds, rule.losses) == pytest.approx((box.sum(), (box & lost).sum()), abs=8), told
    assert rule.density == rule.losses / rule.worlds
    assert rule.coverage == rule.losses / lost.sum()
    assert rule.base == lost.mean()


def test_no_rule_is_made_of_chance_or_of_few() -> None:
    rng = np.random.default_rng(5)
    u = rng.random((300, len(WORLD)))
    assert loss_rule(np.arange(300) < 5, u, WORLD) is None  # five losses
    assert loss_rule(np.ones(300, dtype=bool), u, WORLD) is None  # nothing else
    found = loss_rule(rng.random(300) < 0.5, u, WORLD)
    assert found is None or found.density < 0.9


def test_both_policies_meet_the_same_worlds(base: Path, early: Path) -> None:
    a, b = load_scenarios([base, early])
    points = worlds_of([a, b], WORLD, np.random.default_rng(1).random((5, len(WORLD))))
    for first, second in zip(points[:5], points[5:], strict=True):
        assert first.scenario.resolved()["world"] == second.scenario.resolved()["world"]
        assert (first.base, second.base) == ("base", "early")
    assert len({str(point.scenario.resolved()["world"]) for point in points}) == 5


def test_a_replication_without_a_value_is_left_out_of_its_world() -> None:
    nan = math.nan
    values = np.array([[10.0, nan, 30.0], [10.0, 10.0, 10.0], [20.0, 20.0, 20.0], [nan, nan, nan]])
    found = judge(made_up(values), read_measure("delay_quantile/p50"), WORLD, np.zeros((2, len(WORLD))), 0.0)
    assert found.difference[0] == 0.0
    assert list(found.verdict) == [TIE, UNKNOWN]


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


def test_robust_answers_in_a_sentence(base: Path, early: Path, tmp_path: Path) -> None:
    options = RunOptions(out=tmp_path / "out", replications=1)
    found = robust([base, early], measure="on_time_share", band="1%", worlds=12, leave=FEW, options=options)
    assert found.n == 12
    assert sum(share for share, _, _ in found.shares.values()) == pytest.approx(1)
    assert found.shares[WIN][0] > 0.5  # an hour more for customs to decide
    table = found.table()
    assert (tmp_path / "out" / "worlds.csv").read_text() == table.to_csv(index=False, lineterminator="\n")
    by_hand = found.design_run.values("on_time_share")
    assert np.allclose(table["difference"], by_hand[12:, 0] - by_hand[:12, 0])
    for language, word in (("en", "plausible worlds"), ("zh-Hant", "情境"), ("zh-Hans", "情境")):
        first, *_ = answer(found, language)  # type: ignore[arg-type]
        assert word in first and "12" in first
    assert str(len(found.ranges)) in caveat(found)
