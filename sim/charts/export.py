"""Writing charts into a study's folder: SVG, PNG, and the numbers shown as CSV."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.charts import warm_up
from sim.charts.catalogue import charts_of
from sim.charts.style import look
from sim.ground.text import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiment.study import Study
    from sim.experiment.warm_up import WarmUp

DPI = 200
_NO_DATES: dict[str, dict[str, Any]] = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


def write_charts(study: "Study", folder: Path, language: Language = "en") -> list[Path]:
    """The files written into `folder`: each chart of the catalogue three times; the same study gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "" if language == "en" else f".{language}"
    written = []
    for chart in charts_of(study):
        numbers = folder / f"{chart.key}.csv"
        chart.numbers(study).to_csv(numbers, index=False, lineterminator="\n")
        written.append(numbers)
        with look(language):
            written += save(chart.draw(study, language), folder / f"{chart.key}{suffix}")
    return written


def write_warm_up(found: "WarmUp", folder: Path, language: Language = "en") -> list[Path]:
    """The files written into `folder`, which is there: the chart of a proposed warm-up as SVG and PNG, and its numbers."""
    numbers = folder / f"{warm_up.KEY}.csv"
    warm_up.numbers(found).to_csv(numbers, index=False, lineterminator="\n")
    with look(language):
        return [*save(warm_up.draw(found, language), folder / warm_up.KEY), numbers]


def save(figure: "Figure", stem: Path) -> list[Path]:
    """The files of a figure drawn under the present look: `stem` with .svg and .png behind it."""
    settle_layout(figure)
    paths = []
    for kind, metadata in _NO_DATES.items():
        paths.append(stem.with_name(f"{stem.name}.{kind}"))
        figure.savefig(paths[-1], format=kind, dpi=DPI, metadata=metadata)
    return paths


def settle_layout(figure: "Figure") -> None:
    """Lay the figure out once and for all its files.

    Places are rounded, since the last digits of the layout solver may differ from one process to the next.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (round(place, 5) for place in axes.get_position(original=True).bounds)
        axes.set_position((left, bottom, width, height))
