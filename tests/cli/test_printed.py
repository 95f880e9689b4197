"""The printed comparison: as a reader sees it, and never wider than a page."""

from pathlib import Path
from typing import Any

import pytest

from sim.charts.quantity import scale_for
from sim.report.printed import NOT_MEASURED, WIDTH, comparison_text
from tests.charts.fake_study import fake_study, study_of

SNAPSHOT = Path(__file__).with_name("comparison.txt")


def test_the_comparison_reads_as_it_did() -> None:
    """To accept a change: write comparison_text(fake_study(4)) into comparison.txt, and read it."""
    study: Any = fake_study(4)
    assert comparison_text(study) == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize("names", [["alone"], ["one", "other"], ["b" * 64, "c" * 64, *(f"scenario-{k}" for k in range(6))]])
def test_it_fits_the_page_and_tells_every_scenario(names: list[str]) -> None:
    study: Any = study_of(names, n_replications=3)
    text = comparison_text(study)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(text.count(name) >= 2 for name in names)
    assert " ".join(NOT_MEASURED.split()[:6]) in text
    assert ("Holm" in text) == (len(names) > 1)
    assert "\x1b" not in text


def test_a_world_that_differs_is_flagged() -> None:
    study: Any = fake_study(4)
    flagged = [line for line in comparison_text(study).splitlines() if "not the same world" in line]
    assert len(flagged) == 1


@pytest.mark.parametrize(
    ("unit", "value", "level", "change"),
    [
        ("s", 45.0, "45.0 s", "+45.0 s"),
        ("s", -750.0, "−12.5 min", "−12.5 min"),
        ("s", 5 * 3600.0, "5.00 h", "+5.00 h"),
        ("min", 90.0, "90.0 min", "+90.0 min"),
        ("share", 0.8752, "87.5%", "+87.5 percentage points"),
        ("share", -0.0004, "−0.040%", "−0.040 percentage points"),
        ("/h", 12.34, "12.3 per hour", "+12.3 per hour"),
        ("1", 0.0, "0", "0"),
        ("1", float("nan"), "–", "–"),
        ("1", 1234567.0, "1,234,567", "+1,234,567"),
    ],
)
def test_numbers_are_written_for_people(unit: str, value: float, level: str, change: str) -> None:
    scale = scale_for(unit, value)
    assert scale.level(value) == level
    assert scale.change(value) == change


def test_a_difference_is_no_finer_than_its_level_bears() -> None:
    assert scale_for("s", 189000.0).changes(-0.76, -2.3, 0.8, level=189000.0) == ("0.000", "−0.001", "0.000")
