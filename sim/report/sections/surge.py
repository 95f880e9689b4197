"""Section: the surge and recovery card after an outage or a closure."""

from collections.abc import Iterator

from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Heading, Paragraph
from sim.report.ledger_tables import LabelledRow
from sim.report.recovery import COLUMNS, HOW, KIND, card

SURGE = Text("Surge and recovery", "積壓與恢復", "积压与恢复")
CAPTION = Text("What piled up in a disruption, and how soon it was over", "干擾造成的積壓及消化需時", "干扰造成的积压及消化用时")


def surge(context: ReportContext) -> Iterator[Block]:
    """A block a scenario and a row a kind of disruption; nothing where none was disrupted."""
    rows: list[LabelledRow] = []
    for name, kinds in card(context.study, context.language).items():
        rows += [LabelledRow(context.names[name]), *(LabelledRow(kind, cells, depth=1) for kind, cells in kinds.items())]
    if rows:
        yield Heading(context.say(SURGE))
        yield context.table(context.say(CAPTION), (KIND, 2.0), tuple(COLUMNS.values()), rows)
        yield Paragraph(context.say(HOW), "note")
