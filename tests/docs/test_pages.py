"""Pages made from declarations say what the declarations say."""

import pytest

from sim.scenario.load import load_scenario
from sim.scenario.schema import default_schema
from tests.docs.pages import BASELINE, ROOT, pages


@pytest.mark.parametrize("file", pages(), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_page_is_the_one_made_from_the_declarations(file):
    """After a change of declaration: python -m tests.docs.pages"""
    assert file.read_text(encoding="utf-8") == pages()[file]


def test_the_baseline_is_what_the_declarations_default_to():
    defaults = default_schema().scenario_type(name="baseline").resolved()
    baseline = load_scenario(BASELINE).resolved()
    assert (baseline["policy"], baseline["world"]) == (defaults["policy"], defaults["world"])
