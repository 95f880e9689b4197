"""Charts as files: SVG and PNG at print size, the numbers shown as CSV, and the alternative text."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.charts import warm_up
from sim.charts.catalogue import charts_of
from sim.charts.style import style_context
from sim.ground.text import Language
from sim.study.csv_files import words_of, write_csv

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.study.study import Study
    from sim.study.warm_up import WarmUp

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
    for chart in charts_of(study):
        with style_context(language):
            figure = chart.draw(study, language)
            svg, png = saved(figure).values()
            width_in, height_in = (float(size) for size in figure.get_size_inches())
            title, alternative = chart.title_of(study, language), chart.alternative(study, language)
            yield Drawn(chart.key, title, alternative, svg, png, width_in, height_in)


def write_numbers(study: "Study", folder: Path) -> list[Path]:
    """The numbers of each chart as CSV in `folder`, the same for all languages."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for chart in charts_of(study):
        written.append(folder / f"{chart.key}.csv")
        write_csv(chart.numbers(study), written[-1], words_of(study))
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


def write_warm_up(proposed: "WarmUp", folder: Path, language: Language = "en") -> list[Path]:
    """The files written into `folder`, which is there: the chart of a proposed warm-up as SVG and PNG, and its numbers."""
    numbers = folder / f"{warm_up.KEY}.csv"
    write_csv(warm_up.numbers(proposed), numbers)
    with style_context(language):
        return [*save(warm_up.draw(proposed, language), folder / warm_up.KEY), numbers]


def save(figure: "Figure", stem: Path) -> list[Path]:
    """The files of a figure drawn in the present style context: `stem` with .svg and .png behind it."""
    paths = []
    for kind, content in saved(figure).items():
        paths.append(stem.with_name(f"{stem.name}.{kind}"))
        paths[-1].write_bytes(content)
    return paths


def saved(figure: "Figure") -> dict[str, bytes]:
    """The SVG and the PNG file of a figure as bytes, by kind; call it in the style context that the figure was drawn in."""
    settle_layout(figure)
    contents = {}
    for kind, metadata in _NO_DATES.items():
        file = BytesIO()
        figure.savefig(file, format=kind, dpi=DPI, metadata=metadata)
        contents[kind] = file.getvalue()
    return contents


def settle_layout(figure: "Figure") -> None:
    """Lay the figure out once and for all its files.

    Places are rounded, since the last digits of the layout solver may differ from one process to the next.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (round(place, 5) for place in axes.get_position(original=True).bounds)
        axes.set_position((left, bottom, width, height))
