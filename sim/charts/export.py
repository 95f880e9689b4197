"""Charts as files: SVG and PNG at print size, the numbers shown as CSV, and the alternative text."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.charts.catalogue import CHARTS
from sim.charts.style import look
from sim.ground.text import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiment.study import Study

DPI = 200  # ten inches at 200 dots are a page's width at 300
_NO_DATES: dict[str, dict[str, Any]] = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart of one study in one language. svg, png: the bytes of its files, the same for the same study."""

    key: str
    title: str
    alternative: str
    svg: bytes
    png: bytes
    width_in: float
    height_in: float


def drawn_charts(study: "Study", language: Language = "en") -> Iterator[Drawn]:
    """Each chart of the catalogue, also one that says that there is nothing to show."""
    for chart in CHARTS:
        with look(language):
            figure = chart.draw(study, language)
            _settle_layout(figure)
            svg, png = (_saved(figure, kind) for kind in ("svg", "png"))
            width_in, height_in = (float(size) for size in figure.get_size_inches())
            title, told = chart.title_of(study, language), chart.alternative(study, language)
            yield Drawn(chart.key, title, told, svg, png, width_in, height_in)


def write_numbers(study: "Study", folder: Path) -> list[Path]:
    """The numbers of each chart as CSV in `folder`, the same for all languages."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for chart in CHARTS:
        written.append(folder / f"{chart.key}.csv")
        chart.numbers(study).to_csv(written[-1], index=False, lineterminator="\n")
    return written


def write_drawn(chart: Drawn, folder: Path, language: Language = "en") -> list[Path]:
    """One chart's SVG, PNG and alternative text in `folder`, under names that tell the language unless it is English."""
    suffix = "" if language == "en" else f".{language}"
    contents = {"svg": chart.svg, "png": chart.png, "txt": f"{chart.alternative}\n".encode()}
    paths = {kind: folder / f"{chart.key}{suffix}.{kind}" for kind in contents}
    for kind, content in contents.items():
        paths[kind].write_bytes(content)
    return list(paths.values())


def write_charts(study: "Study", folder: Path, language: Language = "en") -> list[Path]:
    """The files written into `folder`: each chart of the catalogue four times; the same study gives the same bytes."""
    written = write_numbers(study, folder)
    for chart in drawn_charts(study, language):
        written += write_drawn(chart, folder, language)
    return written


def _saved(figure: "Figure", kind: str) -> bytes:
    file = BytesIO()
    figure.savefig(file, format=kind, dpi=DPI, metadata=_NO_DATES[kind])
    return file.getvalue()


def _settle_layout(figure: "Figure") -> None:
    """Lay the figure out once and for all its files.

    Places are rounded, since the last digits of the layout solver may differ from one process to the next.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (round(place, 5) for place in axes.get_position(original=True).bounds)
        axes.set_position((left, bottom, width, height))
