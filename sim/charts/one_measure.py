"""Chart of one measure over the scenarios of a study, of half a page, with the finding as its title."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.charts import style

WIDTH_IN = 6.85  # of the text on a page of A4, so that type is printed as large as it is drawn
NAMES_IN, TEXTS_IN = 2.75, 1.7
_SIZE, _TITLE, _LINE_IN = 8.5, 10.5, 0.15


@dataclass(frozen=True, slots=True)
class Dot:
    """One scenario: its name, its level with the ends of the interval, in the unit of the axis, and what is written beside it."""

    name: str
    level: float
    low: float
    high: float
    text: str


def draw(dots: Sequence[Dot], title: str, axis_label: str) -> Figure:
    """A row a scenario: a dot at its level, a bar for its interval, and behind it the level and the difference in words."""
    names = [style.wrap(dot.name, NAMES_IN, _SIZE) for dot in dots]
    texts = [style.wrap(dot.text, TEXTS_IN, _SIZE) for dot in dots]
    heading = style.wrap(title, WIDTH_IN - 0.1, _TITLE, style.title_weight())
    heights = [0.07 + _LINE_IN * (1 + max(name.count("\n"), text.count("\n"))) for name, text in zip(names, texts, strict=True)]
    heading_in, body_in = 0.05 + 0.19 * (1 + heading.count("\n")), sum(heights) + 0.42
    height_in = heading_in + body_in
    figure = Figure(figsize=(WIDTH_IN, height_in))
    figure.text(0.0, 1.0, heading, size=_TITLE, weight=style.title_weight(), va="top", linespacing=1.15)
    places_in = (NAMES_IN + 0.1, 0.41, WIDTH_IN - NAMES_IN - TEXTS_IN - 0.2, sum(heights))
    left, bottom, width, height = places_in
    axis = figure.add_axes((left / WIDTH_IN, bottom / height_in, width / WIDTH_IN, height / height_in))
    places = [sum(heights[:number]) + height / 2 for number, height in enumerate(heights)]
    for number, (dot, place, text) in enumerate(zip(dots, places, texts, strict=True)):
        line = style.scenario_style(number)
        if math.isfinite(dot.low + dot.high):
            axis.plot([dot.low, dot.high], [place, place], color=line.colour, linewidth=2)
        if math.isfinite(dot.level):
            axis.plot(dot.level, place, line.marker, color=line.colour, markersize=7)
        axis.annotate(text, (1.04, place), xycoords=("axes fraction", "data"), va="center", size=_SIZE, linespacing=1.15)
    axis.set_yticks(places, names, size=_SIZE)
    axis.set_ylim(sum(heights), 0)
    axis.set_xlabel(axis_label, size=_SIZE)
    axis.tick_params(axis="x", labelsize=_SIZE)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.grid(axis="x")
    values = [value for dot in dots for value in (dot.level, dot.low, dot.high) if math.isfinite(value)]
    if values:
        low, high = min(0.0, *values) if _holds_zero(values) else min(values), max(0.0, *values)
        room = 0.06 * (high - low or 1.0)
        axis.set_xlim(low - room, high + room)
    axis.locator_params(axis="x", nbins=5)
    return figure


def _holds_zero(values: Sequence[float]) -> bool:
    """Whether the axis begins at 0: not where all the levels lie close to each other far from it."""
    return max(values) - min(values) > 0.2 * max(map(abs, values))
