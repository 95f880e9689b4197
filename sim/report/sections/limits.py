"""Section: what limits, the sentences of the print."""

from collections.abc import Iterator

from sim.report.context import ReportContext
from sim.report.document import Block, Heading, Paragraph
from sim.report.limits import WHAT_LIMITS, limit_sentences


def limits(context: ReportContext) -> Iterator[Block]:
    """A sentence a scenario or group of scenarios; nothing where it was not measured."""
    sentences = limit_sentences(context.study, context.language)
    if sentences:
        yield Heading(context.say(WHAT_LIMITS))
        yield from map(Paragraph, sentences)
