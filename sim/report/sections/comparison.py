"""Section: the comparison tables, the baseline's levels first."""

from collections.abc import Iterator

from sim.charts import labels
from sim.ground.text import Text
from sim.report.comparing import DIFFERENCE_COLUMNS, LEVEL_COLUMNS, MEASURE, difference_rows, level_rows
from sim.report.context import ReportContext
from sim.report.critical_path import critical_path_sentences
from sim.report.document import Block, Heading, Paragraph
from sim.report.held_against import steps_between
from sim.report.interpretation_notes import OF_ALL_STEPS, how_to_read
from sim.report.precision import pairing_sentence
from sim.report.return_period import return_period_of_difference, return_period_of_level
from sim.report.same_flights import same_flight_sentence

COMPARISON = Text("Comparison", "比較", "比较")
LEVELS = Text("{name}: levels", "{name}：水平", "{name}：水平")
AGAINST = Text("{name} against {base}", "{name} 與 {base} 比較", "{name} 与 {base} 比较")
TOGETHER = Text(
    "{name} against {base}, all steps together ({steps} included)",
    "{name} 與 {base} 比較：各步合計（包括 {steps}）",
    "{name} 与 {base} 比较：各步合计（包括 {steps}）",
)
HOW = Text("How to read the tables", "如何閱讀各表", "如何阅读各表")


def comparison(context: ReportContext) -> Iterator[Block]:
    """The headline measures: levels of the baseline, then the differences of each scenario from the one it is held against."""
    study, language, names = context.study, context.language, context.names
    baseline, against = study.baseline, study.against
    yield Heading(context.say(COMPARISON))
    yield context.table(
        context.say(LEVELS, name=names[baseline]), (MEASURE, 3.0), LEVEL_COLUMNS, level_rows(study, baseline, language)
    )
    yield from _paragraphs(return_period_of_level(study, baseline, language))
    for name, base in against.items():
        caption = context.say(AGAINST, name=names[name], base=names[base])
        yield context.table(caption, (MEASURE, 2.6), DIFFERENCE_COLUMNS, difference_rows(study, name, language))
        sentences = same_flight_sentence(study, name, language), return_period_of_difference(study, name, language)
        yield from _paragraphs(
            *sentences, *critical_path_sentences(study, name, language), pairing_sentence(study, name, language)
        )
        if base != baseline:
            caption = context.say(TOGETHER, name=names[name], base=names[baseline], steps=steps_between(study, name, language))
            rows = difference_rows(study, name, language, is_together=True)
            yield context.table(caption, (MEASURE, 2.6), DIFFERENCE_COLUMNS, rows)
            yield Paragraph(context.say(OF_ALL_STEPS), "note")
    yield Heading(context.say(HOW), 2)
    for sentence in how_to_read(labels.confidence(study), bool(against), study.manifest.replications, language):
        yield Paragraph(sentence, "note")


def _paragraphs(*sentences: str) -> Iterator[Block]:
    for sentence in sentences:
        if sentence:
            yield Paragraph(sentence)
