"""Chart of the assumptions: how far the answer moves over the plausible range of each, those first that move it most."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.design_run import DesignRun
from sim.charts import labels, style
from sim.charts.quantity import scale_for
from sim.ground.parameter import STATUS_LABELS, Status
from sim.ground.text import Language, Text
from sim.ground.units import quantity_in_words
from sim.metrics.measure_ref import Measure
from sim.scenario.parameters import catalogue
from sim.study.shown_names import names_in

TITLE = Text("What the answer rests on: {answer}", "結果所依據的假設：{answer}", "结果所依据的假设：{answer}")
DIFFERENCE = Text("{measure}, {b} minus {a}", "{measure}，「{b}」減「{a}」", "{measure}，“{b}”减“{a}”")
NOTE = Text(
    "One parameter at a time moved to the low and the high end of its plausible range, all others as they are, on the "
    "same random "
    "numbers. Open circle: the answer at the low end; filled: at the high end; line: at the scenario's own values. "
    "Parameters are "
    "named with their value and status: a guess has no source.",
    "每次只把一項參數移至其合理範圍的下限及上限，其餘不變，並使用相同隨機數。空心圓：下限時的結果；實心圓：上限時的結果；"
    "直線：情景原值時的結果。"
    "參數附其數值及依據狀況：「假設」表示沒有來源。",
    "每次只把一项参数移至其合理范围的下限及上限，其余不变，并使用相同随机数。空心圆：下限时的结果；实心圆：上限时的结果；"
    "直线：情景原值时的结果。"
    "参数附其数值及依据状况：“假设”表示没有来源。",
)
SHOWN = 16


def draw(run: DesignRun, measured: Measure, table: pd.DataFrame, finding: str, language: Language) -> Figure:
    """The figure of the SHOWN that matter most; `table` as `assumption_table` makes it."""
    rows = table[table["rank"] > 0].head(SHOWN)
    title = TITLE.in_language(language).format(answer=answer_named(run, measured, language))
    if rows.empty:
        return style.nothing_to_show(title, finding)
    ends = rows[["at_low", "at_own", "at_high"]].to_numpy(dtype=float)
    scale = scale_for(measured.unit, *ends[np.isfinite(ends)])
    names = [style.wrap(_name(row, language), 4.0, 8.5) for row in rows.to_dict("records")]
    body = 0.9 + sum(0.14 + 0.14 * (name.count("\n") + 1) for name in names)
    figure = style.page(body, title, finding, NOTE.in_language(language))
    axis = figure.subplots()
    for position, (low, _, high) in enumerate(ends * scale.factor):
        axis.plot([low, high], [position, position], color=style.SOFT_INK, linewidth=2)
        axis.plot(low, position, "o", color=style.INK, markerfacecolor=style.PAPER, markersize=6)
        axis.plot(high, position, "o", color=style.INK, markersize=6)
    axis.axvline(float(ends[0, 1]) * scale.factor, color=style.scenario_style(1).colour, linewidth=1)
    axis.set_yticks(range(len(names)), names, size=8.5)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.set_xlabel(scale.unit.in_language(language))
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x")
    return figure


def answer_named(run: DesignRun, measured: Measure, language: Language) -> str:
    """What the answer is: the measure, or its difference between two scenarios."""
    label = labels.measure(run, *measured.ref, language)
    names = list(names_in(run, language).values())
    return label if len(names) < 2 else DIFFERENCE.in_language(language).format(measure=label, a=names[0], b=names[1])


def _name(row: Mapping[Hashable, Any], language: Language) -> str:
    label = catalogue()[str(row["path"])].full_label.in_language(language)
    low, high = (quantity_in_words(str(row[end]), language) for end in ("low", "high"))
    return f"{label}: {low} \N{EN DASH} {high} ({STATUS_LABELS[Status(str(row['status']))].in_language(language)})"
