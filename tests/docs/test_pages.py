"""Pages made from declarations say what the declarations say."""

import pytest

from sim.metrics import CATALOGUE, all_metrics
from sim.policies import FEATURES
from sim.scenario.load import load_scenario
from sim.scenario.schema import default_schema
from tests.docs.pages import BASELINE, PAGES, REFERENCE, ROOT


@pytest.mark.takes(20)
@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_page_is_the_one_made_from_the_declarations(file):
    """After a change of declaration: python -m tests.docs.pages"""
    assert file.read_text(encoding="utf-8") == PAGES[file]()


def test_every_measure_has_its_row():
    text = (REFERENCE / "measures.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith(("| `", "| **`"))]
    assert len(rows) == len(all_metrics(FEATURES)) > len(CATALOGUE)
    assert all(line.count(" | ") == 7 for line in rows)


def test_the_baseline_is_what_the_declarations_default_to():
    defaults = default_schema().scenario_type(name="baseline").resolved()
    baseline = load_scenario(BASELINE).resolved()
    assert (baseline["policy"], baseline["world"]) == (defaults["policy"], defaults["world"])
