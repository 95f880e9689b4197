"""What analyses leave beside their numbers: the printed answer, and a chart in each language."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from sim.analysis.design_run import DesignRun
from sim.archive import layout
from sim.charts.export import save
from sim.charts.style import style_context
from sim.ground.text import LANGUAGES, Language
from sim.report.terminal import as_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write_pages(run: DesignRun, folder: Path, parts: Iterable[RenderableType], language: Language = "en") -> None:
    """The printed answer into the folder of an analysis, with what its reader must be told."""
    path = folder / layout.answer_file(language)
    path.parent.mkdir(exist_ok=True)
    text = as_text([*parts, *_warnings(run, language)])
    path.write_text(text, encoding="utf-8", newline="\n")


def _warnings(run: DesignRun, language: Language) -> Iterator[RenderableType]:
    for warning in run.manifest.warnings:
        yield ""
        beside = Table.grid(padding=(0, 1, 0, 0))
        beside.add_row("!", Line(warning.in_language(language)))
        yield beside


def write_chart(folder: Path, name: str, draw: "Callable[[Language], Figure]") -> None:
    """A chart in each language, as SVG and PNG, into charts/."""
    charts = folder / layout.CHARTS
    charts.mkdir(exist_ok=True)
    for language in LANGUAGES:
        with style_context(language):
            save(draw(language), charts / (name if language == "en" else f"{name}.{language}"))
