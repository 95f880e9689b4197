"""What analyses leave beside their numbers: the printed answer, and a chart in each language."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import RenderableType

from sim.charts.export import save
from sim.charts.style import look
from sim.ground.text import LANGUAGES, Language
from sim.report.terminal import as_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANSWER = "report/answer.txt"


def write_pages(folder: Path, parts: Iterable[RenderableType]) -> None:
    """The printed answer into the folder of an analysis."""
    path = folder / ANSWER
    path.parent.mkdir(exist_ok=True)
    path.write_text(as_text(parts), encoding="utf-8", newline="\n")


def write_chart(folder: Path, name: str, draw: "Callable[[Language], Figure]") -> None:
    """A chart in each language, as SVG and PNG, into charts/."""
    (folder / "charts").mkdir(exist_ok=True)
    for language in LANGUAGES:
        with look(language):
            save(draw(language), folder / "charts" / (name if language == "en" else f"{name}.{language}"))
