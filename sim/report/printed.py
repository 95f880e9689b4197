"""The printed comparison: one screen, or everything, of the same blocks as the report."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.archive.layout import CHARTS, REPORT, SUMMARY_TABLES, summary_table_file
from sim.ground.text import Language, Text
from sim.report.as_terminal import WIDTH, print_blocks, terminal_text
from sim.report.context import LISTED, ReportContext
from sim.report.document import Block, Heading, Paragraph
from sim.report.precision import PRECISION, precision_lines
from sim.report.screen import screen_blocks, silent_levers, title_of
from sim.report.sections.answer import answer
from sim.report.sections.best import best
from sim.report.sections.comparison import comparison
from sim.report.sections.ledger import ledger, winners
from sim.report.sections.limits import limits
from sim.report.sections.posts import posts
from sim.report.sections.question import what_was_compared
from sim.report.sections.read_first import read_first
from sim.report.sections.surge import surge

if TYPE_CHECKING:
    from rich.console import Console

    from sim.study.study import Study

SECTIONS = (answer, limits, what_was_compared, comparison, best, surge, ledger, posts, winners)
FILES = Text("Files", "檔案", "文件")
LEFT = Text(
    "{folder}: {files}/, the scenarios as they were run, and tables for notebooks.",
    "{folder}：{files}/、運行時的情景檔案，以及供分析用的數據表。",
    "{folder}：{files}/、运行时的情景文件，以及供分析用的数据表。",
)
MADE_OF = Text("{file} ({what})", "{file}（{what}）", "{file}（{what}）")
_WHAT_IS = {"trs": Text("a time release study", "放行時間研究", "放行时间研究")}


def print_comparison(study: "Study", console: "Console", language: Language = "en", *, full: bool = False) -> None:
    """Print the screen, or everything, on `console` at its width, with where the files are."""
    print_blocks(printed_blocks(study, language, study.folder, console.width, full=full), console, spaced=full)


def comparison_text(
    study: "Study", folder: Path | None = None, language: Language = "en", width: int = WIDTH, *, full: bool = True
) -> str:
    """The same as plain text, no line wider than `width` columns; it names `folder`, if given, as where the files are."""
    return terminal_text(printed_blocks(study, language, folder, width, full=full), width, spaced=full)


def printed_blocks(study: "Study", language: Language, folder: Path | None, width: int, *, full: bool) -> list[Block]:
    """The screen; or everything that the study has to tell, and where the files are."""
    if not full:
        return screen_blocks(study, language, folder, width)
    context = ReportContext(study, language)
    blocks = [*title_blocks(study, language), *silent_levers(study, language)]
    blocks += [block for builder in SECTIONS for block in builder(context)]
    lines = list(precision_lines(study, language))
    if lines:
        blocks += [Heading(context.say(PRECISION)), *map(Paragraph, lines)]
    return [*blocks, *read_first(context), *(_files(context, folder) if folder is not None else ())]


def title_blocks(study: "Study", language: Language) -> Iterator[Block]:
    """What was run: how many scenarios, how often, for how long, and as what kind of simulation."""
    yield title_of(study, language)
    yield Paragraph(study.manifest.kind.in_language(language))


def _files(context: ReportContext, folder: Path) -> Iterator[Block]:
    tables = [
        context.say(MADE_OF, file=summary_table_file(name), what=_WHAT_IS[name]) if name in _WHAT_IS else summary_table_file(name)
        for name in SUMMARY_TABLES
    ]
    yield Heading(context.say(FILES))
    folders = [f"{CHARTS}/"] if (folder / CHARTS).exists() else []
    yield Paragraph(context.say(LEFT, folder=folder, files=context.say(LISTED).join([*tables, *folders, REPORT])))
