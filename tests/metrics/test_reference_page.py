"""The page of the measures says what the code declares."""

from pathlib import Path

from sim.metrics import CATALOGUE
from sim.metrics.reference_page import measures_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "measures.md"


def test_every_measure_has_its_row() -> None:
    rows = [line for line in measures_page(CATALOGUE).splitlines() if line.startswith(("| `", "| **`"))]
    assert len(rows) == len(CATALOGUE)
    assert all(line.count(" | ") == 6 for line in rows)
