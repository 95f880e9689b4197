"""Section: the frontier: which policies are not beaten in two measures at once."""

from collections.abc import Iterator

from sim.analysis.frontier import tradeoffs_of_study
from sim.charts.frontier import FEW, finding
from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Column, Heading, Paragraph, Row, Table
from sim.report.frontier import HOW, PLACE, cells_of, columns

FRONTIER = Text("Frontier: what cannot be had at once", "前沿：不可兼得之處", "前沿：不可兼得之处")
CAPTION = Text("{y} against {x}", "{y}與{x}", "{y}与{x}")
SCENARIO = Text("scenario", "情景", "情景")


def frontier(context: ReportContext) -> Iterator[Block]:
    """A table a pair of measures, over the scenarios that stand in the baseline's world."""
    study, language = context.study, context.language
    if len(study.names) < 2:
        return
    yield Heading(context.say(FRONTIER))
    tradeoffs = tradeoffs_of_study(study) if study.boost == 1 else []
    if not tradeoffs:
        yield Paragraph(context.say(FEW))
        return
    for tradeoff in tradeoffs:
        x, y = columns(study, tradeoff, language)
        headings = (Column(context.say(SCENARIO), "left", 1.4), Column(x), Column(y), Column(context.say(PLACE), "left", 1.4))
        yield Paragraph(finding(tradeoff.table, context.names, language))
        made = tuple(Row((name, *cells)) for name, cells in cells_of(tradeoff, context.names, language))
        yield Table(context.say(CAPTION, x=x, y=y), headings, made)
    yield Paragraph(context.say(HOW), "note")
