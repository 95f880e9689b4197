"""Chart: how busy each pool is by hour of the day, a panel a scenario."""

from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts import labels, style
from sim.charts.chart import Chart, rows_of
from sim.charts.panels import ROW_SIZE, lines_of_panels, merged_order, name_rows, panels
from sim.ground.text import Language, Text
from sim.ground.time_units import HOURS_A_DAY
from sim.metrics.breakdown import split_part
from sim.model.feature import Feature
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.study import Study

MEASURE = "utilisation_by_hour"
TITLE = Text("Utilisation by hour of the day", "按時段的使用率", "按时段的利用率")
AXIS_X = Text("hour of the day", "時段（時）", "时段（时）")
SCALE = Text("busy share of the time on duty (%)", "當值時間中忙碌的比例（%）", "在岗时间中忙碌的比例（%）")
NOTE = Text(
    "Mean over replications of the server time that is busy (holds and turnaround included) within each hour, of the server time "
    "on duty. Figures: 10% and more. Crossed: nobody on duty.",
    "各次重複的平均值：每小時內忙碌（包括佔用及周轉）的時間佔當值時間的比例。標示數字者為 10% 或以上；打叉者為無人當值。",
    "各次重复的平均值：每小时内忙碌（包括占用及周转）的时间占在岗时间的比例。标示数字者为 10% 或以上；打叉者为无人在岗。",
)
LEFT_OUT = Text(
    "Of {all} pools the {shown} busiest are shown.",
    "只顯示 {all} 項資源中最忙的 {shown} 項。",
    "只显示 {all} 项资源中最忙的 {shown} 项。",
)
FINDING = Text(
    "{name}: busiest is {pool}, {share} between {hour}:00 and {next}:00",
    "{name}：最忙為{pool}，{hour}時至{next}時達 {share}",
    "{name}：最忙为{pool}，{hour}时至{next}时达 {share}",
)
SHAPE = Text(
    "Heat map: a panel a scenario, a row a pool of servers, a column an hour of the day; the darker, the busier.",
    "熱圖：每個情景一格，每項資源一行，每小時一欄；顏色越深越忙。",
    "热图：每个情景一格，每项资源一行，每小时一列；颜色越深越忙。",
)
NOTHING = Text("No pool was used.", "沒有使用任何資源。", "没有使用任何资源。")
MOST, FEWEST = 20, 5
"""Pools shown: as many as keep the chart low enough to be read on a page, within these."""
_TALLEST_IN = 9.8  # of the body: with header and note it then fills an upright page at the width of the text
_COLUMNS, _NAMES_IN, _LINE_IN, _TOLD_FROM = 2, 3.6, 0.13, 0.1
_PANEL_IN, _BAR_IN = 0.85, 0.7  # what a line of panels takes besides its rows, and the colour bar


def numbers(study: "Study") -> pd.DataFrame:
    """Mean utilisation (share, NaN: nobody on duty) by scenario, pool and hour; pools never used are left out."""
    rows = rows_of(study, MEASURE).copy()
    rows[["pool", "hour"]] = [split_part(part) for part in rows["part"]] or None
    used = rows.groupby("pool", sort=False)["mean"].max()
    kept = rows[rows["pool"].isin(used[used > 0].index)].assign(hour=lambda table: table["hour"].astype(int))
    return kept[["scenario", "pool", "hour", "mean", "ci_low", "ci_high"]].reset_index(drop=True)


def draw(study: "Study", language: Language) -> Figure:
    """The figure: a heat map a scenario, pools down and hours across."""
    shown, title, names = numbers(study), TITLE.in_language(language), names_in(study, language)
    if shown.empty:
        return style.nothing_to_show(title, NOTHING.in_language(language))
    lines, _ = lines_of_panels(len(names), _COLUMNS)
    row_in = _row_in([labels.pool(key, language, study.features) for key in _busiest(shown, MOST)])
    pools = _busiest(shown, _most(lines, row_in))
    pool_labels = [labels.pool(key, language, study.features) for key in pools]
    note = labels.with_source(_note(len(pools), shown["pool"].nunique(), language), study, language)
    figure = style.page(lines * (_PANEL_IN + row_in * len(pools)) + _BAR_IN, title, finding(study, language), note)
    darkest = 100.0 if shown["mean"].max() > 0.5 else 50.0  # per cent
    axes = panels(figure, list(names.values()), _COLUMNS, style.WIDTH_IN - _NAMES_IN)
    for axis, name in zip(axes, names, strict=True):
        image = _heat_map(axis, shown[shown["scenario"] == name], pools, darkest)
        axis.set_xlabel(AXIS_X.in_language(language))
    name_rows(axes, pool_labels, _NAMES_IN)
    axes[0].set_ylim(len(pools) - 0.5, -0.5)
    bar = figure.colorbar(image, ax=axes, location="bottom", shrink=0.4, aspect=40, pad=0.03)
    bar.set_label(SCALE.in_language(language))
    return figure


