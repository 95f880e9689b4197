"""Chart: release time by step and side, waiting apart from service, a panel a scenario."""

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts import labels, style
from sim.charts.chart import Chart
from sim.charts.panels import LEGEND_IN, lines_of_panels, merged_order, minutes_legend, name_rows, panels
from sim.charts.quantity import Scale, scale_for
from sim.ground.text import Language, Text
from sim.metrics.breakdown import split_part
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.study import Study

MEASURE = "time_by_step"
KINDS = ("service", "wait")
TOTAL = "total"
TITLE = Text("Release time by step and side", "按步驟及各方劃分的放行時間", "按步骤及各方划分的放行时间")
NOTE = Text(
    "Mean per released flight, up to its release. Steps run side by side, so they add up to more than the flight's own time. "
    "Whiskers: {confidence}% interval of the bar's total over replications.",
    "每個已放行航班至放行為止的平均值。各步驟並行，總和大於航班本身所需時間。誤差線：各次重複中總和的 {confidence}% 區間。",
    "每个已放行航班至放行为止的平均值。各步骤并行，总和大于航班本身所需时间。误差线：各次重复中总和的 {confidence}% 区间。",
)
FINDING = Text(
    "{name}: longest is {step} ({whose}), {total}, of which {share} waiting",
    "{name}：最長為{step}（{whose}），{total}，其中 {share} 為等候",
    "{name}：最长为{step}（{whose}），{total}，其中 {share} 为等候",
)
SHAPE = Text(
    "Bar chart: a panel a scenario, a bar a step and side, service plain and waiting hatched, with a whisker.",
    "橫條圖：每個情景一格，每個步驟及一方一條；處理時間為實色，等候時間為斜線，附誤差線。",
    "条形图：每个情景一格，每个步骤及一方一条；办理时间为实色，等候时间为斜线，附误差线。",
)
NOTHING = Text("No flight was released.", "沒有航班獲放行。", "没有航班获放行。")
_COLUMNS, _NAMES_IN = 4, 2.3


def numbers(study: "Study") -> pd.DataFrame:
    """Mean minutes by scenario, step, whose and kind, and their total, with intervals over replications."""
    from sim.statistics.intervals import estimate_mean

    rows = study.replications[study.replications["metric"] == MEASURE].copy()
    rows[["step", "whose", "kind"]] = [split_part(part) for part in rows["part"]] or None
    bar = ["scenario", "step", "whose"]
    totals = rows.groupby([*bar, "replication"], sort=False)["value"].sum(min_count=1).reset_index().assign(kind=TOTAL)
    estimates = []
    for key, group in pd.concat([rows, totals]).groupby([*bar, "kind"], sort=False):
        e = estimate_mean(group["value"].to_numpy(), study.confidence)
        estimates.append((*key, e.mean, e.low, e.high))
    return pd.DataFrame(estimates, columns=[*bar, "kind", "mean_min", "ci_low_min", "ci_high_min"]).dropna(subset=["mean_min"])


def draw(study: "Study", language: Language) -> Figure:
    """The figure: a panel a scenario, a bar a step and side."""
    shown, title = numbers(study), TITLE.in_language(language)
    totals = shown[shown["kind"] == TOTAL]
    if totals["mean_min"].sum() == 0:
        return style.nothing_to_show(title, NOTHING.in_language(language))
    present = totals[totals["mean_min"] > 0].groupby("scenario", sort=False)
    bars = merged_order([list(zip(rows["step"], rows["whose"], strict=True)) for _, rows in present])
    scale = scale_for("min", float(totals["mean_min"].max()))
    names = names_in(study, language)
    findings = _findings(study, shown, language)
    note = NOTE.in_language(language).format(confidence=labels.confidence(study))
    lines, _ = lines_of_panels(len(names), _COLUMNS)
    figure = style.page(lines * (0.85 + 0.24 * len(bars)) + LEGEND_IN, title, findings, labels.with_source(note, study, language))
    axes = panels(figure, list(names.values()), _COLUMNS, style.WIDTH_IN - _NAMES_IN)
    for axis, name in zip(axes, names, strict=True):
        _bars(axis, shown[shown["scenario"] == name].set_index(["step", "whose", "kind"]), bars, scale)
        axis.set_xlim(0, 1.25 * scale.factor * float(np.nanmax(totals[["mean_min", "ci_high_min"]])))
        axis.set_xlabel(scale.unit.in_language(language))
    name_rows(axes, [labels.step_and_whose(step, whose, language) for step, whose in bars], _NAMES_IN)
    minutes_legend(figure, [key for key in style.WHOSE_COLOURS if key in {whose for _, whose in bars}], KINDS, language)
    return figure


def _bars(axis: Axes, rows: pd.DataFrame, bars: list[tuple[str, str]], scale: Scale) -> None:
    for position, (step, whose) in enumerate(bars):
        begin = 0.0
        for kind in KINDS:
            length = _at(rows, (step, whose, kind), "mean_min") * scale.factor
            axis.barh(position, length, left=begin, height=0.7, **style.bar(whose, kind))
            begin += length
        low, high = (_at(rows, (step, whose, TOTAL), end) * scale.factor for end in ("ci_low_min", "ci_high_min"))
        axis.plot([low, high], [position, position], color=style.INK, linewidth=1.1, marker="|", markersize=5)
        axis.annotate(
            scale.levels(begin / scale.factor)[0],
            (max(begin, high), position),
            (4, 0),
            textcoords="offset points",
            va="center",
            size=8,
        )
    axis.locator_params(axis="x", nbins=5)
    axis.grid(axis="x")


def _at(rows: pd.DataFrame, key: tuple[str, str, str], column: str) -> float:
    value = float(rows[column].get(key, 0.0))
    return 0.0 if value != value else value


def finding(study: "Study", language: Language) -> str:
    """A line a scenario: the longest step, and how much of it is waiting."""
    return _findings(study, numbers(study), language)


def _findings(study: "Study", shown: pd.DataFrame, language: Language) -> str:
    longest = shown.loc[shown["kind"] == TOTAL, "mean_min"].max() if len(shown) else 0.0
    scale = scale_for("min", float(longest))
    names = names_in(study, language)
    return "\n".join(_finding(shown[shown["scenario"] == name], names[name], scale, language) for name in names)


def _finding(rows: pd.DataFrame, name: str, scale: Scale, language: Language) -> str:
    totals = rows[rows["kind"] == TOTAL].set_index(["step", "whose"])["mean_min"]
    if totals.empty or totals.max() == 0:
        return f"{name}: {NOTHING.in_language(language)}"
    step, whose = cast(tuple[str, str], totals.idxmax())
    of_longest = rows[(rows["step"] == step) & (rows["whose"] == whose)].set_index("kind")["mean_min"]
    return FINDING.in_language(language).format(
        name=name,
        step=labels.step(step, language),
        whose=labels.whose(whose, language),
        total=scale.level(float(totals.max()), language),
        share=f"{float(of_longest.get('wait', 0.0)) / float(totals.max()):.0%}",
    )


CHART = Chart("release-time", TITLE, SHAPE, numbers, finding, draw)
