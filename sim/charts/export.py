"""Writing charts into a study's folder: SVG, PNG, and the numbers shown as CSV."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.charts.catalogue import CHARTS
from sim.charts.style import look
from sim.ground.text import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiment.study import Study

DPI = 200
_NO_DATES: dict[str, dict[str, Any]] = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


def write_charts(study: "Study", folder: Path, language: Language = "en") -> list[Path]:
    """The files written into `folder`: each chart of the catalogue three times; the same study gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "" if language == "en" else f".{language}"
    written = []
    for chart in CHARTS:
        numbers = folder / f"{chart.key}.csv"
        chart.numbers(study).to_csv(numbers, index=False, lineterminator="\n")
        written.append(numbers)
        with look(language):
            figure = chart.draw(study, language)
            settle_layout(figure)
            for kind, metadata in _NO_DATES.items():
                path = folder / f"{chart.key}{suffix}.{kind}"
                figure.savefig(path, format=kind, dpi=DPI, metadata=metadata)
                written.append(path)
    return written


def settle_layout(figure: "Figure") -> None:
    """Lay the figure out once and for all its files.

    Places are rounded, since the last digits of the layout solver may differ from one process to the next.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (round(place, 5) for place in axes.get_position(original=True).bounds)
        axes.set_position((left, bottom, width, height))
