"""What analyses leave beside their numbers: the printed answer and the charts, in each language."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len

from sim.analysis.design_run import DesignRun
from sim.archive import layout
from sim.charts.export import save
from sim.charts.style import style_context
from sim.ground.text import LANGUAGES, Language, Text
from sim.report.as_terminal import terminal_text
from sim.report.document import Block, Callout, Column, Heading, Paragraph, Row, Table
from sim.report.kept_blocks import write_content

if TYPE_CHECKING:
    from matplotlib.figure import Figure

READING = Text("How to read this", "如何閱讀", "如何阅读")
KEEP_IN_MIND = Text("Keep in mind", "請留意", "请留意")
_WIDEST, _BESIDE = 40, 5  # signs that a column of a table is taken to need at most, and those beside them


def write_pages(run: DesignRun, folder: Path, pages: Callable[[Language], Iterable[Block]]) -> None:
    """The answer in each language into the folder of an analysis, printed and as blocks, with what its reader must be told."""
    (folder / layout.REPORT).mkdir(exist_ok=True)
    content = {language: [*pages(language), *_warnings(run, language)] for language in LANGUAGES}
    write_content(folder, content)
    for language, blocks in content.items():
        (folder / layout.answer_file(language)).write_text(terminal_text(blocks), encoding="utf-8", newline="\n")


def _warnings(run: DesignRun, language: Language) -> Iterator[Block]:
    if run.manifest.warnings:
        items = tuple(warning.in_language(language) for warning in run.manifest.warnings)
        yield Callout(KEEP_IN_MIND.in_language(language), items)


def section(heading: str, *blocks: Block) -> Iterator[Block]:
    """A heading with what stands under it."""
    yield Heading(heading)
    yield from blocks


def reading(language: Language, sentences: Iterable[str]) -> Iterator[Block]:
    """How to read what stands above."""
    return section(READING.in_language(language), *map(Paragraph, sentences))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> Table:
    """A table without a caption, of which the first `left` columns are texts, as wide as what stands in them."""
    cells = [tuple(row) for row in rows]
    needs = [max(map(cell_len, column)) for column in zip(headings, *cells, strict=True)]
    columns = tuple(
        Column(heading, "left" if number < left else "right", float(min(need, _WIDEST) + _BESIDE))
        for number, (heading, need) in enumerate(zip(headings, needs, strict=True))
    )
    return Table("", columns, tuple(map(Row, cells)))


def write_chart(folder: Path, name: str, draw: "Callable[[Language], Figure]") -> None:
    """A chart in each language, as SVG and PNG, into charts/."""
    charts = folder / layout.CHARTS
    charts.mkdir(exist_ok=True)
    for language in LANGUAGES:
        with style_context(language):
            save(draw(language), charts / (name if language == "en" else f"{name}.{language}"))
