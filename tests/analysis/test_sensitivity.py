"""Sensitivity indices against functions whose indices are known."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.sensitivity import LISTING, _sampled, check_has_values, sensitivity, sensitivity_table
from sim.archive.checkpoint import unfinished_in
from sim.ground.errors import InputError
from sim.metrics import CATALOGUE
from sim.metrics.measure_ref import read_measure
from sim.report.sensitivity import NO_SHARES, sobol_in_words, write_answer
from tests.analysis.made_up import made_up
from tests.statistics.test_variance_shares import FIRST_ORDER, TOTAL, ishigami

MEASURE = read_measure("on_time_share")


def problem(n: int) -> dict[str, object]:
    return {"num_vars": n, "names": [f"x{i}" for i in range(n)], "bounds": [[0.0, 1.0]] * n}


def test_sobol_indices_of_the_ishigami_function() -> None:
    u = _sampled("sobol", problem(4), 1024, 4)
    y = np.repeat(ishigami(u)[:, None], 2, axis=1)
    table = sensitivity_table(made_up(y), MEASURE, "sobol", problem(4), u, 4)
    assert list(table["path"]) == ["x0", "x1", "x2", "x3"]  # by total
    assert (np.abs(table["first_order"] - FIRST_ORDER) < 2 * table["first_order_ci"] + 1e-3).all()
    assert (np.abs(table["total"] - TOTAL) < 2 * table["total_ci"] + 1e-3).all()
    assert table["replication_noise"].to_numpy() == pytest.approx(0, abs=1e-12)


def test_sobol_needs_two_replications(base: Path) -> None:
    with pytest.raises(InputError, match="2 or more"):
        sensitivity(base, method="sobol", replications=1)


def test_morris_of_a_plane_is_its_slopes() -> None:
    u = _sampled("morris", problem(4), 6, 1)
    y = u @ np.array([3.0, 0.0, -1.0, 0.5])
    found = sensitivity_table(made_up(y[:, None]), MEASURE, "morris", problem(4), u, 1).set_index("path")
    assert list(found.index) == ["x0", "x2", "x3", "x1"]
    assert list(found["mu_star"]) == pytest.approx([3, 1, 0.5, 0])
    assert list(found["mu"]) == pytest.approx([3, -1, 0.5, 0])
    assert list(found["sigma"]) == pytest.approx([0, 0, 0, 0], abs=1e-9)


def test_a_measure_without_a_finite_value_somewhere_is_told() -> None:
    u = _sampled("morris", problem(2), 2, 1)
    y = np.where(np.arange(len(u)) == 1, np.inf, 1.0)
    with pytest.raises(InputError, match="1 of 6 points"):
        sensitivity_table(made_up(y[:, None]), read_measure("delay_quantile/p50"), "morris", problem(2), u, 1)


def test_what_can_not_be_done_is_told(base: Path) -> None:
    for options, told in (
        ({"method": "fast"}, "morris, sobol"),
        ({"method": "sobol", "samples": 12}, "power of 2"),
        ({"over": ["world.xray.scan"]}, r"world\.xray\.scan_time"),
        ({"leave": ["world.xrays"]}, "no such parameter"),
    ):
        with pytest.raises(InputError, match=told):
            sensitivity(base, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_a_small_study(base: Path, tmp_path: Path, method: str) -> None:
    used, unused = ["world.data_interface.entry_time", "world.release.release_time"], "world.data_interface.paper_time"
    over = [*used, unused]
    found = sensitivity(
        base, measure="on_time_share", method=method, samples=4, over=over, out=tmp_path / "out", workers=1, finish=write_answer
    )
    assert found.manifest.points == 4 * (3 if method == "morris" else 4)
    text = " ".join((tmp_path / "out" / "report" / "answer.txt").read_text(encoding="utf-8").split())
    assert ("mu*" if method == "morris" else "If each guess is equally likely anywhere in its range") in text
    lines = (tmp_path / "out" / LISTING).read_text().splitlines()
    assert {line.split(",")[0] for line in lines[1:]} == set(used)  # no point is spent on what nothing moves with
    (note,) = [warning.en for warning in found.manifest.warnings if "Left out" in warning.en]
    assert unused in note and not any(path in note for path in used)


def test_a_point_without_a_value_is_noticed_among_the_first_with_a_measure_that_has_one() -> None:
    metrics = {metric.key: metric for metric in CATALOGUE}
    rows = {"delay_quantile/p50": [1.0, np.inf], "on_time_share": [0.5, 0.4], "delay_mean": [np.nan, 1.0]}
    values = {read_measure(name).ref: {f"p{i}": np.array([number]) for i, number in enumerate(row)} for name, row in rows.items()}
    check_has_values(MEASURE, values, metrics)
    for name in ("delay_quantile/p50", "delay_mean", "order_to_release_mean"):
        with pytest.raises(InputError, match=r"(?s)of the first 2 points.*on_time_share, which has one"):
            check_has_values(read_measure(name), values, metrics)


def test_a_study_stops_where_a_point_has_no_value(base: Path, tmp_path: Path) -> None:
    """No replication here has a disruption, so that none has a time to clear one."""
    over = ["world.data_interface.entry_time", "world.data_interface.paper_time"]
    with pytest.raises(InputError, match="20 of the first 20 points"):
        sensitivity(base, measure="recovery_clear_time", samples=20, over=over, out=tmp_path / "out", workers=1)
    (kept,) = unfinished_in(tmp_path)
    assert 20 <= kept.n_saved < 60


def test_a_measure_that_does_not_vary_has_no_shares() -> None:
    u = _sampled("sobol", problem(2), 4, 1)
    table = sensitivity_table(made_up(np.ones((len(u), 2))), MEASURE, "sobol", problem(2), u, 1)
    assert table["total"].isna().all()
    assert sobol_in_words(float(table["replication_noise"].iloc[0])) == NO_SHARES.en
