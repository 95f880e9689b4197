"""Chart of saturation: the measure against the demand, its target, and where they meet."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.design_run import DesignRun
from sim.analysis.saturation import Saturation
from sim.charts import labels, style
from sim.charts.quantity import scale_for
from sim.ground.text import Language, Text

TITLE = Text("{measure} as demand grows", "需求增長下的{measure}", "需求增长下的{measure}")
AXIS_X = Text("flights a day on each route, each way", "每條航線每日單程班次", "每条航线每日单程班次")
TARGET = Text("target", "目標", "目标")
NOTE = Text(
    "Mean over {n} replications with its {confidence}% interval, on the same random numbers at every demand. Grey: the "
    "interval of the "
    "demand at which the target breaks, read off where the ends of the interval of the mean cross the target.",
    "{n} 次重複的平均值及其 {confidence}% 區間，各需求水平使用相同隨機數。灰帶：目標失守時的需求區間，"
    "由平均值區間兩端與目標的交點得出。",
    "{n} 次重复的平均值及其 {confidence}% 区间，各需求水平使用相同随机数。灰带：目标失守时的需求区间，"
    "由平均值区间两端与目标的交点得出。",
)


def draw(run: DesignRun, answer: Saturation, curve: pd.DataFrame, finding: str, language: Language) -> Figure:
    """The figure; `curve` as `sim.analysis.saturation.curve` makes it."""
    measured = answer.target.measured
    title = TITLE.in_language(language).format(measure=labels.measure(run, *measured.ref, language))
    finite = curve["mean"][np.isfinite(curve["mean"])]
    scale = scale_for(measured.unit, *finite, answer.target.value)
    counts = {"n": run.manifest.replications, "confidence": f"{100 * run.confidence:g}"}
    figure = style.page(3.8, title, finding, NOTE.in_language(language).format(**counts))
    axis, line = figure.subplots(), style.scenario_style(2)
    x = curve["flights_per_day"].to_numpy(dtype=float)
    mean, low, high = (curve[name].to_numpy(dtype=float) * scale.factor for name in ("mean", "ci_low", "ci_high"))
    axis.fill_between(x, low, high, color=line.colour, alpha=0.2, linewidth=0)
    axis.plot(x, mean, color=line.colour, marker="o", markersize=4, linewidth=1.6)
    axis.axhline(answer.target.value * scale.factor, color=style.scenario_style(1).colour, linewidth=1.2, linestyle="--")
    text = f"{TARGET.in_language(language)} {scale.level(answer.target.value, language)}"
    axis.annotate(text, (x[0], answer.target.value * scale.factor), xytext=(2, 4), textcoords="offset points", size=8.5)
    if np.isfinite(answer.multiple):
        ends = (max(answer.per_day(answer.low), x[0]), min(answer.per_day(answer.high), x[-1]))
        axis.axvspan(*ends, color=style.RULE, alpha=0.5, linewidth=0)
        axis.axvline(answer.per_day(answer.multiple), color=style.INK, linewidth=1)
    axis.set_xscale("log")
    ticks = x[:: max(len(x) // 8, 1)]
    axis.set_xticks(ticks, [f"{tick:.3g}" for tick in ticks])
    axis.minorticks_off()
    axis.set_xlabel(AXIS_X.in_language(language))
    axis.set_ylabel(scale.unit.in_language(language))
    axis.grid(axis="y")
    return figure
