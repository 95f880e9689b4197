"""Section: the answer to each question, in three sentences with intervals, and the table it rests on."""

from collections.abc import Iterator

from sim.ground.text import Text
from sim.report.answers import HELD_AGAINST, answers
from sim.report.context import ReportContext
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


def answer(context: ReportContext) -> Iterator[Block]:
    """Question by question; a sentence that says so where no question has an answer."""
    yield Heading(context.say(ANSWER))
    answered = [question_answer for question_answer in answers(context.study, context.language) if question_answer.rows]
    if not answered:
        yield Paragraph(context.say(UNANSWERED))
        return
    for question_answer in answered:
        yield Heading(context.quoted(question_answer.question), 2)
        yield Paragraph(
            " ".join(question_answer.sentences) if context.language == "en" else "".join(question_answer.sentences), "lead"
        )
        bases, last = question_answer.bases, len(question_answer.columns)
        headings = [
            Column(heading, "left" if question_answer.where and number == last else "right")
            for number, heading in enumerate(question_answer.columns, start=1)
        ]
        first = [Column(context.say(SCENARIO), "left", 1.3), *([Column(context.say(HELD_AGAINST), "left", 1.2)] if bases else [])]
        rows = tuple(Row((label, *([bases[label]] if bases else []), *cells)) for label, cells in question_answer.rows.items())
        yield Table(context.say(CAPTION), (*first, *headings), rows)
    yield Paragraph(context.say(SIGNS_OF_AN_ANSWER), "note")
