"""Chart: how the delay against plan is distributed, over all planned flights."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts import labels, style
from sim.charts.chart import Chart
from sim.charts.quantity import NOT_KNOWN
from sim.ground.arrays import Floats
from sim.ground.text import Language, Text
from sim.ground.units import UNIT_LABELS
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.study import Study

ON_TIME_MIN = 15.0
TITLE = Text("Delay against plan", "相對計劃的延誤", "相对计划的延误")
AXIS_X = Text(
    "delay of release against plan, at most (min)", "放行相對計劃的延誤，不超過（分鐘）", "放行相对计划的延误，不超过（分钟）"
)
AXIS_Y = Text("share of all planned flights (%)", "佔全部計劃航班（%）", "占全部计划航班（%）")
NOTE = Text(
    "Each line: mean over replications of the share of planned flights released with at most that delay; it ends at the share "
    "released within the range drawn. Band: {confidence}% interval over replications, point by point. Dotted: 15 min, the limit "
    "of on time.",
    "每條線：各次重複中，延誤不超過該值而放行的計劃航班比例的平均值；線的終點為圖示範圍內的放行比例。"
    "色帶：逐點的 {confidence}% 區間。點線：準點界限 15 分鐘。",
    "每条线：各次重复中，延误不超过该值而放行的计划航班比例的平均值；线的终点为图示范围内的放行比例。"
    "色带：逐点的 {confidence}% 区间。点线：准点界限 15 分钟。",
)
FINDING = Text(
    "{name}: {on_time} on time within 15 min, half released by {median}, {later} later than drawn, {never} never released",
    "{name}：{on_time} 於 15 分鐘內準點，半數的延誤不超過 {median}，{later} 遲於圖示範圍，{never} 未獲放行",
    "{name}：{on_time} 于 15 分钟内准点，半数的延误不超过 {median}，{later} 迟于图示范围，{never} 未获放行",
)
SHAPE = Text(
    "Line chart: a rising line a scenario, with a band; delay across, share of planned flights released up.",
    "折線圖：每個情景一條上升的線，附色帶；橫軸為延誤，縱軸為已放行的計劃航班比例。",
    "折线图：每个情景一条上升的线，附色带；横轴为延误，纵轴为已放行的计划航班比例。",
)
NOTHING = Text("No flight was planned in the window.", "觀察時段內沒有計劃航班。", "观察时段内没有计划航班。")
_POINTS = 161


def numbers(study: "Study") -> pd.DataFrame:
    """Per scenario and delay (minutes): mean share of planned flights released by then, and its interval."""
    from sim.statistics.intervals import estimate_mean

    flights = study.flights[study.flights["measured"]]
    grid_min = _grid_min(flights)
    tables = []
    for name in list(study.names):
        of_scenario = flights[flights["scenario"] == name]
        shares = _released_shares(of_scenario, grid_min)
        estimates = [estimate_mean(column, study.confidence) for column in shares.T]
        columns = {
            "scenario": name,
            "delay_min": grid_min,
            "released_share": [e.mean for e in estimates],
            "ci_low": [e.low for e in estimates],
            "ci_high": [e.high for e in estimates],
            "ever_released_share": of_scenario["delay_s"].notna().mean(),
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _grid_min(flights: pd.DataFrame) -> Floats:
    """Delays in minutes at which the shares are taken: from the earliest to well past most; the few far ones are told apart."""
    known = flights["delay_s"].dropna().to_numpy() / 60
    low, middle, high = np.quantile(known, [0.005, 0.75, 0.99]) if len(known) else (0.0, 0.0, 0.0)
    low, high = min(low, 0.0), max(min(high, 4 * middle), 4 * ON_TIME_MIN)
    return np.union1d(np.linspace(low, high, _POINTS), [ON_TIME_MIN])


def _released_shares(of_scenario: pd.DataFrame, grid_min: Floats) -> Floats:
    """Shape (r, points): by replication, the share of planned flights released with at most each delay."""
    shares = []
    for _, group in of_scenario.groupby("replication"):
        ordered = np.sort(group["delay_s"].dropna().to_numpy() / 60)
        shares.append(np.searchsorted(ordered, grid_min + 1e-9, side="right") / len(group))
    return np.array(shares) if shares else np.full((1, len(grid_min)), np.nan)


def draw(study: "Study", language: Language) -> Figure:
    """The figure: a line a scenario, its band, and the share never released."""
    shown, names = numbers(study), names_in(study, language)
    title = TITLE.in_language(language)
    if not study.flights["measured"].any():
        return style.nothing_to_show(title, NOTHING.in_language(language))
    note = NOTE.in_language(language).format(confidence=labels.confidence(study))
    figure = style.page(4.6, title, _findings(study, shown, language), labels.with_source(note, study, language))
    axis = figure.subplots()
    for position, name in enumerate(names):
        _line(axis, position, names[name], shown[shown["scenario"] == name], len(names))
    axis.axvline(ON_TIME_MIN, color=style.SOFT_INK, linewidth=1, linestyle=":")
    axis.set_xlabel(AXIS_X.in_language(language))
    axis.set_ylabel(AXIS_Y.in_language(language))
    axis.set_ylim(0, 103)
    axis.set_xlim(shown["delay_min"].min(), shown["delay_min"].max())
    axis.grid(axis="both")
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), handlelength=3.2, labelspacing=0.9)
    return figure


def _line(axis: Axes, position: int, name: str, rows: pd.DataFrame, crowd: int) -> None:
    line = style.scenario_style(position)
    delay_min = rows["delay_min"].to_numpy()
    low, high = (np.clip(100 * rows[column].to_numpy(dtype=float), 0, 100) for column in ("ci_low", "ci_high"))
    axis.fill_between(delay_min, low, high, color=line.colour, alpha=0.15 if crowd <= 4 else 0.07, linewidth=0)
    axis.plot(
        delay_min,
        100 * rows["released_share"],
        color=line.colour,
        linestyle=line.dash,
        linewidth=1.7,
        marker=line.marker,
        markersize=5,
        markevery=(4 + 3 * position, 28),
        label=style.wrap(name, 2.0, 9),
    )


def finding(study: "Study", language: Language) -> str:
    """A line a scenario: on time, the median, and what was never released."""
    if not study.flights["measured"].any():
        return NOTHING.in_language(language)
    return _findings(study, numbers(study), language)


def _findings(study: "Study", shown: pd.DataFrame, language: Language) -> str:
    names = names_in(study, language)
    return "\n".join(_finding(shown[shown["scenario"] == name], names[name], language) for name in names)


def _finding(rows: pd.DataFrame, name: str, language: Language) -> str:
    delay_min, share = rows["delay_min"].to_numpy(), rows["released_share"].to_numpy(dtype=float)
    on_time = share[np.searchsorted(delay_min, ON_TIME_MIN)]
    by_half = np.flatnonzero(share >= 0.5)
    unit = UNIT_LABELS["min"].in_language(language)
    median = f"{delay_min[by_half[0]]:.0f} {unit}".replace("-", "\N{MINUS SIGN}") if len(by_half) else NOT_KNOWN
    ever = float(rows["ever_released_share"].iloc[0])
    return FINDING.in_language(language).format(
        name=name, on_time=f"{on_time:.0%}", median=median, later=f"{max(ever - share[-1], 0):.1%}", never=f"{1 - ever:.1%}"
    )


CHART = Chart("delay", TITLE, SHAPE, numbers, finding, draw)
