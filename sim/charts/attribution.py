"""Chart of an attribution: what each lever of a package does, a panel a measure."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.attribution_table import DEAD, LABELS, WHOLE
from sim.analysis.design_run import DesignRun
from sim.charts import labels, style
from sim.charts.quantity import scale_for
from sim.ground.text import Language, Text
from sim.study.shown_names import names_in
from sim.study.verdict import Verdict

TITLE = Text(
    "Which lever did it: {package} against {base}",
    "哪一項起作用：{package}（與{base}比較）",
    "哪一项起作用：{package}（与{base}比较）",
)
SHARE = Text("share, with its interval", "份額及其區間", "份额及其区间")
STEP = Text("step, with its interval", "逐步差異及其區間", "逐步差异及其区间")
ALONE, LEFT_OUT = Text("alone", "單獨採用", "单独采用"), Text("added last", "最後採用", "最后采用")
ALL = Text("all together", "全部", "全部")
NOTE = Text(
    "On the same random numbers. Share: the lever's mean gain over the orders in which the levers can be put in; the shares add "
    "up to the bar of all. Circle: put in alone. Diamond: added to all the others. ",
    "使用相同隨機數。份額：按各項可逐一採用的次序，該項加入時差異的平均值，各項相加即為「全部」。圓圈：單獨採用。"
    "菱形：在其餘各項之上最後採用。",
    "使用相同随机数。份额：按各项可逐一采用的次序，该项加入时差异的平均值，各项相加即为“全部”。圆圈：单独采用。"
    "菱形：在其余各项之上最后采用。",
)
NOTE_STEPS = Text(
    "On the same random numbers. Step: what the lever adds to those above it. Circle: put in alone. Diamond: added to all the "
    "others. ",
    "使用相同隨機數。逐步：在以上各項之上再採用該項的差異。圓圈：單獨採用。菱形：在其餘各項之上最後採用。",
    "使用相同随机数。逐步：在以上各项之上再采用该项的差异。圆圈：单独采用。菱形：在其余各项之上最后采用。",
)
MARKS = Text(
    "A missing mark: the checks refuse that combination, or the measure has no value with it. Hollow bar: not clear by itself.",
    "沒有標記：檢核規則不容許該組合，或指標在其下沒有數值。空心橫條：該項差異不明確。",
    "没有标记：校验规则不允许该组合，或指标在其下没有数值。空心横条：该项差异不明确。",
)
MORE = Text(
    " Drawn are the first {drawn} of {n} measures.", "圖示 {n} 項指標中的首 {drawn} 項。", "图示 {n} 项指标中的前 {drawn} 项。"
)
_MEASURES = 3  # panels beside each other
_TOO_FEW = Verdict.TOO_FEW_EVENTS
_ROW_IN, _AXIS_IN = 0.42, 0.75
_FILL, _ALL_FILL = "#a9cfe8", "#cfcfcf"  # light, so that the interval is seen on the bar


def draw(run: DesignRun, rows: pd.DataFrame, finding: str, is_stepwise: bool, language: Language) -> Figure:
    """The figure of one package; rows: as `attribution_table` makes them, of the first _MEASURES of its measures."""
    names = names_in(run, language)
    package, base = (names[str(rows[column].iloc[0])] for column in ("scenario", "base"))
    title = TITLE.in_language(language).format(package=package, base=base)
    measures = [of_measure[of_measure["row"] != DEAD] for _, of_measure in rows.groupby(["metric", "part"], sort=False)]
    panels = measures[:_MEASURES]
    levers = [str(row[LABELS[language]]) or ALL.in_language(language) for row in panels[0].to_dict("records")]
    if len(levers) == 1:
        return style.nothing_to_show(title, finding)
    written = [style.wrap(name, 2.6, 8.5) for name in levers]
    body = _AXIS_IN + 0.3 + sum(max(_ROW_IN, 0.16 * (name.count("\n") + 1) + 0.12) for name in written)
    note = "".join(text.in_language(language) for text in (NOTE_STEPS if is_stepwise else NOTE, MARKS))
    if len(measures) > len(panels):
        note += MORE.in_language(language).format(drawn=len(panels), n=len(measures))
    figure = style.page(body, title, finding, note)
    handles = [
        Line2D([], [], color=_FILL, linewidth=6, label=(STEP if is_stepwise else SHARE).in_language(language)),
        Line2D([], [], color=style.INK, marker="o", linestyle="", markerfacecolor=style.PAPER, label=ALONE.in_language(language)),
        Line2D([], [], color=style.INK, marker="D", linestyle="", markersize=5, label=LEFT_OUT.in_language(language)),
    ]
    style.legend_line(figure, handles, 0.28)
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axis, of_measure in zip(axes, panels, strict=True):
        columns = ["alone", "left_out", "share", "share_low", "share_high"]
        numbers = of_measure[columns].to_numpy(dtype=float)
        scale = scale_for(str(of_measure["unit"].iloc[0]), *of_measure["at_base"], *numbers[:, :3].ravel().tolist())
        for position, (alone, left, share, low, high) in enumerate(numbers * scale.factor):
            is_whole, has_events = of_measure["row"].iloc[position] == WHOLE, of_measure["verdict"].iloc[position] != _TOO_FEW
            is_clear = has_events and (low > 0 or high < 0)
            fill, edge = (_ALL_FILL, style.INK) if is_whole else (_FILL, style.scenario_style(2).colour)
            axis.barh(position, share, height=0.5, color=fill if is_clear else style.PAPER, edgecolor=edge, linewidth=1)
            axis.plot([low, high], [position, position], color=style.INK, linewidth=1.2)
            axis.plot(alone, position - 0.34, "o", color=style.INK, markerfacecolor=style.PAPER, markersize=5)
            axis.plot(left, position + 0.34, "D", color=style.INK, markersize=4)
        axis.axvline(0, color=style.INK, linewidth=0.8)
        axis.set_ylim(len(levers) - 0.4, -0.6)
        axis.set_yticks(range(len(levers)), written, size=8.5)
        axis.tick_params(axis="y", length=0)
        axis.set_xlabel(scale.difference_unit.in_language(language))
        label = labels.measure(run, str(of_measure["metric"].iloc[0]), str(of_measure["part"].iloc[0]), language)
        axis.set_title(style.wrap(label, 7.0 / len(panels), 9.5, style.title_weight()))
        axis.grid(axis="x")
    return figure
