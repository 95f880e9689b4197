"""The page of face validity, which simulates: `python -m tests.docs.face_validity` writes it anew."""

import sim
from sim.report.calibration import compared, scenarios_of
from sim.report.face_validity import page
from sim.report.published import PUBLISHED
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "explanation" / "face-validity.md"
COMMAND = "python -m tests.docs.face_validity"
REPLICATIONS = 10


def text() -> str:
    """The page, from a study of every scenario that predicts something; the same on every machine."""
    names = sorted(set.union(*map(scenarios_of, PUBLISHED)))
    files = [ROOT / "scenarios" / f"{name}.yaml" for name in names]
    study = sim.run(files, replications=REPLICATIONS, keep_stages="none", workers=1)
    return page(compared(study), COMMAND, REPLICATIONS)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8", newline="\n")
