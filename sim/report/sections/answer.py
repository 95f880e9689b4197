"""Section: the answer to each question, in three sentences with intervals, and the table it rests on."""

from collections.abc import Iterator

from sim.ground.text import Text
from sim.report.answers import answers
from sim.report.context import Edition
from sim.report.document import Block, Column, Heading, Paragraph, Row, Table
from sim.report.interpretation_notes import SIGNS_OF_AN_ANSWER

ANSWER = Text("The answer", "答案", "答案")
SCENARIO = Text("scenario", "情景", "情景")
CAPTION = Text("The measures of the question, by scenario", "該問題的各項指標，按情景列出", "该问题的各项指标，按情景列出")
UNANSWERED = Text(
    "No scenario names a question that measures of this study answer; the comparison tables hold what was found.",
    "沒有情景列明可由本研究指標回答的問題；研究所得見比較表。",
    "没有情景列明可由本研究指标回答的问题；研究所得见比较表。",
)


def answer(edition: Edition) -> Iterator[Block]:
    """Question by question; a sentence that says so where no question has an answer."""
    yield Heading(edition.say(ANSWER))
    told = [found for found in answers(edition.study, edition.language) if found.rows]
    if not told:
        yield Paragraph(edition.say(UNANSWERED))
        return
    for found in told:
        yield Heading(edition.quoted(found.question), 2)
        yield Paragraph(" ".join(found.sentences) if edition.language == "en" else "".join(found.sentences), "lead")
        last = len(found.columns)
        headings = [
            Column(heading, "left" if found.where and number == last else "right")
            for number, heading in enumerate(found.columns, start=1)
        ]
        rows = tuple(Row((name, *cells)) for name, cells in found.rows.items())
        yield Table(edition.say(CAPTION), (Column(edition.say(SCENARIO), "left", 1.3), *headings), rows)
    yield Paragraph(edition.say(SIGNS_OF_AN_ANSWER), "note")
