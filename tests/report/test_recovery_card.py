"""The surge and recovery card: the numbers of the summary, a row a kind of disruption, nothing where nothing happened."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
from rich.console import Console, Group

from sim.report.recovery import card_parts

COLUMNS = ("scenario", "metric", "part", "unit", "n", "mean", "sd", "ci_low", "ci_high")


def study(disruptions: float = 1.0) -> Any:
    rows = [
        ("storm", "disruptions", "signal_8", "1", 5, disruptions, 0.0, disruptions, disruptions),
        ("storm", "disruptions", "fog", "1", 5, 0.0, 0.0, 0.0, 0.0),
        ("storm", "recovery_peak_backlog", "signal_8", "1", 5, 11.1, 1.0, 10.0, 12.2),
        ("storm", "recovery_clear_time", "signal_8", "s", 5, 12240.0, 600.0, 10800.0, 13680.0),
        ("storm", "recovery_cleared_share", "signal_8", "share", 5, 0.8, 0.1, 0.7, 0.9),
    ]
    return SimpleNamespace(names=["calm", "storm"], summary=pd.DataFrame(rows, columns=list(COLUMNS)))


def printed(made: Any) -> list[str]:
    console = Console(width=100, record=True, file=None, color_system=None)
    with console.capture() as text:
        console.print(Group(*card_parts(made)))
    return [" ".join(line.split()) for line in text.get().splitlines()]


def test_a_row_a_kind_with_the_numbers_of_the_summary() -> None:
    lines = printed(study())
    assert "storm" in lines and "calm" not in lines
    assert "typhoon signal 8 1.00 11.1 – – 204 min [180, 228] 80.0%" in lines
    assert not any("fog" in line for line in lines)


def test_without_disruptions_there_is_no_card() -> None:
    assert card_parts(study(disruptions=0.0)) == []
