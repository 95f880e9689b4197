"""A report from a study: its sections in the order in which a working group reads them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sim.charts.export import Drawn
from sim.ground.text import Language, Text
from sim.report.context import ReportContext
from sim.report.document import Block, Document
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
from sim.study.shown_names import BETWEEN_NAMES

if TYPE_CHECKING:
    from sim.study.study import Study

Builder = Callable[[ReportContext], Iterator[Block]]

TITLE = Text(
    "Clearing flights across the boundary: report to the working group", "跨境航班清關：工作組報告", "跨境航班清关：工作组报告"
)
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
BEFORE_CHARTS: tuple[Builder, ...] = (read_first, question, answer, limits, what_was_compared, comparison)
AFTER_CHARTS: tuple[Builder, ...] = (best, ledger, posts, winners, frontier, time_release, surge, assumptions, method, run_card)


def build(study: "Study", language: Language, drawn: Sequence[Drawn], assumed: Path | None = None) -> Document:
    """The report in one language, with its charts, which were drawn in that language; for `assumed` see `ReportContext`."""
    context = ReportContext(study, language, assumed)
    blocks = [block for builder in BEFORE_CHARTS for block in builder(context)]
    blocks += gallery(context, drawn)
    blocks += [block for builder in AFTER_CHARTS for block in builder(context)]
    parts = {"n": len(study.names), "names": context.say(BETWEEN_NAMES).join(context.names.values())}
    parts |= {"replications": study.manifest.replications, "seed": study.manifest.seed}
    subtitle = context.say(SUBTITLE if len(study.names) > 1 else ALONE, **parts)
    ran = started(study)
    return Document(language, context.say(TITLE), subtitle, ran, context.say(CONTENTS), tuple(blocks))


def started(study: "Study") -> date:
    """The day (UTC) on which the study was run: the date of every report of it, so that the same study gives the same bytes."""
    return study.manifest.run.started.date()
