"""The lines that tell how precise a study is: the widest interval of each target, and what fell short first."""

from types import SimpleNamespace
from typing import Any

from sim.ground.text import Text
from sim.report.precision import precision_lines
from sim.study.manifest import PrecisionRecord, ReachedPrecision
from sim.study.precision import AskedPrecision
from tests.charts.fake_study import fake_study


def row(target: str, scenario: str, mean: float | None, half: float | None, shown: str, is_reached: bool) -> ReachedPrecision:
    return ReachedPrecision(
        target=target, scenario=scenario, n=34, mean=mean, half_width=half, shown=shown, is_reached=is_reached
    )


def lines(*reached: ReachedPrecision) -> list[str]:
    study: Any = fake_study(2)
    precision = PrecisionRecord(asked=AskedPrecision((), 20, 1000), ended_by="limit", simulated=39, reached=reached)
    named = [SimpleNamespace(name=name, title=Text.same(name)) for name in {row.scenario for row in reached}]
    study.manifest = SimpleNamespace(replications=34, precision=precision, scenarios=named)
    return list(precision_lines(study))


def test_the_widest_is_told() -> None:
    """Of shares the widest is that of its own mean, not the one with the most seconds."""
    told = lines(
        row("delay_mean=5%", "one", 1000.0, 40.0, "4%", True),
        row("delay_mean=5%", "other", 500.0, 24.0, "4.8%", True),
        row("difference:delay_mean = 1 min", "other", 0.0, 30.0, "0.5 min", True),
    )
    assert told[0] == "delay_mean: half width 4.8% of the mean (widest: other), asked 5%, with 34 replications"
    assert told[1] == "difference:delay_mean: half width 0.5 min, asked 1 min, with 34 replications"
    assert told[2].startswith("Simulated: 39 replications of each scenario")
    assert len(told) == 3


def test_what_fell_short_is_told_before_what_is_wider() -> None:
    (told, _) = lines(
        row("delay_mean=5%", "one", 10.0, 0.6, "6%", False),
        row("delay_mean=5%", "none", None, None, "none", False),
        row("delay_mean=5%", "wide", 1.0, 0.9, "90%", True),
    )
    assert told == "delay_mean: half width none (widest: none), asked 5%, with 34 replications: NOT REACHED"


def test_nothing_is_told_where_nothing_was_asked_for() -> None:
    study: Any = fake_study(2)
    assert list(precision_lines(study)) == []
