"""Chart of the frontier: two measures against each other, policies that are dominated drawn hollow."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.frontier import COLUMNS, Tradeoff, tradeoffs_of_study
from sim.charts import labels, style
from sim.charts.chart import Chart
from sim.charts.quantity import scale_for
from sim.ground.text import Language, Text
from sim.study.shown_names import BETWEEN_NAMES, names_in

if TYPE_CHECKING:
    from sim.study.study import Study

TITLE = Text("{y} against {x}", "{y}與{x}", "{y}与{x}")
STUDY_TITLES = {
    ("missed_per_million", "delay_quantile/p50"): Text(
        "Frontier: delay against missed contraband", "前沿：延誤與漏檢違禁貨件", "前沿：延误与漏检违禁货件"
    ),
    ("officer_hours", "delay_quantile/p50"): Text(
        "Frontier: delay against customs officer-hours", "前沿：延誤與海關工時", "前沿：延误与海关工时"
    ),
}
SHAPE = Text(
    "Points: one a policy, with the intervals of both measures; those on the frontier are filled and joined.",
    "散點圖：每項政策一點，附兩項指標的區間；位於前沿者為實心並相連。",
    "散点图：每项政策一点，附两项指标的区间；位于前沿者为实心并相连。",
)
FINDING = Text(
    "{n} of {all} policies are on the frontier: {names}; clearly dominated: {clear}",
    "{all} 項政策中有 {n} 項位於前沿：{names}；明顯遜色者：{clear} 項",
    "{all} 项政策中有 {n} 项位于前沿：{names}；明显逊色者：{clear} 项",
)
FEWER_FLIGHTS = Text(
    "{finding}. Clearly fewer flights than under {first} are released under {names}; a policy dominates none that releases "
    "clearly more.",
    "{finding}。{names} 放行的航班明顯少於 {first}；政策不視為優於放行航班明顯較多者。",
    "{finding}。{names} 放行的航班明显少于 {first}；政策不视为优于放行航班明显较多者。",
)
FEW = Text(
    "Fewer than two policies of the study stand in the same world: there is no frontier.",
    "本研究中處於相同外在條件的政策不足兩項，沒有前沿可言。",
    "本研究中处于相同外在条件的政策不足两项，没有前沿可言。",
)
NAMES = 6
NOTE = Text(
    "Bars: {confidence}% intervals of both measures. Filled and joined: on the frontier, no policy is better in both. "
    "Hollow: another policy is no worse in both and better in one; crossed as well where that is clear beyond chance. Policies "
    "that release clearly fewer flights do not count as better.",
    "橫豎線：兩項指標的 {confidence}% 區間。實心並相連：位於前沿，沒有其他政策在兩方面都較佳。空心："
    "另有政策兩方面均不遜且至少一方面較佳；"
    "若差異明確，另加交叉。放行航班明顯較少的政策不作較佳論。",
    "横竖线：两项指标的 {confidence}% 区间。实心并相连：位于前沿，没有其他政策在两方面都较优。空心："
    "另有政策两方面均不逊且至少一方面较优；"
    "若差异明确，另加交叉。放行航班明显较少的政策不作较优论。",
)
BETTER = Text("better", "較佳", "较优")
NOTHING = Text(
    "No policy has a finite value in both measures.",
    "沒有政策在兩個指標上均具有限數值。",
    "没有政策在两个指标上均具有有限数值。",
)
NAMED = 24  # points that still have room for their names beside them


def draw(
    source: labels.HasMetrics,
    tradeoff: Tradeoff,
    finding_text: str,
    confidence: float,
    scenarios: Mapping[str, str],
    language: Language,
    rests_on: str = "",
    title: str = "",
) -> Figure:
    """The figure of two measures.

    finding_text: its finding · scenarios: what the page calls them, by name · rests_on: a line under the note.
    """
    table = tradeoff.table
    rows = table[np.isfinite(table["x"]) & np.isfinite(table["y"]) & (table["same_as"] == "")]
    names = {axis: labels.measure(source, *measured.ref, language) for axis, measured in tradeoff.axes.items()}
    title = title or TITLE.in_language(language).format(**names)
    if rows.empty:
        return style.nothing_to_show(title, NOTHING.in_language(language))
    scales = {axis: scale_for(measured.unit, *rows[axis]) for axis, measured in tradeoff.axes.items()}
    note = NOTE.in_language(language).format(confidence=f"{100 * confidence:g}")
    figure = style.page(5.0, title, finding_text, f"{note}\n{rests_on}".rstrip())
    axis = figure.subplots()
    x, y = (rows[name].to_numpy(dtype=float) * scales[name].factor for name in ("x", "y"))
    front = rows["is_on_frontier"].to_numpy(dtype=bool)
    has_legend = len(rows) <= len(style.SCENARIOS)
    order = np.flatnonzero(front)[np.argsort(x[front], kind="stable")]
    axis.plot(x[order], y[order], color=style.SOFT_INK, linewidth=1, linestyle="--", zorder=1)
    for i, row in enumerate(rows.to_dict("records")):
        line = style.scenario_style(i)
        across, up = (_span(row, name) * scales[name].factor for name in ("x", "y"))
        axis.errorbar(x[i], y[i], xerr=across, yerr=up, color=line.colour, linewidth=0.9, zorder=2)
        face = line.colour if front[i] else style.PAPER
        shown_as = scenarios.get(str(row["scenario"]), str(row["scenario"]))
        name = style.wrap(shown_as, 2.0, 9) if has_legend else None
        axis.plot(x[i], y[i], line.marker, color=line.colour, markerfacecolor=face, markersize=7, zorder=3, label=name)
        if row["clearly_dominated_by"]:
            axis.plot(x[i], y[i], "x", color=line.colour, markersize=6, zorder=4)
        if not has_legend and len(rows) <= NAMED:
            axis.annotate(shown_as, (x[i], y[i]), xytext=(7, 5), textcoords="offset points", size=8, color=style.INK)
    for name, side in (("x", axis.set_xlabel), ("y", axis.set_ylabel)):
        unit = scales[name].unit.in_language(language)
        side(f"{names[name]}{f' ({unit})' if unit else ''}  {_arrow(tradeoff.axes[name].better, language)}".strip())
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


def finding(rows: pd.DataFrame, names: Mapping[str, str], language: Language) -> str:
    """How many policies are on the frontier, and which; and which release clearly fewer flights than the first.

    names: what a page in that language calls them, where that is not the name that the rows have.
    """
    rows = rows[rows["same_as"] == ""]
    shown_as = {name: names.get(name, name) for name in map(str, rows["scenario"])}
    front = [shown_as[name] for name in rows.loc[rows["is_on_frontier"], "scenario"]]
    clear, first = int(np.count_nonzero(rows["clearly_dominated_by"] != "")), str(rows["scenario"].iloc[0])
    text = FINDING.in_language(language).format(n=len(front), all=len(rows), names=_listed(front, language), clear=clear)
    than = zip(shown_as.values(), rows["fewer_flights_than"], strict=True)
    fewer = [name for name, others in than if first in others.split(" ")]
    parts = {"finding": text, "first": shown_as[first], "names": _listed(fewer, language)}
    return FEWER_FLIGHTS.in_language(language).format(**parts) if fewer else text


def _listed(names: Sequence[str], language: Language) -> str:
    return BETWEEN_NAMES.in_language(language).join(names[:NAMES]) + (" \N{HORIZONTAL ELLIPSIS}" if len(names) > NAMES else "")


def _chart(key: str, pair: tuple[str, str]) -> Chart:
    """The chart of a study's scenarios for one pair of measures."""

    def numbers(study: "Study") -> pd.DataFrame:
        tradeoffs = tradeoffs_of_study(study, [pair])
        return tradeoffs[0].table if tradeoffs else pd.DataFrame(columns=list(COLUMNS))

    def study_finding(study: "Study", language: Language) -> str:
        rows = numbers(study)
        return FEW.in_language(language) if rows.empty else finding(rows, names_in(study, language), language)

    def drawn(study: "Study", language: Language) -> Figure:
        tradeoffs, title = tradeoffs_of_study(study, [pair]), STUDY_TITLES[pair].in_language(language)
        if not tradeoffs:
            return style.nothing_to_show(title, FEW.in_language(language))
        names = names_in(study, language)
        finding_text = finding(tradeoffs[0].table, names, language)
        return draw(study, tradeoffs[0], finding_text, study.confidence, names, language, labels.source(study, language), title)

    return Chart(key, STUDY_TITLES[pair], SHAPE, numbers, study_finding, drawn)


CHARTS = tuple(_chart(f"frontier-{name}", pair) for name, pair in zip(("misses", "hours"), STUDY_TITLES, strict=True))
