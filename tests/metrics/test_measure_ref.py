"""How a measure is written, and that one place reads it."""

from pathlib import Path

import pytest

from sim.ground.errors import InputError
from sim.metrics.measure_ref import MeasureRef, read_measure

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "metric", "part"),
    [
        ("delay_mean", "delay_mean", ""),
        ("delay_quantile/p50", "delay_quantile", "p50"),
        ("time_by_step/documents/hong_kong/wait", "time_by_step", "documents/hong_kong/wait"),
        ("wait_mean/pad.sheung_wan/07", "wait_mean", "pad.sheung_wan/07"),
    ],
)
def test_a_name_is_read_and_written_again(name: str, metric: str, part: str) -> None:
    ref = MeasureRef.parse(name)
    assert ref == (metric, part)
    assert (ref.metric, ref.part, str(ref)) == (metric, part, name)


@pytest.mark.parametrize("name", [" delay_quantile/p50", "delay_quantile / p50 "])
def test_blanks_about_a_name_do_not_count(name: str) -> None:
    assert str(MeasureRef.parse(name)) == "delay_quantile/p50"
    assert read_measure(name).name == "delay_quantile/p50"


def test_a_measure_has_the_declaration_of_its_metric() -> None:
    measured = read_measure("delay_quantile/p50")
    assert measured.metric.key == measured.ref.metric == "delay_quantile"
    assert measured.better == "lower"


def test_an_unknown_metric_is_refused_with_those_near() -> None:
    with pytest.raises(InputError, match="delay_quantile"):
        read_measure("delay_quantil/p50")


def test_no_other_module_takes_names_of_measures_apart() -> None:
    takers = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "sim").rglob("*.py"))
        if any(mark in path.read_text(encoding="utf-8") for mark in ('partition("/")', "partition('/')", 'split("/"'))
    ]
    assert takers == ["sim/metrics/measure_ref.py"]
