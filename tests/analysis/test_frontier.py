"""The frontier: dominance worked by hand and by brute force, and what is clear beyond chance."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.frontier import LISTING, fewer_flights, frontier, frontier_table, read_pair, tradeoffs_of
from sim.charts.frontier import finding
from sim.ground.errors import InputError
from sim.metrics.measure_ref import read_measure
from sim.report.frontier import cells_of
from tests.conftest import EACH_FLIGHT_APPROVED

LOW, HIGH = read_measure("delay_quantile/p50"), read_measure("on_time_share")
EXACT = [0.0, 0.0, 0.0]


def unknown(_: object, groups: Sequence[Sequence[str]]) -> np.ndarray:
    """No event of a known size."""
    return np.full(len(groups), np.nan)


def table(points: dict[str, tuple[float, float]], of_y: object = LOW, noise: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    x, y = ({name: np.full(3, point[axis]) + noise * rng.normal(size=3) for name, point in points.items()} for axis in (0, 1))
    fewer: dict[str, list[str]] = {name: [] for name in points}
    return frontier_table(list(points), x, y, LOW, of_y, 0.95, unknown, fewer).set_index("scenario")  # type: ignore[arg-type]


def test_dominance_worked_by_hand() -> None:
    found = table({"a": (1, 5), "b": (2, 3), "c": (3, 3), "d": (4, 1), "e": (4, 6), "f": (np.inf, 0)})
    assert list(found.index[found["is_on_frontier"]]) == ["a", "b", "d"]
    assert found.loc["c", "dominated_by"] == "b"
    assert found.loc["e", "dominated_by"] == "a b c d"
    assert found.loc["e", "clearly_dominated_by"] == "a b c d"  # no chance in it
    assert not found.loc["f", "is_on_frontier"] and found.loc["f", "dominated_by"] == ""


def test_directions_of_measures_are_heeded() -> None:
    found = table({"a": (1, 0.5), "b": (2, 0.9), "c": (2, 0.4)}, of_y=HIGH)
    assert list(found.index[found["is_on_frontier"]]) == ["a", "b"]
    assert found.loc["c", "dominated_by"] == "a b"


def test_a_replication_without_a_value_saves_no_policy() -> None:
    x = {"a": np.array([5.0, 5.0, np.nan, 5.0]), "b": np.ones(4)}
    y = {"a": np.full(4, 9.0), "b": np.ones(4)}
    found = frontier_table(["a", "b"], x, y, LOW, LOW, 0.95, unknown, {"a": [], "b": []}).set_index("scenario")
    assert found.loc["a", "dominated_by"] == "b" and not found.loc["a", "is_on_frontier"]


def test_equal_policies_do_not_dominate_each_other() -> None:
    assert table({"a": (1, 1), "b": (1, 1)})["is_on_frontier"].all()


def test_what_chance_may_have_done_is_not_clear() -> None:
    found = table({"a": (1, 1), "b": (1.01, 1.01)}, noise=1.0)
    assert "".join(found["clearly_dominated_by"]) == ""


def test_who_releases_clearly_fewer_flights_dominates_nobody_who_releases_more() -> None:
    """By how many fewer: half of them; 5 pp but with chance; and less than the 1 pp that matters, with no chance in it."""
    flights = read_measure("released_share")
    chance = 0.2 * np.random.default_rng(3).normal(size=8)
    released = {"a": np.full(8, 0.8), "half": np.full(8, 0.4), "chance": 0.75 + chance, "nearly": np.full(8, 0.795)}
    names = list(released)
    fewer = fewer_flights(names, released, flights, 0.95, lambda _, groups: np.full(len(groups), 1e-6))
    assert fewer == {"a": [], "half": ["a", "nearly"], "chance": [], "nearly": []}
    level = {name: np.full(8, 2.0 if name == "a" else 1.0) for name in names}
    listing = frontier_table(names, level, level, LOW, LOW, 0.95, unknown, fewer).set_index("scenario")
    assert listing.loc["a", "dominated_by"] == listing.loc["a", "clearly_dominated_by"] == "chance nearly"
    assert list(listing["fewer_flights_than"]) == ["", "a nearly", "", ""]
    sentence = finding(listing.reset_index(), {}, "en")
    assert "Clearly fewer flights than under a are released under half; a policy dominates none" in sentence
    assert "flights" not in finding(listing.reset_index().query("scenario != 'half'"), {}, "en")


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=8))
def test_the_frontier_is_that_of_brute_force(points: list[tuple[int, int]]) -> None:
    found = table({f"s{number}": point for number, point in enumerate(points)})
    for number, (x, y) in enumerate(points):
        beaten = any((a, b) != (x, y) and a <= x and b <= y for a, b in points)
        assert found.loc[f"s{number}", "is_on_frontier"] == (not beaten)


def test_policies_from_files_and_from_a_sweep(base: Path, early: Path, tmp_path: Path) -> None:
    """An hour's lead puts off late orders, and gains nothing where half an hour is enough."""
    pairs = [("on_time_share", "delay_quantile/p50")]
    frontier([base, early], pairs=pairs, out=tmp_path / "files", replications=2)
    listing = pd.read_csv(tmp_path / "files" / LISTING, keep_default_na=False)
    assert list(listing["scenario"]) == ["base", "early"]
    assert list(listing["is_on_frontier"]) == [True, False]
    vary = ["policy.pre_clearance.lead=30 min,60 min"]
    found = frontier([base], vary=vary, pairs=pairs, out=tmp_path / "sweep", replications=2)
    swept = pd.read_csv(tmp_path / "sweep" / LISTING, keep_default_na=False)
    assert list(swept["x"]) == list(listing["x"])
    assert list(found.points["policy.pre_clearance.lead"]) == ["30 min", "60 min"]


def test_a_quantile_that_is_not_reached_is_printed_as_that(base: Path, early: Path, tmp_path: Path) -> None:
    pairs = [("on_time_share", "delay_quantile/p95")]
    run = frontier([base, early], pairs=pairs, set=EACH_FLIGHT_APPROVED, out=tmp_path / "out", replications=2)
    (tradeoff,) = tradeoffs_of(run)
    rows = tradeoff.table
    assert list(rows["y_never"]) == [one.never for one in run.quantiles("delay_quantile/p95")] and rows["x_never"].isna().all()
    assert rows["y"].isna().all() and (rows["y_never"] > 0.05).all()
    for language, words in (("en", "not reached"), ("zh-Hant", "未達到"), ("zh-Hans", "未达到")):
        for _, (level, quantile, place) in cells_of(tradeoff, {}, language):
            assert quantile == place == words and words not in level


def test_what_can_not_be_asked_is_told(base: Path) -> None:
    with pytest.raises(InputError, match="two files or more"):
        frontier([base])
    with pytest.raises(InputError, match="neither direction"):
        frontier([base], vary=["policy.pre_clearance.lead=0 min,1 h"], pairs=[("delay_mean", "on_time_share")])
    with pytest.raises(InputError, match="two measures"):
        read_pair("on_time_share")