def _row_in(pools: list[str]) -> float:
    """The height of a row that holds any of the pools' names."""
    lines = (style.wrap(label, _NAMES_IN, ROW_SIZE).count("\n") + 1 for label in pools)
    return _LINE_IN * max(lines) + 0.06


def _most(lines: int, row_in: float) -> int:
    """How many pools there is room for in each of so many lines of panels."""
    room_in = (_TALLEST_IN - _BAR_IN) / lines - _PANEL_IN
    return min(MOST, max(FEWEST, int(room_in / row_in)))


def _note(shown: int, used: int, language: Language) -> str:
    """How to read the chart, and how many pools are left out, if any."""
    note = NOTE.in_language(language)
    if shown == used:
        return note
    return f"{note}{' ' if language == 'en' else ''}{LEFT_OUT.in_language(language).format(all=used, shown=shown)}"


def _busiest(shown: pd.DataFrame, most: int) -> list[str]:
    """The `most` pools that are busiest, in the order of the process: first the busiest of each scenario, which the finding
    names, then those that are busiest in any hour of any scenario."""
    in_order = merged_order([list(dict.fromkeys(rows["pool"])) for _, rows in shown.groupby("scenario", sort=False)])
    ranked = shown.dropna(subset="mean").sort_values("mean", ascending=False, kind="stable")
    first = ranked.drop_duplicates("scenario")["pool"]
    kept = list(dict.fromkeys([*first, *ranked["pool"], *in_order]))[:most]
    return [pool for pool in in_order if pool in kept]


def _heat_map(axis: Axes, rows: pd.DataFrame, pools: list[str], darkest: float) -> Any:
    table = rows.pivot_table(index="pool", columns="hour", values="mean", dropna=False)
    busy = 100 * table.reindex(index=pools, columns=range(HOURS_A_DAY)).to_numpy(dtype=float)
    shades = matplotlib.colormaps["Greys"]
    image = axis.imshow(np.ma.masked_invalid(busy), cmap=shades, vmin=0, vmax=darkest, aspect="auto", interpolation="nearest")
    for pool, hour in np.argwhere(np.isnan(busy)):
        axis.plot(hour, pool, "x", color=style.RULE, markersize=3)
    for pool, hour in np.argwhere(busy >= 100 * _TOLD_FROM):
        axis.text(
            hour,
            pool,
            f"{busy[pool, hour]:.0f}",
            color=style.PAPER if busy[pool, hour] > 0.5 * darkest else style.INK,
            size=5.5 if busy[pool, hour] < 99.5 else 4.4,  # three digits
            ha="center",
            va="center",
        )
    axis.set_xticks(range(0, HOURS_A_DAY, 3), [f"{hour:02d}" for hour in range(0, HOURS_A_DAY, 3)])
    return image


def finding(study: "Study", language: Language) -> str:
    """A line a scenario: the busiest pool and its hour."""
    shown = numbers(study)
    if shown.empty:
        return NOTHING.in_language(language)
    names = names_in(study, language)
    return "\n".join(_finding(shown[shown["scenario"] == name], names[name], language, study.features) for name in names)


def _finding(rows: pd.DataFrame, name: str, language: Language, features: tuple[Feature, ...]) -> str:
    if rows["mean"].notna().sum() == 0:
        return f"{name}: {NOTHING.in_language(language)}"
    busiest = rows.sort_values("mean", ascending=False, kind="stable").iloc[0]
    hour = int(busiest["hour"])
    return FINDING.in_language(language).format(
        name=name,
        pool=labels.pool(str(busiest["pool"]), language, features),
        share=f"{busiest['mean']:.0%}",
        hour=f"{hour:02d}",
        next=f"{hour + 1:02d}",
    )


CHART = Chart("utilisation", TITLE, SHAPE, numbers, finding, draw)
