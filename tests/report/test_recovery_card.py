"""The surge and recovery card: the numbers of the summary, a row a kind of disruption, nothing where nothing happened."""

from types import SimpleNamespace
from typing import Any

import pandas as pd

from sim.report.recovery import card

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


def test_a_row_a_kind_with_the_numbers_of_the_summary() -> None:
    ((name, kinds),) = card(study()).items()
    assert name == "storm" and set(kinds) == {"typhoon signal 8"}
    assert kinds["typhoon signal 8"] == ("1.00", "11.1", "–", "–", "204 min [180, 228]", "80.0%")


def test_without_disruptions_there_is_no_card() -> None:
    assert card(study(disruptions=0.0)) == {}
