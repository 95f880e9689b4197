"""The files of a report from a study: which sections stand in which."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sim.archive.layout import CHARTS
from sim.charts.export import Drawn
from sim.ground.text import Language, Text
from sim.report.brief import brief
from sim.report.context import ReportContext
from sim.report.document import Block, Document, Heading
from sim.report.sections.answer import answer
from sim.report.sections.assumptions import assumptions
from sim.report.sections.best import best
from sim.report.sections.comparison import comparison
from sim.report.sections.frontier import frontier
from sim.report.sections.gallery import gallery
from sim.report.sections.ledger import ledger, winners
from sim.report.sections.limits import limits
from sim.report.sections.method import method
from sim.report.sections.posts import posts
from sim.report.sections.question import question, what_was_compared
from sim.report.sections.read_first import read_first
from sim.report.sections.run_card import run_card
from sim.report.sections.surge import surge
from sim.report.sections.time_release import time_release
from sim.report.small_analyses import KeptAnalyses
from sim.report.spoken import period_in_words
from sim.study.shown_names import BETWEEN_NAMES

if TYPE_CHECKING:
    from sim.study.study import Study

Builder = Callable[[ReportContext], Iterator[Block]]

SUBTITLE = Text(
    "{n} scenarios compared: {names}; {replications} replications, seed {seed}",
    "比較 {n} 個情景：{names}；重複 {replications} 次，隨機種子 {seed}",
    "比较 {n} 个情景：{names}；重复 {replications} 次，随机种子 {seed}",
)
ALONE = Text(
    "One scenario: {names}; {replications} replications, seed {seed}",
    "單一情景：{names}；重複 {replications} 次，隨機種子 {seed}",
    "单一情景：{names}；重复 {replications} 次，随机种子 {seed}",
)
CONTENTS = Text("Contents", "目錄", "目录")


@dataclass(frozen=True, slots=True)
class Annex:
    """One file behind the brief: its key in file names, its title, and its sections."""

    key: str
    title: Text
    sections: tuple[Builder, ...]


ANNEXES: tuple[Annex, ...] = (
    Annex(
        "results",
        Text("Annex: results", "附件：結果", "附件：结果"),
        (question, answer, limits, what_was_compared, comparison, best, ledger, posts, winners, frontier, time_release, surge),
    ),
    Annex(CHARTS, Text("Annex: charts", "附件：圖表", "附件：图表"), ()),
    Annex("assumptions", Text("Annex: assumptions", "附件：假設", "附件：假设"), (assumptions,)),
    Annex("method", Text("Annex: method", "附件：方法", "附件：方法"), (read_first, method, run_card)),
)
"""The files behind the brief; that of charts has the charts that were drawn."""
BRIEF = Text("Clearing flights across the boundary: brief", "跨境航班清關：簡報", "跨境航班清关：简报")
BRIEF_PAGES = 2
OF_BRIEF = Text(
    "Scenarios: {n}. Runs: {runs} of {period} each, seed {seed}",
    "情景 {n} 個，模擬 {runs} 次，每次 {period}，隨機種子 {seed}",
    "情景 {n} 个，模拟 {runs} 次，每次 {period}，随机种子 {seed}",
)
NO_CONTENTS = Text("", "", "")


def build_annexes(study: "Study", language: Language, drawn: Sequence[Drawn], assumed: Path | None = None) -> dict[str, Document]:
    """The annexes in one language by key, with the charts, which were drawn in that language; for `assumed` see `ReportContext`.

    An annex without anything to tell is left out.
    """
    context = ReportContext(study, language, assumed)
    documents = {}
    for annex in ANNEXES:
        blocks = [block for builder in annex.sections for block in builder(context)]
        blocks += gallery(context, drawn) if annex.key == CHARTS and drawn else ()
        if blocks:
            sections = sum(isinstance(block, Heading) and block.level == 1 for block in blocks)
            documents[annex.key] = _document(context, annex.title, blocks, CONTENTS if sections > 1 else NO_CONTENTS)
    return documents


def build_brief(study: "Study", language: Language, analyses: KeptAnalyses) -> Document:
    """The brief in one language: two pages at most in print."""
    context = ReportContext(study, language)
    document = _document(context, BRIEF, tuple(brief(context, analyses)), NO_CONTENTS)
    period = period_in_words(study.manifest.window.days, language)
    counts = {"n": len(study.names), "runs": study.manifest.replications, "period": period, "seed": study.manifest.seed}
    return replace(document, subtitle=context.say(OF_BRIEF, **counts), most_pages=BRIEF_PAGES)


def _document(context: ReportContext, title: Text, blocks: Sequence[Block], contents: Text) -> Document:
    study = context.study
    parts = {"n": len(study.names), "names": context.say(BETWEEN_NAMES).join(context.names.values())}
    parts |= {"replications": study.manifest.replications, "seed": study.manifest.seed}
    subtitle = context.say(SUBTITLE if len(study.names) > 1 else ALONE, **parts)
    return Document(context.language, context.say(title), subtitle, started(study), context.say(contents), tuple(blocks))


def started(study: "Study") -> date:
    """The day (UTC) on which the study was run: the date of every report of it, so that the same study gives the same bytes."""
    return study.manifest.run.started.date()
