"""Chart: the difference between two policies in every world tried, from the best world to the worst."""

import numpy as np
from matplotlib.figure import Figure

from sim.analysis.design_points import number_of
from sim.analysis.forbidden import WORLDS, number_left_out
from sim.analysis.robust import FEWER, LOSS, TIE, UNDECIDED, WIN, Robustness
from sim.charts import labels, style
from sim.charts.quantity import scale_for
from sim.ground.text import Language, Text
from sim.study.shown_names import names_in

TITLE = Text("{measure}: {b} minus {a}, world by world", "{measure}：{b} 減 {a}，逐個情境", "{measure}：{b} 减 {a}，逐个情境")
AXIS_X = Text("worlds tried, in order of the difference (%)", "試算情境，按差異排序（%）", "试算情境，按差异排序（%）")
NOTE = Text(
    "A point is one world: the world's parameters drawn from their plausible ranges, both policies on the same random "
    "numbers. Grey band: alike. Open points: undecided, the interval of that world reaches across an edge of the band. "
    "Differences outside the drawn range, and those of worlds in which one policy releases too few flights, stand at the edge.",
    "每點為一個情境：世界參數由合理範圍抽取，兩項政策使用相同隨機數。灰帶：兩者相若。空心點：未能判定，該情境的區間跨越灰帶邊緣。"
    "超出圖示範圍者，以及其中一項政策放行航班太少的情境，置於邊緣。",
    "每点为一个情境：世界参数由合理范围抽取，两项政策使用相同随机数。灰带：两者相若。空心点：未能判定，该情境的区间跨越灰带边缘。"
    "超出图示范围者，以及其中一项政策放行航班太少的情境，置于边缘。",
)
VERDICT_LABELS = {
    WIN: Text("{b} clearly better", "{b} 明顯較佳", "{b} 明显较优"),
    TIE: Text("alike", "相若", "相若"),
    LOSS: Text("{a} clearly better", "{a} 明顯較佳", "{a} 明显较优"),
    FEWER: Text("better for fewer flights", "航班較少而較佳", "航班较少而较优"),
    UNDECIDED: Text("undecided", "未能判定", "未能判定"),
}
_MIDDLE = (2.0, 98.0)  # per cent of the worlds that the axis spans


def draw(result: Robustness, finding: str, language: Language) -> Figure:
    """The figure: differences in rising order, told apart by verdict."""
    a, b = names_in(result.design_run, language).values()
    label = labels.measure(result.design_run, *result.measured.ref, language)
    known = ~np.isnan(result.difference)
    order = np.argsort(result.difference[known], kind="stable")
    difference, verdict = result.difference[known][order], result.verdict[known][order]
    finite = difference[np.isfinite(difference)]
    low, high = np.percentile(finite, _MIDDLE) if len(finite) else (-1.0, 1.0)
    low, high = min(low, -result.band, 0.0), max(high, result.band, 0.0)
    room = 0.06 * (high - low or 1.0)
    scale = scale_for(result.measured.unit, low, high)
    title = TITLE.in_language(language).format(measure=label, a=a, b=b)
    left_out = {number_of(name) for name in result.design_run.left_out["point"]}
    note = f"{NOTE.in_language(language)} {number_left_out(len(left_out), WORLDS).in_language(language)}".rstrip()
    figure = style.page(3.6, title, finding, note)
    axis = figure.subplots()
    axis.axhspan(-result.band * scale.factor, result.band * scale.factor, color=style.RULE, alpha=0.6, linewidth=0)
    axis.axhline(0, color=style.INK, linewidth=0.8)
    percent = 100 * (np.arange(len(difference)) + 0.5) / max(len(difference), 1)
    shown = np.clip(difference, low - room, high + room) * scale.factor
    for position, (name, text) in enumerate(VERDICT_LABELS.items()):
        here, is_open = verdict == name, name in (UNDECIDED, FEWER)
        if name == FEWER and not here.any():
            continue
        line = style.scenario_style((2, 0, 1, 4, 3)[position])
        axis.plot(
            percent[here], shown[here], line.marker, color=line.colour, markersize=3.2, linestyle="",
            markerfacecolor="none" if is_open else line.colour, label=text.in_language(language).format(a=a, b=b),
        )  # fmt: skip
    axis.set_ylim((low - 1.5 * room) * scale.factor, (high + 1.5 * room) * scale.factor)
    axis.set_xlim(0, 100)
    axis.set_xlabel(AXIS_X.in_language(language))
    axis.set_ylabel(scale.difference_unit.in_language(language))
    axis.grid(axis="y")
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return figure
