"""Chart of the frontier: two measures against each other, policies that are dominated drawn hollow."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.charts import labels, style
from sim.charts.quantity import scale_for
from sim.ground.text import Language, Text

TITLE = Text("{y} against {x}", "{y}與{x}", "{y}与{x}")
NOTE = Text(
    "Bars: {confidence}% intervals of both means. Filled and joined: on the frontier, no policy is better in both. "
    "Hollow: another "
    "policy is no worse in both and better in one; crossed as well where that is clear beyond chance.",
    "橫豎線：兩個平均值的 {confidence}% 區間。實心並相連：位於前沿，沒有其他政策在兩方面都較佳。空心："
    "另有政策兩方面均不遜且至少一方面較佳；"
    "若差異明確，另加交叉。",
    "横竖线：两个平均值的 {confidence}% 区间。实心并相连：位于前沿，没有其他政策在两方面都较优。空心："
    "另有政策两方面均不逊且至少一方面较优；"
    "若差异明确，另加交叉。",
)
BETTER = Text("better", "較佳", "较优")
NOTHING = Text(
    "No policy has a finite value in both measures.",
    "沒有政策在兩個指標上均具有限數值。",
    "没有政策在两个指标上均具有有限数值。",
)
NAMED = 24  # points that still have room for their names beside them


def draw(source: labels.HasMetrics, table: pd.DataFrame, finding: str, confidence: float, language: Language) -> Figure:
    """The figure of one table as `frontier_table` makes it."""
    rows = table[np.isfinite(table["x"]) & np.isfinite(table["y"])]
    names = {axis: _label(source, str(table[f"{axis}_measure"].iloc[0]), language) for axis in ("x", "y")}
    title = TITLE.in_language(language).format(**names)
    if rows.empty:
        return style.nothing_to_show(title, NOTHING.in_language(language))
    scales = {axis: scale_for(_unit(source, table, axis), *rows[axis]) for axis in ("x", "y")}
    figure = style.page(5.0, title, finding, NOTE.in_language(language).format(confidence=f"{100 * confidence:g}"))
    axis = figure.subplots()
    x, y = (rows[name].to_numpy(dtype=float) * scales[name].factor for name in ("x", "y"))
    front = rows["is_on_frontier"].to_numpy(dtype=bool)
    has_legend = len(rows) <= len(style.SCENARIOS)
    order = np.flatnonzero(front)[np.argsort(x[front], kind="stable")]
    axis.plot(x[order], y[order], color=style.SOFT_INK, linewidth=1, linestyle="--", zorder=1)
    for i, row in enumerate(rows.to_dict("records")):
        look = style.line_of(i)
        across, up = (_span(row, name) * scales[name].factor for name in ("x", "y"))
        axis.errorbar(x[i], y[i], xerr=across, yerr=up, color=look.colour, linewidth=0.9, zorder=2)
        face = look.colour if front[i] else style.PAPER
        name = style.wrap(str(row["scenario"]), 2.0, 9) if has_legend else None
        axis.plot(x[i], y[i], look.marker, color=look.colour, markerfacecolor=face, markersize=7, zorder=3, label=name)
        if row["clearly_dominated_by"]:
            axis.plot(x[i], y[i], "x", color=look.colour, markersize=6, zorder=4)
        if not has_legend and len(rows) <= NAMED:
            axis.annotate(str(row["scenario"]), (x[i], y[i]), xytext=(7, 5), textcoords="offset points", size=8, color=style.INK)
    for name, side in (("x", axis.set_xlabel), ("y", axis.set_ylabel)):
        unit = scales[name].unit.in_language(language)
        better = source.metrics[str(table[f"{name}_measure"].iloc[0]).partition("/")[0]].better
        side(f"{names[name]}{f' ({unit})' if unit else ''}  {_arrow(better, language)}".strip())
    if has_legend:
        axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    axis.margins(0.12)
    axis.grid(axis="both")
    return figure


def _span(row: dict[Hashable, Any], name: str) -> NDArray[np.float64]:
    """Shape (2, 1): how far the ends of the interval are from the mean; 0 where there is none."""
    return np.nan_to_num(np.abs([[row[name] - row[f"{name}_{end}"]] for end in ("low", "high")]))


def _arrow(better: str, language: Language) -> str:
    word = BETTER.in_language(language)
    return {"lower": f"\N{LEFTWARDS ARROW} {word}", "higher": f"{word} \N{RIGHTWARDS ARROW}"}.get(better, "")


def _label(source: labels.HasMetrics, measure: str, language: Language) -> str:
    key, _, part = measure.partition("/")
    return labels.measure(source, key, part, language)


def _unit(source: labels.HasMetrics, table: pd.DataFrame, axis: str) -> str:
    return source.metrics[str(table[f"{axis}_measure"].iloc[0]).partition("/")[0]].unit
