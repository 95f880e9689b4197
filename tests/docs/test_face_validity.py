"""The page of face validity says what the model says today."""

import re
from types import SimpleNamespace

import pytest

from sim.report.calibration import compared
from sim.report.published import PUBLISHED
from tests.docs.face_validity import PAGE, text


def rows() -> dict[str, list[str]]:
    """The rows of the page's two tables, by their figure: source, published, the model, verdict."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d", line))
    return {figure: others for _, figure, *others in cells}


def test_every_published_figure_has_its_row() -> None:
    assert {published.what.en: published.source for published in PUBLISHED} == {what: row[0] for what, row in rows().items()}


def test_what_needs_no_simulation_is_what_the_page_says() -> None:
    """After a change of declaration: python -m tests.docs.face_validity"""
    page = rows()
    computed = compared(SimpleNamespace(names=[]))  # type: ignore[arg-type]
    assert len(computed) > 10
    for row in computed:
        assert [*row.in_words(), row.verdict] == [cell.strip("*") for cell in page[row.published.what.en][1:]]


def test_every_miss_has_its_reason() -> None:
    misses = [published for published in PUBLISHED if rows()[published.what.en][-1] == "**misses**"]
    text_of_page = PAGE.read_text(encoding="utf-8")
    assert misses and all(published.why in text_of_page for published in misses)


@pytest.mark.slow
def test_the_page_is_what_the_model_predicts() -> None:
    """After a change that moves a number: python -m tests.docs.face_validity"""
    assert PAGE.read_text(encoding="utf-8") == text()
