"""Section: the answer to each question, in sentences, and the table it rests on."""

from collections.abc import Iterator

from sim.charts import labels
from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Column, Heading, Paragraph, Row, Table
from sim.report.finding import Finding

ANSWER = Text("The answer", "答案", "答案")
CAPTION = Text("The measures that were asked about", "所問的各項指標", "所问的各项指标")
MEASURE = Text("measure", "指標", "指标")
BEFORE, AFTER = Text("without", "對照", "对照"), Text("with it", "此情景", "此情景")
CHANGE = Text("change", "變化", "变化")
MEANING = Text("which is", "即", "即")
COLUMNS = ((MEASURE, "left", 3.0), (BEFORE, "right", 1.0), (AFTER, "right", 1.0), (CHANGE, "right", 1.0), (MEANING, "left", 1.6))
OF = Text("{name}, against {base}", "{name}，與{base}比較", "{name}，与{base}比较")


def answer(context: ReportContext) -> Iterator[Block]:
    """Question by question: a sentence a scenario, the verdict, and a row a measure."""
    finding = Finding(context.study, context.language)
    yield Heading(context.say(ANSWER))
    for question, names in finding.questions.items():
        yield Heading(context.quoted(question), 2)
        for sentence in finding.of_question(names):
            yield Paragraph(sentence, "lead")
        for sentence in finding.waits(names):
            yield Paragraph(sentence)
        rows = [row for name in names for row in _rows(context, finding, name)]
        if any(not row.is_heading for row in rows):
            yield Table(context.say(CAPTION), columns(context), tuple(rows))


def columns(context: ReportContext) -> tuple[Column, ...]:
    """The columns of a table of what was asked about."""
    return tuple(Column(context.say(heading), "left" if side == "left" else "right", share) for heading, side, share in COLUMNS)


def _rows(context: ReportContext, finding: Finding, name: str) -> Iterator[Row]:
    base = context.study.against.get(name)
    named = context.say(OF, name=context.names[name], base=context.names[base]) if base else context.names[name]
    yield Row((named if labels.bases_differ(context.study) else context.names[name],), is_heading=True)
    for line in finding.sayings[name]:
        yield Row((line.label(), *line.cells()), depth=1)
