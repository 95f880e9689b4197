"""Section: posts and money: who is on duty, how many people that takes, and what they are paid, by side."""

from collections.abc import Iterator

from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Heading, Paragraph
from sim.report.posts import COLUMNS, POSTS, WHO, posts_rows, sentences

CAPTION = Text("Who is on duty, and what it takes to keep the posts", "當值人員及維持崗位所需", "在岗人员及维持岗位所需")


def posts(context: ReportContext) -> Iterator[Block]:
    """A block a scenario and a row a side and kind of people; nothing where the study has no such measures."""
    rows = posts_rows(context.study, context.language)
    if not rows:
        return
    yield Heading(context.say(POSTS))
    yield context.table(context.say(CAPTION), (WHO, 2.0), COLUMNS, rows)
    for sentence in sentences(context.study, context.language):
        yield Paragraph(sentence, "note")
