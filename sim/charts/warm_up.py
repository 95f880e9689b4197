"""Chart: the series from which a warm-up is proposed, with where MSER-5 cuts them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts import style
from sim.charts.quantity import Scale, scale_for
from sim.ground.arrays import Floats
from sim.ground.text import Language, Text
from sim.ground.time_units import DAY_S, HOURS_A_DAY
from sim.study.shown_names import shown_names
from sim.study.warm_up import moving_average

if TYPE_CHECKING:
    from sim.study.warm_up import Series, WarmUp

KEY = "warm-up"
TITLE = Text("Warm-up of {name}", "{name} 的預熱時段", "{name} 的预热时段")
AXIS_X = Text("days from the empty start", "由空系統開始的日數", "从空系统开始的天数")
FINDING = Text(
    "{series}: MSER-5 leaves out {cuts} h", "{series}：MSER-5 剔除首 {cuts} 小時", "{series}：MSER-5 剔除前 {cuts} 小时"
)
NO_CUT = Text("none", "無", "无")
NOTE = Text(
    "Mean over {n} replications of each of the seeds {first} to {last}, hour by hour, less the daily cycle (the mean of each "
    "hour of the day over the second half). Thick: moving average over 25 values. Grey: left out by MSER-5 in the series of one "
    "seed, darker where of several. Dotted: the warm-up of the scenario file ({own}).",
    "種子 {first} 至 {last} 各 {n} 次重複的逐時平均值，已扣除每日週期（後半段各時段的平均值）。粗線：25 個數值的移動平均。"
    "灰色：MSER-5 於單一種子的序列中剔除的部分，越深則越多種子。點線：情景檔所設的預熱時段（{own}）。",
    "种子 {first} 至 {last} 各 {n} 次重复的逐时平均值，已扣除日周期（后半段各时段的平均值）。粗线：25 个数值的移动平均。"
    "灰色：MSER-5 在单一种子的序列中剔除的部分，越深则种子越多。点线：情景文件所设的预热时段（{own}）。",
)
_PANEL_IN = 2.3


def numbers(proposed: "WarmUp") -> pd.DataFrame:
    """One row a series and hour: series, unit, hour, level, settled (the daily cycle taken out), moving_average."""
    tables = [
        pd.DataFrame({
            "series": series.label.en,
            "unit": series.unit,
            "hour": series.hour.astype(int),
            "level": series.level,
            "settled": series.settled,
            "moving_average": moving_average(series.settled),
        })
        for series in proposed.series
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def draw(proposed: "WarmUp", language: Language) -> Figure:
    """The figure: a panel a series, days across."""
    from sim.ground.units import format_quantity

    own_s = proposed.scenario.study.warm_up
    title = TITLE.in_language(language).format(name=shown_names([proposed.scenario], language)[proposed.scenario.name])
    seeds = {"first": proposed.seeds[0], "last": proposed.seeds[-1]}
    note = NOTE.in_language(language).format(n=proposed.replications, own=format_quantity(own_s, "time"), **seeds)
    of_series = [_finding(series, language) for series in proposed.series]
    findings = "\n".join([*of_series, proposed.finding.in_language(language)])
    figure = style.page(_PANEL_IN * len(proposed.series) + 0.3, title, findings, note)
    panels = figure.subplots(len(proposed.series), 1, sharex=True, squeeze=False)[:, 0]
    for axis, series in zip(panels, proposed.series, strict=True):
        _panel(axis, series, language)
        axis.axvline(own_s / DAY_S, color=style.INK, linewidth=1, linestyle=":")
        axis.set_xlim(0, proposed.days)
    panels[-1].set_xlabel(AXIS_X.in_language(language))
    return figure


def _panel(axis: Axes, series: "Series", language: Language) -> None:
    smooth = moving_average(series.settled)
    scale: Scale = scale_for(series.unit, *smooth)
    unit = scale.unit.in_language(language)
    days: Floats = (series.hour + 0.5) / HOURS_A_DAY
    axis.plot(days, series.settled * scale.factor, color=style.RULE, linewidth=0.7)
    axis.plot(days, smooth * scale.factor, color=style.SCENARIOS[2].colour, linewidth=1.8)
    for cut_h in series.cuts_h:
        axis.axvspan(0, (cut_h or 0) / HOURS_A_DAY, color=style.RULE, alpha=1.2 / len(series.cuts_h), linewidth=0)
    label = series.label.in_language(language)
    axis.set_title(f"{label} ({unit})" if unit and language == "en" else f"{label}（{unit}）" if unit else label)
    axis.grid(axis="both")


def _finding(series: "Series", language: Language) -> str:
    label = series.label.in_language(language)
    return FINDING.in_language(language).format(series=label, cuts=listed(series.cuts_h, language))


def listed(by_seed: Sequence[int | None], language: Language = "en") -> str:
    """Hours or days of each seed, one after the other: "0, 20, none"."""
    none, mark = NO_CUT.in_language(language), ", " if language == "en" else "、"
    return mark.join(none if number is None else str(number) for number in by_seed)
