"""Small multiples: a panel a scenario, with what they share."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.charts import labels, style
from sim.ground.text import Language

Row = TypeVar("Row", bound=Hashable)

LEGEND_IN = 0.3


def merged_order(orders: Iterable[Sequence[Row]]) -> list[Row]:
    """Every row of every scenario once: what only a later scenario has stands behind the row it follows there."""
    merged: list[Row] = []
    for order in orders:
        place = 0
        for row in order:
            if row not in merged:
                merged.insert(place, row)
            place = merged.index(row) + 1
    return merged


def lines_of_panels(count: int, most_columns: int) -> tuple[int, int]:
    """(lines, columns) of `count` panels: as few lines as fit, then as few columns."""
    lines = -(-count // most_columns)
    return lines, -(-count // lines)


def panels(figure: Figure, names: Sequence[str], most_columns: int, room_in: float) -> list[Axes]:
    """One axes a scenario, in the order of `names`, with shared scales and its name as the title."""
    lines, columns = lines_of_panels(len(names), most_columns)
    axes: Any = np.atleast_1d(figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True)).ravel()
    for axis, name in zip(axes, names, strict=False):
        axis.set_title(style.wrap(name, room_in / columns - 0.1, 9.5, style.title_weight()))
        axis.tick_params(axis="x", labelbottom=True)
    for axis in axes[len(names) :]:
        axis.set_visible(False)
    return list(axes[: len(names)])


ROW_SIZE = 8.5  # of the names of rows, in points


def name_rows(axes: Sequence[Axes], names: Sequence[str], width_in: float) -> None:
    """Name the rows that all panels share, the first row on top."""
    axes[0].set_yticks(range(len(names)), [style.wrap(name, width_in, ROW_SIZE) for name in names], size=ROW_SIZE)
    axes[0].set_ylim(len(names) - 0.4, -0.6)
    for axis in axes:
        axis.tick_params(axis="y", length=0)


def minutes_legend(figure: Figure, whose: Sequence[str], kinds: Sequence[str], language: Language) -> None:
    """A legend line between header and panels: colours by whose minutes, hatches by kind."""
    handles = [Patch(**style.bar(key, "service"), label=labels.whose(key, language)) for key in whose]
    handles += [Patch(**style.bar("", kind), label=labels.kind(kind, language)) for kind in kinds]
    style.legend_line(figure, handles, LEGEND_IN)
