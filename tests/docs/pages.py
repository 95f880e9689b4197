"""The pages that are made from declarations: `python -m tests.docs.pages` writes them anew."""

from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML

from sim.metrics import all_metrics
from sim.metrics.reference_page import measures_page
from sim.policies import FEATURES
from sim.report.reference_pages import parameters_page, stages_page
from sim.report.scenario_page import page
from sim.report.stress import stress_des
from sim.report.values_page import values_page
from sim.scenario.annotated import annotated
from sim.scenario.parameters import catalogue
from sim.scenario.scenario import Scenario
from sim.scenario.schema import default_schema

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
BASELINE = ROOT / "scenarios" / "baseline.yaml"
HEAD = (
    "The baseline: a sandbox corridor. One route with a standing approval, flown under the rules in force on the road; no "
    "cross-boundary drone flies so today. Nobody has published clearance times measured on such flights; every figure comes "
    "from another mode, or is a guess, and says so: 'stated' stands in the source named, 'derived' is arithmetic on a stated "
    "figure or carries it over, 'recalled' is general knowledge, 'guess' has no source. Other scenarios extend this file and "
    "write only what differs."
)


def baseline() -> Scenario:
    """The baseline: its title and study settings as they are written, every parameter at its default.

    So the file can be made anew also after a parameter has gone that it still names.
    """
    written = YAML(typ="safe").load(BASELINE)
    kept = {key: value for key, value in written.items() if key not in ("policy", "world")}
    return default_schema().scenario_type.model_validate({"name": BASELINE.stem, **kept})


PAGES: dict[Path, Callable[[], str]] = {
    BASELINE: lambda: annotated(baseline(), HEAD),
    REFERENCE / "measures.md": lambda: measures_page(all_metrics(FEATURES)),
    REFERENCE / "parameters.md": lambda: parameters_page(catalogue().values()),
    REFERENCE / "stages.md": lambda: stages_page(FEATURES),
    REFERENCE / "scenarios.md": lambda: page(ROOT / "scenarios"),
    REFERENCE / "stress-des.md": stress_des,
    ROOT / "docs" / "explanation" / "why-these-values.md": values_page,
}
"""What makes the text of each page, by its file."""

if __name__ == "__main__":
    for file, text in PAGES.items():
        file.write_text(text(), encoding="utf-8", newline="\n")
